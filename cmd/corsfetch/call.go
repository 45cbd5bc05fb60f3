package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/corsfetch/corsfetch/fetch"
)

// A call is a script's call of fetch().
type call struct {
	URL     string
	Method  string // "" is GET
	Header  http.Header
	Body    string
	HasBody bool
	Init    fetch.Init
}

// request returns c as the engine takes it. The caller may use it once.
func (c call) request() *fetch.Request {
	req := &fetch.Request{URL: c.URL, Method: c.Method, Header: c.Header.Clone(), Init: c.Init}
	if !c.HasBody {
		return req
	}
	req.Body = strings.NewReader(c.Body)
	if len(req.Header.Values("Content-Type")) == 0 {
		if req.Header == nil {
			req.Header = make(http.Header)
		}
		// What fetch() gives a body that is a string.
		req.Header.Set("Content-Type", "text/plain;charset=UTF-8")
	}
	return req
}

// javaScript is c as a line of the page's script.
func (c call) javaScript() string {
	if c.Init.Mode == fetch.ModeNavigate {
		if c.Method == "" || c.Method == http.MethodGet {
			return "location = " + quoteJS(c.URL)
		}
		return "form.submit() // " + c.Method + " to " + quoteJS(c.URL)
	}
	var members []string
	add := func(name, value string) {
		if value != "" {
			members = append(members, name+": "+quoteJS(value))
		}
	}
	add("method", c.Method)
	add("mode", string(c.Init.Mode))
	add("credentials", string(c.Init.Credentials))
	add("redirect", string(c.Init.Redirect))
	add("referrerPolicy", string(c.Init.ReferrerPolicy))
	if names := c.scriptHeaders(); len(names) > 0 {
		pairs := make([]string, len(names))
		for i, name := range names {
			pairs[i] = quoteJS(name) + ": " + quoteJS(strings.Join(c.Header[name], ", "))
		}
		members = append(members, "headers: {"+strings.Join(pairs, ", ")+"}")
	}
	if c.HasBody {
		members = append(members, "body: "+quoteJS(shorten(c.Body, 60)))
	}
	if len(members) == 0 {
		return "fetch(" + quoteJS(c.URL) + ")"
	}
	return "fetch(" + quoteJS(c.URL) + ", {" + strings.Join(members, ", ") + "})"
}

// quoteJS returns s as a JavaScript string: in double quotes, or in single ones
// if that saves escapes.
func quoteJS(s string) string {
	if strings.Contains(s, `"`) && !strings.ContainsAny(s, `'\`) && sanitize(s) == s {
		return "'" + s + "'"
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.Encode(s) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// shorten returns the first limit bytes of s, or a few less to end with a whole
// character, and a sign that there is more.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}

// scriptHeaders are the names of the headers that the script sets, sorted.
func (c call) scriptHeaders() []string {
	names := make([]string, 0, len(c.Header))
	for name := range c.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
