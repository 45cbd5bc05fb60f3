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

// preflightListSyntax: F40.
func (p *prober) preflightListSyntax() []Finding {
	page := p.app()
	if page == "" {
		return nil
	}
	mode := p.appMode()
	for _, ask := range []fetchtest.Request{asking(http.MethodPut, mode), asking(http.MethodPost, mode, "Content-Type: application/json"), p.need(page, mode).request} {
		pf := p.preflight(page, ask)
		if pf.Reason != fetch.ErrInvalidAllowMethodsPreflightResponse && pf.Reason != fetch.ErrInvalidAllowHeadersPreflightResponse {
			continue
		}
		value, _ := safelist.Get(pf.Answer.ResponseHeader[pf.Header])
		return []Finding{p.finding(Broken, Proven, page,
			fmt.Sprintf("Nothing that has a preflight is ever sent: %s is %q, which is no list, and then browsers refuse all.", pf.Header, value),
			pf.Header+": "+relisted(value),
			p.proofOf("the preflight of "+page, pf),
			p.rawControl("the preflight for GET", p.leastPreflight(page)))}
	}
	got := p.get(page, mode)
	x := final(got)
	if x == nil || !canRead(got) {
		return nil
	}
	lines := x.ResponseHeader["Access-Control-Expose-Headers"]
	if _, ok := safelist.ExtractTokens(lines); ok {
		return nil
	}
	value, _ := safelist.Get(lines)
	return []Finding{p.finding(Broken, Proven, page,
		fmt.Sprintf("The page sees none of the headers that are meant for it: Access-Control-Expose-Headers is %q, which is no list, and then browsers expose nothing of it.", value),
		"Access-Control-Expose-Headers: "+relisted(value),
		p.proof(asPage(page, mode), got))}
}

// relisted is the list that something is meant to be: all words in it, with commas
// between.
func relisted(value string) string {
	var words []string
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return r >= 0x80 || !safelist.IsToken(string(r)) }) {
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return join(words)
}

// preflightMeaninglessNames: F45.
func (p *prober) preflightMeaninglessNames() []Finding {
	page := p.app()
	if page == "" {
		return nil
	}
	mode := p.appMode()
	for _, ask := range []fetchtest.Request{asking(http.MethodPut, mode), asking(http.MethodPost, mode, "Content-Type: application/json"), p.need(page, mode).request} {
		pf := p.preflight(page, ask)
		if pf.Answer == nil || !namesPage(pf.Answer.ResponseHeader, page) {
			continue
		}
		methods := slices.DeleteFunc(allowMethods(pf.Answer), func(m string) bool { return !safelist.IsForbiddenMethod(m) })
		headers := slices.DeleteFunc(allowHeaders(pf.Answer), func(name string) bool { return !isMeaningless(name) })
		meaningless := slices.Concat(methods, headers)
		if len(meaningless) == 0 {
			continue
		}
		return []Finding{p.finding(Info, Proven, page,
			fmt.Sprintf("It means nothing to allow %s: what scripts cannot set stays forbidden, and what belongs in responses no page has a use for.", join(meaningless)),
			strings.Join(slices.Concat(withoutNames("Access-Control-Allow-Methods", pf.Answer, methods), withoutNames("Access-Control-Allow-Headers", pf.Answer, headers)), "; "),
			p.proofOf("the preflight of "+page, pf), p.withoutPreflight(page, mode))}
	}
	return nil
}

// isMeaningless reports whether to allow a request header means nothing: scripts
// cannot set it, or it is one of responses.
func isMeaningless(name string) bool {
	return safelist.IsForbiddenRequestHeader(name, "") || strings.HasPrefix(strings.ToLower(name), "access-control-")
}

// withoutNames is what to do to a header of an answer to take names off, if there
// are any.
func withoutNames(header string, x *fetchtest.Exchange, names []string) []string {
	if len(names) == 0 {
		return nil
	}
	listed, _ := safelist.ExtractTokens(x.ResponseHeader[header])
	listed = slices.DeleteFunc(listed, func(name string) bool { return slices.Contains(names, name) })
	if len(listed) == 0 {
		return []string{"leave out " + header}
	}
	return []string{header + ": " + join(listed)}
}
