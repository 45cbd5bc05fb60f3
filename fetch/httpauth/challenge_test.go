package httpauth_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch/httpauth"
)

type (
	challenge = httpauth.Challenge
	params    = []httpauth.Param
)

// parseTests are header values, with what they hold.
var parseTests = []struct {
	desc   string
	values []string
	rules  httpauth.Rules
	want   []challenge
}{
	// https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
	{desc: "none"},
	{desc: "empty", values: []string{"", " , ,"}},
	{desc: "a scheme alone", values: []string{"Negotiate"}, want: []challenge{{Scheme: "negotiate"}}},
	{desc: "a parameter", values: []string{`Basic realm="r"`}, want: []challenge{{Scheme: "basic", Params: params{{"realm", "r"}}}}},
	{desc: "a token as value", values: []string{`Basic realm=r`}, want: []challenge{{Scheme: "basic", Params: params{{"realm", "r"}}}}},
	{desc: "an empty value", values: []string{`Basic realm=""`}, want: []challenge{{Scheme: "basic", Params: params{{"realm", ""}}}}},
	{desc: "letter case", values: []string{`BASIC REALM="R"`}, want: []challenge{{Scheme: "basic", Params: params{{"realm", "R"}}}}},
	{desc: "space around", values: []string{"\t Basic \t realm \t=\t \"r\" ,  charset = \"UTF-8\""}, want: []challenge{{Scheme: "basic", Params: params{{"realm", "r"}, {"charset", "UTF-8"}}}}},
	{desc: "escapes", values: []string{`Basic realm="\"a\\b\c"`}, want: []challenge{{Scheme: "basic", Params: params{{"realm", `"a\bc`}}}}},
	{desc: "a comma in quotes", values: []string{`Basic realm="a, Digest b=c"`}, want: []challenge{{Scheme: "basic", Params: params{{"realm", "a, Digest b=c"}}}}},
	{desc: "a quote that does not end", values: []string{`Basic realm="a, b`}, want: []challenge{{Scheme: "basic", Params: params{{"realm", "a, b"}}}}},
	{desc: "several", values: []string{`New a=1, b="2", Basic realm="r", Bearer`}, want: []challenge{
		{Scheme: "new", Params: params{{"a", "1"}, {"b", "2"}}}, {Scheme: "basic", Params: params{{"realm", "r"}}}, {Scheme: "bearer"},
	}},
	{desc: "several headers", values: []string{"New a=1", "Basic realm=r"}, want: []challenge{
		{Scheme: "new", Params: params{{"a", "1"}}}, {Scheme: "basic", Params: params{{"realm", "r"}}},
	}},
	{desc: "a parameter that goes on in the next header", values: []string{"New a=1", "b=2"}, want: []challenge{{Scheme: "new", Params: params{{"a", "1"}}}}},
	{desc: "token68", values: []string{"Negotiate abc==, NTLM a/b+c=, X y"}, want: []challenge{
		{Scheme: "negotiate", Token68: "abc=="}, {Scheme: "ntlm", Token68: "a/b+c="}, {Scheme: "x", Token68: "y"},
	}},
	{desc: "a parameter behind a token68", values: []string{"Basic abc, realm=r"}, want: []challenge{{Scheme: "basic", Params: params{{"realm", "r"}}}}},
	{desc: "empty members", values: []string{`,,Basic realm="r",,charset=x,`}, want: []challenge{{Scheme: "basic", Params: params{{"realm", "r"}, {"charset", "x"}}}}},
	{desc: "junk", values: []string{`"Basic", =x, Basic realm=r, (a)`}, want: []challenge{{Scheme: "basic", Params: params{{"realm", "r"}}}}},

	// Where a header holds one challenge.
	{desc: "one per header, the second", values: []string{`Basic realm="r", Digest nonce="n", realm="s"`}, rules: httpauth.Rules{OnePerHeader: true}, want: []challenge{
		{Scheme: "basic", Params: params{{"realm", "r"}, {"realm", "s"}}},
	}},
	{desc: "one per header, unknown first", values: []string{"New a=1, Basic realm=r"}, rules: httpauth.Rules{OnePerHeader: true}, want: []challenge{{Scheme: "new", Params: params{{"a", "1"}}}}},
	{desc: "one per header, nothing first", values: []string{", Basic realm=r"}, rules: httpauth.Rules{OnePerHeader: true}},
}

func TestParse(t *testing.T) {
	for _, tt := range parseTests {
		t.Run(tt.desc, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, httpauth.Parse(tt.values, tt.rules)); diff != "" {
				t.Errorf("Parse(%q): -want +got:\n%s", tt.values, diff)
			}
		})
	}
}

// FuzzParse: what is parsed is what it looks like: schemes and names are
// lower-case tokens, and nothing is there that the header does not hold.
func FuzzParse(f *testing.F) {
	for _, tt := range parseTests {
		f.Add(strings.Join(tt.values, "\n"), tt.rules.OnePerHeader)
	}
	f.Fuzz(func(t *testing.T, lines string, onePerHeader bool) {
		values := strings.Split(lines, "\n")
		rules := httpauth.Rules{OnePerHeader: onePerHeader}
		all := httpauth.Parse(values, rules)
		if onePerHeader && len(all) > len(values) {
			t.Fatalf("%d challenges in %d headers", len(all), len(values))
		}
		size := 0
		for _, c := range all {
			size += len(c.Scheme) + len(c.Token68)
			if c.Scheme == "" || c.Scheme != strings.ToLower(c.Scheme) || strings.ContainsAny(c.Scheme, " \t,=\"") {
				t.Errorf("scheme %q", c.Scheme)
			}
			if c.Token68 != "" && c.Params != nil {
				t.Errorf("both a token68 %q and parameters %q", c.Token68, c.Params)
			}
			for _, p := range c.Params {
				size += len(p.Name) + len(p.Value)
				if p.Name == "" || p.Name != strings.ToLower(p.Name) || strings.ContainsAny(p.Name, " \t,=\"") {
					t.Errorf("name %q", p.Name)
				}
			}
		}
		if size > len(lines) {
			t.Errorf("%d bytes out of %d", size, len(lines))
		}
		if best, ok := httpauth.Choose(all, rules); ok {
			var s httpauth.Store
			space := httpauth.Space{Origin: "https://a.test"}
			r := httpauth.Request{Method: "GET", Target: "/", Nonce: func() string { return "c" }}
			s.Add(space, &best, "/", httpauth.User{Name: "u", Password: "p"}, std)
			if got := s.Answer(space, &best, r, std); !strings.HasPrefix(got.Header, "Basic ") && !strings.HasPrefix(got.Header, "Digest ") {
				t.Errorf("answer %q to %+v", got.Header, best)
			}
		}
	})
}
