package fetch

import (
	"net/http"

	"github.com/corsfetch/corsfetch/fetch/hsts"
	"github.com/corsfetch/corsfetch/origin"
)

// upgradeKnown makes the current URL https if its host has asked for that.
//
// Unimplemented: HTTPS records of the DNS.
//
// https://fetch.spec.whatwg.org/#concept-main-fetch
func (p *fetchParams) upgradeKnown() {
	r := &p.request
	if p.profile.Upgrade.KnownRedirected || !p.isKnownHost() {
		return
	}
	p.upgradeURL()
	r.currentURLOrigin = origin.FromURL(r.currentURL())
	r.serializedOrigin = p.serializeOrigin()
}

// isKnownHost reports whether the current URL is http, of a host that has asked
// for https.
func (p *fetchParams) isKnownHost() bool {
	u := p.request.currentURL()
	return u.Scheme() == "http" && p.browser.hsts.Upgrades(u.Hostname(), p.browser.now()) && p.hearsHost()
}

// hearsHost reports whether what the host of the current URL asks for counts.
func (p *fetchParams) hearsHost() bool {
	return !p.profile.Upgrade.KnownByTab || p.request.destination == "document" || p.env.topLevel.Scheme() == "https" ||
		p.browser.sites.SchemelesslySameSite(p.request.currentURLOrigin, p.env.topLevel)
}

// leavesForHTTPS reports whether a redirect of the browser's own leads away from
// the current URL.
func (p *fetchParams) leavesForHTTPS() bool {
	return p.profile.Upgrade.KnownRedirected && p.isKnownHost()
}

// internalRedirect is the response in place of an answer to o: a redirect to
// https.
func (p *fetchParams) internalRedirect(o *outgoing) *response {
	res := &o.answer
	*res = response{
		status: http.StatusTemporaryRedirect,
		text:   "Internal Redirect",
		body:   http.NoBody,
		header: http.Header{
			"Location":             {p.request.currentURL().WithHTTPS().String()},
			headerAllowOrigin:      {p.request.serializedOrigin},
			headerAllowCredentials: {"true"},
		},
	}
	return res
}

// learnHSTS remembers what a response has to say of its host, if it is to be
// believed: with a certificate that has been verified. A base transport that
// tells nothing of certificates vouches for them.
//
// https://www.rfc-editor.org/rfc/rfc6797#section-8.1
func (p *fetchParams) learnHSTS(in *http.Response) {
	headers := in.Header["Strict-Transport-Security"]
	u := p.request.currentURL()
	if len(headers) == 0 || u.Scheme() != "https" || in.TLS != nil && len(in.TLS.VerifiedChains) == 0 {
		return
	}
	if policy, ok := hsts.Parse(headers); ok && p.hearsHost() {
		p.browser.hsts.Set(u.Hostname(), policy, p.browser.now())
	}
}
