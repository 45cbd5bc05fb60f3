package fetch_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
)

// Which requests have an Origin header, and what it says.
//
// https://fetch.spec.whatwg.org/#append-a-request-origin-header

// anyone answers all origins.
var anyone = answer{headers: []string{"Access-Control-Allow-Origin: *"}}

// leads is a redirect that all origins may follow.
func leads(status int, to string, lines ...string) answer {
	return answer{status: status, headers: append([]string{"Access-Control-Allow-Origin: *", "Location: " + to}, lines...)}
}

func TestOriginHeader(t *testing.T) {
	const loopbackURL = "http://127.0.0.1/x"
	everywhere := map[string]answer{A + "/x": anyone, B + "/x": anyone, loopbackURL: anyone, "http://b.test/x": anyone}
	to := func(method, url string, mode fetch.Mode) call {
		return call{method: method, url: url, init: fetch.Init{Mode: mode}}
	}
	isA, isNull, none := []string{"1 Origin: " + A}, []string{"1 Origin: null"}, []string{"1 !Origin"}
	points := []point{
		{name: "ORH-001 a GET of the page's origin", call: to("GET", A+"/x", ""), want: "GET => basic 200", wire: none},
		{name: "ORH-001 a HEAD", call: to("HEAD", A+"/x", ""), want: "HEAD => basic 200", wire: none},
		{name: "ORH-002 a POST of the page's origin, mode cors", policy: fetch.NoReferrerPolicy, call: to("POST", A+"/x", fetch.ModeCORS), want: "POST => basic 200", wire: isA},
		{name: "ORH-002 a PUT", policy: fetch.NoReferrerPolicy, call: to("PUT", A+"/x", fetch.ModeCORS), want: "PUT => basic 200", wire: isA},
		{name: "ORH-003 mode same-origin, policy no-referrer", policy: fetch.NoReferrerPolicy, call: to("POST", A+"/x", fetch.ModeSameOrigin), want: "POST => basic 200", wire: isNull},
		{name: "ORH-003 policy same-origin", policy: fetch.SameOriginPolicy, call: to("POST", A+"/x", fetch.ModeSameOrigin), want: "POST => basic 200", wire: isA},
		{name: "ORH-003 default policy", call: to("POST", A+"/x", fetch.ModeSameOrigin), want: "POST => basic 200", wire: isA},
		{name: "ORH-004 a cross-origin HEAD", call: to("HEAD", B+"/x", ""), want: "HEAD => cors 200", wire: isA},
		{name: "ORH-004 by any policy", policy: fetch.NoReferrerPolicy, call: to("GET", B+"/x", ""), want: "GET => cors 200", wire: isA},
		{name: "ORH-005 a no-cors POST", call: to("POST", B+"/x", fetch.ModeNoCORS), want: "POST => opaque 0", wire: isA},
		{name: "ORH-007 policy same-origin", policy: fetch.SameOriginPolicy, call: to("POST", B+"/x", fetch.ModeNoCORS), want: "POST => opaque 0", wire: isNull},
		{name: "ORH-007 policy no-referrer", policy: fetch.NoReferrerPolicy, call: to("POST", B+"/x", fetch.ModeNoCORS), want: "POST => opaque 0", wire: isNull},
		{name: "ORH-007 the request's policy goes before the page's", policy: fetch.OriginPolicy, want: "POST => opaque 0", wire: isNull,
			call: call{method: "POST", url: B + "/x", init: fetch.Init{Mode: fetch.ModeNoCORS, ReferrerPolicy: fetch.SameOriginPolicy}}},
		{name: "ORH-007 chromium does not mask", profile: fetch.Chromium(), policy: fetch.SameOriginPolicy, call: to("POST", B+"/x", fetch.ModeNoCORS), want: "POST => opaque 0", wire: isA},
		{name: "ORH-009 a no-cors GET", call: to("GET", B+"/x", fetch.ModeNoCORS), want: "GET => opaque 0", wire: none},
		{name: "ORH-009 a no-cors HEAD", call: to("HEAD", B+"/x", fetch.ModeNoCORS), want: "HEAD => opaque 0", wire: none},
	}
	for _, policy := range []fetch.ReferrerPolicy{fetch.DefaultReferrerPolicy, fetch.StrictOriginPolicy, fetch.NoReferrerWhenDowngradePolicy} {
		points = append(points,
			point{name: "ORH-006 a no-cors POST from https to http, policy " + string(policy), policy: policy, call: to("POST", loopbackURL, fetch.ModeNoCORS), want: "POST => opaque 0", wire: isNull},
			point{name: "ORH-006 from http to http, policy " + string(policy), page: H + "/", policy: policy, call: to("POST", "http://b.test/x", fetch.ModeNoCORS), want: "POST => opaque 0", wire: []string{"1 Origin: " + H}},
		)
	}
	for _, policy := range []fetch.ReferrerPolicy{fetch.OriginPolicy, fetch.UnsafeURLPolicy, fetch.OriginWhenCrossOriginPolicy} {
		points = append(points,
			point{name: "ORH-008 policy " + string(policy), policy: policy, call: to("POST", B+"/x", fetch.ModeNoCORS), want: "POST => opaque 0", wire: isA},
			point{name: "ORH-008 to http, policy " + string(policy), policy: policy, call: to("POST", loopbackURL, fetch.ModeNoCORS), want: "POST => opaque 0", wire: isA},
		)
	}
	for i := range points {
		points[i].servers = everywhere
	}
	runPoints(t, points)
}

// Redirects, by the origins that they lead through.
//
// https://fetch.spec.whatwg.org/#serializing-a-request-origin
func TestOriginHeaderRedirected(t *testing.T) {
	// chain is servers of the origins that redirect from one to the next; the
	// last allows who calls itself allowed.
	chain := func(allowed string, origins ...string) (first string, servers map[string]answer) {
		servers = map[string]answer{}
		for i, o := range origins[:len(origins)-1] {
			servers[o+"/"+strings.Repeat("r", i)] = leads(307, origins[i+1]+"/"+strings.Repeat("r", i+1))
		}
		last := origins[len(origins)-1] + "/" + strings.Repeat("r", len(origins)-1)
		servers[last] = answer{}
		if allowed != "" {
			servers[last] = answer{headers: []string{"Access-Control-Allow-Origin: " + allowed}}
		}
		return origins[0] + "/", servers
	}
	var points []point
	for _, test := range []struct {
		name    string
		method  string
		origins []string
		allowed string
		want    string
		wire    []string
	}{
		{"ORH-010 A, B", "GET", []string{A, B}, A, "GET GET => cors 200", []string{"1 !Origin", "2 Origin: " + A}},
		{"ORH-010 A, A, B", "GET", []string{A, A, B}, A, "GET GET GET => cors 200", []string{"1 !Origin", "2 !Origin", "3 Origin: " + A}},
		{"ORH-011 B, C", "GET", []string{B, C}, "null", "GET GET => cors 200", []string{"1 Origin: " + A, "2 Origin: null"}},
		{"ORH-011 B, C, which allows A", "GET", []string{B, C}, A, "GET GET => AllowOriginMismatch", []string{"2 Origin: null"}},
		{"ORH-011 B, B2", "GET", []string{B, B2}, "null", "GET GET => cors 200", []string{"2 Origin: null"}},
		{"ORH-011 A, B, C", "GET", []string{A, B, C}, "null", "GET GET GET => cors 200", []string{"1 !Origin", "2 Origin: " + A, "3 Origin: null"}},
		{"ORH-011 A2, B", "GET", []string{A2, B}, "null", "GET GET => cors 200", []string{"1 Origin: " + A, "2 Origin: null"}},
		{"ORH-011 B, C, C", "GET", []string{B, C, C}, "null", "GET GET GET => cors 200", []string{"2 Origin: null", "3 Origin: null"}},
		{"ORH-012 B, A, which allows null", "GET", []string{B, A}, "null", "GET GET => cors 200", []string{"1 Origin: " + A, "2 Origin: null"}},
		{"ORH-012 B, A, which allows any", "GET", []string{B, A}, "*", "GET GET => cors 200", []string{"2 Origin: null"}},
		{"ORH-012 B, A, which allows A", "GET", []string{B, A}, A, "GET GET => AllowOriginMismatch", []string{"2 Origin: null"}},
		{"ORH-012 B, A, which allows none", "GET", []string{B, A}, "", "GET GET => MissingAllowOriginHeader", []string{"2 Origin: null"}},
		{"ORH-012 A2, A", "GET", []string{A2, A}, "null", "GET GET => cors 200", []string{"2 Origin: null"}},
		{"ORH-012 A, B, A", "GET", []string{A, B, A}, "null", "GET GET GET => cors 200", []string{"3 Origin: null"}},
		{"ORH-013 B, B", "GET", []string{B, B}, A, "GET GET => cors 200", []string{"1 Origin: " + A, "2 Origin: " + A}},
		{"ORH-013 A, B, B", "GET", []string{A, B, B}, A, "GET GET GET => cors 200", []string{"3 Origin: " + A}},
		{"ORH-014 a POST A, A", "POST", []string{A, A}, "", "POST POST => basic 200", []string{"1 Origin: " + A, "2 Origin: " + A}},
		{"ORH-014 a POST A, B", "POST", []string{A, B}, A, "POST POST => cors 200", []string{"1 Origin: " + A, "2 Origin: " + A}},
	} {
		first, servers := chain(test.allowed, test.origins...)
		points = append(points, point{name: test.name, call: call{method: test.method, url: first}, servers: servers, want: test.want, wire: test.wire})
	}
	runPoints(t, points)
}

func TestOriginHeaderOfDeveloper(t *testing.T) {
	own := "Origin: https://evil.test"
	runPoints(t, []point{
		{name: "ORH-015 a developer's Origin is ignored", call: call{url: B + "/x", header: []string{own}}, servers: says(okOrigin), want: "GET => cors 200", wire: []string{"1 Origin: " + A}},
		{name: "ORH-015 where there is none", call: call{url: A + "/x", header: []string{own}}, servers: map[string]answer{A + "/x": {}}, want: "GET => basic 200", wire: []string{"1 !Origin"}},
		{name: "ORH-015 with its preflight", call: call{method: "PUT", url: B + "/x", header: []string{own}}, servers: asked(allowPUT), want: "OPTIONS PUT => cors 200",
			wire: []string{"1 Origin: " + A, "1 !Access-Control-Request-Headers", "2 Origin: " + A}},
	})
	for _, name := range []string{"origin", "oRIGIN", "ORIGIN"} {
		t.Run("ORH-015 by another spelling, and a trace tells: "+name, func(t *testing.T) {
			w := &web{servers: says(okOrigin)}
			var dropped []string
			ctx := fetch.WithTrace(t.Context(), &fetch.Trace{HeaderDropped: func(name, value string) { dropped = append(dropped, name+": "+value) }})
			req, err := http.NewRequestWithContext(ctx, "GET", B+"/x", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header[name] = []string{"https://evil.test"}
			resp, err := point{}.open(t, w).RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			wire := w.take()
			checkWire(t, wire, "1 Origin: "+A)
			if values := wire[0].header[name]; values != nil {
				t.Errorf("%s: %q is sent; want none", name, values)
			}
			if diff := cmp.Diff([]string{name + ": https://evil.test"}, dropped); diff != "" {
				t.Errorf("headers dropped (-want +got):\n%s", diff)
			}
		})
	}
}
