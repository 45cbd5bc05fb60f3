package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/audit"
)

// audit is a report: who may do what, what was found, and what was not tried.
func (p *printer) audit(o *auditOptions, r *audit.Report) {
	p.line(span{bold, "AUDIT"}, span{plain, "  " + r.Target})
	p.line(span{plain, r.Policy})
	p.line(span{plain, tally(r.Findings)}, span{dim, fmt.Sprintf("; %d requests, as %s", r.Requests, o.browser)})
	p.line()
	p.line(span{bold, "Who may do what"})
	p.rows(r.Verdicts)
	for i := range r.Findings {
		p.finding(&r.Findings[i])
	}
	if len(r.Notes) > 0 {
		p.line()
		p.notes(r.Notes, make(map[string]bool))
	}
}

// tally is how many findings there are of each severity.
func tally(findings []audit.Finding) string {
	if len(findings) == 0 {
		return "nothing found"
	}
	count, accepted := make(map[audit.Severity]int), 0
	for i := range findings {
		if findings[i].Accepted {
			accepted++
		} else {
			count[findings[i].Severity]++
		}
	}
	var parts []string
	for _, s := range slices.Backward(audit.Severities()) {
		if count[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[s], s))
		}
	}
	if accepted > 0 {
		parts = append(parts, fmt.Sprintf("%d accepted", accepted))
	}
	noun := "findings"
	if len(findings) == 1 {
		noun = "finding"
	}
	return fmt.Sprintf("%d %s: %s", len(findings), noun, strings.Join(parts, ", "))
}

// rows is the table of verdicts.
func (p *printer) rows(rows []audit.Row) {
	width := len("page")
	for i := range rows {
		width = max(width, len(shorten(sanitize(rows[i].Page), 60)))
	}
	p.line(span{dim, fmt.Sprintf("  %-*s  %-9s %-13s %-9s %-13s", width, "page", "read", "as the user", "write", "as the user")})
	for i := range rows {
		row := &rows[i]
		spans := []span{{plain, fmt.Sprintf("  %-*s  ", width, shorten(sanitize(row.Page), 60))}}
		for j, d := range []audit.Decision{row.Read, row.ReadWithCredentials, row.Write, row.WriteWithCredentials} {
			spans = append(spans, p.decision(d, []int{9, 13, 9, 13}[j]))
		}
		p.line(append(spans, span{dim, " " + row.Who})...)
		for _, note := range row.Notes {
			p.line(span{dim, fmt.Sprintf("  %-*s  ", width, "")}, span{yellow, note})
		}
	}
	p.line(span{dim, "  as the user: with cookies; write: what needs a preflight, other POSTs anybody sends"})
}

// decision is a cell of the table.
func (p *printer) decision(d audit.Decision, width int) span {
	text, style := "no", plain
	switch {
	case d.Allowed && d.Status >= 400:
		text = strconv.Itoa(d.Status)
	case d.Allowed:
		text, style = "yes", bold
	case d.Reason == "":
		text = "-"
	}
	return span{style, fmt.Sprintf("%-*s ", width, text)}
}

// severityStyles are what severities look like.
var severityStyles = map[audit.Severity]style{
	audit.Critical: red, audit.High: red, audit.Broken: red, audit.Medium: yellow, audit.Fragile: yellow, audit.Low: cyan,
}

// finding is one finding.
func (p *printer) finding(f *audit.Finding) {
	p.line()
	head := []span{
		{severityStyles[f.Severity], strings.ToUpper(string(f.Severity))},
		{bold, "  " + f.ID + "  " + f.Title}, {dim, "  " + f.Name + ", " + string(f.Confidence)},
	}
	if f.Accepted {
		head = append(head, span{green, ", accepted"})
	}
	p.line(head...)
	if f.Page != "" {
		p.field("page", f.Page)
	}
	p.paragraph("so", f.Consequence)
	p.paragraph("fix", f.Fix)
	for _, e := range f.Evidence {
		p.evidence(e)
	}
}

// paragraph is a field of several lines.
func (p *printer) paragraph(label, text string) {
	for _, line := range wrap(text, wrapWidth) {
		p.field(label, line)
		label = ""
	}
}

// evidence is what was seen, and what went over the wire if that is asked for.
func (p *printer) evidence(e audit.Evidence) {
	label := "seen"
	if e.Control {
		label = "otherwise"
	}
	p.field(label, e.What+": "+e.Verdict)
	for i, x := range e.Exchanges {
		if p.verbose {
			p.exchange(i+1, exchange{
				Method: x.Method, URL: x.URL, Status: x.Status, Preflight: x.Preflight, Request: x.Request, Response: x.Response, Error: x.Error,
			}, nil)
		}
	}
}
