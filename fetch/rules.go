package fetch

import (
	"github.com/corsfetch/corsfetch/fetch/orb"
	"github.com/corsfetch/corsfetch/redirect"
	"github.com/corsfetch/corsfetch/safelist"
)

// RequestRules are where browsers differ in what fetch() makes of its arguments.
//
// https://fetch.spec.whatwg.org/#dom-request
type RequestRules struct {
	// IgnoresUserAgent: a script cannot set User-Agent. In the standard it can.
	// No scenario shows it, as it was recorded headless, which its User-Agent
	// says; TestUserAgentOfScript does.
	IgnoresUserAgent bool

	// OverrideUnquoted: quotes hide no comma in a header that overrides the
	// method, as X-HTTP-Method-Override. In the standard a quoted string is one
	// value, commas and all.
	// Shown by safelist-override-open-quote, safelist-override-escaped-quote.
	OverrideUnquoted bool

	// BodyTypeUnguarded: the type that comes with a body is sent in mode "no-cors"
	// too, whatever it is. In the standard one that is not safelisted is left out.
	// Shown by nocors-body-blob-json.
	BodyTypeUnguarded bool

	// Streams says what becomes of a stream as request body.
	// Shown by body-stream, preflight-stream.
	Streams Streams
}

// Streams is what becomes of a stream as request body.
type Streams uint8

const (
	StreamsSent        Streams = iota // after a preflight, and not over HTTP/1.1
	StreamsRefused                    // fetch() throws
	StreamsStringified                // the text "[object ReadableStream]" is sent instead
)

// HeaderRules are where browsers differ in how a script's headers are spelled.
//
// https://fetch.spec.whatwg.org/#concept-http-network-fetch
type HeaderRules struct {
	// SetInTurn: the values of a repeated header are set one after the other: an
	// empty one takes back those before it, and of a header that has one value by
	// its nature the last is sent; but of Content-Type the first, if there is a
	// body. In the standard they are combined, whatever the header.
	// Shown by safelist-twice-type-json-last, safelist-twice-one-value.
	SetInTurn bool

	// RewritesRange: the Range of a GET that goes through the HTTP cache is sent in
	// its plainest spelling. In the standard it is sent as the script has spelled
	// it.
	// Shown by safelist-range-zeros, safelist-range-comma.
	RewritesRange bool

	// HighBytesAsUTF8: bytes of a header value above 0x7F are taken for ISO-8859-1
	// and sent as UTF-8. In the standard bytes are sent as they are.
	// Shown by safelist-accept-high-bytes, safelist-length-counts-high-bytes.
	HighBytesAsUTF8 bool
}

// CacheModeRules are where browsers differ in what a cache mode tells the
// caches on the way.
//
// https://fetch.spec.whatwg.org/#concept-request-cache-mode
type CacheModeRules struct {
	// ConditionalRevalidates: a request that a page makes conditional has the
	// Cache-Control of cache mode "no-cache"; a worker's has none. In the standard
	// setting If-None-Match and its like makes the cache mode "no-store".
	// Shown by misc-cache-if-match, preflight-conditional.
	ConditionalRevalidates bool

	// CredentiallessReloads: a request whose credentials the page's embedder
	// policy keeps back has the headers of cache mode "reload". In the standard
	// its cache mode is its own.
	// Shown by nocors-embedder-credentialless-others,
	// nocors-embedder-credentialless.
	CredentiallessReloads bool

	// UntilCrossOrigin: the headers of a cache mode are not sent after a redirect
	// to another origin. In the standard a cache mode is for all hops.
	// Shown by misc-cache-no-cache-redirect-cross,
	// misc-cache-no-store-redirect-cross.
	UntilCrossOrigin bool

	// OnlyIfCachedLoads: cache mode "only-if-cached" goes to the network if
	// nothing is cached. In the standard that is a network error.
	// Shown by mode-refused-only-if-cached-miss.
	OnlyIfCachedLoads bool
}

// BlockRules are where browsers differ in what is blocked whatever the servers
// say: bad ports, mixed content, and what an embedder policy forbids.
//
// https://fetch.spec.whatwg.org/#port-blocking
type BlockRules struct {
	// OpenPorts are bad ports that are not blocked. In the standard all are.
	// No scenario shows it, as nothing can listen there; TestOpenPorts does.
	OpenPorts []uint16

	// MixedContentFromHTTPS: only pages with scheme https prohibit mixed content.
	// In the standard every potentially trustworthy page does, one on the loopback
	// too.
	// Shown by misc-mixed-trustworthy-page.
	MixedContentFromHTTPS bool

	// LoopbackIsMixed: a loopback URL over http is mixed content too. In the
	// standard it is potentially trustworthy, and is not.
	// Shown by misc-mixed-ip, origin-https-policy-origin-no-cors.
	LoopbackIsMixed bool

	// MixedAfterPreflight: where a redirect leads to mixed content it is blocked after
	// the preflight that CORS asks for. In the standard nothing is sent there.
	// Shown by mixed-redirect-preflight, mixed-redirect-preflight-home.
	MixedAfterPreflight bool

	// UnknownCORPAllows: a Cross-Origin-Resource-Policy that is none of its values
	// suffices for a page with an embedder policy. In the standard it is as if there
	// were none.
	// Shown by corp-require, nocors-embedder-corp-unknown.
	UnknownCORPAllows bool

	// NoCredentialless: the embedder policy "credentialless" is not known. In the
	// standard a page with it sends no credentials with its no-cors requests to
	// other origins.
	// Shown by nocors-embedder-credentialless.
	NoCredentialless bool
}

// LocalNetworkRules are where browsers differ in requests to servers that are
// nearer than the page's.
//
// https://wicg.github.io/local-network-access/
type LocalNetworkRules struct {
	// Checked: the address of every connection is looked at, and what leads nearer
	// than the page is asked for. In the standard any page may go anywhere.
	// Shown by local-public-to-loopback, local-public-to-local.
	Checked bool

	// AskedAlone: nothing counts but what the user says: neither whether the page
	// is a secure context, nor the target address space, which is not known. In the
	// draft both do.
	// Shown by local-target-loopback-is-public, local-target-local-is-public.
	AskedAlone bool
}

// SchemeRules are where browsers differ in what URLs give that lead to no server.
//
// https://fetch.spec.whatwg.org/#scheme-fetch
type SchemeRules struct {
	// NoAboutBlank: the URL about:blank cannot be fetched. In the standard it is
	// an empty document.
	// Shown by nocors-about-blank.
	NoAboutBlank bool

	// DataURLLength: the response to a data: URL has Content-Length. In the
	// standard it has Content-Type alone.
	// Shown by misc-data-type, nocors-data.
	DataURLLength bool

	// BlobPartsSayOK: the status text of part of a blob is OK. In the standard it
	// is Partial Content.
	// Shown by misc-blob-range.
	BlobPartsSayOK bool

	// BlobSuffixWithin: a range of more bytes than a blob has, from its end, is a
	// network error. In the standard it is all of the blob.
	// Shown by blob-range-suffix-more.
	BlobSuffixWithin bool

	// EmptyBlobSuffix says what becomes of a range from the end of an empty blob.
	// Shown by blob-range-empty-suffix.
	EmptyBlobSuffix EmptyBlobSuffix

	// NoEmptyBlobType: the response to a blob: URL has no Content-Type if the blob
	// has no type. In the standard it has an empty one.
	// Shown by blob-type-none.
	NoEmptyBlobType bool

	// BlobReferrerPolicy: the response to a blob: URL has the page's
	// Referrer-Policy, in a worker an empty one. In the standard it has no such
	// header.
	// Shown by misc-blob, misc-blob-range, blob-in-worker.
	BlobReferrerPolicy bool
}

// EmptyBlobSuffix is what becomes of a range from the end of an empty blob.
type EmptyBlobSuffix uint8

const (
	EmptySuffixFails   EmptyBlobSuffix = iota // a network error
	EmptySuffixIsPart                         // a part, from 0 to -1
	EmptySuffixUnnamed                        // a part, without Content-Range
)

// CORSCheckRules are where browsers differ in which responses a server lets a
// page read.
//
// https://fetch.spec.whatwg.org/#cors-check
type CORSCheckRules struct {
	// CredentialsFlagKept: a fetch that began same-origin with credentials has its
	// redirects checked as if it included credentials, until a preflight. In the
	// standard the credentials mode alone decides what a CORS check asks for.
	// Shown by acao-taint-own-other-own, redirect-cors-back.
	CredentialsFlagKept bool
}

// RedirectRules are where browsers differ in what becomes of a request that is
// redirected.
//
// https://fetch.spec.whatwg.org/#http-redirect-fetch
type RedirectRules struct {
	// Location says where redirects lead.
	Location redirect.Rules

	// Removals says how long the headers that a redirect removes are gone. In the
	// standard it is for the rest of the fetch.
	// Shown by redirect-auth-stays-gone, redirect-body-headers-stay-gone-cross.
	Removals Removals

	// HintsRemoved: client hints that a script has set go on a redirect to another
	// origin, and in a worker or a frame of another origin than the tab's on every
	// redirect. In the standard of what a script has set only Authorization goes.
	// Shown by redirect-hints-cross.
	HintsRemoved bool

	// ManualNeedsURL: a redirect whose Location is no URL fails in redirect mode
	// "manual" too. In the standard that mode does not look at Location.
	// Shown by redirect-manual-bad-locations.
	ManualNeedsURL bool

	// ErrorNeedsLocation: redirect mode "error" lets a redirect status without
	// Location pass. In the standard the status alone makes a redirect.
	// Shown by redirect-error-no-location.
	ErrorNeedsLocation bool
}

// OriginRules are where browsers differ in what the header Origin says.
//
// https://fetch.spec.whatwg.org/#append-a-request-origin-header
type OriginRules struct {
	// KeptOnSameOriginRedirect: a request that has said Origin says the same after
	// a same-origin redirect, as GET too. In the standard each hop decides anew.
	// Shown by origin-redirect-post-302, redirect-303-put-same.
	KeptOnSameOriginRedirect bool

	// NullAfterNoCORSRedirect: once a redirect has led to another origin, a
	// no-cors POST says Origin: null. In the standard the referrer policy decides
	// between null and the origin.
	// Shown by origin-redirect-no-cors-post.
	NullAfterNoCORSRedirect bool

	// MaskedWithoutReferrer: a script that withholds the referrer withholds the
	// Origin of a request outside CORS, too. In the standard the referrer policy
	// alone does so.
	// Shown by origin-init-referrer.
	MaskedWithoutReferrer bool

	// Unmasked: the referrer policy does not turn Origin into null. In the
	// standard it does outside CORS, where it would hide the page.
	// Shown by origin-page-policy-no-cors, origin-policy-no-referrer-same-origin.
	Unmasked bool
}

// ReferrerRules are where browsers differ in what the header Referer says.
//
// https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
type ReferrerRules struct {
	// TrimmedCrossSite: a policy laxer than the default is not followed across
	// sites. That a site has been told less is forgotten after a redirect. In the
	// standard the page has the choice, and what is withheld once stays so.
	// Shown by preflight-referrer, referrer-home-again-unsafe-url.
	TrimmedCrossSite bool

	// DowngradeByScheme: a downgrade is to go from https to another scheme. In the
	// standard it is to go from a potentially trustworthy URL to one that is not;
	// http on the loopback is trustworthy.
	// Shown by misc-mixed-trustworthy-page, referrer-https-policy-strict-origin.
	DowngradeByScheme bool

	// FramesInherit: the document of a frame that sets no policy has that of the
	// document around it. In the standard it has the default. Whoever opens the frame heeds it,
	// in [Transport.ReferrerPolicy].
	// Shown by referrer-frame-inherits.
	FramesInherit bool
}

// MetadataRules are where browsers differ in what the Sec-Fetch headers say.
//
// https://w3c.github.io/webappsec-fetch-metadata/#fetch-integration
type MetadataRules struct {
	// SchemelessSites: Sec-Fetch-Site ignores the scheme, unless the page is not
	// potentially trustworthy. In the standard http and https of a host are
	// cross-site.
	// Shown by metadata-as, acao-same-site-as-absent.
	SchemelessSites bool

	// CrossSiteAfterHTTP: Sec-Fetch-Site is cross-site after a redirect that came
	// without TLS, unless all has been same-origin with the page. In the standard
	// it can be same-site.
	// Shown by metadata-chain-a2, redirect-named-a2-a2.
	CrossSiteAfterHTTP bool

	// NoneOnLeaving: where a redirect has led from another origin, a CORS request
	// has no Sec-Fetch headers; its preflight has. In the standard every request
	// to a trustworthy URL has them.
	// Shown by metadata-chain-b, redirect-frame.
	NoneOnLeaving bool

	// StorageAccess is the Sec-Fetch-Storage-Access of requests that include
	// credentials and go to another site than the tab's. It says whether
	// third-party cookies go along, and is an extension to the standard; "" sends
	// none.
	// Shown by acao-credentials-both, metadata-worker-include.
	StorageAccess string

	// StorageAccessBack is the Sec-Fetch-Storage-Access of requests that include
	// credentials and go to the tab's site from a frame of another. "" sends none.
	// Shown by metadata-frame-back-include, credentials-cookie-frame-back.
	StorageAccessBack string

	// NoStorageAccessInWorkers: a worker sends no Sec-Fetch-Storage-Access, whatever
	// its page would send, nor does a keepalive request.
	// Shown by metadata-worker-include.
	NoStorageAccessInWorkers bool

	// NoStorageAccessOnceTainted: nor does a request whose origin redirects have
	// tainted, whatever it would send without them. Its preflight does.
	// Shown by metadata-storage-redirects-cors.
	NoStorageAccessOnceTainted bool
}

// NetworkRules are where browsers differ in how connections are made and tried.
//
// https://fetch.spec.whatwg.org/#concept-connection
type NetworkRules struct {
	// Attempts is how often a GET, HEAD or OPTIONS is sent before a connection
	// that closes without an answer counts as a failure. Zero means once.
	// Shown by preflight-hangup.
	Attempts int

	// ClientCertificateWithoutCredentials: TLS client certificates are presented
	// for requests without credentials, preflights among them. In the standard
	// they are credentials.
	// No scenario shows it, as none has a certificate; TestPreflightConnections
	// does.
	ClientCertificateWithoutCredentials bool
}

// ResponseRules are where browsers differ in how a response is read, and what a
// page sees of it.
//
// https://fetch.spec.whatwg.org/#concept-response
type ResponseRules struct {
	// SpacedNames says what becomes of a header with whitespace between its name
	// and the colon, which HTTP forbids.
	// Shown by misc-spaced-names, misc-header-space-before-colon.
	SpacedNames SpacedNames

	// StatusTextBefore and StatusTextAfter are the characters that are no part of
	// the status text in front of it, and behind it. In the standard the status
	// message is what HTTP has, and there they are.
	// Shown by misc-status-text-before, misc-status-text-after,
	// misc-status-text-space-after.
	StatusTextBefore, StatusTextAfter string

	// UnequalRefused: a response with different values of Content-Disposition, or
	// of Location, is a network error, whatever its status. In the standard only a
	// redirect is, for its Location.
	// Shown by misc-header-disposition-unequal, misc-header-location-unequal.
	UnequalRefused bool

	// FirstOfOne: of a header that has one value by its nature the first counts,
	// unless that is Content-Type. In the standard the values are combined, whatever the
	// header.
	// Shown by misc-header-first-of-one, misc-header-disposition-equal.
	FirstOfOne bool

	// TypesAddUp: the Content-Type of an answer that was misdirected stays in front
	// of that of the next. In the standard the next is all there is.
	// Shown by body-421-types.
	TypesAddUp bool

	// TypesJoinedTight: a script sees several Content-Types with a comma between
	// them, and no space. In the standard both join values.
	// Shown by misc-header-types.
	TypesJoinedTight bool

	// ChallengesHidden: a script sees no WWW-Authenticate and no
	// Proxy-Authenticate that comes several times. In the standard they are headers
	// like others.
	// Shown by misc-header-challenges.
	ChallengesHidden bool

	// ReplacesInvalidUTF8: each byte of a header's value that is no part of valid
	// UTF-8 becomes U+FFFD in UTF-8. In the standard a value is bytes.
	// Shown by misc-header-bytes.
	ReplacesInvalidUTF8 bool

	// ResetHasBody: a response with status 205 has the body that came. In the
	// standard it has none.
	// Shown by body-status-205-bytes.
	ResetHasBody bool

	// EmptyRepeatsIgnored: of a header that comes several times the empty values
	// do not count. In the standard they are values like others.
	// Shown by cache-max-age-two-lines-empty, acao-credentials-acac-true-empty.
	EmptyRepeatsIgnored bool

	// ExposeStarSurvives: "*" exposes all headers even if a member after it is
	// malformed. In the standard a malformed list exposes nothing.
	// Shown by expose-malformed-bad-star.
	ExposeStarSurvives bool

	// Types says how Content-Type is read to decide whether it may be used.
	// Shown by nosniff-mime-script-unreadable, nosniff-mime-script-last.
	Types TypeSyntax

	// CSVByPrefix: a type that only begins as text/csv is CSV, and no script. In
	// the standard it is text/csv alone.
	// Shown by nosniff-mime-script-allowed.
	CSVByPrefix bool

	// ORB says which opaque responses are kept from what has asked for them. Nil
	// is none, as in the standard.
	// Shown by orb-json, orb-text, orb-never-1.
	ORB *orb.Rules

	// ShortBodies says what becomes of a body that ends before its Content-Length.
	// Shown by body-short, body-short-404.
	ShortBodies ShortBodies
}

// ShortBodies is what becomes of a body that ends before its Content-Length.
type ShortBodies uint8

const (
	ShortBodiesFail     ShortBodies = iota // reading it fails: the standard's
	ShortBodiesFailIfOK                    // reading it fails if the status is an ok status; else it is complete
	ShortBodiesEnd                         // it is complete
)

// end reports whether a response's body is complete where it ends.
func (s ShortBodies) end(status int) bool {
	return s == ShortBodiesEnd || s == ShortBodiesFailIfOK && !safelist.IsOKStatus(status)
}

// SpacedNames is what becomes of a response's header with whitespace between its
// name and the colon.
type SpacedNames uint8

const (
	SpacedNamesKept    SpacedNames = iota // the whitespace is part of the name
	SpacedNamesTrimmed                    // the whitespace is ignored
	SpacedNamesDropped                    // the header is ignored
)

// Removals is how long the headers that a redirect removes are gone.
type Removals uint8

const (
	// RemovalsForGood: for the rest of the fetch.
	RemovalsForGood Removals = iota
	// RemovalsByHop: for one request. They come back after the next redirect unless
	// that removes them too: those that describe a body if its status makes GET of
	// the method that was at first, Authorization if it leads to another origin.
	RemovalsByHop
	// BodyHeadersByHop: those that describe a body are gone for one request, if it
	// uses CORS. Else Content-Type is back after a 307 or a 308, and the others are
	// gone for good.
	BodyHeadersByHop
)

// A TypeSyntax says how Content-Type is read.
type TypeSyntax uint8

// The syntaxes.
const (
	TypesStrict TypeSyntax = iota // as a MIME type; of several the last that is one: the standard's
	TypesLoose                    // as whatever has a slash, up to a space or a semicolon; of several the last
	TypesFirst                    // the same, but the first
)

// TimingRules are where browsers differ in what Resource Timing tells of a fetch.
//
// https://fetch.spec.whatwg.org/#finalize-and-report-timing
type TimingRules struct {
	// RedirectsHidden: of an opaqueredirect response no times are told. In the
	// standard they are.
	// Shown by timing-manual.
	RedirectsHidden bool

	// RedirectsTold: the status of a redirect that is not followed is told, and where
	// the redirect mode is "error" its times. In the standard neither is.
	// Shown by timing-manual, timing-failed-redirect.
	RedirectsTold bool

	// OpaqueErrorsHidden: of an opaque response with the status of an error no times
	// are told. In the standard they are if the server lets them.
	// Shown by timing-status-opaque.
	OpaqueErrorsHidden bool

	// RefusedAsOthers: of a response that CORS or CORP refuses times are told if the
	// server lets them. In the standard a failure tells when it began and ended, no
	// more.
	// Shown by timing-failed-cors, timing-failed-corp.
	RefusedAsOthers bool

	// NoFailures: a fetch that failed has no entry. In the standard it has one.
	// Shown by timing-failed-cors.
	NoFailures bool

	// SizeOfOwn: the size is told of what began at the page's own origin, wherever
	// redirects led. In the standard it is where times are.
	// Shown by timing-tao-star.
	SizeOfOwn bool

	// NoStatus: the status is not told. In the standard it is, but for opaque
	// responses.
	// Shown by timing-tao-star.
	NoStatus bool
}
