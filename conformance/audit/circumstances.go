package audit

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// isLoopback reports whether a host is this machine, by its name.
func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}

// isPrivate reports whether a host is this machine or in a network of its own, by
// its name.
func isPrivate(host string) bool {
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return isLoopback(host) || err == nil && fetch.AddressSpaceOf(addr) != fetch.AddressSpacePublic
}

// circumstances are those of a finding about a page.
func (p *prober) circumstances(page string) circumstances {
	is := circumstances{isPrivate: isPrivate(p.url.Hostname()), isSensitive: p.isSensitive(), isPublic: p.isPublic()}
	if strings.HasPrefix(page, "http://") {
		is.isSTS = p.isSTS(hostOf(page))
	}
	return is
}

// ownAnswer is what a page of the resource's own origin is answered, who has no
// need of CORS.
func (p *prober) ownAnswer(mode fetch.CredentialsMode) *fetchtest.Result {
	return p.get(p.origin, mode)
}

// isSensitive reports whether the response says that it is for one user alone, or
// has something like a token.
func (p *prober) isSensitive() bool {
	got := p.ownAnswer(fetch.CredentialsInclude)
	x := final(got)
	if x == nil || x.Status >= 400 {
		return false
	}
	control := strings.ToLower(strings.Join(x.ResponseHeader["Cache-Control"], ","))
	if strings.Contains(control, "private") || strings.Contains(control, "no-store") {
		return true
	}
	body := strings.ToLower(got.Response.Body)
	return slices.ContainsFunc([]string{"csrf", "xsrf", "access_token", "api_key", "apikey", "\"token\"", "secret"}, func(s string) bool {
		return strings.Contains(body, s)
	})
}

// isPublic reports whether the resource was seen to be the same for the user and
// for nobody in particular. Of a user of whom nothing is known that was not seen.
func (p *prober) isPublic() bool {
	ask := p.subject.Request
	ask.Header, ask.Credentials = p.headersOf("null"), fetch.CredentialsOmit
	user, nobody := p.ownAnswer(fetch.CredentialsInclude), p.fetch(p.origin, ask)
	x, y := final(user), final(nobody)
	if x == nil || y == nil || p.isSensitive() {
		return false
	}
	knowsUser := x.RequestHeader["Cookie"] != nil || x.RequestHeader["Authorization"] != nil
	return knowsUser && x.ResponseHeader["Set-Cookie"] == nil && x.Status == y.Status && x.Status < 400 && user.Response.Body == nobody.Response.Body
}

// isSTS reports whether a host is spoken to by https alone, as far as the
// resource's own answers tell.
func (p *prober) isSTS(host string) bool {
	x := final(p.ownAnswer(fetch.CredentialsInclude))
	if x == nil || p.url.Scheme() != "https" {
		return false
	}
	value := strings.ToLower(x.ResponseHeader.Get("Strict-Transport-Security"))
	if value == "" || strings.Contains(strings.ReplaceAll(value, " ", ""), "max-age=0") {
		return false
	}
	own := p.url.Hostname()
	return host == own || strings.Contains(value, "includesubdomains") && strings.HasSuffix(host, "."+own)
}

// asUser is a capability, or what is left of it if the browser does not say who
// the user is to what that page asks, or if that is not enough.
func (p *prober) asUser(c capability, got *fetchtest.Result) capability {
	own, x := final(p.ownAnswer(fetch.CredentialsInclude)), final(got)
	if own == nil || x == nil {
		return c
	}
	isNobody := own.RequestHeader["Cookie"] != nil && x.RequestHeader["Cookie"] == nil
	isRefused := own.Status < 400 && x.Status >= 400
	if isNobody || isRefused {
		return c - (readsAsUser - reads)
	}
	return c
}
