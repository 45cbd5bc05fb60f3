package audit

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
)

// shortestToken is how long what is at the canary has to be, so that it is not
// elsewhere by chance.
const shortestToken = 8

// proxyParameters are names of what says which URL to fetch.
var proxyParameters = []string{"url", "uri", "u", "target", "dest", "src", "link", "site", "q"}

// proxyOpenCORS: F68.
func (p *prober) proxyOpenCORS() []Finding {
	canary := p.guard.options.Canary
	if canary == "" {
		return nil
	}
	there := p.raw(http.MethodGet, canary, nil)
	token := strings.TrimSpace(there.Body)
	page := p.stranger()
	before := p.get(page, fetch.CredentialsOmit)
	if there.Status != http.StatusOK || len(token) < shortestToken || strings.Contains(canary, token) || strings.Contains(before.Response.Body, token) {
		return nil
	}
	for _, u := range p.proxied(canary) {
		r := p.resource(page, fetch.CredentialsOmit)
		r.URL = u
		got := p.fetch(page, r)
		if !canRead(got) || !strings.Contains(got.Response.Body, token) {
			continue
		}
		return []Finding{p.finding(High, Proven, page,
			"Any web site reads, by this, whatever this server can reach, its own network among it, and the answer comes as if the other server had allowed it.",
			"Fetch from a list of hosts alone, and only for who has said who he is. "+p.allowlist(),
			p.proof(fmt.Sprintf("%s reads what is at %s", page, canary), got),
			p.control(asPage(page, fetch.CredentialsOmit), before),
			p.rawControl("what is at "+canary, there),
		)}
	}
	return nil
}

// proxied are URLs by which the resource, or its server, may be one that fetches
// another: those parameters that have a URL are tried first.
func (p *prober) proxied(canary string) []string {
	self := p.url.WithoutFragment().String()
	path, query, _ := strings.Cut(self, "?")
	var all []string
	if values, err := url.ParseQuery(query); err == nil {
		for name, v := range values {
			if strings.Contains(v[0], "://") {
				changed := url.Values{}
				for other, w := range values {
					changed[other] = w
				}
				changed[name] = []string{canary}
				all = append(all, path+"?"+changed.Encode())
			}
		}
	}
	slices.Sort(all)
	for _, name := range proxyParameters {
		all = append(all, p.withQuery(name, url.QueryEscape(canary)))
	}
	all = append(all, p.origin+"/"+canary, strings.TrimSuffix(path, "/")+"/"+canary)
	return slices.Compact(all)
}
