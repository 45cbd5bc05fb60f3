package scanners

import (
	"slices"
	"strings"
)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
)

// corscanner tries one class of origins after the other, and ends with the first
// that it finds.
var corscanner = scanner{
	name:   "CORScanner",
	source: "https://github.com/chenjj/CORScanner/tree/593043f",
	about: "Goes through ten classes of origins and ends with the first that is allowed. It leaves the port out when it compares, so that " +
		"whether a port is trusted does not show. It follows redirects, and drops what comes from another site.",
	follow: toSameSite,
	steps: slices.Concat(
		[]step{
			{check: "reflect_origin", origin: "{scheme}://evil.com", judge: withoutPort, means: "F01 F02 F18"},
			{check: "prefix_match", origin: "{scheme}://{host}.evil.com", judge: withoutPort, means: "F06 F07"},
			{check: "suffix_match", origin: "{scheme}://evil{site}", judge: withoutPort, means: "F05 F07"},
			{check: "trust_null", origin: "null", judge: withoutPort, means: "F03 F04"},
			{check: "include_match", origin: "{scheme}://{site-cut}", judge: withoutPort, means: "F07"},
			{check: "not_escape_dot", origin: "{scheme}://{last-dot-a}", judge: withoutPort, means: "F08"},
		},
		each(step{check: "custom_third_parties", judge: withoutPort, means: "F19"},
			"https://whatever.github.io", "http://jsbin.com", "https://codepen.io", "https://jsfiddle.net", "http://www.webdevout.net", "https://repl.it"),
		each(step{check: "special_characters_bypass", judge: withoutPort, means: "F09"},
			between("{scheme}://{host}", ".evil.com", "_", "-", `"`, "{", "}", "+", "^", "%60", "!", "~", "`", ";", "|", "&", "'", "(", ")", "*", ",", "$", "=", "+", "%0b")...),
		[]step{
			{check: "trust_any_subdomain", origin: "{scheme}://evil.{host}", judge: withoutPort, means: "F11"},
			{check: "https_trust_http", origin: "http://{host}", only: overTLS, judge: withoutPort, means: "F12"},
		},
	),
}

// each is a step for each of some origins.
func each(s step, origins ...string) []step {
	steps := make([]step, len(origins))
	for i, o := range origins {
		steps[i] = s
		steps[i].origin = o
	}
	return steps
}

// between are texts between two others.
func between(before, after string, texts ...string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = before + text + after
	}
	return all
}

// withoutPort compares scheme and host, in any case: CORScanner.
func withoutPort(a *answer) string {
	allowed := a.all(allowOrigin)
	if a.sent != "null" {
		scheme, rest, isURL := strings.Cut(allowed, "://")
		if !isURL {
			return ""
		}
		if i := strings.IndexAny(rest, "/?#:"); i >= 0 {
			rest = rest[:i]
		}
		allowed = scheme + "://" + rest
	}
	switch {
	case !strings.EqualFold(allowed, a.sent):
		return ""
	case a.all(allowCredentials) == "true":
		return "credentials: true"
	default:
		return "credentials: false"
	}
}
