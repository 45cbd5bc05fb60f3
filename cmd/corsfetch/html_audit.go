package main

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/htmlreport"
)

// html is the report of an audit.
func (o *auditOptions) html(r *audit.Report) *htmlreport.Document {
	d := &htmlreport.Document{
		Tool: "corsfetch audit", Title: r.Target, Summary: tally(r.Findings),
		Facts: []htmlreport.Fact{
			{Name: "Policy", Text: r.Policy},
			{Name: "Trusted pages", Text: cmp.Or(strings.Join(r.Trusted, ", "), "none was named or found"), Code: len(r.Trusted) > 0},
			{Name: "Asked as", Text: o.browser},
			{Name: "Requests", Text: strconv.Itoa(r.Requests)},
		},
		Verdict:  htmlreport.Mark{Text: "Nothing found", Tone: htmlreport.Good},
		Sections: []htmlreport.Section{rowsSection(r.Verdicts)},
	}
	switch worst := r.Worst(); {
	case worst != "":
		d.Verdict = severityMark(worst)
	case len(r.Findings) > 0:
		d.Verdict.Text = "Nothing new"
	default:
		d.Summary = ""
	}
	d.Sections = append(d.Sections, findingSections(r.Findings)...)
	if len(r.Notes) > 0 {
		d.Sections = append(d.Sections, htmlreport.Section{Title: "What was not tried, and notes", Text: r.Notes})
	}
	return d
}

// severityMark is a severity with its tone.
func severityMark(s audit.Severity) htmlreport.Mark {
	tone := htmlreport.Plain
	switch severityStyles[s] {
	case red:
		tone = htmlreport.Bad
	case yellow:
		tone = htmlreport.Warn
	}
	return htmlreport.Mark{Text: strings.ToUpper(string(s[:1])) + string(s[1:]), Tone: tone}
}

// rowsSection is the table of verdicts.
func rowsSection(rows []audit.Row) htmlreport.Section {
	t := &htmlreport.Table{
		Caption: "As the user: with cookies. Write: what needs a preflight; other POSTs any page sends",
		Columns: []htmlreport.Column{{Name: "Page", Kind: htmlreport.Code}, {Name: "Read"}, {Name: "Read as the user"}, {Name: "Write"}, {Name: "Write as the user"}, {Name: "Who that is"}},
	}
	s := htmlreport.Section{Title: "Who may do what", Table: t}
	for i := range rows {
		row := &rows[i]
		cells := []htmlreport.Cell{{Text: row.Page}}
		for _, d := range []audit.Decision{row.Read, row.ReadWithCredentials, row.Write, row.WriteWithCredentials} {
			cells = append(cells, decisionCell(d))
		}
		t.Rows = append(t.Rows, append(cells, htmlreport.Cell{Text: strings.Join(append([]string{row.Who}, row.Notes...), "; ")}))
	}
	return s
}

// decisionCell is whether a page may do something.
func decisionCell(d audit.Decision) htmlreport.Cell {
	switch {
	case d.Allowed && d.Status >= 400:
		return htmlreport.Cell{Text: "an error, " + strconv.Itoa(d.Status)}
	case d.Allowed:
		return htmlreport.Cell{Text: "yes", Strong: true}
	case d.Reason == "":
		return htmlreport.Cell{Text: "no answer"}
	}
	return htmlreport.Cell{Text: "no"}
}

// findingSections are the findings by severity, the worst first, and last those
// that are accepted.
func findingSections(findings []audit.Finding) []htmlreport.Section {
	var all []htmlreport.Section
	accepted := htmlreport.Section{Title: "Accepted", Folded: true}
	for i := range findings {
		f := &findings[i]
		if f.Accepted {
			accepted.Sections = append(accepted.Sections, findingSection(f))
			continue
		}
		mark := severityMark(f.Severity)
		if len(all) == 0 || all[len(all)-1].Title != mark.Text {
			all = append(all, htmlreport.Section{Title: mark.Text})
		}
		same := &all[len(all)-1]
		same.Sections = append(same.Sections, findingSection(f))
		same.Mark = htmlreport.Mark{Text: strconv.Itoa(len(same.Sections)), Tone: mark.Tone}
	}
	if len(accepted.Sections) > 0 {
		all = append(all, accepted)
	}
	return all
}

// findingSection is one finding.
func findingSection(f *audit.Finding) htmlreport.Section {
	s := htmlreport.Section{
		Title: f.ID + " " + f.Title, Mark: htmlreport.Mark{Text: string(f.Confidence)},
		Facts: []htmlreport.Fact{{Name: "Consequence", Text: f.Consequence}, {Name: "What to change", Text: f.Fix}},
	}
	if f.Page != "" {
		s.Facts = append(s.Facts, htmlreport.Fact{Name: "Page", Text: f.Page, Code: true})
	}
	s.Facts = append(s.Facts, htmlreport.Fact{Name: "URL", Text: f.URL, Code: true}, htmlreport.Fact{Name: "Known as", Text: f.Name, Code: true})
	for i, e := range f.Evidence {
		s.Sections = append(s.Sections, evidenceSection(f, e, i > 0))
	}
	return s
}

// evidenceSection is what was seen.
func evidenceSection(f *audit.Finding, e audit.Evidence, folded bool) htmlreport.Section {
	title := "Seen: " + e.What
	if e.Control {
		title = "Otherwise: " + e.What
	}
	s := htmlreport.Section{Title: title, Mark: htmlreport.Mark{Text: e.Verdict}, Folded: folded && len(e.Exchanges) > 0}
	if len(e.Exchanges) > 0 {
		s.Flow = evidenceFlow(f, e)
	}
	return s
}

// evidenceFlow is an evidence as a diagram.
func evidenceFlow(f *audit.Finding, e audit.Evidence) *htmlreport.Flow {
	flow := &htmlreport.Flow{Caption: fmt.Sprintf("%s: %s", e.What, e.Verdict), Page: f.Page, End: htmlreport.Mark{Text: e.Verdict}}
	for _, x := range e.Exchanges {
		if page := x.Request.Get("Origin"); page != "" && page != opaquePage {
			flow.Page = page
		}
		h := htmlreport.Exchange{Method: x.Method, URL: x.URL, Preflight: x.Preflight, Error: x.Error, Request: x.Request, Response: x.Response}
		if x.Status != 0 {
			h.Status = status(x.Status, http.StatusText(x.Status))
		}
		flow.Exchanges = append(flow.Exchanges, h)
	}
	return flow
}
