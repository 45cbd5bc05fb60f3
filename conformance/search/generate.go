package search

import (
	"fmt"
	"iter"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// Generate composes scenarios 0 to n-1 of a seed.
func Generate(seed uint64, n int) iter.Seq[*conformance.Scenario] {
	return generate(seed, n, Nth)
}

// generate composes scenarios 0 to n-1 of a seed with nth.
func generate(seed uint64, n int, nth func(uint64, int) *conformance.Scenario) iter.Seq[*conformance.Scenario] {
	return func(yield func(*conformance.Scenario) bool) {
		for i := range n {
			if !yield(nth(seed, i)) {
				return
			}
		}
	}
}

// Nth composes scenario n of a seed.
func Nth(seed uint64, n int) *conformance.Scenario {
	c := &composer{dice: newDice(seed, n), s: &conformance.Scenario{
		ID:     fmt.Sprintf("gen-%d-%d", seed, n),
		Server: make(map[string][]conformance.Rule),
	}}
	c.page()
	c.cookies()
	c.steps()
	if c.percent(1) {
		c.hangUp()
	}
	c.dice = newDice(^seed, n) // what is not twisted stays what it would be
	c.twist()
	return c.s
}

// A composer makes up one scenario.
type composer struct {
	dice
	s *conformance.Scenario

	family bool // there are cookies, so everything stays on the page's site
	many   bool // there is more than one request
	opaque bool // the page's origin is
	https  bool // so is the page
}

// page decides where the steps run.
func (c *composer) page() {
	c.s.Page.Origin = draw(c.dice, []choice[string]{{82, "A"}, {12, "AS"}, {3, "SA"}, {3, "B"}})
	c.https = c.s.Page.Origin == "AS"
	other, sister := "B", "SA"
	if c.https {
		other, sister = "BS", "SAS"
	}
	c.s.Page.Context = draw(c.dice, []choice[string]{
		{62, ""}, {12, "worker"}, {7, "sandbox"}, {5, "data"}, {8, "frame:" + other}, {3, "frame:" + sister},
	})
	c.opaque = c.s.Page.Context == "sandbox" || c.s.Page.Context == "data"
	if c.percent(6) {
		c.s.Page.Headers = []string{"Referrer-Policy: " + of(c.dice, referrerPolicies...)}
	}
}

// cookies decides whether there are any: on the page's own site, of a page that
// is first party.
func (c *composer) cookies() {
	isFirstParty := c.s.Page.Context == "" || c.s.Page.Context == "worker"
	c.family = c.s.Page.Origin == "A" && isFirstParty && c.percent(25)
	if !c.family {
		return
	}
	c.s.Cookies = map[string][]string{"A": {of(c.dice, cookies...)}}
	if c.percent(40) {
		c.s.Cookies["SA"] = []string{of(c.dice, cookies...)}
	}
}

var cookies = []string{"k=v", "k=v; HttpOnly", "k=v; Path=/x", "k=v; SameSite=Lax", "k=v; SameSite=Strict", "k=v; Max-Age=600", "k="}

// alias returns an origin for a request to go to.
func (c *composer) alias() string {
	switch {
	case c.family:
		return draw(c.dice, []choice[string]{{25, "A"}, {45, "A2"}, {30, "SA"}})
	case c.https:
		return draw(c.dice, []choice[string]{{15, "AS"}, {8, "AS2"}, {45, "BS"}, {12, "CS"}, {12, "B"}, {8, "A"}})
	default:
		return draw(c.dice, []choice[string]{{15, "A"}, {8, "A2"}, {8, "SA"}, {40, "B"}, {13, "C"}, {10, "BS"}, {6, "AS"}})
	}
}

// steps makes up the requests and the servers that they meet.
func (c *composer) steps() {
	kind := draw(c.dice, []choice[string]{{55, "one"}, {33, "again"}, {12, "two"}})
	c.many = kind != "one"
	first := c.request(c.alias() + "/x")
	c.chain(first)
	c.s.Steps = []conformance.Step{*first}
	switch kind {
	case "again":
		if c.percent(4) {
			c.s.Steps = append(c.s.Steps, conformance.Step{Sleep: 1200})
		}
		c.s.Steps = append(c.s.Steps, c.again(first))
		if len(c.s.Steps) < 3 && c.percent(25) {
			c.s.Steps = append(c.s.Steps, c.again(first))
		}
	case "two":
		second := c.request(c.alias() + "/z")
		c.chain(second)
		c.s.Steps = append(c.s.Steps, *second)
	}
	if c.family && c.percent(8) {
		c.s.Steps = append([]conformance.Step{{Cookie: of(c.dice, "d=1", "d=1; Path=/x", "k=w"), In: "top"}}, c.s.Steps[:min(len(c.s.Steps), 2)]...)
	}
}

// hangUp has the first place that is asked close the connection, unless there
// may be one already: clients retry on those that were in use.
func (c *composer) hangUp() {
	place, _, _ := strings.Cut(c.s.Steps[0].Fetch, "?")
	place, _, _ = strings.Cut(place, "#")
	if !strings.HasPrefix(place, "C") {
		return
	}
	c.s.Steps = c.s.Steps[:1]
	for i := range c.s.Server[place] {
		c.s.Server[place][i].Hangup = true
	}
}

// again returns a request with something changed, or nothing.
func (c *composer) again(first *conformance.Step) conformance.Step {
	s := cloneStep(first)
	switch draw(c.dice, []choice[string]{{30, "same"}, {18, "headers"}, {15, "method"}, {17, "credentials"}, {10, "query"}, {5, "fragment"}, {5, "cache"}}) {
	case "headers":
		s.Headers = c.headers(&s)
	case "method":
		c.method(&s)
		s.Keepalive = s.Keepalive && s.Body == nil
		if s.BodyType == "formdata" {
			s.Headers = nil
		}
	case "credentials":
		s.Credentials = of(c.dice, "", "same-origin", "include", "omit")
	case "query":
		s.Fetch += "?" + of(c.dice, "1", "2")
	case "fragment":
		s.Fetch += "#" + of(c.dice, "f", "g")
	case "cache":
		s.Cache = of(c.dice, "no-store", "reload", "no-cache")
	}
	return s
}
