package fetchtest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
)

// A Verdict says how a fetch ended.
type Verdict string

// The verdicts.
const (
	Allowed Verdict = "allowed" // the script has a response
	Blocked Verdict = "blocked" // a rule refused it
	Failed  Verdict = "failed"  // no answer came that a rule could be asked about
)

// A Result is what came of a fetch: what the script knows, and what it does not.
// It is plain values, for [github.com/google/go-cmp/cmp.Diff] to compare.
type Result struct {
	Verdict Verdict

	// Reason and Stage say why and where the fetch was refused; Header is the
	// header that decided, Got what came and Want what would have been accepted,
	// as far as the reason has them. All are "" if it was allowed. Message has
	// them in a sentence. A script knows none of it.
	Reason            fetch.Reason
	Stage             fetch.Stage
	Header, Got, Want string
	Message           string

	// Console is what the browser prints to its console, if Browser.Profile is
	// that of a real one.
	Console string

	// Response is what the script sees; the zero Response if it was refused.
	Response Response

	// Hidden are the names of the headers that the final response had and the
	// script does not see, sorted.
	Hidden []string

	// Dropped are the request's headers that fetch() has ignored, as
	// "Name: value", sorted.
	Dropped []string

	// Reached is whether a handler has been given a request other than a
	// preflight. What is blocked may have been done all the same.
	Reached bool

	// Wire is what went over the wire, in order, preflights that the cache has
	// answered among it.
	Wire []Exchange
}

// A Response is a response as the script sees it, its body read.
type Response struct {
	Type       fetch.Type
	URL        string
	Redirected bool
	Status     int // 0 if the script must not know
	StatusText string
	Header     http.Header
	Body       string // as UTF-8, at most [BodyLimit] bytes of it
	BodyError  string // why Body is not all there is
}

// BodyLimit is how many bytes of a response's body are read.
const BodyLimit = 1 << 20

// An Exchange is one request on the wire and what came back.
type Exchange struct {
	Method, URL string
	Preflight   bool // it is a CORS-preflight request
	Cached      bool // the preflight cache had the answer, and nothing was sent

	RequestHeader http.Header
	RequestBody   string

	Status         int // 0 if nothing came back
	ResponseHeader http.Header
	Error          string // why nothing came back
}

// String says how the fetch ended, in a line, and then what went over the wire, in
// a line each.
func (r Result) String() string {
	var b strings.Builder
	if r.Verdict == Allowed {
		fmt.Fprintf(&b, "allowed: %s %d", r.Response.Type, r.Response.Status)
	} else {
		b.WriteString(r.Message) // which begins with the verdict
	}
	for _, x := range r.Wire {
		b.WriteString("\n\t" + x.String())
	}
	return b.String()
}

// Requests are the requests that went over the wire, as "METHOD URL".
func (r Result) Requests() []string {
	var all []string
	for _, x := range r.Wire {
		if !x.Cached {
			all = append(all, x.Method+" "+x.URL)
		}
	}
	return all
}

// String is the exchange in a line.
func (x Exchange) String() string {
	s := x.Method + " " + x.URL
	switch {
	case x.Cached:
		return s + " (in the preflight cache)"
	case x.Error != "":
		s += " " + x.Error
	default:
		s += fmt.Sprintf(" %d", x.Status)
	}
	if x.Preflight {
		s += " (preflight)"
	}
	return s
}

// see reads resp as a script does that calls text().
func see(resp *fetch.Response) Response {
	r := Response{
		Type: resp.Type, URL: resp.URL, Redirected: resp.Redirected,
		Status: resp.Status, StatusText: resp.StatusText, Header: resp.Header,
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, BodyLimit+1))
	switch {
	case err != nil:
		r.BodyError = err.Error()
	case len(body) > BodyLimit:
		body, r.BodyError = body[:BodyLimit], fmt.Sprintf("it has more than %d bytes", BodyLimit)
	}
	// https://encoding.spec.whatwg.org/#utf-8-decode
	r.Body = strings.ToValidUTF8(strings.TrimPrefix(string(body), "\ufeff"), "\ufffd")
	return r
}

// hidden are the names in came that are not in visible, sorted.
func hidden(came, visible http.Header) []string {
	var names []string
	for name := range came {
		if visible[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
