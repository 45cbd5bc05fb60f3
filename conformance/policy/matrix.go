package policy

import (
	"cmp"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A Matrix is all fetches that some pages may make: each page with each URL, each
// method, each set of headers and each credentials mode.
type Matrix struct {
	Pages       []string                // URLs of pages, or "null"
	URLs        []string                // absolute
	Methods     []string                // none is GET
	Headers     []http.Header           // none is no header
	Credentials []fetch.CredentialsMode // none is omit and include
	Body        string                  // of requests whose method has one

	// Login, if not nil, does in each new browser what the user has done before.
	Login func(*fetchtest.Web)

	// Browsers are others that make the fetches, too: what they decide otherwise
	// is in [Cell.Notes].
	Browsers []*fetch.Profile
}

// A Cell is one fetch of a Matrix, and what came of it.
type Cell struct {
	Page    string
	Request fetchtest.Request
	Result  fetchtest.Result

	// Notes are other decisions, each with the names of the browsers that made it:
	// "chromium, firefox: allowed, preflighted: cors 200".
	Notes []string
}

// Cells makes all fetches at the servers of web, each in a browser of its own.
func (m Matrix) Cells(web *fetchtest.Web) iter.Seq[Cell] {
	return func(yield func(Cell) bool) {
		for page, r := range m.requests() {
			s := Subject{Web: web, Login: m.Login}
			c := Cell{Page: page, Request: r, Result: s.fetch(page, r)}
			c.Notes = m.notes(web, &c)
			if !yield(c) {
				return
			}
		}
	}
}

// notes are what other browsers decide in place of c.
func (m *Matrix) notes(web *fetchtest.Web, c *Cell) []string {
	var decisions []string
	names := make(map[string][]string)
	for _, profile := range m.Browsers {
		w := web.Fresh()
		w.Browser.Profile = profile
		s := Subject{Web: w, Login: m.Login}
		other := Cell{Result: s.fetch(c.Page, c.Request)}
		d := other.Decision()
		if d == c.Decision() {
			continue
		}
		if names[d] == nil {
			decisions = append(decisions, d)
		}
		names[d] = append(names[d], profile.Name)
	}
	for i, d := range decisions {
		decisions[i] = strings.Join(names[d], ", ") + ": " + d
	}
	return decisions
}

// requests are all requests, with who makes them.
func (m Matrix) requests() iter.Seq2[string, fetchtest.Request] {
	methods, headers, modes := orElse(m.Methods, ""), orElse(m.Headers, nil), m.Credentials
	if len(modes) == 0 {
		modes = credentialsModes[:]
	}
	return func(yield func(string, fetchtest.Request) bool) {
		for _, page := range m.Pages {
			for _, url := range m.URLs {
				for _, method := range methods {
					for _, header := range headers {
						for _, mode := range modes {
							r := fetchtest.Request{Method: method, URL: url, Header: header, Init: fetch.Init{Credentials: mode}}
							if hasBody(method) {
								r.Body = m.Body
							}
							if !yield(page, r) {
								return
							}
						}
					}
				}
			}
		}
	}
}

// orElse is all, or one if that is empty.
func orElse[T any](all []T, one T) []T {
	if len(all) == 0 {
		return []T{one}
	}
	return all
}

func hasBody(method string) bool {
	switch strings.ToUpper(cmp.Or(method, http.MethodGet)) {
	case http.MethodGet, http.MethodHead:
		return false
	}
	return true
}

// Decision is what the page may do, in a few words: whether and why not, and
// whether it took a preflight.
func (c *Cell) Decision() string {
	isPreflighted := slices.ContainsFunc(c.Result.Wire, func(x fetchtest.Exchange) bool { return x.Preflight })
	switch {
	case c.Result.Verdict != fetchtest.Allowed:
		return fmt.Sprintf("%s at %s: %s", c.Result.Verdict, c.Result.Stage, c.Result.Reason)
	case isPreflighted:
		return fmt.Sprintf("allowed, preflighted: %s %d", c.Result.Response.Type, c.Result.Response.Status)
	}
	return fmt.Sprintf("allowed: %s %d", c.Result.Response.Type, c.Result.Response.Status)
}
