package origin_test

import (
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// Names for origins: A1 and A2 are on the site of A, B2 is on that of B, and Ah
// is A without TLS.
var taintOrigins = map[string]string{
	"A": "https://a.test", "A1": "https://x.a.test", "A2": "https://y.a.test", "Ah": "http://a.test",
	"B": "https://b.test", "B2": "https://x.b.test", "C": "https://c.test", "data": "data:,x",
}

// taintTests are of requests from A, unless they say otherwise.
var taintTests = []struct {
	desc    string
	request string
	urls    string
	want    origin.Taint
}{
	// https://fetch.spec.whatwg.org/#concept-request-tainted-origin
	{desc: "no URL", urls: "", want: origin.SameOriginTaint},
	{desc: "own origin", urls: "A", want: origin.SameOriginTaint},
	{desc: "another site", urls: "B", want: origin.SameOriginTaint},
	{desc: "within the own origin", urls: "A A", want: origin.SameOriginTaint},
	{desc: "ORG-022 within another origin", urls: "B B", want: origin.SameOriginTaint},
	{desc: "ORG-016 leaving the own origin", urls: "A B", want: origin.SameOriginTaint},
	{desc: "leaving the own origin later", urls: "A A B", want: origin.SameOriginTaint},
	{desc: "leaving the own origin for the own site", urls: "A A1", want: origin.SameOriginTaint},

	{desc: "from the own site to the own origin", urls: "A1 A", want: origin.SameSiteTaint},
	{desc: "within the own site", urls: "A1 A2", want: origin.SameSiteTaint},
	{desc: "ORG-017 within another site", urls: "B B2", want: origin.SameSiteTaint},
	{desc: "to another site and within it", urls: "A B B2", want: origin.SameSiteTaint},
	{desc: "ORG-020 to the own site and back", urls: "A A1 A", want: origin.SameSiteTaint},
	{desc: "ORG-021 from the own site to another", urls: "A1 B", want: origin.SameSiteTaint},
	{desc: "same-site stays", urls: "A1 A A", want: origin.SameSiteTaint},

	{desc: "from another site", urls: "B A", want: origin.CrossSiteTaint},
	{desc: "ORG-018 from another site to a third", urls: "B C", want: origin.CrossSiteTaint},
	{desc: "ORG-019 there and back", urls: "A B A", want: origin.CrossSiteTaint},
	{desc: "to another site and a third", urls: "A B C", want: origin.CrossSiteTaint},
	{desc: "same-site before cross-site", urls: "B B2 C", want: origin.CrossSiteTaint},
	{desc: "cross-site stays", urls: "B A A A", want: origin.CrossSiteTaint},
	{desc: "another scheme is another site", urls: "Ah A", want: origin.CrossSiteTaint},
	{desc: "an upgrade elsewhere and away", urls: "A Ah B", want: origin.CrossSiteTaint},

	{desc: "opaque request, one URL", request: "data", urls: "A", want: origin.SameOriginTaint},
	{desc: "opaque request, one origin", request: "data", urls: "A A", want: origin.SameOriginTaint},
	{desc: "opaque request, one site", request: "data", urls: "A A1", want: origin.SameSiteTaint},
	{desc: "opaque request, two sites", request: "data", urls: "A B", want: origin.CrossSiteTaint},
	{desc: "opaque URL", urls: "data A", want: origin.CrossSiteTaint},
	{desc: "to an opaque URL", urls: "A data", want: origin.SameOriginTaint},
	{desc: "between opaque URLs", urls: "data data", want: origin.CrossSiteTaint},
}

func TestRedirectTaint(t *testing.T) {
	var sites origin.Sites
	for _, tc := range taintTests {
		t.Run(tc.desc, func(t *testing.T) {
			name := "A"
			if tc.request != "" {
				name = tc.request
			}
			request := fromURL(t, taintOrigins[name])
			var urls []*weburl.URL
			for _, name := range strings.Fields(tc.urls) {
				urls = append(urls, weburl.MustParse(taintOrigins[name]))
			}
			if got := origin.RedirectTaint(request, urls); got != tc.want {
				t.Errorf("request from %s, [%s]: got %s; want %s", name, tc.urls, got, tc.want)
			}
			if got := sites.RedirectTaint(request, urls); got != tc.want {
				t.Errorf("request from %s, [%s], with Sites: got %s; want %s", name, tc.urls, got, tc.want)
			}
			// One more URL never makes it less.
			for n := range urls {
				if got := origin.RedirectTaint(request, urls[:n]); got > tc.want {
					t.Errorf("request from %s, [%s]: got %s for the first %d; want at most %s", name, tc.urls, got, n, tc.want)
				}
			}
		})
	}
}

func TestTaintString(t *testing.T) {
	for taint, want := range map[origin.Taint]string{
		origin.SameOriginTaint: "same-origin", origin.SameSiteTaint: "same-site", origin.CrossSiteTaint: "cross-site",
	} {
		if got := taint.String(); got != want {
			t.Errorf("got %s; want %s", got, want)
		}
	}
}
