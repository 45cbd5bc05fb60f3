package engine

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/cookies"
)

// New returns a function that opens pages in browsers of the given profile, a
// browser for each page. Nil means the Fetch Standard's; the profile is not
// changed, and must not be while pages are open. The one that is called as
// WebKit's takes any certificate and trusts none, as MiniBrowser did when it was
// recorded.
//
// The function may be called concurrently. Its error wraps
// [errors.ErrUnsupported] for what package fetch lacks; any other is of a login
// that could not be visited.
func New(profile *fetch.Profile) conformance.NewClient {
	if profile == nil {
		profile = fetch.Standard()
	}
	return (&maker{
		profile: profile,
		over:    func(base *http.Transport) http.RoundTripper { return base },
		timeout: conformance.StepTimeout,
	}).open
}

// A maker opens pages.
type maker struct {
	profile *fetch.Profile
	over    func(*http.Transport) http.RoundTripper // what stands before the servers
	timeout time.Duration                           // of a step
}

func (m *maker) open(ctx context.Context, web *conformance.Web) (conformance.Client, error) {
	if reason := lacking(web.Scenario); reason != "" {
		return nil, unsupported(reason)
	}
	c := &client{
		web:     web,
		base:    web.Servers().Transport(),
		timeout: m.timeout,
		now:     time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC),
		pages:   make(map[string]*fetch.Transport),
	}
	c.life, c.end = context.WithCancel(context.WithoutCancel(ctx))
	if m.profile.Name == fetch.WebKit().Name {
		// MiniBrowser is told not to mind certificates. That is not to trust them.
		c.base.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	}
	c.browser = &fetch.Browser{
		Base:         m.over(c.base),
		Profile:      m.profile,
		Cookies:      new(cookies.Store),
		AddressSpace: addressSpaces(web.Servers()),
		Now:          func() time.Time { return c.now },
		Prompt:       c.prompt,
	}
	if m.profile.Name == fetch.Firefox().Name {
		// A headless Chromium refuses at once; Firefox waits.
		c.browser.AllowLocalNetwork = c.allowLocalNetwork
	}
	if err := errors.Join(c.visit(), c.login(ctx)); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// A client is a page in a browser of its own.
type client struct {
	web     *conformance.Web
	base    *http.Transport
	browser *fetch.Browser
	timeout time.Duration               // of a step
	now     time.Time                   // by the browser's clock
	pages   map[string]*fetch.Transport // by context
	console string                      // of the step
	asked   bool                        // the user has been, in the step that runs
	life    context.Context             // of the page
	end     context.CancelFunc          // of life
	beacons sync.WaitGroup              // that are on their way
}

// Close ends what is on its way, and the connections.
func (c *client) Close() error {
	c.end()
	c.beacons.Wait()
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
