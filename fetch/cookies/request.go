package cookies

import (
	"strings"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// A Request says who asks for what. The zero Request has no cookies.
type Request struct {
	// URLs is the URL list: where the request went first, where redirects have
	// led it, and last its current URL, whose cookies are meant. Only http and
	// https URLs have cookies.
	URLs []*weburl.URL

	// Origin is the initiator's: the page's, or that of the document that
	// navigates. Nothing is same-site with the zero Origin. For a URL that the
	// user has typed it is the URL's own.
	Origin origin.Origin

	// TopLevel is the origin of the tab's document. Zero means Origin. It is
	// ignored for a TopLevelNavigation.
	TopLevel origin.Origin

	// CrossSiteAncestor: between the page and the tab's document there is one
	// of another site.
	CrossSiteAncestor bool

	// Method is the current method; "" means GET.
	Method string

	// TopLevelNavigation: the response becomes the tab's document.
	TopLevelNavigation bool

	// Script: it is a script that reads or writes document.cookie, and URLs is
	// the document's URL. Such a script neither sees nor touches HttpOnly
	// cookies.
	Script bool
}

func (r *Request) currentURL() *weburl.URL { return r.URLs[len(r.URLs)-1] }

// hasCookies reports whether the current URL is one that can have cookies.
func (r *Request) hasCookies() bool { return len(r.URLs) > 0 && r.currentURL().IsHTTP() }

// sameSite compares sites as the rules do.
func (r Rules) sameSite(sites *origin.Sites, a, b origin.Origin) bool {
	if r.Schemeless {
		return sites.SchemelesslySameSite(a, b)
	}
	return sites.SameSite(a, b)
}

// siteForCookies returns an origin of the request's site for cookies. It is
// zero if there is none, because what asks is not of the tab's site.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-document-based-requests
func (r *Request) siteForCookies(rules Rules, sites *origin.Sites) origin.Origin {
	top := r.topLevel()
	if !r.CrossSiteAncestor && rules.sameSite(sites, r.Origin, top) {
		return top
	}
	return origin.Origin{}
}

func (r *Request) topLevel() origin.Origin {
	switch {
	case r.TopLevelNavigation:
		return origin.FromURL(r.currentURL())
	case r.TopLevel.IsZero():
		return r.Origin
	}
	return r.TopLevel
}

// isThirdParty reports whether the request's URL is not of the site for
// cookies.
func (r *Request) isThirdParty(rules Rules, sites *origin.Sites) bool {
	return !r.TopLevelNavigation &&
		!rules.sameSite(sites, r.siteForCookies(rules, sites), origin.FromURL(r.currentURL()))
}

// isSecure reports whether Secure cookies can be set by and sent to u.
//
// Note: the standard says https. It leaves to browsers what else is secure.
func isSecure(u *weburl.URL, rules Rules) bool {
	return u.Scheme() == "https" || rules.SecureOnLoopback && origin.PotentiallyTrustworthyURL(u)
}

// A partition is one of the stores that a Store is made of. The zero partition
// is the one of unpartitioned cookies.
type partition struct {
	partitioned bool
	site        origin.Site // of the tab
	thirdParty  bool        // the page is not of the tab's site, or asks for another site
}

// A view is what a request can reach of a store, and how.
type view struct {
	host   string
	domain string // host's registrable domain; host if that is null
	path   string
	secure bool
	script bool
	mode   SameSiteMode

	// setsAll: cookies can be set whatever their SameSite.
	setsAll bool

	// plain has the cookies without Partitioned; reads and writes say what can
	// be done with them. own has those with Partitioned.
	plain, own    partition
	reads, writes bool
}

// view returns what r can reach.
//
// Precondition: r.hasCookies().
func (r *Request) view(rules Rules, sites *origin.Sites) view {
	u := r.currentURL()
	v := view{
		host:   u.Hostname(),
		domain: domainOf(u, sites),
		path:   u.Path(),
		secure: isSecure(u, rules),
		script: r.Script,
		mode:   r.sameSiteMode(rules, sites),
		reads:  true,
		writes: true,
	}
	// A cookie that is not for cross-site use can only be set by a same-site
	// request, or by what becomes the tab's document.
	toSet := rules
	toSet.RedirectsIgnored = rules.RedirectsIgnored || rules.RedirectsIgnoredToSet
	v.setsAll = r.sameSiteMode(toSet, sites) == StrictOrLess || r.TopLevelNavigation
	thirdParty := r.isThirdParty(rules, sites)
	v.own = partition{true, sites.Site(r.topLevel()), thirdParty}
	if !thirdParty {
		return v
	}
	switch rules.ThirdParty {
	case ThirdPartyUnset:
		v.writes = false
	case ThirdPartyBlocked:
		v.reads, v.writes = false, false
	case ThirdPartyPartitioned:
		v.plain = v.own
	}
	return v
}

// domainOf returns the registrable domain of u's host; the host if that is null.
func domainOf(u *weburl.URL, sites *origin.Sites) string {
	if domain := sites.RegistrableDomain(origin.FromURL(u)); domain != "" {
		return domain
	}
	return u.Hostname()
}

// isSafe reports whether the method is safe.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1
func isSafe(method string) bool {
	switch method {
	case "", "GET", "HEAD", "OPTIONS", "TRACE":
		return true
	}
	return false
}

// domainMatch reports whether a cookie of the domain is one for host.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-domain-matching
func domainMatch(host, domain string) bool {
	if host == domain {
		return true
	}
	rest, ok := strings.CutSuffix(host, domain)
	return ok && strings.HasSuffix(rest, ".") && !isIPAddress(host)
}

// isIPAddress reports whether the serialized host is an IPv4 or IPv6 address.
// Only IPv4 addresses end in a label of digits.
func isIPAddress(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	return strings.HasPrefix(host, "[") || last != "" && strings.Trim(last, "0123456789") == ""
}

// defaultPath is the path of a cookie that says none, set by a response from
// the given path: all up to the last slash, but not that.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-paths-and-path-match
func defaultPath(path string) string {
	if last := strings.LastIndexByte(path, '/'); last > 0 {
		return path[:last]
	}
	return "/"
}

// pathMatch reports whether a cookie of the path cookie is one for requests of
// the path request.
//
// Deviation: the layered draft lets /foobar and /foo match /foo and /foo/. No
// browser does, and RFC 6265bis does not.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-paths-and-path-match
func pathMatch(request, cookie string) bool {
	rest, ok := strings.CutPrefix(request, cookie)
	return ok && (rest == "" || strings.HasSuffix(cookie, "/") || rest[0] == '/')
}
