//go:build nginx

package main

import (
	"fmt"
	"strings"
)

// nginxLocations are the locations of testdata/nginx/recipes.conf.
var nginxLocations = []string{
	// No CORS, and the recipe of the tutorials without always and with it.
	"/none", "/recipe", "/always",
	// Errors: add_header passes over them unless it says always.
	"/errors/401", "/errors/404", "/errors/500",
	"/errors-always/401", "/errors-always/404", "/errors-always/500",
	// Whose origin may read with credentials; wildcards do not go with them.
	"/reflect", "/echo", "/star-credentials", "/stars", "/stars-credentials",
	// add_header inside if and inside inner locations, where others are lost.
	"/if-drops", "/if-keeps", "/ifs", "/outer/inner",
	// Nobody answers OPTIONS: nginx's 405 for a file, the application's 200.
	"/static/orders.txt", "/static-always/orders.txt", "/static-always/absent.txt", "/passed",
	// What the script may see.
	"/expose", "/expose-lines", "/expose-spoilt", "/chunked",
	// Redirects to another origin, with and without headers; to the page's own;
	// to the same; of a preflight.
	"/redirect/bare", "/redirect/star", "/redirect/star-to-bare", "/redirect/reflect",
	"/redirect/303", "/redirect/307", "/redirect/back", "/redirect/within", "/directory",
	// nginx and the application both add the header.
	"/twice", "/twice-hidden",
	// Lists of origins, by map and by hand.
	"/map", "/map-pattern", "/list", "/slash", "/null",
	// OPTIONS refused by a guard; a preflight that promises too much; bad lists.
	"/guarded", "/limited", "/preflight-only", "/spoilt",
}

// nginxOwnLocations are those that a page of the same origin visits.
var nginxOwnLocations = []string{
	"/none", "/errors/401", "/static/orders.txt", "/expose", "/chunked", "/guarded",
	"/redirect/bare", "/redirect/star", "/redirect/star-to-bare", "/redirect/reflect",
	"/redirect/303", "/redirect/307", "/redirect/back", "/redirect/within",
}

// nginxHeaders are the headers that scripts set, as -H takes them. X-A stands
// before Content-Type, for a preflight has to sort them.
var nginxHeaders = [][]string{
	nil,
	{"Content-Type: application/json"},
	{"X-A: 1", "Content-Type: application/json"},
	{"Authorization: Bearer t"},
	{"Range: bytes=0-3"},
}

var (
	nginxMethods     = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "patch"}
	nginxCredentials = []string{"omit", "same-origin", "include"}
)

// nginxBody is the body of the methods that have one.
const nginxBody = `{"n":2}`

// An nginxPage is where scripts run, in a browser with a cookie for 127.0.0.1,
// and what they request.
type nginxPage struct {
	Name      string `json:"name"`
	URL       string `json:"url"`
	Sandboxed bool   `json:"sandboxed"` // its origin is opaque

	locations, methods []string
	headers            [][]string
}

// nginxPages are the pages, by how they stand to the API. The first gets the
// whole product. A page of the API's own origin has nothing to do with CORS
// until a redirect leads away, so it gets what differs without; an opaque
// origin is but another value of Origin, so it gets fewer kinds of requests.
func nginxPages(s *nginxServer) []nginxPage {
	return []nginxPage{
		{"cross-origin", s.Page + "/frame.html", false, nginxLocations, nginxMethods, nginxHeaders},
		{"same-origin", s.API + "/frame.html", false, nginxOwnLocations, nginxMethods, nginxHeaders},
		{"opaque", s.Page + "/frame.html", true, nginxLocations, []string{"GET", "POST", "PUT", "patch"}, nginxHeaders[:3]},
	}
}

// An nginxRequest is one row of the table.
type nginxRequest struct {
	page        nginxPage
	location    string
	method      string
	headers     []string // as -H takes them
	credentials string
	url         string // without the id
	id          int
}

// nginxRequests is the whole table.
func nginxRequests(s *nginxServer) []nginxRequest {
	var all []nginxRequest
	for _, page := range nginxPages(s) {
		for _, location := range page.locations {
			for _, method := range page.methods {
				for _, headers := range page.headers {
					for _, credentials := range nginxCredentials {
						all = append(all, nginxRequest{page, location, method, headers, credentials, s.API + location, len(all)})
					}
				}
			}
		}
	}
	return all
}

// String names the row.
func (r nginxRequest) String() string {
	names := make([]string, len(r.headers))
	for i, line := range r.headers {
		names[i], _, _ = strings.Cut(line, ":")
	}
	return fmt.Sprintf("%s %s %s [%s] %s", r.page.Name, r.method, r.location, strings.Join(names, " "), r.credentials)
}

// as is the URL with an id of the request in that client, by which the log can
// be told apart and nothing comes from a cache.
func (r nginxRequest) as(client string) string {
	return fmt.Sprintf("%s?id=%s-%d", r.url, client, r.id)
}

// hasBody reports whether the method is one with a body.
func (r nginxRequest) hasBody() bool {
	return strings.HasPrefix(strings.ToUpper(r.method), "P")
}
