package engine

import (
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// aliasHosts has each alias be a host of its own, in what a scenario says of URLs.
var aliasHosts = func() *strings.Replacer {
	var pairs []string
	for _, alias := range conformance.Aliases() {
		pairs = append(pairs, "{"+alias+"}", "http://"+alias, "{"+alias+".host}", alias)
	}
	return strings.NewReplacer(pairs...)
}()

// answersTo are the rules that may answer the requests of a step: those at its
// URL, and at what they redirect to.
func answersTo(s *conformance.Scenario, step *conformance.Step) []*conformance.Rule {
	var answers []*conformance.Rule
	seen := make(map[string]bool)
	var follow func(url string, base *weburl.URL)
	follow = func(url string, base *weburl.URL) {
		u, err := weburl.Parse(aliasHosts.Replace(url), base)
		if err != nil {
			return
		}
		place := strings.ToUpper(u.Host()) + u.Path()
		if seen[place] {
			return
		}
		seen[place] = true
		for i := range s.Server[place] {
			rule := &s.Server[place][i]
			answers = append(answers, rule)
			if isRedirect(rule) {
				for _, location := range valuesOf(rule.Headers, "Location") {
					follow(location, u)
				}
			}
		}
	}
	if alias, _, _ := strings.Cut(step.Fetch, "/"); slices.Contains(conformance.Aliases(), alias) {
		follow("http://"+step.Fetch, nil)
	} else {
		follow(step.Fetch, nil)
	}
	return answers
}

// isRedirect reports whether a rule has the status of a redirect.
func isRedirect(r *conformance.Rule) bool { return r.Status >= 300 && r.Status < 400 }
