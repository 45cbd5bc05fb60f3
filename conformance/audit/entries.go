package audit

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/safelist"
)

// unrecognized are the declared pages to which the server answers with success as
// if it did not know them, each with what it is answered.
func (p *prober) unrecognized() (pages []string, results []*fetchtest.Result) {
	for _, page := range p.declared() {
		got := p.get(page, fetch.CredentialsInclude)
		var x *fetchtest.Exchange
		switch got.Reason {
		case fetch.ErrMissingAllowOriginHeader:
			if x = final(got); isRedirected(got) {
				continue
			}
		case fetch.ErrPreflightMissingAllowOriginHeader: // which may be the preflight's fault
			x = &p.rawOrigin(http.MethodGet, page).Exchange
		}
		if x == nil || len(allowOrigin(x.ResponseHeader)) > 0 {
			continue
		}
		if _, isTurnedAway := p.withoutOrigin(x); !isTurnedAway && !safelist.IsOKStatus(x.Status) || p.isErratic() {
			continue
		}
		pages, results = append(pages, page), append(results, got)
	}
	return pages, results
}

// isRedirected reports whether a fetch was led elsewhere.
func isRedirected(got *fetchtest.Result) bool {
	n := 0
	for i := range got.Wire {
		if !got.Wire[i].Preflight {
			n++
		}
	}
	return n > 1
}

// isErratic reports whether the same request is answered differently, so that no
// two answers can be compared.
func (p *prober) isErratic() bool { return len(p.trustNondeterministic()) > 0 }

// configUnreachableEntry: F70. Other ports and schemes of the resource's own host
// are found by [prober.configSchemeBlind].
func (p *prober) configUnreachableEntry() []Finding {
	var found []Finding
	pages, results := p.unrecognized()
	for i, page := range pages {
		if hostOf(page) == p.url.Hostname() {
			continue
		}
		confidence, evidence := Likely, []Evidence{p.proof(asPage(page, fetch.CredentialsInclude), results[i])}
		why := "the server does not recognize what its browsers send as Origin"
		fix := fmt.Sprintf("Have the list of origins say %s, as browsers write it: lower case, no default port, no slash at the end.", page)
		if pf := p.preflight(page, p.writing(page, http.MethodPut, fetch.CredentialsInclude)); pf.Answer != nil && slices.Equal(allowOrigin(pf.Answer.ResponseHeader), []string{page}) {
			why = "the server recognizes it in preflights alone"
			fix = "Have what answers preflights go by the same list as what answers GET, whichever methods are allowed."
			evidence = append(evidence, p.control(page+" asks whether it may PUT", pf.Result))
		}
		for _, other := range misspellings(page) {
			if a := p.rawAs(page, other); len(allowOrigin(a.ResponseHeader)) > 0 {
				confidence, evidence = Proven, append(evidence, p.rawProof("Origin: "+other+", which no browser sends", a))
				fix = fmt.Sprintf("The list has %s. Write %s: a browser's Origin has lower case, no default port and no slash at the end.", other, page)
				break
			}
		}
		found = append(found, p.finding(Broken, confidence, page,
			fmt.Sprintf("%s is meant to read this and cannot, for %s.", page, why),
			fmt.Sprintf("%s Answer it \"Access-Control-Allow-Origin: %s\".", fix, page),
			append(evidence, p.control("the resource's own page", p.ownAnswer(fetch.CredentialsInclude)))...,
		))
	}
	return found
}

// misspellings are ways to write an origin that browsers do not have, and lists
// do.
func misspellings(page string) []string {
	scheme, host, _ := strings.Cut(page, "://")
	all := []string{page + "/", host, scheme + "://" + strings.ToUpper(host[:1]) + host[1:], scheme + "://" + strings.ToUpper(host), strings.ToUpper(page)}
	if !strings.Contains(strings.Trim(host, "[]"), ":") {
		all = append(all, page+map[string]string{"http": ":80", "https": ":443"}[scheme])
	}
	if shown, err := idna.ToUnicode(host); err == nil && shown != host {
		all = append(all, scheme+"://"+shown)
	}
	return all
}

// configSchemeBlind: F71.
func (p *prober) configSchemeBlind() []Finding {
	var found []Finding
	pages, results := p.unrecognized()
	for i, page := range pages {
		if hostOf(page) != p.url.Hostname() {
			continue
		}
		confidence, stranger := Likely, p.get(p.stranger(), fetch.CredentialsInclude)
		if x, y := final(stranger), final(results[i]); x != nil && y != nil && x.Status != y.Status {
			confidence = Proven // it is not taken for a stranger
		}
		found = append(found, p.finding(Broken, confidence, page,
			fmt.Sprintf("%s is meant to read this and cannot: to browsers another scheme or port is another origin, which needs Access-Control-Allow-Origin.", page),
			fmt.Sprintf("Compare the whole origin, with scheme and port (behind a proxy, the scheme that the user sees), before calling it the same. "+
				"Answer \"Access-Control-Allow-Origin: %s\".", page),
			p.proof(asPage(page, fetch.CredentialsInclude), results[i]),
			p.control("the resource's own page", p.ownAnswer(fetch.CredentialsInclude)),
			p.control(asPage(p.stranger(), fetch.CredentialsInclude), stranger),
		))
	}
	return found
}

// urlMixedContent: F75.
func (p *prober) urlMixedContent() []Finding {
	var found []Finding
	for _, page := range p.declared() {
		got := p.get(page, fetch.CredentialsInclude)
		if got.Reason != fetch.ErrMixedContent {
			continue
		}
		found = append(found, p.finding(Broken, Proven, page,
			"The browser does not ask at all: a page that came by https fetches nothing by http, whatever the server would answer.",
			fmt.Sprintf("Serve it by https, and have the page ask for https%s.", strings.TrimPrefix(p.subject.Request.URL, p.url.Scheme())),
			p.proof(asPage(page, fetch.CredentialsInclude), got),
			p.control("the resource's own page", p.ownAnswer(fetch.CredentialsInclude)),
		))
	}
	return found
}
