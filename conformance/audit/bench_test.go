package audit_test

import (
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/audit/specimens"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// BenchmarkRun audits a shop that is as it should be and one that trusts anybody,
// in memory and over sockets.
func BenchmarkRun(b *testing.B) {
	all := specimens.All()
	shop := &all[slices.IndexFunc(all, func(s specimens.Specimen) bool { return s.ID == "F01" })]
	for _, server := range []struct {
		name    string
		servers fetchtest.Servers
	}{{"right", shop.Repaired()}, {"faulty", shop.Faulty()}} {
		b.Run("memory/"+server.name, func(b *testing.B) {
			s := shop.Subject(server.servers)
			defer s.Web.Close()
			benchmark(b, s)
		})
		b.Run("sockets/"+server.name, func(b *testing.B) {
			listener := httptest.NewTLSServer(server.servers[api])
			defer listener.Close()
			s := shop.Subject(server.servers)
			s.Web = fetchtest.Over(listener.Client().Transport)
			defer s.Web.Close()
			s.Request.URL = listener.URL + "/orders"
			s.Login = func(w *fetchtest.Web) { w.SetCookie(listener.URL, shop.Cookies...) }
			benchmark(b, s)
		})
	}
}

func benchmark(b *testing.B, s policy.Subject) {
	b.ReportAllocs()
	var requests int
	for b.Loop() {
		report, err := audit.Run(b.Context(), s, audit.Options{})
		if err != nil {
			b.Fatal(err)
		}
		requests = report.Requests
	}
	b.ReportMetric(float64(requests), "requests/op")
}
