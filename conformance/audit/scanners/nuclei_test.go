package scanners

import (
	"slices"
	"strings"
)

// nuclei is its template: one question in 29 forms.
var nuclei = scanner{
	name:   "nuclei",
	source: "https://github.com/projectdiscovery/nuclei-templates/blob/07474c0/http/vulnerabilities/generic/cors-misconfig.yaml",
	about: "The template cors-misconfig: 29 origins, until an answer has Access-Control-Allow-Origin that begins with the origin and " +
		"Access-Control-Allow-Credentials that begins with true. All is one match of severity info; what it means is told by the origin alone.",
	steps: slices.Concat(
		arbitrary("F01 F05 F07 F18", "https://"+labelNuclei+"{site}"),
		arbitrary("F05 F07 F12", "http://"+labelNuclei+"{site}"),
		arbitrary("F01 F18", "https://"+labelNuclei+".com"),
		arbitrary("F06 F07", "https://{host}."+labelNuclei+".com", "https://{host}"+labelNuclei+".com"),
		arbitrary("F16", "https://localhost."+labelNuclei+".com", "http://localhost."+labelNuclei+".com"),
		arbitrary("F05 F07 F12", "http://s{site}"),
		arbitrary("F09", between("https://{host}", "."+labelNuclei+".com", "_", "%60",
			".$", ".~", ".=", ".+", ".&", ".*", ".)", ".(", ".'", ".!", ".;", ".,", ".-", "._")...),
		arbitrary("F03", "null"),
		arbitrary("F11", "https://"+labelNuclei+".{site}"),
		arbitrary("F12", "http://"+labelNuclei+".{site}"),
		arbitrary("F08", "https://{all-dots-a}"),
		arbitrary("F08 F12", "http://{all-dots-a}"),
	),
}

// arbitrary are steps of the template's one matcher.
func arbitrary(means string, origins ...string) []step {
	return each(step{check: "arbitrary-origin", judge: inHead, means: means}, origins...)
}

// inHead looks for two lines in the head of the answer.
func inHead(a *answer) string {
	hasLine := func(name, value string) bool {
		return slices.ContainsFunc(a.header.Values(name), func(v string) bool {
			return strings.HasPrefix(strings.ToLower(v), value)
		})
	}
	return when(hasLine(allowOrigin, a.sent) && hasLine(allowCredentials, "true"), "info")
}
