package fetch_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// TestResourcePolicy is Cross-Origin-Resource-Policy and the page's embedder
// policy.
func TestResourcePolicy(t *testing.T) {
	noCORS := fetch.Init{Mode: fetch.ModeNoCORS}
	for _, c := range []struct {
		name     string
		page     string // A unless it says
		embedder fetch.EmbedderPolicy
		url      string
		init     fetch.Init
		headers  []string
		profile  *fetch.Profile
		want     fetch.Reason
	}{
		{name: "BLK-006 same-origin, another site", url: B, headers: []string{"Cross-Origin-Resource-Policy: same-origin"}, want: fetch.ErrCorpNotSameOrigin},
		{name: "BLK-006 same-origin, the same site", url: A2, headers: []string{"Cross-Origin-Resource-Policy: same-origin"}, want: fetch.ErrCorpNotSameOrigin},
		{name: "same-origin, the same origin", url: A, headers: []string{"Cross-Origin-Resource-Policy: same-origin"}},
		{name: "same-site, another site", url: B, headers: []string{"Cross-Origin-Resource-Policy: same-site"}, want: fetch.ErrCorpNotSameSite},
		{name: "BLK-007 same-site, the same site", url: A2, headers: []string{"Cross-Origin-Resource-Policy: same-site"}},
		{name: "BLK-008 same-site, https answers an http page", page: H, url: A2, headers: []string{"Cross-Origin-Resource-Policy: same-site"}, want: fetch.ErrCorpNotSameSite},
		{name: "same-site, http answers an http page", page: H, url: "http://x.a.test", headers: []string{"Cross-Origin-Resource-Policy: same-site"}},
		{name: "cross-origin", url: B, headers: []string{"Cross-Origin-Resource-Policy: cross-origin"}},
		{name: "BLK-009 wrong case", url: B, headers: []string{"Cross-Origin-Resource-Policy: Same-Origin"}},
		{name: "BLK-009 twice", url: B, headers: []string{"Cross-Origin-Resource-Policy: same-origin", "Cross-Origin-Resource-Policy: same-origin"}},
		{name: "BLK-010 with CORS it does not matter", url: B, init: fetch.Init{Mode: fetch.ModeCORS}, headers: []string{"Cross-Origin-Resource-Policy: same-origin", "Access-Control-Allow-Origin: *"}},
		{name: "BLK-011 require-corp, silence", embedder: fetch.EmbedderRequireCORP, url: B, want: fetch.ErrCorpNotSameOriginAfterDefaultedToSameOriginByCoep},
		{name: "BLK-011 require-corp, cross-origin", embedder: fetch.EmbedderRequireCORP, url: B, headers: []string{"Cross-Origin-Resource-Policy: cross-origin"}},
		{name: "BLK-011 require-corp, an unknown value is silence", embedder: fetch.EmbedderRequireCORP, url: B, headers: []string{"Cross-Origin-Resource-Policy: anyone"}, want: fetch.ErrCorpNotSameOriginAfterDefaultedToSameOriginByCoep},
		{name: "require-corp, an unknown value in Firefox", embedder: fetch.EmbedderRequireCORP, url: B, headers: []string{"Cross-Origin-Resource-Policy: anyone"}, profile: fetch.Firefox()},
		{name: "BLK-011 require-corp, same-site", embedder: fetch.EmbedderRequireCORP, url: A2, headers: []string{"Cross-Origin-Resource-Policy: same-site"}},
		{name: "BLK-012 credentialless, silence, no credentials", embedder: fetch.EmbedderCredentialless, url: B},
		{name: "BLK-012 credentialless takes the credentials away first", embedder: fetch.EmbedderCredentialless, url: B, init: fetch.Init{Mode: fetch.ModeNoCORS, Credentials: fetch.CredentialsInclude}},
		{name: "credentialless is unknown to WebKit", embedder: fetch.EmbedderCredentialless, url: B, profile: fetch.WebKit()},
		{name: "an opaque page is of no origin", page: "null", url: A, headers: []string{"Cross-Origin-Resource-Policy: same-origin"}, want: fetch.ErrCorpNotSameOrigin},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &web{servers: map[string]answer{c.url + "/x": {headers: c.headers}}}
			if c.page == "" {
				c.page = A
			}
			if c.init == (fetch.Init{}) {
				c.init = noCORS
			}
			p := page(t, w, c.page, c.profile)
			p.EmbedderPolicy = c.embedder
			resp, err := p.Fetch(t.Context(), &fetch.Request{URL: c.url + "/x", Init: c.init})
			if got := reason(t, err); got != c.want {
				t.Fatalf("reason %q (%v), want %q", got, err, c.want)
			}
			if err == nil {
				resp.Body.Close()
			}
			if got := w.methods(); got != "GET" {
				t.Errorf("on the wire %q, want GET", got)
			}
		})
	}
}

// TestResourcePolicyOfRedirects: a redirect that the page may not have leads
// nowhere.
func TestResourcePolicyOfRedirects(t *testing.T) {
	w := &web{servers: map[string]answer{
		B + "/x": {status: 302, headers: []string{"Location: " + C + "/y", "Cross-Origin-Resource-Policy: same-origin"}},
		C + "/y": {},
	}}
	_, err := page(t, w, A, nil).Fetch(t.Context(), &fetch.Request{URL: B + "/x", Init: fetch.Init{Mode: fetch.ModeNoCORS}})
	if got := reason(t, err); got != fetch.ErrCorpNotSameOrigin {
		t.Errorf("RED-050: reason %q (%v), want %q", got, err, fetch.ErrCorpNotSameOrigin)
	}
	if got := w.methods(); got != "GET" {
		t.Errorf("RED-050: on the wire %q, want GET", got)
	}
}

// TestCredentialless is which requests a page with embedder policy
// "credentialless" sends cookies with.
func TestCredentialless(t *testing.T) {
	include := func(mode fetch.Mode) fetch.Init { return fetch.Init{Mode: mode, Credentials: fetch.CredentialsInclude} }
	for _, c := range []struct {
		name    string
		url     string
		init    fetch.Init
		profile *fetch.Profile
		want    []string // Cookie, per request
	}{
		{name: "CRD-011 no-cors, another origin", url: B + "/x", init: include(fetch.ModeNoCORS), want: []string{""}},
		{name: "CRD-011 in WebKit, which does not know it", url: B + "/x", init: include(fetch.ModeNoCORS), profile: fetch.WebKit(), want: []string{"b=1"}},
		{name: "CRD-012 no-cors, same origin", url: A + "/x", init: include(fetch.ModeNoCORS), want: []string{"a=1"}},
		{name: "CRD-012 no-cors, back on the same origin", url: B + "/back", init: include(fetch.ModeNoCORS), want: []string{"", ""}},
		{name: "CRD-013 cors, another origin", url: B + "/x", init: include(fetch.ModeCORS), want: []string{"b=1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			allow := []string{"Access-Control-Allow-Origin: " + A, "Access-Control-Allow-Credentials: true", "Cross-Origin-Resource-Policy: cross-origin"}
			w := &web{servers: map[string]answer{
				A + "/x":    {headers: allow},
				B + "/x":    {headers: allow},
				B + "/back": {status: 302, headers: append(allow, "Location: "+A+"/x")},
			}}
			p := &fetch.Transport{
				Origin:         origin.MustParse(A),
				EmbedderPolicy: fetch.EmbedderCredentialless,
				Browser:        &fetch.Browser{Base: w, Profile: c.profile, Jar: jarOf(t, map[string]string{A: "a=1", B: "b=1"})},
			}
			resp, err := p.Fetch(t.Context(), &fetch.Request{URL: c.url, Init: c.init})
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			var got []string
			for _, s := range w.take() {
				got = append(got, s.header.Get("Cookie"))
			}
			if len(got) != len(c.want) {
				t.Fatalf("%d requests, want %d", len(got), len(c.want))
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("Cookie of request %d is %q, want %q", i+1, got[i], c.want[i])
				}
			}
		})
	}
}
