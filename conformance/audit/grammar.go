package audit

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/policy"
)

// reader is the first trusted page that reads; "" if there is none.
func (p *prober) reader() string {
	for _, page := range p.trusted {
		if _, got := p.read(page); canRead(got) {
			return page
		}
	}
	return ""
}

// injected is the header that a server has that takes a line's end out of Origin.
const injected = "X-Corsfetch-Injected"

// rawOriginGrammar: F72.
func (p *prober) rawOriginGrammar() []Finding {
	if found := p.originInjection(); found != nil {
		return found
	}
	page := p.reader()
	if page == "" || len(allowOrigin(p.rawOrigin(http.MethodGet, p.stranger()).ResponseHeader)) > 0 || p.isLax() {
		return nil
	}
	for _, other := range ungrammatical(page, p.stranger()) {
		a := p.rawAs(page, other)
		if len(allowOrigin(a.ResponseHeader)) == 0 {
			continue
		}
		return []Finding{p.finding(Info, Likely, "",
			fmt.Sprintf("No browser sends %q, so that no page reads by it; but it is taken for a trusted origin, by a comparison that is not one of origins.", other),
			"Compare the bytes of Origin with those of the list, and parse nothing. "+p.allowlist(),
			p.rawProof("Origin: "+other, a),
			p.rawControl("Origin: "+p.stranger(), p.rawOrigin(http.MethodGet, p.stranger())),
		)}
	}
	return nil
}

// isLax reports whether a page can be made that is trusted by mistake, which says
// more of the comparison.
func (p *prober) isLax() bool {
	for _, class := range []policy.Class{policy.Suffix, policy.Prefix, policy.Substring, policy.Dot, policy.Charset, policy.Subdomain, policy.Port, policy.Insecure, policy.PublicSuffix} {
		if p.readsClass(class) {
			return true
		}
	}
	return false
}

// ungrammatical are what has a page's origin in it and is none.
func ungrammatical(page, stranger string) []string {
	scheme, host, _ := strings.Cut(page, "://")
	return []string{
		page + "/path", page + "?query", scheme + "://user@" + host, strings.ToUpper(scheme) + "://" + host, scheme + "://" + strings.ToUpper(host),
		page + "," + stranger, page + " " + stranger, stranger + "," + page,
	}
}

// originInjection is a server that takes the end of a line out of Origin, which
// only a page that can have it there could use.
func (p *prober) originInjection() []Finding {
	for _, page := range []string{p.reader(), p.stranger()} {
		if page == "" {
			continue
		}
		serialized := page + "%0d%0a" + injected + ":%20yes"
		a := p.rawOrigin(http.MethodGet, serialized)
		if a.ResponseHeader[injected] == nil {
			continue
		}
		return []Finding{p.finding(High, Proven, "",
			"Whoever sends this Origin writes headers of the response, for himself and for who is served it by a cache.",
			"Decode nothing in Origin, and repeat it only if it is on the list. "+p.allowlist(),
			p.rawProof("Origin: "+serialized, a),
			p.rawControl("Origin: "+page, p.rawOrigin(http.MethodGet, page)),
		)}
	}
	return nil
}
