package audit

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A way is another request for the same resource.
type way struct {
	what        string
	method, url string
}

// ways are other requests by which many servers have the same resource.
func (p *prober) ways() []way {
	url := p.url.WithoutFragment().String()
	path, query, hasQuery := strings.Cut(url, "?")
	slash := path + "/"
	if strings.HasSuffix(path, "/") {
		slash = strings.TrimSuffix(path, "/")
	}
	if hasQuery {
		slash += "?" + query
	}
	all := []way{
		{"HEAD", http.MethodHead, url},
		{"another query", http.MethodGet, p.withQuery("corsfetch", "1")},
	}
	if p.url.Path() != "/" { // without it, it is the same URL
		all = append(all, way{"a slash at the end, or none", http.MethodGet, slash})
	}
	return all
}

// by is the resource, asked for by a way.
func (p *prober) by(w way, page string, mode fetch.CredentialsMode) fetchtest.Request {
	r := p.resource(page, mode)
	r.Method, r.URL = w.method, w.url
	return r
}

// readBy is read by a way.
func (p *prober) readBy(w way, page string) (fetch.CredentialsMode, *fetchtest.Result) {
	if got := p.fetch(page, p.by(w, page, fetch.CredentialsInclude)); canRead(got) {
		return fetch.CredentialsInclude, got
	}
	return fetch.CredentialsOmit, p.fetch(page, p.by(w, page, fetch.CredentialsOmit))
}

// isSame reports whether a page of the resource's own origin gets the same by a
// way, and with success.
func (p *prober) isSame(w way) bool {
	here, there := p.ownAnswer(fetch.CredentialsInclude), p.fetch(p.origin, p.by(w, p.origin, fetch.CredentialsInclude))
	x, y := final(here), final(there)
	if x == nil || y == nil || x.Status >= 400 || x.Status != y.Status || isRedirected(here) || isRedirected(there) {
		return false
	}
	return w.method == http.MethodHead || here.Response.Body == there.Response.Body
}

// policyInconsistent: F67. That errors and redirects have another policy is found
// as that.
func (p *prober) policyInconsistent() []Finding {
	if m := p.subject.Request.Method; m != "" && m != http.MethodGet || p.isErratic() {
		return nil
	}
	pages := []string{p.stranger(), "null"}
	if app := p.app(); app != "" && app != p.stranger() {
		pages = append(pages, app)
	}
	for _, w := range p.ways() {
		if !p.isSame(w) {
			continue
		}
		for _, page := range pages {
			here, got := p.read(page)
			there, other := p.readBy(w, page)
			if canRead(got) == canRead(other) || isUnknown(got) || isUnknown(other) {
				continue
			}
			severity, consequence := Medium, fmt.Sprintf("A page that reads this is refused the same by %s.", w.what)
			if canRead(other) {
				c := reads
				if there == fetch.CredentialsInclude {
					c = p.asUser(readsAsUser, other)
				}
				severity = severityOf(c, anyPage, p.circumstances(page))
				consequence = fmt.Sprintf("A page that must not read this reads the same by %s.", w.what)
			}
			return []Finding{p.finding(severity, Proven, page, consequence,
				"Decide on Origin in one place, before requests are told apart by path, query and method. "+p.allowlist(),
				p.proof(asPage(page, there)+", by "+w.what, other),
				p.control(asPage(page, here), got),
				p.control("the resource's own page, by "+w.what, p.fetch(p.origin, p.by(w, p.origin, fetch.CredentialsInclude))),
			)}
		}
	}
	return nil
}
