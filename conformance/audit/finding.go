package audit

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A Finding is something that is wrong with a policy.
type Finding struct {
	ID          string     `json:"id"`   // as in the catalogue: "F01"
	Name        string     `json:"name"` // likewise: "trust.any-credentialed"
	Title       string     `json:"title"`
	Severity    Severity   `json:"severity"`
	Confidence  Confidence `json:"confidence"`
	URL         string     `json:"url"`
	Page        string     `json:"page"`        // the origin that shows it; "" if it is none's in particular
	Consequence string     `json:"consequence"` // in a browser, in a sentence
	Fix         string     `json:"fix"`
	Evidence    []Evidence `json:"evidence"`
	Accepted    bool       `json:"accepted,omitempty"` // by a [Baseline]
}

// Key is what a finding is known by from one audit to the next.
func (f *Finding) Key() string { return strings.TrimSpace(f.ID + " " + f.URL + " " + f.Page) }

// String is the finding in a few lines.
func (f *Finding) String() string {
	s := fmt.Sprintf("%s %s (%s, %s): %s", f.ID, f.Title, f.Severity, f.Confidence, f.Consequence)
	if f.Page != "" {
		s += "\npage: " + f.Page
	}
	s += "\nfix: " + f.Fix
	for _, e := range f.Evidence {
		s += "\n" + e.String()
	}
	return s
}

// An Evidence is something that was seen.
type Evidence struct {
	What      string     `json:"what"`              // was asked, by whom
	Control   bool       `json:"control,omitempty"` // it shows what is otherwise so
	Verdict   string     `json:"verdict"`           // how it ended: "allowed", or "blocked" and why
	Exchanges []Exchange `json:"exchanges"`
}

// String is the evidence, a line for each exchange.
func (e Evidence) String() string {
	s := e.What + ": " + e.Verdict
	if e.Control {
		s = "control: " + s
	}
	for _, x := range e.Exchanges {
		s += "\n\t" + x.String()
	}
	return s
}

// An Exchange is one request and its answer, without bodies, and without the
// values of headers that say who the user is.
type Exchange struct {
	Method    string      `json:"method"`
	URL       string      `json:"url"`
	Preflight bool        `json:"preflight"`
	Status    int         `json:"status"` // 0 if nothing came back
	Request   http.Header `json:"request"`
	Response  http.Header `json:"response"`
	Error     string      `json:"error,omitempty"`
}

// String is the exchange in a line.
func (x Exchange) String() string {
	return fetchtest.Exchange{Method: x.Method, URL: x.URL, Preflight: x.Preflight, Status: x.Status, Error: x.Error}.String()
}

// redacted stands for a value that a report does not tell.
const redacted = "(not shown)"

// secretHeaders are those whose values say who the user is, whoever sets them.
var secretHeaders = []string{"Authorization", "Cookie", "Set-Cookie", "Proxy-Authorization", "Www-Authenticate-Info", "Authentication-Info"}

// shown is x as a report has it. The values of the headers that are named are
// nobody's business either.
func shown(x fetchtest.Exchange, secret http.Header) Exchange {
	return Exchange{
		Method: x.Method, URL: x.URL, Preflight: x.Preflight, Status: x.Status, Error: x.Error,
		Request: Redact(x.RequestHeader, secret), Response: Redact(x.ResponseHeader, nil),
	}
}

// Redact returns h without what says who the user is: the values of the headers
// that hold credentials, and of those that have a name in secret, but for
// Accept, Accept-Language and Content-Type. Of Set-Cookie the name and the
// attributes stay.
func Redact(h, secret http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		switch {
		case name == "Set-Cookie":
			for _, line := range values {
				out[name] = append(out[name], withoutCookieValue(line))
			}
		case isSecret(name) || secret[name] != nil && !isHarmless(name):
			out[name] = []string{redacted}
		default:
			out[name] = slices.Clone(values)
		}
	}
	return out
}

// isSecret reports whether a header says who the user is, or lets who knows it act
// for the user.
func isSecret(name string) bool {
	lower := strings.ToLower(name)
	return slices.Contains(secretHeaders, name) || slices.ContainsFunc([]string{"token", "csrf", "xsrf", "secret", "api-key", "apikey", "session"}, func(s string) bool {
		return strings.Contains(lower, s)
	})
}

// isHarmless reports whether the value of a header that a script sets says
// nothing about the user.
func isHarmless(name string) bool {
	return name == "Accept" || name == "Accept-Language" || name == "Content-Type"
}

// withoutCookieValue is a line of Set-Cookie with the value left out.
func withoutCookieValue(line string) string {
	pair, attributes, hasAttributes := strings.Cut(line, ";")
	name, _, _ := strings.Cut(pair, "=")
	if hasAttributes {
		attributes = ";" + attributes
	}
	return name + "=" + redacted + attributes
}

// verdict is how a fetch ended, in a few words.
func verdict(got *fetchtest.Result) string {
	if got.Verdict == fetchtest.Allowed {
		return fmt.Sprintf("%s, status %d", got.Verdict, got.Response.Status)
	}
	if got.Reason == "" {
		return string(got.Verdict) + ": " + got.Message
	}
	s := fmt.Sprintf("%s: %s", got.Verdict, got.Reason)
	if got.Stage != "" && got.Stage != fetch.StageRequest {
		s += " at the " + string(got.Stage)
	}
	return s
}
