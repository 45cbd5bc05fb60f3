// Package scanners has what other tools send to learn about a server's CORS, and
// how they judge what comes back, and holds them against the audit: what each of
// them says of its specimens is in ../SCANNERS.md.
//
// The tools themselves are not here. Each is described as data, from what is
// public of it, and one interpreter runs them all. It is all in test files, for
// nobody to import.
package scanners

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// A scanner is a tool: the probes that it sends, in their order.
type scanner struct {
	name   string
	source string // where it is described: a link
	about  string // what else is to be known of it, for people
	follow follow
	fails  bool // an answer of 400 or above is none to it
	bare   bool // it leaves the query out of the URL
	steps  []step
}

// A step asks the target with an Origin, and judges the answer.
type step struct {
	check  string // what the tool calls it; "" reports nothing
	origin string // with the words of a target in it; "" sends none
	again  bool   // judges the answer to the step before once more, and sends nothing
	tls    bool   // goes to https, whatever the target's scheme is
	only   func(*target) bool
	judge  judge
	ends   ending
	means  string // the ids of the findings that a hit could at best mean
}

// A judge returns how bad an answer is, in the tool's own words; "" if it is well.
type judge func(*answer) string

// An ending says when a step is the last.
type ending int

const (
	atHit ending = iota
	atMiss
	never
)

// A follow says which redirects a tool follows.
type follow int

const (
	noRedirect follow = iota
	toSameHost
	toSameSite // it follows all, and drops what it gets of another site
	anywhere
)

// scanners are all that there are.
var scanners = []*scanner{&corscanner, &corsy, &corstest, &nuclei, &zapActive, &zapPassive, &burp}

// maxRedirects is how many redirects any tool follows.
const maxRedirects = 20

// A hit is something that a tool reports.
type hit struct {
	Check, Origin, Severity string
	Means                   string
}

// An answer is what came back to a probe. Its header is empty if nothing did.
type answer struct {
	target *target
	sent   string // as Origin
	header http.Header
}

// all are the values of a header in one, as most libraries give them.
func (a *answer) all(name string) string { return strings.Join(a.header.Values(name), ", ") }

// scan runs the tool against a target, all requests by way of rt.
func (s *scanner) scan(ctx context.Context, rt http.RoundTripper, t *target) []hit {
	var hits []hit
	var a *answer
	for i := range s.steps {
		p := &s.steps[i]
		if p.only != nil && !p.only(t) {
			continue
		}
		if !p.again {
			a = s.ask(ctx, rt, t, p)
		}
		severity := p.judge(a)
		if severity != "" && p.check != "" {
			hits = append(hits, hit{p.check, a.sent, severity, p.means})
		}
		if p.ends == atHit && severity != "" || p.ends == atMiss && severity == "" {
			break
		}
	}
	return hits
}

// ask sends a step's probe, and follows redirects as the tool does.
func (s *scanner) ask(ctx context.Context, rt http.RoundTripper, t *target, p *step) *answer {
	nothing := &answer{target: t, sent: t.words.Replace(p.origin), header: make(http.Header)}
	at := *t.url
	if p.tls {
		at.Scheme = "https"
	}
	if s.bare {
		at.RawQuery = ""
	}
	for range maxRedirects {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
		if err != nil {
			return nothing
		}
		if p.origin != "" {
			req.Header.Set("Origin", nothing.sent)
		}
		resp, err := rt.RoundTrip(req)
		if err != nil {
			return nothing
		}
		resp.Body.Close()
		got := &answer{target: t, sent: nothing.sent, header: resp.Header}
		if next := s.next(t, &at, resp); next != nil {
			at = *next
			continue
		}
		if s.fails && resp.StatusCode >= 400 || s.follow == toSameSite && siteOf(at.Hostname()) != siteOf(t.url.Hostname()) {
			return nothing
		}
		return got
	}
	return nothing
}

// next is where the tool goes after an answer of at; nil is nowhere.
func (s *scanner) next(t *target, at *url.URL, resp *http.Response) *url.URL {
	location := resp.Header.Get("Location")
	if location == "" || resp.StatusCode < 300 || resp.StatusCode > 399 || s.follow == noRedirect {
		return nil
	}
	to, err := at.Parse(location)
	if err != nil || s.follow == toSameHost && to.Host != t.url.Host {
		return nil
	}
	return to
}
