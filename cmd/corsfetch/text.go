package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// printLimit is how much of a body is printed.
const printLimit = 2 << 10

// getText is the output of get.
func getText(o getOptions, results []result, colors palette) string {
	p := printer{colors: colors, verbose: o.verbose}
	if len(results) > 1 {
		p.comparison(results)
		return p.b.String()
	}
	for i, r := range results[0].rounds {
		if o.repeat > 1 {
			if i > 0 {
				p.line()
			}
			p.line(span{bold, fmt.Sprintf("Round %d of %d", i+1, o.repeat)})
		}
		p.report(o.call, r)
	}
	return p.b.String()
}

// comparison is one verdict line for each browser and round.
func (p *printer) comparison(results []result) {
	for _, res := range results {
		for i, r := range res.rounds {
			name := res.browser
			if len(res.rounds) > 1 {
				name += " " + strconv.Itoa(i+1)
			}
			p.verdict(r, span{bold, fmt.Sprintf("%-12s", name)})
		}
	}
	told := make(map[string]bool)
	for _, res := range results {
		for _, r := range res.rounds {
			p.notes(r.Notes, told)
		}
	}
}

// notes prints the notes that have not been told.
func (p *printer) notes(notes []string, told map[string]bool) {
	for _, note := range notes {
		if !told[note] {
			told[note] = true
			p.line(span{yellow, "note: "}, span{plain, note})
		}
	}
}

// report is all that is to be told of one fetch.
func (p *printer) report(c call, r report) {
	p.verdict(r)
	p.line()
	p.line(span{dim, "page  "}, span{plain, r.Page + " (" + r.Browser + ")"})
	p.line(span{dim, "runs  "}, span{cyan, c.javaScript()})
	p.wire(c, r)
	p.view(r)
	if r.Response == nil {
		p.why(r)
	}
	p.body(r)
	if len(r.Notes) > 0 {
		p.line()
		p.notes(r.Notes, make(map[string]bool))
	}
}

// verdict is the line that says how it ended.
func (p *printer) verdict(r report, before ...span) {
	word := span{green, "ALLOWED"}
	switch r.Verdict {
	case blocked:
		word = span{red, "BLOCKED"}
	case failed:
		word = span{yellow, "FAILED "}
	}
	p.line(append(before, word, span{plain, "  " + summary(r)})...)
}

// summary is the verdict's reason, or what kind of response came.
func summary(r report) string {
	if r.Response == nil {
		s := r.Reason
		if r.Stage != "" {
			s += " at " + r.Stage
		}
		if r.detail != "" {
			s += ": " + r.detail
		}
		return strings.TrimPrefix(s, ": ")
	}
	switch s := r.Response; s.Type {
	case "opaque":
		return "opaque response: it arrives, but the script can read nothing of it"
	case "opaqueredirect":
		return "opaqueredirect response: the script learns that there is a redirect, not where to"
	default:
		return s.Type + " response, status " + status(s.Status, s.StatusText)
	}
}

func status(code int, text string) string {
	return strings.TrimSpace(strconv.Itoa(code) + " " + text)
}

// view is what the script sees.
func (p *printer) view(r report) {
	p.line()
	p.line(span{bold, "The script sees"})
	s := r.Response
	if s == nil {
		p.line(span{plain, "  a TypeError, and not why"})
		return
	}
	p.field("type", s.Type)
	p.field("status", status(s.Status, s.StatusText))
	p.field("url", cmp.Or(s.URL, `""`))
	p.field("redirected", strconv.FormatBool(s.Redirected))
	p.visible(s)
}

// visible is which headers the script sees and which it does not.
func (p *printer) visible(s *seen) {
	names := make([]string, 0, len(s.Headers))
	for name := range s.Headers {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(names) == 0 {
		p.field("headers", "none")
	}
	for i, name := range names {
		label := "headers"
		if i > 0 {
			label = ""
		}
		p.field(label, name+": "+s.Headers[name])
	}
	if len(s.Hidden) > 0 {
		p.line(span{dim, fmt.Sprintf("  %-10s  ", "hidden")}, span{yellow, strings.Join(s.Hidden, ", ")})
	}
}

func (p *printer) field(label, value string) {
	p.line(span{dim, fmt.Sprintf("  %-10s  ", label)}, span{plain, value})
}

// why is the reason of a block and what to change.
func (p *printer) why(r report) {
	p.line()
	p.line(span{bold, "Why"})
	if r.Reason != "" {
		p.field("reason", r.Reason)
	}
	if r.Header != "" {
		p.field("header", r.Header)
	}
	if r.Got != "" || r.Header != "" {
		p.field("came", cmp.Or(r.Got, "nothing"))
	}
	if r.Want != "" {
		p.field("wanted", r.Want)
	}
	if r.Got == "" && r.Want == "" {
		p.field("cause", r.detail)
	}
	if r.Console != "" {
		label := "console"
		for text := range strings.SplitSeq(r.Console, "\n") {
			p.field(label, text)
			label = ""
		}
	}
	p.line()
	p.line(span{bold, "What to change"})
	p.advice(r.Advice)
}

// advice is what to change.
func (p *printer) advice(a *advice) {
	if a == nil {
		return
	}
	for _, text := range wrap(a.Text, wrapWidth) {
		p.line(span{plain, "  " + text})
	}
	if len(a.Headers) > 0 {
		p.line(span{plain, "  Answer " + a.Answer + ", with:"})
	}
	for _, h := range a.Headers {
		p.line(span{plain, "      "}, span{green, h})
	}
}

// wrapWidth is how long a line of advice becomes, in bytes.
const wrapWidth = 100

// wrap breaks text between words into lines of at most width bytes, longer
// words apart.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// body is the beginning of what the script reads.
func (p *printer) body(r report) {
	s := r.Response
	if s == nil {
		return
	}
	if s.bodySize > 0 {
		shown := shorten(s.Body, printLimit)
		p.line()
		p.line(span{bold, fmt.Sprintf("Body, %s", bodyNote(s, len(s.Body) > printLimit))})
		for text := range strings.Lines(sanitizeLines(shown)) {
			// Note: indented, a body cannot pass for a verdict.
			p.b.WriteString(p.indent + "  " + text)
		}
		if !strings.HasSuffix(shown, "\n") {
			p.line()
		}
	}
	if s.BodyError != "" {
		p.line(span{yellow, "the body broke off: "}, span{plain, s.BodyError})
	}
}

// bodyNote says how long the body is and whether all of it follows.
func bodyNote(s *seen, cut bool) string {
	size := strconv.Itoa(s.bodySize) + " bytes"
	if s.BodyTruncated {
		size = "more than " + size
	}
	if cut {
		size += ", of which the first " + strconv.Itoa(printLimit) + " (-json has more)"
	}
	return size
}
