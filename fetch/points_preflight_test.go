package fetch_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
)

// What a preflight is, and when there is one.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
//
// Not here:
//
//	PFR-008  fetch() always sets the unsafe-request flag, and there is no other
//	         caller that could give headers or methods
//
// PFR-019 and PFR-020 are about connections: see TestPreflightConnections.
func TestPreflightRequest(t *testing.T) {
	json := "Content-Type: application/json"
	all := asked("Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: *, authorization")
	runPoints(t, []point{{
		name:    "PFR-001 a GET without headers needs none",
		call:    call{url: B + "/x"},
		servers: all,
		want:    "GET => cors 200",
		wire:    []string{"1 Origin: " + A, "1 !Access-Control-Request-Method", "1 !Access-Control-Request-Headers"},
	}, {
		name:    "PFR-002 a header that is not safelisted is asked for",
		call:    call{url: B + "/x", header: []string{"X-A: 1"}},
		servers: all,
		want:    "OPTIONS GET => cors 200",
		wire: []string{"1 Access-Control-Request-Method: GET", "1 Access-Control-Request-Headers: x-a", "1 Origin: " + A, "1 !X-A",
			"2 X-A: 1", "2 Origin: " + A, "2 !Access-Control-Request-Method", "2 !Access-Control-Request-Headers"},
	}, {
		name:    "PFR-003 a method alone has no Access-Control-Request-Headers",
		call:    call{method: "PUT", url: B + "/x"},
		servers: all,
		want:    "OPTIONS PUT => cors 200",
		wire:    []string{"1 Access-Control-Request-Method: PUT", "1 !Access-Control-Request-Headers"},
	}, {
		name:    "PFR-004 a POST of text needs none",
		call:    call{method: "POST", url: B + "/x", header: []string{"Content-Type: text/plain;charset=UTF-8"}, body: "hi"},
		servers: all,
		want:    "POST => cors 200",
		wire:    []string{"1 Content-Type: text/plain;charset=UTF-8"},
	}, {
		name:    "PFR-005 a POST of JSON is asked for",
		call:    call{method: "POST", url: B + "/x", header: []string{json}, body: "{}"},
		servers: all,
		want:    "OPTIONS POST => cors 200",
		wire:    []string{"1 Access-Control-Request-Method: POST", "1 Access-Control-Request-Headers: content-type", "1 !Content-Type", "2 " + json},
	}, {
		name:    "PFR-006 names are in lower case, sorted, joined without spaces",
		call:    call{url: B + "/x", header: []string{"X-Zeta: 1", "x-Alpha: 1", json}},
		servers: all,
		want:    "OPTIONS GET => cors 200",
		wire:    []string{"1 Access-Control-Request-Headers: content-type,x-alpha,x-zeta"},
	}, {
		name:    "PFR-006 a repeated name is asked for once",
		call:    call{url: B + "/x", header: []string{"X-A: 1", "X-B: 2", "X-A: 3"}},
		servers: all,
		want:    "OPTIONS GET => cors 200",
		wire:    []string{"1 Access-Control-Request-Headers: x-a,x-b"},
	}, {
		name:    "PFR-007 nothing is asked for at the page's own origin",
		call:    call{method: "PUT", url: A + "/x", header: []string{"X-A: 1"}},
		servers: map[string]answer{A + "/x": {}},
		want:    "PUT => basic 200",
	}, {
		name:    "PFR-009 a stream is asked for, though all about it is safelisted",
		call:    call{method: "POST", url: B + "/x", body: "hi", stream: true},
		servers: all,
		want:    "OPTIONS POST => cors 200",
		wire:    []string{"1 Access-Control-Request-Method: POST", "1 !Access-Control-Request-Headers"},
	}, {
		name:    "PFR-009 so is a request whose upload is watched",
		call:    call{method: "POST", url: B + "/x", body: "hi", init: fetch.Init{UploadListener: true}},
		servers: all,
		want:    "OPTIONS POST => cors 200",
	}, {
		name:    "PFR-013 policy unsafe-url: the preflight has the full Referer",
		page:    A + "/dir/page?q",
		policy:  fetch.UnsafeURLPolicy,
		call:    call{method: "PUT", url: B + "/x"},
		servers: all,
		want:    "OPTIONS PUT => cors 200",
		wire:    []string{"1 Referer: " + A + "/dir/page?q", "2 Referer: " + A + "/dir/page?q"},
	}, {
		name:    "PFR-014 fetch metadata",
		call:    call{method: "PUT", url: B + "/x"},
		servers: all,
		want:    "OPTIONS PUT => cors 200",
		wire:    []string{"1 Sec-Fetch-Mode: cors", "1 Sec-Fetch-Dest: empty", "1 Sec-Fetch-Site: cross-site", "1 !Sec-Fetch-User"},
	}, {
		name:    "PFR-015 Authorization is asked for and not sent along",
		call:    call{url: B + "/x", header: []string{"Authorization: Basic eDp5"}},
		servers: all,
		want:    "OPTIONS GET => cors 200",
		wire:    []string{"1 Access-Control-Request-Headers: authorization", "1 !Authorization", "2 Authorization: Basic eDp5"},
	}, {
		name:    "PFR-017 a 401 ends it",
		call:    call{method: "PUT", url: B + "/x", init: include},
		servers: servers(answer{status: 401, headers: []string{okOrigin, okCredentials, "WWW-Authenticate: Basic", "Access-Control-Allow-Methods: PUT"}}, answer{}),
		want:    "OPTIONS => PreflightInvalidStatus",
	}, {
		name:    "PFR-018 a 407 ends it",
		call:    call{method: "PUT", url: B + "/x"},
		servers: servers(answer{status: 407, headers: []string{okOrigin, "Proxy-Authenticate: Basic", "Access-Control-Allow-Methods: PUT"}}, answer{}),
		want:    "OPTIONS => PreflightInvalidStatus",
	}, {
		name:    "PFR-023 the cache mode's headers are not asked for",
		call:    call{method: "PUT", url: B + "/x", init: fetch.Init{Cache: fetch.CacheNoStore}},
		servers: all,
		want:    "OPTIONS PUT => cors 200",
		wire: []string{"1 !Access-Control-Request-Headers", "1 !Cache-Control", "1 !Pragma",
			"2 Cache-Control: no-cache", "2 Pragma: no-cache", "2 Sec-Fetch-Mode: cors"},
	}, {
		name:    "PFR-023 they do not make a preflight necessary",
		call:    call{url: B + "/x", init: fetch.Init{Cache: fetch.CacheNoCache}},
		servers: all,
		want:    "GET => cors 200",
		wire:    []string{"1 Cache-Control: max-age=0"},
	}, {
		name:    "PFR-023 the developer's Cache-Control is asked for",
		call:    call{url: B + "/x", header: []string{"Cache-Control: no-cache"}, init: fetch.Init{Cache: fetch.CacheReload}},
		servers: all,
		want:    "OPTIONS GET => cors 200",
		wire:    []string{"1 Access-Control-Request-Headers: cache-control", "1 !Cache-Control", "2 Cache-Control: no-cache", "2 Pragma: no-cache"},
	}})
}

// The whole of a preflight, so that what is absent is.
func TestPreflightWire(t *testing.T) {
	requests := []struct {
		name string
		call call
		acrm string
	}{
		{"a PUT with body, cookies and a conditional header", call{
			method: "PUT", url: B + "/x", body: "hi", header: []string{"Content-Type: text/plain", "If-None-Match: x", "User-Agent: me", "Accept: text/html", "Accept-Language: de"}, init: include,
		}, "PUT"},
		{"a stream, uncached", call{method: "POST", url: B + "/x", body: "hi", stream: true, header: []string{"If-None-Match: x"}, init: fetch.Init{Cache: fetch.CacheReload}}, "POST"},
		{"credentials of its own", call{method: "DELETE", url: B + "/x", header: []string{"Authorization: Basic eDp5", "If-None-Match: x"}, init: omit}, "DELETE"},
	}
	names := map[string]string{"PUT": "if-none-match,user-agent", "POST": "if-none-match", "DELETE": "authorization,if-none-match"}
	for _, r := range requests {
		t.Run("PFR-010 "+r.name, func(t *testing.T) {
			w := &web{servers: asked("Access-Control-Allow-Methods: PUT, DELETE", "Access-Control-Allow-Headers: if-none-match, user-agent, authorization")}
			page := point{}.open(t, w)
			page.Browser.Jar = jarWith(t, B, "k=v")
			outcome := r.call.fetch(t, t.Context(), page)
			wire := w.take()
			if got, want := verdict(wire, outcome), "OPTIONS "+r.acrm+" => cors 200"; got != want {
				t.Fatalf("got %q; want %q", got, want)
			}
			want := sent{method: "OPTIONS", url: B + "/x", header: http.Header{
				"Accept":                         {"*/*"},
				"Access-Control-Request-Headers": {names[r.acrm]},
				"Access-Control-Request-Method":  {r.acrm},
				"Origin":                         {A},
				"Referer":                        {A + "/"},
				"Sec-Fetch-Dest":                 {"empty"},
				"Sec-Fetch-Mode":                 {"cors"},
				"Sec-Fetch-Site":                 {"cross-site"},
				"User-Agent":                     {"corsfetch"},
			}}
			if diff := cmp.Diff(want, wire[0], cmp.AllowUnexported(sent{})); diff != "" {
				t.Errorf("preflight (-want +got):\n%s", diff)
			}
		})
	}
}

// jarWith returns a cookie jar that holds one cookie for a URL.
func jarWith(t testing.TB, rawURL, cookie string) http.CookieJar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	cookies, err := http.ParseCookie(cookie)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(parseURL(t, rawURL), cookies)
	return jar
}

func parseURL(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestPreflightCookies(t *testing.T) {
	preflight := answer{status: 204, headers: []string{okOrigin, okCredentials, "Access-Control-Allow-Methods: PUT", "Set-Cookie: preflight=1"}}
	actual := answer{headers: []string{okOrigin, okCredentials, "Set-Cookie: actual=1"}}
	w := &web{servers: servers(preflight, actual)}
	page := point{}.open(t, w)
	page.Browser.Jar = jarWith(t, B, "k=v")
	outcome := call{method: "PUT", url: B + "/x", init: include}.fetch(t, t.Context(), page)
	wire := w.take()
	if got, want := verdict(wire, outcome), "OPTIONS PUT => cors 200"; got != want {
		t.Fatalf("got %q; want %q", got, want)
	}
	t.Run("PFR-011 cookies go with the request and not with its preflight", func(t *testing.T) {
		checkWire(t, wire, "1 !Cookie", "2 Cookie: k=v")
	})
	t.Run("PFR-011 nor after a redirect that they went with", func(t *testing.T) {
		w := &web{servers: servers(preflight, actual)}
		w.servers[B+"/r"] = answer{status: 302, headers: []string{okOrigin, okCredentials, "Location: /x"}}
		w.servers["OPTIONS "+B+"/x"] = answer{headers: append([]string{"Access-Control-Allow-Headers: x-a"}, preflight.headers...)}
		w.servers["OPTIONS "+B+"/r"] = w.servers["OPTIONS "+B+"/x"]
		page := point{}.open(t, w)
		page.Browser.Jar = jarWith(t, B, "k=v")
		outcome := call{url: B + "/r", header: []string{"X-A: 1"}, init: include}.fetch(t, t.Context(), page)
		wire := w.take()
		if got, want := verdict(wire, outcome), "OPTIONS GET OPTIONS GET => cors 200"; got != want {
			t.Fatalf("got %q; want %q", got, want)
		}
		checkWire(t, wire, "1 !Cookie", "2 Cookie: k=v", "3 !Cookie", "4 Cookie: k=v")
	})
	t.Run("PFR-012 cookies that answer a preflight are not stored", func(t *testing.T) {
		got := map[string]string{}
		for _, c := range page.Browser.Jar.Cookies(parseURL(t, B+"/x")) {
			got[c.Name] = c.Value
		}
		if diff := cmp.Diff(map[string]string{"k": "v", "actual": "1"}, got); diff != "" {
			t.Errorf("cookies (-want +got):\n%s", diff)
		}
	})
}

func TestPreflightRedirect(t *testing.T) {
	for _, status := range []string{"301", "302", "303", "307", "308"} {
		for _, to := range []string{"/y", B + "/x", C + "/y", A + "/y"} {
			all := answer{headers: []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT"}}
			redirect := all
			redirect.status = map[string]int{"301": 301, "302": 302, "303": 303, "307": 307, "308": 308}[status]
			redirect.headers = append([]string{"Location: " + to}, all.headers...)
			runPoints(t, []point{{
				name:    "PFR-016 a " + status + " to " + to + " is not followed",
				call:    call{method: "PUT", url: B + "/x"},
				servers: map[string]answer{"OPTIONS " + B + "/x": redirect, B + "/x": all, B + "/y": all, C + "/y": all, A + "/y": all},
				want:    "OPTIONS => PreflightDisallowedRedirect",
			}})
		}
	}
}

func TestPreflightFragment(t *testing.T) {
	t.Run("PFR-021 no fragment is sent", func(t *testing.T) {
		var urls []string
		noted := func(a answer) answer {
			return answer{do: func(req *http.Request) (*http.Response, error) {
				urls = append(urls, req.Method+" "+req.URL.String())
				return a.response(req), nil
			}}
		}
		w := &web{servers: servers(noted(answer{headers: []string{okOrigin, "Access-Control-Allow-Methods: PUT"}}), noted(answer{headers: []string{okOrigin}}))}
		outcome := call{method: "PUT", url: B + "/x?q#f"}.fetch(t, t.Context(), point{}.open(t, w))
		if want := "cors 200"; outcome != want {
			t.Errorf("got %q; want %q", outcome, want)
		}
		if got, want := strings.Join(urls, " "), "OPTIONS "+B+"/x?q PUT "+B+"/x?q"; got != want {
			t.Errorf("requests %q; want %q", got, want)
		}
	})
}

func TestPreflightAsksForAll(t *testing.T) {
	t.Run("PFR-022 what the cache knows is asked for again with what it does not", func(t *testing.T) {
		w := &web{servers: asked("Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: {acrh}", "Access-Control-Max-Age: 600")}
		page := point{}.open(t, w)
		call{method: "PUT", url: B + "/x"}.fetch(t, t.Context(), page)
		call{method: "PUT", url: B + "/x", header: []string{"X-A: 1"}}.fetch(t, t.Context(), page)
		w.take()
		outcome := call{method: "PUT", url: B + "/x", header: []string{"X-A: 1", "X-B: 1"}}.fetch(t, t.Context(), page)
		wire := w.take()
		if got, want := verdict(wire, outcome), "OPTIONS PUT => cors 200"; got != want {
			t.Fatalf("got %q; want %q", got, want)
		}
		checkWire(t, wire, "1 Access-Control-Request-Method: PUT", "1 Access-Control-Request-Headers: x-a,x-b")
	})
}
