package engine

import (
	"maps"
	"slices"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// visit stores the cookies of the visits before the page opens.
func (c *client) visit() error {
	values := c.web.Scenario.Cookies
	for _, alias := range slices.Sorted(maps.Keys(values)) {
		u, err := weburl.Parse(c.web.Origin(alias)+"/", nil)
		if err != nil {
			return err
		}
		typed := cookies.Request{URLs: []*weburl.URL{u}, Origin: origin.FromURL(u), TopLevelNavigation: true}
		c.store(typed, values[alias])
	}
	return nil
}

// assignCookie does what document.cookie = s.Cookie does.
//
// https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie
func (c *client) assignCookie(s *conformance.Step) (conformance.Outcome, error) {
	page := c.page(c.web.Scenario.Context(s))
	if page.Origin.IsOpaque() {
		return conformance.Outcome{Outcome: "rejected", Error: "SecurityError"}, nil
	}
	u, err := weburl.Parse(page.Referrer, nil)
	if err != nil {
		return conformance.Outcome{}, err
	}
	script := cookies.Request{URLs: []*weburl.URL{u}, Origin: page.Origin, TopLevel: page.TopLevel, Script: true}
	c.store(script, []string{s.Cookie})
	return conformance.Outcome{Outcome: "done"}, nil
}

// store stores Set-Cookie values of the scenario.
func (c *client) store(r cookies.Request, values []string) {
	lines := make([]string, len(values))
	for i, value := range values {
		lines[i] = conformance.IsomorphicEncode(c.web.Resolve(value))
	}
	c.browser.Cookies.SetCookies(r, lines, c.browser.Profile.Cookies, c.now)
}
