package fetchtest_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// BenchmarkFetch: a fetch with its result, one with a preflight that is cached,
// and one in a new web.
func BenchmarkFetch(b *testing.B) {
	api := answer("[]", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT")
	for _, method := range []string{"GET", "PUT"} {
		b.Run(method, func(b *testing.B) {
			b.ReportAllocs()
			page := web(api).Page(appURL)
			for b.Loop() {
				if got := page.Fetch(fetchtest.Request{Method: method, URL: apiURL}); got.Verdict != fetchtest.Allowed {
					b.Fatal(got)
				}
			}
		})
	}
	b.Run("new web", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if got := web(api).Page(appURL).Fetch(fetchtest.Request{Method: "PUT", URL: apiURL}); got.Verdict != fetchtest.Allowed {
				b.Fatal(got)
			}
		}
	})
}
