package audit

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/safelist"
)

// join is a list as headers have it.
func join(names []string) string { return strings.Join(names, ", ") }

// preflightMethodMissing: F36. A method that is listed in other letters is found as
// that, and * that credentials make a name likewise.
func (p *prober) preflightMethodMissing() []Finding {
	page := p.app()
	if page == "" || !p.isNamed {
		return nil
	}
	mode := p.appMode()
	confidence := Likely
	methods := p.unsafeMethods()
	if own := methodOf(p.subject.Request.Method); !safelist.IsSafelistedMethod(own) {
		methods, confidence = []string{own}, Proven
	}
	var missing []string
	var evidence []Evidence
	consequence := ""
	for _, method := range methods {
		pf, isRefused := p.refuses(page, asking(method, mode), fetch.ErrMethodDisallowedByPreflightResponse)
		if !isRefused {
			continue
		}
		listed := allowMethods(pf.Answer)
		if slices.Contains(listed, "*") || slices.ContainsFunc(listed, func(m string) bool { return strings.EqualFold(m, method) }) {
			continue
		}
		if allow := pf.Answer.ResponseHeader["Allow"]; len(listed) == 0 && strings.Contains(join(allow), method) {
			consequence = " Its Allow is not what browsers look at."
		}
		missing = append(missing, method)
		evidence = append(evidence, p.proofOf("the preflight for "+method, pf))
	}
	if missing == nil {
		return nil
	}
	evidence = append(evidence, p.rawControl("the preflight for GET", p.leastPreflight(page)))
	return []Finding{p.finding(Broken, confidence, page,
		fmt.Sprintf("The resource has %s, and the page can never use it: the answer to the preflight does not list it.%s", join(missing), consequence),
		fmt.Sprintf("Access-Control-Allow-Methods: %s, if %s is meant to use it.", p.methodsToAllow(need{request: asking(missing[0], mode)}), page),
		evidence...)}
}

// preflightMethodCase: F37.
func (p *prober) preflightMethodCase() []Finding {
	page := p.app()
	if page == "" || !p.knowsPreflights(page) {
		return nil
	}
	mode := p.appMode()
	put := p.preflight(page, asking(http.MethodPut, mode))
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
		pf := p.preflight(page, asking(method, mode))
		if pf.Answer == nil || pf.Reason != fetch.ErrMethodDisallowedByPreflightResponse {
			continue
		}
		for _, listed := range allowMethods(pf.Answer) {
			if strings.EqualFold(listed, method) {
				return []Finding{p.finding(Broken, Proven, page,
					fmt.Sprintf("A %s is never sent: browsers send the method in capitals, compare it with the list byte for byte, and the list has %q.", method, listed),
					"Access-Control-Allow-Methods: "+strings.ToUpper(join(allowMethods(pf.Answer))),
					p.proofOf("the preflight for "+method, pf),
					p.rawControl("the preflight for GET", p.leastPreflight(page)))}
			}
		}
	}
	if f := p.smallLetters(page, mode); f != nil {
		return f
	}
	// What browsers do not put in capitals comes as the script has spelled it.
	upper, lower := p.preflight(page, asking(http.MethodPatch, mode)), p.preflight(page, asking("patch", mode))
	if !upper.Passed || upper.Answer == nil || lower.Passed || lower.Answer == nil || put.Answer == nil {
		return nil
	}
	echoed := []string{http.MethodPatch}
	if !slices.Equal(allowMethods(upper.Answer), echoed) || !slices.Equal(allowMethods(lower.Answer), echoed) || slices.Equal(allowMethods(put.Answer), echoed) {
		return nil
	}
	return []Finding{p.finding(Fragile, Proven, page,
		`A page that writes method: "patch" is blocked, though the server says yes: it answers PATCH, and browsers compare byte for byte.`,
		`Compare methods byte for byte, and refuse "patch"; have pages write PATCH in capitals.`,
		p.proofOf("the preflight for patch", lower), p.controlOf("the preflight for PATCH", upper))}
}

// smallLetters is a finding if the server says no to a method, and yes to the same
// in small letters, which no browser asks for.
func (p *prober) smallLetters(page string, mode fetch.CredentialsMode) []Finding {
	ask := func(method string) *answer {
		return p.raw(http.MethodOptions, p.subject.Request.URL, http.Header{"Origin": {page}, "Access-Control-Request-Method": {method}})
	}
	allows := func(method string) bool {
		a := ask(method)
		return a.Status != 0 && obstacleOf(&a.Exchange) == clear && namesPage(a.ResponseHeader, page) && slices.Contains(allowMethods(&a.Exchange), method)
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
		lower := strings.ToLower(method)
		pf, isRefused := p.refuses(page, asking(method, mode), fetch.ErrMethodDisallowedByPreflightResponse)
		if !isRefused || !allows(lower) || allows("corsfetch") {
			continue
		}
		return []Finding{p.finding(Broken, Proven, page,
			fmt.Sprintf("A %s is never sent: the server allows %q alone, and compares byte for byte.", method, lower),
			"Access-Control-Allow-Methods: "+method+", and in capitals where methods are configured.",
			p.proofOf("the preflight for "+method, pf),
			p.rawControl("the preflight for "+lower+", which no browser sends", ask(lower)))}
	}
	return nil
}
