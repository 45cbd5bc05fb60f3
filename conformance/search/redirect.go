package search

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// chain makes up the servers that a request meets: where it goes, and where
// redirects lead from there.
func (c *composer) chain(s *conformance.Step) {
	place, _, _ := strings.Cut(strings.SplitN(s.Fetch, "?", 2)[0], "#")
	hops := draw(c.dice, []choice[int]{{66, 0}, {22, 1}, {9, 2}, {3, 3}})
	tainted := c.isCrossOrigin(place)
	for hop := range hops {
		next := c.alias() + "/" + strconv.Itoa(hop) + strings.TrimPrefix(place[strings.Index(place, "/"):], "/")
		if c.percent(30) { // of the same origin
			next = place[:strings.Index(place, "/")] + next[strings.Index(next, "/"):]
		}
		c.s.Server[place] = []conformance.Rule{c.preflightRule(s), c.redirectRule(s, tainted, place, next)}
		tainted = tainted || c.isCrossOrigin(next)
		place = next
	}
	c.s.Server[place] = []conformance.Rule{c.preflightRule(s), c.actualRule(s, tainted)}
	if s.Method == http.MethodOptions || s.Method == "options" || !tainted && c.percent(70) {
		c.s.Server[place] = c.s.Server[place][1:]
	}
}

// redirectRule leads from a place to the next.
func (c *composer) redirectRule(s *conformance.Step, tainted bool, place, next string) conformance.Rule {
	statuses := []int{302, 303, 307, 302, 303, 307, 301, 308}
	if c.many {
		statuses = statuses[:6] // the HTTP cache keeps the others
	}
	r := conformance.Rule{Status: of(c.dice, statuses...)}
	if tainted || c.percent(30) {
		r.Headers = c.allowOrigin(s)
	}
	r.Headers = append(r.Headers, c.location(place, next)...)
	if c.percent(8) {
		r.Headers = append(r.Headers, "Referrer-Policy: "+of(c.dice, referrerPolicies...))
	}
	if c.family && c.percent(10) {
		r.Headers = append(r.Headers, "Set-Cookie: hop=1")
	}
	if c.percent(20) {
		r.Body = new("moved")
	}
	return r
}

// location leads to the next place, in one of many ways, or nowhere.
func (c *composer) location(place, next string) []string {
	alias, path, _ := strings.Cut(next, "/")
	value := "{" + alias + "}/" + path
	if from, _, _ := strings.Cut(place, "/"); from == alias && c.percent(40) {
		value = of(c.dice, "/"+path, path, "./"+path, "/a/../"+path, "//{"+alias+".host}/"+path, "\\"+path)
	}
	switch draw(c.dice, []choice[string]{{70, "plain"}, {12, "decorated"}, {6, "user"}, {6, "elsewhere"}, {2, "twice"}, {2, "none"}, {2, "bytes"}}) {
	case "decorated":
		value += of(c.dice, "#new", "?q", "?q#new", "#", "?", "?a b", "?a\tb", "?%zz", "?'\"<>`", " ", "?\\")
	case "bytes":
		value += of(c.dice, "?\u00e9", "?\u00c3\u00a9", "?\u00ff\u00a9", "#\u00e9", "?\u0080")
	case "user":
		value = strings.Replace(value, "{"+alias+"}", schemeOf(alias)+of(c.dice, "u:p@", "u@", ":p@", "@", "u%40:@")+"{"+alias+".host}", 1)
	case "elsewhere":
		value = of(c.dice, "", "data:text/plain,hi", "mailto:a@b", "http://:80", "http://{B.hostname}:25/y", "javascript:1", "about:blank", "http://{B.hostname}:99999/",
			"ftp://{B.hostname}/", "file:///etc/hostname", "http:"+path, "http:///{"+alias+".host}/"+path, "HTTP://{"+alias+".host}/"+path, "http://[/", "#only", "?only", "//", "x:")
	case "twice":
		return []string{"Location: " + value, "Location: " + of(c.dice, value, "{C}/other", "")}
	case "none":
		return nil
	}
	return []string{of(c.dice, "Location: ", "Location: ", "location:") + value}
}

// schemeOf is how the origin of an alias begins.
func schemeOf(alias string) string {
	if strings.HasSuffix(strings.TrimRight(alias, "2"), "S") {
		return "https://"
	}
	return "http://"
}
