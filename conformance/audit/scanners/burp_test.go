package scanners

import (
	"slices"
	"strings"
)

// burp is what its issue definitions and published reports tell of it: its code
// is not public.
var burp = scanner{
	name:   "Burp",
	source: "https://portswigger.net/burp/documentation/scanner/vulnerabilities-list",
	about: "The issues 0x00200600 to 0x00200603, as their definitions and published reports tell: its code is not public, and the order and " +
		"number of its probes are a guess. An issue remarks that Vary: Origin is missing, which is counted as a report of its own.",
	steps: slices.Concat(
		burpIssue("arbitrary origin trusted", "{scheme}://"+labelBurp+".com", anybody, nil, atHit, "F01 F02 F17 F18"),
		burpIssue("all subdomains trusted", "{scheme}://"+labelBurp+".{host}", exactly("low"), nil, never, "F11"),
		burpIssue("unencrypted origin trusted", "http://{host}", exactly("low"), overTLS, never, "F12"),
		burpIssue("cross-origin resource sharing", "{scheme}://{authority}", present("info"), nil, never, ""),
	),
}

// burpIssue is an issue, and before it the remark.
func burpIssue(name, origin string, is judge, only func(*target) bool, ends ending, means string) []step {
	return []step{
		{check: "remark: Vary: Origin missing", origin: origin, only: only, judge: withoutVary, ends: never, means: "F47"},
		{check: name, origin: origin, again: true, only: only, judge: is, ends: ends, means: means},
	}
}

// anybody: a stranger is allowed, which without credentials is but told.
func anybody(a *answer) string {
	allowed := a.header.Get(allowOrigin)
	switch {
	case allowed != "*" && allowed != a.sent:
		return ""
	case a.header.Get(allowCredentials) == "true":
		return "high"
	default:
		return "info"
	}
}

// withoutVary: what was sent is allowed, and caches are not told that it matters.
func withoutVary(a *answer) string {
	return when(a.header.Get(allowOrigin) == a.sent && !strings.Contains(strings.ToLower(a.all("Vary")), "origin"), "remark")
}
