package weburl

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// canonicalTests are what parseCanonical has to accept, and what it must leave
// to parse.
var canonicalTests = []struct {
	in   string
	want bool
}{
	{"https://a.test/", true},
	{"http://a.test/", true},
	{"https://a.test:8443/x/y.z?q=1&r='#f", false}, // an apostrophe is encoded in queries
	{"https://a.test:8443/x/y.z?q=1&r=/..#f'?#", true},
	{"https://a.test/?", true},
	{"https://a.test/#", true},
	{"https://a.test/?#", true},
	{"https://a.test/%41%", true},
	{"https://a.test/.well-known/x", true},
	{"https://a.test/...", true},
	{"https://a.test/%2ex", true},
	{"https://a.test/%2e%2e%2e", true},
	{"https://a.test//", true},
	{"https://xn--bcher-kva.example/", true},
	{"https://a_b.-c-..d/", true},
	{"http://127.0.0.1:8080/x", true},
	{"http://0.0.0.255/", true},

	{"https://a.test", false},
	{"https:/a.test/", false},
	{"https:///", false},
	{"ftp://a.test/", false},
	{"HTTPS://a.test/", false},
	{"https://A.test/", false},
	{"https://a.test./", false},
	{"https://a%2e/", false},
	{"https://u@a.test/", false},
	{"https://[::1]/", false},
	{"https://a.test:443/", false},
	{"http://a.test:80/", false},
	{"https://a.test:/", false},
	{"https://a.test:0/", false},
	{"https://a.test:081/", false},
	{"https://a.test:65536/", false},
	{"https://a.test:655350/", false},
	{"https://a.test:8x/", false},
	{"http://127.1/", false},
	{"http://1.2.3.4.5/", false},
	{"http://1.2.3.04/", false},
	{"http://1.2.3.256/", false},
	{"http://1.2..4/", false},
	{"http://a.0x1/", false},
	{"https://a.test/.", false},
	{"https://a.test/..", false},
	{"https://a.test/x/../y", false},
	{"https://a.test/x/./y", false},
	{"https://a.test/%2e", false},
	{"https://a.test/%2E.?q", false},
	{"https://a.test/.%2e#f", false},
	{"https://a.test/%2e%2E/", false},
	{`https://a.test/x\y`, false},
	{"https://a.test/x y", false},
	{"https://a.test/x\ty", false},
	{"https://a.test/x\n", false},
	{" https://a.test/", false},
	{"https://a.test/^", false},
	{"https://a.test/é", false},
	{"https://a.test/?é", false},
	{"https://a.test/#é", false},
	{"https://a.test/#`", false},
	{"https://a.test/?\"", false},
	{"https://", false},
	{"", false},
}

func TestParseCanonical(t *testing.T) {
	for _, tc := range canonicalTests {
		u, ok := parseCanonical(tc.in)
		if ok != tc.want {
			t.Errorf("parseCanonical(%q): ok = %t; want %t", tc.in, ok, tc.want)
		}
		if ok {
			checkCanonical(t, tc.in, u)
		}
	}
}

// checkCanonical checks that parse has the same result as parseCanonical.
func checkCanonical(t *testing.T, in string, got URL) {
	t.Helper()
	want, why := parse(in, nil)
	if why != "" {
		t.Errorf("parseCanonical(%q) = %s; want %s", in, got.href, why)
		return
	}
	if diff := cmp.Diff(*want, got, cmp.AllowUnexported(URL{})); diff != "" {
		t.Errorf("%q (-parse +parseCanonical):\n%s", in, diff)
	}
}

func FuzzParseCanonical(f *testing.F) {
	for _, tc := range canonicalTests {
		f.Add(tc.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if u, ok := parseCanonical(in); ok {
			checkCanonical(t, in, u)
		}
	})
}
