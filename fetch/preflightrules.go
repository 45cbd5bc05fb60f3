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
	// OnceForAll: after a redirect a cross-origin hop is preflighted if a hop before
	// it was, or if the headers that the script gave would make it so. In the
	// standard only what the redirects have left of the request counts: a PUT that
	// has become a GET needs none.
	// Shown by preflight-again-away, redirect-auth-late.
	OnceForAll bool

	// ListsRemoved: a preflight after a redirect also asks for the headers that
	// redirects have removed. In the standard it asks for those that the request
	// still has.
	// Shown by redirect-auth-port, redirect-auth-leaves.
	ListsRemoved bool

	// UserAgentOfRequest: a preflight has the User-Agent that the script has set.
	// In the standard it has the browser's own.
	// No scenario shows it, as recordings leave a preflight's User-Agent out;
	// TestUserAgentOfScript does.
	UserAgentOfRequest bool

	// CacheModeOfRequest: a preflight has the Cache-Control and Pragma that the
	// cache mode of its request gives. In the standard a preflight is a request of
	// its own, with cache mode "default".
	// Shown by preflight-cache-mode-not-listed, safelist-name-if-none-match.
	CacheModeOfRequest bool

	// ReferrerOfFirstHop: a preflight after a redirect has the Referer of the first
	// hop. In the standard it has that of its request.
	// Shown by preflight-again-away, redirect-auth-stays-gone.
	ReferrerOfFirstHop bool

	// UntaintedOrigin: a preflight after a redirect says Origin with the page's
	// origin where the request itself says null. In the standard both say null.
	// Shown by redirect-preflight-names-page, cache-redirect-tainted.
	UntaintedOrigin bool

	// HomeUnchecked: the answer to a preflight at the page's own origin, where a
	// redirect has led back, need not name an origin; what it allows is checked. In
	// the standard it is checked as any other.
	// Shown by redirect-preflight-home-unnamed.
	HomeUnchecked bool

	// ModeAlways: preflights say Sec-Fetch-Mode to URLs that are not potentially
	// trustworthy, too. The standard has Sec-Fetch headers for trustworthy URLs
	// only.
	// Shown by preflight-metadata-untrustworthy, misc-insecure-cors.
	ModeAlways bool

	// SiteOfItsURL: Sec-Fetch-Site of a preflight does not know of the redirects
	// before it. In the standard it is as far away as the most distant of them.
	// Shown by redirect-key-home.
	SiteOfItsURL bool

	// StorageAccess: preflights have the Sec-Fetch-Storage-Access of their
	// request. In the standard they include no credentials, and have none.
	// Shown by preflight-acac-one, cache-clear-preflight-acac.
	StorageAccess bool

	// StatusFirst: a preflight's status is looked at before its CORS headers. The
	// standard checks the headers first. Only the reason of a refusal tells.
	// No scenario shows it, as scripts are not told the reason;
	// TestPreflightOrigin does.
	StatusFirst bool

	// WildcardCoversAuthorization: Access-Control-Allow-Headers: * lets
	// Authorization through when no credentials are included. In the standard
	// Authorization has to be listed by name.
	// Shown by preflight-acah-star-authorization, cache-star-authorization.
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
	// Shown by cache-max-age-negative, cache-max-age-decimal.
	MaxAge MaxAgeSyntax

	// MaxAgeCap is the longest that an answer is kept, whatever
	// Access-Control-Max-Age says. Zero means no limit; the standard lets browsers
	// impose one.
	// No scenario shows it, as none waits for so long; TestCacheMaxAge does.
	MaxAgeCap time.Duration

	// NotRead are the cache modes of requests that are preflighted whatever the
	// cache holds. In the standard a cache mode is about responses, and the cache
	// of preflights knows nothing of it.
	// Shown by cache-mode-reload, cache-mode-no-cache.
	NotRead []CacheMode

	// NotKept are the cache modes of requests whose preflights do not go into the
	// cache. In the standard all do.
	// Shown by cache-mode-no-store-stores.
	NotKept []CacheMode

	// OpaqueOriginsApart: preflights of one opaque origin do not serve another's,
	// and those of a request that redirects have tainted serve none. In the
	// standard they are all those of "null".
	// Shown by cache-origin-null-shared, cache-redirect-tainted-again.
	OpaqueOriginsApart bool

	// StoresRefusals: an answer is stored although it does not allow the request
	// it was for. In the standard nothing is kept of it.
	// Shown by cache-refused-not-stored, cache-refused-not-stored-method.
	StoresRefusals bool

	// Cleared says which failures clear the cache for the URL that failed.
	// Shown by cache-clear-redirect-error, cache-clear-no-acao,
	// cache-keep-simple-failure.
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
	ClearedByCORSCheckToo                 // a failed CORS check of any response, and any network error of a fetch that needed a preflight, but for redirect mode "error"
	ClearedNever                          // none do
)
