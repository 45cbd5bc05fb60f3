package scanners

import (
	"regexp"
	"strings"
)

// corstest sees nothing where credentials are not allowed.
var corstest = scanner{
	name:   "CORStest",
	source: "https://github.com/RUB-NDS/CORStest/tree/5fbc6f9",
	about: "Asks as the target's own origin first, and gives up unless that may read with credentials; what comes without " +
		"Access-Control-Allow-Credentials: true is as though it had not come. It knows of HSTS when it judges http:. Made for lists of domains, it " +
		"would send the path of a URL in Origin; here it does not.",
	follow: anywhere,
	fails:  true,
	steps: []step{
		{check: "Access-Control-Allow-Credentials present", origin: "{scheme}://{authority}", judge: ownCredentials, ends: never, means: "F25"},
		{check: "Access-Control-Allow-Origin dynamically generated", again: true, judge: varies, ends: never},
		{again: true, judge: credentialed(func(*answer, string) string { return "yes" }), ends: atMiss},
		{check: "* (without credentials)", again: true, judge: credentialed(matching(`^\*$`, "info")), means: "F17 F18 F23"},
		{check: "Any origin allowed", again: true, judge: credentialed(matching(`^:?//$`, "alert")), means: "F57"},
		{check: "Multiple values", again: true, judge: credentialed(matching(`[\s,|]`, "invalid")), means: "F56"},
		{check: "Wrong use of wildcard", again: true, judge: credentialed(matching(`\*.`, "invalid")), means: "F58"},
		{check: "Developer backdoor", again: true, judge: credentialed(matching(`fiddle\.jshell\.net|s\.codepen\.io`, "alert")), means: "F19"},
		{check: "Origin reflection", origin: "{scheme}://evil.org", judge: credentialed(naming("evil.org", "alert")), means: "F01 F02 F18"},
		{check: "Non-ssl site allowed", origin: "http://{authority}", tls: true, judge: credentialed(unprotected), means: "F12"},
		{check: "Arbitrary subdomains allowed", origin: "{scheme}://sub.{authority}", judge: credentialed(naming("sub.{host}", "warning")), means: "F11"},
		{check: "Pre-domain wildcard", origin: "{scheme}://not{authority}", only: isSite, judge: credentialed(naming("not{host}", "alert")), means: "F05 F07"},
		{check: "Pre-subdomain wildcard", origin: "{scheme}://not{authority}", only: isBelowSite, judge: credentialed(naming("not{host}", "warning")), means: "F05 F07"},
		{check: "Post-domain wildcard", origin: "{scheme}://{host}.tk", judge: credentialed(naming("{host}.tk", "alert")), means: "F06 F07"},
		{check: "Null misconfiguration", origin: "null", judge: credentialed(matching(`(?i)^null$`, "alert")), means: "F03 F04"},
		{check: "Access-Control-Allow-Origin", again: true, judge: func(*answer) string { return "info" }},
	},
}

// isSite reports whether the target's host is a registrable domain.
func isSite(t *target) bool { return t.host == t.site }

func isBelowSite(t *target) bool { return !isSite(t) }

// credentialed judges what is allowed only where credentials are too.
func credentialed(by func(a *answer, allowed string) string) judge {
	return func(a *answer) string {
		if allowed := a.all(allowOrigin); allowed != "" && strings.EqualFold(a.all(allowCredentials), "true") {
			return by(a, allowed)
		}
		return ""
	}
}

// ownCredentials: credentials are allowed, and not everybody.
func ownCredentials(a *answer) string {
	return when(strings.EqualFold(a.all(allowCredentials), "true") && a.all(allowOrigin) != "*", "alert")
}

// varies: Vary names Origin, in these letters.
func varies(a *answer) string { return when(strings.Contains(a.all("Vary"), "Origin"), "warning") }

// matching: what is allowed matches.
func matching(pattern, severity string) func(*answer, string) string {
	re := regexp.MustCompile(pattern)
	return func(_ *answer, allowed string) string { return when(re.MatchString(allowed), severity) }
}

// naming: what is allowed has a name in it.
func naming(name, severity string) func(*answer, string) string {
	return func(a *answer, allowed string) string {
		return when(strings.Contains(allowed, a.target.words.Replace(name)), severity)
	}
}

// unprotected: an origin without TLS is allowed, and no HSTS keeps users from it.
func unprotected(a *answer, allowed string) string {
	return when(strings.HasPrefix(allowed, "http://") && a.all("Strict-Transport-Security") == "", "warning")
}
