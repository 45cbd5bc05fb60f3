package cookies

import (
	"fmt"
	"time"

	"github.com/corsfetch/corsfetch/origin"
)

// SameSite is what a cookie's SameSite attribute says.
type SameSite uint8

const (
	SameSiteUnset SameSite = iota // no SameSite, or one that is not known
	SameSiteNone
	SameSiteLax
	SameSiteStrict
)

var sameSiteNames = [...]string{"", "None", "Lax", "Strict"}

// String returns the attribute's value, or "" for SameSiteUnset.
func (s SameSite) String() string {
	if int(s) >= len(sameSiteNames) {
		return fmt.Sprintf("SameSite(%d)", uint8(s))
	}
	return sameSiteNames[s]
}

// MarshalText returns what String does.
func (s SameSite) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText sets s to what String gives text for. Unlike in Set-Cookie, case
// matters.
func (s *SameSite) UnmarshalText(text []byte) error {
	for i, name := range sameSiteNames {
		if string(text) == name {
			*s = SameSite(i)
			return nil
		}
	}
	return fmt.Errorf("unknown SameSite %q", text)
}

// A SameSiteMode says which cookies a request may have by their SameSite. The
// greater it is, the more.
//
// https://fetch.spec.whatwg.org/#determine-the-same-site-mode
type SameSiteMode uint8

const (
	NoneOnly     SameSiteMode = iota // the request is cross-site
	UnsetOrLess                      // a cross-site top-level navigation of an unsafe method
	LaxOrLess                        // a cross-site top-level navigation of a safe method
	StrictOrLess                     // the request is same-site
)

// SameSiteMode returns the same-site mode of r.
//
// Deviation: the Fetch Standard gives a page's requests to another site the
// mode "strict-or-less", and has no answer for methods other than GET and POST.
// This is what RFC 6265bis says.
//
// https://fetch.spec.whatwg.org/#determine-the-same-site-mode
func (r Request) SameSiteMode(rules Rules) SameSiteMode {
	if !r.hasCookies() {
		return NoneOnly
	}
	return r.sameSiteMode(rules, nil)
}

// sameSiteMode is SameSiteMode.
//
// Precondition: r.hasCookies().
func (r *Request) sameSiteMode(rules Rules, sites *origin.Sites) SameSiteMode {
	if rules.TabDecides && !r.TopLevelNavigation {
		if r.isOfTab(rules, sites) {
			return StrictOrLess
		}
		return NoneOnly
	}
	// What is navigated to becomes the tab's site, so it is the initiator that
	// has to be of the same site.
	site := r.Origin
	if !r.TopLevelNavigation {
		site = r.siteForCookies(rules, sites)
	}
	urls := r.URLs
	if rules.RedirectsIgnored {
		urls = urls[len(urls)-1:]
	}
	same := true
	for _, u := range urls {
		same = same && rules.sameSite(sites, site, origin.FromURL(u))
	}
	switch {
	case same:
		return StrictOrLess
	case !r.TopLevelNavigation:
		return NoneOnly
	case isSafe(r.Method):
		return LaxOrLess
	}
	return UnsetOrLess
}

// isOfTab reports whether r is same-site under TabDecides.
//
// Note: where a sandboxed page is from is not known; it counts as the tab's.
func (r *Request) isOfTab(rules Rules, sites *origin.Sites) bool {
	tab, current := r.topLevel(), origin.FromURL(r.currentURL())
	isOfSite := func(o origin.Origin) bool { return rules.sameSite(sites, tab, o) }
	if !isOfSite(current) {
		return false
	}
	if tab.Host() == current.Host() {
		return true
	}
	first := origin.FromURL(r.URLs[0])
	return (r.Origin.IsOpaque() || isOfSite(r.Origin)) && isOfSite(first) && first.Scheme() == current.Scheme()
}

// laxAllowingUnsafe is how long a cookie without SameSite goes along where
// [Rules.LaxAllowingUnsafe] lets it.
const laxAllowingUnsafe = 2 * time.Minute

// allows reports whether a request of the mode may have a cookie of the given
// age.
func (m SameSiteMode) allows(s SameSite, rules Rules, age time.Duration) bool {
	if s == SameSiteUnset && rules.SameSiteDefaultNone {
		s = SameSiteNone
	}
	switch s {
	case SameSiteNone:
		return true
	case SameSiteStrict:
		return m == StrictOrLess
	case SameSiteUnset:
		if m == UnsetOrLess {
			return rules.LaxAllowingUnsafe && age <= laxAllowingUnsafe
		}
	}
	return m >= LaxOrLess
}
