package audit

import (
	"fmt"
	"net/http"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// apart is the round of requests that are to be like others but for one header,
// so that no answer to another of the guard's likes is taken for theirs.
const apart = -1

// isRefusal reports whether a status says that who asks may not, or not so. That
// of too many requests is none.
func isRefusal(status int) bool {
	return status >= 400 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests
}

// withoutOrigin sends what x was, without Origin, and reports whether that was all
// it was refused for.
func (p *prober) withoutOrigin(x *fetchtest.Exchange) (*answer, bool) {
	if !isRefusal(x.Status) || x.RequestHeader["Origin"] == nil {
		return nil, false
	}
	h := x.RequestHeader.Clone()
	h.Del("Origin")
	a := p.send(x.Method, x.URL, h, &lane{round: apart})
	return a, a.Status > 0 && a.Status < 400
}

// sameOriginBlocked: F69. A page's GET of its own origin says no Origin; that it is
// refused if it did is a sign of what becomes of its POST.
func (p *prober) sameOriginBlocked() []Finding {
	own := p.ownAnswer(fetch.CredentialsInclude)
	x := final(own)
	if x == nil || p.isErratic() {
		return nil
	}
	consequence := "The resource's own pages are refused: a browser has their POST and PUT say Origin, which is their own and stands on no list."
	fix := fmt.Sprintf("Let %s pass as if it were not there: what is asked from the same origin is no matter of CORS, and CORS is no reason for a status.", "\"Origin: "+p.origin+"\"")
	if p.guard.options.Writes {
		r := p.writing(p.origin, http.MethodPost, fetch.CredentialsInclude)
		r.URL, r.Body = p.subject.Request.URL, "{}"
		got := p.fetch(p.origin, r)
		if y := final(got); y != nil {
			if a, isTurnedAway := p.withoutOrigin(y); isTurnedAway {
				return []Finding{p.finding(Broken, Proven, p.origin, consequence, fix,
					p.proof("its own page posts", got), p.rawControl("the same without Origin", a))}
			}
			return nil
		}
	}
	h := x.RequestHeader.Clone()
	h.Set("Origin", p.origin)
	asked := p.send(x.Method, x.URL, h, &lane{round: apart})
	a, isTurnedAway := p.withoutOrigin(&asked.Exchange)
	if !isTurnedAway {
		return nil
	}
	return []Finding{p.finding(Broken, Likely, p.origin, consequence, fix,
		p.rawProof("Origin: "+p.origin, asked), p.rawControl("the same without Origin", a))}
}

// policyAsAccessControl: F76.
func (p *prober) policyAsAccessControl() []Finding {
	page := p.stranger()
	got := p.get(page, fetch.CredentialsInclude)
	x := final(got)
	if x == nil || isRedirected(got) || p.isErratic() {
		return nil
	}
	a, isTurnedAway := p.withoutOrigin(x)
	if !isTurnedAway {
		return nil
	}
	return []Finding{p.finding(Low, Proven, page,
		fmt.Sprintf("Pages that are not on the list get status %d, and whoever leaves Origin out gets %d: it keeps nobody out but browsers, "+
			"which would have kept the page from reading anyway, and it breaks forms and tools that say Origin.", x.Status, a.Status),
		"Answer as if Origin were not there, without Access-Control-Allow-Origin, and have the browser block. Who may have the data is for authentication to say; "+
			"against forged writes look at Sec-Fetch-Site.",
		p.proof(asPage(page, fetch.CredentialsInclude), got),
		p.rawControl("the same without Origin", a),
	)}
}
