package origin

import "github.com/corsfetch/corsfetch/origin/weburl"

// A Taint is what redirects have done to a request: whether one of them left an
// origin that is not the request's own. The more they have done, the greater it
// is.
//
// https://fetch.spec.whatwg.org/#concept-request-tainted-origin
type Taint uint8

const (
	// SameOriginTaint: only the request's own origin was ever left.
	SameOriginTaint Taint = iota
	// SameSiteTaint: another origin was left for a second one, but no site
	// other than the request's for another.
	SameSiteTaint
	// CrossSiteTaint: a site other than the request's was left for another.
	CrossSiteTaint
)

// String returns "same-origin", "same-site" or "cross-site".
func (t Taint) String() string {
	switch t {
	case SameOriginTaint:
		return "same-origin"
	case SameSiteTaint:
		return "same-site"
	}
	return "cross-site"
}

// RedirectTaint returns the redirect-taint of a request of the given origin that
// has been redirected along the given URLs, the first of which is where it went
// first. Unless that is SameOriginTaint, the request's origin is serialized as
// "null".
//
// https://fetch.spec.whatwg.org/#concept-request-tainted-origin
func RedirectTaint(request Origin, urls []*weburl.URL) Taint {
	return noMemo.RedirectTaint(request, urls)
}

// RedirectTaint is the function [RedirectTaint].
//
// https://fetch.spec.whatwg.org/#concept-request-tainted-origin
func (s *Sites) RedirectTaint(request Origin, urls []*weburl.URL) Taint {
	taint := SameOriginTaint
	if len(urls) < 2 {
		return taint
	}
	last := FromURL(urls[0])
	for _, u := range urls[1:] {
		next := FromURL(u)
		// This leaves a site that is not the
		// request's own, and nothing later can make up for that.
		if !s.SameSite(next, last) && !s.SameSite(request, last) {
			return CrossSiteTaint
		}
		if next != last && request != last {
			taint = SameSiteTaint
		}
		last = next
	}
	return taint
}
