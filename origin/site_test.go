package origin_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/corsfetch/corsfetch/origin"
)

var siteTests = []struct {
	desc, a, b   string
	same         bool
	schemelessly bool
}{
	// https://html.spec.whatwg.org/#same-site
	{"ORG-009 another scheme", "http://a.test", "https://a.test", false, true},
	{"ORG-010 a suffix of the list's private section", "https://u1.github.io", "https://u2.github.io", false, false},
	{"ORG-011 a full stop at the end", "https://a.test.", "https://a.test", false, false},
	{"ORG-012 equal IPv4 addresses", "http://127.0.0.1:1", "http://127.0.0.1:2", true, true},
	{"other IPv4 addresses", "http://127.0.0.1", "http://127.1.0.1", false, false},
	{"equal IPv6 addresses", "http://[::1]:1", "http://[::1]:2", true, true},
	{"other IPv6 addresses", "http://[::1]", "http://[::2]", false, false},
	{"equal", "https://a.test", "https://a.test", true, true},
	{"a subdomain", "https://x.a.test", "https://a.test", true, true},
	{"two subdomains", "https://x.a.test", "https://y.z.a.test:81", true, true},
	{"a subdomain and another scheme", "http://x.a.test", "https://a.test", false, true},
	{"another domain", "https://a.test", "https://b.test", false, false},
	{"a label that ends alike", "https://aa.test", "https://a.test", false, false},
	{"another top-level domain", "https://a.test", "https://a.example", false, false},
	{"a suffix of two labels", "https://a.co.uk", "https://b.co.uk", false, false},
	{"below a suffix of two labels", "https://x.a.co.uk", "https://y.a.co.uk", true, true},
	{"a suffix and a domain below it", "https://github.io", "https://u1.github.io", false, false},
	{"a suffix and itself", "https://github.io:1", "https://github.io:2", true, true},
	{"a wildcard rule", "https://a.ck", "https://x.a.ck", false, false},
	{"below a wildcard rule", "https://y.x.a.ck", "https://x.a.ck", true, true},
	{"an exception to a wildcard rule", "https://x.www.ck", "https://www.ck", true, true},
	{"full stops at both ends", "https://x.a.test.", "https://a.test.", true, true},
	{"full stops at both ends of suffixes", "https://u1.github.io.", "https://u2.github.io.", false, false},
	{"localhost", "http://localhost:1", "http://localhost:2", true, true},
	{"localhost and a name below it", "http://localhost", "http://x.localhost", false, false},
	{"names below localhost", "http://y.x.localhost", "http://x.localhost", true, true},
	{"an internationalized suffix", "https://www.商标.中国", "https://商标.中国", true, true},
	{"an internationalized suffix of two labels", "https://a.公司.cn", "https://b.公司.cn", false, false},
	{"empty labels", "https://a..test", "https://b..test", false, false},
	{"only full stops", "https://..", "https://...", false, false},
	{"opaque", "data:,x", "data:,x", false, false},
	{"opaque and a tuple", "data:,x", "https://a.test", false, false},
}

func TestSameSite(t *testing.T) {
	var sites origin.Sites
	for _, tc := range siteTests {
		t.Run(tc.desc, func(t *testing.T) {
			a, b := fromURL(t, tc.a), fromURL(t, tc.b)
			for range 2 { // the second time, from memory
				for by, got := range map[string]bool{
					"Origin": a.SameSite(b), "Sites": sites.SameSite(a, b), "nil Sites": (*origin.Sites)(nil).SameSite(a, b),
				} {
					if got != tc.same {
						t.Errorf("%s: SameSite(%s, %s) = %t; want %t", by, a, b, got, tc.same)
					}
				}
				for by, got := range map[string]bool{
					"Origin": a.SchemelesslySameSite(b), "Sites": sites.SchemelesslySameSite(a, b),
				} {
					if got != tc.schemelessly {
						t.Errorf("%s: SchemelesslySameSite(%s, %s) = %t; want %t", by, a, b, got, tc.schemelessly)
					}
				}
			}
			checkSites(t, a, b)
		})
	}
}

// checkSites checks what holds for the sites of any two origins.
func checkSites(t *testing.T, a, b origin.Origin) {
	t.Helper()
	same, schemelessly := a.SameSite(b), a.SchemelesslySameSite(b)
	if b.SameSite(a) != same || b.SchemelesslySameSite(a) != schemelessly {
		t.Errorf("SameSite(%s, %s) is not symmetric", a, b)
	}
	if sites := a.Site() == b.Site(); sites != same {
		t.Errorf("SameSite(%s, %s) = %t; the sites are equal: %t", a, b, same, sites)
	}
	if want := schemelessly && a.Scheme() == b.Scheme(); same != want {
		t.Errorf("SameSite(%s, %s) = %t, SchemelesslySameSite %t", a, b, same, schemelessly)
	}
	if a == b && !same {
		t.Errorf("%s and %s are the same origin but not the same site", a, b)
	}
	var sites origin.Sites
	for range 2 {
		if sites.SameSite(a, b) != same || sites.Site(a) != a.Site() || sites.RegistrableDomain(a) != a.RegistrableDomain() {
			t.Errorf("%s and %s: a Sites differs from the methods of Origin", a, b)
		}
	}
	if same && a.Site().String() != b.Site().String() {
		t.Errorf("the sites of %s and %s are %s and %s", a, b, a.Site(), b.Site())
	}
}

func TestSameSiteOfAllPairs(t *testing.T) {
	var all []origin.Origin
	for _, tc := range siteTests {
		all = append(all, fromURL(t, tc.a), fromURL(t, tc.b))
	}
	all = append(all, origin.Origin{})
	for _, a := range all {
		for _, b := range all {
			checkSites(t, a, b)
		}
	}
}

// https://url.spec.whatwg.org/#host-registrable-domain
func TestRegistrableDomain(t *testing.T) {
	for _, tc := range []struct{ host, want, site string }{
		{"a.test", "a.test", "https://a.test"},
		{"x.y.a.test", "a.test", "https://a.test"},
		{"a.test.", "a.test.", "https://a.test."},
		{"x.a.test.", "a.test.", "https://a.test."},
		{"WWW.EXAMPLE.CO.UK", "example.co.uk", "https://example.co.uk"},
		{"co.uk", "", "https://co.uk"},
		{"co.uk.", "", "https://co.uk."},
		{"com", "", "https://com"},
		{"github.io", "", "https://github.io"},
		{"a.b.github.io", "b.github.io", "https://b.github.io"},
		{"localhost", "", "https://localhost"},
		{"x.localhost", "x.localhost", "https://x.localhost"},
		{"127.0.0.1", "", "https://127.0.0.1"},
		{"[2001:db8::1]", "", "https://[2001:db8::1]"},
		{"www.商标.中国", "xn--czr694b.xn--fiqs8s", "https://xn--czr694b.xn--fiqs8s"},
		{"a..test", "", "https://a..test"},
		{".a.test", "", "https://.a.test"},
		{"a.test..", "", "https://a.test.."},
		{".", "", "https://."},
		{"..", "", "https://.."},
		{strings.Repeat("x.", 500) + "a.test", "a.test", "https://a.test"},
	} {
		o := fromURL(t, "https://"+tc.host+":81/")
		if got := o.RegistrableDomain(); got != tc.want {
			t.Errorf("RegistrableDomain of %.40s = %q; want %q", tc.host, got, tc.want)
		}
		if got := o.Site().String(); got != tc.site {
			t.Errorf("Site of %.40s = %s; want %s", tc.host, got, tc.site)
		}
	}
	if got := origin.NewOpaque().Site().String(); got != "null" {
		t.Errorf("the site of an opaque origin is %s; want null", got)
	}
}

// More hosts than a Sites remembers, from several goroutines.
func TestSitesUnderLoad(t *testing.T) {
	var sites origin.Sites
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 5000 {
				o := origin.MustParse(fmt.Sprintf("https://x%d.a%d.test", g, i))
				if got, want := sites.RegistrableDomain(o), fmt.Sprintf("a%d.test", i); got != want {
					t.Errorf("RegistrableDomain(%s) = %q; want %q", o, got, want)
				}
			}
		})
	}
	wg.Wait()
}
