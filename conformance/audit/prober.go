package audit

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/origin"
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

	fetched map[string]outcome // what is known, by who has asked for what
	hostile hostile
}

// hostile are adversaries, and those who are trusted by whom they are made.
type hostile struct {
	trusted []string
	classes []policy.Class
	pages   []string
}

// An outcome is what came of a fetch.
type outcome struct {
	*fetchtest.Result
	passed bool // of its lane
}

func newProber(ctx context.Context, s policy.Subject, o Options) *prober {
	p := &prober{ctx: ctx, origin: originOf(s.Request.URL), isNamed: len(s.Trusted) > 0, fetched: make(map[string]outcome)}
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
	key := fmt.Sprintf("%p %q %+v %d %t", w.Browser.Profile, page, r, l.round, l.preflightOnly)
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

// raw sends a request that no page makes, with the user's headers, if no other page
// is said to ask, and those that are given, and without cookies.
func (p *prober) raw(method, url string, h http.Header) *answer {
	return p.rawIn(method, url, h, new(lane))
}

// rawIn is raw by a lane.
func (p *prober) rawIn(method, url string, h http.Header, l *lane) *answer {
	all := make(http.Header)
	switch page := h.Get("Origin"); {
	case method == http.MethodOptions:
	case page == "":
		maps.Copy(all, p.subject.Request.Header)
	default:
		maps.Copy(all, p.headersOf(page))
	}
	maps.Copy(all, h)
	all.Set("User-Agent", "corsfetch-audit")
	return p.send(method, url, all, l)
}

// send sends a request with those headers and no others.
func (p *prober) send(method, url string, h http.Header, l *lane) *answer {
	req, err := http.NewRequestWithContext(l.in(p.ctx), method, url, nil)
	if err != nil {
		return &answer{Exchange: fetchtest.Exchange{Method: method, URL: url, Error: err.Error()}, err: err}
	}
	req.Header = h.Clone()
	if host := h.Get("Host"); host != "" {
		req.Host = host
		req.Header.Del("Host")
	}
	resp, err := p.guard.RoundTrip(req)
	if err != nil {
		return &answer{Exchange: fetchtest.Exchange{Method: method, URL: url, RequestHeader: req.Header, Error: err.Error()}, err: err}
	}
	body, err := readSome(resp)
	return &answer{Exchange: fetchtest.Exchange{
		Method: method, URL: url, RequestHeader: req.Header, Status: resp.StatusCode, ResponseHeader: resp.Header,
	}, Body: body, err: err}
}

// rawAs is what a page asks, but for its Origin.
func (p *prober) rawAs(page, serialized string) *answer {
	h := p.headersOf(page)
	if h == nil {
		h = make(http.Header)
	}
	h.Set("Origin", serialized)
	return p.raw(http.MethodGet, p.subject.Request.URL, h)
}

// rawOrigin is raw with an Origin.
func (p *prober) rawOrigin(method, serialized string) *answer {
	return p.raw(method, p.subject.Request.URL, http.Header{"Origin": {serialized}})
}

// at is the URL of a reference that is taken against the resource's; "" if it is
// none.
func (p *prober) at(ref string) string {
	u, err := weburl.Parse(ref, p.url)
	if err != nil {
		return ""
	}
	return u.String()
}

// adversaries are those of the resource and the trusted pages.
func (p *prober) adversaries() iter.Seq2[policy.Class, string] {
	h := &p.hostile
	if h.pages == nil || !slices.Equal(h.trusted, p.trusted) {
		*h = hostile{trusted: p.trusted}
		for class, page := range policy.Adversaries(p.subject.Request.URL, p.trusted...) {
			h.classes, h.pages = append(h.classes, class), append(h.pages, page)
		}
	}
	classes, pages := h.classes, h.pages
	return func(yield func(policy.Class, string) bool) {
		for i, page := range pages {
			if !yield(classes[i], page) {
				return
			}
		}
	}
}

// strangers are two pages that have nothing to do with each other, the resource
// or the trusted pages.
func (p *prober) strangers() [2]string {
	var found [2]string
	n := 0
	for class, page := range p.adversaries() {
		if class == policy.Stranger && n < len(found) {
			found[n] = page
			n++
		}
	}
	return found
}

// stranger is the first of strangers.
func (p *prober) stranger() string { return p.strangers()[0] }

// readByAnyone reports whether two strangers can read, with credentials by mode.
func (p *prober) readByAnyone(mode fetch.CredentialsMode) bool {
	for _, page := range p.strangers() {
		if !canRead(p.get(page, mode)) {
			return false
		}
	}
	return true
}

// app is the page that is meant to use the resource, by the best that is known: a
// trusted one or, if anybody may read, a stranger. "" is that there is none.
func (p *prober) app() string {
	if len(p.trusted) > 0 {
		return p.trusted[0]
	}
	if _, got := p.read(p.stranger()); canRead(got) {
		return p.stranger()
	}
	return ""
}

// appMode is the credentials mode in which the app reads, if it does in one.
func (p *prober) appMode() fetch.CredentialsMode {
	mode, _ := p.read(p.app())
	return mode
}

// under is the prober with the browser of a profile. Its web is to be closed.
func (p *prober) under(profile *fetch.Profile) *prober {
	other := *p
	other.web = newWeb(&p.subject, p.guard)
	other.web.Browser.Profile = profile
	return &other
}

// isCrossSite reports whether a page is of another site than the resource.
func (p *prober) isCrossSite(page string) bool {
	o, err := origin.Parse(page)
	if err != nil {
		return true
	}
	return !origin.FromURL(p.url).SchemelesslySameSite(o)
}

// declared are the trusted pages that the subject names.
func (p *prober) declared() []string {
	if !p.isNamed {
		return nil
	}
	return p.trusted
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

// isLoopback reports whether a host is this machine, by its name.
func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}

// isPrivate reports whether a host is this machine or in a network of its own, by
// its name.
func isPrivate(host string) bool {
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return isLoopback(host) || err == nil && (addr.IsPrivate() || addr.IsLinkLocalUnicast())
}

// circumstances are those of a finding about a page.
func (p *prober) circumstances(page string) circumstances {
	is := circumstances{isPrivate: isPrivate(p.url.Hostname()), isSensitive: p.isSensitive(), isPublic: p.isPublic()}
	if strings.HasPrefix(page, "http://") {
		is.isSTS = p.isSTS(hostOf(page))
	}
	return is
}

// ownAnswer is what a page of the resource's own origin is answered, who has no
// need of CORS.
func (p *prober) ownAnswer(mode fetch.CredentialsMode) *fetchtest.Result {
	return p.get(p.origin, mode)
}

// isSensitive reports whether the response says that it is for one user alone, or
// has something like a token.
func (p *prober) isSensitive() bool {
	got := p.ownAnswer(fetch.CredentialsInclude)
	x := final(got)
	if x == nil || x.Status >= 400 {
		return false
	}
	control := strings.ToLower(strings.Join(x.ResponseHeader["Cache-Control"], ","))
	if strings.Contains(control, "private") || strings.Contains(control, "no-store") {
		return true
	}
	body := strings.ToLower(got.Response.Body)
	return slices.ContainsFunc([]string{"csrf", "xsrf", "access_token", "api_key", "apikey", "\"token\"", "secret"}, func(s string) bool {
		return strings.Contains(body, s)
	})
}

// isPublic reports whether the resource was seen to be the same for the user and
// for nobody in particular. Of a user of whom nothing is known that was not seen.
func (p *prober) isPublic() bool {
	ask := p.subject.Request
	ask.Header, ask.Credentials = p.headersOf("null"), fetch.CredentialsOmit
	user, nobody := p.ownAnswer(fetch.CredentialsInclude), p.fetch(p.origin, ask)
	x, y := final(user), final(nobody)
	if x == nil || y == nil || p.isSensitive() {
		return false
	}
	knowsUser := x.RequestHeader["Cookie"] != nil || x.RequestHeader["Authorization"] != nil
	return knowsUser && x.ResponseHeader["Set-Cookie"] == nil && x.Status == y.Status && x.Status < 400 && user.Response.Body == nobody.Response.Body
}

// isSTS reports whether a host is spoken to by https alone, as far as the
// resource's own answers tell.
func (p *prober) isSTS(host string) bool {
	x := final(p.ownAnswer(fetch.CredentialsInclude))
	if x == nil || p.url.Scheme() != "https" {
		return false
	}
	value := strings.ToLower(x.ResponseHeader.Get("Strict-Transport-Security"))
	if value == "" || strings.Contains(strings.ReplaceAll(value, " ", ""), "max-age=0") {
		return false
	}
	own := p.url.Hostname()
	return host == own || strings.Contains(value, "includesubdomains") && strings.HasSuffix(host, "."+own)
}

// asUser is a capability, or what is left of it if the browser does not say who
// the user is to what that page asks, or if that is not enough.
func (p *prober) asUser(c capability, got *fetchtest.Result) capability {
	own, x := final(p.ownAnswer(fetch.CredentialsInclude)), final(got)
	if own == nil || x == nil {
		return c
	}
	isNobody := own.RequestHeader["Cookie"] != nil && x.RequestHeader["Cookie"] == nil
	isRefused := own.Status < 400 && x.Status >= 400
	if isNobody || isRefused {
		return c - (readsAsUser - reads)
	}
	return c
}

// finding is one of the rule that is checked.
func (p *prober) finding(s Severity, c Confidence, page, consequence, fix string, evidence ...Evidence) Finding {
	return Finding{
		ID: p.rule.ID, Name: p.rule.Name, Title: p.rule.Title, Severity: s, Confidence: c,
		URL: p.subject.Request.URL, Page: page, Consequence: consequence, Fix: fix, Evidence: evidence,
	}
}

// proof is a fetch that shows a finding.
func (p *prober) proof(what string, got *fetchtest.Result) Evidence {
	e := Evidence{What: what, Verdict: verdict(got), Exchanges: []Exchange{}}
	for _, x := range got.Wire {
		e.Exchanges = append(e.Exchanges, shown(x, p.guard.header))
	}
	return e
}

// proofOf is a preflight that shows a finding.
func (p *prober) proofOf(what string, pf preflight) Evidence {
	e := p.proof(what, pf.Result)
	if pf.Passed {
		e.Verdict = "the preflight passes"
		e.Exchanges = slices.DeleteFunc(e.Exchanges, func(x Exchange) bool { return !x.Preflight && x.Status == 0 })
	}
	return e
}

// controlOf is a preflight that shows what is otherwise so.
func (p *prober) controlOf(what string, pf preflight) Evidence {
	e := p.proofOf(what, pf)
	e.Control = true
	return e
}

// control is a fetch that shows what is otherwise so.
func (p *prober) control(what string, got *fetchtest.Result) Evidence {
	e := p.proof(what, got)
	e.Control = true
	return e
}

// rawProof is an answer to what no page sends that shows a finding.
func (p *prober) rawProof(what string, a *answer) Evidence {
	v := "answered"
	if a.Status == 0 {
		v = "not answered"
	}
	return Evidence{What: what, Verdict: v, Exchanges: []Exchange{shown(a.Exchange, p.guard.header)}}
}

// asPage says which fetch an evidence is of.
func asPage(page string, mode fetch.CredentialsMode) string {
	with := "with credentials"
	if mode == fetch.CredentialsOmit {
		with = "without credentials"
	}
	return page + " reads, " + with
}
