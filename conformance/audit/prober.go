package audit

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// A prober asks about a resource. What it has asked once it knows: checks ask for
// what they need, and need not share it.
type prober struct {
	ctx     context.Context
	subject policy.Subject // its Web goes through the guard
	web     *fetchtest.Web
	guard   *guard
	url     *weburl.URL
	origin  string   // of the resource
	trusted []string // that the subject names, or that were found
	isNamed bool     // the subject names them
	rule    *Rule    // that is being checked

	fetched map[fetchKey]outcome // what is known, by who has asked for what
	hostile hostile
}

// A fetchKey is a fetch, and whose browser makes it. It has the profile itself, not
// its address, which another would have once this one is gone.
type fetchKey struct {
	profile *fetch.Profile
	what    string
}

// An outcome is what came of a fetch.
type outcome struct {
	*fetchtest.Result
	passed bool // of its lane
}

func newProber(ctx context.Context, s policy.Subject, o Options) *prober {
	p := &prober{ctx: ctx, origin: originOf(s.Request.URL), isNamed: len(s.Trusted) > 0, fetched: make(map[fetchKey]outcome)}
	p.url, _ = weburl.Parse(s.Request.URL, nil) // Run has tried
	p.guard = &guard{
		base: s.Web.Browser.Base, options: o, target: p.origin, header: s.Request.Header,
		known: make(map[string]*answer), refusals: make(map[error]bool),
	}
	p.web = newWeb(&s, p.guard)
	if login := s.Login; login != nil {
		s.Login = func(w *fetchtest.Web) {
			p.guard.open = true
			defer func() { p.guard.open = false }()
			login(w)
		}
	}
	s.Web = p.web
	p.subject = s
	return p
}

// begin asks for the resource as nobody in particular, and looks for pages to
// trust if none is named.
func (p *prober) begin() error {
	plain := p.raw(http.MethodGet, p.subject.Request.URL, nil)
	own := p.get(p.origin, fetch.CredentialsInclude)
	if plain.Status == 0 && (len(own.Wire) == 0 || own.Wire[0].Status == 0) {
		if err := context.Cause(p.ctx); err != nil {
			return err
		}
		return &noAnswer{p.subject.Request.URL, plain.err}
	}
	if p.trusted = p.subject.Trusted; len(p.trusted) == 0 {
		p.trusted = p.discover(plain)
	}
	p.subject.Trusted = p.trusted
	return nil
}

// noAnswer is [ErrNoAnswer], and why.
type noAnswer struct {
	url string
	err error
}

func (e *noAnswer) Error() string        { return e.url + " does not answer: " + e.err.Error() }
func (e *noAnswer) Is(target error) bool { return target == ErrNoAnswer }
func (e *noAnswer) Unwrap() error        { return e.err }

// browser is a new browser in which the user has logged in.
func (p *prober) browser() *fetchtest.Web {
	w := p.web.Fresh()
	if p.subject.Login != nil {
		p.subject.Login(w)
	}
	return w
}

// fetch has a page fetch r in a new browser.
func (p *prober) fetch(page string, r fetchtest.Request) *fetchtest.Result {
	return p.fetchIn(page, r, new(lane))
}

// fetchIn is fetch by a lane.
func (p *prober) fetchIn(page string, r fetchtest.Request, l *lane) *fetchtest.Result {
	w := p.browser()
	key := fetchKey{w.Browser.Profile, fmt.Sprintf("%q %+v %d %t", page, r, l.round, l.preflightOnly)}
	if known, ok := p.fetched[key]; ok {
		l.passed = known.passed
		return known.Result
	}
	req := &fetch.Request{Method: r.Method, URL: r.URL, Header: r.Header, Init: r.Init}
	if r.Body != "" {
		req.Body, req.BodyType = strings.NewReader(r.Body), "text/plain;charset=UTF-8"
	}
	got := w.Page(page).Load(l.in(p.ctx), req)
	p.fetched[key] = outcome{&got, l.passed}
	return &got
}

// resource is how a page asks for the resource, with credentials by mode. The
// headers that the user's scripts set are theirs: no other page knows a token.
func (p *prober) resource(page string, mode fetch.CredentialsMode) fetchtest.Request {
	r := p.subject.Request
	r.Header = p.headersOf(page)
	r.Credentials = mode
	return r
}

// headersOf are the headers that a page's script sets.
func (p *prober) headersOf(page string) http.Header {
	h := p.subject.Request.Header.Clone()
	if page != p.origin && !slices.Contains(p.trusted, page) {
		maps.DeleteFunc(h, func(name string, _ []string) bool { return !isHarmless(name) })
	}
	return h
}

// get has a page ask for the resource.
func (p *prober) get(page string, mode fetch.CredentialsMode) *fetchtest.Result {
	return p.fetch(page, p.resource(page, mode))
}

// again has a page ask for the resource once more, as if it had not been asked
// before.
func (p *prober) again(page string, mode fetch.CredentialsMode, round int) *fetchtest.Result {
	return p.fetchIn(page, p.resource(page, mode), &lane{round: round})
}

// read has a page ask with credentials and, if it must not read that for their
// sake, without; it returns the last that was asked.
func (p *prober) read(page string) (fetch.CredentialsMode, *fetchtest.Result) {
	got := p.get(page, fetch.CredentialsInclude)
	switch got.Reason {
	case fetch.ErrMissingAllowOriginHeader, fetch.ErrAllowOriginMismatch,
		fetch.ErrPreflightMissingAllowOriginHeader, fetch.ErrPreflightAllowOriginMismatch:
		// It is not the page that may.
		return fetch.CredentialsInclude, got
	}
	if canRead(got) {
		return fetch.CredentialsInclude, got
	}
	return fetch.CredentialsOmit, p.get(page, fetch.CredentialsOmit)
}

// canRead reports whether the page could read the response.
func canRead(got *fetchtest.Result) bool {
	return got.Verdict == fetchtest.Allowed && (got.Response.Type == fetch.TypeCORS || got.Response.Type == fetch.TypeBasic)
}

// isUnknown reports whether no answer came, so that what the page may do is not
// known.
func isUnknown(got *fetchtest.Result) bool { return got.Verdict == fetchtest.Failed }

// A preflight is what became of one.
type preflight struct {
	*fetchtest.Result
	Answer *fetchtest.Exchange // nil if none was sent or answered
	Passed bool                // what it is for would have been sent
}

// preflight has a page fetch r, and sends no more than its preflight. r.Mode and
// so on are what fetch() takes; r.URL "" is the resource's.
func (p *prober) preflight(page string, r fetchtest.Request) preflight {
	return p.preflightAgain(page, r, 0)
}

// preflightAgain is preflight, as if the same had been asked less than round times
// before.
func (p *prober) preflightAgain(page string, r fetchtest.Request, round int) preflight {
	r.URL = cmp.Or(r.URL, p.subject.Request.URL)
	l := &lane{preflightOnly: true, round: round}
	pf := preflight{Result: p.fetchIn(page, r, l), Passed: l.passed}
	for i := range pf.Wire {
		if x := &pf.Wire[i]; x.Preflight && x.Status != 0 {
			pf.Answer = x
		}
	}
	return pf
}

// asking is a request that needs a preflight: by its method, or by its headers as
// "Name: value".
func asking(method string, mode fetch.CredentialsMode, headers ...string) fetchtest.Request {
	r := fetchtest.Request{Method: method, Header: make(http.Header), Init: fetch.Init{Credentials: mode}}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	return r
}

// allowOrigin are the values of Access-Control-Allow-Origin in a response.
func allowOrigin(h http.Header) []string { return h["Access-Control-Allow-Origin"] }

// final is the last exchange of a fetch that is no preflight; nil if there is none.
func final(got *fetchtest.Result) *fetchtest.Exchange {
	for i := len(got.Wire) - 1; i >= 0; i-- {
		if x := &got.Wire[i]; !x.Preflight && x.Status != 0 {
			return x
		}
	}
	return nil
}
