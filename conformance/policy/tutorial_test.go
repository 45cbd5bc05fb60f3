package policy_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// The tests of README.md.

func newAPI() http.Handler { return trusts(isOneOf(app, admin), ordersHandler()) }

func TestAppMayPay(t *testing.T) {
	web := fetchtest.New(fetchtest.Servers{"https://api.example.com": newAPI()})
	pay := fetchtest.Request{
		Method: "PUT", URL: "https://api.example.com/v1/orders", Body: `{"paid":true}`,
		Header: http.Header{"Content-Type": {"application/json"}},
	}
	policy.Run(t, web,
		policy.Case{Name: "the app", Page: "https://app.example.com", Request: pay,
			Want: policy.Want{Verdict: fetchtest.Allowed, Requests: []string{"OPTIONS /v1/orders", "PUT /v1/orders"}}},
		policy.Case{Name: "a stranger is stopped before it is done", Page: "https://evil.example", Request: pay,
			Want: policy.Want{Verdict: fetchtest.Blocked, Stage: fetch.StagePreflight, Reached: new(false)}},
	)
}

func TestOrders(t *testing.T) {
	orders := policy.Subject{
		Web:     fetchtest.New(fetchtest.Servers{"https://api.example.com": newAPI()}),
		Request: fetchtest.Request{URL: "https://api.example.com/v1/orders"},
		Trusted: []string{"https://app.example.com", "https://admin.example.com"},
		Login:   func(w *fetchtest.Web) { w.SetCookie("https://api.example.com", "session=1; Secure; SameSite=None") },
	}
	policy.Check(t, orders,
		policy.OnlyTrusted(),                 // they can read, and no other page can
		policy.CacheSafe(),                   // Vary is right
		policy.ErrorsReadable("/v1/nothing"), // a 404 is a 404 to the script, no "CORS error"
		policy.PreflightNeedsNoCredentials(), // CORS comes before authentication
		policy.PreflightHasNoSideEffects(nil),
		policy.SameOriginUnaffected(),
		policy.Deterministic(3),
		policy.Uniform("?page=2"), // the same pages read the same, whatever the URL
	)
}

func TestAudit(t *testing.T) {
	report, err := audit.Run(t.Context(), policy.Subject{
		Web:     fetchtest.New(fetchtest.Servers{"https://api.example.com": newAPI()}),
		Request: fetchtest.Request{URL: "https://api.example.com/v1/orders"},
		Trusted: []string{"https://app.example.com", "https://admin.example.com"},
	}, audit.Options{Writes: true}) // it is in memory: nothing is lost
	if err != nil {
		t.Fatal(err)
	}
	for i := range report.Findings {
		t.Error(&report.Findings[i]) // what it is, what that means in a browser, what to change, and the wire
	}
}

// TestTutorial: README.md has these tests, as they are, and what fails as it is
// said there.
func TestTutorial(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("tutorial_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"TestAppMayPay", "TestOrders", "TestAudit"} {
		_, code, _ := strings.Cut(string(source), "func "+name)
		code, _, _ = strings.Cut(code, "\n}\n")
		if !strings.Contains(string(readme), "func "+name+code+"\n}\n") {
			t.Errorf("%s is another one there", name)
		}
	}
	bySuffix := func(o string) bool { return strings.HasPrefix(o, "https://") && strings.HasSuffix(o, "example.com") }
	v := policy.Verify(subject(trusts(bySuffix, ordersHandler())), policy.NeverTrusts(policy.Suffix))
	if said := v[0].Invariant + ": " + v[0].Why; !strings.Contains(string(readme), "\n"+said+"\n") {
		t.Errorf("%s: that is not what is said there", said)
	}
}
