package audit

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/safelist"
)

// asked are the exchanges of a fetch that are no preflights and were answered.
func asked(got *fetchtest.Result) []fetchtest.Exchange {
	return slices.DeleteFunc(slices.Clone(got.Wire), func(x fetchtest.Exchange) bool { return x.Preflight || x.Status == 0 })
}

// isRedirect reports whether an exchange leads elsewhere.
func isRedirect(x *fetchtest.Exchange) bool {
	return safelist.IsRedirectStatus(x.Status) && x.ResponseHeader["Location"] != nil
}

// astray is the fetch of a page that is led elsewhere and ends there, or on the
// way: with credentials or without, whichever comes farther. ok is false if there
// is none, or if the page reads all the same.
func (p *prober) astray(page string) (mode fetch.CredentialsMode, got *fetchtest.Result, ok bool) {
	for _, m := range []fetch.CredentialsMode{fetch.CredentialsInclude, fetch.CredentialsOmit} {
		theirs := p.get(page, m)
		way := asked(theirs)
		if canRead(theirs) && (theirs.Response.Status < 400 || len(way) > 1) {
			return "", nil, false
		}
		if len(way) > 0 && isRedirect(&way[0]) && !canRead(theirs) && (!ok || len(way) > len(asked(got))) {
			mode, got, ok = m, theirs, true
		}
	}
	return mode, got, ok
}

// refuser is the exchange by which a fetch was refused.
func refuser(got *fetchtest.Result) *fetchtest.Exchange {
	for i := len(got.Wire) - 1; i >= 0; i-- {
		if x := &got.Wire[i]; x.Status != 0 && x.Preflight == (got.Stage == fetch.StagePreflight) {
			return x
		}
	}
	return nil
}

// refusedAstray is astray of a page that is refused, with the exchange by which it
// is; nil if there is none.
func (p *prober) refusedAstray(page string) (fetch.CredentialsMode, *fetchtest.Result, *fetchtest.Exchange) {
	mode, got, ok := p.astray(page)
	if !ok || !isRefused(got) {
		return "", nil, nil
	}
	return mode, got, refuser(got)
}

// redirectNoOptIn: F61. What is written wrong is found as that, and what only a
// page that comes from elsewhere is refused, too.
func (p *prober) redirectNoOptIn() []Finding {
	if !p.isNamed {
		return nil
	}
	for _, page := range p.trusted {
		mode, got, x := p.refusedAstray(page)
		if x == nil || spellingOf(allowOrigin(x.ResponseHeader), page) != valid || p.isTainted(page, x) {
			continue
		}
		where := "the answer to where it leads"
		if got.Stage == fetch.StageRedirect {
			where = "the redirect"
		}
		return []Finding{p.finding(Broken, Proven, page,
			fmt.Sprintf("The page is led to another URL, and %s (%d of %s) does not let it read: each answer on the way has to.", where, x.Status, x.URL),
			fmt.Sprintf("Send %s with redirects and at their ends, as with all other answers; or have the page ask for the last URL itself.", grantTo(page)),
			p.proof(asPage(page, mode), got),
			p.control("the resource's own page", p.ownAnswer(mode)),
		)}
	}
	return nil
}

// isTainted reports whether x refuses a page for coming by way of a second origin,
// which makes its Origin null, and would not otherwise.
func (p *prober) isTainted(page string, x *fetchtest.Exchange) bool {
	return x.RequestHeader.Get("Origin") == "null" && canRead(p.direct(page, x.URL))
}

// direct is what a page gets from a URL to which it is not led: with credentials
// or, if it must not read that, without.
func (p *prober) direct(page, url string) *fetchtest.Result {
	r := p.resource(page, fetch.CredentialsInclude)
	r.URL = url
	if originOf(url) != p.origin {
		r.Header = p.headersOf("null")
	}
	if got := p.fetch(page, r); canRead(got) {
		return got
	}
	r.Credentials = fetch.CredentialsOmit
	return p.fetch(page, r)
}

// redirectNullOrigin: F62.
func (p *prober) redirectNullOrigin() []Finding {
	if !p.isNamed {
		return nil
	}
	for _, page := range p.trusted {
		mode, got, x := p.refusedAstray(page)
		if x == nil || !p.isTainted(page, x) {
			continue
		}
		return []Finding{p.finding(Broken, Proven, page,
			fmt.Sprintf("The redirect leads from one foreign origin to another, so that browsers say Origin: null to %s, which lets %s read, and not null.", x.URL, page),
			fmt.Sprintf(`Answer without the redirect, or have the page ask for %s itself; if that is public, have it say "Access-Control-Allow-Origin: *". Never allow null: any web site can be that.`, x.URL),
			p.proof(asPage(page, mode), got),
			p.control(page+" asks for "+x.URL+" itself", p.direct(page, x.URL)),
		)}
	}
	return nil
}

// redirectDrops: F63.
func (p *prober) redirectDrops() []Finding {
	if found := p.dropsUserinfo(); found != nil {
		return found
	}
	if found := p.dropsToken(); found != nil {
		return found
	}
	return p.dropsMethod()
}

// dropsUserinfo is the finding of a redirect to a URL with a user in it.
func (p *prober) dropsUserinfo() []Finding {
	for _, page := range p.trusted {
		mode, got, ok := p.astray(page)
		if !ok || !p.isNamed || got.Reason != fetch.ErrRedirectContainsCredentials {
			continue
		}
		return []Finding{p.finding(Fragile, Proven, page,
			"Browsers follow no redirect of another origin to a URL with a user or password in it: the page learns of a failed fetch.",
			"Take the user and password out of Location.",
			p.proof(asPage(page, mode), got),
			p.control("the resource's own page", p.ownAnswer(mode)),
		)}
	}
	return nil
}

// dropsToken is the finding of a redirect to an origin that wants the token that
// browsers take off on the way.
func (p *prober) dropsToken() []Finding {
	for _, page := range p.trusted {
		mode, got := p.read(page)
		way := asked(got)
		for i := 1; i < len(way); i++ {
			before, after := &way[i-1], &way[i]
			if before.RequestHeader["Authorization"] == nil || after.RequestHeader["Authorization"] != nil || after.Status != http.StatusUnauthorized && after.Status != http.StatusForbidden {
				continue
			}
			return []Finding{p.finding(Fragile, Proven, page,
				fmt.Sprintf("Browsers take Authorization off where a redirect leads to another origin: %s does not learn who asks, and answers %d.", after.URL, after.Status),
				"Answer without the redirect, or redirect to a URL that carries its own, short-lived permission.",
				p.proof(asPage(page, mode), got),
			)}
		}
	}
	return nil
}

// dropsMethod is the finding of a redirect to another spelling of the URL, by a
// status that makes a POST a GET. That it is one for POST, too, shows if the audit
// may write.
func (p *prober) dropsMethod() []Finding {
	page := p.app()
	if page == "" {
		return nil
	}
	mode := p.appMode()
	post := p.writing(page, http.MethodPost, mode)
	post.Body = "{}"
	pf := p.preflight(page, post)
	if !pf.Passed {
		return nil
	}
	confidence, got := Hint, p.get(page, mode)
	if p.guard.options.Writes {
		post.URL = p.subject.Request.URL
		confidence, got = Proven, p.fetch(page, post)
	}
	way := asked(got)
	if len(way) == 0 || !isRedirect(&way[0]) || way[0].Status >= http.StatusTemporaryRedirect {
		return nil
	}
	to, isSpelling := otherSpelling(&way[0])
	if !isSpelling {
		return nil
	}
	kept := http.StatusPermanentRedirect
	if way[0].Status != http.StatusMovedPermanently {
		kept = http.StatusTemporaryRedirect
	}
	return []Finding{p.finding(Fragile, confidence, page,
		fmt.Sprintf("After a redirect by %d browsers make a GET of a POST, without its body: it reads where it was to write.", way[0].Status),
		fmt.Sprintf("Redirect by %d, which keeps the method and the body, or have the page ask for %s itself.", kept, to),
		p.proof(page+" asks", got), p.controlOf("the preflight of "+page+" for a POST", pf),
	)}
}

// otherSpelling is where a redirect leads; ok is whether that is the same resource
// but for scheme, port or a slash, so that writing was not done before.
func otherSpelling(x *fetchtest.Exchange) (to string, ok bool) {
	base, err := weburl.Parse(x.URL, nil)
	if err != nil {
		return "", false
	}
	u, err := weburl.Parse(x.ResponseHeader.Get("Location"), base)
	if err != nil {
		return "", false
	}
	return u.String(), u.String() != base.String() && u.Hostname() == base.Hostname() && strings.TrimSuffix(u.Path(), "/") == strings.TrimSuffix(base.Path(), "/")
}
