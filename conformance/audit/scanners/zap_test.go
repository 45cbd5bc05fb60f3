package scanners

import (
	"slices"
	"strings"
)

// zapActive ends with the first answer that allows anything.
var zapActive = scanner{
	name:   "ZAP active",
	source: "https://www.zaproxy.org/docs/alerts/40040/",
	about: "Rule 40040: seven probes, until an answer has any Access-Control-Allow-Origin, which is judged and is the end. A value that is always " +
		"the same ends it at the first probe. Any value of Access-Control-Allow-Credentials counts, false too.",
	follow: toSameHost,
	steps: slices.Concat(
		zapProbe("{scheme}://"+labelZAP+".com", "F01 F02 F18", nil),
		zapProbe("null", "F03 F04", nil),
		zapProbe("{scheme}://"+labelZAP+".{authority}", "F11", nil),
		zapProbe("{scheme}://{authority}."+labelZAP+".com", "F06 F07", nil),
		zapProbe("{scheme}://{authority}%60"+labelZAP+".com", "F09", nil),
		zapProbe("http://{authority}", "F12", overTLS),
		zapProbe("", "", withoutTLS),
		zapProbe("{scheme}://{authority}", "", nil),
	),
}

// zapPassive looks at what comes by, which here is a GET as a user's, to the
// target itself.
var zapPassive = scanner{
	name:   "ZAP passive",
	source: "https://www.zaproxy.org/docs/alerts/10098/",
	about:  "Rule 10098: looks at what passes, here one GET without Origin, for Access-Control-Allow-Origin: *.",
	steps: []step{
		{check: "Cross-Domain Misconfiguration", judge: equal("*", "medium"), means: "F17 F18"},
	},
}

// zapProbe is one probe of the active rule: what is allowed tells which alert it is.
func zapProbe(origin, means string, only func(*target) bool) []step {
	const alert = "CORS Misconfiguration"
	steps := []step{
		{check: alert + ": *", judge: first(func(_ *answer, allowed string) string { return when(strings.Contains(allowed, "*"), "medium") }), means: "F17 F18"},
		{check: alert, judge: first(func(a *answer, allowed string) string {
			return when(strings.Contains(allowed, labelZAP), raised(a))
		}), means: means},
		{check: alert + ": null", judge: first(func(a *answer, allowed string) string {
			return when(strings.Contains(allowed, "null"), raised(a))
		}), means: "F03 F04"},
		{check: alert + ": http:", judge: first(func(a *answer, allowed string) string {
			return when(overTLS(a.target) && strings.Contains(allowed, "http:"), raised(a))
		}), means: "F12"},
		{check: "CORS Header", judge: present("info")},
	}
	for i := range steps {
		steps[i].origin, steps[i].again, steps[i].only = origin, i > 0, only
	}
	return steps
}

// first judges the first line of Access-Control-Allow-Origin.
func first(by func(a *answer, allowed string) string) judge {
	return func(a *answer) string { return by(a, a.header.Get(allowOrigin)) }
}

// raised is high if anything is said of credentials.
func raised(a *answer) string {
	if a.header.Get(allowCredentials) != "" {
		return "high"
	}
	return "medium"
}
