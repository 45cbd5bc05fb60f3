package engine_test

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// A place is where two results of a scenario can differ: what came of a step, or
// a part of it.
type place struct {
	step int    // from 1
	what string // as in conformance.Difference; "" is what came of the step
}

// placeOf is where a difference is.
func placeOf(d conformance.Difference) place {
	switch d.What {
	case "requests", "outcome", "error", "response", "type", "status":
		return place{d.Step, ""}
	}
	return place{d.Step, d.What}
}

// machines are the headers that say what a machine is, and not what a browser
// does.
var machines = regexp.MustCompile(`^request \d+, (connection|accept-encoding|user-agent)$`)

// maxRows is how many places of a scenario an example shows.
const maxRows = 6

// rows are what the standard's profile and the browsers have at some places of a
// scenario, a row for each.
func (w *witnesses) rows(s *conformance.Scenario, at []place) [][]string {
	slices.SortFunc(at, func(a, b place) int {
		return cmp.Or(a.step-b.step, cmp.Compare(a.what, b.what))
	})
	at = slices.Compact(at)
	at = slices.DeleteFunc(at, func(p place) bool { return p.what != "" && !differ(w.at(s, p)) || afterOutcome(at, p) })
	cut := len(at) > maxRows
	if cut {
		at = at[:maxRows]
	}
	var rows [][]string
	last := 0
	for _, p := range at {
		label := ""
		if p.step != last {
			label = "`" + stepText(&s.Steps[p.step-1]) + "`"
			if len(s.Steps) > 1 {
				label = fmt.Sprintf("%d. %s", p.step, label)
			}
		}
		last = p.step
		if p.what != "" {
			label = strings.TrimSpace(label + " " + whatText(p.what))
		}
		rows = append(rows, append([]string{label}, bold(w.at(s, p))...))
	}
	if cut {
		rows = append(rows, make([]string, 2+len(w.recordings)))
		rows[maxRows][0] = "…"
	}
	return rows
}

// afterOutcome reports whether a place is part of a response that the outcome
// of the step, which is among at, says enough of.
func afterOutcome(at []place, p place) bool {
	return p.what != "" && !ofRequest.MatchString(p.what) && slices.Contains(at, place{p.step, ""})
}

// at is what the standard's profile and the browsers have at a place.
func (w *witnesses) at(s *conformance.Scenario, p place) []string {
	results := []*conformance.Result{w.standard[s.ID]}
	for i := range w.results {
		results = append(results, w.results[i][s.ID])
	}
	var outcomes []*conformance.Outcome
	for _, r := range results {
		o := (*conformance.Outcome)(nil)
		if r != nil && len(r.Steps) >= p.step {
			o = &r.Steps[p.step-1]
		}
		outcomes = append(outcomes, o)
	}
	values := make([]string, len(outcomes))
	for i, o := range outcomes {
		switch {
		case o != nil && p.what != "":
			values[i] = quoted(valueAt(o, p.what))
		case o != nil:
			values[i] = "`" + outcomeText(o, false) + "`"
		default:
			values[i] = "–"
		}
	}
	if p.what == "" && !differ(values) { // the methods are the same: it must be the URLs
		for i, o := range outcomes {
			if o != nil {
				values[i] = "`" + outcomeText(o, true) + "`"
			}
		}
	}
	if e := s.Steps[p.step-1].Expect; outcomes[0] == nil && p.what == "" && e != "" {
		e, _, _ = strings.Cut(e, " [")
		values[0] = "`" + e + "`"
	}
	return values
}

func differ(values []string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return v != values[0] })
}

// outcomeText says what went over the wire and what the script got, as
// expectations do.
func outcomeText(o *conformance.Outcome, urls bool) string {
	var words []string
	for i := range o.Requests {
		words = append(words, o.Requests[i].Method)
		if urls {
			words = append(words, o.Requests[i].URL)
		}
	}
	words = append(words, "=>")
	switch {
	case o.Outcome == "resolved" && o.Response != nil:
		words = append(words, strings.TrimSpace(o.Response.Type+" "+strconv.Itoa(o.Response.Status)))
	case o.Outcome == "rejected":
		words = append(words, o.Error)
	default:
		words = append(words, o.Outcome)
	}
	return strings.Join(words, " ")
}

var ofRequest = regexp.MustCompile(`^request (\d+), (.+)$`)

// valueAt is what an outcome has at a place in it, and whether it has it.
func valueAt(o *conformance.Outcome, what string) (string, bool) {
	if m := ofRequest.FindStringSubmatch(what); m != nil {
		n, _ := strconv.Atoi(m[1])
		if n > len(o.Requests) {
			return "", false
		}
		if m[2] == "body" {
			return o.Requests[n-1].Body, true
		}
		return headerOf(o.Requests[n-1].Headers, m[2])
	}
	r := o.Response
	if r == nil {
		return "", false
	}
	if name, ok := strings.CutPrefix(what, "header, "); ok {
		return headerOf(r.Headers, name)
	}
	switch what {
	case "header names":
		var names []string
		for _, line := range r.Headers {
			name, _, _ := strings.Cut(line, ":")
			names = append(names, name)
		}
		return strings.Join(names, " "), true
	case "statusText":
		return r.StatusText, true
	case "redirected":
		return fmt.Sprint(r.Redirected != nil && *r.Redirected), true
	case "url":
		return r.URL, true
	case "body":
		return r.Body, true
	case "bodyError":
		return r.BodyError, r.BodyError != ""
	}
	return "", false
}

// headerOf is the value of a header among lines.
func headerOf(lines []string, name string) (string, bool) {
	var values []string
	for _, line := range lines {
		if n, value, _ := strings.Cut(line, ":"); strings.EqualFold(n, name) {
			values = append(values, strings.TrimPrefix(value, " "))
		}
	}
	return strings.Join(values, " / "), values != nil
}

// maxValue is how many characters of a value are shown.
const maxValue = 48

// quoted is a value as code in a table.
func quoted(value string, ok bool) string {
	if !ok {
		return "–"
	}
	if r := []rune(value); len(r) > maxValue {
		value = string(r[:maxValue]) + "…"
	}
	if value == "" {
		return "(empty)"
	}
	value = strconv.Quote(value)
	return code(value[1 : len(value)-1])
}

// code is s as code in a table.
func code(s string) string {
	return "`" + strings.NewReplacer("|", `\|`, "`", "'", `\"`, `"`).Replace(s) + "`"
}

// whatText is what is at a place, in words.
func whatText(what string) string {
	if m := ofRequest.FindStringSubmatch(what); m != nil {
		if m[2] == "body" {
			return "body of request " + m[1]
		}
		return "`" + http1(m[2]) + "` of request " + m[1]
	}
	if name, ok := strings.CutPrefix(what, "header, "); ok {
		return "a script sees `" + http1(name) + "`"
	}
	return map[string]string{
		"statusText": "`statusText`", "redirected": "`redirected`", "url": "`url`", "body": "body", "bodyError": "reading the body", "header names": "a script sees",
	}[what]
}

// stepText is what a script does in a step.
func stepText(s *conformance.Step) string {
	switch {
	case s.Sleep > 0:
		return fmt.Sprintf("sleep %d ms", s.Sleep)
	case s.Cookie != "":
		return "document.cookie = " + strconv.Quote(s.Cookie)
	}
	var init []string
	add := func(name, value string) {
		if value != "" {
			init = append(init, name+": "+value)
		}
	}
	text := func(name, value string) {
		if value != "" {
			add(name, strconv.Quote(value))
		}
	}
	text("method", s.Method)
	text("mode", s.Mode)
	text("credentials", s.Credentials)
	text("redirect", s.Redirect)
	text("cache", s.Cache)
	text("referrerPolicy", s.ReferrerPolicy)
	if s.Referrer != nil {
		add("referrer", strconv.Quote(*s.Referrer))
	}
	if n := len(s.Headers); n > 0 {
		headers := cut(s.Headers[0])
		if n > 1 && n <= 3 {
			headers = cut(strings.Join(s.Headers, ", "))
		} else if n > 3 {
			headers += fmt.Sprintf(" and %d more", n-1)
		}
		add("headers", "{"+headers+"}")
	}
	if s.Body != nil {
		body := strconv.Quote(cut(*s.Body))
		if s.BodyType != "" {
			body = s.BodyType
		}
		add("body", body)
	}
	name := s.Via
	if name == "" {
		name = "fetch"
	}
	call := name + "(" + strconv.Quote(cut(s.Fetch))
	if len(init) > 0 {
		call += ", {" + strings.Join(init, ", ") + "}"
	}
	call += ")"
	if s.In != "" {
		call += " in " + s.In
	}
	return strings.NewReplacer("|", `\|`, "`", "'").Replace(call)
}

func cut(s string) string {
	if r := []rune(s); len(r) > maxValue {
		return string(r[:maxValue]) + "…"
	}
	return s
}

// http1 is a header's name as it is usually written.
func http1(name string) string { return http.CanonicalHeaderKey(name) }
