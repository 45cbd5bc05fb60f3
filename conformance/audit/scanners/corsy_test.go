package scanners

import (
	"net/url"
	"strings"
)

// corsy asks as the target's own page first, and goes away if that is told nothing.
// The stranger in its probes is example.com; here it is example.org, for the
// specimens are at example.com.
var corsy = scanner{
	name:   "Corsy",
	source: "https://github.com/s0md3v/Corsy/tree/2985ae2",
	about: "Asks as the target's own origin first, and gives up if that gets no Access-Control-Allow-Origin; ends with its first report. It leaves the query out. What " +
		"it says of http: is true of any target that is itself without TLS. Its stranger is example.com, which is where the specimens are; " +
		"here it is example.org.",
	follow: anywhere,
	bare:   true,
	steps: []step{
		{origin: "{scheme}://{authority}", judge: present("yes"), ends: atMiss},
		{check: "origin reflected", origin: "{scheme}://example.org", judge: exactly("high"), means: "F01 F02 F18"},
		{check: "post-domain wildcard", origin: "{scheme}://{authority}.example.org", judge: exactly("high"), means: "F06 F07"},
		{check: "pre-domain wildcard", origin: "{scheme}://d3v{authority}", judge: exactly("high"), means: "F05 F07"},
		{check: "null origin allowed", origin: "null", judge: exactly("high"), means: "F03 F04"},
		{check: "unrecognized underscore", origin: "{scheme}://{authority}_.example.org", judge: exactly("high"), means: "F09"},
		{check: "broken parser", origin: "{scheme}://{authority}%60.example.org", judge: containing("`.example.org", "high"), means: "F09"},
		{check: "unescaped regex", origin: "{scheme}://{first-dot-x}", only: twoDots, judge: exactly("high"), means: "F08"},
		{check: "http origin allowed", origin: "http://{authority}", judge: beginning("http://", "low"), means: "F12"},
		{check: "wildcard value", again: true, judge: equal("*", "low"), means: "F17 F18"},
		{check: "third party allowed", again: true, judge: anotherHost("medium"), means: "F19"},
	},
}

// twoDots reports whether there is a dot to replace.
func twoDots(t *target) bool { return strings.Count(t.authority, ".") > 1 }

// present: something is allowed.
func present(severity string) judge {
	return func(a *answer) string { return when(a.header[allowOrigin] != nil, severity) }
}

// exactly: what was sent is allowed.
func exactly(severity string) judge {
	return func(a *answer) string { return when(a.all(allowOrigin) == a.sent, severity) }
}

// equal: that is allowed.
func equal(value, severity string) judge {
	return func(a *answer) string { return when(a.all(allowOrigin) == value, severity) }
}

// containing: what is allowed has part in it.
func containing(part, severity string) judge {
	return func(a *answer) string { return when(strings.Contains(a.all(allowOrigin), part), severity) }
}

// beginning: what is allowed begins so.
func beginning(prefix, severity string) judge {
	return func(a *answer) string { return when(strings.HasPrefix(a.all(allowOrigin), prefix), severity) }
}

// anotherHost: what is allowed is of another host than the target.
func anotherHost(severity string) judge {
	return func(a *answer) string {
		allowed := a.all(allowOrigin)
		u, err := url.Parse(allowed)
		return when(!strings.Contains(allowed, "*") && err == nil && u.Host != "" && u.Host != a.target.authority, severity)
	}
}

// when is the severity if it is so.
func when(is bool, severity string) string {
	if is {
		return severity
	}
	return ""
}
