package fetch_test

import (
	"net/http"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
)

// https://fetch.spec.whatwg.org/#credentials
func TestCredentials(t *testing.T) {
	sets := func(headers ...string) map[string]answer {
		headers = append(headers, "Set-Cookie: new=1")
		return map[string]answer{A + "/x": {headers: headers}, B + "/x": {headers: headers}, "OPTIONS " + B + "/x": allows()}
	}
	cors := sets(allowAsked, allowCredentials)
	cookies := map[string]string{A: "a=1", B: "b=1"}
	with := func(c fetch.CredentialsMode) fetch.Init { return fetch.Init{Credentials: c} }
	include, omit := with(fetch.CredentialsInclude), with(fetch.CredentialsOmit)
	noCORS := func(i fetch.Init) fetch.Init { i.Mode = fetch.ModeNoCORS; return i }
	const okA, okB = "basic 200 https://a.test/x", "cors 200 https://b.test/x"
	tell(t, []story{
		{
			name: "CRD-001 same-origin, A: sent and stored", cookies: cookies, servers: cors, url: A + "/x", want: okA,
			check: all(wantSent("Cookie", "a=1"), wantJar(A, "a=1; new=1")),
		},
		{
			name: "CRD-001 include, A: sent and stored", cookies: cookies, servers: cors, url: A + "/x", init: include, want: okA,
			check: all(wantSent("Cookie", "a=1"), wantJar(A, "a=1; new=1")),
		},
		{
			name: "CRD-002 same-origin, B: neither", cookies: cookies, servers: cors, url: B + "/x", want: okB,
			check: all(wantSent("Cookie", "-"), wantJar(B, "b=1")),
		},
		{
			name: "CRD-003 include, B: sent and stored", cookies: cookies, servers: cors, url: B + "/x", init: include, want: okB,
			check: all(wantSent("Cookie", "b=1"), wantJar(B, "b=1; new=1")),
		},
		{
			name: "CRD-003 include, B, with a preflight: sent and stored but there", cookies: cookies, url: B + "/x", init: include, method: "PUT", want: okB,
			servers: map[string]answer{
				"OPTIONS " + B + "/x": {status: 204, headers: append([]string{"Set-Cookie: preflight=1"}, allows().headers...)},
				B + "/x":              cors[B+"/x"],
			},
			check: all(wantSent("Cookie", "-", "b=1"), wantJar(B, "b=1; new=1")),
		},
		{
			name: "CRD-004 include, B fails the CORS check: stored", cookies: cookies, servers: sets(), url: B + "/x", init: include, want: "MissingAllowOriginHeader",
			check: all(wantSent("Cookie", "b=1"), wantJar(B, "b=1; new=1")),
		},
		{
			name: "CRD-004 include, wildcard: stored", cookies: cookies, servers: sets("Access-Control-Allow-Origin: *"), url: B + "/x", init: include, want: "WildcardOriginNotAllowed",
			check: wantJar(B, "b=1; new=1"),
		},
		{
			name: "CRD-005 omit, A: neither", cookies: cookies, servers: cors, url: A + "/x", init: omit, want: okA,
			check: all(wantSent("Cookie", "-"), wantJar(A, "a=1")),
		},
		{
			name: "CRD-005 omit, B: neither", cookies: cookies, servers: cors, url: B + "/x", init: omit, want: okB,
			check: all(wantSent("Cookie", "-"), wantJar(B, "b=1")),
		},
		{
			name: "CRD-006 no-cors, B: neither", cookies: cookies, servers: sets(), url: B + "/x", init: noCORS(fetch.Init{}), want: "opaque 0 ",
			check: all(wantSent("Cookie", "-"), wantJar(B, "b=1")),
		},
		{
			name: "CRD-007 no-cors include, B: sent and stored", cookies: cookies, servers: sets(), url: B + "/x", init: noCORS(include), want: "opaque 0 ",
			check: all(wantSent("Cookie", "b=1"), wantJar(B, "b=1; new=1")),
		},
		{
			name: "CRD-009 SameSite=None, cross-site", cookies: map[string]string{}, url: B + "/set", init: include, want: "cors 200 https://b.test/x redirected",
			servers: map[string]answer{
				B + "/set": redirectTo(302, "/x", "Set-Cookie: none=1; SameSite=None; Secure; Path=/"),
				B + "/x":   allowed(),
			},
			check: wantSent("Cookie", "-", "none=1"),
		},
		{
			name: "CRD-014 a developer's Cookie is ignored", cookies: cookies, servers: cors, url: A + "/x", headers: []string{"Cookie: mine=1"}, want: okA,
			check: all(wantSent("Cookie", "a=1"), func(t *testing.T, end ending) {
				if len(end.dropped) != 1 || end.dropped[0] != "Cookie: mine=1" {
					t.Errorf("ignored headers: %q; want Cookie", end.dropped)
				}
			}),
		},
		{
			name: "CRD-014 also without cookies of the browser", servers: cors, url: B + "/x", init: include,
			headers: []string{"cookie: mine=1", "COOKIE2: mine=1"}, want: okB,
			wire:  []string{"GET https://b.test/x"},
			check: wantSent("Cookie", "-"),
		},
	})
}

func TestSetCookieIsNeverVisible(t *testing.T) {
	headers := []string{
		"Set-Cookie: s=1", "Set-Cookie2: s=2", allowAsked,
		"Access-Control-Expose-Headers: *, set-cookie, Set-Cookie2",
	}
	servers := map[string]answer{A + "/x": {headers: headers}, B + "/x": {headers: headers}}
	hidden := func(t *testing.T, end ending) {
		for name := range end.response.Header {
			switch http.CanonicalHeaderKey(name) {
			case "Set-Cookie", "Set-Cookie2":
				t.Errorf("%s is visible", name)
			}
		}
	}
	tell(t, []story{
		{name: "CRD-015 basic", servers: servers, url: A + "/x", want: "basic 200 https://a.test/x", check: hidden},
		{name: "CRD-015 cors", servers: servers, url: B + "/x", want: "cors 200 https://b.test/x", check: hidden},
		{name: "CRD-015 opaque", servers: servers, url: B + "/x", init: fetch.Init{Mode: fetch.ModeNoCORS}, want: "opaque 0 ", check: hidden},
	})
	t.Run("CRD-015 http.Response", func(t *testing.T) {
		for _, url := range []string{A + "/x", B + "/x"} {
			resp, err := page(t, &web{servers: servers}, A, nil).RoundTrip(withInit(t, "GET", url, fetch.Init{}))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if got := resp.Cookies(); len(got) != 0 {
				t.Errorf("%s: cookies %v; want none", url, got)
			}
		}
	})
}
