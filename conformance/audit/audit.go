package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// Options say what an audit may do. The zero value is careful.
type Options struct {
	// Writes lets the audit send requests that may change something: POST, PUT,
	// PATCH and DELETE, with a body that is no sense.
	Writes bool

	// Canary is a URL of the auditor's own with something at it, to learn whether
	// the resource fetches URLs for others. "" does not try.
	Canary string

	// Elsewhere are origins, besides those of the resource's host, that redirects
	// may lead to. What the user has at the resource is never sent there.
	Elsewhere []string

	// Limit is how many requests may be sent; 0 is [DefaultLimit].
	Limit int

	// Interval is the least time from one request to the next; 0 is none.
	Interval time.Duration

	// Timeout is how long to wait for one answer; 0 is [DefaultTimeout]. A server
	// that needs more for three in a row is asked no more.
	Timeout time.Duration

	// Progress, if not nil, is called before each request.
	Progress func(method, url string)
}

// What [Options] are where they are 0.
const (
	DefaultLimit   = 600
	DefaultTimeout = 5 * time.Second
)

// ErrNoAnswer is the error of an audit of what does not answer.
var ErrNoAnswer = errors.New("audit: the resource does not answer")

// A Report is what an audit has found.
type Report struct {
	Target   string    `json:"target"`
	Trusted  []string  `json:"trusted"`
	Policy   string    `json:"policy"` // in a few words
	Verdicts []Row     `json:"verdicts"`
	Findings []Finding `json:"findings"` // the worst first
	Requests int       `json:"requests"` // that were sent
	Notes    []string  `json:"notes,omitempty"`
}

// Worst is the worst severity of the findings that are not accepted; "" if there
// is none.
func (r *Report) Worst() Severity {
	var worst Severity
	for i := range r.Findings {
		if f := &r.Findings[i]; !f.Accepted && (worst == "" || f.Severity.Compare(worst) > 0) {
			worst = f.Severity
		}
	}
	return worst
}

// Run audits a resource. Its error is [ErrNoAnswer], or says what is wrong with
// the subject, or why the context ended. A server that stops answering later is
// no error: the report says so.
//
// The browser is that of the subject's web: its profile, not its cookies; those
// are Login's.
func Run(ctx context.Context, s policy.Subject, o Options) (*Report, error) {
	o.Limit = cmp.Or(o.Limit, DefaultLimit)
	o.Timeout = cmp.Or(o.Timeout, DefaultTimeout)
	if _, err := weburl.Parse(s.Request.URL, nil); err != nil {
		return nil, fmt.Errorf("audit: %q is no URL: %w", s.Request.URL, err)
	}
	for i, page := range s.Trusted {
		if originOf(page) == "null" {
			return nil, fmt.Errorf("audit: %q is no page that can be trusted; want such as https://app.example", page)
		}
		s.Trusted = slices.Clone(s.Trusted)
		s.Trusted[i] = originOf(page)
	}
	p := newProber(ctx, s, o)
	defer p.web.Close()
	if err := p.begin(); err != nil {
		return nil, err
	}
	r := &Report{Target: s.Request.URL, Trusted: p.trusted, Policy: p.policy(), Findings: []Finding{}}
	if r.Trusted == nil {
		r.Trusted = []string{}
	}
	r.Verdicts = p.rows()
	for i := range catalogue {
		p.rule = &catalogue[i].Rule
		r.Findings = append(r.Findings, catalogue[i].check(p)...)
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return b.Severity.Compare(a.Severity) })
	r.Requests, r.Notes = p.guard.sent, p.notes()
	return r, nil
}

// notes are what a reader must know of what was not done.
func (p *prober) notes() []string {
	var notes []string
	if x := final(p.ownAnswer(fetch.CredentialsInclude)); x != nil && x.Status >= 400 {
		notes = append(notes, fmt.Sprintf("even its own page is answered with status %d, and of errors less can be told: it may want another URL, a cookie or a header", x.Status))
	}
	if !p.isNamed && len(p.trusted) == 0 && !canRead(p.lastRead(p.stranger())) {
		notes = append(notes, "no page was named that is meant to use it, and none was found: what such a page meets is not told")
	}
	for _, refusal := range []struct {
		err  error
		note string
	}{
		{errWrites, "requests that may change something were not sent"},
		{errElsewhere, "redirects to hosts that were not named were not followed"},
		{errLimit, fmt.Sprintf("after %d requests no more were sent: what is told is not all", p.guard.options.Limit)},
	} {
		if p.guard.refusals[refusal.err] {
			notes = append(notes, refusal.note)
		}
	}
	if p.guard.options.Canary == "" {
		notes = append(notes, "whether the server fetches URLs for whoever asks was not tried, as there is no canary")
	}
	switch unanswered, isDown := p.guard.unanswered(); {
	case isDown || p.guard.refusals[errSilent]:
		notes = append(notes, "the server stopped answering: what is told is not all")
	case len(unanswered) > 0:
		x := &unanswered[0].Exchange
		notes = append(notes, fmt.Sprintf("%d requests got no answer, such as %s %s (%s): what is told is not all", len(unanswered), x.Method, x.URL, x.Error))
	}
	return notes
}

// newWeb is the web of a subject, all requests of which go through g.
func newWeb(s *policy.Subject, g *guard) *fetchtest.Web {
	w := fetchtest.Over(g)
	w.Browser.Profile = s.Web.Browser.Profile
	return w
}
