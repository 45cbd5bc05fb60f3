package fetch_test

import "strings"

// A knownDifference is a scenario that we are known not to follow a browser in.
type knownDifference struct {
	is     agreement
	reason string
}

// knownDifferences are by profile and scenario.
var knownDifferences = map[string]map[string]knownDifference{}

// outOfScope says why a scenario needs what is not built yet, or "".
func (s *scenario) outOfScope() string {
	return ""
}

var _ = strings.Contains
