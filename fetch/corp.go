package fetch

import (
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/safelist"
)

// An EmbedderPolicy is a page's Cross-Origin-Embedder-Policy. The zero value
// is EmbedderUnsafeNone.
//
// https://html.spec.whatwg.org/multipage/browsers.html#embedder-policy-value
type EmbedderPolicy string

// The embedder policies.
const (
	EmbedderUnsafeNone     EmbedderPolicy = "unsafe-none"
	EmbedderRequireCORP    EmbedderPolicy = "require-corp"   // a no-cors response has to allow the page
	EmbedderCredentialless EmbedderPolicy = "credentialless" // no-cors requests carry no credentials
)

// valid reports whether p is an embedder policy or the empty string.
func (p EmbedderPolicy) valid() bool {
	switch p {
	case "", EmbedderUnsafeNone, EmbedderRequireCORP, EmbedderCredentialless:
		return true
	}
	return false
}

const headerResourcePolicy = "Cross-Origin-Resource-Policy"

// corpCheck decides whether a response that the page cannot read may be given
// to it all the same.
//
// https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check
func (p *fetchParams) corpCheck(res *response) refusal {
	// 1. What the server forbids is forbidden whatever the page's policy.
	if why := p.corpInternalCheck(EmbedderUnsafeNone, res); why.reason != "" {
		return why
	}
	// 2, 3. Then comes what the page itself demands.
	return p.corpInternalCheck(p.embedderPolicy(), res)
}

// embedderPolicy is the page's embedder policy, as far as the browser knows it.
func (p *fetchParams) embedderPolicy() EmbedderPolicy {
	if p.env.embedderPolicy == EmbedderCredentialless && p.profile.Block.NoCredentialless {
		return EmbedderUnsafeNone
	}
	return p.env.embedderPolicy
}

// corpInternalCheck is corpCheck under one embedder policy.
//
// https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
func (p *fetchParams) corpInternalCheck(embedder EmbedderPolicy, res *response) refusal {
	r := &p.request
	// 2, 3. Exactly one of three values, or it is as if there was none.
	policy, present := safelist.Get(res.header[headerResourcePolicy])
	defaulted := false
	switch policy {
	case "same-origin", "same-site", "cross-origin":
	default:
		// 4. A strict page takes silence for "same-origin".
		if policy != "" && p.profile.Block.UnknownCORPAllows {
			return refusal{}
		}
		defaulted = embedder == EmbedderRequireCORP || embedder == EmbedderCredentialless && r.includeCredentials
		if !defaulted {
			return refusal{}
		}
	}
	// 5. The page against the response's URL.
	why := refusal{header: headerResourcePolicy, got: policy, absent: !present, want: `"cross-origin"`}
	switch {
	case defaulted:
		if r.origin != r.currentURLOrigin {
			why.reason = ErrCorpNotSameOriginAfterDefaultedToSameOriginByCoep
		}
	case policy == "same-origin":
		if r.origin != r.currentURLOrigin {
			why.reason = ErrCorpNotSameOrigin
		}
	case policy == "same-site":
		// Note: an insecure page does not get what a secure one may.
		sameSite := p.browser.sites.SchemelesslySameSite(r.origin, r.currentURLOrigin)
		if !sameSite || r.origin.Scheme() != "https" && r.currentURL().Scheme() == "https" {
			why.reason = ErrCorpNotSameSite
		}
	}
	return why
}

// embedderAllowsCredentials reports whether the page's embedder policy lets the
// request carry credentials.
//
// Deviation: the text has the condition on the redirect-taint the wrong way
// round; that has been reported and is being corrected.
//
// https://fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials
func (p *fetchParams) embedderAllowsCredentials() bool {
	r := &p.request
	if r.mode != ModeNoCORS || p.embedderPolicy() != EmbedderCredentialless {
		return true
	}
	return r.origin == r.currentURLOrigin &&
		p.browser.sites.RedirectTaint(r.origin, r.urls) == origin.SameOriginTaint
}
