package search

import (
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// headers makes up the headers of a request. None are among those that
// recordings leave out unless a script sets them.
func (c *composer) headers(s *conformance.Step) []string {
	var lines []string
	for range draw(c.dice, []choice[int]{{60, 1}, {30, 2}, {10, 3}}) {
		kind := draw(c.dice, headerKinds)
		lines = append(lines, kind(c)...)
	}
	if c.percent(6) && len(lines) > 0 {
		lines = append(lines, lines[c.r.IntN(len(lines))]) // repeated
	}
	if s.BodyType == "formdata" {
		// The boundary is random; under another type its length would show.
		lines = slices.DeleteFunc(lines, func(line string) bool { return hasName(line, "Content-Type") })
	}
	if len(lines) == 0 {
		return nil // as [conformance.Parse] has it
	}
	return lines
}

var headerKinds = []choice[func(*composer) []string]{
	{22, (*composer).customHeader},
	{14, (*composer).headerNearLimit},
	{3, (*composer).headersNearTotal},
	{16, (*composer).headerWithByte},
	{14, (*composer).contentType},
	{12, (*composer).rangeHeader},
	{6, (*composer).hintHeader},
	{6, (*composer).forbiddenHeader},
	{8, (*composer).specialHeader},
}

// safelistedNames are those whose values count towards the limits.
var safelistedNames = []string{"Accept", "Accept-Language", "Content-Language", "Content-Type"}

// valueOf begins a value that is safe for one of safelistedNames.
func valueOf(name string) string {
	switch name {
	case "Content-Type":
		return "text/plain;a="
	case "Accept":
		return "text/html"
	default:
		return "en"
	}
}

// customHeader is one that needs a preflight.
func (c *composer) customHeader() []string {
	return []string{of(c.dice, "X-A: 1", "X-A: 2", "x-a: 1", "X-B: 1", "X-a: 1", "X-Empty:", "X-A: a, b", "X-A: \u00e9", "X-A:   1  ",
		"X-Requested-With: XMLHttpRequest", "Authorization: Basic YTpi", "Authorization: Bearer t", "Z!#$%&'*+.^_`|~9: 1")}
}

// headerNearLimit is about as long as a safelisted value may be.
func (c *composer) headerNearLimit() []string {
	name := of(c.dice, safelistedNames...)
	length := of(c.dice, 126, 127, 128, 129, 130)
	if c.percent(20) { // two that are so long once joined
		first := of(c.dice, 20, 63, 64, 100)
		return []string{name + ": " + padded(valueOf(name), first), name + ": " + padded(valueOf(name), length-first-2)}
	}
	return []string{name + ": " + padded(valueOf(name), length)}
}

// headersNearTotal are together about as long as safelisted values may be.
func (c *composer) headersNearTotal() []string {
	total := of(c.dice, 1022, 1023, 1024, 1025, 1026)
	names := []string{"Accept", "Accept-Language", "Content-Language"}
	var lines []string
	for i := 0; total > 0; i++ {
		name := names[i%len(names)]
		length := min(total, of(c.dice, 128, 128, 128, 127, 120))
		lines = append(lines, name+": "+padded("", length))
		total -= length
	}
	return lines
}

// headerWithByte has one byte that may be safe or not.
func (c *composer) headerWithByte() []string {
	name := of(c.dice, safelistedNames...)
	odd := of(c.dice, "\t", " ", "!", "\"", "#", "$", "%", "&", "'", "(", ")", "*", "+", ",", "-", ".", "/", ":", ";", "<", "=", ">", "?", "@",
		"[", "\\", "]", "^", "_", "`", "{", "|", "}", "~", "\u0080", "\u00e9", "\u00ff")
	return []string{name + ": " + of(c.dice, "", valueOf(name)) + "a" + odd + "b"}
}

func (c *composer) contentType() []string {
	value := of(c.dice, "text/plain", "TEXT/PLAIN", "text/plain;charset=utf-8", "text/plain; charset=\"utf-8\"", "text/plain;", "text/plain ;a=b",
		"text/plain;a", "text/plain, text/plain", "text/plain,application/json", "text/html, text/plain", "application/json", "text/xml", "text/",
		"text", "/plain", "", "text/plain/x", "text /plain", "text/pla\u00efn", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded;a=1",
		"Multipart/Form-Data", "multipart/form-data; boundary=b", "text/plain;a=\"b\\\"c\"", "*/*", "text/plain\t;a=b", "text/plainx")
	return []string{of(c.dice, "Content-Type: ", "content-type: ") + value}
}

func (c *composer) rangeHeader() []string {
	number := func() string {
		return of(c.dice, "0", "0", "5", "10", "00", "9999999999", "4611686018427387904", "18446744073709551615", "18446744073709551616", "")
	}
	value := of(c.dice, "bytes="+number()+"-"+number(), "bytes="+number()+"-", "bytes=-"+number(), "bytes=0-10", "bytes=0-10", "bytes=10-0", "bytes= 0-10",
		"bytes =0-10", "bytes=0 -10", "bytes=0- 10", "bytes=0-10,20-30", "BYTES=0-10", "Bytes=0-", "bytes 0-10", "items=0-10", "bytes=", "bytes=-",
		"bytes=0-10 ", "bytes=\t0-10", "bytes=a-b", "bytes=+1-2", "bytes=0-10,")
	return []string{"Range: " + value}
}

// hintHeader is one that some safelist if its value is well-formed.
func (c *composer) hintHeader() []string {
	name := of(c.dice, "DPR", "Width", "Viewport-Width", "Downlink", "Save-Data", "Device-Memory", "RTT", "ECT", "Sec-CH-DPR", "Last-Event-ID")
	return []string{name + ": " + of(c.dice, "1", "2.0", "0.5", "on", "off", "4g", "x", "-1", "1e3", "1.", ".5", "+1", " 1", "1 1", "100")}
}

// forbiddenHeader is one that a script cannot set, or almost.
func (c *composer) forbiddenHeader() []string {
	return []string{of(c.dice, "Cookie: forged=1", "Origin: x", "Referer: x", "Sec-Fetch-Mode: x", "Sec-X: 1", "Proxy-X: 1", "Proxy-Authorization: x",
		"Accept-Charset: x", "Access-Control-Request-Method: PUT", "Content-Length: 5", "Date: x", "Via: x", "Set-Cookie: a=1",
		"X-HTTP-Method-Override: TRACE", "X-HTTP-Method: get, connect", "X-Method-Override: PUT", "X-HTTP-Method-Override: \"trace\"", "Keep-Alive: 1",
		"SecX: 1", "Proxy: 1", "Access-Control-Request-Private-Network: true")}
}

// specialHeader is one that means something to the client itself.
func (c *composer) specialHeader() []string {
	return []string{of(c.dice, "If-None-Match: \"e\"", "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT", "If-Match: \"e\"", "If-Unmodified-Since: x",
		"If-Range: \"e\"", "Cache-Control: no-cache", "Cache-Control: max-age=0", "Pragma: no-cache", "Pragma: x", "Accept: */*", "Accept:",
		"Accept-Language:", "Content-Language: de", "Purpose: prefetch")}
}

// hasName reports whether a header line is of that name.
func hasName(line, name string) bool {
	n, _, _ := strings.Cut(line, ":")
	return strings.EqualFold(n, name)
}
