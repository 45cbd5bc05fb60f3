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

// nonsense is the body of what an audit writes: JSON that means nothing.
const nonsense = `{"corsfetch":"audit"}`

// writeSimple: F30. What everybody may write, a forged request is not needed for.
func (p *prober) writeSimple() []Finding {
	page := p.stranger()
	for _, contentType := range []string{"text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=corsfetch"} {
		ask := asking(http.MethodPost, fetch.CredentialsInclude, "Content-Type: "+contentType)
		ask.URL, ask.Body = p.subject.Request.URL, nonsense
		user := p.fetch(page, ask)
		x := final(user)
		if x == nil || x.Preflight || !safelist.IsOKStatus(x.Status) || x.RequestHeader["Cookie"] == nil {
			continue
		}
		ask.Credentials = fetch.CredentialsOmit
		nobody := p.fetch(page, ask)
		if y := final(nobody); y == nil || safelist.IsOKStatus(y.Status) {
			continue
		}
		return []Finding{p.finding(severityOf(writesAsUser, anyPage, p.circumstances(page)), Proven, page,
			fmt.Sprintf("Whatever web site the user visits has this POST carried out as the user: its Content-Type, %s, needs no preflight, and that the page cannot read the answer is too late.", contentType),
			`Refuse what is not "Content-Type: application/json" (status 415), and what has "Sec-Fetch-Site: cross-site" from a page that is not trusted; or ask for a token that only your own pages have.`,
			p.proof(page+" writes, with credentials", user),
			p.control(page+" writes, without credentials", nobody),
		)}
	}
	return nil
}

// tokenHeaders are request headers that servers take for a sign that a page of
// their own asks, as others cannot set them, and one that makes a method of another.
var tokenHeaders = []string{"X-CSRF-Token", "X-XSRF-Token", "X-Requested-With", "X-HTTP-Method-Override"}

// writeTokenOpened: F31. Who reads everything can write JSON as well: of that no
// more is said.
func (p *prober) writeTokenOpened() []Finding {
	page := p.stranger()
	headers := tokenHeaders
	if !p.readByAnyone(fetch.CredentialsInclude) {
		headers = append(slices.Clone(headers), "Content-Type")
	}
	for _, name := range headers {
		value := "application/json"
		if name != "Content-Type" {
			value = "corsfetch"
		}
		ask := asking(http.MethodPost, fetch.CredentialsInclude, name+": "+value)
		pf := p.preflight(page, ask)
		if !pf.Passed || pf.Answer == nil || !p.preflight(p.strangers()[1], ask).Passed {
			continue
		}
		ask.Header = http.Header{"X-Corsfetch": {"1"}}
		return []Finding{p.finding(
			severityOf(p.asUser(writesAsUser, p.get(page, fetch.CredentialsInclude)), anyPage, p.circumstances(page)), Proven, page,
			fmt.Sprintf("Whatever web site the user visits may send a POST with %s and the user's cookies: a server that takes that header for a sign of its own pages is deceived.", name),
			"Answer preflights by the same list of origins as all else. "+p.allowlist(),
			p.proofOf("the preflight of "+page+", for "+name, pf),
			p.controlOf("the preflight of "+page+", for a header without meaning", p.preflight(page, ask)),
		)}
	}
	return nil
}

// writeGuardConflict: F32.
func (p *prober) writeGuardConflict() []Finding {
	page := p.app()
	if page == "" || !p.isNamed {
		return nil
	}
	for _, method := range []string{http.MethodPut, http.MethodPost} {
		ask := p.writing(page, method, p.appMode())
		ask.URL, ask.Body = p.subject.Request.URL, nonsense
		own := p.fetch(p.origin, ask)
		if x := final(own); x == nil || !safelist.IsOKStatus(x.Status) {
			continue
		}
		got := p.fetch(page, ask)
		x := final(got)
		if x == nil || x.Status != http.StatusForbidden && x.Status != http.StatusUnauthorized || p.isCookieKept(own, got) {
			continue
		}
		return []Finding{p.finding(Broken, Proven, page,
			fmt.Sprintf("The preflight lets the page send a %s, and then something else on the server refuses it, with status %d, for coming from another origin.", method, x.Status),
			fmt.Sprintf("Have both go by one list of origins; in Go's net/http: AddTrustedOrigin(%q) on the CrossOriginProtection. A token against forged requests has to be one that %s can get.", page, page),
			p.proof(page+" sends a "+method, got),
			p.control("the resource's own page sends a "+method, own),
		)}
	}
	return nil
}

// isCookieKept reports whether the browser sends cookies with one fetch and not
// with the other.
func (p *prober) isCookieKept(own, got *fetchtest.Result) bool {
	x, y := final(own), final(got)
	return x.RequestHeader["Cookie"] != nil && strings.Join(x.RequestHeader["Cookie"], "; ") != strings.Join(y.RequestHeader["Cookie"], "; ")
}
