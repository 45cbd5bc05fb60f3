package fetch_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
)

// TestTiming is the TAO check, and what Resource Timing tells of fetches that
// end well and of others. The browsers' rows are as recorded.
//
// https://fetch.spec.whatwg.org/#concept-tao-check
func TestTiming(t *testing.T) {
	noCORS := fetch.Init{Mode: fetch.ModeNoCORS}
	tao := func(values ...string) answer {
		a := answer{headers: []string{"Access-Control-Allow-Origin: *"}}
		for _, v := range values {
			a.headers = append(a.headers, "Timing-Allow-Origin: "+v)
		}
		return a
	}
	all := fetch.Timing{Entry: true, Detail: true, Size: true, Status: 200}
	hidden := fetch.Timing{Entry: true, Status: 200}
	failed := fetch.Timing{Entry: true}
	chromium, firefox, webkit := fetch.Chromium(), fetch.Firefox(), fetch.WebKit()
	for _, c := range []struct {
		name    string
		page    string // "" is A
		first   answer // at B/x, or at url
		url     string
		init    fetch.Init
		method  string
		profile *fetch.Profile
		want    fetch.Timing
	}{
		{name: "same-origin", url: A + "/x", want: all},
		{name: "no header", first: tao(), want: hidden},
		{name: "*", first: tao("*"), want: all},
		{name: "the page's origin", first: tao(A), want: all},
		{name: "another", first: tao(C), want: hidden},
		{name: "a list", first: tao(C + ", " + A), want: all},
		{name: "several headers", first: tao(C, A), want: all},
		{name: "* among others", first: tao(C, "*"), want: all},
		{name: "divided by spaces", first: tao(C + " " + A), want: hidden},
		{name: "quoted", first: tao("\"" + A + "\""), want: hidden},
		{name: "a slash", first: tao(A + "/"), want: hidden},
		{name: "another case", first: tao("HTTPS://a.test"), want: hidden},
		{name: "empty", first: tao(""), want: hidden},
		{name: "null to an opaque origin", page: "null", first: tao("null"), want: all},
		{name: "null to another", first: tao("null"), want: hidden},
		{name: "opaque", first: tao(), init: noCORS, want: failed},
		{name: "opaque, allowed", first: tao("*"), init: noCORS, want: fetch.Timing{Entry: true, Detail: true, Size: true}},
		{name: "a status", first: answer{status: 404, headers: []string{"Access-Control-Allow-Origin: *"}}, want: fetch.Timing{Entry: true, Status: 404}},
		{name: "a preflight's word does not count", method: "PUT", url: B + "/put", want: hidden},
		{name: "redirected, all allow", url: B + "/to-c", want: all},
		{name: "redirected, the first does not", url: B + "/silent-to-c", want: hidden},
		{name: "redirected from home", url: A + "/to-b", first: tao("*"), want: all},
		{name: "redirected from home, silent", url: A + "/to-b", first: tao(), want: hidden},
		{name: "an opaque redirect", url: A + "/to-b", init: fetch.Init{Redirect: fetch.RedirectManual}, want: fetch.Timing{Entry: true, Detail: true, Size: true}},
		{name: "an opaque redirect in Chromium", url: A + "/to-b", init: fetch.Init{Redirect: fetch.RedirectManual}, profile: chromium, want: failed},
		{name: "an opaque redirect in Firefox", url: A + "/to-b", init: fetch.Init{Redirect: fetch.RedirectManual}, profile: firefox, want: fetch.Timing{Entry: true, Detail: true, Size: true, Status: 302}},
		{name: "a redirect that is refused in Firefox", url: A + "/to-b", init: fetch.Init{Redirect: fetch.RedirectError}, profile: firefox, want: fetch.Timing{Entry: true, Detail: true, Size: true, Status: 302}},
		{name: "an opaque error in Firefox", first: answer{status: 404, headers: []string{"Timing-Allow-Origin: *"}}, init: noCORS, profile: firefox, want: failed},
		{name: "refused by CORP in Firefox", first: answer{headers: []string{"Timing-Allow-Origin: *", "Cross-Origin-Resource-Policy: same-origin"}}, init: noCORS, profile: firefox, want: fetch.Timing{Entry: true, Detail: true}},
		{name: "data:", url: "data:,x", want: fetch.Timing{}},
		{name: "blocked", url: "http://b.test/x", want: fetch.Timing{}},
		{name: "refused by CORS", first: answer{headers: []string{"Timing-Allow-Origin: *"}}, want: failed},
		{name: "refused by CORS in Chromium", first: answer{headers: []string{"Timing-Allow-Origin: *"}}, profile: chromium, want: failed},
		{name: "refused by CORS in Firefox", first: answer{headers: []string{"Timing-Allow-Origin: *"}}, profile: firefox, want: fetch.Timing{Entry: true, Detail: true, Size: true}},
		{name: "refused by CORS and silent in Firefox", first: answer{}, profile: firefox, want: failed},
		{name: "refused by CORS in WebKit", first: answer{headers: []string{"Timing-Allow-Origin: *"}}, profile: webkit, want: fetch.Timing{}},
		{name: "refused by a preflight", method: "PUT", first: answer{status: 403}, want: failed},
		{name: "same-origin in WebKit", url: A + "/x", profile: webkit, want: fetch.Timing{Entry: true, Detail: true, Size: true}},
		{name: "* in WebKit", first: tao("*"), profile: webkit, want: fetch.Timing{Entry: true, Detail: true}},
		{name: "redirected from home to silence in WebKit", url: A + "/to-b", first: tao(), profile: webkit, want: fetch.Timing{Entry: true, Size: true}},
		{name: "silence in WebKit", first: tao(), profile: webkit, want: failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &web{servers: map[string]answer{
				A + "/x": {}, B + "/x": c.first, C + "/x": tao("*"),
				A + "/to-b":             leads(302, B+"/x"),
				B + "/to-c":             leads(302, C+"/x", "Timing-Allow-Origin: *"),
				B + "/silent-to-c":      leads(302, C+"/x"),
				"OPTIONS " + B + "/put": {headers: []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT", "Timing-Allow-Origin: *"}},
				B + "/put":              tao(),
			}}
			if c.url == "" {
				c.url = B + "/x"
			}
			p := point{page: c.page, profile: c.profile}.open(t, w)
			resp, err := p.Fetch(t.Context(), &fetch.Request{Method: c.method, URL: c.url, Init: c.init})
			var got fetch.Timing
			if err == nil {
				got = resp.Timing
				resp.Body.Close()
			} else {
				got = failure(t, err).Timing
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
