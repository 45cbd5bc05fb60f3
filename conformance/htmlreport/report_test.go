package htmlreport

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden file in testdata")

// sample is a document with one of everything.
func sample() *Document {
	return &Document{
		Tool: "corsfetch get", Title: "PUT https://api.example/orders/7", Verdict: Mark{"Blocked", Bad}, Summary: "MethodDisallowedByPreflightResponse at preflight",
		Facts: []Fact{{Name: "Page", Text: "https://app.example/", Code: true}, {Name: "Browser", Text: "chromium"}},
		Made:  time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Sections: []Section{
			{Title: "What to change", Text: []string{"The method is not on the list."}, Lines: "Access-Control-Allow-Methods: GET, PUT\nVary: Origin"},
			{Title: "What happened", Mark: Mark{"as it was", Plain}, Flow: sampleFlow()},
			{Title: "Others", Folded: true, Sections: []Section{
				{Title: "Firefox", Mark: Mark{"Allowed", Good}, Table: sampleTable()},
				{Title: "Deeper", Mark: Mark{"Failed", Warn}, Sections: []Section{{Title: "4", Sections: []Section{{Title: "5", Sections: []Section{{Title: "6", Sections: []Section{{Title: "and no h7"}}}}}}}}},
			}},
		},
	}
}

func sampleTable() *Table {
	got, want := Compare("GET 200", "GET 404")
	return &Table{
		Caption: "What came",
		Columns: []Column{{Name: "Step", Kind: Number}, {Name: "What"}, {Name: "Got", Kind: Code}, {Name: "Want", Kind: Code}},
		Rows:    [][]Cell{{{Text: "1"}, {Text: "status", Tone: Bad, Strong: true}, got, want}},
	}
}

// sampleFlow is what no fetch does: a cache hit, a redirect, a request without an
// answer, and a preflight that decides.
func sampleFlow() *Flow {
	const page = "https://app.example"
	return &Flow{
		Caption: "Who sends what to whom", Page: page, Browser: "chromium", Call: `fetch("/orders/7", {method: "PUT"})`,
		Exchanges: []Exchange{
			{Method: "OPTIONS", URL: "https://api.example/orders/7", Preflight: true, Cached: true, Request: http.Header{"Access-Control-Request-Method": {"PUT"}}},
			{
				Method: "PUT", URL: "https://api.example/orders/7", Status: "307 Temporary Redirect", Redirect: "https://new.example/orders/7",
				Request: http.Header{"Origin": {page}}, Response: http.Header{"Access-Control-Allow-Origin": {page}, "Location": {"https://new.example/orders/7"}, "X-Total": {"1"}},
				Visible: []string{"x-total"},
			},
			{Method: "OPTIONS", URL: "https://new.example/orders/7", Preflight: true, Error: "connection refused", Request: http.Header{"Origin": {page}}},
			{
				Method: "OPTIONS", URL: "https://new.example/orders/7", Preflight: true, Status: "204 No Content",
				Request: http.Header{"Origin": {page}}, Response: http.Header{"Access-Control-Allow-Methods": {"GET"}, "Server": {"a", "b"}},
			},
		},
		Stop: &Stop{Text: "MethodDisallowedByPreflightResponse at preflight", Header: "Access-Control-Allow-Methods", Got: "GET", Want: `it to list "PUT"`},
		End:  Mark{"TypeError", Bad},
	}
}

// render is the document as HTML.
func render(t testing.TB, d *Document) string {
	t.Helper()
	var b bytes.Buffer
	n, err := d.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("got %d bytes, %v; want %d", n, err, b.Len())
	}
	return b.String()
}

// elements are the elements of a document, in order.
func elements(t testing.TB, text string) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// textOf is the text in n.
func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// named are the elements of a name.
func named(all []*html.Node, name string) []*html.Node {
	return slices.DeleteFunc(slices.Clone(all), func(n *html.Node) bool { return n.Data != name })
}

func TestGolden(t *testing.T) {
	got := strings.ReplaceAll(render(t, sample()), styleCSS, "")
	path := filepath.Join("testdata", "report.golden.html")
	if *update {
		if err := os.WriteFile(path, []byte(withoutHash(got)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), withoutHash(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}

// withoutHash is text without what depends on the style.
func withoutHash(text string) string {
	before, rest, _ := strings.Cut(text, "sha256-")
	_, after, _ := strings.Cut(rest, "&#39;")
	return before + "sha256-…&#39;" + after
}

// TestAccessible: what somebody needs who does not see the page as it is drawn.
func TestAccessible(t *testing.T) {
	all := elements(t, render(t, sample()))
	if got := attribute(named(all, "html")[0], "lang"); got != "en" {
		t.Errorf("lang is %q; want en", got)
	}
	for _, name := range []string{"h1", "main", "title", "header", "footer"} {
		if got := len(named(all, name)); got != 1 {
			t.Errorf("%d elements %s; want one", got, name)
		}
	}
	last := 0
	for _, n := range all {
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			level := int(n.Data[1] - '0')
			if level > last+1 {
				t.Errorf("%s follows h%d", n.Data, last)
			}
			last = level
		}
	}
	for _, table := range named(all, "table") {
		inside := slices.DeleteFunc(slices.Collect(table.Descendants()), func(n *html.Node) bool { return n.Type != html.ElementNode })
		if len(named(inside, "caption")) != 1 || textOf(named(inside, "caption")[0]) == "" {
			t.Errorf("a table without a caption: %s", textOf(table))
		}
		for _, th := range named(inside, "th") {
			if scope := attribute(th, "scope"); scope != "row" && scope != "col" {
				t.Errorf("the header %s of a table has scope %q", textOf(th), scope)
			}
		}
	}
	for _, n := range all {
		if attribute(n, "class") == "sign" && attribute(n, "aria-hidden") != "true" {
			t.Errorf("the sign %s is read out", textOf(n))
		}
	}
}

// TestStepsAreTold: the diagram is a list that says who sends what to whom.
func TestStepsAreTold(t *testing.T) {
	var got []string
	for _, n := range elements(t, render(t, sample())) {
		if n.Data == "p" && attribute(n, "class") == "label" {
			got = append(got, strings.Join(strings.Fields(textOf(n)), " "))
		}
	}
	want := []string{
		`page to browser: fetch("/orders/7", {method: "PUT"})`,
		"browser: 1 ✓ preflight cache hit nothing is sent for OPTIONS /orders/7",
		"browser to https://api.example: 2 PUT /orders/7",
		"https://api.example to browser: 307 Temporary Redirect",
		"browser: redirect goes on to https://new.example/orders/7",
		"browser to https://new.example: 3 preflight OPTIONS /orders/7 ✕ no answer",
		"browser: connection refused",
		"browser to https://new.example: 4 preflight OPTIONS /orders/7",
		"https://new.example to browser: 204 No Content",
		"browser: ✕ stops here MethodDisallowedByPreflightResponse at preflight",
		"browser to page: TypeError",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
}

// TestNothingElse: no script, nothing from elsewhere, and a policy that would not
// let it in.
func TestNothingElse(t *testing.T) {
	all := elements(t, render(t, sample()))
	for _, n := range all {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || slices.Contains([]string{"style", "src", "href", "action", "srcset", "id"}, a.Key) {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
	for _, foreign := range []string{"url(", "@import", "expression", "</"} {
		if strings.Contains(styleCSS, foreign) {
			t.Errorf("the style has %s", foreign)
		}
	}
	sum := sha256.Sum256([]byte(textOf(named(all, "style")[0])))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	meta := named(all, "meta")
	i := slices.IndexFunc(meta, func(n *html.Node) bool { return attribute(n, "http-equiv") == "Content-Security-Policy" })
	if i < 0 || attribute(meta[i], "content") != want {
		t.Errorf("want the policy %s", want)
	}
}

// hostile are texts that would do something where they are not only shown.
var hostile = []string{
	"</style><script>alert(1)</script>", "</title><script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "' onmouseover='alert(1)",
	"<!-- ", "-->", "]]>", "<plaintext>", "{{.}}", "javascript:alert(1)", "</details></section></main>",
	"\u202egnp.exe", "\u2066a\u2069", "\x1b[31m", "a\x00b", "\xff\xfe", "a\r\nb\tc", "\u2028\u2029\ufeff\u200b", "e" + strings.Repeat("\u0301", 500),
	"\U000e0041", strings.Repeat("x", 1<<20), strings.Repeat("\u202e<b>", 1<<18),
}

// filled is the sample with s in place of all texts.
func filled(s string) *Document {
	d := sample()
	fill(reflect.ValueOf(d).Elem(), s)
	return d
}

func fill(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && v.CanSet() && v.String() != "" {
			v.SetString(s)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			fill(v.Elem(), s)
		}
	case reflect.Struct:
		if _, isTime := v.Interface().(time.Time); isTime {
			return
		}
		if c, isCell := v.Addr().Interface().(*Cell); isCell {
			*c, _ = Compare(s, "other")
			return
		}
		for _, field := range v.Fields() {
			fill(field, s)
		}
	case reflect.Slice:
		for i := range v.Len() {
			fill(v.Index(i), s)
		}
	case reflect.Map:
		h := v.Interface().(http.Header)
		if h == nil {
			return
		}
		clear(h)
		h[s] = []string{s, s}
	}
}

// maxSize is how large the sample may become, whatever its texts are.
const maxSize = 2 << 20

// checkHarmless says what a text does in a document besides being shown.
func checkHarmless(t testing.TB, s string) {
	t.Helper()
	got := render(t, filled(s))
	if len(got) > maxSize {
		t.Errorf("%.40q makes %d bytes; want at most %d", s, len(got), maxSize)
	}
	if i := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }); i >= 0 {
		t.Errorf("%.40q leaves %q in the document", s, got[i])
	}
	if len(s) > labelLimit {
		return // URLs are told twice, and some headers not
	}
	if want, got := skeleton(t, render(t, filled("text"))), skeleton(t, got); got != want {
		t.Errorf("%.40q changes the document (-want +got):\n%s", s, cmp.Diff(strings.Fields(want), strings.Fields(got)))
	}
}

// skeleton is the elements of a document and what they are, without the pieces of
// texts.
func skeleton(t testing.TB, text string) string {
	var b strings.Builder
	for _, n := range elements(t, text) {
		if !slices.Contains([]string{"b", "i", "mark"}, n.Data) {
			fmt.Fprintf(&b, "<%s%v>\n", n.Data, keys(n))
		}
	}
	return b.String()
}

// keys are the names of n's attributes.
func keys(n *html.Node) []string {
	var names []string
	for _, a := range n.Attr {
		names = append(names, a.Key)
	}
	return names
}

func TestHostileTexts(t *testing.T) {
	for _, s := range hostile {
		checkHarmless(t, s)
	}
}

func FuzzHostileTexts(f *testing.F) {
	for _, s := range hostile {
		if len(s) < 100 {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		if s != "" {
			checkHarmless(t, s)
		}
	})
}

// TestMany: what there is too much of is cut, and it is said how much there was.
func TestMany(t *testing.T) {
	h := http.Header{"Access-Control-Allow-Origin": {"https://evil.example"}}
	for i := range 10_000 {
		h[fmt.Sprintf("A-%05d", i)] = []string{"1"}
	}
	f := &Flow{Caption: "many", Stop: &Stop{Text: "x", Header: "Access-Control-Allow-Origin", Got: "https://evil.example"}}
	for i := range 1000 {
		f.Exchanges = append(f.Exchanges, Exchange{Method: "GET", URL: fmt.Sprintf("https://h%d.example/", i), Status: "200 OK", Response: h})
	}
	one := &Flow{Caption: "one", Exchanges: f.Exchanges[:1], Stop: f.Stop}
	got := render(t, &Document{Title: "many", Sections: []Section{{Title: "a", Flow: f}, {Title: "b", Flow: one}}})
	for _, want := range []string{"and 940 more exchanges", "and 9901 more lines", "This decides: came <b>https://evil.example</b>"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in the document", want)
		}
	}
	if len(got) > maxSize {
		t.Errorf("%d bytes; want at most %d", len(got), maxSize)
	}
	// A megabyte in each is not much more.
	megabyte := strings.Repeat("é", 1<<19)
	for name := range h {
		h[name] = []string{megabyte}
	}
	if got := render(t, &Document{Sections: []Section{{Flow: one}}}); len(got) > 1<<17 || !strings.Contains(got, "… of 1048576 bytes") {
		t.Errorf("%d bytes; want at most %d, and how long the values are", len(got), 1<<17)
	}
}

// TestEmpty: what is not given is not there.
func TestEmpty(t *testing.T) {
	all := elements(t, render(t, &Document{Sections: []Section{{}, {Table: &Table{}}, {Flow: &Flow{}}, {Flow: &Flow{Exchanges: []Exchange{{}}, Stop: &Stop{}}}}}))
	for _, name := range []string{"time", "strong", "pre", "dl"} {
		if n := len(named(all, name)); name != "dl" && n > 0 {
			t.Errorf("%d elements %s; want none", n, name)
		}
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteError(t *testing.T) {
	if n, err := sample().WriteTo(brokenWriter{}); n != 0 || !errors.Is(err, errBroken) {
		t.Errorf("got %d, %v; want 0 and the writer's error", n, err)
	}
}
