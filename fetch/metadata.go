package fetch

import (
	"slices"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// setFetchMetadata adds the Sec-Fetch headers, for URLs that are potentially
// trustworthy. mode is "cors" for a preflight, whatever the request's.
//
// Deviation: the text looks at the request's first URL; browsers, and the
// tests of the web platform, at the one that is being fetched.
//
// https://w3c.github.io/webappsec-fetch-metadata/#fetch-integration
func (p *fetchParams) setFetchMetadata(o *outgoing, mode Mode) {
	r := &p.request
	if !origin.PotentiallyTrustworthyURL(r.currentURL()) {
		if o.preflight && p.profile.Preflight.ModeAlways {
			o.set("Sec-Fetch-Mode", string(mode))
		}
		return
	}
	if !o.preflight && r.tainting == cors && p.profile.Metadata.NoneOnLeaving && r.comesFromOtherOrigin() {
		return
	}
	dest := string(r.destination)
	if dest == "" {
		dest = "empty"
	}
	o.set("Sec-Fetch-Dest", dest)
	o.set("Sec-Fetch-Mode", string(mode))
	urls := r.urls
	if o.preflight && p.profile.Preflight.SiteOfItsURL {
		urls = urls[len(urls)-1:]
	}
	o.set("Sec-Fetch-Site", p.fetchSite(urls))
	if access := p.storageAccess(o.preflight); access != "" {
		o.set("Sec-Fetch-Storage-Access", access)
	}
}

// storageAccess is the value of Sec-Fetch-Storage-Access: whether cookies of the
// current URL that are a third party's go along.
//
// https://privacycg.github.io/storage-access-headers/
func (p *fetchParams) storageAccess(preflight bool) string {
	r := &p.request
	switch {
	case r.credentials != CredentialsInclude,
		(p.env.worker || r.keepalive && r.initiator != InitiatorBeacon) && p.profile.Metadata.NoStorageAccessInWorkers,
		preflight && !p.profile.Preflight.StorageAccess,
		!preflight && p.profile.Metadata.NoStorageAccessOnceTainted && p.browser.sites.RedirectTaint(r.origin, r.urls) != origin.SameOriginTaint,
		!origin.PotentiallyTrustworthyURL(r.currentURL()):
		return ""
	case !p.sameSite(p.env.topLevel, r.currentURLOrigin):
		return p.profile.Metadata.StorageAccess
	case !p.sameSite(p.env.topLevel, r.origin):
		return p.profile.Metadata.StorageAccessBack
	}
	return ""
}

// comesFromOtherOrigin reports whether a redirect has led to the current URL,
// from another origin.
func (r *request) comesFromOtherOrigin() bool {
	n := len(r.urls)
	return n > 1 && origin.FromURL(r.urls[n-1]) != origin.FromURL(r.urls[n-2])
}

// hasLeftAnOrigin reports whether some redirect has led to another origin than
// the one that it came from.
func (r *request) hasLeftAnOrigin() bool {
	for i := 1; i < len(r.urls); i++ {
		if origin.FromURL(r.urls[i]) != origin.FromURL(r.urls[i-1]) {
			return true
		}
	}
	return false
}

// fetchSite is the value of Sec-Fetch-Site: how far the most distant of urls,
// the last of which is the current URL, is from the page.
//
// https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site
func (p *fetchParams) fetchSite(urls []*weburl.URL) string {
	r := &p.request
	site := "same-origin"
	for i, u := range urls {
		o := r.currentURLOrigin
		if i < len(urls)-1 {
			o = origin.FromURL(u)
		}
		switch {
		case o == r.origin:
		case p.profile.Metadata.CrossSiteAfterHTTP && hasLeftHTTP(urls),
			p.profile.Metadata.SchemelessSites && !r.origin.PotentiallyTrustworthy():
			site = "cross-site"
		case p.sameSite(r.origin, o):
			site = "same-site"
		default:
			site = "cross-site"
		}
		if site == "cross-site" {
			return site
		}
	}
	return site
}

// hasLeftHTTP reports whether a redirect that leads on came without TLS.
func hasLeftHTTP(urls []*weburl.URL) bool {
	return slices.ContainsFunc(urls[:len(urls)-1], func(u *weburl.URL) bool { return u.Scheme() == "http" })
}

// sameSite is whether two origins are same site, to the browser.
func (p *fetchParams) sameSite(a, b origin.Origin) bool {
	if p.profile.Metadata.SchemelessSites {
		return p.browser.sites.SchemelesslySameSite(a, b)
	}
	return p.browser.sites.SameSite(a, b)
}
