package fetch

import (
	"net/http"

	"github.com/corsfetch/corsfetch/origin"
)

// serializeOrigin is the request's origin as the server is told: "null" once
// redirects have led through an origin that is not the page's.
//
// Deviation (of browsers): some redirects taint for what upgrades have made of
// them.
//
// https://fetch.spec.whatwg.org/#serializing-a-request-origin
func (p *fetchParams) serializeOrigin() string {
	r := &p.request
	r.upgradeTaint = r.upgradeTaint || p.upgradeTaints()
	if r.upgradeTaint || p.browser.sites.RedirectTaint(r.origin, r.urls) != origin.SameOriginTaint {
		return "null"
	}
	return r.origin.String()
}

// originHeader is the value of the request's Origin header, or "".
//
// https://fetch.spec.whatwg.org/#append-a-request-origin-header
func (p *fetchParams) originHeader() string {
	r, profile := &p.request, p.profile
	if r.tainting == cors {
		return r.serializedOrigin
	}
	if r.initiator == InitiatorBeacon && profile.Initiator.BeaconsOfURL && r.origin.IsOpaque() && p.env.baseURL != nil {
		return origin.FromURL(p.env.baseURL).String()
	}
	// Note: a server that is told of no access to its cookies is told who asks,
	// to be able to grant it.
	if isGET := r.method == http.MethodGet || r.method == http.MethodHead; isGET && p.storageAccess(false) != "inactive" {
		if r.mode == ModeCORS && profile.Initiator.saysOrigin(r.initiator) {
			return r.serializedOrigin
		}
		if profile.Origin.KeptOnSameOriginRedirect && r.method != r.firstMethod && !r.comesFromOtherOrigin() {
			return r.sentOrigin
		}
		return ""
	}
	if r.mode == ModeNoCORS && profile.Origin.NullAfterNoCORSRedirect && r.hasLeftAnOrigin() {
		return "null"
	}
	if profile.Origin.KeptOnSameOriginRedirect && r.tainting == basic && r.sentOrigin != "" {
		return r.sentOrigin
	}
	if r.mode != ModeCORS && profile.Origin.MaskedWithoutReferrer && r.referrerWithheld {
		return "null"
	}
	if r.mode != ModeCORS && !profile.Origin.Unmasked && p.masksOrigin() {
		return "null"
	}
	return r.serializedOrigin
}

// masksOrigin reports whether the referrer policy keeps the origin of a
// request outside CORS secret.
func (p *fetchParams) masksOrigin() bool {
	r := &p.request
	switch p.referrerPolicy() {
	case NoReferrerPolicy:
		return true
	case NoReferrerWhenDowngradePolicy, StrictOriginPolicy, StrictOriginWhenCrossOriginPolicy:
		// Note: by scheme alone; a trustworthy http URL is a downgrade here.
		return r.origin.Scheme() == "https" && (r.currentURL().Scheme() != "https" || p.profile.Upgrade.OwnRedirect && r.beforeUpgrade != nil)
	case SameOriginPolicy:
		return r.origin != r.currentURLOrigin
	}
	return false
}
