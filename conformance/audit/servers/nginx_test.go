package servers

func nginxSites() []site {
	return of("nginx", []site{
		{config: "default", about: "no CORS", public: true},
		{config: "production", want: "F28 F29 F43 F72", about: "a `map` of origins, `always`, preflights answered before the application"},
		{config: "tutorial", want: "F45 F52 F60 F66", about: "`*` as tutorials have it, with an `if` for OPTIONS, without `always`", public: true, trusted: []string{app},
			defects: []defect{{what: "`add_header` without `always`: nothing on 4xx and 5xx", id: "F60"}}},
		{config: "if-drops", want: "F28 F29 F34 F64", about: "headers in the location, and others in an `if` for OPTIONS",
			defects: []defect{{what: "an `if` with an `add_header` of its own drops those outside, so that the 204 has no Access-Control-Allow-Origin", id: "F34"}}},
		{config: "pattern", want: "F06 F12 F13 F15 F16 F29 F34 F47 F64 F66", about: "`if ($http_origin ~* (https?://(www\\.)?app\\.example|https?://localhost))`, credentials",
			pages:   []string{"https://app.example.evil.test"},
			defects: []defect{{what: "the copied pattern is not anchored: https://x.example.com.evil.net reads with credentials", id: "F06"}}},
		{config: "subdomains", want: "F07 F11 F12 F13 F28 F29 F34 F64", about: "`if ($http_origin ~* (.*\\.shop\\.example))`, credentials", trusted: []string{"https://www.shop.example"},
			pages:   []string{"https://www.shop.example", "https://www.shop.example.evil.test"},
			defects: []defect{{what: "`(.*\\.example.com)` is not anchored either", id: "F07"}}},
		{config: "list", want: "F56", about: "two origins in one header", defects: []defect{{what: "a list of origins, separated by a comma, is blocked", id: "F56"}}},
		{config: "literal-wildcard", want: "F58", about: "`https://*.example`", defects: []defect{{what: "a literal `https://*.example.com` is blocked", id: "F58"}}},
		{config: "twice", want: "F56", about: "`*` by nginx and by the application", public: true, trusted: []string{app},
			defects: []defect{{what: "two layers: `*, *` is blocked", id: "F56"}}},
	})
}
