package cookies_test

import (
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/origin"
)

// TestRules: what each of the smaller rules changes, and that RFC 6265bis is
// otherwise.
func TestRules(t *testing.T) {
	home := own("https://example.com/")
	sub := own("https://www.example.com/x/")
	byOther := from("https://other.example", "https://example.com/")
	loose := cookies.Rules{LooseSyntax: true}
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
		{"AnySameSiteSet: a Strict cookie", cookies.Rules{AnySameSiteSet: true}, byOther, []string{"a=1; SameSite=Strict"}, "a=1", ""},
		{"NearestFirst: Domain is the host", cookies.Rules{NearestFirst: true}, sub, []string{"a=1; Domain=example.com; Path=/", "b=2; Path=/", "c=3; Domain=www.example.com; Path=/"}, "c=3; b=2; a=1", "a=1; b=2; c=3"},
		{"NearestFirst: longer paths are first", cookies.Rules{NearestFirst: true}, sub, []string{"a=1; Path=/", "b=2; Domain=example.com; Path=/x"}, "b=2; a=1", "b=2; a=1"},
		{"LooseSyntax: no name", loose, home, []string{"a"}, "a", "a"},
		{"LooseSyntax: a comma before the equals sign", loose, home, []string{"a,b=c; Secure"}, "a,b=c", "a,b=c"},
		{"LooseSyntax: nothing", loose, home, []string{"=", "", "; Path=/"}, "", ""},
		{"LooseSyntax: a byte that is not ASCII ends a value", loose, home, []string{"a=b\xe9c; Max-Age=0"}, "a=b", ""},
		{"LooseSyntax: so does a tab", loose, home, []string{"a=b\tc; Max-Age=0"}, "a=b", ""},
		{"LooseSyntax: a tab in a name leaves no name", loose, home, []string{"a\t=1"}, "a", "a=1"},
		{"LooseSyntax: a comma in an attribute ends all", loose, home, []string{"a=1; x,y; Max-Age=0"}, "a=1", ""},
		{"LooseSyntax: too long", loose, home, []string{"a=" + strings.Repeat("x", 4096)}, "", ""},
		{"LooseSyntax: a plus in Max-Age", loose, home, []string{"a=1; Max-Age=+0"}, "", "a=1"},
		{"LooseSyntax: no Max-Age", loose, home, []string{"a=1; Max-Age=0; Max-Age"}, "", ""},
		{"LooseSyntax: an empty Max-Age", loose, home, []string{"a=1; Max-Age="}, "", "a=1"},
		{"LooseSyntax: a Max-Age that is no number", loose, home, []string{"a=1; Max-Age=0x"}, "a=1", "a=1"},
		{"LooseSyntax: a negative Max-Age", loose, home, []string{"a=1; Max-Age=-1"}, "", ""},
		{"LooseSyntax: a Max-Age that is too great", loose, home, []string{"a=1; Max-Age=0; Max-Age=99999999999999999999"}, "a=1", "a=1"},
		{"LooseSyntax: Expires comes last", loose, home, []string{"a=1; Max-Age=600; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}, "", "a=1"},
		{"LooseSyntax: Expires that is no date", loose, home, []string{"a=1; Max-Age=0; Expires=never"}, "a=1", ""},
		{"LooseSyntax: a month in lower case", loose, home, []string{"a=1; Expires=1 jan 2020 1:2:3"}, "a=1", ""},
		{"LooseSyntax: a month in capitals", loose, home, []string{"a=1; Expires=1 Jan 2020 1:2:3"}, "", ""},
		{"LooseSyntax: Path without a value", loose, home, []string{"a=1; Path=/x; Path"}, "", "a=1"},
		{"LooseSyntax: an empty Path", loose, home, []string{"a=1; Path=/x; Path="}, "a=1", "a=1"},
		{"LooseSyntax: Domain without a value", loose, home, []string{"a=1; Domain=other.example; Domain"}, "", "a=1"},
		{"LooseSyntax: Domain without a dot", loose, own("https://example/"), []string{"a=1; Domain=example"}, "", "a=1"},
		{"LooseSyntax: None after Strict", loose, byOther, []string{"a=1; Secure; SameSite=Strict; SameSite=None"}, "", "a=1"},
		{"LooseSyntax: Lax after None", loose, byOther, []string{"a=1; Secure; SameSite=None; SameSite=Lax"}, "", ""},
	} {
		t.Run(c.desc, func(t *testing.T) {
			for _, side := range []struct {
				rules cookies.Rules
				want  string
			}{{c.rules, c.want}, {standard, c.standard}} {
				var s cookies.Store
				s.SetCookies(c.by, c.set, side.rules, noon)
				reader := own(c.by.URLs[len(c.by.URLs)-1].String())
				if got := s.Cookie(reader, side.rules, noon); got != side.want {
					t.Errorf("with %+v: %q; want %q", side.rules, got, side.want)
				}
			}
		})
	}
}

// TestStandsInForSecure: what an insecure response may set beside a Secure
// cookie.
func TestStandsInForSecure(t *testing.T) {
	for _, c := range []struct {
		desc, set           string
		stands, standsNever string // what the secure host has then
	}{
		{"the same cookie", "a=2", "a=1", "a=1"},
		{"another Path", "a=2; Path=/x", "a=2; a=1", "a=1"},
		{"another Domain", "a=2; Domain=example.com", "a=1; a=2", "a=1"},
	} {
		for rules, want := range map[cookies.Rules]string{{StandsInForSecure: true, Schemeless: true}: c.stands, {Schemeless: true}: c.standsNever} {
			var s cookies.Store
			s.SetCookies(own("https://example.com/"), []string{"a=1; Secure"}, rules, noon)
			s.SetCookies(own("http://example.com/"), []string{c.set}, rules, noon)
			if got := s.Cookie(own("https://example.com/x"), rules, noon); got != want {
				t.Errorf("%s, with %+v: %q; want %q", c.desc, rules, got, want)
			}
		}
	}
}

// TestTabDecides: which requests of the tab of example.com are same-site.
func TestTabDecides(t *testing.T) {
	const tab = "https://example.com"
	for _, c := range []struct {
		desc string
		page string
		urls []string
		want bool
	}{
		{"its host", tab, []string{tab + "/"}, true},
		{"its host, over http", tab, []string{"http://example.com/"}, true},
		{"another of its hosts", tab, []string{"https://www.example.com/"}, true},
		{"another of its hosts, from its host", tab, []string{tab + "/", "https://www.example.com/"}, true},
		{"another of its hosts, by way of another site", tab, []string{"https://other.example/", "https://www.example.com/"}, false},
		{"its host, by way of another site", tab, []string{"https://other.example/", tab + "/"}, true},
		{"another site", tab, []string{"https://other.example/"}, false},
		{"a frame of another site, its host", "https://other.example", []string{tab + "/"}, true},
		{"a frame of another site, another of its hosts", "https://other.example", []string{"https://www.example.com/"}, false},
		{"a frame of another site, its own", "https://other.example", []string{"https://other.example/"}, false},
		{"a frame of the same site", "https://www.example.com", []string{"https://api.example.com/"}, true},
	} {
		r := from(c.page, c.urls...)
		r.TopLevel = origin.MustParse(tab)
		got := r.SameSiteMode(cookies.Rules{TabDecides: true, Schemeless: true})
		if want := map[bool]cookies.SameSiteMode{true: cookies.StrictOrLess, false: cookies.NoneOnly}[c.want]; got != want {
			t.Errorf("%s: got mode %d, want %d", c.desc, got, want)
		}
	}
}
