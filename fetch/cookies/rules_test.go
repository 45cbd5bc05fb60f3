package cookies_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/fetch/cookies"
)

// TestRules: what each of the smaller rules changes, and that RFC 6265bis is
// otherwise.
func TestRules(t *testing.T) {
	home := own("https://example.com/")
	byWayOfOther := from("https://example.com", "https://other.example/", "https://example.com/")
	for _, c := range []struct {
		desc  string
		rules cookies.Rules
		by    cookies.Request
		set   []string

		want, standard string
	}{
		{"RedirectsIgnoredToSet: a Strict cookie", cookies.Rules{RedirectsIgnoredToSet: true}, byWayOfOther, []string{"a=1; SameSite=Strict"}, "a=1", ""},
		{"BareNames: no equals sign", cookies.Rules{BareNames: true}, home, []string{"a"}, "a=", "a"},
		{"BareNames: nothing before it", cookies.Rules{BareNames: true}, home, []string{"=a"}, "", "a"},
		{"NoPrefixes: __Secure-", cookies.Rules{NoPrefixes: true}, home, []string{"__Secure-a=1"}, "__Secure-a=1", ""},
		{"NoPrefixes: __Host-", cookies.Rules{NoPrefixes: true}, home, []string{"__Host-a=1; Path=/x", "b=2"}, "b=2", "b=2"},
		{"BareNames: a prefix holds as a name's", cookies.Rules{BareNames: true}, home, []string{"__host-a; Secure; Path=/"}, "__host-a=", ""},
		{"DefaultPathIsRoot: no Path", cookies.Rules{DefaultPathIsRoot: true}, home, []string{"__Host-a=1; Secure"}, "__Host-a=1", ""},
		{"DefaultPathIsRoot: another Path", cookies.Rules{DefaultPathIsRoot: true}, home, []string{"__Host-a=1; Secure; Path=/x", "b=2"}, "b=2", "b=2"},
		{"DefaultPathIsRoot: a lower directory", cookies.Rules{DefaultPathIsRoot: true}, own("https://example.com/x/y"), []string{"__Host-a=1; Secure"}, "", ""},
		{"ReplacesInvalidUTF8: a value", cookies.Rules{ReplacesInvalidUTF8: true}, home, []string{"a=\xe9"}, "a=\ufffd", "a=\xe9"},
		{"ReplacesInvalidUTF8: several", cookies.Rules{ReplacesInvalidUTF8: true}, home, []string{"a=\xe9\xe9"}, "a=\ufffd\ufffd", "a=\xe9\xe9"},
		{"ReplacesInvalidUTF8: a character that has begun", cookies.Rules{ReplacesInvalidUTF8: true}, home, []string{"a=\xe2\x82x\xe2\x82"}, "a=\ufffdx\ufffd", "a=\xe2\x82x\xe2\x82"},
		{"ReplacesInvalidUTF8: U+FFFD itself", cookies.Rules{ReplacesInvalidUTF8: true}, home, []string{"a=\ufffd\xff\ufffd"}, "a=\ufffd\ufffd\ufffd", "a=\ufffd\xff\ufffd"},
		{"ReplacesInvalidUTF8: valid", cookies.Rules{ReplacesInvalidUTF8: true}, home, []string{"a=\u00e9"}, "a=\u00e9", "a=\u00e9"},
		{"ReplacesInvalidUTF8: a name", cookies.Rules{ReplacesInvalidUTF8: true}, home, []string{"\xe9=1"}, "\xe9=1", "\xe9=1"},
		{"RenewedByValue: another value", cookies.Rules{RenewedByValue: true}, home, []string{"a=1", "b=2", "a=3"}, "b=2; a=3", "a=3; b=2"},
		{"RenewedByValue: the same value", cookies.Rules{RenewedByValue: true}, home, []string{"a=1", "b=2", "a=1; Secure"}, "a=1; b=2", "a=1; b=2"},
		{"RenewedByValue: removed", cookies.Rules{RenewedByValue: true}, home, []string{"a=1", "b=2", "a=; Max-Age=0"}, "b=2", "b=2"},
	} {
		t.Run(c.desc, func(t *testing.T) {
			for _, side := range []struct {
				rules cookies.Rules
				want  string
			}{{c.rules, c.want}, {standard, c.standard}} {
				var s cookies.Store
				s.SetCookies(c.by, c.set, side.rules, noon)
				if got := s.Cookie(home, side.rules, noon); got != side.want {
					t.Errorf("with %+v: %q; want %q", side.rules, got, side.want)
				}
			}
		})
	}
}
