package cookies_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/origin"
)

// The hosts of the recordings. a and aSub are same-site, b is another site, and
// x and y are not loopback names.
const (
	aHTTP  = "http://a.localhost:8001"
	a2HTTP = "http://a.localhost:8002"
	aSub   = "http://sub.a.localhost:8001"
	bHTTP  = "http://b.localhost:8001"
	aTLS   = "https://a.localhost:8443"
	a2TLS  = "https://a.localhost:8444"
	subTLS = "https://sub.a.localhost:8443"
	bTLS   = "https://b.localhost:8443"
	xHTTP  = "http://x.test"
	yHTTP  = "http://y.test"
)

var (
	secureThree = []string{"none=1; SameSite=None; Secure", "lax=1; SameSite=Lax; Secure", "strict=1; SameSite=Strict; Secure"}
	oneOfEach   = []string{"none=1; SameSite=None; Secure", "lax=1; SameSite=Lax", "strict=1; SameSite=Strict", "plain=1"}
)

// recordings are what Chromium 156, Firefox 153 and WebKitGTK 2.50 did: the
// Cookie header of a fetch that included credentials, once a visit to the
// server had set some cookies.
var recordings = []struct {
	desc  string
	given []string // by a visit to the last hop's origin
	set   []string // by a response to a request like r before
	r     cookies.Request

	chromium, firefox, webkit string
}{
	{
		desc: "same origin", given: secureThree, r: from(aTLS, aTLS+"/x"),
		chromium: "none=1; lax=1; strict=1", firefox: "none=1; lax=1; strict=1", webkit: "none=1; lax=1; strict=1",
	},
	{
		desc: "other port", given: secureThree, r: from(aTLS, a2TLS+"/x"),
		chromium: "none=1; lax=1; strict=1", firefox: "none=1; lax=1; strict=1", webkit: "none=1; lax=1; strict=1",
	},
	{
		desc: "subdomain", given: secureThree, r: from(aTLS, subTLS+"/x"),
		chromium: "none=1; lax=1; strict=1", firefox: "none=1; lax=1; strict=1", webkit: "none=1; lax=1; strict=1",
	},
	{
		desc: "CRD-010 Strict of a subdomain", given: []string{"s=1; SameSite=Strict"}, r: from(aHTTP, aSub+"/x"),
		chromium: "s=1", firefox: "s=1", webkit: "s=1",
	},
	{
		desc: "other port over http", given: []string{"own=1"}, r: from(aHTTP, a2HTTP+"/x"),
		chromium: "own=1", firefox: "own=1", webkit: "own=1",
	},
	{
		desc: "other site", given: secureThree, r: from(aTLS, bTLS+"/x"),
		chromium: "none=1", firefox: "", webkit: "none=1",
	},
	{
		desc:     "CRD-008 CRD-009 other site, with and without SameSite",
		given:    oneOfEach,
		r:        from(aTLS, bTLS+"/x"),
		chromium: "none=1", firefox: "", webkit: "none=1; plain=1",
	},
	{
		desc:     "other site over http",
		given:    oneOfEach,
		r:        from(aHTTP, bHTTP+"/x"),
		chromium: "none=1", firefox: "", webkit: "plain=1",
	},
	{
		desc:     "other site, set by the response before",
		set:      oneOfEach,
		r:        from(aTLS, bTLS+"/x"),
		chromium: "none=1", firefox: "none=1; plain=1", webkit: "none=1; plain=1",
	},
	{
		desc:     "other site, Partitioned",
		given:    []string{"chips=1; SameSite=None; Secure; Partitioned", "none=1; SameSite=None; Secure"},
		r:        from(aTLS, bTLS+"/x"),
		chromium: "none=1", firefox: "", webkit: "chips=1; none=1",
	},
	{
		desc:     "http page, https server of the same host",
		given:    []string{"lax=1; SameSite=Lax", "strict=1; SameSite=Strict", "plain=1", "secure=1; Secure"},
		r:        from(aHTTP, aTLS+"/x"),
		chromium: "", firefox: "lax=1; strict=1; plain=1; secure=1", webkit: "lax=1; strict=1; plain=1; secure=1",
	},
	{
		desc:     "neither end is trustworthy",
		given:    []string{"plain=1", "lax=1; SameSite=Lax", "none=1; SameSite=None", "secure=1; SameSite=None; Secure"},
		r:        from(xHTTP, yHTTP+"/x"),
		chromium: "", firefox: "", webkit: "plain=1; none=1",
	},
	{
		desc:     "http on loopback",
		given:    []string{"secure=1; Secure", "none=1; SameSite=None", "bogus=1; SameSite=Bogus"},
		r:        from(aHTTP, aHTTP+"/x"),
		chromium: "secure=1; bogus=1", firefox: "secure=1; bogus=1", webkit: "none=1; bogus=1",
	},
	{
		desc: "by way of another site", given: secureThree, r: from(aTLS, aTLS+"/r", bTLS+"/r", aTLS+"/x"),
		chromium: "none=1; lax=1; strict=1", firefox: "none=1", webkit: "none=1; lax=1; strict=1",
	},
	{
		desc: "sandboxed frame, own host", given: secureThree,
		r:        cookies.Request{URLs: list(aTLS + "/x"), Origin: origin.NewOpaque(), TopLevel: origin.MustParse(aTLS)},
		chromium: "none=1", firefox: "", webkit: "none=1; lax=1; strict=1",
	},
	{
		desc: "frame of another site, to the tab's", given: []string{"none=1; SameSite=None; Secure", "plain=1", "strict=1; SameSite=Strict"},
		r:        cookies.Request{URLs: list(aTLS + "/x"), Origin: origin.MustParse(bTLS), TopLevel: origin.MustParse(aTLS)},
		chromium: "none=1", firefox: "", webkit: "none=1; plain=1; strict=1",
	},
}

func TestRecorded(t *testing.T) {
	for _, test := range recordings {
		for _, browser := range []struct {
			name  string
			rules cookies.Rules
			want  string
		}{
			{"chromium", chromium, test.chromium},
			{"firefox", firefox, test.firefox},
			{"webkit", webkit, test.webkit},
		} {
			t.Run(test.desc+"/"+browser.name, func(t *testing.T) {
				var s cookies.Store
				last := test.r.URLs[len(test.r.URLs)-1].String()
				s.SetCookies(visit(last), test.given, browser.rules, noon)
				s.SetCookies(test.r, test.set, browser.rules, noon)
				if got := s.Cookie(test.r, browser.rules, noon); got != browser.want {
					t.Errorf("sent %q; the browser sent %q", got, browser.want)
				}
			})
		}
	}
}
