package engine_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/engine"
	"github.com/corsfetch/corsfetch/fetch"
)

var update = flag.Bool("update", false, "write testdata/explained.json and ../DIFFERENCES.md anew")

// explainedFile holds which fields explain what.
const explainedFile = "testdata/explained.json"

// An explanation says which fields of a browser's profile explain that it did
// not do what the standard's does, by scenario.
//
// Those explain a scenario without which the engine does not do what was
// recorded, and which alone make the standard's profile do at some place what was
// recorded; then those without which the engine does what the standard's profile
// does at another place. Where there are none, as two fields do the same or have
// to come together, any that has an effect will do.
type explanation map[string][]string

// An explainer finds explanations for one browser.
type explainer struct {
	profile   func() *fetch.Profile
	recording *conformance.Recording
	results   map[string]*conformance.Result // of the recording
	standard  map[string]*conformance.Result // what the standard's profile does
}

// differs reports whether the browser did anything but what the standard's
// profile does.
func (e *explainer) differs(id string) bool {
	got, want := e.results[id], e.standard[id]
	return got != nil && want != nil && len(told(conformance.CompareResults(got, want))) > 0
}

// told leaves out what is told to people.
func told(all []conformance.Difference) []conformance.Difference {
	return slices.DeleteFunc(all, func(d conformance.Difference) bool { return d.Level == conformance.LevelConsole })
}

// An effect is what a field does in a scenario: the places where without it the
// engine does what the standard's profile does and not what was recorded.
type effect map[place]bool

// without are the effects of taking a field away, of the scenarios in which that
// has one, if only to do a third thing.
func (e *explainer) without(t *testing.T, f *field, scenarios []*conformance.Scenario) map[string]effect {
	t.Helper()
	report := check(t, scenarios, engine.New(f.reset(e.profile())), conformance.Options{Against: e.recording})
	effects := make(map[string]effect)
	for i := range report.Disagree {
		d := &report.Disagree[i]
		effects[d.ID] = common(d.Differences, conformance.CompareResults(e.standard[d.ID], e.results[d.ID]))
	}
	return effects
}

// only are the effects of a field alone, of the scenarios in which it has some.
func (e *explainer) only(t *testing.T, f *field, scenarios []*conformance.Scenario) map[string]effect {
	t.Helper()
	profile := fetch.Standard()
	f.in(profile).Set(f.in(e.profile()))
	recording := check(t, scenarios, engine.New(profile), conformance.Options{}).Recorded
	effects := make(map[string]effect)
	for id, got := range resultsOf(recording) {
		x := common(conformance.CompareResults(got, e.standard[id]), conformance.CompareResults(e.results[id], e.standard[id]))
		if len(x) > 0 {
			effects[id] = x
		}
	}
	return effects
}

// common are the places of the differences that two lists have in common.
func common(a, b []conformance.Difference) effect {
	places := make(effect)
	for _, d := range told(a) {
		if slices.Contains(b, d) {
			places[place{d.Step, d.What}] = true
		}
	}
	return places
}

// explain returns the explanations of scenarios in which the browser differs.
func (e *explainer) explain(t *testing.T, scenarios []*conformance.Scenario) explanation {
	t.Helper()
	var differ []field
	for _, f := range fields() {
		if f.differs(e.profile()) && len(scenarios) > 0 {
			differ = append(differ, f)
		}
	}
	without, only := make([]map[string]effect, len(differ)), make([]map[string]effect, len(differ)) // by field
	t.Run("fields", func(t *testing.T) {
		for i, f := range differ {
			t.Run(f.path, func(t *testing.T) {
				t.Parallel()
				without[i], only[i] = e.without(t, &f, scenarios), e.only(t, &f, scenarios)
			})
		}
	})
	all := make(explanation)
	for _, s := range scenarios {
		told := make(effect)
		var paths, any []string
		for i, f := range differ {
			if without[i][s.ID] != nil && only[i][s.ID] != nil {
				paths = append(paths, f.path)
				maps.Copy(told, only[i][s.ID])
			}
			if without[i][s.ID] != nil || only[i][s.ID] != nil {
				any = append(any, f.path)
			}
		}
		for i, f := range differ {
			for at := range without[i][s.ID] {
				if !told[at] && !slices.Contains(paths, f.path) {
					paths = append(paths, f.path)
				}
			}
		}
		if paths == nil {
			paths = any
		}
		if paths != nil {
			all[s.ID] = paths
		}
	}
	return all
}

// stale returns the scenarios among those that all explains whose explanation
// does not hold.
func (e *explainer) stale(t *testing.T, all explanation, scenarios []*conformance.Scenario) map[string]bool {
	t.Helper()
	stale, of := make(map[string]bool), make(map[string][]*conformance.Scenario)
	for _, s := range scenarios {
		for _, path := range all[s.ID] {
			of[path] = append(of[path], s)
		}
	}
	for _, f := range fields() {
		if !f.differs(e.profile()) {
			for _, s := range of[f.path] {
				stale[s.ID] = true
			}
		} else if len(of[f.path]) > 0 {
			without := e.without(t, &f, of[f.path])
			left := slices.DeleteFunc(of[f.path], func(s *conformance.Scenario) bool { return without[s.ID] != nil })
			if len(left) > 0 {
				only := e.only(t, &f, left)
				for _, s := range left {
					if only[s.ID] == nil {
						stale[s.ID] = true
					}
				}
			}
		}
		delete(of, f.path)
	}
	for _, lost := range of { // of fields that are no more
		for _, s := range lost {
			stale[s.ID] = true
		}
	}
	return stale
}

// readExplained reads the file, by browser.
func readExplained(t *testing.T) map[string]explanation {
	t.Helper()
	all := make(map[string]explanation)
	data, err := os.ReadFile(explainedFile)
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil && !*update {
		t.Fatal(err)
	}
	return all
}

// writeExplained writes the file, a line for each scenario.
func writeExplained(t *testing.T, all map[string]explanation, scenarios []*conformance.Scenario) {
	t.Helper()
	var b bytes.Buffer
	for i, p := range profiles {
		fmt.Fprintf(&b, "%s%q: {", []string{"{", "},\n"}[min(i, 1)], p.name)
		separator := "\n"
		for _, s := range scenarios {
			if paths := all[p.name][s.ID]; paths != nil {
				line, err := json.Marshal(paths)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&b, "%s  %q: %s", separator, s.ID, line)
				separator = ",\n"
			}
		}
	}
	b.WriteString("}}\n")
	if err := os.WriteFile(explainedFile, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
