package conformance

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An Expectation is what the standards say a step leads to.
type Expectation struct {
	Methods []string          // on the wire
	Outcome string            // as in [Outcome]
	Error   string            // the error's name, if Outcome is "rejected"
	Type    string            // the response type; "" if it has none
	Status  int               // of the response, if there is one
	Facts   map[string]string // "tainted", "ran", "readable" and "applied"
	Names   []string          // of the headers that a script sees, if Listed
	Listed  bool
}

// What an expectation may say comes of a step.
var (
	responseTypes = []string{"basic", "cors", "default", "error", "opaque", "opaqueredirect"}
	errorNames    = []string{"TypeError", "SyntaxError", "SecurityError", "NotSupportedError", "InvalidAccessError", "AbortError", "NetworkError",
		"error", "timeout", "abort"}
	outcomes = []string{"loaded", "failed", "sent", "unsent", "open", "done"}
	facts    = []string{"tainted", "ran", "readable", "applied"}
)

// ParseExpectation reads the expect member of a step. After the methods and
// "=>" comes one of
//
//	cors 200            the type and status of a response
//	200                 the status alone, of an XMLHttpRequest
//	TypeError           the name of the error that the step is rejected with
//	loaded tainted=true an outcome, with what else is known of it
//
// and then, perhaps, "[content-length x-a]": all headers that a script sees.
func ParseExpectation(s string) (Expectation, error) {
	methods, rest, ok := strings.Cut(s, "=>")
	if !ok {
		return Expectation{}, fmt.Errorf("no => in %q", s)
	}
	e := Expectation{Methods: strings.Fields(methods)}
	rest, list, listed := strings.Cut(rest, "[")
	if listed {
		if list, ok = strings.CutSuffix(strings.TrimSpace(list), "]"); !ok {
			return e, fmt.Errorf("no ] at the end of %q", s)
		}
		e.Names, e.Listed = strings.Fields(list), true
	}
	words := strings.Fields(rest)
	for len(words) > 1 && strings.Contains(words[len(words)-1], "=") {
		name, value, _ := strings.Cut(words[len(words)-1], "=")
		if !slices.Contains(facts, name) || value != "true" && value != "false" || e.Facts[name] != "" {
			return e, fmt.Errorf("unknown fact %s=%s in %q", name, value, s)
		}
		if e.Facts == nil {
			e.Facts = make(map[string]string)
		}
		e.Facts[name] = value
		words = words[:len(words)-1]
	}
	if len(words) == 0 || !e.setOutcome(words) || e.Listed && e.Outcome != "resolved" {
		return e, fmt.Errorf("unknown outcome in %q", s)
	}
	return e, nil
}

func (e *Expectation) setOutcome(words []string) bool {
	last := words[len(words)-1]
	switch status, err := strconv.Atoi(last); {
	case len(words) == 2 && err == nil && slices.Contains(responseTypes, words[0]):
		e.Outcome, e.Type, e.Status = "resolved", words[0], status
	case len(words) == 1 && err == nil:
		e.Outcome, e.Status = "resolved", status
	case len(words) == 1 && slices.Contains(errorNames, last):
		e.Outcome, e.Error = "rejected", last
	case len(words) == 1 && slices.Contains(outcomes, last):
		e.Outcome = last
	default:
		return false
	}
	return true
}

// A WireCheck is what the standards say of one header of one request.
type WireCheck struct {
	Request     int // of the step, from 1
	Name, Value string
	Absent      bool // there is none of that name
}

// ParseWireCheck reads "2 Name: value" or "2 !Name".
func ParseWireCheck(s string) (WireCheck, error) {
	n, what, _ := strings.Cut(s, " ")
	request, err := strconv.Atoi(n)
	if err != nil || request < 1 {
		return WireCheck{}, fmt.Errorf("%q does not begin with the number of a request", s)
	}
	if name, ok := strings.CutPrefix(what, "!"); ok && name != "" && !strings.Contains(name, ":") {
		return WireCheck{Request: request, Name: name, Absent: true}, nil
	}
	name, value, ok := strings.Cut(what, ":")
	if !ok || name == "" || strings.HasPrefix(name, "!") {
		return WireCheck{}, fmt.Errorf("%q is neither Name: value nor !Name", s)
	}
	return WireCheck{Request: request, Name: name, Value: strings.TrimPrefix(value, " ")}, nil
}

// Meets says how an outcome differs from the expectation and the wire checks
// of step, and nothing where the step has none.
func (o *Outcome) Meets(step *Step) []Difference {
	if step.Expect == "" {
		return nil
	}
	want, err := ParseExpectation(step.Expect)
	if err != nil {
		return []Difference{{Level: LevelOutcome, What: "expect", Want: step.Expect, Got: err.Error()}}
	}
	d := &differ{}
	d.add(LevelOutcome, "methods", strings.Join(o.methods(), " "), strings.Join(want.Methods, " "))
	d.add(LevelOutcome, "outcome", o.Outcome, want.Outcome)
	if want.Outcome == "rejected" {
		d.add(LevelOutcome, "error", o.Error, want.Error)
	}
	if want.Outcome == "resolved" {
		r := o.Response
		if r == nil {
			r = new(Response)
		}
		d.add(LevelOutcome, "type", r.Type, want.Type)
		d.add(LevelOutcome, "status", strconv.Itoa(r.Status), strconv.Itoa(want.Status))
		if want.Listed {
			d.add(LevelVisible, "header names", strings.Join(r.headerNames(), " "), strings.Join(slices.Sorted(slices.Values(want.Names)), " "))
		}
	}
	for _, fact := range facts {
		if value, told := want.Facts[fact]; told {
			d.add(LevelOutcome, fact, o.fact(fact), value)
		}
	}
	for _, text := range step.Wire {
		c, err := ParseWireCheck(text)
		if err != nil {
			d.add(LevelWire, "wire", err.Error(), text)
			continue
		}
		d.add(LevelWire, fmt.Sprintf("request %d, %s", c.Request, c.Name), c.found(o.Requests), c.want())
	}
	return d.all
}

func (c *WireCheck) want() string {
	if c.Absent {
		return "absent"
	}
	return strconv.Quote(c.Value)
}

// found is what there is of the header that c checks.
func (c *WireCheck) found(requests []Request) string {
	if c.Request > len(requests) {
		return fmt.Sprintf("only %d requests", len(requests))
	}
	var values []string
	for _, line := range requests[c.Request-1].Headers {
		if name, value, _ := strings.Cut(line, ":"); strings.EqualFold(name, c.Name) {
			values = append(values, strconv.Quote(strings.TrimPrefix(value, " ")))
		}
	}
	if values == nil {
		return "absent"
	}
	return strings.Join(values, ", ")
}
