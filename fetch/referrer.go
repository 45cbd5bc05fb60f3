package fetch

import (
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// maxReferrer is the length in characters above which a Referer is cut down to
// its origin.
const maxReferrer = 4096

// A referrer is a request's referrer, stripped for use. The zero value is "no
// referrer".
//
// https://w3c.github.io/webappsec-referrer-policy/#strip-url
type referrer struct {
	full        string // without userinfo and fragment; "" is no referrer
	originOnly  string // the origin and a slash
	origin      origin.Origin
	trustworthy bool
}

// newReferrer strips u for use as a referrer. URLs with a local scheme are
// never told.
func newReferrer(u *weburl.URL) referrer {
	if u.IsLocal() {
		return referrer{}
	}
	o := origin.FromURL(u)
	r := referrer{
		full:        u.WithoutCredentials().WithoutFragment().String(),
		originOnly:  u.AuthorityPrefix() + "/",
		origin:      o,
		trustworthy: origin.PotentiallyTrustworthyURL(u),
	}
	if len(r.full) > maxReferrer {
		r.full = r.originOnly
	}
	return r
}

// onlyOrigin returns r cut down to its origin.
func (r referrer) onlyOrigin() referrer {
	r.full = r.originOnly
	return r
}

// determineReferrer returns what a request to the URL to, of origin toOrigin,
// may tell of where it comes from. Its result is the request's referrer from
// then on, so that a later hop can only be told less.
//
// https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
func determineReferrer(r referrer, policy ReferrerPolicy, to *weburl.URL, toOrigin origin.Origin, byScheme bool) referrer {
	if r.full == "" {
		return referrer{}
	}
	sameOrigin := r.origin == toOrigin
	isDowngrade := func() bool {
		if byScheme {
			return r.origin.Scheme() == "https" && to.Scheme() != "https"
		}
		return r.trustworthy && !origin.PotentiallyTrustworthyURL(to)
	}
	switch policy {
	case UnsafeURLPolicy:
		return r
	case OriginPolicy:
		return r.onlyOrigin()
	case StrictOriginPolicy:
		if isDowngrade() {
			return referrer{}
		}
		return r.onlyOrigin()
	case SameOriginPolicy:
		if sameOrigin {
			return r
		}
		return referrer{}
	case OriginWhenCrossOriginPolicy:
		if sameOrigin {
			return r
		}
		return r.onlyOrigin()
	case StrictOriginWhenCrossOriginPolicy:
		switch {
		case sameOrigin:
			return r
		case isDowngrade():
			return referrer{}
		}
		return r.onlyOrigin()
	case NoReferrerWhenDowngradePolicy:
		if isDowngrade() {
			return referrer{}
		}
		return r
	}
	return referrer{} // no-referrer
}

// trimCrossSite is the policy that a browser which trims cross-site referrers
// applies in place of a laxer one.
func trimCrossSite(policy ReferrerPolicy) ReferrerPolicy {
	switch policy {
	case UnsafeURLPolicy, NoReferrerWhenDowngradePolicy, OriginWhenCrossOriginPolicy:
		return StrictOriginWhenCrossOriginPolicy
	}
	return policy
}
