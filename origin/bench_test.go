package origin_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

func BenchmarkFromURL(b *testing.B) {
	u := weburl.MustParse("https://www.example.com:8443/articles/2026?ref=a")
	b.ReportAllocs()
	for b.Loop() {
		origin.FromURL(u)
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := origin.Parse("https://www.example.com:8443"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIsSerialized(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		origin.IsSerialized("https://www.example.com:8443")
	}
}

func BenchmarkSameOrigin(b *testing.B) {
	o, p := origin.MustParse("https://www.example.com"), fromURL(b, "https://www.example.com/x")
	n := 0
	for b.Loop() {
		if o == p {
			n++
		}
	}
	if n != b.N {
		b.Fatalf("%s and %s were the same origin %d times of %d", o, p, n, b.N)
	}
}

func BenchmarkSameSite(b *testing.B) {
	a := origin.MustParse("https://www.example.com")
	for _, bm := range []struct{ name, other string }{
		{"scheme", "http://www.example.com"},
		{"host", "https://www.example.com:8443"},
		{"labels", "https://www.example.org"},
		{"list", "https://cdn.example.com"},
	} {
		o := origin.MustParse(bm.other)
		b.Run(bm.name+"/origin", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a.SameSite(o)
			}
		})
		b.Run(bm.name+"/sites", func(b *testing.B) {
			var sites origin.Sites
			b.ReportAllocs()
			for b.Loop() {
				sites.SameSite(a, o)
			}
		})
	}
}

func BenchmarkRedirectTaint(b *testing.B) {
	a := origin.MustParse("https://a.test")
	for _, bm := range []struct {
		name string
		urls []string
	}{
		{"one", []string{"https://b.test/"}},
		{"two", []string{"https://a.test/", "https://b.test/"}},
		{"twenty-one", longestList()},
	} {
		var urls []*weburl.URL
		for _, s := range bm.urls {
			urls = append(urls, weburl.MustParse(s))
		}
		b.Run(bm.name, func(b *testing.B) {
			var sites origin.Sites
			b.ReportAllocs()
			for b.Loop() {
				sites.RedirectTaint(a, urls)
			}
		})
	}
}

// longestList is the longest that redirects can make a URL list, on one site.
func longestList() (urls []string) {
	for i := range 21 {
		urls = append(urls, "https://x"+string(rune('a'+i))+".b.test/")
	}
	return urls
}
