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
	{"firefox", "Firefox holds neither workers nor data: documents to the embedder policy of the tab's page",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			context := s.Context(&s.Steps[d.Step-1])
			return d.Level == conformance.LevelOutcome && (context == "worker" || context == "data") && s.Steps[d.Step-1].Mode == "no-cors" &&
				slices.ContainsFunc(s.Page.Headers, func(line string) bool { return hasName(line, "Cross-Origin-Embedder-Policy") })
		}},
	{"firefox", "Firefox remembers what it told a site if that has answered with a Referrer-Policy",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			return strings.HasSuffix(d.What, ", referer") && anyRule(s, func(r *conformance.Rule) bool { return isRedirectWith(r, "Referrer-Policy") })
		}},
	{"firefox", "Firefox shows the Content-Type of a misdirected request's answer twice",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			return d.What == "header, content-type" && anyRule(s, func(r *conformance.Rule) bool { return r.Status == http.StatusMisdirectedRequest })
		}},
	{"firefox", "Firefox sends one Authorization, no empty values of a repeated header, and in mode no-cors the first Content-Type",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			_, name, isHeader := strings.Cut(d.What, ", ")
			return d.Level == conformance.LevelWire && isHeader && isRepeated(s.Steps[d.Step-1].Headers, name)
		}},
	{"webkit", "WebKit leaves the headers of a cache mode out for the one hop that comes from another origin",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			isHeader := strings.HasSuffix(d.What, ", cache-control") || strings.HasSuffix(d.What, ", pragma")
			return isHeader && d.Got == "absent" && anyRule(s, func(r *conformance.Rule) bool { return isRedirectWith(r, "Location") })
		}},
	{"webkit", "WebKit says of a preflight with Origin: null that it is cross-site",
		func(s *conformance.Scenario, d conformance.Difference) bool {
			return strings.HasSuffix(d.What, ", sec-fetch-site") && d.Want == `"cross-site"` && anyRule(s, func(r *conformance.Rule) bool { return isRedirectWith(r, "Location") })
		}},
	{"webkit", decodedEscapes,
		func(_ *conformance.Scenario, d conformance.Difference) bool {
			return (d.What == "requests" || d.What == "url") && strings.Contains(d.Got, "%41")
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

// isRedirectWith reports whether r is a redirect that has a header.
func isRedirectWith(r *conformance.Rule, name string) bool {
	return r.Status >= 300 && r.Status < 400 && slices.ContainsFunc(r.Headers, func(line string) bool { return hasName(line, name) })
}

// isRepeated reports whether there are several lines of a header.
func isRepeated(lines []string, name string) bool {
	n := 0
	for _, line := range lines {
		if hasName(line, name) {
			n++
		}
	}
	return n > 1
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
