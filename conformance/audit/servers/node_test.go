package servers

func expressSites() []site {
	return of("express", []site{
		{config: "default", about: "`cors()`", public: true},
		{config: "production", about: "a list of one origin, credentials, the methods and headers that are used", defects: []defect{
			{what: "strangers get Access-Control-Allow-Credentials, -Methods and -Headers without Access-Control-Allow-Origin", id: "F28"},
			{what: "every OPTIONS is taken for a preflight", id: "F43"},
		}},
		{config: "string", about: "an origin that is a string", defects: []defect{
			{what: "Vary is superfluous for a constant origin (#332)", why: "it costs some hits in caches, and no finding is about it but where the constant is `*`"},
		}},
		{config: "func", about: "a function that says no to strangers", defects: []defect{
			{what: "where the function says no the request goes on: preflights get 404, and nothing has Vary (#330)", id: "F48"},
		}},
		{config: "regexp-g", about: "a regular expression with the flag g", turns: "its pattern matches by turns", defects: []defect{
			{what: "a RegExp with the flag `g` allows and denies by turns (#220)", id: "F22"},
		}},
		{config: "any-header", about: "no `allowedHeaders`", defects: []defect{
			{what: "Access-Control-Request-Headers is reflected by default", id: "F44"},
		}},
	})
}

func fastifySites() []site {
	return of("fastify", []site{
		{config: "default", about: "`register(cors)`", public: true},
		{config: "production", about: "a list of one origin, credentials, the methods and headers that are used"},
		{config: "regexp-g", about: "a regular expression with the flag g", turns: "its pattern matches by turns", defects: []defect{
			{what: "a RegExp with the flag `g` allows and denies by turns (#151)", id: "F22"},
		}},
		{config: "any-header", about: "no `allowedHeaders`", defects: []defect{
			{what: "Access-Control-Request-Headers is reflected by default", id: "F44"},
		}},
	})
}
