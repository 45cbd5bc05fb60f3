package audit

import (
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// needsCookies reports whether the resource was seen to be refused to a user whose
// cookies are kept back, on its own pages.
func (p *prober) needsCookies() bool {
	user, nobody := final(p.ownAnswer(fetch.CredentialsInclude)), final(p.ownAnswer(fetch.CredentialsOmit))
	return user != nil && nobody != nil && user.RequestHeader["Cookie"] != nil && user.Status < 400 &&
		(nobody.Status == http.StatusUnauthorized || nobody.Status == http.StatusForbidden)
}

// hasTokenAlone reports whether what lets the user in is a header that the script
// sets, and no cookie is in play.
func (p *prober) hasTokenAlone() bool {
	own := final(p.ownAnswer(fetch.CredentialsInclude))
	if p.subject.Request.Header["Authorization"] == nil || own == nil || own.Status >= 400 || own.RequestHeader["Cookie"] != nil || own.ResponseHeader["Set-Cookie"] != nil {
		return false
	}
	nobody := final(p.withoutToken())
	return nobody != nil && nobody.Status == http.StatusUnauthorized
}

// withoutToken is what a page of the resource's own is answered that does not set
// the user's headers.
func (p *prober) withoutToken() *fetchtest.Result {
	r := p.subject.Request
	r.Header, r.Credentials = p.headersOf("null"), fetch.CredentialsOmit
	return p.fetch(p.origin, r)
}

// credCookieCannotTravel: F29.
func (p *prober) credCookieCannotTravel() []Finding {
	standard := p.under(fetch.Standard())
	defer standard.web.Close()
	for _, page := range p.trusted {
		got := standard.get(page, fetch.CredentialsInclude)
		x := final(got)
		if x == nil || !canRead(got) || !p.isCrossSite(page) || x.RequestHeader["Cookie"] != nil {
			continue
		}
		if value, _ := allowCredentials(x.ResponseHeader); value != "true" {
			continue
		}
		own := standard.ownAnswer(fetch.CredentialsInclude)
		confidence := Proven
		switch y := final(own); {
		case y == nil:
			continue
		case y.RequestHeader["Cookie"] != nil:
		case staysHome(y.ResponseHeader["Set-Cookie"]):
			confidence = Likely // it is the user's from then on
		default:
			continue
		}
		return []Finding{p.finding(Fragile, confidence, page,
			"What the page asks for with credentials arrives without the cookies, and is answered as nobody's: the page is of another site, and the cookies are not for such requests.",
			"Set the cookies with SameSite=None; Secure; Partitioned, host the page on the same site, or use a token in Authorization.",
			p.proof(asPage(page, fetch.CredentialsInclude), got),
			p.control("the resource's own page", own))}
	}
	return nil
}

// staysHome reports whether there are cookies in lines of Set-Cookie, and none of
// them goes along with what pages of other sites ask for.
func staysHome(lines []string) bool {
	for _, line := range lines {
		if travels(line) {
			return false
		}
	}
	return len(lines) > 0
}

// travels reports whether the cookie of a line of Set-Cookie may go along with what
// pages of other sites ask for.
func travels(line string) bool {
	isNone, isSecure := false, false
	_, attributes, _ := strings.Cut(line, ";")
	for attribute := range strings.SplitSeq(attributes, ";") {
		name, value, _ := strings.Cut(attribute, "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "samesite":
			isNone = strings.EqualFold(strings.TrimSpace(value), "none")
		case "secure":
			isSecure = true
		}
	}
	return isNone && isSecure
}
