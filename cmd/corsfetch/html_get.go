package main

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/htmlreport"
	"github.com/corsfetch/corsfetch/fetch"
)

// roundLimit is how many rounds of a browser are shown in full.
const roundLimit = 20

// getHTML is the report of get.
func getHTML(o getOptions, results []result) *htmlreport.Document {
	d := &htmlreport.Document{
		Tool:  "corsfetch get",
		Title: cmp.Or(o.call.Method, http.MethodGet) + " " + o.call.URL,
		Facts: []htmlreport.Fact{{Name: "Page", Text: o.page, Code: true}, {Name: "Script", Text: o.call.shown().javaScript(), Code: true}},
	}
	if len(results) == 1 && len(results[0].rounds) == 1 {
		r := results[0].rounds[0]
		d.Verdict, d.Summary = verdictMark(r.Verdict), summary(r)
		d.Facts = append(d.Facts, htmlreport.Fact{Name: "Browser", Text: r.Browser})
		d.Sections = o.call.sections(r)
		return d
	}
	v := worst(results)
	d.Verdict, d.Summary = verdictMark(v), tallyRounds(results)
	d.Sections = append(d.Sections, comparisonSection(results))
	for i, res := range results {
		d.Sections = append(d.Sections, o.call.resultSection(res, i > 0))
	}
	return d
}

// shown is c without what says who the user is.
func (c call) shown() call {
	c.Header = audit.Redact(c.Header, c.Header)
	return c
}

// verdictMark is a verdict with its tone.
func verdictMark(v verdict) htmlreport.Mark {
	switch v {
	case allowed:
		return htmlreport.Mark{Text: "Allowed", Tone: htmlreport.Good}
	case blocked:
		return htmlreport.Mark{Text: "Blocked", Tone: htmlreport.Bad}
	}
	return htmlreport.Mark{Text: "Failed", Tone: htmlreport.Warn}
}

// tallyRounds is how many fetches ended how.
func tallyRounds(results []result) string {
	count, total := make(map[verdict]int), 0
	for _, res := range results {
		for _, r := range res.rounds {
			count[r.Verdict]++
			total++
		}
	}
	var parts []string
	for _, v := range []verdict{allowed, blocked, failed} {
		if count[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[v], v))
		}
	}
	return fmt.Sprintf("of %d fetches: %s", total, strings.Join(parts, ", "))
}

// comparisonSection is a row for each browser and round.
func comparisonSection(results []result) htmlreport.Section {
	t := &htmlreport.Table{
		Caption: "How each fetch ended",
		Columns: []htmlreport.Column{{Name: "Browser"}, {Name: "Round", Kind: htmlreport.Number}, {Name: "Verdict"}, {Name: "On the wire"}, {Name: "What came of it"}},
	}
	for _, res := range results {
		for i, r := range res.rounds {
			mark := verdictMark(r.Verdict)
			t.Rows = append(t.Rows, []htmlreport.Cell{
				{Text: res.browser}, {Text: strconv.Itoa(i + 1)}, {Text: mark.Text, Tone: mark.Tone}, {Text: sent(r.Exchanges)}, {Text: summary(r)},
			})
		}
	}
	return htmlreport.Section{Title: "At a glance", Table: t}
}

// sent are the methods that went over the wire.
func sent(exchanges []exchange) string {
	var methods []string
	for _, x := range exchanges {
		if !x.FromCache {
			methods = append(methods, x.Method)
		}
	}
	return cmp.Or(strings.Join(methods, " "), "nothing")
}

// resultSection is what one browser did.
func (c call) resultSection(res result, folded bool) htmlreport.Section {
	s := htmlreport.Section{Title: res.browser, Mark: verdictMark(res.verdict()), Folded: folded}
	if len(res.rounds) == 1 {
		s.Text, s.Sections = []string{summary(res.rounds[0])}, c.sections(res.rounds[0])
		return s
	}
	for i, r := range res.rounds {
		if i == roundLimit {
			s.Text = append(s.Text, fmt.Sprintf("The first %d of %d rounds; the table above has all.", roundLimit, len(res.rounds)))
			break
		}
		s.Sections = append(s.Sections, htmlreport.Section{
			Title: fmt.Sprintf("Round %d", i+1), Mark: verdictMark(r.Verdict), Text: []string{summary(r)}, Folded: i > 1, Sections: c.sections(r),
		})
	}
	return s
}

// sections are all that is to be told of one fetch.
func (c call) sections(r report) []htmlreport.Section {
	var all []htmlreport.Section
	if a := r.Advice; a != nil {
		s := htmlreport.Section{Title: "What to change", Text: []string{a.Text}, Lines: strings.Join(a.Headers, "\n")}
		if len(a.Headers) > 0 {
			s.Text = append(s.Text, "Answer "+a.Answer+", with:")
		}
		all = append(all, s)
	}
	all = append(all, htmlreport.Section{Title: "What happened", Flow: c.flow(r)}, seenSection(r))
	if r.Console != "" {
		all = append(all, htmlreport.Section{Title: "What the console says", Lines: r.Console})
	}
	if len(r.Notes) > 0 {
		all = append(all, htmlreport.Section{Title: "Notes", Text: r.Notes})
	}
	return all
}

// flow is the fetch as a diagram.
func (c call) flow(r report) *htmlreport.Flow {
	f := &htmlreport.Flow{
		Caption: "Who sends what to whom, from top to bottom", Page: r.Page, Browser: r.Browser, Call: c.shown().javaScript(),
		End: htmlreport.Mark{Text: "a TypeError, and not why", Tone: htmlreport.Bad},
	}
	for _, x := range r.Exchanges {
		f.Exchanges = append(f.Exchanges, c.exchange(x))
	}
	n := len(r.Exchanges)
	if s := r.Response; s != nil {
		f.End = htmlreport.Mark{Text: summary(r), Tone: htmlreport.Good}
		if n > 0 {
			f.Exchanges[n-1].Visible = slices.AppendSeq([]string{}, maps.Keys(s.Headers))
		}
		return f
	}
	if n > 0 && !r.Exchanges[n-1].Preflight {
		f.Exchanges[n-1].Visible = []string{}
	}
	f.Stop = &htmlreport.Stop{Text: summary(r)}
	if r.Stage != string(fetch.StageRequest) {
		f.Stop.Header, f.Stop.Got, f.Stop.Want = r.Header, r.Got, r.Want
	}
	return f
}

// exchange is x as a report has it.
func (c call) exchange(x exchange) htmlreport.Exchange {
	h := htmlreport.Exchange{
		Method: x.Method, URL: x.URL, Preflight: x.Preflight, Cached: x.FromCache, Error: x.Error, Redirect: x.RedirectedTo,
		Request: audit.Redact(x.Request, c.Header), Response: audit.Redact(x.Response, nil),
	}
	if x.Status != 0 {
		h.Status = status(x.Status, x.StatusText)
	}
	return h
}

// seenSection is what the script gets.
func seenSection(r report) htmlreport.Section {
	section := htmlreport.Section{Title: "What the script sees"}
	s := r.Response
	if s == nil {
		section.Text = []string{"A TypeError, and not why: of the response it sees nothing at all."}
		return section
	}
	section.Facts = []htmlreport.Fact{
		{Name: "type", Text: s.Type, Code: true},
		{Name: "status", Text: status(s.Status, s.StatusText), Code: true},
		{Name: "url", Text: cmp.Or(s.URL, `""`), Code: true},
		{Name: "redirected", Text: strconv.FormatBool(s.Redirected), Code: true},
		{Name: "headers", Text: cmp.Or(strings.Join(slices.Sorted(maps.Keys(s.Headers)), ", "), "none"), Code: true},
	}
	if len(s.Hidden) > 0 {
		section.Facts = append(section.Facts, htmlreport.Fact{Name: "hidden from it", Text: strings.Join(s.Hidden, ", "), Code: true})
	}
	if s.BodyError != "" {
		section.Facts = append(section.Facts, htmlreport.Fact{Name: "the body broke off", Text: s.BodyError})
	}
	if s.bodySize > 0 {
		size := strconv.Itoa(s.bodySize) + " bytes"
		if s.BodyTruncated {
			size = "more than " + size
		}
		section.Sections = []htmlreport.Section{{Title: "Body, " + size, Folded: true, Lines: s.Body}}
	}
	return section
}
