package safelist_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/safelist"
)

// A mimeCase is a MIME type and how it is serialized once parsed; "" is a failure.
type mimeCase struct {
	desc  string
	input string
	want  string
}

// https://mimesniff.spec.whatwg.org/#parse-a-mime-type
var mimeCases = []mimeCase{
	// Type and subtype.
	{"bare", "text/html", "text/html"},
	{"upper case", "TEXT/HTML", "text/html"},
	{"wildcard", "*/*", "*/*"},
	{"all token symbols", "!#$%&'*+-.^_`|~09az/!#$%&'*+-.^_`|~09az", "!#$%&'*+-.^_`|~09az/!#$%&'*+-.^_`|~09az"},
	{"structured suffix", "image/svg+xml", "image/svg+xml"},
	{"vendor tree", "application/vnd.api+json", "application/vnd.api+json"},
	{"whitespace around", "\t\r\n text/html \n\r\t", "text/html"},
	{"space before semicolon", "text/html ;charset=gbk", "text/html;charset=gbk"},
	{"newline before semicolon", "text/html\r\n;charset=gbk", "text/html;charset=gbk"},
	{"empty", "", ""},
	{"whitespace only", " \t", ""},
	{"no slash", "bogus", ""},
	{"slash only", "/", ""},
	{"no type", "/html", ""},
	{"no subtype", "text/", ""},
	{"no subtype before semicolon", "text/;charset=gbk", ""},
	{"space for a subtype", "text/ ;charset=gbk", ""},
	{"two slashes", "text/html/x", ""},
	{"space before slash", "text /html", ""},
	{"space behind slash", "text/ html", ""},
	{"space in subtype", "text/ht ml", ""},
	{"comma behind", "text/html,", ""},
	{"comma before", ",text/html", ""},
	{"list", "text/html, text/plain", ""},
	{"braces", "{/}", ""},
	{"parentheses", "(/)", ""},
	{"semicolon in type", "text;a=b/html", ""},
	{"outside ASCII in type", "t\xE9xt/html", ""},
	{"outside ASCII in subtype", "text/h\xFFml", ""},
	{"vertical tab around", "\x0Btext/html", ""},
	{"form feed behind", "text/html\x0C", ""},
	{"NUL", "text/html\x00", ""},
	{"no-break space behind", "text/html\u00A0", ""},

	// Parameters.
	{"parameter", "text/html;charset=gbk", "text/html;charset=gbk"},
	{"case of name goes, of value stays", "text/html;CHARSET=GBK", "text/html;charset=GBK"},
	{"whitespace before name", "text/html; \t\r\ncharset=gbk", "text/html;charset=gbk"},
	{"whitespace behind value", "text/html;charset=gbk \t", "text/html;charset=gbk"},
	{"whitespace behind value, more follows", "text/html;charset=gbk ;a=b", "text/html;charset=gbk;a=b"},
	{"space before equals", "text/html;charset =gbk", "text/html"},
	{"space behind equals", "text/html;charset= gbk", `text/html;charset=" gbk"`},
	{"space in value", "text/html;charset=g bk", `text/html;charset="g bk"`},
	{"first of two counts", "text/html;charset=gbk;charset=windows-1255", "text/html;charset=gbk"},
	{"first of two in other cases", "text/html;charset=gbk;CHARSET=GBK", "text/html;charset=gbk"},
	{"first of two is invalid", "text/html;charset=();charset=gbk", `text/html;charset="()"`},
	{"order is kept", "text/html;b=1;a=2;c=3", "text/html;b=1;a=2;c=3"},
	{"trailing semicolon", "text/html;", "text/html"},
	{"semicolons only", "text/html;;;; ;", "text/html"},
	{"semicolons between", "text/html;;;a=b;;c=d", "text/html;a=b;c=d"},
	{"name only", "text/html;charset", "text/html"},
	{"name only, more follows", "text/html;charset;a=b", "text/html;a=b"},
	{"name and equals", "text/html;charset=", "text/html"},
	{"name and equals, more follows", "text/html;charset=;charset=gbk", "text/html;charset=gbk"},
	{"value of spaces", "text/html;charset=  ;a=b", "text/html;a=b"},
	{"no name", "text/html;=gbk", "text/html"},
	{"equals in value", "text/html;a=b=c", `text/html;a="b=c"`},
	{"invalid name", "text/html;(=a;b=c", "text/html;b=c"},
	{"name outside ASCII", "text/html;\xE9=a;b=c", "text/html;b=c"},
	{"space in name", "text/html;a b=c;d=e", "text/html;d=e"},
	{"value outside ASCII", "text/html;a=\xE9", "text/html;a=\"\xE9\""},
	{"tab in value", "text/html;a=b\tc", "text/html;a=\"b\tc\""},
	{"control character in value", "text/html;a=\x01;b=c", "text/html;b=c"},
	{"newline in value", "text/html;a=b\nc;d=e", "text/html;d=e"},
	{"DEL in value", "text/html;a=\x7F;b=c", "text/html;b=c"},
	{"comma in value", "text/html;a=b, text/plain", `text/html;a="b, text/plain"`},
	{"backslash in value", `text/html;a=b\c`, `text/html;a="b\\c"`},
	{"quote in value", `text/html;a=b"c"`, `text/html;a="b\"c\""`},
	{"apostrophes are no quotes", "text/html;a='b;c=d'", "text/html;a='b;c=d'"},
	{"garbage", "text/html;garbage/;=;a", "text/html"},

	// Quoted values.
	{"quoted", `text/html;charset="gbk"`, "text/html;charset=gbk"},
	{"quotes needed", `text/html;charset="g;b=k"`, `text/html;charset="g;b=k"`},
	{"quoted and empty", `text/html;charset=""`, `text/html;charset=""`},
	{"quoted spaces stay", `text/html;charset=" gbk "`, `text/html;charset=" gbk "`},
	{"escapes", `text/html;charset="\g\"\\b"`, `text/html;charset="g\"\\b"`},
	{"behind the quotes", `text/html;charset="gbk"x;a=b`, "text/html;charset=gbk;a=b"},
	{"quote behind the quotes", `text/html;charset="gbk""x;a=b"`, "text/html;charset=gbk;a=\"b\\\"\""},
	{"unclosed", `text/html;charset="gbk`, "text/html;charset=gbk"},
	{"unclosed with semicolon", `text/html;charset="gbk;a=b`, `text/html;charset="gbk;a=b"`},
	{"unclosed and empty", `text/html;charset="`, `text/html;charset=""`},
	{"unclosed with backslash", `text/html;charset="gbk\`, `text/html;charset="gbk\\"`},
	{"escape outside ASCII", "text/html;a=\"\\\xE9\"", "text/html;a=\"\xE9\""},
	{"control character in quotes", "text/html;a=\"\x01\";b=c", "text/html;b=c"},
	{"spaces before quotes", `text/html;a= "b"`, `text/html;a=" \"b\""`},
	{"semicolon in quotes, then more", `text/html;a=";";b=c`, `text/html;a=";";b=c`},
}

func TestParseMIMEType(t *testing.T) {
	for _, c := range mimeCases {
		t.Run(c.desc, func(t *testing.T) {
			m, ok := safelist.ParseMIMEType(c.input)
			if !ok {
				if c.want != "" {
					t.Fatalf("ParseMIMEType(%q) failed; want %q", c.input, c.want)
				}
				if diff := cmp.Diff(safelist.MIMEType{}, m); diff != "" {
					t.Errorf("ParseMIMEType(%q) failed with a value (-want +got):\n%s", c.input, diff)
				}
				return
			}
			if got := m.String(); got != c.want {
				t.Errorf("ParseMIMEType(%q) = %q; want %q", c.input, got, c.want)
			}
			checkMIMEType(t, c.input, m)
		})
	}
}

// checkMIMEType fails t unless m, which was parsed from input, survives being
// serialized and agrees with MIMEEssence.
func checkMIMEType(t *testing.T, input string, m safelist.MIMEType) {
	t.Helper()
	again, ok := safelist.ParseMIMEType(m.String())
	if diff := cmp.Diff(m, again); !ok || diff != "" {
		t.Errorf("ParseMIMEType(%q) = %t; it does not round-trip (-want +got):\n%s", m.String(), ok, diff)
	}
	essence, ok := safelist.MIMEEssence(input)
	if !ok || essence != m.Essence() {
		t.Errorf("MIMEEssence(%q) = %q, %t; want %q, true", input, essence, ok, m.Essence())
	}
	if essence != m.Type+"/"+m.Subtype || essence != strings.ToLower(essence) {
		t.Errorf("MIMEEssence(%q) = %q; want type and subtype in lower case", input, essence)
	}
}

func TestMIMEEssence(t *testing.T) {
	for _, c := range mimeCases {
		want, _, _ := strings.Cut(c.want, ";")
		got, ok := safelist.MIMEEssence(c.input)
		if got != want || ok != (want != "") {
			t.Errorf("%s: MIMEEssence(%q) = %q, %t; want %q, %t", c.desc, c.input, got, ok, want, want != "")
		}
	}
}

func TestMIMETypeParameters(t *testing.T) {
	m, ok := safelist.ParseMIMEType(`text/html;a="b\"c";Charset=GBK;d=""`)
	if !ok {
		t.Fatal("ParseMIMEType failed")
	}
	want := safelist.MIMEType{
		Type:       "text",
		Subtype:    "html",
		Parameters: []safelist.Parameter{{Name: "a", Value: `b"c`}, {Name: "charset", Value: "GBK"}, {Name: "d", Value: ""}},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("ParseMIMEType mismatch (-want +got):\n%s", diff)
	}
	for name, wantValue := range map[string]string{"a": `b"c`, "charset": "GBK", "d": ""} {
		if got, ok := m.Parameter(name); got != wantValue || !ok {
			t.Errorf("Parameter(%q) = %q, %t; want %q, true", name, got, ok, wantValue)
		}
	}
	if got, ok := m.Parameter("x"); ok {
		t.Errorf("Parameter(%q) = %q, true; want none", "x", got)
	}
}

func TestMIMETypeGroups(t *testing.T) {
	cases := []struct {
		essence                             string
		isJavaScript, isJSON, isXML, isHTML bool
	}{
		{"application/ecmascript", true, false, false, false},
		{"application/javascript", true, false, false, false},
		{"application/x-ecmascript", true, false, false, false},
		{"application/x-javascript", true, false, false, false},
		{"text/ecmascript", true, false, false, false},
		{"text/javascript", true, false, false, false},
		{"text/javascript1.0", true, false, false, false},
		{"text/javascript1.1", true, false, false, false},
		{"text/javascript1.2", true, false, false, false},
		{"text/javascript1.3", true, false, false, false},
		{"text/javascript1.4", true, false, false, false},
		{"text/javascript1.5", true, false, false, false},
		{"text/javascript1.6", false, false, false, false},
		{"text/jscript", true, false, false, false},
		{"text/livescript", true, false, false, false},
		{"text/x-ecmascript", true, false, false, false},
		{"text/x-javascript", true, false, false, false},
		{"application/jscript", false, false, false, false},
		{"image/javascript", false, false, false, false},
		{"application/json", false, true, false, false},
		{"text/json", false, true, false, false},
		{"image/json", false, false, false, false},
		{"model/gltf+json", false, true, false, false},
		{"application/jsonp", false, false, false, false},
		{"application/xml", false, false, true, false},
		{"text/xml", false, false, true, false},
		{"image/svg+xml", false, false, true, false},
		{"application/xhtml+xml", false, false, true, false},
		{"image/xml", false, false, false, false},
		{"text/html", false, false, false, true},
		{"application/html", false, false, false, false},
		{"text/plain", false, false, false, false},
	}
	for _, c := range cases {
		t.Run(c.essence, func(t *testing.T) {
			m, ok := safelist.ParseMIMEType(strings.ToUpper(c.essence) + ";a=b")
			if !ok {
				t.Fatal("ParseMIMEType failed")
			}
			got := []bool{m.IsJavaScript(), m.IsJSON(), m.IsXML(), m.IsHTML()}
			want := []bool{c.isJavaScript, c.isJSON, c.isXML, c.isHTML}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("JavaScript, JSON, XML, HTML mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
func TestExtractMIMEType(t *testing.T) {
	cases := []struct {
		desc   string
		values []string
		want   string // "" is a failure
	}{
		{"absent", nil, ""},
		{"empty", []string{""}, ""},
		{"none parses", []string{"cannot-parse", "text/"}, ""},
		{"wildcard only", []string{"*/*"}, ""},
		{"one", []string{"text/html;charset=gbk"}, "text/html;charset=gbk"},
		{"SAF-047 last one wins", []string{"text/plain;charset=gbk, text/html"}, "text/html"},
		{"SAF-047 charset is carried over", []string{"text/html;charset=gbk;a=b", "text/html;x=y"}, "text/html;x=y;charset=gbk"},
		{
			"SAF-047 not over another essence",
			[]string{"text/html;charset=gbk;a=b", "x/x", "text/html;x=y"},
			"text/html;x=y",
		},
		{"SAF-047 unparsable is skipped", []string{"text/html", "cannot-parse"}, "text/html"},
		{"SAF-047 wildcard is skipped", []string{"text/html", "*/*"}, "text/html"},
		{"SAF-047 empty is skipped", []string{"text/html", ""}, "text/html"},
		{"wildcard with parameters is skipped", []string{"text/html", "*/*;charset=gbk"}, "text/html"},
		{"first is unparsable", []string{"cannot-parse, text/html"}, "text/html"},
		{"charset is carried over what is skipped", []string{"text/html;charset=gbk", "*/*", "cannot-parse", "text/html"}, "text/html;charset=gbk"},
		{"charset of one's own", []string{"text/html;charset=gbk", "text/html;charset=utf-8"}, "text/html;charset=utf-8"},
		{
			"charset of the first in a run of equal essences",
			[]string{"text/html;charset=gbk", "text/html;charset=utf-8", "text/html"},
			"text/html;charset=gbk",
		},
		{"no charset to carry over from the first", []string{"text/html", "text/html;charset=gbk", "text/html"}, "text/html"},
		{"not over another type with the same subtype", []string{"text/xml;charset=gbk, application/xml"}, "application/xml"},
		{"case of essence", []string{"TEXT/html;charset=gbk", "text/HTML"}, "text/html;charset=gbk"},
		{"empty charset is one", []string{`text/html;charset="", text/html`}, `text/html;charset=""`},
		{"comma in quotes", []string{`text/html;a="b, x/x"`}, `text/html;a="b, x/x"`},
		{"quotes over two headers", []string{`text/html;"`, "x/x"}, "text/html"},
		{"quoted value over two headers", []string{`text/html;a="b`, `c", x/x`}, "x/x"},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			m, ok := safelist.ExtractMIMEType(c.values)
			if !ok {
				if c.want != "" {
					t.Errorf("ExtractMIMEType(%q) failed; want %q", c.values, c.want)
				}
				return
			}
			if got := m.String(); got != c.want {
				t.Errorf("ExtractMIMEType(%q) = %q; want %q", c.values, got, c.want)
			}
		})
	}
}
