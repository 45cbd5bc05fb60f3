package search

import (
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

var referrerPolicies = []string{"no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
	"origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url"}

// request makes up a request to a place.
func (c *composer) request(place string) *conformance.Step {
	s := &conformance.Step{Fetch: place}
	if c.percent(10) {
		s.Fetch += of(c.dice, "?", "?q", "?a b", "?%zz", "?\u00e9", "#f", "?q#f", "?'\"<>", "#", "?a=1&a=2", "?"+strings.Repeat("q", 1100))
	}
	s.Mode = draw(c.dice, []choice[string]{{78, ""}, {6, "cors"}, {11, "no-cors"}, {4, "same-origin"}, {1, "navigate"}})
	s.Credentials = draw(c.dice, []choice[string]{{50, ""}, {30, "include"}, {10, "omit"}, {10, "same-origin"}})
	s.Redirect = draw(c.dice, []choice[string]{{88, ""}, {4, "manual"}, {4, "error"}, {4, "follow"}})
	c.method(s)
	if c.percent(60) {
		s.Headers = c.headers(s)
	}
	c.cacheMode(s)
	if c.percent(10) {
		s.Referrer = new(of(c.dice, "", "about:client", "A/other?q", "B/other", "AS/other", "http://u:p@{A.host}/other#f", "//"))
	}
	if c.percent(15) {
		s.ReferrerPolicy = of(c.dice, referrerPolicies...)
	}
	s.Keepalive = s.Body == nil && c.percent(3)
	return s
}

// cacheMode sets one of the modes that tell without an HTTP cache.
func (c *composer) cacheMode(s *conformance.Step) {
	if !c.percent(12) {
		return
	}
	s.Cache = of(c.dice, "default", "no-store", "reload", "no-cache")
	if !c.many && c.percent(20) {
		s.Cache = "force-cache"
	}
}

// method sets a method, and a body that goes with it.
func (c *composer) method(s *conformance.Step) {
	s.Method = draw(c.dice, []choice[string]{
		{40, ""}, {2, "GET"}, {2, "get"}, {5, "HEAD"}, {1, "head"}, {12, "POST"}, {3, "post"}, // safelisted
		{12, "PUT"}, {3, "put"}, {6, "DELETE"}, {2, "delete"}, {2, "OPTIONS"}, {1, "options"}, // normalized
		{5, "PATCH"}, {2, "patch"}, {2, "FOO"}, {2, "chicken"}, {1, "Propfind"}, {1, "GETT"}, // custom
		{1, "TRACE"}, {1, "A B"},
	})
	s.Body, s.BodyType = nil, ""
	takesBody := s.Method != "" && !strings.EqualFold(s.Method, "GET") && !strings.EqualFold(s.Method, "HEAD")
	if takesBody && c.percent(60) || c.percent(1) {
		s.Body = new(of(c.dice, "x", "x", "", "\u00e9", "{\"a\": 1}"))
		s.BodyType = draw(c.dice, []choice[string]{
			{40, ""}, {5, "text"}, {15, "bytes"}, {12, "urlencoded"}, {8, "formdata"}, {4, "stream"},
			{4, "blob:text/plain"}, {4, "blob:application/json"}, {4, "blob:"}, {2, "blob:text/plain;charset=utf-8"},
		})
		if s.BodyType == "urlencoded" {
			s.Body = new(of(c.dice, "a=1&b=2", "")) // as it is serialized
		}
	}
	if s.Method == "PATCH" && (s.Body == nil || *s.Body == "") {
		s.Body = new("x") // not every client can send one without a length
	}
}
