package redirect_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/redirect"
)

func BenchmarkFollow(b *testing.B) {
	q := with(get("A/x"), method("POST"), withBody)
	for _, bench := range []struct{ name, location string }{
		{"relative", "/y"},
		{"absolute", "https://b.test/y"},
		{"high bytes", "https://b.test/\xE2\x98\x83"},
	} {
		location := []string{bench.location}
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := redirect.Follow(q, 302, location, redirect.Rules{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
