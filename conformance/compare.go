package conformance

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Level is how deep a difference goes. Lower ones matter more.
type Level int

const (
	LevelOutcome Level = iota // what came of the step, or the methods and URLs on the wire
	LevelVisible              // something else that a script sees
	LevelWire                 // a header or the body of a request
	LevelConsole              // only what is told to people: messages, the console
)

func (l Level) String() string {
	if l < LevelOutcome || l > LevelConsole {
		return fmt.Sprintf("Level(%d)", int(l))
	}
	return [...]string{"outcome", "visible", "wire", "console"}[l]
}

// MarshalText returns what String does.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// A Difference is one thing that is not as it should be.
type Difference struct {
	Step  int    `json:"step"` // from 1
	Level Level  `json:"level"`
	What  string `json:"what"`
	Got   string `json:"got"`
	Want  string `json:"want"`
}

func (d Difference) String() string {
	return fmt.Sprintf("step %d: %s (%s): got %s; want %s", d.Step, d.What, d.Level, d.Got, d.Want)
}

// Compare says how got differs from want, both of them outcomes of the same
// step. Names of headers are compared without regard to case, as not every
// client can spell them as the script did.
func Compare(got, want *Outcome) []Difference {
	d := &differ{}
	d.add(LevelOutcome, "outcome", settled(got.Outcome), settled(want.Outcome))
	d.add(LevelOutcome, "error", got.Error, want.Error)
	for _, fact := range facts {
		d.add(LevelOutcome, fact, got.fact(fact), want.fact(fact))
	}
	d.requests(got.Requests, want.Requests)
	d.response(got.Response, want.Response)
	d.add(LevelVisible, "data", got.Data, want.Data)
	d.add(LevelConsole, "message", got.Message, want.Message)
	d.add(LevelConsole, "console", quoteAll(printed(got.Console)), quoteAll(printed(want.Console)))
	d.add(LevelVisible, "timing", timingText(got.Timing), timingText(want.Timing))
	return d.all
}

// settled is an outcome as it is compared: nothing came of a step, whether it was
// the page that waited or its browser.
func settled(outcome string) string {
	if outcome == "silent" {
		return "timeout"
	}
	return outcome
}

// printed is a console as it is compared: without what Chromium's DevTools tell of
// cookies. It is recorded, but comes when it comes, in a later step too.
func printed(console []string) []string {
	return slices.DeleteFunc(slices.Clone(console), func(line string) bool {
		return strings.HasPrefix(line, "cookie ") || strings.HasPrefix(line, "issue CookieIssue ")
	})
}

// CompareResults says how got differs from want, step by step.
func CompareResults(got, want *Result) []Difference {
	var all []Difference
	if len(got.Steps) != len(want.Steps) {
		all = append(all, Difference{Step: min(len(got.Steps), len(want.Steps)) + 1, What: "number of steps",
			Got: strconv.Itoa(len(got.Steps)), Want: strconv.Itoa(len(want.Steps))})
	}
	for i := range min(len(got.Steps), len(want.Steps)) {
		for _, d := range Compare(&got.Steps[i], &want.Steps[i]) {
			d.Step = i + 1
			all = append(all, d)
		}
	}
	return all
}

// A differ collects differences.
type differ struct{ all []Difference }

func (d *differ) add(level Level, what, got, want string) {
	if got != want {
		d.all = append(d.all, Difference{Level: level, What: what, Got: got, Want: want})
	}
}

func (d *differ) response(got, want *Response) {
	if got == nil && want == nil {
		return
	}
	if got == nil || want == nil {
		d.add(LevelOutcome, "response", strconv.FormatBool(got != nil), strconv.FormatBool(want != nil))
		return
	}
	d.add(LevelOutcome, "type", got.Type, want.Type)
	d.add(LevelOutcome, "status", strconv.Itoa(got.Status), strconv.Itoa(want.Status))
	d.add(LevelVisible, "statusText", strconv.Quote(got.StatusText), strconv.Quote(want.StatusText))
	d.add(LevelVisible, "ok", boolText(got.OK), boolText(want.OK))
	d.add(LevelVisible, "redirected", boolText(got.Redirected), boolText(want.Redirected))
	d.add(LevelVisible, "url", got.URL, want.URL)
	d.headers(LevelVisible, "header", got.Headers, want.Headers)
	d.add(LevelVisible, "body", strconv.Quote(got.Body), strconv.Quote(want.Body))
	d.add(LevelVisible, "bodyError", got.BodyError, want.BodyError)
}

func (d *differ) requests(got, want []Request) {
	if g, w := requestLines(got), requestLines(want); g != w {
		d.add(LevelOutcome, "requests", g, w)
		return
	}
	for i := range got {
		prefix := fmt.Sprintf("request %d", i+1)
		d.headers(LevelWire, prefix, got[i].Headers, want[i].Headers)
		d.add(LevelWire, prefix+", body", strconv.Quote(got[i].Body), strconv.Quote(want[i].Body))
	}
}

func requestLines(requests []Request) string {
	var lines []string
	for i := range requests {
		lines = append(lines, requests[i].Method+" "+requests[i].URL)
	}
	return strings.Join(lines, ", ")
}

// headers compares each header that one of the two has.
func (d *differ) headers(level Level, prefix string, got, want []string) {
	g, w := headerValues(got), headerValues(want)
	names := slices.Concat(sortedKeys(g), sortedKeys(w))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		d.add(level, prefix+", "+name, valuesText(g[name]), valuesText(w[name]))
	}
}

// headerValues returns the values of header lines by name in lower case.
func headerValues(lines []string) map[string][]string {
	values := make(map[string][]string)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ":")
		name = strings.ToLower(name)
		values[name] = append(values[name], strings.TrimPrefix(value, " "))
	}
	return values
}

func valuesText(values []string) string {
	if values == nil {
		return "absent"
	}
	return quoteAll(values)
}

func quoteAll(values []string) string {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = strconv.Quote(value)
	}
	return strings.Join(quoted, ", ")
}

func timingText(t *Timing) string {
	if t == nil {
		return "none"
	}
	return string(marshal(t))
}
