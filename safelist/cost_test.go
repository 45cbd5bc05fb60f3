package safelist_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/safelist"
)

func TestAllocations(t *testing.T) {
	pageHeader := http.Header{
		"Accept":          {"text/html, */*;q=0.1", "image/png"},
		"Accept-Language": {"en-US,en;q=0.9"},
		"Content-Type":    {"Text/Plain; charset=utf-8"},
		"Range":           {"bytes=0-99"},
	}
	unrepeated := http.Header{"Accept": {"*/*"}, "Dpr": {"2"}, "Content-Type": {"text/plain;charset=UTF-8"}}
	cases := []struct {
		desc string
		f    func() bool // reports whether it went the way it was meant to
	}{
		{"IsToken", func() bool { return safelist.IsToken("X-Requested-With") }},
		{"IsHeaderValue", func() bool { return safelist.IsHeaderValue("a b") }},
		{"NormalizeHeaderValue", func() bool { return safelist.NormalizeHeaderValue(" a\r\n") == "a" }},
		{"IsMethod", func() bool { return safelist.IsMethod("PROPFIND") }},
		{"IsSafelistedMethod", func() bool { return safelist.IsSafelistedMethod("POST") }},
		{"IsForbiddenMethod", func() bool { return safelist.IsForbiddenMethod("tRaCk") }},
		{"NormalizeMethod", func() bool { return safelist.NormalizeMethod("options") == "OPTIONS" }},
		{"Accept", func() bool { return safelist.IsSafelistedRequestHeader("ACCEPT", "*/*") }},
		{"Accept-Language", func() bool { return safelist.IsSafelistedRequestHeader("accept-language", "en") }},
		{"Content-Type", func() bool {
			return safelist.IsSafelistedRequestHeader("Content-TYPE", "Multipart/Form-Data; boundary=x")
		}},
		{"Range", func() bool { return safelist.IsSafelistedRequestHeader("RANGE", "bytes=1-2") }},
		{"unsafe name", func() bool { return !safelist.IsSafelistedRequestHeader("X-Requested-With", "x") }},
		{"client hint", func() bool { return chromium.IsSafelistedRequestHeader("SEC-CH-Prefers-Reduced-Transparency", "x") }},
		{"range in any case", func() bool { return webkit.IsSafelistedRequestHeader("Range", "BYTES=0-1") }},
		{"IsNoCORSSafelistedRequestHeaderName", func() bool { return safelist.IsNoCORSSafelistedRequestHeaderName("ACCEPT") }},
		{"IsNoCORSSafelistedRequestHeader", func() bool {
			return safelist.IsNoCORSSafelistedRequestHeader("CONTENT-LANGUAGE", "de")
		}},
		{"IsPrivilegedNoCORSRequestHeaderName", func() bool { return safelist.IsPrivilegedNoCORSRequestHeaderName("RANGE") }},
		{"IsNonWildcardRequestHeaderName", func() bool { return safelist.IsNonWildcardRequestHeaderName("AUTHORIZATION") }},
		{"IsForbiddenRequestHeader by name", func() bool {
			return safelist.IsForbiddenRequestHeader("ACCESS-CONTROL-REQUEST-HEADERS", "")
		}},
		{"IsForbiddenRequestHeader by prefix", func() bool { return safelist.IsForbiddenRequestHeader("SEC-FETCH-MODE", "") }},
		{"IsForbiddenRequestHeader by value", func() bool {
			return safelist.IsForbiddenRequestHeader("X-HTTP-METHOD-OVERRIDE", `"a", get, Trace`)
		}},
		{"IsForbiddenResponseHeaderName", func() bool { return safelist.IsForbiddenResponseHeaderName("SET-COOKIE") }},
		{"IsSafelistedResponseHeaderName by default", func() bool {
			return safelist.IsSafelistedResponseHeaderName("LAST-MODIFIED", nil)
		}},
		{"IsSafelistedResponseHeaderName by list", func() bool {
			return safelist.IsSafelistedResponseHeaderName("X-A", []string{"x-b", "x-a"})
		}},
		{"IsRequestBodyHeaderName", func() bool { return safelist.IsRequestBodyHeaderName("CONTENT-ENCODING") }},
		{"UnsafeRequestHeaderNames", func() bool { return safelist.UnsafeRequestHeaderNames(pageHeader) == nil }},
		{"UnsafeRequestHeaderNames in Chromium", func() bool { return chromium.UnsafeRequestHeaderNames(unrepeated) == nil }},
		{"Get of one value", func() bool { v, ok := safelist.Get(pageHeader["Range"]); return ok && v != "" }},
		{"DetermineNosniff", func() bool { return safelist.DetermineNosniff([]string{"NoSniff"}) }},
		{"ExtractDeltaSeconds", func() bool { n, ok := safelist.ExtractDeltaSeconds([]string{"600"}); return ok && n == 600 }},
		{"ExtractLength", func() bool { n, _ := safelist.ExtractLength([]string{"30, 30"}); return n == 30 }},
		{"ParseRange", func() bool { _, ok := safelist.ParseRange("bytes = 1 - 2", true); return ok }},
		{"MIMEEssence", func() bool { _, ok := safelist.MIMEEssence(" text/html ; charset=utf-8"); return ok }},
		{"ParseMIMEType without parameters", func() bool { _, ok := safelist.ParseMIMEType("text/html"); return ok }},
		{"ExtractTokens of an absent header", func() bool { tokens, ok := safelist.ExtractTokens(nil); return ok && tokens == nil }},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			asMeant := true
			allocs := testing.AllocsPerRun(100, func() { asMeant = c.f() && asMeant })
			if !asMeant {
				t.Error("it did not go the way it was meant to")
			}
			if allocs != 0 {
				t.Errorf("%v allocations; want 0", allocs)
			}
		})
	}
}

// Anything worse than linear time would take minutes for these.
func TestHostileSizes(t *testing.T) {
	const size = 1 << 20
	commas := strings.Repeat(",", size)
	quotes := strings.Repeat(`"`, size)
	escapes := `"` + strings.Repeat(`\`, size)
	spaces := strings.Repeat(" ", size)
	digits := strings.Repeat("9", size)

	t.Run("lists", func(t *testing.T) {
		if got, want := len(safelist.GetDecodeSplit([]string{commas})), size+1; got != want {
			t.Errorf("commas: %d members; want %d", got, want)
		}
		for _, value := range []string{quotes, escapes, spaces} {
			if got := len(safelist.GetDecodeSplit([]string{value})); got != 1 {
				t.Errorf("%q...: %d members; want 1", value[:2], got)
			}
		}
		if got, ok := safelist.ExtractTokens([]string{commas, spaces, commas}); len(got) != 0 || !ok {
			t.Errorf("commas: %d tokens, %t; want 0, true", len(got), ok)
		}
		if got, ok := safelist.ExtractTokens(slices.Repeat([]string{"a,b"}, size/4)); len(got) != size/2 || !ok {
			t.Errorf("many headers: %d tokens, %t; want %d, true", len(got), ok, size/2)
		}
		if _, ok := safelist.ExtractTokens([]string{strings.Repeat("a,", size/2) + "("}); ok {
			t.Error("a bad member behind many good ones is accepted")
		}
		if safelist.DetermineNosniff([]string{spaces, commas, "nosniff"}) {
			t.Error("nosniff behind commas counts")
		}
		if safelist.IsForbiddenRequestHeader("X-HTTP-Method", commas) {
			t.Error("commas are a forbidden method")
		}
	})

	t.Run("numbers", func(t *testing.T) {
		if n, ok := safelist.ExtractDeltaSeconds([]string{digits}); !ok || n <= 0 {
			t.Errorf("ExtractDeltaSeconds = %d, %t; want the largest number", n, ok)
		}
		if n, state := safelist.ExtractLength([]string{digits, digits}); state != safelist.LengthValue || n <= 0 {
			t.Errorf("ExtractLength = %d, %d; want the largest number", n, state)
		}
		if r, ok := safelist.ParseRange("bytes="+digits+"-"+digits, false); !ok || r.First != digits {
			t.Errorf("ParseRange ok = %t; want true", ok)
		}
		if _, ok := safelist.ParseRange("bytes"+spaces+"="+spaces+"-", true); ok {
			t.Error("ParseRange of spaces succeeds")
		}
	})

	t.Run("MIME types", func(t *testing.T) {
		var distinct, equal strings.Builder
		distinct.WriteString("a/b")
		equal.WriteString("a/b")
		for i := range size / 10 {
			fmt.Fprintf(&distinct, ";p%d=v", i)
			equal.WriteString(";p=v")
		}
		if m, ok := safelist.ParseMIMEType(distinct.String()); !ok || len(m.Parameters) != size/10 {
			t.Errorf("distinct names: %d parameters, %t; want %d, true", len(m.Parameters), ok, size/10)
		}
		if m, ok := safelist.ParseMIMEType(equal.String()); !ok || len(m.Parameters) != 1 {
			t.Errorf("equal names: %d parameters, %t; want 1, true", len(m.Parameters), ok)
		}
		for _, tail := range []string{commas, quotes, escapes, spaces, strings.Repeat(";", size), strings.Repeat("=", size)} {
			if m, ok := safelist.ParseMIMEType("a/b;x=" + tail); !ok || m.Essence() != "a/b" {
				t.Errorf("%q...: %s, %t; want a/b, true", tail[:2], m.Essence(), ok)
			}
		}
		if m, ok := safelist.ExtractMIMEType([]string{strings.Repeat("a/b;charset=x,a/b,", size/18)}); !ok || m.String() != "a/b;charset=x" {
			t.Errorf("ExtractMIMEType = %s, %t; want a/b;charset=x, true", m, ok)
		}
	})

	t.Run("headers", func(t *testing.T) {
		const names = 10_000
		h, exposed := http.Header{}, []string{}
		for i := range names {
			h[fmt.Sprintf("X-%d", i)] = []string{"1", "2"}
			exposed = append(exposed, fmt.Sprintf("x-%d", i))
		}
		h["Accept"] = slices.Repeat([]string{"*/*"}, names)
		h["Content-Type"] = []string{spaces}
		for engine, rules := range allRules {
			want := names + 2
			if rules.NameRepeated {
				want = 2*names + 1 // without a total limit Accept is safe
			}
			if got := len(rules.UnsafeRequestHeaderNames(h)); got != want {
				t.Errorf("%s: %d unsafe names; want %d", engine, got, want)
			}
		}
		if got, want := len(safelist.FilterResponseHeader(h, exposed)), names+1; got != want {
			t.Errorf("%d headers are exposed; want %d", got, want)
		}
	})
}
