package audit

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/safelist"
)

// An obstacle is what keeps all preflights of a page from passing, whatever they
// ask for.
type obstacle int

const (
	clear     obstacle = iota
	asksWho            // the server wants to know who the user is
	unrouted           // nobody there knows of preflights
	redirects          // it is sent elsewhere
)

// obstacleOf is what stands in the way by an answer to a preflight.
func obstacleOf(x *fetchtest.Exchange) obstacle {
	switch {
	case isRedirect(x):
		return redirects
	case x.Status == http.StatusUnauthorized, x.Status == http.StatusForbidden, x.Status == http.StatusProxyAuthRequired, x.ResponseHeader["Www-Authenticate"] != nil:
		return asksWho
	case !safelist.IsOKStatus(x.Status), allowOrigin(x.ResponseHeader) == nil:
		return unrouted
	}
	return clear
}

// leastPreflight is the answer to a preflight for what needs no leave: a GET without
// headers. No page sends it. A server that refuses it refuses preflights.
func (p *prober) leastPreflight(page string) *answer {
	return p.raw(http.MethodOptions, p.subject.Request.URL, http.Header{"Origin": {page}, "Access-Control-Request-Method": {http.MethodGet}})
}

// knowsPreflights reports whether the server answers a page's preflights as such,
// whatever it allows.
func (p *prober) knowsPreflights(page string) bool {
	a := p.leastPreflight(page)
	return a.Status != 0 && obstacleOf(&a.Exchange) == clear && namesPage(a.ResponseHeader, page)
}

// namesPage reports whether a response names a page as one that may read, or all.
func namesPage(h http.Header, page string) bool {
	value, _ := safelist.Get(allowOrigin(h))
	return value == page || value == "*"
}

// obstructed is a finding if an obstacle is what keeps the app's preflights from
// passing, though the app is let in otherwise. unneeded is its severity if nothing
// is known that needs a preflight.
func (p *prober) obstructed(by obstacle, unneeded Severity, consequence func(n need, x *fetchtest.Exchange) (consequence, fix string)) []Finding {
	page := p.app()
	if page == "" {
		return nil
	}
	mode := p.appMode()
	plain := p.rawOrigin(http.MethodGet, page)
	n := p.need(page, mode)
	pf, least := p.preflight(page, n.request), p.leastPreflight(page)
	if by == redirects {
		plain = p.redirected(page, plain)
	}
	if _, got := p.read(page); !canRead(got) && !namesPage(plain.ResponseHeader, page) {
		return nil
	}
	if pf.Answer == nil || pf.Passed || least.Status == 0 || obstacleOf(pf.Answer) != by || obstacleOf(&least.Exchange) != by || !p.isSteady(page, n.request, pf.Reason) {
		return nil
	}
	severity := Broken
	if n.confidence == Hint {
		if severity = unneeded; !p.isNamed {
			return nil // it may well be for reading alone
		}
	}
	says, fix := consequence(n, pf.Answer)
	evidence := []Evidence{p.proofOf("the preflight of "+page+": "+n.String(), pf)}
	if got := p.get(page, mode); canRead(got) {
		evidence = append(evidence, p.control(asPage(page, mode), got))
	} else {
		evidence = append(evidence, p.rawControl("Origin: "+page+", without a preflight", plain))
	}
	return []Finding{p.finding(severity, n.confidence, page, says, fix, evidence...)}
}

// preflightAuth: F33.
func (p *prober) preflightAuth() []Finding {
	return p.obstructed(asksWho, Broken, func(n need, x *fetchtest.Exchange) (string, string) {
		return fmt.Sprintf("%s is never sent: browsers send preflights without cookies and without Authorization, and this one is answered with status %d.", n, x.Status),
			fmt.Sprintf(`Answer preflights before it is asked who the user is: put CORS outside authentication. It is not enough to let every OPTIONS through; a preflight has Origin and Access-Control-Request-Method, and is answered with status 204, "Access-Control-Allow-Origin: %s", "Access-Control-Allow-Methods" and "Access-Control-Allow-Headers".`, p.app())
	})
}

// preflightRoute: F34.
func (p *prober) preflightRoute() []Finding {
	return p.obstructed(unrouted, Fragile, func(n need, x *fetchtest.Exchange) (string, string) {
		how := fmt.Sprintf("with status %d", x.Status)
		if safelist.IsOKStatus(x.Status) {
			how = "without Access-Control-Allow-Origin"
		}
		return fmt.Sprintf("%s is never sent: the preflight before it is answered %s, as if it were any OPTIONS.", n, how),
			fmt.Sprintf(`Have CORS before the router, not at single methods of it. To a preflight of %s answer status 204 with "Access-Control-Allow-Origin: %s" and "Access-Control-Allow-Methods: %s".`, p.app(), p.app(), p.methodsToAllow(n))
	})
}

// redirected is what a page is answered where a redirect leads.
func (p *prober) redirected(page string, a *answer) *answer {
	if obstacleOf(&a.Exchange) != redirects {
		return a
	}
	to := p.at(a.ResponseHeader.Get("Location"))
	if to == "" {
		return a
	}
	return p.raw(http.MethodGet, to, http.Header{"Origin": {page}})
}

// methodsToAllow are the methods that a page wants to be allowed, as a list.
func (p *prober) methodsToAllow(n need) string {
	methods := []string{http.MethodGet}
	for _, method := range append(p.routed(), methodOf(n.request.Method)) {
		if !slices.Contains(methods, method) && method != http.MethodOptions && method != http.MethodHead && !safelist.IsForbiddenMethod(method) {
			methods = append(methods, method)
		}
	}
	return join(methods)
}

// preflightRedirect: F35.
func (p *prober) preflightRedirect() []Finding {
	return p.obstructed(redirects, Broken, func(n need, x *fetchtest.Exchange) (string, string) {
		to := x.ResponseHeader.Get("Location")
		return fmt.Sprintf("%s is never sent: the preflight before it is redirected to %s, and no browser follows that.", n, to),
			fmt.Sprintf(`Answer preflights before redirecting: status 204 with "Access-Control-Allow-Origin: %s". Give clients the final URL: %s`, p.app(), p.at(to))
	})
}

// refuses reports whether a page's preflight for ask is answered as such, and does
// not pass for that reason, if it is one. A status, or an answer without
// Access-Control-Allow-Origin, is how some servers say no; they are asked again,
// for others answer so by chance.
func (p *prober) refuses(page string, ask fetchtest.Request, reason fetch.Reason) (preflight, bool) {
	pf := p.preflight(page, ask)
	if pf.Answer == nil || pf.Passed || !p.knowsPreflights(page) {
		return pf, false
	}
	switch pf.Reason {
	case reason:
		return pf, true
	case fetch.ErrPreflightMissingAllowOriginHeader, fetch.ErrPreflightInvalidStatus:
		return pf, p.isSteady(page, ask, pf.Reason)
	}
	return pf, false
}

// isSteady reports whether a preflight is refused for the same reason when it is
// asked for again, and again.
func (p *prober) isSteady(page string, ask fetchtest.Request, reason fetch.Reason) bool {
	return p.preflightAgain(page, ask, 1).Reason == reason && p.preflightAgain(page, ask, 2).Reason == reason
}
