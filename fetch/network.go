package fetch

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/fetch/httpauth"
)

// httpNetworkOrCacheFetch sends the request to the current URL, with all the
// headers that are the browser's business, and returns what comes back.
//
// Unimplemented: there is no HTTP cache; nothing is looked up or stored.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func (p *fetchParams) httpNetworkOrCacheFetch() (*response, *Error) {
	r := &p.request
	if r.cacheMode == CacheOnlyIfCached && !p.profile.CacheMode.OnlyIfCachedLoads {
		return nil, p.refuse(ErrCacheMiss, refusal{got: "nothing cached", want: `a cached response with cache mode "only-if-cached"`})
	}
	// 3. Credentials go along if they are to be included, or if nothing on the
	// way here was cross-origin.
	r.includeCredentials = (r.credentials == CredentialsInclude ||
		r.credentials == CredentialsSameOrigin && r.tainting == basic) && p.embedderAllowsCredentials()
	// 8. The body may be more than a page can keep alive.
	if err := p.joinKeepalive(); err != nil {
		return nil, err
	}
	p.credentials = nil
	res, err := p.attemptAsUser()
	// 16. Misdirected: once more, on a new connection.
	if err == nil && !r.body.isStream() && p.misdirected(res, r.includeCredentials) {
		first := res
		if res, err = p.attemptAsUser(); err == nil && p.profile.Response.TypesAddUp {
			res.header = withTypesOf(first, res.header)
		}
	}
	if err != nil {
		return nil, err
	}
	// 15.1. A proxy wants a user who cannot be asked.
	if res.status == http.StatusProxyAuthRequired && !p.profile.Auth.ServersSay407 {
		res.discard()
		return nil, p.refuseResponse(ErrProxyAuth, StageResponse, res.status, refusal{got: "status 407", want: "no authentication by a proxy"})
	}
	return res, nil
}

// misdirected reports whether res only says that the request came on the wrong
// connection. If so the connections are closed, so that the next is a new one.
func (p *fetchParams) misdirected(res *response, includeCredentials bool) bool {
	if res.status != http.StatusMisdirectedRequest {
		return false
	}
	res.discard()
	closeIdle(p.browser.base(includeCredentials))
	return true
}

// attemptAsUser sends the request until nobody wants to know any more who the
// user is.
func (p *fetchParams) attemptAsUser() (*response, *Error) {
	res, err := p.attempt()
	// 14. and 15. Somebody wants to know the user.
	for err == nil {
		var again bool
		if again, err = p.answered(res); !again {
			break
		}
		res, err = p.attempt()
	}
	return res, err
}

// withTypesOf returns h, the headers of a second answer, with the Content-Type of
// the first in front of its own.
func withTypesOf(first *response, h http.Header) http.Header {
	types := first.header[headerContentType]
	if len(types) == 0 || len(h[headerContentType]) == 0 {
		return h
	}
	h = maps.Clone(h)
	h[headerContentType] = slices.Concat(types, h[headerContentType])
	return h
}

// attempt sends the request once.
func (p *fetchParams) attempt() (*response, *Error) {
	r := &p.request
	if r.body.isStream() && (p.overHTTP1 || p.browser.isHTTP1(r.currentURL())) {
		return nil, p.refuse(ErrStreamOverHTTP1, refusal{got: "a stream as request body over HTTP/1.1", want: "HTTP/2, or a body with GetBody"})
	}
	o := p.prepared
	if p.prepared = nil; o == nil {
		o = p.prepare()
	}
	if !r.body.isNull() {
		body, err := r.body.take()
		if err != nil {
			e := p.refuse(ErrBodyNotReplayable, refusal{})
			e.Err = err
			return nil, e
		}
		o.Body, o.ContentLength, o.GetBody = body, r.body.length, r.body.again
	}
	o.setAbsent("User-Agent", p.profile.userAgent())
	if r.initiator == InitiatorPrefetch {
		o.set("Sec-Purpose", "prefetch")
	}
	p.profile.Initiator.addHeader(o, r.initiator)
	p.setCacheHeaders(o)
	p.spell(o)
	return p.send(o)
}

// send adds the headers that every request of the fetch has, preflights
// included, hands the request to the base transport and takes in the answer.
//
// https://fetch.spec.whatwg.org/#concept-http-network-fetch
func (p *fetchParams) send(o *outgoing) (*response, *Error) {
	r := &p.request
	stage := StageResponse
	mode, origin := r.mode, ""
	include := r.includeCredentials
	if o.preflight {
		stage = StagePreflight
		// A preflight is a cors request without credentials of any kind.
		mode, include = ModeCORS, false
		o.set("User-Agent", p.preflightUserAgent())
		origin = p.preflightOrigin()
	} else {
		origin = p.originHeader()
	}
	if from := p.referrerFor(o); from.full != "" {
		o.set("Referer", from.full)
	}
	if origin != "" {
		o.set("Origin", origin)
		r.sentOrigin = origin
	}
	p.setFetchMetadata(o, mode)
	// 13. A part of something coded is of no use.
	// Unimplemented: other content codings than that.
	if o.Header["Range"] != nil {
		o.set("Accept-Encoding", "identity")
	}
	if p.ctx.Err() != nil {
		closeBody(o.Body)
		e := p.aborted()
		e.Stage = stage
		return nil, e
	}
	if p.leavesForHTTPS() {
		closeBody(o.Body)
		return p.internalRedirect(o), nil
	}
	p.address(o)
	o.frame()
	if include {
		if cookie := p.browser.cookies.Cookie(p.cookieRequest(), p.profile.Cookies, p.browser.now()); cookie != "" {
			o.set("Cookie", cookie)
		}
	}
	p.authorize(o, include)
	out, guard := p.guardLocalNetwork(&o.Request)
	if why := guard.refusal(); why.reason != "" {
		closeBody(o.Body)
		return nil, p.refuse(why.reason, why)
	}
	in, err := p.roundTrip(o, out, include)
	if why := guard.refusal(); why.reason != "" {
		if err == nil {
			closeBody(in.Body)
		}
		return nil, p.refuse(why.reason, why)
	}
	if err != nil {
		return nil, p.networkError(stage, err)
	}
	p.learnHSTS(in)
	if lines := in.Header["Set-Cookie"]; include && len(lines) > 0 {
		p.browser.cookies.SetCookies(p.cookieRequest(), lines, p.profile.Cookies, p.browser.now())
	}
	return p.takeIn(o, in, stage)
}

// roundTrip hands out to the base transport, as often as the browser tries or a
// proxy is answered.
func (p *fetchParams) roundTrip(o *outgoing, out *http.Request, include bool) (*http.Response, error) {
	again := p.connecting(out, httpauth.Credentials{})
	for attempt := 1; ; attempt++ {
		in, err := p.browser.base(include).RoundTrip(again)
		if err == nil {
			restoreFraming(in)
		}
		p.traceExchange(o, in, err)
		if err == nil {
			return in, nil
		}
		hasBody := out.Body != nil && out.Body != http.NoBody
		if hasBody && o.GetBody == nil {
			return nil, err
		}
		if answer, ok := p.answerConnect(err); ok {
			again = p.connecting(out, answer)
		} else if attempt >= p.profile.Network.Attempts || !isSafe(out.Method) || !errors.Is(err, io.EOF) || p.ctx.Err() != nil {
			return nil, err
		}
		if hasBody {
			body, bodyErr := o.GetBody()
			if bodyErr != nil {
				return nil, err
			}
			again.Body = body
		}
	}
}

// isSafe reports whether method is one that can be tried again without asking.
func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// preflightUserAgent is the value of a preflight's User-Agent header.
func (p *fetchParams) preflightUserAgent() string {
	if p.profile.Preflight.UserAgentOfRequest && p.hasHeader("User-Agent") {
		return p.request.header["User-Agent"][0]
	}
	return p.profile.userAgent()
}

// referrerFor is what o tells of where it comes from.
func (p *fetchParams) referrerFor(o *outgoing) referrer {
	if o.preflight && p.profile.Preflight.ReferrerOfFirstHop && len(p.request.urls) > 1 {
		return p.request.firstReferrer
	}
	return p.request.referrer
}

// preflightOrigin is the value of a preflight's Origin header.
func (p *fetchParams) preflightOrigin() string {
	if p.profile.Preflight.UntaintedOrigin {
		return p.request.origin.String()
	}
	return p.request.serializedOrigin
}

// cookieRequest is what cookies are chosen by: who asks for the current URL, and
// what has led there.
func (p *fetchParams) cookieRequest() cookies.Request {
	r := &p.request
	return cookies.Request{
		URLs:               r.urls,
		Origin:             r.origin,
		TopLevel:           p.env.topLevel,
		Method:             r.method,
		TopLevelNavigation: r.destination == "document",
	}
}

// traceExchange tells the trace about a request that has been answered.
func (p *fetchParams) traceExchange(o *outgoing, in *http.Response, err error) {
	if p.trace == nil || p.trace.ExchangeDone == nil {
		return
	}
	x := Exchange{Preflight: o.preflight, Method: o.Method, URL: shown(p.request.currentURL()), RequestHeader: o.Header.Clone(), Err: err}
	p.credentials.hide(x.RequestHeader)
	if in != nil {
		x.Status, x.StatusText, x.ResponseHeader = in.StatusCode, statusText(in), in.Header.Clone()
	}
	p.trace.ExchangeDone(x)
}
