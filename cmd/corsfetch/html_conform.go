package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/htmlreport"
)

// How many scenarios of a kind are shown, and how many differences of one.
const (
	scenarioLimit   = 200
	differenceLimit = 50
)

// html is the report of conform.
func (r *conformRun) html() *htmlreport.Document {
	report := r.report
	judged := report.Scenarios - report.Skipped
	d := &htmlreport.Document{
		Tool: "corsfetch conform", Title: r.name() + " against " + r.againstText(),
		Verdict: htmlreport.Mark{Text: "Agrees", Tone: htmlreport.Good},
		Summary: fmt.Sprintf("%d of %d scenarios agree", report.Agree, judged),
		Facts: []htmlreport.Fact{
			{Name: "Client", Text: r.version},
			{Name: "Held against", Text: r.againstText()},
			{Name: "Scenarios", Text: fmt.Sprintf("%d, with %d steps in those that were run", report.Scenarios, report.Steps)},
			{Name: "Known to differ", Text: strconv.Itoa(report.Explained)},
			{Name: "Disagree", Text: strconv.Itoa(len(report.Disagree))},
			{Name: "Skipped", Text: strconv.Itoa(report.Skipped)},
		},
	}
	switch {
	case judged == 0:
		d.Verdict, d.Summary = htmlreport.Mark{Text: "Not run", Tone: htmlreport.Warn}, "none of the scenarios could be run"
	case !report.OK():
		d.Verdict = htmlreport.Mark{Text: "Disagrees", Tone: htmlreport.Bad}
		fallthrough
	default:
		d.Summary += fmt.Sprintf(" (%.1f%%)", 100*float64(report.Agree)/float64(judged))
	}
	if r.isOtherVersion() {
		d.Facts = append(d.Facts, htmlreport.Fact{Name: "Note", Text: "The recording is of another version: what disagrees may have changed with it."})
	}
	for _, kind := range []struct {
		title string
		mark  htmlreport.Tone
		all   []conformance.Disagreement
	}{
		{"Disagrees", htmlreport.Bad, report.Disagree},
		{"Disagreed, and when run again did not", htmlreport.Warn, report.Unstable},
		{"Known to differ", htmlreport.Plain, report.Known},
	} {
		if len(kind.all) > 0 {
			d.Sections = append(d.Sections, scenariosSection(kind.title, kind.mark, kind.all))
		}
	}
	d.Sections = append(d.Sections, areasSection(report))
	if s := skipsSection(report); s.Table != nil {
		d.Sections = append(d.Sections, s)
	}
	if len(report.Stale) > 0 {
		d.Sections = append(d.Sections, htmlreport.Section{Title: "Said to differ, and does not", Text: report.Stale})
	}
	return d
}

// numberColumns is a column of words and some of numbers.
func numberColumns(first string, others ...string) []htmlreport.Column {
	columns := []htmlreport.Column{{Name: first}}
	for _, name := range others {
		columns = append(columns, htmlreport.Column{Name: name, Kind: htmlreport.Number})
	}
	return columns
}

// areasSection is a table of figures.
func areasSection(report *conformance.Report) htmlreport.Section {
	t := &htmlreport.Table{Caption: "Scenarios by the first part of their ids", Columns: numberColumns("Area", "Agree", "Known", "Disagree", "Skipped")}
	for _, a := range report.Areas {
		row := []htmlreport.Cell{{Text: a.Name}}
		for _, n := range []int{a.Agree, a.Explained, a.Disagree, a.Skipped} {
			row = append(row, htmlreport.Cell{Text: strconv.Itoa(n)})
		}
		if a.Disagree > 0 {
			row[3].Tone = htmlreport.Bad
		}
		t.Rows = append(t.Rows, row)
	}
	return htmlreport.Section{Title: "By area", Table: t}
}

// scenariosSection shows scenarios with both sides of each difference.
func scenariosSection(title string, tone htmlreport.Tone, all []conformance.Disagreement) htmlreport.Section {
	s := htmlreport.Section{Title: title, Mark: htmlreport.Mark{Text: strconv.Itoa(len(all)), Tone: tone}}
	if len(all) > scenarioLimit {
		s.Text = []string{fmt.Sprintf("The first %d of %d; -json has all.", scenarioLimit, len(all))}
		all = all[:scenarioLimit]
	}
	for i := range all {
		s.Sections = append(s.Sections, scenarioSection(&all[i]))
	}
	return s
}

// scenarioSection is one scenario.
func scenarioSection(d *conformance.Disagreement) htmlreport.Section {
	s := htmlreport.Section{Title: d.ID, Mark: htmlreport.Mark{Text: d.Level.String()}}
	for _, text := range []string{d.Note, d.Reason, d.Error} {
		if text != "" {
			s.Text = append(s.Text, text)
		}
	}
	if len(d.Differences) == 0 {
		return s
	}
	shown := d.Differences[:min(len(d.Differences), differenceLimit)]
	if left := len(d.Differences) - len(shown); left > 0 {
		s.Text = append(s.Text, fmt.Sprintf("The first %d of %d differences; -json has all.", len(shown), len(d.Differences)))
	}
	s.Table = &htmlreport.Table{
		Caption: "What came and what was expected; where they differ is marked",
		Columns: []htmlreport.Column{{Name: "Step", Kind: htmlreport.Number}, {Name: "What"}, {Name: "Level"}, {Name: "Got", Kind: htmlreport.Code}, {Name: "Want", Kind: htmlreport.Code}},
	}
	for _, one := range shown {
		got, want := htmlreport.Compare(one.Got, one.Want)
		s.Table.Rows = append(s.Table.Rows, []htmlreport.Cell{{Text: strconv.Itoa(one.Step)}, {Text: one.What}, {Text: one.Level.String()}, orEmpty(got), orEmpty(want)})
	}
	told := 0 // the step that was drawn last
	for _, one := range shown {
		if one.Step == told {
			continue
		}
		told = one.Step
		for _, side := range []struct {
			title  string
			result *conformance.Result
		}{{"what came", d.Got}, {"what was expected", d.Want}} {
			if side.result != nil && one.Step <= len(side.result.Steps) {
				s.Sections = append(s.Sections, htmlreport.Section{
					Title: fmt.Sprintf("Step %d, %s", one.Step, side.title), Flow: stepFlow(&side.result.Steps[one.Step-1]),
				})
			}
		}
	}
	return s
}

// stepFlow is a step of a scenario, as it was recorded: what went to the servers,
// and what came of it. What they answered stands in the scenario.
func stepFlow(o *conformance.Outcome) *htmlreport.Flow {
	f := &htmlreport.Flow{End: htmlreport.Mark{Text: o.Outcome, Tone: htmlreport.Good}}
	for _, r := range o.Requests {
		x := htmlreport.Exchange{Method: r.Method, URL: serverURL(r.URL), OneWay: true, Request: make(http.Header)}
		for _, line := range r.Headers {
			name, value, _ := strings.Cut(line, ": ")
			x.Request.Add(name, value)
		}
		x.Preflight = r.Method == http.MethodOptions && x.Request.Get(headerRequestMethod) != ""
		f.Exchanges = append(f.Exchanges, x)
	}
	switch {
	case o.Response != nil:
		f.End.Text += fmt.Sprintf(": %s %d", o.Response.Type, o.Response.Status)
	case o.Error != "":
		f.End = htmlreport.Mark{Text: o.Outcome + ": " + o.Error, Tone: htmlreport.Bad}
	}
	return f
}

// serverURL is a URL of a recording, which has "{BS}" for the origin of the server
// BS, with a scheme as browsers write it.
func serverURL(recorded string) string {
	alias, path, ok := strings.Cut(strings.TrimPrefix(recorded, "{"), "}")
	if !ok || !strings.HasPrefix(recorded, "{") {
		return recorded
	}
	if strings.HasSuffix(alias, "S") || strings.HasSuffix(alias, "U") || strings.HasPrefix(alias, "AS") {
		return "https://" + alias + path
	}
	return "http://" + alias + path
}

// orEmpty is a cell, or one that says that there is nothing.
func orEmpty(c htmlreport.Cell) htmlreport.Cell {
	if c.Text == "" {
		return htmlreport.Cell{Text: "(nothing)"}
	}
	return c
}

// skipsSection counts what was not run, by reason.
func skipsSection(report *conformance.Report) htmlreport.Section {
	s := htmlreport.Section{Title: "Skipped"}
	for _, skip := range countSkips(report.Skips) {
		if s.Table == nil {
			s.Table = &htmlreport.Table{Caption: "Scenarios that were not run", Columns: numberColumns("Why", "Scenarios")}
		}
		s.Table.Rows = append(s.Table.Rows, []htmlreport.Cell{{Text: skip.reason}, {Text: strconv.Itoa(skip.count)}})
	}
	return s
}
