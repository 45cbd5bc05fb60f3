package fetch

import "github.com/corsfetch/corsfetch/redirect"

// RequestRules are where browsers differ in what they make of fetch()'s
// arguments.
//
// https://fetch.spec.whatwg.org/#dom-request
type RequestRules struct {
	// IgnoresUserAgent: a script cannot set User-Agent.
	IgnoresUserAgent bool

	// OverrideUnquoted: quotes hide no comma in a header that overrides the
	// method, as X-HTTP-Method-Override.
	OverrideUnquoted bool

	// BodyTypeUnguarded: the type that comes with a body is sent in mode
	// "no-cors" too, whatever it is.
	BodyTypeUnguarded bool

	// Streams says what becomes of a stream as request body.
	Streams Streams
}

// Streams is what becomes of a stream as request body.
type Streams uint8

const (
	StreamsSent        Streams = iota // after a preflight, and not over HTTP/1.1
	StreamsRefused                    // fetch() throws
	StreamsStringified                // the text "[object ReadableStream]" is sent instead
)

// HeaderRules are where browsers differ in how they spell a script's headers.
//
// https://fetch.spec.whatwg.org/#concept-http-network-fetch
type HeaderRules struct {
	// OneContentType: of several Content-Type headers one is sent: the first
	// with a body, without one the last.
	OneContentType bool

	// RewritesRange: the Range of a GET is sent in its plainest spelling.
	RewritesRange bool

	// HighBytesAsUTF8: bytes of a header value above 0x7F are taken for
	// ISO-8859-1 and sent as UTF-8.
	HighBytesAsUTF8 bool
}

// CacheModeRules are where browsers differ in what a cache mode tells the
// caches on the way.
//
// https://fetch.spec.whatwg.org/#concept-request-cache-mode
type CacheModeRules struct {
	// ConditionalRevalidates: a request that a page makes conditional has the
	// Cache-Control of cache mode "no-cache", not of "no-store"; a worker's has
	// none.
	ConditionalRevalidates bool

	// CredentiallessReloads: a request whose credentials the page's embedder
	// policy keeps back has the headers of cache mode "reload".
	CredentiallessReloads bool

	// UntilCrossOrigin: the headers of a cache mode are not sent after a redirect
	// to another origin.
	UntilCrossOrigin bool

	// OnlyIfCachedLoads: cache mode "only-if-cached" goes to the network if
	// nothing is cached.
	OnlyIfCachedLoads bool
}

// BlockRules are where browsers differ in what is blocked whatever the servers
// say: bad ports, mixed content, and what an embedder policy forbids.
//
// https://fetch.spec.whatwg.org/#port-blocking
type BlockRules struct {
	// OpenPorts are bad ports that are not blocked.
	OpenPorts []uint16

	// MixedContentFromHTTPS: only pages with scheme https prohibit mixed content,
	// not every potentially trustworthy one.
	MixedContentFromHTTPS bool

	// LoopbackIsMixed: a loopback URL over http is mixed content too.
	LoopbackIsMixed bool

	// NoCredentialless: the embedder policy "credentialless" is not known.
	NoCredentialless bool
}

// SchemeRules are where browsers differ in URLs that lead to no server.
//
// https://fetch.spec.whatwg.org/#scheme-fetch
type SchemeRules struct {
	// NoAboutBlank: about:blank cannot be fetched.
	NoAboutBlank bool

	// DataURLLength: the response to a data: URL has Content-Length.
	DataURLLength bool

	// BlobPartsSayOK: the status text of part of a blob is OK.
	BlobPartsSayOK bool

	// BlobReferrerPolicy: the response to a blob: URL has the page's
	// Referrer-Policy.
	BlobReferrerPolicy bool
}

// CORSCheckRules are where browsers differ in which responses a server lets a
// page read.
//
// https://fetch.spec.whatwg.org/#cors-check
type CORSCheckRules struct {
	// CredentialsFlagKept: a fetch that began same-origin with credentials has
	// its redirects checked as if it included credentials, until a preflight.
	CredentialsFlagKept bool
}

// RedirectRules are where browsers differ in redirects.
//
// https://fetch.spec.whatwg.org/#http-redirect-fetch
type RedirectRules struct {
	// Location says where redirects lead.
	Location redirect.Rules

	// HintsRemoved: client hints that a script has set go on a redirect to
	// another origin.
	HintsRemoved bool

	// ManualNeedsURL: a redirect whose Location is no URL fails in redirect
	// mode "manual" too.
	ManualNeedsURL bool

	// ManualNeedsOneLocation: a redirect with several different Locations fails
	// in redirect mode "manual" too.
	ManualNeedsOneLocation bool

	// ErrorNeedsLocation: redirect mode "error" lets a redirect status without
	// Location pass.
	ErrorNeedsLocation bool
}

// OriginRules are where browsers differ in the header Origin.
//
// https://fetch.spec.whatwg.org/#append-a-request-origin-header
type OriginRules struct {
	// KeptOnSameOriginRedirect: a request that has said Origin says the same
	// after a same-origin redirect, as GET too.
	KeptOnSameOriginRedirect bool

	// NullAfterNoCORSRedirect: once a redirect has led to another origin, a
	// no-cors POST says Origin: null.
	NullAfterNoCORSRedirect bool

	// MaskedWithoutReferrer: a script that withholds the referrer withholds the
	// Origin of a request outside CORS, too.
	MaskedWithoutReferrer bool

	// Unmasked: the referrer policy does not turn Origin into null.
	Unmasked bool
}

// ReferrerRules are where browsers differ in the header Referer.
//
// https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
type ReferrerRules struct {
	// TrimmedCrossSite: a policy laxer than the default is not followed across
	// sites.
	TrimmedCrossSite bool

	// DowngradeByScheme: a downgrade is to go from https to another scheme,
	// whether or not either is potentially trustworthy.
	DowngradeByScheme bool
}

// MetadataRules are where browsers differ in the Sec-Fetch headers.
//
// https://w3c.github.io/webappsec-fetch-metadata/#fetch-integration
type MetadataRules struct {
	// SchemelessSites: Sec-Fetch-Site ignores the scheme.
	SchemelessSites bool

	// CrossSiteAfterHTTP: Sec-Fetch-Site is cross-site after a redirect that came
	// without TLS, unless all has been same-origin with the page.
	CrossSiteAfterHTTP bool

	// NoneOnLeaving: where a redirect has led from another origin, a CORS request
	// has no Sec-Fetch headers; its preflight has.
	NoneOnLeaving bool

	// StorageAccess is the Sec-Fetch-Storage-Access of requests that include
	// credentials and go to another site than the tab's: whether third-party
	// cookies go along. StorageAccessBack is that of requests to the tab's site
	// by a page of another. "" sends none.
	StorageAccess, StorageAccessBack string

	// NoStorageAccessInWorkers: a worker sends no Sec-Fetch-Storage-Access.
	NoStorageAccessInWorkers bool
}

// NetworkRules are where browsers differ in connections.
//
// https://fetch.spec.whatwg.org/#concept-connection
type NetworkRules struct {
	// Attempts is how often a GET, HEAD or OPTIONS is sent before a connection
	// that closes without an answer counts as a failure. Zero means once.
	Attempts int

	// ClientCertificateWithoutCredentials: TLS client certificates are
	// presented for requests without credentials, preflights among them.
	ClientCertificateWithoutCredentials bool
}

// ResponseRules are where browsers differ in how they read a response, and what
// a page sees of it.
//
// https://fetch.spec.whatwg.org/#concept-response
type ResponseRules struct {
	// TrimsHeaderNames: whitespace between a header's name and the colon is
	// ignored; it is part of the name otherwise.
	TrimsHeaderNames bool

	// TrimsStatusText: whitespace after the status text is no part of it.
	TrimsStatusText bool

	// EmptyRepeatsIgnored: of a header that comes several times the empty values
	// do not count.
	EmptyRepeatsIgnored bool

	// ExposeStarSurvives: "*" exposes all headers even if a member after it is
	// malformed.
	ExposeStarSurvives bool

	// ShortBodiesEnd: a body that ends before its Content-Length is complete.
	ShortBodiesEnd bool
}
