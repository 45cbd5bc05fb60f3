package engine

import (
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// Explain returns a function that says why the engine is known to differ from a
// browser as it does, or "", for scenarios that [Known] does not know by name. It
// fits [conformance.Options].
func Explain(browser string) func(*conformance.Scenario, conformance.Difference) string {
	return func(s *conformance.Scenario, d conformance.Difference) string {
		for _, o := range oddities {
			if o.browser == browser && o.explains(s, d) {
				return o.reason
			}
		}
		return ""
	}
}

// oddities are what browsers do and the engine cannot, and what shows it.
var oddities = []struct {
	browser  string
	reason   string
	explains func(*conformance.Scenario, conformance.Difference) bool
}{
	{"firefox", "Firefox minds an empty Access-Control-Allow-Origin only beside one that is spelled like it; net/http does not say how they were spelled",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			return d.Level == conformance.LevelOutcome && anyRule(s, func(r *conformance.Rule) bool { return isSpelledTwoWays(r.Headers, "Access-Control-Allow-Origin") })
		}},
	{"chromium", "Chromium sends no stream over HTTP/1.1; net/http does not say before what a connection over https speaks",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			return d.What == "requests" && d.Want == "" && s.Steps[d.Step-1].BodyType == "stream"
		}},
	{"chromium", "Chromium sends a request that was misdirected again with the cookies that it had",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			return strings.HasSuffix(d.What, ", cookie") && anyRule(s, func(r *conformance.Rule) bool {
				return r.Status == http.StatusMisdirectedRequest && slices.ContainsFunc(r.Headers, func(line string) bool { return hasName(line, "Set-Cookie") })
			})
		}},
	{"webkit", "WebKit says no length of an empty Blob but with POST and PUT; package fetch does not know a Blob from a string",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			step := &s.Steps[d.Step-1]
			return strings.HasSuffix(d.What, ", content-length") && d.Want == "absent" && strings.HasPrefix(step.BodyType, "blob:") && *step.Body == ""
		}},
	{"webkit", "WebKit takes the referrer policy of a keepalive request in a frame from the tab's page",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			step := &s.Steps[d.Step-1]
			isHeader := strings.HasSuffix(d.What, ", referer") || strings.HasSuffix(d.What, ", origin")
			return isHeader && step.Keepalive && strings.HasPrefix(s.Context(step), "frame:") && referrerPolicy(s.Page.Headers) != ""
		}},
	{"webkit", "WebKit looks for a user in Location before a preflight only if the hop needs none",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			return d.Level == conformance.LevelOutcome && strings.Contains(d.Want, "OPTIONS") && anyAnswer(s, func(_, line string) bool { return hasName(line, "Location") && strings.Contains(line, "@{") })
		}},
}

// isSpelledTwoWays reports whether there are lines of a header that spell it
// differently, one of them empty.
func isSpelledTwoWays(lines []string, name string) bool {
	var spellings []string
	empty := false
	for _, line := range lines {
		if n, value, _ := strings.Cut(line, ":"); strings.EqualFold(n, name) {
			spellings = append(spellings, n)
			empty = empty || strings.TrimSpace(value) == ""
		}
	}
	slices.Sort(spellings)
	return empty && len(slices.Compact(spellings)) > 1
}

func anyRule(s *conformance.Scenario, is func(*conformance.Rule) bool) bool {
	for _, rules := range s.Server {
		for i := range rules {
			if is(&rules[i]) {
				return true
			}
		}
	}
	return false
}
