package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/fetch"
)

// New returns a function that opens pages in browsers of the given profile, a
// browser for each page. Nil means the Fetch Standard's.
//
// The function may be called concurrently.
func New(profile *fetch.Profile) conformance.NewClient {
	return newOver(profile, func(base *http.Transport) http.RoundTripper { return base })
}

// newOver is New with something between the browser and the servers.
func newOver(profile *fetch.Profile, over func(*http.Transport) http.RoundTripper) conformance.NewClient {
	if profile == nil {
		profile = fetch.Standard()
	}
	return func(_ context.Context, web *conformance.Web) (conformance.Client, error) {
		if reason := lacking(web); reason != "" {
			return nil, unsupported(reason)
		}
		jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
		if err != nil {
			return nil, err
		}
		c := &client{
			web:   web,
			now:   time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC),
			pages: make(map[string]*fetch.Transport),
		}
		c.base = web.Servers().Transport()
		c.browser = &fetch.Browser{Base: over(c.base), Profile: profile, Jar: jar, Now: func() time.Time { return c.now }}
		return c, c.visit()
	}
}

// A client is a page in a browser of its own.
type client struct {
	web     *conformance.Web
	base    *http.Transport
	browser *fetch.Browser
	now     time.Time                   // by the browser's clock
	pages   map[string]*fetch.Transport // by context
}

// visit stores the cookies of the visits before the page opens.
func (c *client) visit() error {
	cookies := c.web.Scenario.Cookies
	aliases := make([]string, 0, len(cookies))
	for alias := range cookies {
		aliases = append(aliases, alias)
	}
	slices.Sort(aliases)
	for _, alias := range aliases {
		for _, line := range cookies[alias] {
			if err := c.setCookie(c.web.Origin(alias)+"/", line); err != nil {
				return err
			}
		}
	}
	return nil
}

// setCookie stores what a Set-Cookie line from a URL says.
func (c *client) setCookie(from, line string) error {
	u, err := url.Parse(from)
	if err != nil {
		return err
	}
	cookie, err := http.ParseSetCookie(conformance.IsomorphicEncode(c.web.Resolve(line)))
	if err != nil {
		return unsupported(fmt.Sprintf("a cookie that net/http does not read: %v", err))
	}
	c.browser.Jar.SetCookies(u, []*http.Cookie{cookie})
	return nil
}

// Close ends the connections.
func (c *client) Close() error {
	c.browser.CloseIdleConnections()
	c.base.CloseIdleConnections()
	return nil
}

// page returns what runs the steps of a context.
func (c *client) page(context string) *fetch.Transport {
	p := c.pages[context]
	if p == nil {
		p = c.open(context)
		c.pages[context] = p
	}
	return p
}

// An unsupported is what a scenario needs and package fetch lacks. It is
// [errors.ErrUnsupported], which skips the scenario.
type unsupported string

func (u unsupported) Error() string { return string(u) }

func (u unsupported) Is(target error) bool { return target == errors.ErrUnsupported }
