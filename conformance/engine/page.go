package engine

import (
	"net/netip"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// workerPath is where a page has the script of its worker.
const workerPath = "/__oracle-worker"

// open opens a context.
func (c *client) open(context string) *fetch.Transport {
	headers := c.web.Scenario.Page.Headers
	top := originOf(c.web, c.web.Scenario.Page.Origin)
	page := &fetch.Transport{
		Origin:         top,
		ReferrerPolicy: referrerPolicy(headers),
		EmbedderPolicy: embedderPolicy(headers),
		TopLevel:       top,
		AddressSpace:   c.addressSpaceOf(top),
		Browser:        c.browser,

		UpgradeInsecureRequests: upgradesInsecure(headers),
	}
	switch alias, isFrame := strings.CutPrefix(context, "frame:"); {
	case isFrame: // of the page's headers its document has the embedder policy alone
		page.Origin, page.Referrer = originOf(c.web, alias), c.web.FrameURL(alias)
		if !c.browser.Profile.Referrer.FramesInherit {
			page.ReferrerPolicy = ""
		}
		page.AddressSpace = c.addressSpaceOf(page.Origin)
		if !page.Origin.PotentiallyTrustworthy() {
			page.EmbedderPolicy = ""
		}
	case context == "sandbox":
		page.Origin, page.Referrer = origin.NewOpaque(), c.web.PageURL()
	case context == "data":
		page.Origin = origin.NewOpaque()
	case context == "worker":
		page.Worker = true
		page.Referrer = strings.TrimSuffix(c.web.PageURL(), conformance.PagePath) + workerPath
	default:
		page.Referrer = c.web.PageURL()
	}
	if !top.PotentiallyTrustworthy() {
		page.EmbedderPolicy = ""
	}
	return page
}

// originOf returns the origin that an alias stands for; an opaque one if it
// stands for none, which [conformance.Load] does not let through.
func originOf(web *conformance.Web, alias string) origin.Origin {
	o, err := origin.Parse(web.Origin(alias))
	if err != nil {
		return origin.NewOpaque()
	}
	return o
}

// addressSpaceOf is where the documents of an origin come from.
func (c *client) addressSpaceOf(o origin.Origin) fetch.AddressSpace {
	port, _ := o.Port()
	return c.browser.AddressSpace(netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port))
}

// addressSpaces is fetch.Browser.AddressSpace where the servers of scenarios
// are.
func addressSpaces(servers *conformance.Servers) func(netip.AddrPort) fetch.AddressSpace {
	spaces := servers.AddressSpaces()
	return func(addr netip.AddrPort) fetch.AddressSpace {
		if space := spaces[addr.String()]; space != "" {
			return fetch.AddressSpace(space)
		}
		return fetch.AddressSpaceOf(addr.Addr())
	}
}

// referrerPolicy is the policy that a document's headers set; "" if none.
//
// https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header
func referrerPolicy(headers []string) fetch.ReferrerPolicy {
	var policy fetch.ReferrerPolicy
	for _, value := range valuesOf(headers, "Referrer-Policy") {
		for token := range strings.SplitSeq(value, ",") {
			if known := knownReferrerPolicy(strings.ToLower(strings.TrimSpace(token))); known != "" {
				policy = known
			}
		}
	}
	return policy
}

// knownReferrerPolicy returns s if it is a policy, else "".
func knownReferrerPolicy(s string) fetch.ReferrerPolicy {
	switch p := fetch.ReferrerPolicy(s); p {
	case fetch.NoReferrerPolicy, fetch.NoReferrerWhenDowngradePolicy, fetch.SameOriginPolicy, fetch.OriginPolicy, fetch.StrictOriginPolicy,
		fetch.OriginWhenCrossOriginPolicy, fetch.StrictOriginWhenCrossOriginPolicy, fetch.UnsafeURLPolicy:
		return p
	}
	return ""
}

// embedderPolicy is the policy that the headers of a top-level document set, if
// that is potentially trustworthy; "" if none.
//
// https://html.spec.whatwg.org/multipage/browsers.html#obtain-an-embedder-policy
func embedderPolicy(headers []string) fetch.EmbedderPolicy {
	values := valuesOf(headers, "Cross-Origin-Embedder-Policy")
	if len(values) != 1 {
		return ""
	}
	token, _, _ := strings.Cut(values[0], ";")
	switch p := fetch.EmbedderPolicy(strings.TrimSpace(token)); p {
	case fetch.EmbedderRequireCORP, fetch.EmbedderCredentialless:
		return p
	}
	return ""
}

// upgradesInsecure reports whether one of the policies that the headers set has
// insecure requests upgraded. Frames and workers have the page's headers, too.
//
// https://w3c.github.io/webappsec-upgrade-insecure-requests/#delivery
func upgradesInsecure(headers []string) bool {
	for _, value := range valuesOf(headers, "Content-Security-Policy") {
		for policy := range strings.SplitSeq(value, ",") {
			for directive := range strings.SplitSeq(policy, ";") {
				name, _, _ := strings.Cut(strings.TrimSpace(directive), " ")
				if strings.EqualFold(name, "upgrade-insecure-requests") {
					return true
				}
			}
		}
	}
	return false
}

// valuesOf returns the values of the lines of a header.
func valuesOf(lines []string, name string) []string {
	var values []string
	for _, line := range lines {
		if n, value, _ := strings.Cut(line, ":"); strings.EqualFold(n, name) {
			values = append(values, value)
		}
	}
	return values
}
