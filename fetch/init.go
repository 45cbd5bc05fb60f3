package fetch

import (
	"context"
	"net/http"
)

// A Mode is a request's mode. The zero value is ModeCORS, what fetch() uses.
//
// https://fetch.spec.whatwg.org/#concept-request-mode
type Mode string

// The modes.
const (
	ModeCORS       Mode = "cors"
	ModeNoCORS     Mode = "no-cors"     // cross-origin responses come back opaque
	ModeSameOrigin Mode = "same-origin" // cross-origin URLs are refused
	ModeNavigate   Mode = "navigate"    // needs a navigation Destination; no CORS rules apply
)

// A CredentialsMode says when cookies and other credentials go along. The zero
// value is CredentialsSameOrigin.
//
// https://fetch.spec.whatwg.org/#concept-request-credentials-mode
type CredentialsMode string

// The credentials modes.
const (
	CredentialsSameOrigin CredentialsMode = "same-origin"
	CredentialsInclude    CredentialsMode = "include"
	CredentialsOmit       CredentialsMode = "omit"
)

// A RedirectMode says what happens on a redirect. The zero value is
// RedirectFollow.
//
// https://fetch.spec.whatwg.org/#concept-request-redirect-mode
type RedirectMode string

// The redirect modes.
const (
	RedirectFollow RedirectMode = "follow"
	RedirectError  RedirectMode = "error"  // a redirect is a network error
	RedirectManual RedirectMode = "manual" // a redirect is an opaqueredirect response
)

// A CacheMode is a request's cache mode. The zero value is CacheDefault.
//
// Unimplemented: there is no HTTP cache yet. The modes have their effect on
// request headers; CacheOnlyIfCached always misses, and fails where the browser
// does not go to the network then.
//
// https://fetch.spec.whatwg.org/#concept-request-cache-mode
type CacheMode string

// The cache modes.
const (
	CacheDefault      CacheMode = "default"
	CacheNoStore      CacheMode = "no-store"
	CacheReload       CacheMode = "reload"
	CacheNoCache      CacheMode = "no-cache"
	CacheForceCache   CacheMode = "force-cache"
	CacheOnlyIfCached CacheMode = "only-if-cached"
)

// A ReferrerPolicy says how much of the page's URL goes into Referer. The zero
// value stands for the page's policy, and for a page DefaultReferrerPolicy.
//
// https://w3c.github.io/webappsec-referrer-policy/#referrer-policy
type ReferrerPolicy string

// The referrer policies.
const (
	NoReferrerPolicy                  ReferrerPolicy = "no-referrer"
	NoReferrerWhenDowngradePolicy     ReferrerPolicy = "no-referrer-when-downgrade"
	SameOriginPolicy                  ReferrerPolicy = "same-origin"
	OriginPolicy                      ReferrerPolicy = "origin"
	StrictOriginPolicy                ReferrerPolicy = "strict-origin"
	OriginWhenCrossOriginPolicy       ReferrerPolicy = "origin-when-cross-origin"
	StrictOriginWhenCrossOriginPolicy ReferrerPolicy = "strict-origin-when-cross-origin"
	UnsafeURLPolicy                   ReferrerPolicy = "unsafe-url"

	DefaultReferrerPolicy = StrictOriginWhenCrossOriginPolicy
)

// A Destination is what a response is for. The zero value, the empty string,
// is the destination of fetch().
//
// https://fetch.spec.whatwg.org/#concept-request-destination
type Destination string

// NoReferrer as Init.Referrer sends no Referer, as the empty string does in a
// script's init.
const NoReferrer = "no-referrer"

// An Init is what a script passes to fetch(url, init), but for what an
// [http.Request] already holds. The zero value is fetch(url).
type Init struct {
	Mode           Mode
	Credentials    CredentialsMode
	Redirect       RedirectMode
	Cache          CacheMode
	Referrer       string         // "" or "about:client": the page; NoReferrer: none; else a URL, of the page's origin or it counts as the page
	ReferrerPolicy ReferrerPolicy // "": the page's

	// Keepalive lets the request outlast its page. What all such requests of a
	// page have as bodies is limited to 64 KiB at a time. Note: there is no page
	// here that could end before its requests.
	Keepalive bool

	// Integrity is what the body has to match: hashes as "sha256-…", separated by
	// spaces. "" is anything. The response comes once all of its body has, and
	// has it in memory.
	//
	// https://w3c.github.io/webappsec-subresource-integrity/#integrity-metadata-description
	Integrity string

	// TargetAddressSpace is where the request is meant to go; "" does not say.
	// Only browsers that know Local Network Access look at it.
	TargetAddressSpace AddressSpace

	// UploadListener is whether something listens for upload progress, which
	// only XMLHttpRequest can: it forces a preflight.
	UploadListener bool

	// Destination is for what the page itself loads, not for scripts: "" is
	// fetch(), "document" a navigation, "image" an <img>.
	Destination Destination

	// Initiator is what makes the request.
	Initiator Initiator
}

type initKey struct{}

// WithInit returns a context whose requests are made with init. It replaces an
// earlier Init, and Transport.Init, as a whole.
func WithInit(ctx context.Context, init Init) context.Context {
	return context.WithValue(ctx, initKey{}, init)
}

// The keys net/http takes for a request's init on js/wasm. They are no header
// names, so that no real header is ever shadowed.
const (
	jsFetchMode        = "js.fetch:mode"
	jsFetchCredentials = "js.fetch:credentials"
	jsFetchRedirect    = "js.fetch:redirect"
)

// initFor returns the Init of a request: its js.fetch:* keys first, then its
// context's, then the page's.
func (t *Transport) initFor(ctx context.Context, h http.Header) Init {
	init, ok := ctx.Value(initKey{}).(Init)
	if !ok {
		init = t.Init
	}
	if len(h) == 0 {
		return init
	}
	if v := h[jsFetchMode]; len(v) > 0 {
		init.Mode = Mode(v[0])
	}
	if v := h[jsFetchCredentials]; len(v) > 0 {
		init.Credentials = CredentialsMode(v[0])
	}
	if v := h[jsFetchRedirect]; len(v) > 0 {
		init.Redirect = RedirectMode(v[0])
	}
	return init
}

// withDefaults returns init with every zero enumeration replaced by the value
// it stands for; ok is false, and bad says which member, if one is none of
// its enumeration's values.
func (init Init) withDefaults() (full Init, bad string, ok bool) {
	switch init.Mode {
	case "":
		init.Mode = ModeCORS
	case ModeCORS, ModeNoCORS, ModeSameOrigin, ModeNavigate:
	default:
		return init, "mode " + string(init.Mode), false
	}
	switch init.Credentials {
	case "":
		init.Credentials = CredentialsSameOrigin
	case CredentialsSameOrigin, CredentialsInclude, CredentialsOmit:
	default:
		return init, "credentials " + string(init.Credentials), false
	}
	switch init.Redirect {
	case "":
		init.Redirect = RedirectFollow
	case RedirectFollow, RedirectError, RedirectManual:
	default:
		return init, "redirect " + string(init.Redirect), false
	}
	switch init.Cache {
	case "":
		init.Cache = CacheDefault
	case CacheDefault, CacheNoStore, CacheReload, CacheNoCache, CacheForceCache, CacheOnlyIfCached:
	default:
		return init, "cache " + string(init.Cache), false
	}
	if !init.ReferrerPolicy.valid() {
		return init, "referrerPolicy " + string(init.ReferrerPolicy), false
	}
	if !init.TargetAddressSpace.valid() {
		return init, "targetAddressSpace " + string(init.TargetAddressSpace), false
	}
	if !init.Destination.valid() {
		return init, "destination " + string(init.Destination), false
	}
	if !init.Initiator.valid() {
		return init, "initiator " + string(init.Initiator), false
	}
	return init, "", true
}

// valid reports whether p is a referrer policy or the empty string.
func (p ReferrerPolicy) valid() bool {
	switch p {
	case "", NoReferrerPolicy, NoReferrerWhenDowngradePolicy, SameOriginPolicy, OriginPolicy,
		StrictOriginPolicy, OriginWhenCrossOriginPolicy, StrictOriginWhenCrossOriginPolicy, UnsafeURLPolicy:
		return true
	}
	return false
}

// isNavigation reports whether d is the destination of a navigation request.
//
// https://fetch.spec.whatwg.org/#navigation-request
func (d Destination) isNavigation() bool {
	switch d {
	case "document", "embed", "frame", "iframe", "object":
		return true
	}
	return false
}

// valid reports whether d is a destination.
func (d Destination) valid() bool {
	switch d {
	case "", "audio", "audioworklet", "document", "embed", "font", "frame", "iframe", "image", "json",
		"manifest", "object", "paintworklet", "report", "script", "serviceworker", "sharedworker",
		"style", "text", "track", "video", "webidentity", "worker", "xslt":
		return true
	}
	return false
}
