package weburl_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/origin/weburl"
)

var benchmarks = []struct{ name, in string }{
	{"short", "https://example.com/"},
	{"typical", "https://www.example.com/articles/2026/05/some-title.html?ref=a"},
	{"long", "https://static.cdn.example.com:8443/assets/js/app/main.bundle.min.js" +
		"?v=20260711.3&session=abcdef0123456789&lang=en-GB&utm_source=newsletter#section-4"},
	{"IPv4", "http://127.0.0.1:8080/x"},
	{"IPv6", "http://[2001:db8::1]:8080/x"},
	{"odd", "HTTP://EXAMPLE.com:80/a/../b"},
	{"unicode", "https://bücher.example/straße"},
	{"data", "data:text/plain,hello"},
}

func BenchmarkParse(b *testing.B) {
	for _, bm := range benchmarks {
		b.Run(bm.name+"/weburl", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := weburl.Parse(bm.in, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(bm.name+"/neturl", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := url.Parse(bm.in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkResolve(b *testing.B) {
	const base, ref = "https://www.example.com/articles/2026/index.html?x=1", "../next/page?x=1"
	b.Run("weburl", func(b *testing.B) {
		u := weburl.MustParse(base)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := weburl.Parse(ref, u); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("neturl", func(b *testing.B) {
		u, err := url.Parse(base)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := u.Parse(ref); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkString(b *testing.B) {
	const in = "https://www.example.com/articles/2026/05/some-title.html?ref=a"
	b.Run("weburl", func(b *testing.B) {
		u := weburl.MustParse(in)
		n := 0
		b.ReportAllocs()
		for b.Loop() {
			n += len(u.String())
		}
	})
	b.Run("neturl", func(b *testing.B) {
		u, err := url.Parse(in)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		b.ReportAllocs()
		for b.Loop() {
			n += len(u.String())
		}
	})
}

// BenchmarkHostile has the same throughput for 4 KB and 64 KB of each input if
// parsing takes time linear in the input.
func BenchmarkHostile(b *testing.B) {
	base := weburl.MustParse("https://a.test/x/y")
	for _, hostile := range hostileInputs {
		for _, size := range []struct {
			name string
			n    int
		}{{"4KB", 1 << 12}, {"64KB", 1 << 16}} {
			in := hostile.input(size.n)
			b.Run(strings.ReplaceAll(hostile.desc, " ", "-")+"/"+size.name, func(b *testing.B) {
				b.SetBytes(int64(len(in)))
				for b.Loop() {
					weburl.Parse(in, base)
				}
			})
		}
	}
}
