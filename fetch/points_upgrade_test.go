package fetch_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/hsts"
	"github.com/corsfetch/corsfetch/fetch/initiator"
)

const sts = "Strict-Transport-Security: max-age=1000"

// requested are requests as "GET https://a.test/".
func requested(wire []sent) string {
	var all []string
	for _, s := range wire {
		all = append(all, s.method+" "+s.url)
	}
	return strings.Join(all, ", ")
}

// TestHSTS: a host that has asked for https. HST-001, HST-002, HST-003, HST-004,
// HST-005.
//
// https://fetch.spec.whatwg.org/#concept-main-fetch
func TestHSTS(t *testing.T) {
	const (
		HB  = "http://b.test"
		HB2 = "http://x.b.test"
	)
	open := answer{headers: []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT"}}
	tests := []struct {
		name    string
		page    string
		profile *fetch.Profile
		sets    string // the header of B/set; "" is sts
		call    call
		want    string
		url     string // of the response
		wire    string
	}{
		{name: "HST-001 upgraded", call: call{url: HB + "/x"}, want: "cors 200", url: B + "/x", wire: "GET " + B + "/x"},
		{name: "HST-001 a preflight too", call: call{method: "PUT", url: HB + "/x"}, want: "cors 200", url: B + "/x", wire: "OPTIONS " + B + "/x, PUT " + B + "/x"},
		{name: "HST-001 no redirect", call: call{url: HB + "/x", init: fetch.Init{Redirect: fetch.RedirectError}}, want: "cors 200", url: B + "/x", wire: "GET " + B + "/x"},
		{name: "HST-001 a redirect there", call: call{url: H + "/r"}, want: "cors 200", url: B + "/x", wire: "GET " + H + "/r, GET " + B + "/x"},
		{name: "HST-002 below, without includeSubDomains", call: call{url: HB2 + "/x"}, want: "cors 200", url: HB2 + "/x", wire: "GET " + HB2 + "/x"},
		{name: "HST-002 below", sets: sts + "; includeSubDomains", call: call{url: HB2 + "/x"}, want: "cors 200", url: B2 + "/x", wire: "GET " + B2 + "/x"},
		{name: "HST-004 mixed content first", page: C, call: call{url: HB + "/x"}, want: "MixedContent"},
		{name: "HST-005 the page's own host", page: HB, call: call{url: HB + "/x"}, want: "cors 200", url: B + "/x", wire: "GET " + B + "/x"},
		{name: "HST-005 the page's own host, refused", page: HB, call: call{url: HB + "/y"}, want: "MissingAllowOriginHeader", wire: "GET " + B + "/y"},
		{name: "HST-005 the page's own host, mode same-origin", page: HB, call: call{url: HB + "/x", init: fetch.Init{Mode: fetch.ModeSameOrigin}}, want: "DisallowedByMode"},
		{name: "malformed", sets: sts + "; max-age=1", call: call{url: HB + "/x"}, want: "cors 200", url: HB + "/x", wire: "GET " + HB + "/x"},
		{name: "Chromium: a redirect", profile: fetch.Chromium(), call: call{url: HB + "/x"}, want: "cors 200", url: B + "/x", wire: "GET " + B + "/x"},
		{name: "Chromium: none allowed", profile: fetch.Chromium(), call: call{url: HB + "/x", init: fetch.Init{Redirect: fetch.RedirectError}}, want: "RedirectDisallowed"},
		{name: "Chromium: a preflight is not redirected", profile: fetch.Chromium(), call: call{method: "PUT", url: HB + "/x"}, want: "PreflightDisallowedRedirect"},
		{name: "Firefox: heard in tabs of its site alone", profile: fetch.Firefox(), call: call{url: HB + "/x"}, want: "cors 200", url: HB + "/x", wire: "GET " + HB + "/x"},
		{name: "Firefox: the page's own host", profile: fetch.Firefox(), page: HB, call: call{url: HB + "/x"}, want: "cors 200", url: B + "/x", wire: "GET " + B + "/x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sets, from := tt.sets, tt.page
			if sets == "" {
				sets = sts
			}
			if from == "" {
				from = H
			}
			w := &web{servers: map[string]answer{
				B + "/set": {headers: []string{sets}}, B + "/x": open, B + "/y": {}, HB + "/x": open, HB2 + "/x": open, B2 + "/x": open,
				H + "/r": redirectTo(302, HB+"/x"),
			}}
			p := page(t, w, from, tt.profile)
			call{url: B + "/set"}.fetch(t, t.Context(), p) // CORS refuses it, and it counts
			w.take()
			resp, err := p.Fetch(t.Context(), &fetch.Request{Method: tt.call.method, URL: tt.call.url, Init: tt.call.init})
			got, url := string(reason(t, err)), ""
			if err == nil {
				resp.Body.Close()
				got, url = string(resp.Type)+" 200", resp.URL
				if redirected := tt.profile != nil && tt.url[:5] == "https" || strings.Contains(tt.wire, "/r"); resp.Redirected != redirected {
					t.Errorf("redirected: %v, want %v", resp.Redirected, redirected)
				}
			}
			if got != tt.want || url != tt.url {
				t.Errorf("got %s %s, want %s %s", got, url, tt.want, tt.url)
			}
			if got := requested(w.take()); got != tt.wire {
				t.Errorf("on the wire: %s; want %s", got, tt.wire)
			}
		})
	}
}

// TestHSTSIsBelieved: only over https, and with a certificate that has been
// verified.
func TestHSTSIsBelieved(t *testing.T) {
	verified := &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{{}}}}
	for _, tt := range []struct {
		name, url string
		tls       *tls.ConnectionState
		want      bool
	}{
		{"over http", "http://b.test/set", nil, false},
		{"a base that tells nothing", B + "/set", nil, true},
		{"verified", B + "/set", verified, true},
		{"not verified", B + "/set", new(tls.ConnectionState), false},
		{"localhost", "https://localhost/set", verified, false},
		{"an address", "https://127.0.0.1/set", verified, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var store hsts.Store
			c := newClock()
			w := &web{servers: map[string]answer{tt.url: {do: func(req *http.Request) (*http.Response, error) {
				resp := answer{headers: []string{sts}}.response(req)
				resp.TLS = tt.tls
				return resp, nil
			}}}}
			p := page(t, w, H, nil)
			p.Browser.HSTS, p.Browser.Now = &store, c.now
			call{url: tt.url, init: fetch.Init{Mode: fetch.ModeNoCORS}}.fetch(t, t.Context(), p)
			if got := len(store.Entries(c.now())) == 1; got != tt.want {
				t.Errorf("remembered: %v, want %v", got, tt.want)
			}
			if c.forward(1000 * time.Second); len(store.Entries(c.now())) != 0 {
				t.Error("it does not end by the browser's clock")
			}
		})
	}
}

// TestUpgradeInsecureRequests: a page whose policy says so.
//
// https://w3c.github.io/webappsec-upgrade-insecure-requests/#upgrade-request
func TestUpgradeInsecureRequests(t *testing.T) {
	open := answer{headers: []string{"Access-Control-Allow-Origin: *"}}
	servers := map[string]answer{
		B + "/x": open, "https://b.test:8080/x": open, "https://localhost/x": open, "http://localhost/x": open, A + "/x": open,
		A + "/r": redirectTo(302, "http://b.test/x"),
	}
	for _, tt := range []struct {
		name    string
		page    string
		profile *fetch.Profile
		req     *fetch.Request
		wire    string
		url     string
	}{
		{"from https, not blocked", A, nil, &fetch.Request{URL: "http://b.test/x"}, "GET " + B + "/x", B + "/x"},
		{"from http", H, nil, &fetch.Request{URL: "http://b.test/x"}, "GET " + B + "/x", B + "/x"},
		{"the port stays", A, nil, &fetch.Request{URL: "http://b.test:8080/x"}, "GET https://b.test:8080/x", "https://b.test:8080/x"},
		{"the page's own origin", H, nil, &fetch.Request{URL: H + "/x"}, "GET " + A + "/x", A + "/x"},
		{"a redirect", A, nil, &fetch.Request{URL: A + "/r"}, "GET " + A + "/r, GET " + B + "/x", B + "/x"},
		{"a loopback host", H, nil, &fetch.Request{URL: "http://localhost/x"}, "GET https://localhost/x", "https://localhost/x"},
		{"a loopback host, in Chromium", H, fetch.Chromium(), &fetch.Request{URL: "http://localhost/x"}, "GET http://localhost/x", "http://localhost/x"},
		{"the URL that Chromium shows", H, fetch.Chromium(), &fetch.Request{URL: "http://b.test/x"}, "GET " + B + "/x", "http://b.test/x"},
		{"a tab's own navigation", H, nil, initiator.Navigation("http://localhost/x"), "GET http://localhost/x", "http://localhost/x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := &web{servers: servers}
			p := page(t, w, tt.page, tt.profile)
			p.UpgradeInsecureRequests = true
			resp, err := p.Fetch(t.Context(), tt.req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.URL != tt.url {
				t.Errorf("got %s, want %s", resp.URL, tt.url)
			}
			if got := requested(w.take()); got != tt.wire {
				t.Errorf("on the wire: %s; want %s", got, tt.wire)
			}
		})
	}
}

// TestUpgradesAsRedirects: in Firefox an upgrade counts as a redirect, and what
// has led to it tells who asks.
//
// https://w3c.github.io/webappsec-upgrade-insecure-requests/#upgrade-request
func TestUpgradesAsRedirects(t *testing.T) {
	post := &fetch.Request{Method: "POST", URL: "http://b.test/x", Init: fetch.Init{Mode: fetch.ModeNoCORS}}
	loop := &fetch.Request{URL: "http://b.test/loop"}
	for _, tt := range []struct {
		name     string
		profile  *fetch.Profile
		req      *fetch.Request
		worker   bool
		requests int
		origin   string // of the last
		want     fetch.Reason
	}{
		{name: "a loop", req: loop, requests: 21, origin: A, want: fetch.ErrTooManyRedirects},
		{name: "a loop in Firefox", profile: fetch.Firefox(), req: loop, requests: 10, origin: "null", want: fetch.ErrTooManyRedirects},
		{name: "a loop in WebKit", profile: fetch.WebKit(), req: loop, requests: 21, origin: "null", want: fetch.ErrTooManyRedirects},
		{name: "a POST", req: post, requests: 1, origin: A},
		{name: "a POST in Firefox", profile: fetch.Firefox(), req: post, requests: 1, origin: "null"},
		{name: "in a worker of Firefox", profile: fetch.Firefox(), req: post, worker: true, want: fetch.ErrMixedContent},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := &web{servers: map[string]answer{B + "/x": {}, B + "/loop": redirectTo(302, "http://b.test/loop")}}
			p := page(t, w, A, tt.profile)
			p.UpgradeInsecureRequests, p.Worker = true, tt.worker
			resp, err := p.Fetch(t.Context(), tt.req)
			if got := reason(t, err); got != tt.want {
				t.Errorf("reason %q (%v); want %q", got, err, tt.want)
			}
			if err == nil {
				resp.Body.Close()
			}
			sent := w.take()
			if len(sent) != tt.requests {
				t.Fatalf("%d requests; want %d", len(sent), tt.requests)
			}
			if n := len(sent); n > 0 && sent[n-1].header.Get("Origin") != tt.origin {
				t.Errorf("Origin %q; want %q", sent[n-1].header.Get("Origin"), tt.origin)
			}
		})
	}
}

// TestNavigationAsksForUpgrades: a navigation says that its answer may upgrade.
func TestNavigationAsksForUpgrades(t *testing.T) {
	w := &web{}
	for _, tt := range []struct {
		req  *fetch.Request
		want string
	}{
		{initiator.Navigation(A), "1"},
		{&fetch.Request{URL: A}, ""},
	} {
		resp, err := page(t, w, A, nil).Fetch(t.Context(), tt.req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := w.take()[0].header.Get("Upgrade-Insecure-Requests"); got != tt.want {
			t.Errorf("mode %q: got %q, want %q", tt.req.Mode, got, tt.want)
		}
	}
}

// TestMixedContentUpgrade: BLK-014, what a secure page asks for over http.
//
// https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm
func TestMixedContentUpgrade(t *testing.T) {
	const from = "http://b.test/x"
	blocked := "MixedContent "
	upgraded, kept := "opaque GET "+B+"/x", "opaque GET "+from
	images := func(url string) *fetch.Request { return initiator.Image(url, initiator.NoCORS) }
	for _, tt := range []struct {
		name                                string
		req                                 *fetch.Request
		standard, chromium, firefox, webkit string
	}{
		{"BLK-014 image", images(from), upgraded, upgraded, kept, upgraded},
		{"BLK-014 video", initiator.Video(from, initiator.NoCORS), upgraded, upgraded, kept, upgraded},
		{"BLK-014 script", initiator.Script(from, initiator.NoCORS), blocked, blocked, blocked, blocked},
		{"BLK-014 cors", &fetch.Request{URL: from}, blocked, blocked, blocked, blocked},
		{"an image at an address", images("http://192.0.2.1/x"), blocked, "opaque GET http://192.0.2.1/x", "opaque GET http://192.0.2.1/x", blocked},
		{"an image on a loopback host", images("http://localhost/x"), "opaque GET http://localhost/x", "opaque GET http://localhost/x", "opaque GET http://localhost/x", "opaque GET http://localhost/x"},
	} {
		for _, browser := range []struct {
			profile *fetch.Profile
			want    string
		}{{fetch.Standard(), tt.standard}, {fetch.Chromium(), tt.chromium}, {fetch.Firefox(), tt.firefox}, {fetch.WebKit(), tt.webkit}} {
			t.Run(tt.name+", "+browser.profile.Name, func(t *testing.T) {
				media := answer{headers: []string{"Content-Type: image/png"}, body: "\x89PNG\r\n\x1a\n"}
				if tt.req.Destination == "video" {
					media = answer{headers: []string{"Content-Type: video/mp4"}, body: "\x00\x00\x00\x0cftypmp42"}
				}
				w := &web{servers: map[string]answer{B + "/x": media, from: media, "http://192.0.2.1/x": media, "http://localhost/x": media}}
				resp, err := page(t, w, A, browser.profile).Fetch(t.Context(), tt.req)
				got := string(reason(t, err))
				if err == nil {
					resp.Body.Close()
					got = string(resp.Type)
				}
				if got += " " + requested(w.take()); got != browser.want {
					t.Errorf("got %q, want %q", got, browser.want)
				}
			})
		}
	}
}
