package servers

func nginxSites() []site {
	return of("nginx", []site{
		{config: "default", about: "no CORS", public: true},
		{config: "production", about: "a `map` of origins, `always`, preflights answered before the application"},
		{config: "tutorial", about: "`*` as tutorials have it, with an `if` for OPTIONS, without `always`", public: true, trusted: []string{app},
			defects: []defect{{what: "`add_header` without `always`: nothing on 4xx and 5xx", id: "F60"}}},
		{config: "if-drops", about: "headers in the location, and others in an `if` for OPTIONS",
			defects: []defect{{what: "an `if` with an `add_header` of its own drops those outside, so that the 204 has no Access-Control-Allow-Origin", id: "F34"}}},
		{config: "pattern", about: "`if ($http_origin ~* (https?://(www\\.)?app\\.example|https?://localhost))`, credentials",
			pages:   []string{"https://app.example.evil.test"},
			defects: []defect{{what: "the copied pattern is not anchored: https://x.example.com.evil.net reads with credentials", id: "F06"}}},
		{config: "subdomains", about: "`if ($http_origin ~* (.*\\.shop\\.example))`, credentials", trusted: []string{"https://www.shop.example"},
			pages:   []string{"https://www.shop.example", "https://www.shop.example.evil.test"},
			defects: []defect{{what: "`(.*\\.example.com)` is not anchored either", id: "F06"}}},
		{config: "list", about: "two origins in one header", defects: []defect{{what: "a list of origins, separated by a comma, is blocked", id: "F56"}}},
		{config: "literal-wildcard", about: "`https://*.example`", defects: []defect{{what: "a literal `https://*.example.com` is blocked", id: "F58"}}},
		{config: "twice", about: "`*` by nginx and by the application", public: true, trusted: []string{app},
			defects: []defect{{what: "two layers: `*, *` is blocked", id: "F56"}}},
	})
}
