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
// and nothing at all in the repaired one. CATALOGUE.md says what, and what else is
// found in the faulty one, for a reader to see that it is true.
func TestSpecimens(t *testing.T) {
	var c catalogue
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
		f := &faulty[i]
		if f.Consequence == "" || f.Fix == "" {
			t.Errorf("%s: it says too little: %v", s.ID, f)
		}
		for _, isControl := range []bool{false, true} {
			if !slices.ContainsFunc(f.Evidence, func(e audit.Evidence) bool { return e.Control == isControl && shows(e) }) {
				t.Errorf("%s: no evidence that shows something and is a control: %v:\n%v", s.ID, isControl, f)
			}
		}
		c.add(s.Mistake, f, slices.DeleteFunc(ids(faulty), func(id string) bool { return id == s.ID }))
	}
	const file = "../CATALOGUE.md"
	if *update {
		if err := os.WriteFile(file, []byte(c.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), c.String()); diff != "" {
		t.Errorf("%s (-want +got); -update writes it:\n%s", file, diff)
	}
}

// shows reports whether an evidence has an exchange, or is that there is none.
func shows(e audit.Evidence) bool {
	return len(e.Exchanges) > 0 || strings.HasPrefix(e.Verdict, "blocked: MixedContent")
}

// A catalogue is the page of what is found in the specimens.
type catalogue struct {
	table, entries strings.Builder
}

// add adds what is found in a server, and the ids of what else is.
func (c *catalogue) add(mistake string, f *audit.Finding, others []string) {
	anchor := strings.ToLower(f.ID)
	fmt.Fprintf(&c.table, "| %s | [%s](#%s) | %s | %s |\n", f.ID, f.Title, anchor, f.Severity, f.Name)
	fmt.Fprintf(&c.entries, "\n<a id=%q></a>\n## %s %s\n\nA server that %s: %s, %s", anchor, f.ID, f.Title, mistake, f.Severity, f.Confidence)
	rules := audit.Rules()
	if cwe := rules[slices.IndexFunc(rules, func(r audit.Rule) bool { return r.ID == f.ID })].CWE; cwe != 0 {
		fmt.Fprintf(&c.entries, ", [CWE-%d](https://cwe.mitre.org/data/definitions/%d.html)", cwe, cwe)
	}
	fmt.Fprintf(&c.entries, ".\n\n%s\n\n*Fix:* %s\n", f.Consequence, f.Fix)
	if f.Page != "" {
		fmt.Fprintf(&c.entries, "\n*Shown by* a page of `%s`.\n", f.Page)
	}
	if len(others) > 0 {
		fmt.Fprintf(&c.entries, "\n*Also true of that server:* %s.\n", strings.Join(others, ", "))
	}
}

// String is the page.
func (c *catalogue) String() string { return catalogueHead + c.table.String() + c.entries.String() }

const catalogueHead = `# What an audit looks for

Each finding has an id that stays. What is said of it here is what the audit says of its specimen: the smallest server that has it, whose
repaired twin has nothing ([specimens](specimens)). Severities are computed, by what a page can do, who can have such a page, and
whether the resource is private, sensitive or the same for all; those here are the specimens'.

| | finding | severity | |
| --- | --- | --- | --- |
`

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
