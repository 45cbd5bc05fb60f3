package servers

func expressSites() []site {
	return of("express", []site{
		{config: "default", want: "F43 F46 F51", about: "`cors()`", public: true},
		{config: "production", want: "F28 F29 F43", about: "a list of one origin, credentials, the methods and headers that are used", defects: []defect{
			{what: "strangers get Access-Control-Allow-Credentials, -Methods and -Headers without Access-Control-Allow-Origin", id: "F28"},
			{what: "every OPTIONS is taken for a preflight", id: "F43"},
		}},
		{config: "string", want: "F29 F43", about: "an origin that is a string", defects: []defect{
			{what: "Vary is superfluous for a constant origin (#332)", why: "it costs some hits in caches, and no finding is about it but where the constant is `*`"},
		}},
		{config: "func", want: "F29 F43 F48", about: "a function that says no to strangers", defects: []defect{
			{what: "where the function says no the request goes on: preflights get 404, and nothing has Vary (#330)", id: "F48"},
		}},
		{config: "regexp-g", want: "F22 F28 F29 F43", about: "a regular expression with the flag g", turns: "its pattern matches by turns", defects: []defect{
			{what: "a RegExp with the flag `g` allows and denies by turns (#220)", id: "F22"},
		}},
		{config: "any-header", want: "F28 F29 F43 F46", about: "no `allowedHeaders`", defects: []defect{
			{what: "Access-Control-Request-Headers is reflected by default", id: "F46"},
		}},
	})
}

func fastifySites() []site {
	return of("fastify", []site{
		{config: "default", want: "F46 F51", about: "`register(cors)`", public: true},
		{config: "production", want: "F28 F29", about: "a list of one origin, credentials, the methods and headers that are used"},
		{config: "regexp-g", want: "F28 F29", about: "a regular expression with the flag g", defects: []defect{
			{what: "a RegExp with the flag `g` allows and denies by turns (#151)", why: "it is mended in this version, which begins anew each time"},
		}},
		{config: "any-header", want: "F28 F29 F46", about: "no `allowedHeaders`", defects: []defect{
			{what: "Access-Control-Request-Headers is reflected by default", id: "F46"},
		}},
	})
}
