package scanners

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/audit/specimens"
)

var update = flag.Bool("update", false, "write ../SCANNERS.md anew")

// pageFile is what the tools find, for people to read.
const pageFile = "../SCANNERS.md"

// TestPage: what the tools find in the specimens is what the page says.
func TestPage(t *testing.T) {
	got := newPage(t).render()
	if *update {
		if err := os.WriteFile(pageFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(pageFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what comes of the specimens now; run\n\n\tgo test ./conformance/audit/scanners -run TestPage -update\n\n(-is +comes):\n%s",
			pageFile, gocmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
	}
}

// A page is what each tool said of each specimen.
type page struct {
	specimens []specimens.Specimen
	rules     map[string]audit.Rule // by id
	columns   []column              // the last is the audit
}

// A column is what one tool said, of the specimens in order.
type column struct {
	name    string
	results []result
	told    []result // had it known of the trusted page; nil if that is nothing to it
}

func newPage(t *testing.T) *page {
	p := &page{specimens: specimens.All(), rules: make(map[string]audit.Rule)}
	for _, r := range audit.Rules() {
		p.rules[r.ID] = r
	}
	n := len(p.specimens)
	for _, s := range scanners {
		p.columns = append(p.columns, column{name: s.name, results: make([]result, n), told: make([]result, n)})
	}
	p.columns = append(p.columns, column{name: "audit", results: make([]result, n)})
	t.Run("try", func(t *testing.T) {
		for i, spec := range p.specimens {
			t.Run(spec.ID, func(t *testing.T) {
				t.Parallel()
				for j, s := range scanners {
					p.columns[j].results[i] = s.try(t, &spec, spec.URL)
					p.columns[j].told[i] = s.try(t, &spec, trustedBy(&spec))
				}
				p.columns[len(scanners)].results[i] = tryAudit(t, &spec)
			})
		}
	})
	return p
}

// trustedBy is the first page that a specimen trusts, or else its own.
func trustedBy(spec *specimens.Specimen) string {
	if len(spec.Trusted) > 0 {
		return spec.Trusted[0]
	}
	return spec.URL
}

// A tally is how often a column has what.
type tally struct {
	outcomes map[outcome]int
	alarms   int
	told     int // found, had it known of the trusted page
	requests []int
}

func (p *page) tally(c *column) tally {
	n := tally{outcomes: make(map[outcome]int)}
	for i := range c.results {
		r := &c.results[i]
		n.outcomes[r.outcome(p.specimens[i].ID)]++
		if r.repaired != nil {
			n.alarms++
		}
		if c.told != nil && c.told[i].outcome(p.specimens[i].ID) == found {
			n.told++
		}
		n.requests = append(n.requests, r.requests[:]...)
	}
	slices.Sort(n.requests)
	return n
}

func (p *page) render() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# The audit beside other scanners\n\n"+
		"What other tools say of the [specimens](specimens): for each of %d findings a server that has it, and its repaired twin. "+
		"This page is made by `go test ./conformance/audit/scanners -run TestPage -update`; a test fails when it is not what comes of it.\n\n",
		len(p.specimens))
	p.renderHow(&b)
	p.renderTotals(&b)
	p.renderGroups(&b)
	p.renderFindings(&b)
	p.renderReports(&b)
	renderTools(&b)
	return b.Bytes()
}

func (p *page) renderHow(b *bytes.Buffer) {
	b.WriteString("The tools are not run themselves: [their probes and how they judge](scanners) are described as data, in the order in which they are sent. " +
		"What is random in them is always the same here. All ask as a user who is logged in, as all of them can.\n\n" +
		"- **found**: the tool says something of the faulty server that it does not say of the twin, and what it says can, read as kindly as possible, " +
		"mean the finding.\n" +
		"- another: it says something of the faulty server alone, and means something else.\n" +
		"- same: it says the same of both, so that nobody can tell from it whether the mistake is still there.\n" +
		"- alarm: it says something of the twin that it does not say of the faulty server: a false alarm.\n\n" +
		"The specimens were made with the audit, and [a test](specimens/specimens_test.go) demands that it finds all of them and nothing in the twins; it is told whom a " +
		"server trusts, and may do what a specimen needs. Its own column is there for comparison, and says nothing of servers that nobody has thought of.\n\n")
}

func (p *page) renderTotals(b *bytes.Buffer) {
	b.WriteString("## In all\n\n" +
		"| | found | another | same | nothing | false alarms | found, if told whom the server trusts | requests a server: least, median, most |\n" +
		"|---|---|---|---|---|---|---|---|\n")
	for i := range p.columns {
		c := &p.columns[i]
		n := p.tally(c)
		least, median, most := n.requests[0], n.requests[len(n.requests)/2], n.requests[len(n.requests)-1]
		told, requests := fmt.Sprint(n.told), fmt.Sprintf("%d, %d, %d", least, median, most)
		if c.told == nil { // the audit, whose requests grow with each check
			told, requests = "–", fmt.Sprintf("about %d, %d, %d", hundreds(least), hundreds(median), hundreds(most))
		}
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d | %s | %s |\n", c.name,
			n.outcomes[found], n.outcomes[another], n.outcomes[theSame], n.outcomes[silent], n.alarms, told, requests)
	}
	fmt.Fprintf(b, "\nOf %d, what none of the tools finds: %d; what none finds though it is told whom the server trusts: %d.\n\n"+
		"The tools make their probes of the target's own host, and know nothing of the page that it trusts, which is another host's in most "+
		"specimens, as it is where an API has a host of its own. The last column but one is what they would find if their probes were made of the page's.\n\n",
		len(p.specimens),
		p.missed(func(c *column) []result { return c.results }),
		p.missed(func(c *column) []result { return c.told }))
}

// hundreds is n to the nearest hundred.
func hundreds(n int) int { return (n + 50) / 100 * 100 }

// missed counts the specimens of which no tool but the audit has found what is
// wrong.
func (p *page) missed(results func(*column) []result) int {
	n := 0
	for i, spec := range p.specimens {
		if !slices.ContainsFunc(p.columns[:len(scanners)], func(c column) bool { return results(&c)[i].outcome(spec.ID) == found }) {
			n++
		}
	}
	return n
}

// renderGroups counts what was found by what stands before the dot in the names
// of findings. Those of which there are few are put together.
func (p *page) renderGroups(b *bytes.Buffer) {
	const few, others = 3, "others"
	groupOf := func(spec *specimens.Specimen) string {
		group, _, _ := strings.Cut(p.rules[spec.ID].Name, ".")
		return group
	}
	size := make(map[string]int)
	for i := range p.specimens {
		size[groupOf(&p.specimens[i])]++
	}
	var groups []string
	of := make(map[string][]int) // indices of specimens
	for i := range p.specimens {
		group := groupOf(&p.specimens[i])
		if size[group] < few {
			group = others
		}
		if of[group] == nil && group != others {
			groups = append(groups, group)
		}
		of[group] = append(of[group], i)
	}
	b.WriteString("## By kind\n\nHow many are found.\n\n| | of |")
	p.renderColumns(b, 2)
	for _, group := range append(groups, others) {
		fmt.Fprintf(b, "| %s | %d |", group, len(of[group]))
		for i := range p.columns {
			fmt.Fprintf(b, " %d |", p.found(&p.columns[i], of[group]))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// found counts those of some specimens that a column has found.
func (p *page) found(c *column, among []int) int {
	n := 0
	for _, i := range among {
		if c.results[i].outcome(p.specimens[i].ID) == found {
			n++
		}
	}
	return n
}

// renderColumns ends the head of a table that has before columns of its own and
// one for each tool.
func (p *page) renderColumns(b *bytes.Buffer, before int) {
	for _, c := range p.columns {
		fmt.Fprintf(b, " %s |", c.name)
	}
	b.WriteString("\n|" + strings.Repeat("---|", before+len(p.columns)) + "\n")
}

func (p *page) renderFindings(b *bytes.Buffer) {
	b.WriteString("## Finding by finding\n\n| | |")
	p.renderColumns(b, 2)
	for i, spec := range p.specimens {
		fmt.Fprintf(b, "| %s | %s |", spec.ID, p.rules[spec.ID].Name)
		for _, c := range p.columns {
			fmt.Fprintf(b, " %s |", c.results[i].cell(spec.ID))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// cell is what the table has of a result.
func (r *result) cell(id string) string {
	var words []string
	switch o := r.outcome(id); o {
	case found:
		words = append(words, "**found**")
	case another, theSame:
		words = append(words, string(o))
	}
	if r.repaired != nil {
		words = append(words, "alarm")
	}
	return strings.Join(words, ", ")
}

// renderReports tells what was said of one server and not of the other, but for
// the audit.
func (p *page) renderReports(b *bytes.Buffer) {
	b.WriteString("## What they said\n\nOf one of the two servers, and not of the other.\n\n| | of | tool | reports |\n|---|---|---|---|\n")
	for i, spec := range p.specimens {
		for _, c := range p.columns[:len(scanners)] {
			r := &c.results[i]
			for _, line := range []struct {
				of   string
				hits []hit
			}{{"the faulty", r.faulty}, {"the twin", r.repaired}} {
				if line.hits != nil {
					fmt.Fprintf(b, "| %s | %s | %s | %s |\n", spec.ID, line.of, c.name, describe(line.hits))
				}
			}
		}
	}
	b.WriteString("\n")
}

// describe are hits in a cell.
func describe(hits []hit) string {
	words := make([]string, len(hits))
	for i, h := range hits {
		words[i] = fmt.Sprintf("%s (%s), with %s", h.Check, h.Severity, cmp.Or(code(h.Origin), "no Origin"))
	}
	return strings.Join(words, "; ")
}

// code is s as code in a cell of a table; "" stays "".
func code(s string) string {
	if s == "" {
		return ""
	}
	if strings.Contains(s, "`") {
		return "`` " + strings.ReplaceAll(s, "|", `\|`) + " ``"
	}
	return "`" + strings.ReplaceAll(s, "|", `\|`) + "`"
}

func renderTools(b *bytes.Buffer) {
	b.WriteString("## The tools\n\n")
	for _, s := range scanners {
		fmt.Fprintf(b, "- [%s](%s): %s\n", s.name, s.source, s.about)
	}
}
