package origin_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

func TestPotentiallyTrustworthy(t *testing.T) {
	for _, tc := range []struct {
		desc, url string
		want      bool
	}{
		// https://w3c.github.io/webappsec-secure-contexts/#potentially-trustworthy-origin
		{"https", "https://a.test/", true},
		{"wss", "wss://a.test:81/", true},
		{"http", "http://a.test/", false},
		{"ws", "ws://a.test/", false},
		{"ftp", "ftp://a.test/", false},
		{"ORG-013 a name below localhost", "http://foo.localhost/", true},
		{"localhost", "http://localhost:8080/", true},
		{"localhost in uppercase", "http://LOCALHOST/", true},
		{"localhost with a full stop", "http://localhost./", true},
		{"a name below localhost with a full stop", "ws://foo.bar.localhost./", true},
		{"a name that ends in localhost", "http://notlocalhost/", false},
		{"a name below which localhost is", "http://localhost.a.test/", false},
		{"localhost with two full stops", "http://localhost../", false},
		{"ORG-014 the IPv6 loopback address", "http://[::1]/", true},
		{"ORG-014 another IPv4 loopback address", "http://127.9.9.9/", true},
		{"an IPv4 loopback address with a port", "http://127.0.0.1:1/", true},
		{"a short IPv4 loopback address", "http://127.1/", true},
		{"a name that starts like a loopback address", "http://127.0.0.1.a.test/", false},
		{"an IPv4-mapped loopback address", "http://[::ffff:127.0.0.1]/", false},
		{"ORG-015 a private IPv4 address", "http://192.168.0.1/", false},
		{"0.0.0.0", "http://0.0.0.0/", false},
		{"another IPv6 address", "http://[::2]/", false},
		{"blob of https", "blob:https://a.test/id", true},
		{"blob of http", "blob:http://a.test/id", false},
		{"blob of nothing", "blob:null/id", false},

		// https://w3c.github.io/webappsec-secure-contexts/#potentially-trustworthy-url
		{"data", "data:,x", true},
		{"about:blank", "about:blank", true},
		{"about:blank with a fragment", "about:blank#f", true},
		{"about:srcdoc", "about:srcdoc", true},
		{"another about URL", "about:version", false},
		{"file", "file:///x", false},
		{"another scheme", "foo://localhost/", false},
	} {
		u := weburl.MustParse(tc.url)
		if got := origin.PotentiallyTrustworthyURL(u); got != tc.want {
			t.Errorf("%s: PotentiallyTrustworthyURL(%s) = %t; want %t", tc.desc, u, got, tc.want)
		}
		o := origin.FromURL(u)
		if want := tc.want && !o.IsOpaque(); o.PotentiallyTrustworthy() != want {
			t.Errorf("%s: %s.PotentiallyTrustworthy() = %t; want %t", tc.desc, o, !want, want)
		}
	}
	if o := origin.MustParse("file://a"); !o.PotentiallyTrustworthy() {
		t.Errorf("%s.PotentiallyTrustworthy() = false; want true", o)
	}
}
