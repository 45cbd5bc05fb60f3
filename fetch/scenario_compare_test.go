package fetch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corsfetch/corsfetch/fetch"
)

// An agreement is how much of a step, or of a scenario, is as a judge has it.
type agreement int

const (
	outcomeDiffers agreement = iota // the outcome, what a script sees, or the methods and URLs on the wire
	wireDiffers                     // only headers or bodies of requests
	agrees
)

func (a agreement) String() string {
	return [...]string{"the outcome differs", "the wire differs", "all agrees"}[a]
}

// A tally counts steps that fetch.
type tally struct{ steps, outcome, wire int }

func (c *tally) add(a agreement) {
	c.steps++
	if a >= wireDiffers {
		c.outcome++
	}
	if a >= agrees {
		c.wire++
	}
}

func (c tally) String() string {
	return fmt.Sprintf("%d steps, of which %d agree in outcome, in what a script sees and in methods and URLs, %d in every header on the wire too", c.steps, c.outcome, c.wire)
}

// TestScenarios holds each profile against what that browser did, and the
// standard's against what the standards say.
func TestScenarios(t *testing.T) {
	dir := scenariosDir(t)
	scenarios := loadScenarios(t, dir)
	for _, profile := range []*fetch.Profile{fetch.Chromium(), fetch.Firefox(), fetch.WebKit()} {
		t.Run(profile.Name, func(t *testing.T) {
			recorded := loadRecording(t, dir, profile.Name)
			judgeAll(t, scenarios, profile, func(t *testing.T, s *scenario, got []scenarioOutcome) ([]agreement, string) {
				want, ok := recorded[s.ID]
				if !ok {
					t.Fatal("not in the recording")
				}
				return compareWithBrowser(t, s, want, got)
			})
		})
	}
	t.Run("standard", func(t *testing.T) {
		judgeAll(t, scenarios, fetch.Standard(), compareWithStandard)
	})
}

// A judge says for each step how far got is right, and shows what is not.
type judge func(t *testing.T, s *scenario, got []scenarioOutcome) (steps []agreement, diff string)

// judgeAll runs every scenario and fails for those that the judge finds wrong
// and the lists do not name, and for those that a list names for nothing.
func judgeAll(t *testing.T, scenarios []*scenario, profile *fetch.Profile, judge judge) {
	known := knownDifferences[profile.Name]
	var inScope, later tally
	ids := make(map[string]bool)
	for _, s := range scenarios {
		ids[s.ID] = true
		t.Run(s.ID, func(t *testing.T) {
			steps, diff := judge(t, s, runScenario(t, s, profile))
			worst, count := agrees, &inScope
			reason := s.outOfScope()
			if reason != "" {
				count = &later
			}
			for _, a := range steps {
				count.add(a)
				worst = min(worst, a)
			}
			listed, isListed := known[s.ID]
			switch {
			case reason != "":
				if isListed {
					t.Errorf("out of scope (%s), and yet a known difference", reason)
				}
				if worst < agrees {
					t.Logf("out of scope: %s\n%s", reason, diff)
				}
			case isListed && worst == agrees:
				t.Errorf("a known difference that is none any more: %s", listed.reason)
			case isListed && worst != listed.is:
				t.Errorf("known (%s) is: %v, but %v\n%s", listed.reason, listed.is, worst, diff)
			case !isListed && worst < agrees:
				t.Errorf("%v; - is what was expected, + what we did\n%s", worst, diff)
			}
		})
	}
	for id := range known {
		if !ids[id] {
			t.Errorf("a known difference in %q, which is no scenario", id)
		}
	}
	t.Logf("in scope:     %v", inScope)
	t.Logf("out of scope: %v", later)
}

// compareWithBrowser holds the outcomes of a scenario against a recording.
func compareWithBrowser(t *testing.T, s *scenario, want []recordedStep, got []scenarioOutcome) (steps []agreement, diff string) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("the recording has %d steps, the scenario %d", len(want), len(got))
	}
	for i := range got {
		if s.Steps[i].Fetch == "" {
			continue // a sleep agrees with anything
		}
		a, d := compareStep(want[i].scenarioOutcome, got[i])
		steps = append(steps, a)
		if d != "" {
			diff += fmt.Sprintf("step %d:\n%s", i+1, d)
		}
	}
	return steps, diff
}

// compareStep compares one step.
func compareStep(want, got scenarioOutcome) (agreement, string) {
	want.Requests, got.Requests = normalizeRequests(want.Requests), normalizeRequests(got.Requests)
	diff := cmp.Diff(want, got, cmpopts.EquateEmpty())
	switch {
	case diff == "":
		return agrees, ""
	case cmp.Equal(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(scenarioRequest{}, "Headers", "Body")):
		return wireDiffers, diff
	}
	return outcomeDiffers, diff
}

// normalizeRequests returns requests with header names in lower case, in order:
// a script's own spelling is not kept by http.Header.
func normalizeRequests(requests []scenarioRequest) []scenarioRequest {
	out := slices.Clone(requests)
	for i := range out {
		out[i].Headers = slices.Clone(out[i].Headers)
		for j, line := range out[i].Headers {
			name, value, _ := strings.Cut(line, ":")
			out[i].Headers[j] = strings.ToLower(name) + ":" + value
		}
		slices.Sort(out[i].Headers)
	}
	return out
}

// compareWithStandard holds the outcomes of a scenario against its expect and
// wire members.
func compareWithStandard(t *testing.T, s *scenario, got []scenarioOutcome) (steps []agreement, diff string) {
	t.Helper()
	for i := range s.Steps {
		step := &s.Steps[i]
		if step.Expect == nil {
			continue // the standards do not say
		}
		want, err := parseExpectation(*step.Expect)
		if err != nil {
			t.Fatal(err)
		}
		a := agrees
		d := cmp.Diff(step.Wire, failedChecks(t, step.Wire, got[i].Requests), cmpopts.EquateEmpty())
		if d != "" {
			a = wireDiffers
		}
		if o := cmp.Diff(want, observed(want, got[i]), cmp.AllowUnexported(expectation{}), cmpopts.EquateEmpty()); o != "" {
			a, d = outcomeDiffers, o+d
		}
		steps = append(steps, a)
		if d != "" {
			diff += fmt.Sprintf("step %d:\n%s", i+1, d)
		}
	}
	return steps, diff
}

// observed is what a step did, as far as want says what it should.
func observed(want expectation, got scenarioOutcome) expectation {
	e := expectation{listed: want.listed}
	for _, r := range got.Requests {
		e.methods = append(e.methods, r.Method)
	}
	if r := got.Response; r != nil {
		e.kind, e.status = r.Type, r.Status
		for _, line := range r.Headers {
			if name, _, _ := strings.Cut(line, ":"); want.listed {
				e.names = append(e.names, name)
			}
		}
	}
	return e
}

// failedChecks returns checks, each that fails replaced by what there was.
func failedChecks(t *testing.T, checks []string, requests []scenarioRequest) []string {
	t.Helper()
	var out []string
	for _, text := range checks {
		c, err := parseWireCheck(text)
		if err != nil {
			t.Fatal(err)
		}
		if c.request > len(requests) {
			out = append(out, fmt.Sprintf("%s: only %d requests", text, len(requests)))
			continue
		}
		var values []string
		for _, line := range requests[c.request-1].Headers {
			if name, value, _ := strings.Cut(line, ": "); strings.EqualFold(name, c.name) {
				values = append(values, value)
			}
		}
		switch {
		case c.absent && len(values) == 0, !c.absent && len(values) == 1 && values[0] == c.value:
			out = append(out, text)
		default:
			out = append(out, fmt.Sprintf("%d %s: %q", c.request, c.name, values))
		}
	}
	return out
}
