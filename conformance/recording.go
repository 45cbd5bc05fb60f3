package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"reflect"
	"slices"
	"strings"
)

// A Recording is what one client did with scenarios. Strings name origins by
// alias.
type Recording struct {
	Browser string   `json:"browser"`
	Version string   `json:"version"`
	Results []Result `json:"results"`
}

// A Result is what came of one scenario.
type Result struct {
	ID    string    `json:"id"`
	Error string    `json:"error,omitempty"` // why there is no more of it
	Steps []Outcome `json:"steps"`
}

// An Outcome is what one step led to.
//
// Outcome is "resolved" or "rejected" of fetch() and XMLHttpRequest, "loaded"
// or "failed" of elements and fonts, "sent" or "unsent" of a beacon, "open" or
// "failed" of an EventSource, "done" of a cookie or a sleep, "timeout" if
// nothing came of it in 5 s, "silent" if the client itself gave no answer.
type Outcome struct {
	Outcome  string    `json:"outcome"`
	Error    string    `json:"error,omitempty"`   // the exception's name, or the event's of an XMLHttpRequest
	Message  string    `json:"message,omitempty"` // of the exception
	Response *Response `json:"response,omitempty"`
	Tainted  *bool     `json:"tainted,omitempty"`  // img: a canvas it is drawn to cannot be read
	Ran      *bool     `json:"ran,omitempty"`      // script
	Readable *bool     `json:"readable,omitempty"` // style: its rules can be read
	Applied  *bool     `json:"applied,omitempty"`  // style
	Data     string    `json:"data,omitempty"`     // eventsource: the first message
	Requests []Request `json:"requests"`           // as they came to the servers; see [Check]
	Console  []string  `json:"console,omitempty"`
	Timing   *Timing   `json:"timing,omitempty"`
}

// A Response is what a script sees of a response.
type Response struct {
	Type       string   `json:"type,omitempty"` // XMLHttpRequest has none, nor OK and Redirected
	Status     int      `json:"status"`
	StatusText string   `json:"statusText"`
	OK         *bool    `json:"ok,omitempty"`
	Redirected *bool    `json:"redirected,omitempty"`
	URL        string   `json:"url"`
	Headers    []string `json:"headers"` // "name: value", sorted; code points stand for bytes
	Body       string   `json:"body"`
	BodyError  string   `json:"bodyError,omitempty"` // the name of what text() rejects with
}

// A Request is a request as it came to a server.
type Request struct {
	Method  string   `json:"method"`
	URL     string   `json:"url"`
	Headers []string `json:"headers"` // "Name: value", sorted; code points stand for bytes
	Body    string   `json:"body,omitempty"`
}

// A Timing is what Resource Timing says of a request.
type Timing struct {
	Entries        int  `json:"entries"`
	DetailVisible  bool `json:"detailVisible"`
	SizeVisible    bool `json:"sizeVisible"`
	ResponseStatus int  `json:"responseStatus"` // -1 where there is no such member
}

func (o *Outcome) methods() []string {
	var methods []string
	for i := range o.Requests {
		methods = append(methods, o.Requests[i].Method)
	}
	return methods
}

func (o *Outcome) fact(name string) string {
	is := map[string]*bool{"tainted": o.Tainted, "ran": o.Ran, "readable": o.Readable, "applied": o.Applied}[name]
	return boolText(is)
}

func boolText(b *bool) string {
	if b == nil {
		return "unknown"
	}
	return fmt.Sprint(*b)
}

// headerNames returns the names of r's headers, in order.
func (r *Response) headerNames() []string {
	var names []string
	for _, line := range r.Headers {
		name, _, _ := strings.Cut(line, ":")
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Find returns what r has of a scenario, or nil.
func (r *Recording) Find(id string) *Result {
	for i := range r.Results {
		if r.Results[i].ID == id {
			return &r.Results[i]
		}
	}
	return nil
}

// WriteTo writes r as JSON, a line for each step. The same recording is always
// the same bytes.
func (r *Recording) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"browser\": %s, \"version\": %s, \"results\": [\n", marshal(r.Browser), marshal(r.Version))
	for i := range r.Results {
		result := &r.Results[i]
		fmt.Fprintf(&b, "{\"id\": %s, ", marshal(result.ID))
		if result.Error != "" {
			fmt.Fprintf(&b, "\"error\": %s, ", marshal(result.Error))
		}
		b.WriteString("\"steps\": [")
		for j := range result.Steps {
			b.WriteString(separator(j))
			b.Write(marshal(&result.Steps[j]))
		}
		b.WriteString("\n]}")
		if i < len(r.Results)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]}\n")
	return b.WriteTo(w)
}

func separator(i int) string {
	if i == 0 {
		return "\n"
	}
	return ",\n"
}

// marshal returns v as JSON on one line. Lists are written as such even where
// they are nil.
func marshal(v any) []byte {
	if o, ok := v.(*Outcome); ok {
		v = o.withLists()
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // no value of this package's types fails
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// withLists returns a copy of o with empty lists in place of nil ones.
func (o *Outcome) withLists() *Outcome {
	c := *o
	c.Requests = append([]Request{}, o.Requests...)
	for i := range c.Requests {
		c.Requests[i].Headers = append([]string{}, c.Requests[i].Headers...)
	}
	if o.Response != nil {
		response := *o.Response
		response.Headers = append([]string{}, response.Headers...)
		c.Response = &response
	}
	return &c
}

// ReadRecording reads a recording. Unknown keys and values of another type are
// errors that name the line. name is what errors call the file.
func ReadRecording(name string, data []byte) (*Recording, error) {
	name = path.Clean(name)
	root, err := readJSON(data)
	if err != nil {
		return nil, loadError(name, err)
	}
	var errs []error
	r := new(Recording)
	report := func(line int, err error) { errs = append(errs, &LoadError{File: name, Line: line, Err: err}) }
	decode(root, reflect.ValueOf(r).Elem(), report)
	seen := make(map[string]bool)
	for i := range r.Results {
		if id := r.Results[i].ID; seen[id] {
			report(root.get("results").array[i].line, fmt.Errorf("%q is there twice", id))
		} else {
			seen[id] = true
		}
		r.Results[i].shorten()
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return r, nil
}

// shorten makes long bodies what a recording has of them now; earlier ones have
// them whole.
func (r *Result) shorten() {
	for _, step := range r.Steps {
		for i := range step.Requests {
			step.Requests[i].Body = shortened(step.Requests[i].Body)
		}
	}
}

// check reports what no recording would have.
func (r *Result) check(report func(err error, path ...string)) {
	if !validID.MatchString(r.ID) {
		report(fmt.Errorf("%q is no id", r.ID), "id")
	}
}

func (o *Outcome) check(report func(err error, path ...string)) {
	known := []string{"resolved", "rejected", "loaded", "failed", "sent", "unsent", "open", "done", "timeout", "silent"}
	if !slices.Contains(known, o.Outcome) {
		report(fmt.Errorf("unknown value %q", o.Outcome), "outcome")
	}
}
