package cookies

// Rules are where browsers differ. The zero value is RFC 6265bis.
type Rules struct {
	// SameSiteDefaultNone: a cookie without SameSite is as one with None, not as
	// one with Lax.
	SameSiteDefaultNone bool

	// LaxAllowingUnsafe: for two minutes, a cookie without SameSite goes along
	// with a cross-site top-level navigation of an unsafe method, too.
	LaxAllowingUnsafe bool

	// InsecureNone: SameSite=None does not require Secure.
	InsecureNone bool

	// Schemeless: http and https of one registrable domain are the same site.
	Schemeless bool

	// TopLevelDecides: the site for cookies is that of the tab, whatever frame
	// the request comes from.
	TopLevelDecides bool

	// RedirectsIgnored: redirects do not make a request cross-site. Only the
	// current URL counts.
	RedirectsIgnored bool

	// SecureOnLoopback: Secure cookies can be set by and are sent to potentially
	// trustworthy hosts over http, that is localhost and loopback addresses.
	SecureOnLoopback bool

	// NoPartitioned: the attribute Partitioned is not known.
	NoPartitioned bool

	// ThirdParty is what becomes of unpartitioned cookies of a site other than
	// the tab's.
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
