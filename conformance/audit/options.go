package audit

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/safelist"
)

// preflightSideEffects: F42.
func (p *prober) preflightSideEffects() []Finding {
	page := p.app()
	if page == "" || !p.knowsPreflights(page) {
		return nil
	}
	least := p.leastPreflight(page)
	plain := p.raw(http.MethodGet, p.subject.Request.URL, nil)
	fix := "Answer preflights with status 204 and no body before the handler is called; no session is begun for one."
	if safelist.IsOKStatus(plain.Status) && len(plain.Body) > 0 && least.Body == plain.Body {
		return []Finding{p.finding(Medium, Proven, page,
			"Each preflight, of whatever web site, has the resource do all that a GET does, and is answered with all of it: the work is done twice, and what it changes is changed before any page has leave.",
			fix, p.rawProof("a preflight, answered as a GET is", least), p.rawControl("a GET", plain))}
	}
	if least.ResponseHeader["Set-Cookie"] == nil {
		return nil
	}
	return []Finding{p.finding(Low, Likely, page,
		"Preflights have cookies set, as if they were visits: each begins a session that nobody will use, for browsers keep no cookie of a preflight.",
		fix, p.rawProof("a preflight", least), p.rawControl("a GET", plain))}
}

// preflightSwallowsOptions: F43. Where every answer has the headers of preflights,
// they do not show what it was taken for.
func (p *prober) preflightSwallowsOptions() []Finding {
	page := p.app()
	if page == "" || !p.knowsPreflights(page) || isPreflightAnswer(p.rawOrigin(http.MethodGet, page).ResponseHeader) {
		return nil
	}
	options := p.options(http.Header{"Origin": {page}})
	if !safelist.IsOKStatus(options.Status) || !isPreflightAnswer(options.ResponseHeader) {
		return nil
	}
	plain := p.options(nil)
	confidence := Proven
	if isPreflightAnswer(plain.ResponseHeader) {
		confidence = Likely // that there is something else to be answered
	}
	return []Finding{p.finding(Low, confidence, page,
		"An OPTIONS that is no preflight is answered as one, and never comes to the application, which might have told what it can do.",
		"Take for a preflight what has Origin and Access-Control-Request-Method, and pass on every other OPTIONS.",
		p.rawProof("an OPTIONS with Origin, and without Access-Control-Request-Method", options), p.rawControl("an OPTIONS without Origin", plain))}
}

// isPreflightAnswer reports whether a response has headers that are for preflights.
func isPreflightAnswer(h http.Header) bool {
	return h["Access-Control-Allow-Methods"] != nil || h["Access-Control-Allow-Headers"] != nil || h["Access-Control-Max-Age"] != nil
}

// preflightTooWide: F44. What anybody may do as nobody in particular needs no
// browser.
func (p *prober) preflightTooWide() []Finding {
	page, severity := p.stranger(), Medium
	ask := asking("CORSFETCH", fetch.CredentialsInclude, "X-Corsfetch-Unknown: 1")
	pf := p.preflight(page, ask)
	if !pf.Passed || pf.Answer == nil {
		page, severity = p.app(), Low
		if page == "" {
			return nil
		}
		pf = p.preflight(page, ask)
	}
	if !pf.Passed || pf.Answer == nil {
		return nil
	}
	control := p.control("without a preflight", p.get(page, fetch.CredentialsInclude))
	if stranger := p.stranger(); page != stranger {
		control = p.controlOf("the preflight of a stranger", p.preflight(stranger, ask))
	}
	return []Finding{p.finding(severity, Proven, page,
		"The page may send any method and any header with the user's cookies, known to the application or not: what is added later is open before anybody has decided so.",
		fmt.Sprintf("List what there is: Access-Control-Allow-Methods: %s, Access-Control-Allow-Headers: Content-Type, and what else the scripts set.", p.methodsToAllow(need{request: fetchtest.Request{}})),
		p.proofOf("the preflight for a CORSFETCH with X-Corsfetch-Unknown", pf), control)}
}

// amplified is how many names a preflight lists that is to learn whether the
// server minds.
const amplified = 160

// preflightAmplification: F46.
func (p *prober) preflightAmplification() []Finding {
	page := p.app()
	if page == "" || !p.knowsPreflights(page) {
		return nil
	}
	var many strings.Builder
	for i := range amplified {
		fmt.Fprintf(&many, ",x-corsfetch-%012d", i)
	}
	ask := func(list string) *answer {
		return p.raw(http.MethodOptions, p.subject.Request.URL, http.Header{
			"Origin": {page}, "Access-Control-Request-Method": {http.MethodGet}, "Access-Control-Request-Headers": {list},
		})
	}
	few := ask("x-corsfetch")
	for _, list := range []string{many.String()[1:], "x-corsfetch" + strings.Repeat(",", len(many.String())-1)} {
		a := ask(list)
		grown := size(a.ResponseHeader) - size(few.ResponseHeader)
		consequence := ""
		switch {
		case a.Status >= 500 && a.Status != http.StatusNotImplemented && few.Status < 500:
			consequence = fmt.Sprintf("A preflight with %d bytes of Access-Control-Request-Headers makes the server fail, with status %d, which whoever likes may send.", len(list), a.Status)
		case a.Status != 0 && grown > len(list)/2:
			consequence = fmt.Sprintf("Whatever Access-Control-Request-Headers has is sent back, here %d bytes: whoever likes makes the server read, keep and send as much as it takes.", grown)
		default:
			continue
		}
		return []Finding{p.finding(Low, Proven, page, consequence,
			"Look the names up in a list, refuse what is not on it or too long, and answer the list: Access-Control-Allow-Headers: Content-Type, Authorization, as the pages need.",
			p.rawProof(fmt.Sprintf("a preflight with %d bytes of Access-Control-Request-Headers", len(list)), shortened(a)),
			p.rawControl("a preflight with one name", few))}
	}
	return nil
}

// size is how many bytes the values of a header have.
func size(h http.Header) int {
	n := 0
	for _, lines := range h {
		for _, line := range lines {
			n += len(line)
		}
	}
	return n
}

// shortened is an answer whose long values are cut, for a report.
func shortened(a *answer) *answer {
	cut := func(h http.Header) http.Header {
		h = h.Clone()
		for _, lines := range h {
			for i, line := range lines {
				if len(line) > 100 {
					lines[i] = fmt.Sprintf("%s… (%d bytes)", line[:100], len(line))
				}
			}
		}
		return h
	}
	short := *a
	short.RequestHeader, short.ResponseHeader = cut(a.RequestHeader), cut(a.ResponseHeader)
	return &short
}
