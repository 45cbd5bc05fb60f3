package engine

import (
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// lacking says what a scenario needs that package fetch does not have, or "".
func lacking(s *conformance.Scenario) string {
	for _, l := range lacks {
		if l.needed(s) {
			return l.reason
		}
	}
	return ""
}

// lacks is what package fetch does not have, and which scenarios need it.
var lacks = []struct {
	reason string
	needed func(*conformance.Scenario) bool
}{
	{"policies of the page other than for referrers and for what it embeds", func(s *conformance.Scenario) bool {
		return slices.ContainsFunc(s.Page.Headers, func(line string) bool {
			return !hasName(line, "Referrer-Policy") && !hasName(line, "Cross-Origin-Embedder-Policy") &&
				!hasName(line, "Cross-Origin-Embedder-Policy-Report-Only") && !onlyUpgrades(line)
		})
	}},
	{"an HTTP cache", func(s *conformance.Scenario) bool {
		return len(s.Steps) > 1 && anyAnswer(s, func(line string) bool {
			return hasName(line, "Cache-Control") && strings.Contains(line, "max-age")
		})
	}},
}

// anyAnswer reports whether is holds for a header line of an answer.
func anyAnswer(s *conformance.Scenario, is func(line string) bool) bool {
	for _, rules := range s.Server {
		for i := range rules {
			if slices.ContainsFunc(rules[i].Headers, is) {
				return true
			}
		}
	}
	return false
}

// onlyUpgrades reports whether a header line is a policy that upgrades insecure
// requests, and does nothing else but report.
func onlyUpgrades(line string) bool {
	if hasName(line, "Content-Security-Policy-Report-Only") {
		return true
	}
	_, value, _ := strings.Cut(line, ":")
	for directive := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ';' || r == ',' }) {
		name, _, _ := strings.Cut(strings.TrimSpace(directive), " ")
		if name != "" && !strings.EqualFold(name, "upgrade-insecure-requests") && name != "report-to" {
			return false
		}
	}
	return hasName(line, "Content-Security-Policy")
}

func hasName(line, name string) bool {
	n, _, _ := strings.Cut(line, ":")
	return strings.EqualFold(n, name)
}
