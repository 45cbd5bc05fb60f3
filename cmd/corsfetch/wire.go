package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// wire is each request with its answer.
func (p *printer) wire(c call, r report) {
	p.line()
	p.line(span{bold, "On the wire"})
	if len(r.Exchanges) == 0 {
		p.line(span{dim, "  nothing"})
	}
	for i, x := range r.Exchanges {
		p.exchange(i+1, x, append(c.scriptHeaders(), r.Header))
	}
}

// exchange is one request with its answer. more are names of headers to print
// besides those that matter to CORS.
func (p *printer) exchange(n int, x exchange, more []string) {
	spans := []span{{plain, fmt.Sprintf("%3d. ", n)}, {bold, x.Method + " " + x.URL}}
	switch {
	case x.FromCache:
		spans = append(spans, span{green, "  preflight cache hit"}, span{dim, ", nothing is sent"})
	case x.Status == 0:
		spans = append(spans, span{yellow, "  no answer"})
	default:
		spans = append(spans, span{plain, "  " + status(x.Status, x.StatusText)})
	}
	if x.Preflight && !x.FromCache {
		spans = append(spans, span{cyan, "  preflight"})
	}
	p.line(spans...)
	p.headers(">", x.Request, slices.Concat(requestHeaders, more))
	if x.FromCache {
		return
	}
	if x.Error != "" {
		p.line(span{dim, "       ! "}, span{plain, x.Error})
		return
	}
	p.headers("<", x.Response, slices.Concat(responseHeaders, more))
	if isCrossOrigin(x) && x.Response[headerAllowOrigin] == nil {
		p.line(span{dim, "       < (no " + headerAllowOrigin + ")"})
	}
	if x.RedirectedTo != "" {
		p.line(span{dim, "       redirect followed to "}, span{plain, x.RedirectedTo})
	}
}

// isCrossOrigin reports whether the server has been told an origin that is not
// its own.
func isCrossOrigin(x exchange) bool {
	origin := x.Request.Get("Origin")
	return origin != "" && !strings.HasPrefix(x.URL, origin+"/")
}

// requestHeaders and responseHeaders are what matters to CORS, in the order in
// which it is printed.
var (
	requestHeaders  = []string{"Origin", headerRequestMethod, headerRequestHeaders, "Authorization", "Cookie", "Content-Type"}
	responseHeaders = []string{headerAllowOrigin, headerAllowCredentials, headerAllowMethods, headerAllowHeaders,
		"Access-Control-Max-Age", "Access-Control-Expose-Headers", "Vary", "Location", "Set-Cookie"}
)

// headers prints the headers of h whose names are listed, a line for each
// value, or all if the printer is verbose.
func (p *printer) headers(sign string, h http.Header, listed []string) {
	rest := make([]string, 0, len(h))
	for name := range h {
		rest = append(rest, name)
	}
	slices.Sort(rest)
	names := slices.Clone(listed)
	if p.verbose {
		names = append(names, rest...)
	}
	done := make(map[string]bool)
	for _, name := range names {
		if done[name] {
			continue
		}
		done[name] = true
		for _, value := range h[name] {
			p.line(span{dim, "       " + sign + " "}, span{plain, name + ": " + value})
		}
	}
}
