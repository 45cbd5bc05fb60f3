package fetch

import (
	"errors"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/preflightcache"
	"github.com/corsfetch/corsfetch/redirect"
	"github.com/corsfetch/corsfetch/safelist"
)

// httpFetch fetches the current URL over HTTP. With makePreflight the server is
// asked first, unless the cache knows what it would say; unsafe are the
// request's CORS-unsafe request-header names.
//
// https://fetch.spec.whatwg.org/#concept-http-fetch
func (p *fetchParams) httpFetch(makePreflight bool, unsafe []string) (*response, *next, *Error) {
	r := &p.request
	if p.profile.Keepalive.BeforePreflight {
		if err := p.joinKeepalive(); err != nil {
			return nil, nil, err
		}
	}
	if makePreflight {
		if err := p.preflight(unsafe); err != nil {
			return nil, nil, err
		}
	}
	if p.profile.Block.MixedAfterPreflight && len(r.urls) > 1 {
		if err := p.blockedAsMixed(r.currentURL()); err != nil {
			return nil, nil, err
		}
	}
	res, err := p.httpNetworkOrCacheFetch()
	if err != nil {
		return nil, nil, err
	}
	isRedirect := safelist.IsRedirectStatus(res.status)
	stage := StageResponse
	if isRedirect {
		stage = StageRedirect
		p.location = p.locationFor(res)
	}
	// Note: the standard has this after the CORS check, which nothing but the
	// timing of a fetch that fails could tell.
	if !taoCheck(r.serializedOrigin, r.tainting, res.header) {
		r.timingAllowFailed = true
	}
	// Every hop of a cors-tainted fetch is checked, redirects included, before
	// anything else of it is looked at.
	if r.tainting == cors {
		if why := corsCheck(r.serializedOrigin, p.checkedCredentials(isRedirect), res.header); why.reason != "" {
			res.discard()
			return nil, nil, p.refuseResponse(why.reason, stage, res.status, why)
		}
	}
	// What the page cannot read it may not even have if the server says so;
	// redirects are no exception.
	if r.tainting == opaque {
		if why := p.corpCheck(res); why.reason != "" {
			res.discard()
			return nil, nil, p.refuseResponse(why.reason, stage, res.status, why)
		}
	}
	if !isRedirect {
		return res, nil, nil
	}
	switch {
	case r.redirectMode == RedirectError && (!p.profile.Redirect.ErrorNeedsLocation || len(res.header["Location"]) > 0):
		res.discard()
		return nil, nil, p.refuseResponse(ErrRedirectDisallowed, stage, res.status, refusal{got: "a redirect", want: `none with redirect mode "error"`})
	case r.redirectMode == RedirectManual:
		if p.profile.Redirect.ManualNeedsURL {
			if _, err := redirect.LocationURL(res.status, res.header["Location"], r.currentURL(), p.profile.Redirect.Location); err != nil {
				err := p.redirectError(res, err)
				res.discard()
				return nil, nil, err
			}
		}
		res.kind = TypeOpaqueRedirect
		return res, nil, nil
	}
	next, err := p.httpRedirectFetch(res)
	if err != nil {
		res.discard()
		return nil, nil, err
	}
	return res, next, nil
}

// checkedCredentials is the credentials mode that the CORS check of a response
// uses.
func (p *fetchParams) checkedCredentials(isRedirect bool) CredentialsMode {
	r := &p.request
	if p.profile.CORSCheck.CredentialsFlagKept && isRedirect && !r.preflighted && r.credentials == CredentialsSameOrigin && r.beganSameOrigin() {
		return CredentialsInclude
	}
	return r.credentials
}

// httpRedirectFetch returns where the redirect res leads; nil if it has no
// Location and so is the response itself.
//
// https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func (p *fetchParams) httpRedirectFetch(res *response) (*next, *Error) {
	r := &p.request
	step, err := redirect.Follow(redirect.Request{
		Method:        r.method,
		URL:           r.currentURL(),
		Origin:        r.origin,
		CORSMode:      r.mode == ModeCORS,
		CORSTainted:   r.tainting == cors,
		HasBody:       !r.body.isNull(),
		HasBodySource: r.body.hasSource(),
		Count:         r.redirectCount,
		TakesData:     p.profile.Initiator.RedirectsToData && r.mode == ModeNoCORS && r.initiator.isElement(),
	}, res.status, res.header["Location"], p.profile.Redirect.Location)
	if err != nil {
		return nil, p.redirectError(res, err)
	}
	if step.URL == nil {
		return nil, nil
	}
	return &next{Next: step, referrerPolicy: ReferrerPolicy(redirect.ReferrerPolicy(res.header["Referrer-Policy"]))}, nil
}

// locationFor returns where the redirect res leads, for a trace that is to say
// it, or what came if that is no URL.
func (p *fetchParams) locationFor(res *response) string {
	if !p.trace.hasConsole() {
		return ""
	}
	values := res.header["Location"]
	u, err := redirect.LocationURL(res.status, values, p.request.currentURL(), p.profile.Redirect.Location)
	if err != nil || u == nil {
		return strings.Join(values, ", ")
	}
	return u.String()
}

// A next is what the next hop is made of.
type next struct {
	redirect.Next
	referrerPolicy ReferrerPolicy // of the redirect response; "" leaves the request's
}

// redirectError returns the error for a redirect that cannot be followed.
func (p *fetchParams) redirectError(res *response, err error) *Error {
	var failed *redirect.Error
	if !errors.As(err, &failed) {
		return p.refuseResponse(ErrInvalidRedirect, StageRedirect, res.status, refusal{})
	}
	why := refusal{header: "Location", got: failed.Location}
	reason := ErrInvalidRedirect
	switch failed.Reason {
	case redirect.MultipleLocations:
		why.want, why.repeated = "one Location", true
	case redirect.UnparsableLocation, redirect.EmptyLocationRefused:
		why.want = "a URL"
	case redirect.NotHTTP:
		reason, why.want = ErrUnsafeRedirect, "an http or https URL"
	case redirect.TooManyRedirects:
		reason, why.want = ErrTooManyRedirects, "at most 20 redirects"
	case redirect.CrossOriginCredentials, redirect.TaintedCredentials, redirect.CredentialsRefused:
		reason, why = ErrRedirectContainsCredentials, refusal{got: "a username or password in Location", want: "a URL without"}
		e := p.refuseResponse(reason, StageRedirect, res.status, why)
		e.facts.crossOrigin = failed.Reason != redirect.CredentialsRefused
		return e
	case redirect.BodyNotReplayable:
		reason, why = ErrBodyNotReplayable, refusal{got: "a stream as request body", want: "one with GetBody, to be sent again"}
	}
	return p.refuseResponse(reason, StageRedirect, res.status, why)
}

// preflightKey is where answers to preflights of the current URL are cached.
func (p *fetchParams) preflightKey() preflightcache.Key {
	r := &p.request
	origin := p.preflightOrigin()
	if p.profile.PreflightCache.OpaqueOriginsApart && r.origin.IsOpaque() {
		origin = p.env.opaqueName
	}
	return preflightcache.Key{Partition: p.env.partition, Origin: origin, URL: r.currentURL().String()}
}

// keepsPreflights reports whether the browser caches preflights of the current
// hop at all.
func (p *fetchParams) keepsPreflights() bool {
	r := &p.request
	return !p.profile.PreflightCache.OpaqueOriginsApart || r.serializedOrigin != "null" || r.origin.IsOpaque()
}

// preflight makes sure that the server allows the request: by the cache, or by
// a CORS-preflight fetch.
func (p *fetchParams) preflight(unsafe []string) *Error {
	r := &p.request
	mode := p.effectiveCacheMode()
	if p.keepsPreflights() && !slices.Contains(p.profile.PreflightCache.NotRead, mode) {
		q := preflightcache.Request{
			Method:             r.method,
			MethodSafelisted:   safelist.IsSafelistedMethod(r.method),
			UseCORSPreflight:   r.useCORSPreflight,
			UnsafeHeaders:      unsafe,
			IncludeCredentials: r.credentials == CredentialsInclude,
		}
		if p.browser.preflights.Allows(p.preflightKey(), q, p.profile.PreflightCache.Entries, p.browser.now()) {
			p.trace.preflightCached(shown(r.currentURL()), r.method, unsafe)
			return nil
		}
	}
	return p.corsPreflightFetch(unsafe, p.keepsPreflights() && !slices.Contains(p.profile.PreflightCache.NotKept, mode))
}

// clearPreflights forgets what the server once allowed, if the fetch that has
// failed with err relied on it.
//
// https://fetch.spec.whatwg.org/#concept-cache-clear
func (p *fetchParams) clearPreflights(err *Error) {
	clears := false
	switch p.profile.PreflightCache.Cleared {
	case ClearedByFailure:
		clears = p.request.preflighted
	case ClearedByCORSCheckToo:
		clears = p.request.preflighted && err.Reason != ErrRedirectDisallowed ||
			err.Header == headerAllowOrigin || err.Header == headerAllowCredentials
	}
	if clears {
		p.browser.preflights.Clear(p.preflightKey())
	}
}
