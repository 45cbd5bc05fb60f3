package safelist_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/safelist"
)

func TestGet(t *testing.T) {
	cases := []struct {
		desc   string
		values []string
		want   string
		ok     bool
	}{
		{"absent", nil, "", false},
		{"no values", []string{}, "", false},
		{"empty", []string{""}, "", true},
		{"one", []string{"a, b"}, "a, b", true},
		{"SAF-050 two", []string{"1", "2"}, "1, 2", true},
		{"two empty", []string{"", ""}, ", ", true},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			got, ok := safelist.Get(c.values)
			if got != c.want || ok != c.ok {
				t.Errorf("Get(%q) = %q, %t; want %q, %t", c.values, got, ok, c.want, c.ok)
			}
		})
	}
}

// A splitCase is a header and its members.
type splitCase struct {
	desc   string
	values []string
	want   []string
}

// https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split
var splitCases = []splitCase{
	{"absent", nil, nil},
	{"empty", []string{""}, []string{""}},
	{"one", []string{"nosniff"}, []string{"nosniff"}},
	{"trailing comma", []string{"nosniff,"}, []string{"nosniff", ""}},
	{"SAF-038 a second, empty header", []string{"nosniff", ""}, []string{"nosniff", ""}},
	{"first empty", []string{"", "nosniff"}, []string{"", "nosniff"}},
	{"only a comma", []string{","}, []string{"", ""}},
	{"trimmed", []string{"\t a \t,\tb "}, []string{"a", "b"}},
	{"only tabs and spaces are trimmed", []string{"\x0Ba\x0C,\u00A0"}, []string{"\x0Ba\x0C", "\u00A0"}},
	{"SAF-039 comma in quotes", []string{`"1,2", 3`}, []string{`"1,2"`, "3"}},
	{"SAF-040 quotes over two headers", []string{`text/html;"`, "x/x"}, []string{`text/html;", x/x`}},
	{"quotes inside a member", []string{`a"b,c"d,e`}, []string{`a"b,c"d`, "e"}},
	{"escaped quote", []string{`"a\",b",c`}, []string{`"a\",b"`, "c"}},
	{"escaped backslash", []string{`"a\\",b`}, []string{`"a\\"`, "b"}},
	{"backslash outside quotes", []string{`a\"b,c",d`}, []string{`a\"b,c"`, "d"}},
	{"unclosed quotes", []string{`a,"b,c`}, []string{"a", `"b,c`}},
	{"backslash at the end", []string{`a,"b\`}, []string{"a", `"b\`}},
	{"quote at the end", []string{`a,"`}, []string{"a", `"`}},
	{"two quoted strings", []string{`"a,""b,",c`}, []string{`"a,""b,"`, "c"}},
	{"space in quotes is kept", []string{`" a " , b`}, []string{`" a "`, "b"}},
}

func TestGetDecodeSplit(t *testing.T) {
	for _, c := range splitCases {
		t.Run(c.desc, func(t *testing.T) {
			if diff := cmp.Diff(c.want, safelist.GetDecodeSplit(c.values)); diff != "" {
				t.Errorf("GetDecodeSplit(%q) mismatch (-want +got):\n%s", c.values, diff)
			}
		})
	}
}

// A tokensCase is a header and the tokens it lists.
type tokensCase struct {
	desc   string
	values []string
	want   []string
	ok     bool
}

// https://fetch.spec.whatwg.org/#extract-header-list-values
var tokensCases = []tokensCase{
	{"absent", nil, nil, true},
	{"SAF-041 empty members", []string{"GET, , POST ,"}, []string{"GET", "POST"}, true},
	{"SAF-042 a space in a member", []string{"x-a, no no"}, nil, false},
	{"SAF-043 empty", []string{""}, []string{}, true},
	{"SAF-044 apostrophes", []string{"'bb-8',bb-8"}, []string{"'bb-8'", "bb-8"}, true},
	{"SAF-044 quotes", []string{`"bb-8",bb-8`}, nil, false},
	{"SAF-045 one header is invalid", []string{"x-a", "x b"}, nil, false},
	{"SAF-045 the first header is invalid", []string{"x/b", "x-a"}, nil, false},
	{"only commas", []string{" ,\t, "}, []string{}, true},
	{"two headers", []string{"a, b", "", "c"}, []string{"a", "b", "c"}, true},
	{"tabs and spaces", []string{"\ta \t,\t b\t"}, []string{"a", "b"}, true},
	{"case, order and repetition are kept", []string{"b,A,b"}, []string{"b", "A", "b"}, true},
	{"wildcard", []string{"*"}, []string{"*"}, true},
	{"wildcard among others", []string{"*,x-a"}, []string{"*", "x-a"}, true},
	{"slash", []string{"a/b"}, nil, false},
	{"semicolon", []string{"a;b"}, nil, false},
	{"outside ASCII", []string{"a,\xE9"}, nil, false},
	{"vertical tab is no space", []string{"a,\x0Bb"}, nil, false},
	{"no comma inside quotes", []string{`"a,b"`}, nil, false},
	{"NUL", []string{"a\x00"}, nil, false},
}

func TestExtractTokens(t *testing.T) {
	for _, c := range tokensCases {
		t.Run(c.desc, func(t *testing.T) {
			got, ok := safelist.ExtractTokens(c.values)
			if ok != c.ok {
				t.Errorf("ExtractTokens(%q) ok = %t; want %t", c.values, ok, c.ok)
			}
			// Note: cmp.Diff tells nil from empty, which matters here.
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("ExtractTokens(%q) mismatch (-want +got):\n%s", c.values, diff)
			}
		})
	}
}

func TestDetermineNosniff(t *testing.T) {
	cases := []struct {
		desc   string
		values []string
		want   bool
	}{
		{"absent", nil, false},
		{"empty", []string{""}, false},
		{"nosniff", []string{"nosniff"}, true},
		{"SAF-049 any case", []string{"NoSniff"}, true},
		{"SAF-049 first of two members", []string{"nosniff,x"}, true},
		{"SAF-049 second member", []string{",nosniff"}, false},
		{"SAF-049 quotes", []string{`"nosniff"`}, false},
		{"first of two headers", []string{"nosniff", "no"}, true},
		{"second header", []string{"no", "nosniff"}, false},
		{"first header is empty", []string{"", "nosniff"}, false},
		{"trimmed", []string{" nosniff\t"}, true},
		{"form feed", []string{"nosniff\x0C"}, false},
		{"semicolon", []string{"nosniff;"}, false},
		{"apostrophes", []string{"'nosniff'"}, false},
		{"long s", []string{"no\u017Fniff"}, false},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			if got := safelist.DetermineNosniff(c.values); got != c.want {
				t.Errorf("DetermineNosniff(%q) = %t; want %t", c.values, got, c.want)
			}
		})
	}
}
