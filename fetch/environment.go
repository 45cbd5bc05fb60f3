package fetch

import (
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// An environment is what the algorithms read of the page, the request's
// client. It is computed once, and nothing but keepalive changes after that.
//
// https://html.spec.whatwg.org/multipage/webappapis.html#environment-settings-object
type environment struct {
	err            *Error // the page itself is unusable
	origin         origin.Origin
	topLevel       origin.Origin // of the tab
	worker         bool
	baseURL        *weburl.URL // nil: relative URLs cannot be parsed
	referrer       referrer    // of the page's URL
	referrerPolicy ReferrerPolicy
	embedderPolicy EmbedderPolicy
	opaqueName     string // tells the page's opaque origin from others; "" if it has none
	partition      string // the network partition key, serialized

	addressSpace  AddressSpace
	secureContext bool

	// prohibitsMixedContent: the page, or what it is embedded in, is
	// potentially trustworthy.
	prohibitsMixedContent bool

	upgradesInsecure bool // its policy is upgrade-insecure-requests
	keepalive        keepaliveGroup
}

// url is the page's URL, or "null" if none can be told.
func (env *environment) url() string {
	if env.baseURL == nil {
		return "null"
	}
	return shown(env.baseURL)
}

// newEnvironment returns the environment of the page t describes.
func newEnvironment(t *Transport) *environment {
	top := t.TopLevel
	if top == (origin.Origin{}) {
		top = t.Origin
	}
	env := &environment{
		origin:                t.Origin,
		topLevel:              top,
		worker:                t.Worker,
		referrerPolicy:        t.ReferrerPolicy,
		embedderPolicy:        t.EmbedderPolicy,
		partition:             t.own.partition(top),
		addressSpace:          t.AddressSpace,
		secureContext:         top.PotentiallyTrustworthy() && (t.Origin.IsOpaque() || t.Origin.PotentiallyTrustworthy()),
		prohibitsMixedContent: t.Origin.PotentiallyTrustworthy() || top.PotentiallyTrustworthy(),
		upgradesInsecure:      t.UpgradeInsecureRequests,
	}
	if t.Origin.IsOpaque() {
		env.opaqueName = t.own.nextOpaque()
	}
	if env.referrerPolicy == "" {
		env.referrerPolicy = DefaultReferrerPolicy
	} else if !env.referrerPolicy.valid() {
		env.err = &Error{Reason: ErrInvalidPage, Stage: StageRequest, Got: "referrer policy " + string(env.referrerPolicy)}
		return env
	}
	if !env.embedderPolicy.valid() {
		env.err = &Error{Reason: ErrInvalidPage, Stage: StageRequest, Got: "embedder policy " + string(env.embedderPolicy)}
		return env
	}
	if !env.addressSpace.valid() {
		env.err = &Error{Reason: ErrInvalidPage, Stage: StageRequest, Got: "address space " + string(env.addressSpace)}
		return env
	}
	page := t.Referrer
	if page == "" {
		if t.Origin.IsOpaque() {
			return env // a page with no URL that could be told
		}
		page = t.Origin.String() + "/"
	}
	u, err := weburl.Parse(page, nil)
	if err != nil {
		env.err = &Error{Reason: ErrInvalidPage, Stage: StageRequest, Got: page, Err: err}
		return env
	}
	env.baseURL = u
	if !t.Origin.IsOpaque() {
		env.referrer = newReferrer(u)
	}
	return env
}
