package fetch

import (
	"time"

	"github.com/corsfetch/corsfetch/preflightcache"
)

// PreflightRules are where browsers differ in which requests are preflighted,
// how, and what an answer must allow.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch
type PreflightRules struct {
	// AsAtFirst: after a redirect a cross-origin hop is preflighted if the
	// request as it was at first would be.
	AsAtFirst bool

	// ListsRemoved: a preflight after a redirect also asks for the headers that
	// redirects have removed.
	ListsRemoved bool

	// UserAgentOfRequest: a preflight has the User-Agent that the script has set.
	UserAgentOfRequest bool

	// CacheModeOfRequest: a preflight has the Cache-Control and Pragma that the
	// cache mode of its request gives.
	CacheModeOfRequest bool

	// ReferrerOfHopBefore: a preflight after a redirect has the Referer of the
	// hop before.
	ReferrerOfHopBefore bool

	// UntaintedOrigin: a preflight after a redirect says Origin with the page's
	// origin where the request itself says null.
	UntaintedOrigin bool

	// ModeAlways: preflights say Sec-Fetch-Mode to URLs that are not potentially
	// trustworthy too.
	ModeAlways bool

	// SiteOfItsURL: Sec-Fetch-Site of a preflight does not know of the redirects
	// before it.
	SiteOfItsURL bool

	// StorageAccess: preflights have the Sec-Fetch-Storage-Access of their
	// request.
	StorageAccess bool

	// StatusFirst: a preflight's status is looked at before its CORS headers.
	// Only the reason of a refusal tells.
	StatusFirst bool

	// WildcardCoversAuthorization: Access-Control-Allow-Headers: * lets
	// Authorization through when no credentials are included.
	WildcardCoversAuthorization bool
}

// PreflightCacheRules are where browsers differ in what the CORS-preflight cache
// is asked, given and relieved of.
//
// https://fetch.spec.whatwg.org/#cors-preflight-cache
type PreflightCacheRules struct {
	// Entries says which requests the cache's entries allow.
	Entries preflightcache.Rules

	// MaxAge says how Access-Control-Max-Age is read.
	MaxAge MaxAgeSyntax

	// MaxAgeCap limits Access-Control-Max-Age. Zero means no limit.
	MaxAgeCap time.Duration

	// NotRead are the cache modes of requests that are preflighted whatever the
	// cache holds, and NotKept those whose preflights do not go into it.
	NotRead, NotKept []CacheMode

	// OpaqueOriginsApart: preflights of one opaque origin do not serve another's,
	// and those of a request that redirects have tainted serve none.
	OpaqueOriginsApart bool

	// StoresRefusals: an answer is stored although it does not allow the request
	// it was for.
	StoresRefusals bool

	// Cleared says which failures clear the cache.
	Cleared Clearing
}

// A MaxAgeSyntax says how Access-Control-Max-Age is read.
type MaxAgeSyntax uint8

const (
	// MaxAgeDigits: digits only, and one header; anything else is as if there
	// was none, 5 seconds.
	MaxAgeDigits MaxAgeSyntax = iota
	// MaxAgeInteger: a 64-bit integer with an optional sign. Below zero is 0;
	// anything else is as if there was none.
	MaxAgeInteger
	// MaxAgeStrict: digits only, or nothing is cached. Empty is as if there
	// was none.
	MaxAgeStrict
)

// Clearing is which failures clear what the preflight cache holds for a URL.
type Clearing uint8

const (
	ClearedByFailure      Clearing = iota // any network error of a fetch that needed a preflight
	ClearedByCORSCheckToo                 // that, but for redirect mode "error", and a failed CORS check of any response
	ClearedNever                          // none
)
