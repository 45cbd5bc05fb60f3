package servers

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A row is a fetch by some page from a site, in TestChromium.
type row struct {
	id   int
	site *site
	page string // its origin; "null" is a sandboxed frame
	ask
	isTold bool // an audit has a verdict on it
}

// An ask is what a row asks of a site.
type ask struct {
	method, path string
	headers      []string // as "Name: value"
	credentials  fetch.CredentialsMode
	body         string
}

// asks are what every page asks of every site: what is public and what is not,
// with what is known by a cookie and what by a token, simple requests and others,
// and what there is not.
func asks() []ask {
	const omit, include = fetch.CredentialsOmit, fetch.CredentialsInclude
	const jsonType = "Content-Type: application/json"
	return []ask{
		{"GET", "/products", nil, omit, ""},
		{"GET", "/products", nil, include, ""},
		{"GET", "/orders", nil, omit, ""},
		{"GET", "/orders", nil, include, ""},
		{"HEAD", "/orders", nil, include, ""},
		{"GET", "/orders", []string{"Authorization: " + token}, omit, ""},
		{"GET", "/orders", []string{"X-Requested-With: XMLHttpRequest"}, include, ""},
		{"GET", "/orders", []string{"Accept: \"text/html\""}, include, ""},
		{"GET", "/orders", []string{"X+Y: 1", "X-A: 1"}, include, ""},
		{"POST", "/orders", []string{jsonType}, include, "{}"},
		{"POST", "/orders", nil, include, "{}"},
		{"PUT", "/orders/1", []string{jsonType}, include, "{}"},
		{"PUT", "/orders/1", []string{jsonType, "Authorization: " + token}, omit, "{}"},
		{"DELETE", "/orders/1", nil, include, ""},
		{"PATCH", "/orders/1", []string{jsonType}, include, "{}"},
		{"patch", "/orders/1", nil, include, ""},
		{"OPTIONS", "/orders", nil, include, ""},
		{"GET", "/missing", nil, include, ""},
	}
}

// alwaysPages are the origins that fetch from every site. "" stands for the site's
// own.
var alwaysPages = []string{"", app, stranger, "http://app.example", "https://www.app.example", "null"}

// rows is the table: what all pages ask of all sites, and what an audit tells of
// each site's verdicts.
func rows(sites []site, reports []*audit.Report) []row {
	var all []row
	for i := range sites {
		s := &sites[i]
		for _, page := range slices.Concat(alwaysPages, s.pages) {
			for _, a := range asks() {
				all = append(all, row{len(all), s, cmp.Or(page, s.origin()), a, false})
			}
		}
		for _, page := range toldPages(reports[i]) {
			for _, a := range toldAsks(s) {
				all = append(all, row{len(all), s, page, a, true})
			}
		}
	}
	return all
}

// toldPages are the pages that a report has verdicts on, and those that show a
// finding.
func toldPages(rep *audit.Report) []string {
	var pages []string
	add := func(page string) {
		if (page == "null" || strings.HasPrefix(page, "http")) && !slices.Contains(pages, page) {
			pages = append(pages, page)
		}
	}
	for i := range rep.Verdicts {
		add(rep.Verdicts[i].Page)
	}
	for i := range rep.Findings {
		add(rep.Findings[i].Page)
	}
	return pages
}

// toldAsks are the fetches that verdicts are about: who reads, with credentials
// and without, and who writes.
func toldAsks(s *site) []ask {
	path := strings.TrimPrefix(s.resource(), s.origin())
	var always []string
	if s.header != "" {
		always = append(always, s.header)
	}
	withType := append([]string{"Content-Type: application/json"}, always...)
	var all []ask
	for _, mode := range []fetch.CredentialsMode{fetch.CredentialsOmit, fetch.CredentialsInclude} {
		all = append(all, ask{"GET", path, always, mode, ""}, ask{"POST", path, withType, mode, "{}"}, ask{"PUT", path, withType, mode, "{}"})
	}
	return all
}

// toldBy are the fetches that audits have verdicts on.
func toldBy(all []row) map[toldKey]int {
	told := make(map[toldKey]int)
	for i := range all {
		if r := &all[i]; r.isTold {
			told[toldKey{r.site.host(), r.page, r.method, r.credentials}] = i
		}
	}
	return told
}

// A toldKey is the fetch that a verdict is about.
type toldKey struct {
	host, page, method string
	credentials        fetch.CredentialsMode
}

// confirm holds the verdicts of a report against what a browser saw and sent, and
// returns how many there are.
func confirm(t *testing.T, w *world, s *site, rep *audit.Report, told map[toldKey]int, saw []sight) int {
	t.Helper()
	n := 0
	for i := range rep.Verdicts {
		v := &rep.Verdicts[i]
		for _, d := range []struct {
			what string
			audit.Decision
			credentials fetch.CredentialsMode
			methods     []string
		}{
			{"read", v.Read, fetch.CredentialsOmit, []string{"GET"}},
			{"read", v.ReadWithCredentials, fetch.CredentialsInclude, []string{"GET"}},
			{"write", v.Write, fetch.CredentialsOmit, []string{"POST", "PUT"}},
			{"write", v.WriteWithCredentials, fetch.CredentialsInclude, []string{"POST", "PUT"}},
		} {
			n++
			got := slices.ContainsFunc(d.methods, func(method string) bool {
				id, ok := told[toldKey{s.host(), v.Page, method, d.credentials}]
				if d.what == "write" {
					// What is sent may have an answer that nobody reads.
					return ok && (saw[id].Verdict == "allowed" || w.hasCome(fmt.Sprintf("chrome-%d", id)))
				}
				return ok && saw[id].Verdict == "allowed" && (d.Status == 0 || saw[id].Response.Status == d.Status)
			})
			if got != d.Allowed {
				t.Errorf("%s: %s: %s, credentials %s: the audit says %v, Chromium %t", s.host(), v.Page, d.what, d.credentials, d.Decision, got)
			}
		}
	}
	return n
}

// String names the row.
func (r *row) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s %s%s %s %s", r.page, r.method, r.site.host(), r.path, strings.Join(r.headers, ", "), r.credentials))
}

// url has an id of the row, so that nothing comes from a cache.
func (r *row) url(client string) string {
	return fmt.Sprintf("%s%s?id=%s-%d", r.site.origin(), r.path, client, r.id)
}

// request is the row for the engine.
func (r *row) request() fetchtest.Request {
	h := make(http.Header)
	for _, line := range r.headers {
		name, value, _ := strings.Cut(line, ": ")
		h[name] = append(h[name], value)
	}
	return fetchtest.Request{Method: r.method, URL: r.url("engine"), Header: h, Body: r.body, Init: fetch.Init{Credentials: r.credentials}}
}

// A sight is what a script sees of a fetch.
type sight struct {
	ID       int         `json:"id"`
	Verdict  string      `json:"verdict"`
	Response *scriptView `json:"response"` // nil if it was refused
}

// A scriptView is the Response that a script gets.
type scriptView struct {
	Type       string            `json:"type"`
	URL        string            `json:"url"`
	Status     int               `json:"status"`
	Redirected bool              `json:"redirected"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body"`
}

// canonical rewrites the view so that those of two clients compare.
func (v *scriptView) canonical() *scriptView {
	if v == nil {
		return nil
	}
	for _, client := range []string{"chrome", "engine"} { // of one length, for servers that echo it
		v.URL, _, _ = strings.Cut(v.URL, "?id="+client)
		v.Body = strings.ReplaceAll(v.Body, "id="+client, "id=")
	}
	headers := make(map[string]string, len(v.Headers))
	for name, value := range v.Headers {
		switch name = strings.ToLower(name); name {
		case "date":
			value = "some"
		case "allow": // chi has it in the order of a map
			methods := strings.Split(value, ", ")
			slices.Sort(methods)
			value = strings.Join(methods, ", ")
		}
		headers[name] = value
	}
	v.Headers = headers
	return v
}

// sightOf is what the engine's script sees.
func sightOf(id int, got *fetchtest.Result) sight {
	s := sight{ID: id, Verdict: "blocked"}
	if got.Verdict != fetchtest.Allowed {
		return s
	}
	headers := make(map[string]string)
	for name, values := range got.Response.Header {
		headers[name] = strings.Join(values, ", ")
	}
	return sight{id, "allowed", (&scriptView{
		Type: string(got.Response.Type), URL: got.Response.URL, Status: got.Response.Status, Redirected: got.Response.Redirected,
		Headers: headers, Body: got.Response.Body,
	}).canonical()}
}
