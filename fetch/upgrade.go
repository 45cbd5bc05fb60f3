package fetch

import (
	"net/netip"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// UpgradeRules are where browsers differ in which http URLs they take for https
// ones.
//
// https://w3c.github.io/webappsec-upgrade-insecure-requests/#upgrade-request
type UpgradeRules struct {
	// LoopbackKept: what a page wants upgraded is not if its URL is potentially
	// trustworthy as it is. In the standard it is.
	// Shown by upgrade-loopback.
	LoopbackKept bool

	// URLKept: fetch() shows the URL that was asked for, unless redirects have led
	// elsewhere. In the standard it shows the upgraded one.
	// Shown by upgrade-https-page.
	URLKept bool

	// SaysRedirected: fetch() says of an upgraded response that it has been
	// redirected, and Referer is for the upgraded URL. In the standard an upgrade
	// is no redirect.
	// Shown by upgrade-https-page.
	SaysRedirected bool

	// OwnRedirect: an upgrade is a redirect of the browser's own: it counts as one,
	// and Origin says what it would say without it. In the standard an upgrade is no
	// redirect.
	// Shown by upgrade-redirect-itself, upgrade-beacon.
	OwnRedirect bool

	// NotInWorkers: what a worker asks for is not upgraded for its policy. In the
	// standard it is.
	// Shown by upgrade-worker.
	NotInWorkers bool

	// KnownRedirected: the upgrade of a host that has asked for https is a
	// redirect with status 307, which fails a preflight and redirect mode "error".
	// In the standard it is no redirect.
	// Shown by hsts-upgrade, hsts-preflight, hsts-error.
	KnownRedirected bool

	// TaintedLate: after an upgrade a redirect counts as one from the URL before it,
	// if that has been redirected to. In the standard it is one from the upgraded URL.
	// Shown by upgrade-redirect-itself.
	TaintedLate bool

	// KnownByTab: such hosts are heard only in tabs of their own site, or over
	// https. In the standard they are everywhere.
	// Shown by hsts-upgrade, hsts-via-xhr.
	KnownByTab bool

	// MixedKept: images, audio and video that are mixed content load as they are.
	// In the standard they are upgraded.
	// Shown by mixed-img.
	MixedKept bool

	// MixedAtFirst: they are upgraded at first, and load as they are where a
	// redirect has led to http. In the standard each hop is upgraded.
	// Shown by mixed-img-redirect.
	MixedAtFirst bool
}

// upgrade makes the current URL https, where the page's policy or Mixed Content
// has it so.
//
// https://w3c.github.io/webappsec-upgrade-insecure-requests/#upgrade-request
func (p *fetchParams) upgrade() {
	r := &p.request
	u := r.currentURL()
	if u.Scheme() != "http" || !p.upgradesInsecure(u) && !p.upgradesMixed(u) {
		return
	}
	if p.profile.Upgrade.URLKept && len(r.urls) == 1 && r.initiator == InitiatorFetch {
		r.shownURL = u
	}
	p.upgradeURL()
}

// upgradeURL makes the current URL https.
func (p *fetchParams) upgradeURL() {
	r := &p.request
	r.beforeUpgrade = r.currentURL()
	if p.profile.Upgrade.OwnRedirect {
		r.redirectCount++
	}
	r.urls[len(r.urls)-1] = r.currentURL().WithHTTPS()
	r.saysRedirected = p.profile.Upgrade.SaysRedirected
}

// upgradeTaints reports whether the redirect to the current URL hides the page's
// origin for what upgrades have made of it.
func (p *fetchParams) upgradeTaints() bool {
	r, rules := &p.request, &p.profile.Upgrade
	n := len(r.urls)
	if n == 1 {
		return false
	}
	from, to := r.urls[n-2], r.urls[n-1]
	switch {
	case rules.OwnRedirect && r.beforeUpgrade != nil:
		to = r.beforeUpgrade
	case rules.TaintedLate && r.lastBeforeUpgrade != nil && n > 2:
		from = r.lastBeforeUpgrade
	default:
		return false
	}
	return p.browser.sites.RedirectTaint(r.origin, []*weburl.URL{from, to}) != origin.SameOriginTaint
}

// upgradesInsecure reports whether the page's policy upgrades the http URL u.
func (p *fetchParams) upgradesInsecure(u *weburl.URL) bool {
	rules := &p.profile.Upgrade
	return p.env.upgradesInsecure && p.request.destination != "document" && !(rules.NotInWorkers && p.env.worker) &&
		!(rules.LoopbackKept && origin.PotentiallyTrustworthyURL(u))
}

// upgradesMixed reports whether u is mixed content that is asked for by https
// instead.
//
// Unimplemented: all images are, those of an <img srcset> included.
//
// https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm
func (p *fetchParams) upgradesMixed(u *weburl.URL) bool {
	rules := &p.profile.Upgrade
	if !p.request.destination.isUpgradeable() || rules.MixedKept || rules.MixedAtFirst && len(p.request.urls) > 1 {
		return false
	}
	return p.restrictsMixedContent() && p.request.mode != ModeNavigate && !origin.PotentiallyTrustworthyURL(u) && !isAddress(u)
}

// isUpgradeable reports whether mixed content for d is upgraded rather than
// blocked.
//
// https://w3c.github.io/webappsec-mixed-content/#category-upgradeable
func (d Destination) isUpgradeable() bool {
	switch d {
	case "audio", "image", "video":
		return true
	}
	return false
}

// isAddress reports whether u's host is an IP address.
func isAddress(u *weburl.URL) bool {
	host := u.Hostname()
	if host != "" && host[0] == '[' {
		return true
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}
