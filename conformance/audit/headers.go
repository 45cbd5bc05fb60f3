package audit

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/safelist"
)

// A wanted header is one that the app is known to set, or is likely to.
type wanted struct {
	ask        fetchtest.Request // with that header alone
	name       string
	confidence Confidence
}

// wantedHeaders are those that the app's requests have and that need leave.
func (p *prober) wantedHeaders(page string, mode fetch.CredentialsMode) []wanted {
	var all []wanted
	own := p.headersOf(page)
	for _, name := range safelist.UnsafeRequestHeaderNames(own) {
		name = http.CanonicalHeaderKey(name)
		all = append(all, wanted{asking(http.MethodGet, mode, name+": "+own.Get(name)), name, Proven})
	}
	if !p.isNamed {
		return all
	}
	if own["Authorization"] == nil && p.usesToken() {
		all = append(all, wanted{asking(http.MethodGet, mode, "Authorization: Bearer corsfetch"), "Authorization", Likely})
	}
	method := p.writeMethod(page, mode)
	if own["Content-Type"] == nil && method != "" && p.speaksJSON() {
		all = append(all, wanted{asking(method, mode, "Content-Type: application/json"), "Content-Type", Likely})
	}
	return all
}

// writeMethod is a method that the resource has for writing and that a page may
// use, as far as its headers let it; "" if there is none.
func (p *prober) writeMethod(page string, mode fetch.CredentialsMode) string {
	for _, method := range p.routed() {
		switch method {
		case http.MethodPost:
			return method
		case http.MethodPut, http.MethodPatch:
			if p.preflight(page, asking(method, mode)).Passed {
				return method
			}
		}
	}
	return ""
}

// preflightHeaderMissing: F38. Where * is listed something else is wrong.
func (p *prober) preflightHeaderMissing() []Finding {
	page := p.app()
	if page == "" {
		return nil
	}
	mode := p.appMode()
	confidence := Likely
	var missing, listed []string
	var evidence []Evidence
	for _, w := range p.wantedHeaders(page, mode) {
		pf, isRefused := p.refuses(page, w.ask, fetch.ErrHeaderDisallowedByPreflightResponse)
		if !isRefused || slices.Contains(allowHeaders(pf.Answer), "*") {
			continue
		}
		if w.confidence == Proven {
			confidence = Proven
		}
		missing, listed = append(missing, w.name), allowHeaders(pf.Answer)
		evidence = append(evidence, p.proofOf("the preflight for "+w.name, pf))
	}
	if missing == nil {
		return p.skippedHeader(page, mode)
	}
	evidence = append(evidence, p.rawControl("the preflight for GET without headers", p.leastPreflight(page)))
	return []Finding{p.finding(Broken, confidence, page,
		fmt.Sprintf("A request with %s is never sent: the answer to the preflight does not list it.", join(missing)),
		"Access-Control-Allow-Headers: "+join(append(slices.DeleteFunc(listed, isMeaningless), missing...)),
		evidence...)}
}

// skippedHeader is a finding if the server says yes to a header whose value needs
// leave, but does not list it, for it takes the name for one that never does.
func (p *prober) skippedHeader(page string, mode fetch.CredentialsMode) []Finding {
	random, isRefused := p.refuses(page, asking(http.MethodGet, mode, "X-Corsfetch-Unknown: 1"), "")
	switch {
	case !p.isNamed:
		return nil
	case random.Passed:
		return p.mangledHeader(page, mode, random)
	case !isRefused:
		return nil // or it is by leaving out that it says no
	}
	for _, header := range []string{
		`Accept: application/ld+json; profile="https://www.w3.org/ns/activitystreams"`,
		"Accept-Language: " + strings.Repeat("en-GB,", 24) + "en",
		"Content-Language: en_GB",
	} {
		pf := p.preflight(page, asking(http.MethodGet, mode, header))
		if pf.Answer == nil || pf.Reason != fetch.ErrHeaderDisallowedByPreflightResponse || slices.Contains(allowHeaders(pf.Answer), "*") {
			continue
		}
		name, _, _ := strings.Cut(header, ":")
		return []Finding{p.finding(Fragile, Likely, page,
			fmt.Sprintf("The server says yes to %s and does not list it, as if it never needed leave; with such a value it does, and the browser blocks.", name),
			fmt.Sprintf("List every name of Access-Control-Request-Headers that is allowed: Access-Control-Allow-Headers: %s", name),
			p.proofOf("the preflight for "+header, pf),
			p.controlOf("the preflight for a header that is refused", random))}
	}
	return nil
}

// mangledHeader is a finding if the server lists any name that is asked for, but not
// as it was.
func (p *prober) mangledHeader(page string, mode fetch.CredentialsMode, random preflight) []Finding {
	pf := p.preflight(page, asking(http.MethodGet, mode, "X+Corsfetch: 1"))
	if random.Answer == nil || pf.Answer == nil || pf.Reason != fetch.ErrHeaderDisallowedByPreflightResponse || allowHeaders(pf.Answer) == nil {
		return nil
	}
	return []Finding{p.finding(Fragile, Proven, page,
		fmt.Sprintf("A request with a header such as X+Corsfetch is never sent: the server lists it as %s, and browsers compare the names.", join(allowHeaders(pf.Answer))),
		"List names as they come in Access-Control-Request-Headers: Access-Control-Allow-Headers: x+corsfetch",
		p.proofOf("the preflight for X+Corsfetch", pf),
		p.controlOf("the preflight for another header", random))}
}

// preflightAuthorizationWildcard: F39. With credentials * is no wildcard at all,
// and that is found as such.
func (p *prober) preflightAuthorizationWildcard() []Finding {
	page := p.app()
	if page == "" || !p.usesToken() || len(p.credWildcardLists()) > 0 {
		return nil
	}
	standard := p.under(fetch.Standard())
	defer standard.web.Close()
	ask := asking(http.MethodGet, fetch.CredentialsOmit, "Authorization: Bearer corsfetch")
	pf := standard.preflight(page, ask)
	if pf.Answer == nil || pf.Reason != fetch.ErrHeaderDisallowedByPreflightResponse || !slices.Contains(allowHeaders(pf.Answer), "*") {
		return nil
	}
	chromium := p.under(fetch.Chromium())
	defer chromium.web.Close()
	return []Finding{p.finding(Fragile, Proven, page,
		"A request with Authorization works as long as browsers let * stand for it, which they are to stop: by the standard it is never sent.",
		"Access-Control-Allow-Headers: *, Authorization",
		p.proofOf("the preflight for Authorization, by the standard", pf),
		p.controlOf("the same in Chromium", chromium.preflight(page, ask)))}
}

// preflightSpelling: F41.
func (p *prober) preflightSpelling() []Finding {
	page := p.app()
	if page == "" {
		return nil
	}
	pair := p.allowedHeaders(page)
	if len(pair) < 2 {
		return nil
	}
	a, b := pair[0], pair[1] // in order
	mode := p.appMode()
	together, isRefused := p.refuses(page, asking(http.MethodPost, mode, valued(a), valued(b)), fetch.ErrHeaderDisallowedByPreflightResponse)
	if isRefused {
		return p.splitWrong(page, together, a, b)
	}
	if !together.Passed {
		return nil
	}
	var fails []string
	var evidence []Evidence
	severity := Info
	for _, spelling := range []struct {
		what        string
		lines       []string
		isOfProxies bool
	}{
		{"a space after the comma", []string{a + ", " + b}, true},
		{"two header lines", []string{a, b}, true},
		{"capitals", []string{http.CanonicalHeaderKey(a) + "," + http.CanonicalHeaderKey(b)}, false},
		{"another order", []string{b + "," + a}, false},
		{"an empty element", []string{a + ",," + b}, false},
	} {
		answer := p.raw(http.MethodOptions, p.subject.Request.URL, http.Header{
			"Origin": {page}, "Access-Control-Request-Method": {http.MethodPost}, "Access-Control-Request-Headers": spelling.lines,
		})
		if answer.Status == 0 || grants(&answer.Exchange, page, a, b) {
			continue
		}
		if spelling.isOfProxies {
			severity = Fragile
		}
		fails = append(fails, spelling.what)
		evidence = append(evidence, p.rawProof("a preflight with "+spelling.what, answer))
	}
	if fails == nil {
		return nil
	}
	consequence := "Browsers send the names in small letters, sorted and without spaces, which is understood; other clients and proxies may not, and are refused: "
	if severity == Fragile {
		consequence = "What browsers send is understood; a proxy on the way that writes the list in another way makes preflights fail: "
	}
	evidence = append(evidence, p.controlOf("the preflight as browsers send it", together))
	return []Finding{p.finding(severity, Proven, page, consequence+strings.Join(fails, ", ")+".",
		"Read all lines of Access-Control-Request-Headers as one list: names in any case, spaces around them, elements that are empty.", evidence...)}
}

// splitWrong is a finding if two headers are allowed by themselves and not
// together, but with a space after the comma.
func (p *prober) splitWrong(page string, together preflight, a, b string) []Finding {
	spaced := p.raw(http.MethodOptions, p.subject.Request.URL, http.Header{
		"Origin": {page}, "Access-Control-Request-Method": {http.MethodPost}, "Access-Control-Request-Headers": {a + ", " + b},
	})
	if spaced.Status == 0 || !grants(&spaced.Exchange, page, a, b) {
		return nil
	}
	return []Finding{p.finding(Broken, Proven, page,
		fmt.Sprintf("A request with both %s and %s is never sent: the server allows each, but splits the list at comma and space, and browsers send no space.", a, b),
		"Split Access-Control-Request-Headers at the comma, and then take spaces off.",
		p.proofOf("the preflight for both", together), p.rawControl("the same with a space after the comma", spaced))}
}

// valued is a header of that name, as [asking] takes it.
func valued(name string) string {
	if name == "content-type" {
		return name + ": application/json"
	}
	return name + ": corsfetch"
}

// allowedHeaders are names that a page may each send, as a preflight has them:
// sorted, in small letters.
func (p *prober) allowedHeaders(page string) []string {
	candidates := []string{"authorization", "content-type", "x-requested-with"}
	mode := p.appMode()
	for name := range p.subject.Request.Header {
		candidates = append(candidates, strings.ToLower(name))
	}
	slices.Sort(candidates)
	return slices.DeleteFunc(slices.Compact(candidates), func(name string) bool {
		ask := asking(http.MethodPost, mode, valued(name))
		return len(safelist.UnsafeRequestHeaderNames(ask.Header)) == 0 || !p.preflight(page, ask).Passed
	})
}

// grants reports whether an answer to a preflight lets a page send a POST with
// those headers.
func grants(x *fetchtest.Exchange, page string, headers ...string) bool {
	listed, ok := safelist.ExtractTokens(x.ResponseHeader["Access-Control-Allow-Headers"])
	if !ok || obstacleOf(x) != clear || !namesPage(x.ResponseHeader, page) {
		return false
	}
	for _, name := range headers {
		if !slices.ContainsFunc(listed, func(l string) bool { return l == "*" || strings.EqualFold(l, name) }) {
			return false
		}
	}
	return true
}
