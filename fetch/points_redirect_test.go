package fetch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// chain is n redirects in a row, from /n to /0.
func chain(n int) map[string]answer {
	servers := map[string]answer{A + "/0": {}}
	for i := 1; i <= n; i++ {
		servers[A+"/"+strconv.Itoa(i)] = redirectTo(302, "/"+strconv.Itoa(i-1))
	}
	return servers
}

// https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func TestRedirectLimit(t *testing.T) {
	tell(t, []story{
		{
			name:    "RED-001 20 redirects are followed",
			servers: chain(20), url: A + "/20", want: "basic 200 https://a.test/0 redirected",
			check: func(t *testing.T, end ending) {
				if len(end.wire) != 21 {
					t.Errorf("%d requests; want 21", len(end.wire))
				}
			},
		},
		{
			name:    "RED-002 the 21st redirect fails",
			servers: chain(21), url: A + "/21", want: "TooManyRedirects",
			check: func(t *testing.T, end ending) {
				if got := end.lines(); len(got) != 21 || got[20] != "GET https://a.test/1" {
					t.Errorf("on the wire: %d requests, %q; want 21, the last of /1", len(got), got)
				}
			},
		},
	})
}

// https://fetch.spec.whatwg.org/#redirect-status
func TestNoRedirectStatus(t *testing.T) {
	for _, status := range []int{300, 304, 305, 306} {
		story{
			servers: map[string]answer{A + "/x": redirectTo(status, "/y")},
			url:     A + "/x", want: fmt.Sprintf("basic %d https://a.test/x", status), wire: []string{"GET https://a.test/x"},
		}.run(t, fmt.Sprintf("RED-003 %d is not followed", status))
	}
}

// run tells the story under the name.
func (s story) run(t *testing.T, name string) {
	t.Helper()
	t.Run(name, func(t *testing.T) { s.tell(t) })
}

// bodyHeaders are the request-body-headers.
var bodyHeaders = []string{
	"Content-Type: text/x", "Content-Encoding: br", "Content-Language: de", "Content-Location: /z",
}

// TestRedirectMethod is who keeps method and body on which status.
func TestRedirectMethod(t *testing.T) {
	for _, c := range []struct {
		id       string
		statuses []int
		methods  []string
		want     string // "" is the same method
		body     bool   // still there
	}{
		{"RED-004", []int{301, 302}, []string{"POST"}, "GET", false},
		{"RED-005", []int{301, 302}, []string{"PUT", "PATCH", "DELETE"}, "", true},
		{"RED-006", []int{303}, []string{"PUT", "PATCH", "DELETE", "POST"}, "GET", false},
		{"RED-008", []int{307, 308}, []string{"POST", "PUT", "PATCH", "DELETE"}, "", true},
	} {
		for _, status := range c.statuses {
			for _, method := range c.methods {
				t.Run(fmt.Sprintf("%s %d %s", c.id, status, method), func(t *testing.T) {
					want := c.want
					if want == "" {
						want = method
					}
					story{
						servers: map[string]answer{A + "/x": redirectTo(status, "/y"), A + "/y": {}},
						method:  method, url: A + "/x", body: "payload", headers: append(slices.Clone(bodyHeaders), "X-Other: kept"),
						want: "basic 200 https://a.test/y redirected",
						wire: []string{method + " https://a.test/x", want + " https://a.test/y"},
						check: func(t *testing.T, end ending) {
							first, second := end.wire[0], end.wire[1]
							if first.body != "payload" {
								t.Errorf("first body %q; want payload", first.body)
							}
							if c.body != (second.body == "payload") || !c.body && second.body != "" {
								t.Errorf("second body %q; want one: %v", second.body, c.body)
							}
							for name := range headerOf(bodyHeaders) {
								if got := second.header[name] != nil; got != c.body {
									t.Errorf("%s there: %v; want %v", name, got, c.body)
								}
							}
							if second.header["X-Other"] == nil {
								t.Error("X-Other is gone")
							}
						},
					}.tell(t)
				})
			}
		}
	}
	tell(t, []story{
		{
			name:    "RED-007 303 HEAD",
			servers: map[string]answer{A + "/x": redirectTo(303, "/y"), A + "/y": {}},
			method:  "HEAD", url: A + "/x",
			want: "basic 200 https://a.test/y redirected",
			wire: []string{"HEAD https://a.test/x", "HEAD https://a.test/y"},
		},
		{
			name:    "RED-007 303 GET keeps the request-body-headers of a request without body",
			servers: map[string]answer{A + "/x": redirectTo(303, "/y"), A + "/y": {}},
			url:     A + "/x", headers: bodyHeaders,
			want:  "basic 200 https://a.test/y redirected",
			check: wantSent("Content-Type", "text/x", "text/x"),
		},
	})
}

func TestRedirectStream(t *testing.T) {
	servers := func(status int) map[string]answer {
		return map[string]answer{A + "/x": redirectTo(status, "/y"), A + "/y": {}}
	}
	tell(t, []story{
		{
			name:    "RED-009 307 with a stream",
			servers: servers(307), method: "POST", url: A + "/x", body: "s", stream: true,
			want: "BodyNotReplayable", wire: []string{"POST https://a.test/x"},
		},
		{
			name:    "RED-009 308 with a stream",
			servers: servers(308), method: "PUT", url: A + "/x", body: "s", stream: true,
			want: "BodyNotReplayable", wire: []string{"PUT https://a.test/x"},
		},
		{
			name:    "RED-010 303 with a stream",
			servers: servers(303), method: "POST", url: A + "/x", body: "s", stream: true,
			want: "basic 200 https://a.test/y redirected", wire: []string{"POST https://a.test/x", "GET https://a.test/y"},
		},
		{
			name:    "RED-011 302 with a stream, though the body would be dropped",
			servers: servers(302), method: "POST", url: A + "/x", body: "s", stream: true,
			want: "BodyNotReplayable", wire: []string{"POST https://a.test/x"},
		},
		{
			name: "RED-035 the flag that a stream sets stays after 303",
			servers: map[string]answer{
				"OPTIONS " + B + "/x": allows(), B + "/x": redirectTo(303, C+"/y"),
				"OPTIONS " + C + "/y": allows(), C + "/y": allowed(),
			},
			method: "POST", url: B + "/x", body: "s", stream: true,
			want: "cors 200 https://c.test/y redirected",
			wire: []string{"OPTIONS https://b.test/x", "POST https://b.test/x", "OPTIONS https://c.test/y", "GET https://c.test/y"},
			check: all(
				wantSent("Access-Control-Request-Method", "POST", "-", "GET", "-"),
				wantSent("Origin", A, A, "null", "null"),
			),
		},
	})
}

// TestRedirectBodySource is which bodies a redirect can send again: what is left
// of bytes that are all there.
func TestRedirectBodySource(t *testing.T) {
	w := &web{servers: map[string]answer{A + "/x": redirectTo(307, "/y"), A + "/y": {}}}
	p := page(t, w, A, nil)
	seeked := strings.NewReader("xxbody")
	seeked.Seek(2, io.SeekStart)
	for _, c := range []struct {
		name string
		body io.Reader
		want fetch.Reason
	}{
		{"RED-008 bytes.Buffer", bytes.NewBufferString("body"), ""},
		{"RED-008 bytes.Reader", bytes.NewReader([]byte("body")), ""},
		{"RED-008 strings.Reader that has been read from", seeked, ""},
		{"RED-009 any other reader", io.MultiReader(strings.NewReader("body")), fetch.ErrBodyNotReplayable},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.take()
			resp, err := p.Fetch(t.Context(), &fetch.Request{Method: "POST", URL: A + "/x", Body: c.body})
			if got := reason(t, err); got != c.want {
				t.Fatalf("reason %q; want %q", got, c.want)
			}
			if err == nil {
				resp.Body.Close()
			}
			for i, x := range w.take() {
				if x.body != "body" {
					t.Errorf("request %d has the body %q; want body", i, x.body)
				}
			}
		})
	}
}

// https://fetch.spec.whatwg.org/#concept-response-location-url
func TestLocation(t *testing.T) {
	to := func(location ...string) map[string]answer {
		a := answer{status: 302}
		for _, l := range location {
			a.headers = append(a.headers, "Location: "+l)
		}
		return map[string]answer{A + "/dir/x": a, A + "/y": {}, A + "/dir/y": {}, A + "/%E2%98%83": {}, A + "/%FF": {}, A + "/%41%ff": {}}
	}
	start, one := A+"/dir/x", []string{"GET https://a.test/dir/x"}
	arrives := func(at string) func(*testing.T, ending) {
		return func(t *testing.T, end ending) {
			if want := []string{at}; !slices.Equal(end.to, want) {
				t.Errorf("redirected to %q; want %q", end.to, want)
			}
		}
	}
	stories := []story{
		{name: "RED-012 none", servers: map[string]answer{start: {status: 301}}, url: start, want: "basic 301 https://a.test/dir/x"},
		{
			name:    "RED-012 none, cross-origin",
			servers: map[string]answer{B + "/x": {status: 301, headers: []string{allowAsked}}}, url: B + "/x", want: "cors 301 https://b.test/x",
		},
		{
			name: "RED-013 none with redirect mode error", servers: to(), url: start,
			init: fetch.Init{Redirect: fetch.RedirectError}, want: "RedirectDisallowed",
		},
		{
			name: "RED-014 none with redirect mode manual", servers: to(), url: start,
			init: fetch.Init{Redirect: fetch.RedirectManual}, want: "opaqueredirect 0 https://a.test/dir/x",
		},
		{name: "RED-016 no URL", servers: to("http://["), url: start, want: "InvalidRedirect", wire: one},
		{name: "RED-017 two", servers: to("/y", "/z"), url: start, want: "InvalidRedirect", wire: one},
		{name: "RED-017 two equal ones", servers: to("/y", "/y"), url: start, want: "InvalidRedirect", wire: one},
		{
			name: "RED-018 empty", servers: to(""), url: start, want: "TooManyRedirects",
			wire: slices.Repeat(one, 21),
		},
		{
			name: "RED-018 empty with redirect mode manual", servers: to(""), url: start,
			init: fetch.Init{Redirect: fetch.RedirectManual}, want: "opaqueredirect 0 https://a.test/dir/x", wire: one,
		},
		{name: "RED-019 relative", servers: to("y"), url: start, want: "basic 200 https://a.test/dir/y redirected"},
		{
			name: "RED-019 relative to the last hop",
			servers: map[string]answer{
				start: redirectTo(302, B+"/other/z"), B + "/other/z": redirectTo(302, "w?q"), B + "/other/w": allowed(),
			},
			url: start, want: "cors 200 https://b.test/other/w?q redirected",
		},
		{name: "RED-020 no fragment", servers: to("/y"), url: start + "#f", want: "basic 200 https://a.test/y redirected", check: arrives(A + "/y#f")},
		{name: "RED-020 a fragment", servers: to("/y#g"), url: start + "#f", want: "basic 200 https://a.test/y redirected", check: arrives(A + "/y#g")},
		{name: "RED-020 an empty fragment", servers: to("/y#"), url: start + "#f", want: "basic 200 https://a.test/y redirected", check: arrives(A + "/y#")},
		{
			name: "RED-020 the fragment of the hop before",
			servers: map[string]answer{
				A + "/1": redirectTo(302, "/2#g"), A + "/2": redirectTo(302, "/3"), A + "/3": {},
			},
			url: A + "/1#f", want: "basic 200 https://a.test/3 redirected",
			check: func(t *testing.T, end ending) {
				if want := []string{A + "/2#g", A + "/3#g"}; !slices.Equal(end.to, want) {
					t.Errorf("redirected to %q; want %q", end.to, want)
				}
			},
		},
		{
			name: "RED-021 UTF-8", servers: to("/\xE2\x98\x83"), url: start, want: "basic 200 https://a.test/%E2%98%83 redirected",
			wire: append(slices.Clone(one), "GET https://a.test/%E2%98%83"),
		},
		{
			name: "RED-021 not UTF-8", servers: to("/\xFF"), url: start, want: "basic 200 https://a.test/%FF redirected",
			wire: append(slices.Clone(one), "GET https://a.test/%FF"),
		},
		{
			name: "RED-021 percent signs stay", servers: to("/%41%ff"), url: start, want: "basic 200 https://a.test/%41%ff redirected",
			wire: append(slices.Clone(one), "GET https://a.test/%41%ff"),
		},
	}
	for _, l := range []string{
		"data:text/plain,x", "blob:https://a.test/8d2d", "about:blank", "file:///etc/passwd",
		"ws://a.test/", "javascript:alert(1)", "ftp://a.test/", "unknown:x",
	} {
		for _, mode := range []fetch.Mode{fetch.ModeCORS, fetch.ModeNoCORS, fetch.ModeSameOrigin} {
			stories = append(stories, story{
				name: fmt.Sprintf("RED-015 %s in mode %s", l, mode), servers: to(l), url: start,
				init: fetch.Init{Mode: mode}, want: "UnsafeRedirect", wire: one,
			})
		}
	}
	tell(t, stories)
}

func TestRedirectWithUserinfo(t *testing.T) {
	const toB, toA = "https://user:pass@b.test/y", "https://user:pass@a.test/y"
	servers := func(from, location string) map[string]answer {
		return map[string]answer{from + "/x": redirectTo(302, location), A + "/y": allowed(), B + "/y": allowed()}
	}
	tell(t, []story{
		{
			name: "RED-022 cors, A to B", servers: servers(A, toB), url: A + "/x",
			want: "RedirectContainsCredentials", wire: []string{"GET https://a.test/x"},
		},
		{
			name: "RED-022 cors, A to B, only a username", servers: servers(A, "https://user@b.test/y"), url: A + "/x",
			want: "RedirectContainsCredentials", wire: []string{"GET https://a.test/x"},
		},
		{
			name: "RED-023 cors, A to A", servers: servers(A, toA), url: A + "/x",
			want: "basic 200 " + toA + " redirected", wire: []string{"GET https://a.test/x", "GET https://a.test/y"},
		},
		{
			name: "RED-024 cors, B to A", servers: servers(B, toA), url: B + "/x",
			want: "RedirectContainsCredentials", wire: []string{"GET https://b.test/x"},
		},
		{
			name: "RED-025 no-cors, A to B", servers: servers(A, toB), url: A + "/x", init: fetch.Init{Mode: fetch.ModeNoCORS},
			want: "opaque 0 ", wire: []string{"GET https://a.test/x", "GET https://b.test/y"},
		},
		{
			name: "RED-025 no-cors, B to B", servers: servers(B, toB), url: B + "/x", init: fetch.Init{Mode: fetch.ModeNoCORS},
			want: "opaque 0 ", wire: []string{"GET https://b.test/x", "GET https://b.test/y"},
		},
	})
}

func TestRedirectAcrossOrigins(t *testing.T) {
	noCORS := fetch.Init{Mode: fetch.ModeNoCORS}
	silent := func(location string) answer { return answer{status: 302, headers: []string{"Location: " + location}} }
	tell(t, []story{
		{
			name:    "RED-026 a cross-origin redirect needs CORS itself",
			servers: map[string]answer{B + "/x": silent(C + "/y"), C + "/y": allowed()},
			url:     B + "/x", want: "MissingAllowOriginHeader", wire: []string{"GET https://b.test/x"},
		},
		{
			name:    "RED-026 also one that leads back to A",
			servers: map[string]answer{B + "/x": silent(A + "/y"), A + "/y": allowed()},
			url:     B + "/x", want: "MissingAllowOriginHeader", wire: []string{"GET https://b.test/x"},
		},
		{
			name:    "RED-027 a same-origin redirect needs none",
			servers: map[string]answer{A + "/x": silent(B + "/y"), B + "/y": allowed()},
			url:     A + "/x", want: "cors 200 https://b.test/y redirected",
		},
		{
			name:    "RED-027 but where it leads does",
			servers: map[string]answer{A + "/x": silent(B + "/y"), B + "/y": {}},
			url:     A + "/x", want: "MissingAllowOriginHeader", wire: []string{"GET https://a.test/x", "GET https://b.test/y"},
		},
		{
			name:    "RED-028 mode same-origin",
			servers: map[string]answer{A + "/x": silent(B + "/y"), B + "/y": allowed()},
			url:     A + "/x", init: fetch.Init{Mode: fetch.ModeSameOrigin}, want: "DisallowedByMode", wire: []string{"GET https://a.test/x"},
		},
		{
			name:    "RED-028 mode same-origin to a same-site origin",
			servers: map[string]answer{A + "/x": silent(A2 + "/y"), A2 + "/y": allowed()},
			url:     A + "/x", init: fetch.Init{Mode: fetch.ModeSameOrigin}, want: "DisallowedByMode", wire: []string{"GET https://a.test/x"},
		},
		{
			name:    "RED-029 an unsafe header, A to B",
			servers: map[string]answer{A + "/x": silent(B + "/y"), "OPTIONS " + B + "/y": allows(), B + "/y": allowed()},
			url:     A + "/x", headers: []string{"X-A: 1"}, want: "cors 200 https://b.test/y redirected",
			wire:  []string{"GET https://a.test/x", "OPTIONS https://b.test/y", "GET https://b.test/y"},
			check: all(wantSent("Origin", "-", A, A), wantSent("X-A", "1", "-", "1")),
		},
		{
			name: "RED-030 an unsafe header, B to C",
			servers: map[string]answer{
				"OPTIONS " + B + "/x": allows(), B + "/x": redirectTo(302, C+"/y"), "OPTIONS " + C + "/y": allows(), C + "/y": allowed(),
			},
			url: B + "/x", headers: []string{"X-A: 1"}, want: "cors 200 https://c.test/y redirected",
			wire: []string{"OPTIONS https://b.test/x", "GET https://b.test/x", "OPTIONS https://c.test/y", "GET https://c.test/y"},
			check: all(
				wantSent("Origin", A, A, "null", "null"),
				wantSent("Access-Control-Request-Headers", "x-a", "-", "x-a", "-"),
			),
		},
		{
			name: "RED-030 and the preflight to C has to allow it",
			servers: map[string]answer{
				"OPTIONS " + B + "/x": allows(), B + "/x": redirectTo(302, C+"/y"), "OPTIONS " + C + "/y": {status: 204, headers: []string{allowAsked}}, C + "/y": allowed(),
			},
			url: B + "/x", headers: []string{"X-A: 1"}, want: "HeaderDisallowedByPreflightResponse",
			wire: []string{"OPTIONS https://b.test/x", "GET https://b.test/x", "OPTIONS https://c.test/y"},
		},
		{
			name: "RED-044 no-cors A to B to A is opaque", url: A + "/x", init: noCORS, want: "opaque 0 ",
			servers: map[string]answer{A + "/x": silent(B + "/y"), B + "/y": silent(A + "/z"), A + "/z": allowed()},
			wire:    []string{"GET https://a.test/x", "GET https://b.test/y", "GET https://a.test/z"},
		},
		{
			name: "RED-045 cors A to B to A is cors", url: A + "/x", want: "cors 200 https://a.test/z redirected",
			servers: map[string]answer{A + "/x": silent(B + "/y"), B + "/y": redirectTo(302, A+"/z"), A + "/z": allowed("X-Hidden: 1")},
			check: all(wantSent("Origin", "-", A, "null"), func(t *testing.T, end ending) {
				if end.response.Header["X-Hidden"] != nil {
					t.Error("X-Hidden is visible")
				}
			}),
		},
		{
			name: "RED-045 the way back needs CORS too", url: A + "/x", want: "MissingAllowOriginHeader",
			servers: map[string]answer{A + "/x": silent(B + "/y"), B + "/y": redirectTo(302, A+"/z"), A + "/z": {}},
		},
		{
			name: "RED-046 to a bad port", url: A + "/x", want: "UnsafePort",
			servers: map[string]answer{A + "/x": silent("https://a.test:6000/y")}, wire: []string{"GET https://a.test/x"},
		},
		{
			name: "RED-046 to mixed content", url: A + "/x", want: "MixedContent",
			servers: map[string]answer{A + "/x": silent("http://b.test/y")}, wire: []string{"GET https://a.test/x"},
		},
		{
			name: "RED-047 the last URL, without fragment", url: A + "/x#f", want: "cors 200 https://b.test/y?q redirected",
			servers: map[string]answer{A + "/x": silent(B + "/y?q#g"), B + "/y": allowed()},
		},
		{
			name: "RED-051 Referrer-Policy of a redirect", url: A + "/x", want: "basic 200 https://a.test/y redirected",
			servers: map[string]answer{A + "/x": redirectTo(302, "/y", "Referrer-Policy: no-referrer"), A + "/y": {}},
			check:   wantSent("Referer", A+"/", "-"),
		},
		{
			name: "RED-051 no Referrer-Policy", url: A + "/x", want: "basic 200 https://a.test/y redirected",
			servers: map[string]answer{A + "/x": redirectTo(302, "/y"), A + "/y": {}},
			check:   wantSent("Referer", A+"/", A+"/"),
		},
		{
			name: "RED-051 the last policy that is known", url: A + "/x", want: "basic 200 https://a.test/y redirected",
			servers: map[string]answer{A + "/x": redirectTo(302, "/y", "Referrer-Policy: no-referrer, unknown"), A + "/y": {}},
			check:   wantSent("Referer", A+"/", "-"),
		},
	})
}

func TestRedirectAuthorization(t *testing.T) {
	auth := []string{"Authorization: Basic eA=="}
	tell(t, []story{
		{
			name: "RED-031 A to B", url: A + "/x", headers: auth, want: "cors 200 https://b.test/y redirected",
			servers: map[string]answer{A + "/x": redirectTo(302, B+"/y"), B + "/y": allowed()},
			wire:    []string{"GET https://a.test/x", "GET https://b.test/y"},
			check:   wantSent("Authorization", "Basic eA==", "-"),
		},
		{
			name: "RED-031 A to B with another unsafe header", url: A + "/x", headers: append([]string{"X-A: 1"}, auth...), want: "cors 200 https://b.test/y redirected",
			servers: map[string]answer{A + "/x": redirectTo(302, B+"/y"), "OPTIONS " + B + "/y": allows(), B + "/y": allowed()},
			check: all(
				wantSent("Authorization", "Basic eA==", "-", "-"),
				wantSent("Access-Control-Request-Headers", "-", "x-a", "-"),
			),
		},
		{
			name: "RED-032 A to B to A", url: A + "/x", headers: auth, want: "cors 200 https://a.test/z redirected",
			servers: map[string]answer{A + "/x": redirectTo(302, B+"/y"), B + "/y": redirectTo(302, A+"/z"), A + "/z": allowed()},
			check:   wantSent("Authorization", "Basic eA==", "-", "-"),
		},
		{
			name: "RED-033 A to A", url: A + "/x", headers: auth, want: "basic 200 https://a.test/y redirected",
			servers: map[string]answer{A + "/x": redirectTo(302, "/y"), A + "/y": {}},
			check:   wantSent("Authorization", "Basic eA==", "Basic eA=="),
		},
		{
			name: "RED-034 X-Api-Key stays", url: A + "/x", headers: []string{"X-Api-Key: k"}, want: "cors 200 https://b.test/y redirected",
			servers: map[string]answer{A + "/x": redirectTo(302, B+"/y"), "OPTIONS " + B + "/y": allows(), B + "/y": allowed()},
			check:   wantSent("X-Api-Key", "k", "-", "k"),
		},
	})
}

func TestRedirectCookies(t *testing.T) {
	include := fetch.Init{Credentials: fetch.CredentialsInclude}
	cookies := map[string]string{A: "a=1", B: "b=1", C: "c=1"}
	tell(t, []story{
		{
			name: "RED-036 each host its own", url: B + "/x", init: include, cookies: cookies, want: "cors 200 https://c.test/y redirected",
			servers: map[string]answer{B + "/x": redirectTo(302, C+"/y"), C + "/y": allowed()},
			check:   wantSent("Cookie", "b=1", "c=1"),
		},
		{
			name: "RED-037 none on the way back", url: A + "/x", cookies: cookies, want: "cors 200 https://a.test/z redirected",
			servers: map[string]answer{A + "/x": redirectTo(302, B+"/y"), B + "/y": redirectTo(302, A+"/z"), A + "/z": allowed()},
			check:   wantSent("Cookie", "a=1", "-", "-"),
		},
		{
			name: "RED-038 Set-Cookie of a redirect", url: A + "/x", cookies: cookies, want: "basic 200 https://a.test/y redirected",
			servers: map[string]answer{A + "/x": redirectTo(302, "/y", "Set-Cookie: new=1"), A + "/y": {}},
			check:   all(wantSent("Cookie", "a=1", "a=1; new=1"), wantJar(A, "a=1; new=1")),
		},
		{
			name: "RED-049 Set-Cookie of a hop without credentials", url: A + "/x", cookies: cookies, want: "cors 200 https://c.test/z redirected",
			servers: map[string]answer{
				A + "/x": redirectTo(302, B+"/y", "Set-Cookie: new=a"), B + "/y": redirectTo(302, C+"/z", "Set-Cookie: new=b"), C + "/z": allowed("Set-Cookie: new=c"),
			},
			check: all(wantJar(A, "a=1; new=a"), wantJar(B, "b=1"), wantJar(C, "c=1")),
		},
	})
}

func TestRedirectModes(t *testing.T) {
	manual, refuse := fetch.Init{Redirect: fetch.RedirectManual}, fetch.Init{Redirect: fetch.RedirectError}
	noCORS := func(i fetch.Init) fetch.Init { i.Mode = fetch.ModeNoCORS; return i }
	servers := map[string]answer{
		A + "/x": {status: 302, headers: []string{"Location: /y", "X-A: 1"}, body: "moved"}, A + "/y": {},
		B + "/x": {status: 302, headers: []string{"Location: /y"}}, B + "/ok": redirectTo(302, "/y"),
	}
	nothing := func(t *testing.T, end ending) {
		if r := end.response; end.body != "" || len(r.Header) != 0 || r.StatusText != "" || r.OK() || r.Redirected {
			t.Errorf("not hidden: body %q of %+v", end.body, r)
		}
	}
	one := []string{"GET https://a.test/x"}
	tell(t, []story{
		{name: "RED-039 error", servers: servers, url: A + "/x", init: refuse, want: "RedirectDisallowed", wire: one},
		{name: "RED-040 manual", servers: servers, url: A + "/x#f", init: manual, want: "opaqueredirect 0 https://a.test/x", wire: one, check: nothing},
		{name: "RED-041 manual, cross-origin without CORS", servers: servers, url: B + "/x", init: manual, want: "MissingAllowOriginHeader"},
		{name: "RED-041 manual, cross-origin with CORS", servers: servers, url: B + "/ok", init: manual, want: "opaqueredirect 0 https://b.test/ok", check: nothing},
		{name: "RED-042 no-cors manual cross-origin", servers: servers, url: B + "/x", init: noCORS(manual), want: "NoCorsRedirectModeNotFollow", wire: []string{}},
		{name: "RED-042 no-cors error cross-origin", servers: servers, url: B + "/x", init: noCORS(refuse), want: "NoCorsRedirectModeNotFollow", wire: []string{}},
		{name: "RED-043 no-cors manual same-origin", servers: servers, url: A + "/x", init: noCORS(manual), want: "opaqueredirect 0 https://a.test/x", wire: one, check: nothing},
		{name: "RED-043 no-cors error same-origin", servers: servers, url: A + "/x", init: noCORS(refuse), want: "RedirectDisallowed", wire: one},
	})
}

// A lazyBody sends nothing until it is closed or the request is given up.
type lazyBody struct {
	ctx     context.Context
	closed  chan struct{}
	endless bool // it sends without end instead
	gaveUp  bool
}

func (b *lazyBody) Read(p []byte) (int, error) {
	if b.endless {
		return len(p), b.ctx.Err()
	}
	select {
	case <-b.closed:
		return 0, errors.New("read of a closed body")
	case <-b.ctx.Done():
		b.gaveUp = true
		return 0, b.ctx.Err()
	}
}

func (b *lazyBody) Close() error {
	close(b.closed)
	return nil
}

// TestRedirectBody is how long a redirect's own body may hold things up.
func TestRedirectBody(t *testing.T) {
	for _, c := range []struct {
		name    string
		length  int64
		endless bool
	}{
		{"RED-048 no end", -1, true},
		{"RED-048 nothing comes, length unknown", -1, false},
		{"RED-048 nothing of 5 bytes comes", 5, false},
		{"RED-048 nothing of 1 GB comes", 1 << 30, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var body *lazyBody
				slow := answer{do: func(req *http.Request) (*http.Response, error) {
					resp := redirectTo(302, "/y").response(req)
					body = &lazyBody{ctx: req.Context(), closed: make(chan struct{}), endless: c.endless}
					resp.Body, resp.ContentLength = body, c.length
					return resp, nil
				}}
				w := &web{servers: map[string]answer{A + "/x": slow, A + "/y": {}}}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				start := time.Now()
				resp, err := page(t, w, A, nil).Fetch(ctx, &fetch.Request{URL: A + "/x"})
				if err != nil {
					t.Fatalf("after %v: %v", time.Since(start), err)
				}
				resp.Body.Close()
				// A short body gets a moment to arrive, so that its connection
				// can be used again; no other is waited for.
				patience := time.Duration(0)
				if 0 < c.length && c.length < 100 {
					patience = 10 * time.Millisecond
				}
				if waited := time.Since(start); waited > patience || body.gaveUp {
					t.Errorf("the next hop waited %v for the body, want at most %v", waited, patience)
				}
				synctest.Wait()
				select {
				case <-body.closed:
				default:
					t.Error("the body was not closed")
				}
			})
		})
	}
}

// TestRedirectBodyReleasesConnection is the same on a real connection.
func TestRedirectBodyReleasesConnection(t *testing.T) {
	t.Run("RED-048 the connection is released", func(t *testing.T) {
		released := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/y" {
				return
			}
			w.Header().Set("Location", "/y")
			w.WriteHeader(302)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("x", 4096)); err != nil {
					break
				}
			}
			close(released)
		}))
		defer server.Close()
		p := &fetch.Transport{Origin: origin.MustParse(server.URL), Browser: &fetch.Browser{Base: new(http.Transport)}}
		defer p.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		resp, err := p.Fetch(ctx, &fetch.Request{URL: "/x"})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		select {
		case <-released:
		case <-ctx.Done():
			t.Error("the server still sends")
		}
	})
}

// TestRedirectRoundTrip is what an http.Response tells of a redirect.
func TestRedirectRoundTrip(t *testing.T) {
	w := &web{servers: map[string]answer{
		A + "/x": redirectTo(302, "/y?q#g"), A + "/y": {}, B + "/x": redirectTo(302, "/secret"), B + "/secret": {},
	}}
	p := page(t, w, A, nil)
	for _, c := range []struct {
		name, url string
		init      fetch.Init
		want      string
	}{
		{"RED-047 the final URL", A + "/x#f", fetch.Init{}, A + "/y?q#g"},
		{"RED-040 an opaqueredirect response has the requested URL", A + "/x", fetch.Init{Redirect: fetch.RedirectManual}, A + "/x"},
		{"RED-044 an opaque response hides the final URL", B + "/x", fetch.Init{Mode: fetch.ModeNoCORS}, B + "/x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, err := p.RoundTrip(withInit(t, "GET", c.url, c.init))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if got := resp.Request.URL.String(); got != c.want {
				t.Errorf("Request.URL = %s; want %s", got, c.want)
			}
		})
	}
}
