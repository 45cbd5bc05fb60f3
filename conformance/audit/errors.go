package audit

import (
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A mishap is a request that is likely to be answered by an error.
type mishap struct {
	what       string
	request    fetchtest.Request
	confidence Confidence // that the page makes it
}

// mishaps are those of a page that reads the resource with credentials by mode.
func (p *prober) mishaps(page string, mode fetch.CredentialsMode) []mishap {
	unknown := p.resource(page, fetch.CredentialsOmit)
	unknown.Header = p.headersOf("null")
	missing, unacceptable := p.resource(page, mode), p.resource(page, mode)
	missing.URL = p.missing()
	unacceptable.Header = unacceptable.Header.Clone()
	if unacceptable.Header == nil {
		unacceptable.Header = make(http.Header)
	}
	unacceptable.Header.Set("Accept", "application/x-corsfetch")
	all := []mishap{
		{"asks, and is not logged in", unknown, Proven},
		{"asks for what is not there", missing, Likely},
		{"asks for a type that there is not", unacceptable, Likely},
	}
	if p.guard.options.Writes {
		malformed := p.writing(page, http.MethodPost, mode)
		malformed.Body = "{"
		all = append(all, mishap{"sends what is no JSON", malformed, Likely})
	}
	return all
}

// missing is a URL where hardly anything is: below the resource or, if that is a
// file, beside it, of the same type.
func (p *prober) missing() string {
	const name = "corsfetch-no-such-resource"
	if ext := path.Ext(p.url.Path()); ext != "" {
		return p.at(name + ext)
	}
	return p.at(p.origin + strings.TrimSuffix(p.url.Path(), "/") + "/" + name)
}

// acaoMissingOnErrors: F60.
func (p *prober) acaoMissingOnErrors() []Finding {
	page := p.app()
	if page == "" {
		return nil
	}
	mode, success := p.read(page)
	if !canRead(success) || success.Response.Status >= 400 {
		return nil
	}
	var evidence []Evidence
	var unread *fetchtest.Exchange
	confidence := Likely
	for _, m := range p.mishaps(page, mode) {
		got := p.fetch(page, m.request)
		x := final(got)
		if x == nil || x.Status < 400 || got.Stage != fetch.StageResponse || !isRefused(got) || p.isAskedFirst(page, x.Status) || p.readsByChance(page, m.request) {
			continue
		}
		evidence = append(evidence, p.proof(page+" "+m.what, got))
		if unread == nil {
			unread = x
		}
		if m.confidence == Proven {
			confidence = Proven
		}
	}
	if unread == nil {
		return nil
	}
	severity := Fragile
	if p.isNamed {
		severity = Broken
	}
	return []Finding{p.finding(severity, confidence, page,
		fmt.Sprintf("Where the server answers %d the page learns of a failed fetch and nothing else, and the console tells of CORS, which is not what went wrong.", unread.Status),
		fmt.Sprintf("Have errors pass the layer that answers CORS, as success does (add_header … always in nginx; in code, CORS outside of routing, authentication and recovery): %s.", grantTo(p.valueFor(page, success))),
		append(evidence, p.control(asPage(page, mode), success))...,
	)}
}

// readsByChance reports whether a page reads one of two answers more.
func (p *prober) readsByChance(page string, r fetchtest.Request) bool {
	return canRead(p.fetchIn(page, r, &lane{round: 1})) || canRead(p.fetchIn(page, r, &lane{round: 2}))
}

// valueFor is the value that lets a page read.
func (p *prober) valueFor(page string, success *fetchtest.Result) string {
	if x := final(success); x != nil && len(allowOrigin(x.ResponseHeader)) == 1 {
		return allowOrigin(x.ResponseHeader)[0]
	}
	return page
}

// isAskedFirst reports whether preflights are refused by the same status, as who
// asks is looked at before CORS is: that is found of preflights.
func (p *prober) isAskedFirst(page string, status int) bool {
	if status != http.StatusUnauthorized && status != http.StatusForbidden {
		return false
	}
	mode := p.appMode()
	pf := p.preflight(page, p.need(page, mode).request)
	return pf.Answer != nil && pf.Answer.Status == status
}

// isRefused reports whether a response, or the answer to a preflight, does not let
// the page, by what there is or is not of Access-Control-Allow-Origin.
func isRefused(got *fetchtest.Result) bool {
	switch got.Reason {
	case fetch.ErrMissingAllowOriginHeader, fetch.ErrAllowOriginMismatch, fetch.ErrWildcardOriginNotAllowed, fetch.ErrInvalidAllowCredentials,
		fetch.ErrPreflightMissingAllowOriginHeader, fetch.ErrPreflightAllowOriginMismatch, fetch.ErrPreflightWildcardOriginNotAllowed,
		fetch.ErrPreflightInvalidAllowCredentials, fetch.ErrPreflightInvalidStatus, fetch.ErrPreflightDisallowedRedirect:
		return true
	}
	return false
}
