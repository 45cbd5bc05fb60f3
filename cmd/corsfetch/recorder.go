package main

import (
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
)

// A recorder collects what a fetch's trace tells.
type recorder struct {
	exchanges []exchange
	notes     []string
	console   string
}

func (rec *recorder) trace() *fetch.Trace {
	return &fetch.Trace{
		HeaderDropped: rec.headerDropped,
		Console:       func(message string) { rec.console = message },
		ExchangeDone: func(x fetch.Exchange) {
			e := exchange{
				Method: x.Method, URL: x.URL, Status: x.Status, StatusText: x.StatusText, Preflight: x.Preflight,
				Request: notNil(x.RequestHeader), Response: notNil(x.ResponseHeader),
			}
			if x.Err != nil {
				e.Error = x.Err.Error()
			}
			rec.exchanges = append(rec.exchanges, e)
		},
		PreflightCached: func(url, method string, headers []string) {
			asked := http.Header{headerRequestMethod: {method}}
			if len(headers) > 0 {
				asked[headerRequestHeaders] = []string{strings.Join(headers, ",")}
			}
			rec.exchanges = append(rec.exchanges, exchange{
				Method: http.MethodOptions, URL: url, Preflight: true, FromCache: true,
				Request: asked, Response: http.Header{},
			})
		},
		Redirected: func(_ int, _, to string) {
			if last := rec.last(); last != nil {
				last.RedirectedTo = to
			}
		},
	}
}

// headerDropped notes a header that the script cannot set, and which flag can.
func (rec *recorder) headerDropped(name, _ string) {
	note := "fetch() does not let this script set " + name
	switch http.CanonicalHeaderKey(name) {
	case "Cookie":
		note += "; -cookie gives the browser cookies"
	case "Origin", "Referer":
		note += "; it comes from -page"
	}
	rec.notes = append(rec.notes, note)
}

// last is the last exchange, nil if there is none.
func (rec *recorder) last() *exchange {
	if len(rec.exchanges) == 0 {
		return nil
	}
	return &rec.exchanges[len(rec.exchanges)-1]
}

// notNil returns h, or an empty header for JSON's {}.
func notNil(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h
}
