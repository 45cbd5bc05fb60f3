package fetchtest

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/fetch/initiator"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// Servers are the servers of a [Web], by origin as a browser writes it:
// "https://api.example", "http://localhost:8080". Any other host does not exist,
// and at any other port of a host nobody listens.
type Servers map[string]http.Handler

// A Web is servers in memory, and a browser that goes there. All pages of a Web
// are in that browser and share its cookies and its preflight cache.
//
// All methods may be called concurrently.
type Web struct {
	// Browser is the browser. Its fields may be set until a page first fetches;
	// those that [New] sets are Base, Cookies and Now, the clock of the Web.
	Browser *fetch.Browser

	hosts *hosts

	mu  sync.Mutex
	now time.Time
	log []Exchange // that are part of no Result
}

// New returns a web of servers. It panics if a key of servers is not an origin.
// The clock begins with the present time, and stands still; see [Web.Advance].
func New(servers Servers) *Web {
	h := &hosts{servers: servers, names: make(map[string]bool)}
	for key := range servers {
		if o, err := origin.Parse(key); err != nil || o.String() != key || o.Scheme() != "http" && o.Scheme() != "https" {
			panic(fmt.Sprintf(`fetchtest: %q is not the origin of a server, such as "https://api.example"`, key))
		}
		h.names[hostname(key)] = true
	}
	return h.web()
}

// Over returns a web whose servers are not in memory: base reaches them, for tests
// of what listens. An [*http.Transport] is cloned, without the gzip that net/http
// adds by itself. The clock is that of all webs, and moves only when told: nothing
// grows old while a server takes its time.
func Over(base http.RoundTripper) *Web {
	if t, ok := base.(*http.Transport); ok {
		t = t.Clone()
		t.DisableCompression = true
		base = t
	}
	return (&hosts{base: base}).web()
}

// web opens the hosts.
func (h *hosts) web() *Web {
	h.open, h.shut = context.WithCancelCause(context.Background())
	return newWeb(h, time.Now(), nil)
}

func newWeb(h *hosts, now time.Time, profile *fetch.Profile) *Web {
	w := &Web{hosts: h, now: now}
	w.Browser = &fetch.Browser{Base: (*network)(w), Profile: profile, Cookies: new(cookies.Store), Now: w.Now}
	return w
}

// Fresh returns a web of the same servers with a browser of its own: of the same
// Profile, with no cookies, no preflights, and the same time on its clock. Closing
// either closes both.
func (w *Web) Fresh() *Web { return newWeb(w.hosts, w.Now(), w.Browser.Profile) }

// hostname is the host of an origin without its port.
func hostname(serialized string) string {
	u, err := weburl.Parse(serialized, nil)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Close cancels the contexts of all requests that are still being served, and
// waits until their handlers have returned. After it no server answers. A web on
// which no handler runs any more need not be closed. One of [Over] closes the
// connections that are idle.
func (w *Web) Close() { w.hosts.close() }

// Now is the time by the web's clock.
func (w *Web) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Advance moves the clock, by which cookies and preflights expire. Nothing else
// moves it. In a bubble of testing/synctest one may set Browser.Now to time.Now
// instead, so that time.Sleep does.
func (w *Web) Advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// Page returns a page with the given URL, in a tab of its own. "null" is a page
// with an opaque origin, such as a sandboxed frame's. It panics if pageURL is
// no URL. There need be no server: the page is there, whatever it came from.
func (w *Web) Page(pageURL string) *Page {
	if pageURL == "null" {
		return &Page{Transport: &fetch.Transport{Browser: w.Browser}, web: w}
	}
	t, err := w.Browser.Page(pageURL)
	if err != nil {
		panic("fetchtest: " + err.Error())
	}
	return &Page{Transport: t, web: w}
}

// Visit goes to a URL as a user does who types it, and keeps the cookies that
// come. It follows redirects.
func (w *Web) Visit(url string) Result {
	return w.Page(url).Load(context.Background(), initiator.Navigation(url))
}

// SetCookie puts cookies, as Set-Cookie headers have them, where a visit to url
// would. It panics if url is no URL; a cookie that the browser does not take
// there is none.
func (w *Web) SetCookie(url string, headers ...string) {
	u, err := weburl.Parse(url, nil)
	if err != nil {
		panic("fetchtest: " + err.Error())
	}
	profile := w.Browser.Profile
	if profile == nil {
		profile = fetch.Standard()
	}
	visit := cookies.Request{URLs: []*weburl.URL{u}, Origin: origin.FromURL(u), TopLevelNavigation: true}
	w.Browser.Cookies.SetCookies(visit, headers, profile.Cookies, w.Browser.Now())
}

// Wire returns, in order, the exchanges that are part of no [Result], such as
// those of an [http.Client] on a page's Transport, since it was last called.
func (w *Web) Wire() []Exchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	log := w.log
	w.log = nil
	return log
}
