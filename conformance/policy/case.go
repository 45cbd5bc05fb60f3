package policy

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A Case is one fetch, and what should come of it.
type Case struct {
	Name    string // of the subtest; "" is made of the request
	Page    string // its URL, or "null"
	Request fetchtest.Request
	Want    Want
}

// A Want is what should come of a fetch. Zero fields are not compared, so that a
// case says only what it is about.
type Want struct {
	Verdict fetchtest.Verdict
	Reason  fetch.Reason
	Stage   fetch.Stage
	Status  int    // as the script sees it
	Body    string // likewise

	// Exposes are names of headers that the script should see; Hides are those
	// that came and that it should not.
	Exposes, Hides []string

	// Reached is whether a handler should be given a request other than a
	// preflight.
	Reached *bool

	// Requests are all requests that should go over the wire, as "METHOD /path",
	// with the query.
	Requests []string
}

// Run runs each case as a subtest, in order and in the browser of web: what one
// leaves there, such as a preflight, is there for the next. Use [fetchtest.Web.Fresh]
// for those that are to be apart.
func Run(t *testing.T, web *fetchtest.Web, cases ...Case) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name(), func(t *testing.T) {
			got := web.Page(c.Page).Fetch(c.Request)
			if wrong := c.Want.unmet(&got); len(wrong) > 0 {
				t.Errorf("%s\n%v", strings.Join(wrong, "\n"), got)
			}
		})
	}
}

func (c *Case) name() string {
	return cmp.Or(c.Name, cmp.Or(c.Request.Method, "GET")+" from "+c.Page)
}

// unmet says in which points got is not as wanted.
func (w *Want) unmet(got *fetchtest.Result) []string {
	var wrong []string
	point := func(what string, got, want any, isWanted bool) {
		if isWanted && got != want {
			wrong = append(wrong, fmt.Sprintf("%s: got %q; want %q", what, fmt.Sprint(got), fmt.Sprint(want)))
		}
	}
	point("verdict", got.Verdict, w.Verdict, w.Verdict != "")
	point("reason", got.Reason, w.Reason, w.Reason != "")
	point("stage", got.Stage, w.Stage, w.Stage != "")
	point("status", got.Response.Status, w.Status, w.Status != 0)
	point("body", got.Response.Body, w.Body, w.Body != "")
	if w.Reached != nil {
		point("reached", got.Reached, *w.Reached, true)
	}
	for _, name := range w.Exposes {
		if got.Response.Header.Values(name) == nil {
			wrong = append(wrong, "the script does not see "+name)
		}
	}
	for _, name := range w.Hides {
		if !slices.ContainsFunc(got.Hidden, func(hidden string) bool { return strings.EqualFold(hidden, name) }) {
			wrong = append(wrong, name+" is not hidden, or did not come")
		}
	}
	if w.Requests != nil {
		point("requests", strings.Join(requests(got), ", "), strings.Join(w.Requests, ", "), true)
	}
	return wrong
}

// requests are those of got that went over the wire, without their origin.
func requests(got *fetchtest.Result) []string {
	var all []string
	for _, x := range got.Wire {
		if x.Cached {
			continue
		}
		target := x.URL
		if u, err := url.Parse(x.URL); err == nil {
			target = u.RequestURI()
		}
		all = append(all, x.Method+" "+target)
	}
	return all
}
