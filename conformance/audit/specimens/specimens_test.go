package specimens_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/audit/specimens"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

var update = flag.Bool("update", false, "write golden files")

// TestSpecimens: the audit finds in each faulty server what it is a specimen of,
// and nothing at all in the repaired one. What else it finds in a faulty server is
// in a file, for a reader to see that it is true.
func TestSpecimens(t *testing.T) {
	const golden = "testdata/findings.golden"
	var all strings.Builder
	for _, s := range specimens.All() {
		faulty := findings(t, s, s.Faulty())
		i := slices.IndexFunc(faulty, func(f audit.Finding) bool { return f.ID == s.ID })
		if i < 0 {
			t.Errorf("%s: a server that %s: not found; found were %v", s.ID, s.Mistake, ids(faulty))
			continue
		}
		for _, f := range findings(t, s, s.Repaired()) {
			t.Errorf("%s: the repaired server has a finding:\n%v", s.ID, &f)
		}
		f := faulty[i]
		fmt.Fprintf(&all, "%s %s: %s\n    %s, %s, page %q\n", f.ID, f.Name, s.Mistake, f.Severity, f.Confidence, f.Page)
		if others := slices.DeleteFunc(ids(faulty), func(id string) bool { return id == s.ID }); len(others) > 0 {
			fmt.Fprintf(&all, "    and %s\n", strings.Join(others, " "))
		}
		if len(f.Evidence) == 0 || f.Consequence == "" || f.Fix == "" {
			t.Errorf("%s: it says too little: %v", s.ID, &f)
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), all.String()); diff != "" {
		t.Errorf("findings (-want +got); -update writes them:\n%s", diff)
	}
}

// TestEveryRuleHasASpecimen: none is left out, and none is there twice.
func TestEveryRuleHasASpecimen(t *testing.T) {
	var want, got []string
	for _, r := range audit.Rules() {
		want = append(want, r.ID)
	}
	for _, s := range specimens.All() {
		got = append(got, s.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-rules +specimens):\n%s", diff)
	}
}

// findings are what an audit finds in servers.
func findings(t *testing.T, s specimens.Specimen, servers fetchtest.Servers) []audit.Finding {
	t.Helper()
	subject := s.Subject(servers)
	defer subject.Web.Close()
	report, err := audit.Run(t.Context(), subject, s.Options)
	if err != nil {
		t.Fatalf("%s: %v", s.ID, err)
	}
	return report.Findings
}

// ids are those of findings, sorted, each once.
func ids(findings []audit.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.ID)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
