package policy_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A server that its tests have found right, with a preflight made by hand and an
// Origin that is allowed. There are four mistakes in it.
func Example() {
	server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/orders" {
			http.NotFound(w, r)
			return
		}
		if r.Method == http.MethodOptions && r.Header.Get("Cookie") == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if o := r.Header.Get("Origin"); strings.HasSuffix(o, ".example.com") || strings.HasSuffix(o, "app.example.com") {
			w.Header().Set("Access-Control-Allow-Origin", o)
		}
		fmt.Fprint(w, "[]")
	})
	orders := policy.Subject{
		Web:     fetchtest.New(fetchtest.Servers{"https://api.example.com": server}),
		Request: fetchtest.Request{URL: "https://api.example.com/orders"},
		Trusted: []string{"https://app.example.com"},
	}
	for _, v := range policy.Verify(orders, policy.OnlyTrusted(), policy.CacheSafe(), policy.ErrorsReadable(), policy.PreflightNeedsNoCredentials()) {
		fmt.Printf("%s: %s\n", v.Invariant, v.Why)
	}
	// Output:
	// only-trusted: http://a.example.com is not trusted (insecure), and can read it
	// cache-safe: https://app.example.com cannot read what a cache keeps of a visit, unlike what the server itself would answer; it has no Vary
	// errors-readable: https://app.example.com is trusted, and cannot read what is answered at https://api.example.com/corsfetch-no-such-resource
	// preflight-needs-no-credentials: the preflight is answered with status 401, and no browser would say who the user is
}

func ExampleAdversaries() {
	for class, page := range policy.Adversaries("https://api.example.com", "https://app.example.com") {
		switch class {
		case policy.Dot, policy.Null, policy.Insecure:
			fmt.Println(class, page)
		}
	}
	// Output:
	// null null
	// insecure http://api.example.com
	// insecure http://szsrlgnfrmkz.example.com
	// dot https://apixexample.com
	// insecure http://app.example.com
	// insecure http://dvtgykrpnxtb.example.com
	// dot https://appxexample.com
}
