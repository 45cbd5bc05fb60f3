package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// A conformDocument is what conform prints with -json.
type conformDocument struct {
	Client  string `json:"client"`
	Profile string `json:"profile,omitempty"` // of the engine
	Version string `json:"version"`
	Against string `json:"against"` // a recording's browser and version, or "expectations"
	*conformance.Report
}

// write prints the report.
func (r *conformRun) write(w io.Writer, colors palette) error {
	if r.json {
		return writeDocument(w, r.document())
	}
	p := printer{colors: colors}
	p.conform(r)
	_, err := io.WriteString(w, p.b.String())
	return err
}

func (r *conformRun) document() conformDocument {
	d := conformDocument{Client: r.client, Version: r.version, Against: r.againstText(), Report: r.report}
	if r.client == engineClient {
		d.Profile = r.profile
	}
	listed := *r.report
	listed.Areas, listed.Disagree, listed.Known = listOf(listed.Areas), listOf(listed.Disagree), listOf(listed.Known)
	listed.Unstable, listed.Skips, listed.Stale = listOf(listed.Unstable), listOf(listed.Skips), listOf(listed.Stale)
	for i := range listed.Disagree {
		listed.Disagree[i].Differences = listOf(listed.Disagree[i].Differences)
	}
	d.Report = &listed
	return d
}

// listOf returns s, or an empty list for JSON's [].
func listOf[T any](s []T) []T { return append([]T{}, s...) }

// againstText is what the client was held against.
func (r *conformRun) againstText() string {
	if r.against == nil {
		return "expectations"
	}
	return r.against.Browser + " " + r.against.Version
}

// isOtherVersion reports whether a browser is held against an earlier or later
// self.
func (r *conformRun) isOtherVersion() bool {
	return r.client != engineClient && r.against != nil && r.against.Browser == r.client && r.against.Version != r.version
}

// conform is the whole report.
func (p *printer) conform(r *conformRun) {
	p.line(span{bold, r.name()}, span{plain, " against " + r.againstText()})
	if r.isOtherVersion() {
		p.line(span{yellow, "The recording is of another version: what disagrees may have changed with it."})
	}
	p.line()
	p.areas(r.report)
	p.disagreements("Known to differ", yellow, r.report.Known)
	p.disagreements("Disagrees", red, r.report.Disagree)
	p.disagreements("Disagreed, and when run again did not", yellow, r.report.Unstable)
	p.skips(r.report.Skips)
	for _, id := range r.report.Stale {
		p.line(span{red, "said to differ and does not: "}, span{plain, id})
	}
	p.line()
	p.total(r.report)
}

// areas is a table of figures.
func (p *printer) areas(report *conformance.Report) {
	width := len("area")
	for _, a := range report.Areas {
		width = max(width, len(a.Name))
	}
	p.line(span{dim, fmt.Sprintf("%-*s  agree  known  disagree  skipped", width, "area")})
	for _, a := range report.Areas {
		style := plain
		if a.Disagree > 0 {
			style = red
		}
		p.line(span{style, fmt.Sprintf("%-*s  %5d  %5d  %8d  %7d", width, a.Name, a.Agree, a.Explained, a.Disagree, a.Skipped)})
	}
}

// disagreements shows both sides of each.
func (p *printer) disagreements(title string, color style, all []conformance.Disagreement) {
	if len(all) == 0 {
		return
	}
	p.line()
	p.line(span{color, title})
	p.indent = "  "
	defer func() { p.indent = "" }()
	for i := range all {
		for line := range strings.SplitSeq(all[i].String(), "\n") {
			p.line(span{plain, line})
		}
	}
}

// skips counts what was not run, by reason.
func (p *printer) skips(skips []conformance.Skip) {
	counts := countSkips(skips)
	if len(counts) > 0 {
		p.line()
		p.line(span{bold, "Skipped"})
	}
	for _, c := range counts {
		p.line(span{plain, fmt.Sprintf("%5d  %s", c.count, c.reason)})
	}
}

// A skipCount is how many scenarios were not run for a reason.
type skipCount struct {
	reason string
	count  int
}

// countSkips counts skips by reason, in its order.
func countSkips(skips []conformance.Skip) []skipCount {
	count := make(map[string]int)
	for _, s := range skips {
		count[s.Reason]++
	}
	var counts []skipCount
	for _, reason := range slices.Sorted(maps.Keys(count)) {
		counts = append(counts, skipCount{reason, count[reason]})
	}
	return counts
}

// total is the last line.
func (p *printer) total(report *conformance.Report) {
	judged := report.Scenarios - report.Skipped
	if judged == 0 {
		p.line(span{yellow, fmt.Sprintf("None of %d scenarios could be run.", report.Scenarios)})
		return
	}
	color := green
	if !report.OK() {
		color = red
	}
	text := fmt.Sprintf("%d of %d scenarios agree (%.1f%%)", report.Agree, judged, 100*float64(report.Agree)/float64(judged))
	p.line(span{color, text}, span{plain, fmt.Sprintf(", %d are known to differ, %d disagree, %d were skipped.", report.Explained, len(report.Disagree), report.Skipped)})
}
