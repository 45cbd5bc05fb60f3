package search

import (
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// isNearly says of one part of an answer that it shall be a little wrong, or
// unusual.
func (c *composer) isNearly() bool { return c.percent(7) }

// isNearlyTwice is isNearly for the parts of which there is most to get wrong.
func (c *composer) isNearlyTwice() bool {
	first := c.isNearly()
	return first || c.isNearly()
}

// preflightRule answers preflights, more often than not so that they pass.
func (c *composer) preflightRule(s *conformance.Step) conformance.Rule {
	r := conformance.Rule{On: http.MethodOptions, Status: draw(c.dice, []choice[int]{{60, 204}, {25, 0}, {4, 201}, {3, 206}, {3, 299}, {1, 302}, {1, 404}, {1, 500}, {1, 304}, {1, 421}})}
	r.Headers = append(c.allowOrigin(s), c.allowMethods(s)...)
	r.Headers = append(r.Headers, c.allowHeaders(s)...)
	if c.percent(40) || c.many && c.percent(50) {
		r.Headers = append(r.Headers, c.maxAge()...)
	}
	if r.Status == http.StatusFound {
		r.Headers = append(r.Headers, "Location: y")
	}
	return r
}

// actualRule answers the request itself.
func (c *composer) actualRule(s *conformance.Step, isCrossOrigin bool) conformance.Rule {
	r := conformance.Rule{Status: draw(c.dice, []choice[int]{
		{84, 0}, {2, 201}, {2, 204}, {1, 205}, {2, 206}, {1, 304}, {1, 300}, {1, 305}, {1, 400}, {1, 401}, {2, 404}, {1, 421}, {1, 500}, {1, 599}, {1, 600}, {1, 999},
	})}
	if c.many && r.Status == http.StatusMultipleChoices {
		r.Status = http.StatusCreated // the HTTP cache would keep the other
	}
	if isCrossOrigin || c.percent(10) {
		r.Headers = c.allowOrigin(s)
	}
	r.Headers = append(r.Headers, c.contentHeaders()...)
	if c.percent(25) {
		r.Headers = append(r.Headers, c.exposed()...)
	}
	if c.family && c.percent(12) {
		r.Headers = append(r.Headers, "Set-Cookie: "+of(c.dice, "r=1", "r=1; Path=/", "k=w", "k=; Max-Age=0", "r=1; HttpOnly"))
	}
	if c.percent(4) {
		r.Reason = new(of(c.dice, "", "Very OK", "caf\u00e9", "OK ", "a: b"))
	}
	c.body(&r)
	return r
}

// body gives an answer a body that its framing allows for.
func (c *composer) body(r *conformance.Rule) {
	if r.Status == http.StatusNoContent || r.Status == http.StatusNotModified {
		return
	}
	switch draw(c.dice, []choice[string]{{84, "plain"}, {6, "none"}, {5, "chunked"}, {2, "length"}, {2, "closed"}, {1, "short"}}) {
	case "plain":
		r.Body = new(draw(c.dice, []choice[string]{{80, "ok"}, {5, "\u00e9\u20ac"}, {5, "\ufeffbom"}, {5, "{\"a\": 1}"}, {5, "<p>"}}))
	case "chunked":
		r.Headers = append(r.Headers, "Transfer-Encoding: chunked")
		r.Body = new("2\r\nok\r\n0\r\n\r\n")
	case "length":
		r.Headers = append(r.Headers, "Content-Length: 2")
		r.Body = new("ok")
	case "closed":
		r.Headers = append(r.Headers, "Connection: close")
		r.Body = new("ok")
	case "short":
		r.Headers = append(r.Headers, "Content-Length: 5", "Connection: close")
		r.Body = new("ok")
	}
}

// allowOrigin is Access-Control-Allow-Origin and -Credentials.
func (c *composer) allowOrigin(s *conformance.Step) []string {
	var lines []string
	includes := s.Credentials == "include"
	value := "{origin}"
	switch {
	case c.isNearly():
		value = of(c.dice, "", "null", "NULL", "{A}", "{A}/", "{B}", "{A.host}", "http://{A.hostname}", "HTTP://{A.host}", "{A}, {A}", "{A} {B}", "{origin}, {origin}",
			"{origin},", "* *", "**", "*, *", "{origin} ", "\t{origin}", "http://*", "\u00e9", "{origin}\u0080", "{origin}/", "{origin}#", "missing")
	case !includes && c.percent(40), c.percent(5):
		value = "*"
	}
	if value != "missing" {
		lines = append(lines, of(c.dice, "Access-Control-Allow-Origin: ", "Access-Control-Allow-Origin: ", "access-control-allow-origin:", "ACCESS-CONTROL-ALLOW-ORIGIN:  ")+value)
	}
	if c.percent(2) {
		lines = append(lines, "Access-Control-Allow-Origin: "+of(c.dice, "{origin}", "*", ""))
	}
	switch {
	case c.isNearly():
		lines = append(lines, "Access-Control-Allow-Credentials: "+of(c.dice, "TRUE", "True", "false", "", "true, true", "1", " true ", "true;", "\u00e9", "true,"))
		if c.percent(30) {
			lines = append(lines, "Access-Control-Allow-Credentials: true")
		}
	case includes, c.percent(25):
		lines = append(lines, "Access-Control-Allow-Credentials: true")
	}
	return lines
}

// allowMethods is Access-Control-Allow-Methods, in one of its forms.
func (c *composer) allowMethods(s *conformance.Step) []string {
	const name = "Access-Control-Allow-Methods: "
	if c.isNearlyTwice() {
		return []string{name + of(c.dice, "put", "PUT PATCH", "PUT;PATCH", "\"PUT\"", "{acrm},", ", {acrm}", "{acrm},,PUT", "*, {acrm}", "* ", "P(T", "{acrm}, P@T",
			"{acrm}, \u00e9", "", ",", "GET", "{acrm}\t", "*a", "patch, PATCH")}
	}
	switch draw(c.dice, []choice[string]{{45, "echo"}, {20, "list"}, {20, "star"}, {5, "twice"}, {10, "none"}}) {
	case "echo":
		return []string{name + "{acrm}"}
	case "list":
		return []string{name + of(c.dice, "GET, POST, PUT, DELETE, PATCH", "PUT,DELETE,PATCH,patch,FOO,chicken", "DELETE ,\tPUT , PATCH")}
	case "star":
		return []string{name + "*"}
	case "twice":
		return []string{name + "GET", name + of(c.dice, "{acrm}", "*", "PUT")}
	default:
		return nil
	}
}

// allowHeaders is Access-Control-Allow-Headers, in one of its forms.
func (c *composer) allowHeaders(s *conformance.Step) []string {
	const name = "Access-Control-Allow-Headers: "
	if c.isNearlyTwice() {
		return []string{name + of(c.dice, "X-A X-B", "\"x-a\"", "{acrh},", ", {acrh}", "{acrh},,x-z", "{acrh}, x(z", "{acrh}, \u00e9", "", ",", "x-b", "*, authorization",
			"*, {acrh}", "{acrh};", "authorization", "* ", "*x", "{acrh}, x z")}
	}
	switch draw(c.dice, []choice[string]{{45, "echo"}, {20, "list"}, {22, "star"}, {5, "twice"}, {8, "none"}}) {
	case "echo":
		return []string{name + "{acrh}"}
	case "list":
		return []string{name + of(c.dice, "X-A, X-B, content-type, Range", "x-a,x-b,accept,accept-language,content-language,content-type,range,authorization", "CONTENT-TYPE , X-A\t,RANGE")}
	case "star":
		return []string{name + "*"}
	case "twice":
		return []string{name + "x-a", name + of(c.dice, "{acrh}", "*", "content-type")}
	default:
		return nil
	}
}

// maxAge is Access-Control-Max-Age, in one of its forms.
func (c *composer) maxAge() []string {
	const name = "Access-Control-Max-Age: "
	if c.percent(35) {
		lines := []string{name + of(c.dice, "", "-1", "+60", "1e3", "60;", "60, 60", "60,0", "abc", "60s", "0x10", "5.5", "\t60 ", "99999999999", "99999999999999999999", "060", "--1", "\u00e9", "-0", "6 0")}
		if c.percent(20) {
			lines = append(lines, name+of(c.dice, "60", "0"))
		}
		return lines
	}
	return []string{name + of(c.dice, "60", "60", "60", "600", "86400", "0", "1")}
}

// contentHeaders are such that say what the body is, and others that scripts
// may or may not see.
func (c *composer) contentHeaders() []string {
	var lines []string
	if c.percent(50) {
		lines = append(lines, "Content-Type: "+of(c.dice, "text/plain", "text/plain", "text/html;charset=utf-8", "application/json", "image/png", "x", ""))
	}
	for c.percent(25) {
		lines = append(lines, of(c.dice, "X-A: 1", "X-A: 2", "X-B: b", "X-Empty:", "Content-Language: de", "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
			"X-A: caf\u00e9", "x-lower: 1", "Content-Range: bytes 0-1/2", "X-A:  a  b\t", "Pragma: x", "Referrer-Policy: "+of(c.dice, referrerPolicies...),
			"Accept: x", "Server: x", "Date: x", "Vary: Origin", "Content-Disposition: inline", "X-Spaced : 1"))
	}
	return lines
}

// exposed is Access-Control-Expose-Headers with something to expose.
func (c *composer) exposed() []string {
	const name = "Access-Control-Expose-Headers: "
	lines := []string{"X-A: 1", "X-B: 2", name + of(c.dice, "*", "*", "x-a", "X-A, x-b", "x-a x-b", "\"x-a\"", ",x-a,,", "x-a;x-b", "", "x-a, *", "x-\u00e9", "set-cookie, x-a",
		"x-a,\tX-B ", "x(a, x-b", "content-length", "Server, Date, x-a", "**")}
	if c.percent(20) {
		lines = append(lines, name+of(c.dice, "x-b", "*", "x(", ""))
	}
	return lines
}

// isCrossOrigin reports whether a place is of another origin than what runs the
// steps.
func (c *composer) isCrossOrigin(place string) bool {
	alias, _, _ := strings.Cut(place, "/")
	from := c.s.Page.Origin
	if frame, ok := strings.CutPrefix(c.s.Page.Context, "frame:"); ok {
		from = frame
	}
	return c.opaque || alias != from
}
