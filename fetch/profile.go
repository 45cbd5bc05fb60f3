package fetch

import (
	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/safelist"
)

// A Profile is where engines differ, as data, by the algorithm they differ in;
// but what they print is a function.
// The zero value is the Fetch Standard. Nothing in this package asks for a
// profile's name.
//
// A field that is a bool says what a browser does that the standard does not.
//
// No profile says in which order headers go out, although each browser has its
// own: net/http decides that. Over HTTP/1.1 it writes Host, User-Agent,
// Content-Length or Transfer-Encoding, then all others by name, and last a
// Connection of its own; over HTTP/2 in no order. A server that knows browsers by
// that is not deceived.
type Profile struct {
	Name           string
	UserAgent      string // "" means "corsfetch"
	AcceptLanguage string // "" sends none

	// Console is what it prints when a fetch() fails; nil prints nothing.
	Console Console

	// Cookies says which cookies are kept and sent.
	Cookies cookies.Rules

	// Safelist says which request-headers make a preflight necessary.
	Safelist safelist.Rules

	Initiator      InitiatorRules
	Request        RequestRules
	Header         HeaderRules
	CacheMode      CacheModeRules
	Upgrade        UpgradeRules
	Block          BlockRules
	LocalNetwork   LocalNetworkRules
	Auth           AuthRules
	Keepalive      KeepaliveRules
	Scheme         SchemeRules
	Preflight      PreflightRules
	PreflightCache PreflightCacheRules
	CORSCheck      CORSCheckRules
	Redirect       RedirectRules
	Origin         OriginRules
	Referrer       ReferrerRules
	Metadata       MetadataRules
	Network        NetworkRules
	Response       ResponseRules
	Integrity      IntegrityRules
	Timing         TimingRules
}

// userAgent is the default `User-Agent` value.
//
// https://fetch.spec.whatwg.org/#default-user-agent-value
func (p *Profile) userAgent() string {
	if p.UserAgent == "" {
		return "corsfetch"
	}
	return p.UserAgent
}
