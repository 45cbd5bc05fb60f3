package safelist_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/safelist"
)

// sink keeps results, so that what is measured is not optimized away.
var sink int

func count(ok bool) {
	if ok {
		sink++
	}
}

func BenchmarkIsSafelistedRequestHeader(b *testing.B) {
	headers := []struct{ desc, name, value string }{
		{"accept", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8"},
		{"content-type", "Content-Type", "text/plain;charset=UTF-8"},
		{"range", "Range", "bytes=0-1023"},
		{"unsafe", "X-Requested-With", "XMLHttpRequest"},
	}
	for _, h := range headers {
		b.Run(h.desc, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				count(safelist.IsSafelistedRequestHeader(h.name, h.value))
			}
		})
	}
}

func BenchmarkIsForbiddenRequestHeader(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		count(safelist.IsForbiddenRequestHeader("X-Requested-With", "XMLHttpRequest"))
	}
}

func BenchmarkUnsafeRequestHeaderNames(b *testing.B) {
	safe := http.Header{
		"Accept":          {"*/*"},
		"Accept-Language": {"en-US,en;q=0.9"},
		"Content-Type":    {"text/plain;charset=UTF-8"},
	}
	unsafe := safe.Clone()
	unsafe["Authorization"] = []string{"Bearer x"}
	unsafe["Content-Type"] = []string{"application/json"}
	cases := []struct {
		desc  string
		rules safelist.Rules
		h     http.Header
	}{
		{"safe", safelist.Rules{}, safe},
		{"safe-chromium", chromium, safe},
		{"unsafe", safelist.Rules{}, unsafe},
	}
	for _, c := range cases {
		b.Run(c.desc, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sink += len(c.rules.UnsafeRequestHeaderNames(c.h))
			}
		})
	}
}

func BenchmarkExtractTokens(b *testing.B) {
	lists := map[string][]string{
		"wildcard": {"*"},
		"three":    {"Content-Type, Authorization, X-Requested-With"},
		"1MB":      {strings.Repeat("x-abcde, ", 1<<20/9)},
	}
	for desc, values := range lists {
		b.Run(desc, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				tokens, _ := safelist.ExtractTokens(values)
				sink += len(tokens)
			}
		})
	}
}

func BenchmarkParseMIMEType(b *testing.B) {
	types := map[string]string{
		"bare":      "text/plain",
		"parameter": "text/plain;charset=UTF-8",
		"quoted":    `multipart/form-data; boundary="a b"`,
	}
	for desc, s := range types {
		b.Run(desc, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, ok := safelist.ParseMIMEType(s)
				count(ok)
			}
		})
	}
}

func BenchmarkMIMEEssence(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, ok := safelist.MIMEEssence("text/plain;charset=UTF-8")
		count(ok)
	}
}

func BenchmarkFilterResponseHeader(b *testing.B) {
	h := http.Header{
		"Content-Type":  {"text/plain"},
		"Cache-Control": {"no-store"},
		"Server":        {"x"},
		"Date":          {"Fri, 20 Nov 2026 12:00:00 GMT"},
		"X-Request-Id":  {"1"},
	}
	exposed := []string{"X-Request-Id"}
	b.ReportAllocs()
	for b.Loop() {
		sink += len(safelist.FilterResponseHeader(h, exposed))
	}
}
