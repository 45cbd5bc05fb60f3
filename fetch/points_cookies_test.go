package fetch_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// visited returns a store with the cookies that a visit to site has set.
func visited(site string, profile *fetch.Profile, lines ...string) *cookies.Store {
	store := new(cookies.Store)
	u := weburl.MustParse(site + "/")
	o := origin.FromURL(u)
	r := cookies.Request{URLs: []*weburl.URL{u}, Origin: o, TopLevel: o, Method: "GET", TopLevelNavigation: true}
	store.SetCookies(r, lines, profile.Cookies, newClock().t)
	return store
}

// TestSameSite is which cookies a page's include fetch carries, by their
// SameSite attribute and by whose they are.
func TestSameSite(t *testing.T) {
	lines := []string{"none=1; SameSite=None; Secure", "lax=1; SameSite=Lax", "strict=1; SameSite=Strict", "plain=1"}
	for _, c := range []struct {
		name    string
		profile *fetch.Profile
		site    string
		url     string
		back    bool // B redirects to the site
		want    string
	}{
		{"CRD-008 CRD-009 another site", fetch.Standard(), B, B + "/x", false, "none=1"},
		{"CRD-010 the same site, another origin", fetch.Standard(), A2, A2 + "/x", false, "none=1; lax=1; strict=1; plain=1"},
		{"the same origin", fetch.Standard(), A, A + "/x", false, "none=1; lax=1; strict=1; plain=1"},
		{"back from another site", fetch.Standard(), A, B + "/back", true, "none=1"},
		{"another site, Chromium", fetch.Chromium(), B, B + "/x", false, "none=1"},
		{"another site, Firefox: in a jar of its own", fetch.Firefox(), B, B + "/x", false, ""},
		{"another site, WebKit: unset is None", fetch.WebKit(), B, B + "/x", false, "none=1; plain=1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			allow := []string{"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Credentials: true"}
			w := &web{servers: map[string]answer{
				c.site + "/x": {headers: allow},
				B + "/back":   {status: 302, headers: append(allow, "Location: "+c.site+"/x")},
			}}
			now := newClock()
			p := &fetch.Transport{
				Origin:  origin.MustParse(A),
				Browser: &fetch.Browser{Base: w, Profile: c.profile, Cookies: visited(c.site, c.profile, lines...), Now: now.now},
			}
			now.forward(1e9)
			resp, err := p.Fetch(t.Context(), &fetch.Request{URL: c.url, Init: fetch.Init{Credentials: fetch.CredentialsInclude}})
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			wire := w.take()
			if got := wire[len(wire)-1].header.Get("Cookie"); got != c.want {
				t.Errorf("Cookie is %q, want %q", got, c.want)
			}
		})
	}
}

// TestCookiesOfItsOwn: a Browser without Cookies and Jar keeps cookies as one
// that was just installed does, and forgets none between its pages.
func TestCookiesOfItsOwn(t *testing.T) {
	w := &web{servers: map[string]answer{
		A + "/login": {headers: []string{"Set-Cookie: session=7; HttpOnly; Path=/"}},
		A + "/x":     {},
	}}
	browser := &fetch.Browser{Base: w}
	for _, path := range []string{"/login", "/x"} {
		page, err := browser.Page(A + "/")
		if err != nil {
			t.Fatal(err)
		}
		resp, err := page.Fetch(t.Context(), &fetch.Request{URL: path})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if got := w.take()[1].header.Get("Cookie"); got != "session=7" {
		t.Errorf("Cookie is %q, want session=7", got)
	}
}
