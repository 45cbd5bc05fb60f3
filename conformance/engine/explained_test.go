package engine_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
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
// A field explains a scenario if without it the engine does at some point what
// the standard's profile does there, and not what was recorded. If there is no
// such field it is one without which the engine does anything else than what was
// recorded; or, where two fields do the same, one that alone makes the standard's
// profile do at some point what was recorded.
type explanation map[string][]string

// An explainer finds explanations for one browser.
type explainer struct {
	profile   func() *fetch.Profile
	recording *conformance.Recording
	results   map[string]*conformance.Result // of the recording
	standard  map[string]*conformance.Result // what the standard's profile does
	servers   *conformance.Servers
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

// without runs scenarios without a field, and says what of them is not as it was
// recorded: in direct what comes out as in the standard, in other all else.
func (e *explainer) without(t *testing.T, f *field, scenarios []*conformance.Scenario) (direct, other map[string]bool) {
	t.Helper()
	report, err := conformance.Check(t.Context(), scenarios, engine.New(f.reset(e.profile())), conformance.Options{Against: e.recording, Servers: e.servers})
	if err != nil {
		t.Fatal(err)
	}
	direct, other = make(map[string]bool), make(map[string]bool)
	for i := range report.Disagree {
		d := &report.Disagree[i]
		want := told(conformance.CompareResults(e.standard[d.ID], e.results[d.ID]))
		if slices.ContainsFunc(d.Differences, func(got conformance.Difference) bool { return slices.Contains(want, got) }) {
			direct[d.ID] = true
		} else {
			other[d.ID] = true
		}
	}
	return direct, other
}

// only runs scenarios with a field alone, and says which of them come out as
// recorded at a point where they do not in the standard.
func (e *explainer) only(t *testing.T, f *field, scenarios []*conformance.Scenario) map[string]bool {
	t.Helper()
	profile := fetch.Standard()
	f.in(profile).Set(f.in(e.profile()))
	recording, err := conformance.Record(t.Context(), scenarios, engine.New(profile), conformance.Options{Servers: e.servers})
	if err != nil {
		t.Fatal(err)
	}
	explained := make(map[string]bool)
	for id, got := range resultsOf(recording) {
		want := told(conformance.CompareResults(e.results[id], e.standard[id]))
		explained[id] = slices.ContainsFunc(conformance.CompareResults(got, e.standard[id]), func(d conformance.Difference) bool { return slices.Contains(want, d) })
	}
	return explained
}

// explain returns the explanations of scenarios in which the browser differs.
func (e *explainer) explain(t *testing.T, scenarios []*conformance.Scenario) explanation {
	t.Helper()
	direct, other := make(explanation), make(explanation)
	for _, f := range fields() {
		if !f.differs(e.profile()) {
			continue
		}
		d, o := e.without(t, &f, scenarios)
		for id := range d {
			direct[id] = append(direct[id], f.path)
		}
		for id := range o {
			other[id] = append(other[id], f.path)
		}
	}
	for id, paths := range other {
		if direct[id] == nil {
			direct[id] = paths
		}
	}
	left := slices.DeleteFunc(slices.Clone(scenarios), func(s *conformance.Scenario) bool { return direct[s.ID] != nil })
	for _, f := range fields() {
		if len(left) == 0 || !f.differs(e.profile()) {
			continue
		}
		for id, does := range e.only(t, &f, left) {
			if does {
				direct[id] = append(direct[id], f.path)
			}
		}
	}
	return direct
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
			direct, other := e.without(t, &f, of[f.path])
			left := slices.DeleteFunc(of[f.path], func(s *conformance.Scenario) bool { return direct[s.ID] || other[s.ID] })
			if len(left) > 0 {
				alone := e.only(t, &f, left)
				for _, s := range left {
					if !alone[s.ID] {
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
