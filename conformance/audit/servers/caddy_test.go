package servers

func caddySites() []site {
	return of("Caddy", []site{
		{config: "default", about: "no CORS", public: true},
		{config: "production", want: "F29", about: "matchers for the origin and for preflights"},
		{config: "header", want: "F42 F51 F66", about: "a plain `header` before a `respond`", public: true, trusted: []string{app},
			defects: []defect{{what: "a plain `header` block has OPTIONS answered with the body (#749)", id: "F42"}}},
		{config: "inside-auth", want: "F29 F33 F66", about: "`basicauth` and then the same",
			defects: []defect{{what: "`basicauth` comes first: preflights are answered with 401 (#1568)", id: "F33"}}},
		{config: "twice", want: "F56", about: "`header` and an application with headers of its own", public: true, trusted: []string{app},
			defects: []defect{{what: "the headers of `reverse_proxy`'s application come besides one's own", id: "F56"}}},
	})
}
