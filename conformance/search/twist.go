package search

import (
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// twist gives some scenarios what few need: hosts that are not potentially
// trustworthy, embedder policies, cookies of other sites, odd values.
func (c *composer) twist() {
	if !c.percent(20) {
		return
	}
	twist := draw(c.dice, []choice[func(*composer)]{
		{40, (*composer).moveHosts},
		{25, (*composer).restrictResources},
		{15, (*composer).addThirdParty},
		{20, (*composer).oddValues},
	})
	twist(c)
}

// moveHosts puts hosts below .test, and the address, in place of others. The
// address has no cookies, as it is the same in all scenarios.
func (c *composer) moveHosts() {
	pairs := [][2]string{{"B", "X"}, {"C", "X"}, {"BS", "YS"}, {"CS", "YS"}}
	if c.s.Page.Origin == "A" {
		pairs = append(pairs, [2]string{"A", "X"}, [2]string{"A", "X"})
	}
	if !c.family {
		pairs = append(pairs, [2]string{"C", "IP"}, [2]string{"B", "IP"}, [2]string{"A", "IP"})
	}
	for range draw(c.dice, []choice[int]{{60, 1}, {30, 2}, {10, 3}}) {
		pair := of(c.dice, pairs...)
		renameAlias(c.s, pair[0], pair[1])
	}
}

// restrictResources has answers say who may embed them, and the page that it
// wants to know.
func (c *composer) restrictResources() {
	if c.percent(50) {
		c.s.Page.Headers = append(c.s.Page.Headers, "Cross-Origin-Embedder-Policy: "+of(c.dice, "require-corp", "credentialless", "require-corp; report-to=\"x\"", "unsafe-none", "credentialless, x"))
	}
	for i := range c.s.Steps {
		s := &c.s.Steps[i]
		if s.Fetch == "" || c.percent(25) {
			continue
		}
		s.Mode, s.Redirect = "no-cors", ""
		if !slices.Contains([]string{"", "GET", "get", "HEAD", "head", "POST", "post"}, s.Method) {
			s.Method = "POST"
		}
	}
	for _, place := range sortedKeys(c.s.Server) {
		for i := range c.s.Server[place] {
			if c.percent(60) {
				r := &c.s.Server[place][i]
				r.Headers = append(r.Headers, "Cross-Origin-Resource-Policy: "+of(c.dice, "same-origin", "same-site", "cross-origin", "cross-origin", "Same-Origin", "x", "", "same-origin, cross-origin"))
			}
		}
	}
}

// addThirdParty gives another site cookies, and has requests include them.
func (c *composer) addThirdParty() {
	if c.s.Cookies == nil {
		c.s.Cookies = make(map[string][]string)
	}
	alias := "B"
	if c.https || c.percent(30) {
		alias = "BS"
	}
	c.s.Cookies[alias] = []string{"k=v" + of(c.dice, "", "; SameSite=None", "; SameSite=None; Secure", "; SameSite=None; Secure", "; SameSite=Lax", "; SameSite=Strict", "; Secure", "; SameSite=x")}
	for i := range c.s.Steps {
		if s := &c.s.Steps[i]; s.Fetch != "" && c.percent(70) {
			s.Credentials = "include"
		}
	}
}

// oddValues changes the first request.
func (c *composer) oddValues() {
	i := slices.IndexFunc(c.s.Steps, func(s conformance.Step) bool { return s.Fetch != "" })
	s := &c.s.Steps[i]
	switch of(c.dice, "query", "type", "referrer", "policy") {
	case "query":
		s.Fetch, _, _ = strings.Cut(s.Fetch, "#")
		s.Fetch, _, _ = strings.Cut(s.Fetch, "?")
		s.Fetch += "?" + of(c.dice, "a|b", "%41", "%c3%a9", "[{^}]", "`", "a\\b", "\u20ac", "?", "%", " a ", "%00", "+")
	case "type":
		if s.BodyType != "formdata" {
			s.Headers = []string{"Content-Type: " + of(c.dice, "text/plain;;;", "text/plain; charset", "text/plain;charset=;", "text/plain;=", "text/plain; ;", " text/plain", "text/plain;a=b;A=c", "text/plain;\"a\"=b")}
		}
	case "referrer":
		s.Referrer = new(of(c.dice, "SA/r?q#f", "A2/r", "A/"+strings.Repeat("r", 4096), "C/r", "data:,x", "about:blank"))
		s.ReferrerPolicy = of(c.dice, referrerPolicies...)
	case "policy":
		c.s.Page.Headers = append(c.s.Page.Headers, "Referrer-Policy: "+of(c.dice, "unsafe-url, x", "x", "no-referrer, origin", "ORIGIN", ",", "never", "default"))
	}
}
