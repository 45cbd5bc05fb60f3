package fetch

import (
	"time"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/preflightcache"
	"github.com/corsfetch/corsfetch/redirect"
	"github.com/corsfetch/corsfetch/safelist"
)

// A Profile is where engines differ, as data. The zero value is the Fetch
// Standard. Nothing in this package asks for a profile's name.
//
// A field that is a bool says what a browser does that the standard does not.
type Profile struct {
	Name           string
	UserAgent      string // "" means "corsfetch"
	AcceptLanguage string // "" sends none

	// Console is what it prints when a fetch() fails.
	Console Console

	// Cookies says which cookies are kept and sent.
	Cookies cookies.Rules

	// Safelist says which request-headers make a preflight necessary.
	Safelist safelist.Rules

	// IgnoresUserAgent: a script cannot set User-Agent.
	IgnoresUserAgent bool

	// OverrideUnquoted: quotes hide no comma in a header that overrides the
	// method, as X-HTTP-Method-Override.
	OverrideUnquoted bool

	// OneContentType: of several Content-Type headers one is sent: the first
	// with a body, without one the last.
	OneContentType bool

	// RewritesRange: the Range of a GET is sent in its plainest spelling.
	RewritesRange bool

	// BodyTypeUnguarded: the type that comes with a body is sent in mode
	// "no-cors" too, whatever it is.
	BodyTypeUnguarded bool

	// HighBytesAsUTF8: bytes of a header value above 0x7F are taken for
	// ISO-8859-1 and sent as UTF-8.
	HighBytesAsUTF8 bool

	// Streams says what becomes of a stream as request body.
	Streams Streams

	// WildcardCoversAuthorization: Access-Control-Allow-Headers: * lets
	// Authorization through when no credentials are included.
	WildcardCoversAuthorization bool

	// PreflightStatusFirst: a preflight's status is looked at before its CORS
	// headers. Only the reason of a refusal tells.
	PreflightStatusFirst bool

	// PreflightAsAtFirst: after a redirect a cross-origin hop is preflighted if
	// the request as it was at first would be.
	PreflightAsAtFirst bool

	// PreflightListsRemoved: a preflight after a redirect also asks for the
	// headers that redirects have removed.
	PreflightListsRemoved bool

	// PreflightUserAgent: a preflight has the User-Agent that the script has set.
	PreflightUserAgent bool

	// PreflightReferrerOfHopBefore: a preflight after a redirect has the Referer
	// of the hop before.
	PreflightReferrerOfHopBefore bool

	// PreflightSiteOfItsURL: Sec-Fetch-Site of a preflight does not know of the
	// redirects before it.
	PreflightSiteOfItsURL bool

	// PreflightUntaintedOrigin: a preflight after a redirect says Origin with
	// the page's origin where the request itself says null.
	PreflightUntaintedOrigin bool

	// PreflightCacheMode: a preflight has the Cache-Control and Pragma that the
	// cache mode of its request gives.
	PreflightCacheMode bool

	// ConditionalRevalidates: a request that a page makes conditional has the
	// Cache-Control of cache mode "no-cache", not of "no-store"; a worker's has
	// none.
	ConditionalRevalidates bool

	// CacheModeUntilCrossOrigin: the headers of a cache mode are not sent after
	// a redirect to another origin.
	CacheModeUntilCrossOrigin bool

	// MaxAgeCap limits Access-Control-Max-Age. Zero means no limit.
	MaxAgeCap time.Duration

	// MaxAge says how Access-Control-Max-Age is read.
	MaxAge MaxAgeSyntax

	// Preflights says what the preflight cache answers.
	Preflights preflightcache.Rules

	// PreflightsNotRead are the cache modes of requests that are preflighted
	// whatever the preflight cache holds, and PreflightsNotKept those whose
	// preflights do not go into it.
	PreflightsNotRead, PreflightsNotKept []CacheMode

	// OpaqueOriginsApart: preflights of one opaque origin do not serve another's,
	// and those of a request that redirects have tainted serve none.
	OpaqueOriginsApart bool

	// PreflightsCleared says which failures clear the preflight cache.
	PreflightsCleared Clearing

	// PreflightsStoredOnRefusal: an answer is stored although it does not
	// allow the request it was for.
	PreflightsStoredOnRefusal bool

	// CredentialsFlagKept: a fetch that began same-origin with credentials has
	// its redirects checked as if it included credentials, until a preflight.
	CredentialsFlagKept bool

	// Redirects says where redirects lead.
	Redirects redirect.Rules

	// HintsRemovedOnRedirect: client hints that a script has set go on a
	// redirect to another origin.
	HintsRemovedOnRedirect bool

	// ManualNeedsURL: a redirect whose Location is no URL fails in redirect
	// mode "manual" too.
	ManualNeedsURL bool

	// OriginKeptOnSameOriginRedirect: a request that has said Origin says the
	// same after a same-origin redirect, as GET too.
	OriginKeptOnSameOriginRedirect bool

	// MasksWithoutReferrer: a script that withholds the referrer withholds the
	// Origin of a request outside CORS, too.
	MasksWithoutReferrer bool

	// OriginUnmasked: the referrer policy does not turn Origin into null.
	OriginUnmasked bool

	// TrimsCrossSiteReferrer: a policy laxer than the default is not followed
	// across sites.
	TrimsCrossSiteReferrer bool

	// SchemelessSites: Sec-Fetch-Site ignores the scheme.
	SchemelessSites bool

	// NoMetadataOnLeaving: where a redirect has led from another origin, a CORS
	// request has no Sec-Fetch headers; its preflight has.
	NoMetadataOnLeaving bool

	// PreflightModeAlways: preflights say Sec-Fetch-Mode to URLs that are not
	// potentially trustworthy too.
	PreflightModeAlways bool

	// DowngradeByScheme: for the referrer policies, a downgrade is to go from
	// https to another scheme, whether or not either is potentially trustworthy.
	DowngradeByScheme bool

	// StorageAccess is the Sec-Fetch-Storage-Access of requests that include
	// credentials and go to another site than the tab's: whether third-party
	// cookies go along. StorageAccessBack is that of requests to the tab's site
	// by a page of another. "" sends none. Preflights have it if
	// StorageAccessOnPreflight is set.
	StorageAccess, StorageAccessBack string
	StorageAccessOnPreflight         bool

	// NoStorageAccessInWorkers: a worker sends no Sec-Fetch-Storage-Access.
	NoStorageAccessInWorkers bool

	// CrossSiteAfterRedirects: Sec-Fetch-Site is cross-site after a redirect,
	// unless all has been same-origin with the page.
	CrossSiteAfterRedirects bool

	// OnlyIfCachedLoads: cache mode "only-if-cached" goes to the network if
	// nothing is cached.
	OnlyIfCachedLoads bool

	// Attempts is how often a GET, HEAD or OPTIONS is sent before a connection
	// that closes without an answer counts as a failure. Zero means once.
	Attempts int

	// NoCredentialless: the embedder policy "credentialless" is not known.
	NoCredentialless bool

	// TrimsHeaderNames: whitespace between a response header's name and the
	// colon is ignored; it is part of the name otherwise.
	TrimsHeaderNames bool

	// TrimsStatusText: whitespace after the status text is no part of it.
	TrimsStatusText bool

	// NoAboutBlank: about:blank cannot be fetched.
	NoAboutBlank bool

	// ErrorNeedsLocation: redirect mode "error" lets a redirect status without
	// Location pass.
	ErrorNeedsLocation bool

	// EmptyRepeatsIgnored: of a response header that comes several times the
	// empty values do not count.
	EmptyRepeatsIgnored bool

	// OneLocation: a redirect with several different Locations fails in redirect
	// mode "manual" too.
	OneLocation bool

	// ShortBodiesEnd: a body that ends before its Content-Length is complete.
	ShortBodiesEnd bool

	// OpenPorts are bad ports that are not blocked.
	OpenPorts []uint16

	// MixedContentFromHTTPS: only pages with scheme https prohibit mixed content,
	// not every potentially trustworthy one.
	MixedContentFromHTTPS bool

	// OriginNullAfterNoCORSRedirect: once a redirect has led to another origin, a
	// no-cors POST says Origin: null.
	OriginNullAfterNoCORSRedirect bool

	// MixedLoopbackBlocked: a loopback URL over http is mixed content too.
	MixedLoopbackBlocked bool

	// ExposeStarSurvives: "*" exposes all headers even if a member after it is
	// malformed.
	ExposeStarSurvives bool

	// DataURLLength: the response to a data: URL has Content-Length.
	DataURLLength bool

	// ClientCertificateWithoutCredentials: TLS client certificates are
	// presented for requests without credentials, preflights among them.
	ClientCertificateWithoutCredentials bool
}

// Streams is what becomes of a stream as request body.
type Streams uint8

const (
	StreamsSent        Streams = iota // after a preflight, and not over HTTP/1.1
	StreamsRefused                    // fetch() throws
	StreamsStringified                // the text "[object ReadableStream]" is sent instead
)

// Clearing is which failures clear what the preflight cache holds for a URL.
type Clearing uint8

const (
	ClearedByFailure      Clearing = iota // any network error of a fetch that needed a preflight
	ClearedByCORSCheckToo                 // that, but for redirect mode "error", and a failed CORS check of any response
	ClearedNever                          // none
)

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

// userAgent is the default `User-Agent` value.
//
// https://fetch.spec.whatwg.org/#default-user-agent-value
func (p *Profile) userAgent() string {
	if p.UserAgent == "" {
		return "corsfetch"
	}
	return p.UserAgent
}
