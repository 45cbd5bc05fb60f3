package fetch

import (
	"context"
	"net/http"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/redirect"
	"github.com/corsfetch/corsfetch/safelist"
)

// fetchParams is what one fetch carries with it: the request, and who asks.
//
// https://fetch.spec.whatwg.org/#fetch-params
type fetchParams struct {
	ctx     context.Context
	env     *environment
	browser *Browser
	profile *Profile
	trace   *Trace
	request request

	// prepared is the current hop's request, if its header list has been made
	// already to decide on a preflight.
	prepared *outgoing

	// overHTTP1: a preflight has shown that the current URL's server speaks
	// HTTP/1.1.
	overHTTP1 bool

	// location is where the redirect that is being looked at leads, if a trace
	// is to have it; see [Console].
	location string

	credentials *credentials // nil mostly; see credentialsOfHop
	keptAlive   int64        // bytes of the body that count among those on their way
}

// init takes from the page what the fetch needs. It fails if the page's own
// fields are unusable.
func (p *fetchParams) init(t *Transport) error {
	p.browser = t.browser()
	p.browser.open()
	p.profile = p.browser.profile
	p.env = t.env
	p.trace = traceOf(p.ctx)
	if t.env.err != nil {
		return p.fail(t.env.err)
	}
	return nil
}

// fail returns err as the caller gets it, with what the fetch knows filled in.
func (p *fetchParams) fail(err *Error) error {
	e := *err
	p.trace.failed(&e)
	if p.trace.hasConsole() && p.profile.Console != nil {
		if message := p.profile.Console(&e, p.location); message != "" {
			p.trace.Console(message)
		}
	}
	return &e
}

// fromHTTP makes the record for an http.Request.
func (p *fetchParams) fromHTTP(t *Transport, req *http.Request) *Error {
	if req.URL == nil {
		return &Error{Reason: ErrInvalidURL, Stage: StageRequest, Method: req.Method, Want: "a URL"}
	}
	u, err := weburl.Parse(req.URL.String(), nil)
	if err != nil {
		return &Error{Reason: ErrInvalidURL, Stage: StageRequest, Method: req.Method, Err: err}
	}
	if req.Host != "" && req.Host != req.URL.Host {
		p.trace.headerDropped("Host", req.Host)
	}
	return p.newRequest(u, req.Method, req.Header, bodyOf(req), "", t.initFor(p.ctx, req.Header))
}

// fromScript makes the record for a Request.
func (p *fetchParams) fromScript(t *Transport, req *Request, b body) *Error {
	u, err := weburl.Parse(req.URL, p.env.baseURL)
	if err != nil {
		return &Error{Reason: ErrInvalidURL, Stage: StageRequest, Method: req.Method, Err: err}
	}
	init := req.Init
	if init == (Init{}) {
		init = t.initFor(p.ctx, req.Header)
	}
	return p.newRequest(u, req.Method, req.Header, b, req.BodyType, init)
}

// mainFetch performs the request. The standard's main fetch calls itself for
// each redirect; here it is a loop, and what the standard does once the
// recursion has ended, it does after the loop.
//
// https://fetch.spec.whatwg.org/#concept-main-fetch
func (p *fetchParams) mainFetch() (*response, *Error) {
	defer p.leaveKeepalive()
	for {
		res, next, err := p.hop()
		if err != nil {
			p.clearPreflights(err)
			return nil, err
		}
		if next == nil {
			if err := p.passes(res); err != nil {
				return nil, err
			}
			p.keepCounting(res)
			res.filter(&p.request, p.profile)
			return res, nil
		}
		res.discard()
		p.follow(res.status, next)
	}
}

// passes makes sure that the last response may be handed out, by its type and
// by what the request says of its body.
//
// Note: the standard asks this of the response once it is filtered, and looks
// into what that hides.
func (p *fetchParams) passes(res *response) *Error {
	orbLast := p.profile.Response.ORB != nil && p.profile.Response.ORB.AfterType
	if !orbLast {
		if err := p.orbCheck(res); err != nil {
			return err
		}
	}
	if err := p.typeCheck(res); err != nil {
		return err
	}
	if orbLast {
		if err := p.orbCheck(res); err != nil {
			return err
		}
	}
	if p.request.integrity == "" {
		return nil
	}
	return p.checkIntegrity(res)
}

// hop is one turn of main fetch: steps 3 to 12, for the current URL. next is
// not nil if its response leads elsewhere.
func (p *fetchParams) hop() (*response, *next, *Error) {
	r := &p.request
	p.prepared, p.overHTTP1 = nil, false
	r.beforeUpgrade, r.lastBeforeUpgrade = nil, r.beforeUpgrade
	// 3. and 4. What is better asked for by https.
	p.upgrade()
	u := r.currentURL()
	r.currentURLOrigin = p.browser.originOf(u)
	r.serializedOrigin = p.serializeOrigin()
	if p.ctx.Err() != nil {
		return nil, nil, p.aborted()
	}
	// 5. Ports and schemes that are refused whoever asks.
	if err := p.blocked(u); err != nil {
		return nil, nil, err
	}
	// 6. The page's referrer policy, where the request has none.
	if r.referrerPolicy == "" {
		r.referrerPolicy = p.env.referrerPolicy
	}
	// 7. What this hop may tell of where it comes from, and 8. hosts that are not
	// spoken to by http.
	if p.profile.Upgrade.SaysRedirected {
		p.upgradeKnown()
		p.determineReferrer()
	} else {
		p.determineReferrer()
		p.upgradeKnown()
	}
	u = r.currentURL()
	if r.redirectCount > redirect.MaxRedirects { // the upgrade is one too many
		r.urls[len(r.urls)-1] = r.beforeUpgrade
		return nil, nil, p.refuse(ErrTooManyRedirects, refusal{want: "at most 20 redirects"})
	}
	// 12. Where the response may go decides how it is fetched.
	switch {
	case r.currentURLOrigin == r.origin && r.tainting == basic,
		u.Scheme() == "data" && len(r.urls) == 1,
		r.mode == ModeNavigate:
		r.tainting = basic
		return p.schemeFetch()
	case r.mode == ModeSameOrigin:
		return nil, nil, p.refuse(ErrDisallowedByMode, refusal{got: r.currentURLOrigin.String(), want: `the page's origin "` + r.origin.String() + `" with mode "same-origin"`})
	case r.mode == ModeNoCORS:
		if r.redirectMode != RedirectFollow {
			return nil, nil, p.refuse(ErrNoCorsRedirectModeNotFollow, refusal{got: `redirect mode "` + string(r.redirectMode) + `" with mode "no-cors"`, want: `"follow"`})
		}
		r.tainting = opaque
		return p.schemeFetch()
	case !u.IsHTTP():
		return nil, nil, p.refuse(ErrCorsDisabledScheme, refusal{got: "scheme " + u.Scheme(), want: "http or https"})
	}
	r.tainting = cors
	unsafe := p.unsafeHeaderNames()
	if len(r.urls) > 1 && (p.profile.Preflight.ListsRemoved || p.profile.Redirect.Removals == RemovalsByHop) {
		unsafe = p.profile.Safelist.UnsafeRequestHeaderNames(p.listedHeader())
	}
	if r.useCORSPreflight || r.initiator.isUnsafe() && (!safelist.IsSafelistedMethod(r.method) || len(unsafe) > 0 || p.preflightsAgain()) {
		r.preflighted = true
		return p.httpFetch(true, unsafe)
	}
	return p.httpFetch(false, nil)
}

// preflightsAgain reports whether the browser preflights this hop for what the
// request was before redirects made it simpler.
func (p *fetchParams) preflightsAgain() bool {
	r := &p.request
	return p.profile.Preflight.OnceForAll && len(r.urls) > 1 &&
		(r.preflighted || len(p.profile.Safelist.UnsafeRequestHeaderNames(r.header)) > 0)
}

// listedHeader is what the header names in a preflight after a redirect are
// taken from, where that is not what redirects have left.
func (p *fetchParams) listedHeader() http.Header {
	r := &p.request
	if p.profile.Preflight.ListsRemoved {
		return r.header
	}
	listed := make(http.Header, len(r.header))
	for name, values := range r.header {
		if r.authorizationGone && safelist.IsNonWildcardRequestHeaderName(name) || r.bodyHeadersUnlisted && safelist.IsRequestBodyHeaderName(name) {
			continue
		}
		listed[name] = values
	}
	return listed
}

// unsafeHeaderNames are the CORS-unsafe request-header names of the request's
// header list.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func (p *fetchParams) unsafeHeaderNames() []string {
	// Optimization: the defaults alone are safelisted.
	if len(p.request.header) == 0 {
		return nil
	}
	p.prepared = p.prepare()
	return p.profile.Safelist.UnsafeRequestHeaderNames(p.prepared.Header)
}

// determineReferrer sets what the current URL's server is told of where the
// request comes from, and what those after it can be told.
//
// Deviation (of browsers): where TrimmedCrossSite has put another policy in place
// of the request's, that is for one URL alone.
func (p *fetchParams) determineReferrer() {
	r := &p.request
	if len(r.urls) == 1 {
		r.referrerSource = r.referrer
	}
	policy := p.referrerPolicy()
	r.referrer = determineReferrer(r.referrerSource, policy, r.currentURL(), r.currentURLOrigin, p.profile.Referrer.DowngradeByScheme)
	if len(r.urls) == 1 {
		r.firstReferrer = r.referrer
	}
	if policy == r.referrerPolicy {
		r.referrerSource = r.referrer
	}
}

// referrerPolicy is the policy in force for the current URL.
func (p *fetchParams) referrerPolicy() ReferrerPolicy {
	r := &p.request
	if p.profile.Referrer.TrimmedCrossSite && !p.sameSite(r.origin, r.currentURLOrigin) {
		return trimCrossSite(r.referrerPolicy)
	}
	return r.referrerPolicy
}

// follow makes the request what the redirect with the given status says.
//
// https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func (p *fetchParams) follow(status int, next *next) {
	r := &p.request
	p.trace.redirected(status, shown(r.currentURL()), shown(next.URL))
	r.redirectCount++
	p.location = ""
	r.method = next.Method
	p.removeHeaders(status, next)
	if next.DropBody || next.BodyGone {
		r.body.close()
		r.body = body{}
	}
	r.urls = append(r.urls, next.URL)
	if next.referrerPolicy != "" {
		r.referrerPolicy = next.referrerPolicy
	}
}

// removeHeaders marks those of the developer's headers that the redirect removes.
//
// Deviation (of browsers): Removals has some come back.
func (p *fetchParams) removeHeaders(status int, next *next) {
	r := &p.request
	isCORS := r.tainting == cors || origin.FromURL(next.URL) != r.origin
	switch p.profile.Redirect.Removals {
	case RemovalsByHop:
		r.authorizationGone = false
		r.bodyHeadersGone = redirect.BecomesGET(status, r.firstMethod)
		r.bodyHeadersUnlisted = false
	case BodyHeadersByHop:
		r.bodyHeadersGone = r.bodyHeadersGone && !isCORS
		r.typeBack = !next.DropBody && (r.typeBack || status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect)
	}
	r.authorizationGone = r.authorizationGone || next.DropAuthorization
	r.bodyHeadersGone = r.bodyHeadersGone || next.DropBody
	r.bodyHeadersUnlisted = r.bodyHeadersUnlisted || next.DropBody
	if p.profile.Redirect.HintsRemoved && (origin.FromURL(next.URL) != r.origin || r.origin != p.env.topLevel || p.env.worker) {
		r.hintsGone = true
	}
}

// refuse returns the error for a check that failed before the current URL was
// asked for.
func (p *fetchParams) refuse(reason Reason, why refusal) *Error {
	return p.refuseResponse(reason, StageRequest, 0, why)
}

// refuseResponse returns the error for a check that failed on a response.
func (p *fetchParams) refuseResponse(reason Reason, stage Stage, status int, why refusal) *Error {
	r := &p.request
	e := &Error{
		Reason:      reason,
		Stage:       stage,
		Method:      r.method,
		URL:         shown(r.currentURL()),
		Page:        r.origin.String(),
		Origin:      r.serializedOrigin,
		Mode:        r.mode,
		Credentials: r.credentials,
		Initiator:   r.initiator,
		Status:      status,
		Header:      why.header,
		Got:         why.got,
		Want:        why.want,
		Refused:     why.refused,
		absent:      why.absent,
		repeated:    why.repeated,
		gate:        why.gate,
		facts: requestFacts{
			worker:      p.env.worker,
			redirect:    r.redirectMode,
			page:        p.env.url(),
			crossOrigin: r.mode == ModeCORS && (r.tainting == cors || r.currentURLOrigin != r.origin),
		},
	}
	e.Timing = p.failedTiming(reason, stage, status)
	if n := len(r.urls); n > 1 {
		e.RequestURL, e.facts.from = shown(r.urls[0]), shown(r.urls[n-2])
	}
	return e
}

// aborted returns the error for a context that has ended.
//
// https://fetch.spec.whatwg.org/#concept-aborted-network-error
func (p *fetchParams) aborted() *Error {
	e := p.refuse(ErrAborted, refusal{})
	e.Err = p.ctx.Err()
	if cause := context.Cause(p.ctx); cause != e.Err {
		e.Err = abortError{e.Err, cause}
	}
	return e
}

// An abortError is a context's error together with its cause.
type abortError struct{ err, cause error }

func (e abortError) Error() string   { return e.cause.Error() }
func (e abortError) Unwrap() []error { return []error{e.err, e.cause} }
func (e abortError) Timeout() bool   { return e.err == context.DeadlineExceeded }
