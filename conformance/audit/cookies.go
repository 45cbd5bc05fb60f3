package audit

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// needsCookies reports whether the resource was seen to be refused to a user whose
// cookies are kept back, on its own pages, and nothing says that a token would do.
func (p *prober) needsCookies() bool {
	user, nobody := final(p.ownAnswer(fetch.CredentialsInclude)), final(p.ownAnswer(fetch.CredentialsOmit))
	return user != nil && nobody != nil && user.RequestHeader["Cookie"] != nil && user.Status < 400 &&
		(nobody.Status == http.StatusUnauthorized || nobody.Status == http.StatusForbidden) && !p.usesToken()
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

// credCookieCannotTravel: F29. Who has cookies that are partitioned knows of it; of
// which site a server will be that is on the user's own machine is not known.
func (p *prober) credCookieCannotTravel() []Finding {
	if isPrivate(p.url.Hostname()) {
		return nil
	}
	standard, firefox := p.under(fetch.Standard()), p.under(fetch.Firefox())
	defer standard.web.Close()
	defer firefox.web.Close()
	for _, page := range p.trusted {
		got := standard.get(page, fetch.CredentialsInclude)
		x, y := final(got), final(standard.ownAnswer(fetch.CredentialsInclude))
		if x == nil || y == nil || !canRead(got) || !p.isCrossSite(page) || standard.hasPartitioned() {
			continue
		}
		if value, _ := allowCredentials(x.ResponseHeader); value != "true" {
			continue
		}
		in, confidence := "", Proven
		switch {
		case x.RequestHeader["Cookie"] != nil:
			if theirs := final(firefox.get(page, fetch.CredentialsInclude)); theirs == nil || theirs.RequestHeader["Cookie"] != nil {
				continue
			}
			got, in = firefox.get(page, fetch.CredentialsInclude), ", in Firefox and wherever else sites are kept apart"
		case y.RequestHeader["Cookie"] != nil:
		case staysHome(y.ResponseHeader["Set-Cookie"]):
			confidence = Likely // it is the user's from then on
		default:
			continue
		}
		return []Finding{p.finding(Fragile, confidence, page,
			fmt.Sprintf("What the page asks for with credentials arrives without the cookies%s, and is answered as nobody's: the page is of another site, and the cookies are not for such requests.", in),
			`Host the page on the same site, use a token in Authorization, or have the user log in from within the page, by cookies with "SameSite=None; Secure; Partitioned".`,
			p.proof(asPage(page, fetch.CredentialsInclude), got),
			p.control("the resource's own page", standard.ownAnswer(fetch.CredentialsInclude)))}
	}
	return nil
}

// hasPartitioned reports whether the user has cookies that are for the pages of one
// site alone.
func (p *prober) hasPartitioned() bool {
	w := p.browser()
	return w.Browser.Jar == nil && slices.ContainsFunc(w.Browser.Cookies.Entries(w.Now()), func(c cookies.Entry) bool { return c.Partition != "" })
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
