package weburl_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/origin/weburl"
)

func TestWithoutFragment(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.test/x?q#f":  "https://a.test/x?q",
		"https://a.test/x#":     "https://a.test/x",
		"https://a.test/x":      "https://a.test/x",
		"data:text/plain,a  #f": "data:text/plain,a %20",
		"foo:/.//x#f":           "foo:/.//x",
	} {
		checkDerived(t, "WithoutFragment", weburl.MustParse(in).WithoutFragment(), want)
	}
}

func TestWithFragment(t *testing.T) {
	for _, tc := range []struct{ in, fragment, want string }{
		{"https://a.test/x", "f", "https://a.test/x#f"},
		{"https://a.test/x?q#f", "g", "https://a.test/x?q#g"},
		{"https://a.test/x?q#f", "", "https://a.test/x?q#"},
		{"https://a.test/", "%zz#?", "https://a.test/#%zz#?"},
		{"https://a.test/", "a b\n<é\xff", "https://a.test/#a%20b%0A%3C%C3%A9%EF%BF%BD"},
		{"about:blank", "f", "about:blank#f"},
	} {
		checkDerived(t, "WithFragment", weburl.MustParse(tc.in).WithFragment(tc.fragment), tc.want)
	}
}

func TestWithoutCredentials(t *testing.T) {
	for in, want := range map[string]string{
		"https://u:p@a.test:81/x?q#f": "https://a.test:81/x?q#f",
		"https://u@a.test/":           "https://a.test/",
		"https://:p@a.test/":          "https://a.test/",
		"foo://u:p@h":                 "foo://h",
		"https://a.test/":             "https://a.test/",
		"foo:/.//x":                   "foo:/.//x",
		"about:blank":                 "about:blank",
	} {
		checkDerived(t, "WithoutCredentials", weburl.MustParse(in).WithoutCredentials(), want)
	}
}

// checkDerived checks that got is the same in all respects as what its
// serialization is when parsed.
func checkDerived(t *testing.T, method string, got *weburl.URL, want string) {
	t.Helper()
	if got.String() != want {
		t.Errorf("%s: got %s; want %s", method, got, want)
		return
	}
	if diff := cmp.Diff(recordOf(weburl.MustParse(want)), recordOf(got)); diff != "" {
		t.Errorf("%s: %s (-parsed +got):\n%s", method, got, diff)
	}
}

// https://url.spec.whatwg.org/#concept-url-scheme
func TestWithHTTPS(t *testing.T) {
	for in, want := range map[string]string{
		"http://a.test/x?q#f":    "https://a.test/x?q#f",
		"http://u:p@a.test:81/":  "https://u:p@a.test:81/",
		"http://a.test:443/":     "https://a.test/",
		"http://[2001:db8::1]/x": "https://[2001:db8::1]/x",
		"https://a.test/":        "https://a.test/",
		"ftp://a.test/":          "ftp://a.test/",
		"about:blank":            "about:blank",
	} {
		checkDerived(t, "WithHTTPS", weburl.MustParse(in).WithHTTPS(), want)
	}
}
