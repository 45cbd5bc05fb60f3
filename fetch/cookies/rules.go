package cookies

// Rules are where browsers differ in which cookies are kept and sent. The zero
// value is RFC 6265bis, which is what "the standard" is here.
//
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-storage-model
type Rules struct {
	// SameSiteDefaultNone: a cookie without SameSite is as one with None. In the
	// standard it is as one with Lax.
	// Shown by credentials-cookie-default-cross.
	SameSiteDefaultNone bool

	// LaxAllowingUnsafe: for two minutes, a cookie without SameSite goes along
	// with a cross-site top-level navigation of an unsafe method, too. In the
	// standard it goes with safe methods only; it names this way as one that
	// browsers may take.
	// No scenario shows it, as no script navigates by fetch(); TestStories does.
	LaxAllowingUnsafe bool

	// InsecureNone: SameSite=None does not require Secure. In the standard a
	// cookie with the one and not the other is ignored.
	// Shown by credentials-cookie-none-insecure.
	InsecureNone bool

	// Schemeless: a site has no scheme, so that http and https of a host are one.
	// In the standard a site has a scheme.
	// Shown by credentials-cookie-scheme.
	Schemeless bool

	// TabDecides: what goes to the host of the tab's document is same-site, whatever
	// frame it comes from and whatever redirects have led there; so is what goes to
	// another host of its site, if it comes from a page of that site and went there
	// first, by the same scheme. In the standard a frame of another site has no site
	// for cookies, and one cross-site hop is enough.
	// Shown by credentials-cookie-frame-back, credentials-cookie-redirect-back,
	// cookies-strict-redirect-scheme.
	TabDecides bool

	// RedirectsIgnored: redirects do not make a request cross-site; only the
	// current URL counts. In the standard one cross-site hop is enough.
	// Shown by credentials-cookie-redirect-back.
	RedirectsIgnored bool

	// RedirectsIgnoredToSet: redirects do not keep a cookie from being set; only the
	// current URL counts. In the standard one cross-site hop keeps Lax and Strict
	// cookies from it.
	// No scenario shows it, as those that did were generated; TestRules does.
	RedirectsIgnoredToSet bool

	// BareNames: a pair without "=" is a name without a value, and one with nothing
	// before it is ignored. In the standard both are a value without a name.
	// Shown by cookies-parse-no-name.
	BareNames bool

	// NoPrefixes: names that begin with __Secure- or __Host- are as others. In the
	// standard they promise something.
	// Shown by cookies-prefix-secure-without, cookies-prefix-host-domain.
	NoPrefixes bool

	// DefaultPathIsRoot: to the prefix __Host- a default path of "/" is as good as
	// Path=/. In the standard the attribute has to be there.
	// Shown by cookies-prefix-host-no-path.
	DefaultPathIsRoot bool

	// ReplacesInvalidUTF8: bytes of a value that are no UTF-8 are kept as U+FFFD. In
	// the standard they are kept as they are.
	// Shown by cookies-parse-high, cookies-parse-high-several.
	ReplacesInvalidUTF8 bool

	// LooseSyntax: a control character or a byte that is not ASCII ends what is read
	// of a Set-Cookie header; the last of Max-Age and Expires counts, and is a
	// number as in C, or none if it is no date; Path and Domain without "=" do not
	// count, nor does a SameSite that is neither Lax nor Strict; Domain has a dot.
	// In the standard none of it is so.
	// Shown by cookies-max-age-plus, cookies-max-age-first, cookies-parse-high.
	LooseSyntax bool

	// AnySameSiteSet: every response can set cookies that are not for cross-site
	// use. In the standard only same-site requests and navigations can.
	// No scenario shows it, as those that did were generated; TestRules does.
	AnySameSiteSet bool

	// StandsInForSecure: over an insecure connection a cookie can be set that would
	// stand in for a Secure one of another Domain or Path. In the standard it
	// cannot, if its Path is within the other's.
	// No scenario shows it, as those that did were generated; TestRules does.
	StandsInForSecure bool

	// RenewedByValue: a cookie that is set again with another value comes after all
	// that are there. In the standard it keeps its place.
	// Shown by cookies-parse-again, cookies-max-age-words.
	RenewedByValue bool

	// NearestFirst: of cookies whose paths are as long, those with the longest
	// Domain are sent first, and those without any after those whose Domain is the
	// host. In the standard the oldest are.
	// No scenario shows it, as those that did were generated; TestRules does.
	NearestFirst bool

	// SecureOnLoopback: Secure cookies can be set by and are sent to potentially
	// trustworthy hosts over http, that is localhost and loopback addresses. In
	// the standard they need a secure connection, which the browser may define.
	// Shown by credentials-cookie-secure-loopback.
	SecureOnLoopback bool

	// NoPartitioned: the attribute Partitioned is not known. With it a cookie is
	// for the tabs of one site only.
	// Shown by credentials-cookie-partitioned.
	NoPartitioned bool

	// ThirdParty says what becomes of unpartitioned cookies of a site other than
	// the tab's.
	// Shown by credentials-cookie-third-party.
	ThirdParty ThirdParty
}

// ThirdParty is what becomes of unpartitioned cookies where the request's URL
// is not of the site for cookies.
type ThirdParty uint8

const (
	ThirdPartySent        ThirdParty = iota // SameSite alone decides
	ThirdPartyUnset                         // they are sent, but cannot be set
	ThirdPartyBlocked                       // they are neither sent nor set
	ThirdPartyPartitioned                   // each tab's site has its own; see Total Cookie Protection
)
