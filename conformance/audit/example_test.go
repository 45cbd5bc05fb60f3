package audit_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// In a test each finding is an error: t.Error(&f).
func ExampleRun() {
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Origin")
		if o := r.Header.Get("Origin"); strings.HasSuffix(o, "example.com") {
			w.Header().Set("Access-Control-Allow-Origin", o)
		}
		fmt.Fprint(w, "[]")
	})
	report, err := audit.Run(context.Background(), policy.Subject{
		Web:     fetchtest.New(fetchtest.Servers{"https://api.example.com": api}),
		Request: fetchtest.Request{URL: "https://api.example.com/orders"},
		Trusted: []string{"https://app.example.com"},
	}, audit.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings {
		if strings.HasPrefix(f.Name, "trust.") {
			fmt.Println(f.ID, f.Severity, f.Title, f.Page)
		}
	}
	// Output:
	// F05 medium Any host that ends as a trusted one may read https://szsrlgnfrmkzexample.com
	// F11 low Any subdomain may read https://szsrlgnfrmkz.example.com
	// F12 low A page without TLS may read what is behind TLS http://api.example.com
}
