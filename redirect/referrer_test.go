package redirect_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/redirect"
)

// https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header
var referrerPolicyTests = []struct {
	name   string
	values []string
	want   string
}{
	{"no header", nil, ""},
	{"RED-051 one policy", []string{"no-referrer"}, "no-referrer"},
	{"no-referrer-when-downgrade", []string{"no-referrer-when-downgrade"}, "no-referrer-when-downgrade"},
	{"same-origin", []string{"same-origin"}, "same-origin"},
	{"origin", []string{"origin"}, "origin"},
	{"strict-origin", []string{"strict-origin"}, "strict-origin"},
	{"origin-when-cross-origin", []string{"origin-when-cross-origin"}, "origin-when-cross-origin"},
	{"strict-origin-when-cross-origin", []string{"strict-origin-when-cross-origin"}, "strict-origin-when-cross-origin"},
	{"unsafe-url", []string{"unsafe-url"}, "unsafe-url"},
	{"REF-008 a policy and an unknown one", []string{"no-referrer, bogus"}, "no-referrer"},
	{"REF-008 an unknown one", []string{"bogus"}, ""},
	{"the last known one", []string{"origin, no-referrer,bogus"}, "no-referrer"},
	{"the last header", []string{"origin", "no-referrer"}, "no-referrer"},
	{"the last header that is known", []string{"origin", "bogus"}, "origin"},
	{"in any case", []string{"Strict-ORIGIN"}, "strict-origin"},
	{"spaces, tabs and empty members", []string{" ,\torigin\t, ,"}, "origin"},
	{"empty", []string{""}, ""},
	{"an old keyword", []string{"never"}, ""},
	{"a word with a digit spoils the list", []string{"origin, no-referrer2"}, ""},
	{"a parameter spoils the list", []string{"origin;q=1", "no-referrer"}, ""},
	{"letters that only look like it", []string{"\u017Fame-origin"}, ""},
	{"a prefix", []string{"strict-origin-when"}, ""},
}

func TestReferrerPolicy(t *testing.T) {
	for _, test := range referrerPolicyTests {
		t.Run(test.name, func(t *testing.T) {
			if got := redirect.ReferrerPolicy(test.values); got != test.want {
				t.Errorf("ReferrerPolicy(%q) = %q; want %q", test.values, got, test.want)
			}
		})
	}
}

func FuzzReferrerPolicy(f *testing.F) {
	for _, test := range referrerPolicyTests {
		f.Add(strings.Join(test.values, ","))
	}
	f.Fuzz(func(t *testing.T, value string) {
		got := redirect.ReferrerPolicy([]string{value})
		if again := redirect.ReferrerPolicy([]string{got}); again != got {
			t.Errorf("ReferrerPolicy(%q) = %q, of which it is %q", value, got, again)
		}
		if split := redirect.ReferrerPolicy(strings.Split(value, ",")); split != got {
			t.Errorf("ReferrerPolicy(%q) = %q, but as several headers %q", value, got, split)
		}
		members := strings.Split(strings.ToLower(value), ",")
		if got != "" && !slices.ContainsFunc(members, func(m string) bool { return strings.TrimSpace(m) == got }) {
			t.Errorf("ReferrerPolicy(%q) = %q, which is not in it", value, got)
		}
	})
}
