package cookies

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A Jar has an [http.CookieJar] do what a [Store] does, for those who have
// cookies in one already. Its methods are those of a Store.
//
// A jar knows nothing of SameSite, partitions, HttpOnly and the time: a cookie
// goes wherever its URL says, as if it had SameSite=None. What holds still is
// what [Rules.ThirdParty] says; a jar is not divided by tabs, so
// ThirdPartyPartitioned is as ThirdPartyBlocked. A script sees no cookies and
// sets none, as the jar cannot say which are HttpOnly.
//
// It is safe for concurrent use if the jar is. The zero Jar has no cookies.
type Jar struct {
	Jar http.CookieJar
}

// Cookie returns the value of the Cookie header that the request is to have, or
// "" if it is to have none. The time is not used.
func (j Jar) Cookie(r Request, rules Rules, _ time.Time) string {
	u := j.url(&r)
	if u == nil || r.isThirdParty(rules, nil) && rules.ThirdParty > ThirdPartyUnset {
		return ""
	}
	var b strings.Builder
	for _, c := range j.Jar.Cookies(u) {
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		writePair(&b, c.Name, c.Value)
	}
	return b.String()
}

// SetCookies hands the values of Set-Cookie headers, one each, to the jar, those
// that net/http can parse. The time is not used.
func (j Jar) SetCookies(r Request, headers []string, rules Rules, _ time.Time) {
	u := j.url(&r)
	if u == nil || len(headers) == 0 || r.isThirdParty(rules, nil) && rules.ThirdParty != ThirdPartySent {
		return
	}
	in := http.Response{Header: http.Header{"Set-Cookie": headers}}
	if cookies := in.Cookies(); len(cookies) > 0 {
		j.Jar.SetCookies(u, cookies)
	}
}

// url returns the current URL as net/url has it, or nil if it has no cookies
// for r.
func (j Jar) url(r *Request) *url.URL {
	if j.Jar == nil || r.Script || !r.hasCookies() {
		return nil
	}
	u, err := url.Parse(r.currentURL().WithoutCredentials().WithoutFragment().String())
	if err != nil {
		return nil
	}
	return u
}
