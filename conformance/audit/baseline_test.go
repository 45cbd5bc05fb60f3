package audit_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance/audit"
)

// TestBaseline: a report accepts its own baseline, with what a reader adds to it;
// what is gone is told, if it is about the same resource.
func TestBaseline(t *testing.T) {
	report := &audit.Report{Target: "https://a.example/", Findings: []audit.Finding{
		{ID: "F12", Title: "insecure", Severity: audit.High, URL: "https://a.example/", Page: "http://a.example"},
		{ID: "F51", Title: "max-age", Severity: audit.Waste, URL: "https://a.example/"},
	}}
	if got := report.Worst(); got != audit.High {
		t.Errorf("Worst() = %q; want %q", got, audit.High)
	}
	text := "# known\n\n" + report.Baseline() + "F01 https://a.example/ https://x.example\nF01 https://b.example/ https://x.example\n"
	b, err := audit.ParseBaseline(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	stale := report.Accept(b)
	if diff := cmp.Diff([]string{"F01 https://a.example/ https://x.example"}, stale); diff != "" {
		t.Errorf("stale (-want +got):\n%s", diff)
	}
	for _, f := range report.Findings {
		if !f.Accepted {
			t.Errorf("%s is not accepted", f.ID)
		}
	}
	if got := report.Worst(); got != "" {
		t.Errorf("Worst() = %q, all being accepted; want none", got)
	}
	if report.Accept(audit.Baseline{}); report.Findings[0].Accepted {
		t.Error("the zero Baseline accepts something")
	}
}

// FuzzBaseline: whatever a file has, it is a baseline or an error that names a line.
func FuzzBaseline(f *testing.F) {
	f.Add("F12 https://api.example.com/orders http://app.example.com  # until the old app is gone\n")
	f.Add("F51 https://api.example.com/\n\n# nothing\n")
	f.Add("F1\nnonsense")
	f.Add("F12 a b c d")
	f.Add(strings.Repeat("x", 1<<17))
	f.Fuzz(func(t *testing.T, text string) {
		b, err := audit.ParseBaseline(strings.NewReader(text))
		if err != nil {
			if diff := cmp.Diff(audit.Baseline{}, b, cmp.AllowUnexported(audit.Baseline{})); diff != "" && strings.Contains(err.Error(), "line") {
				t.Errorf("with an error there is a baseline: %s", diff)
			}
			return
		}
		(&audit.Report{}).Accept(b)
	})
}
