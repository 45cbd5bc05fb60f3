package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/engine"
	"github.com/corsfetch/corsfetch/fetch"
)

// differencesFile is what browsers do differently, for people to read.
const differencesFile = "../DIFFERENCES.md"

// TestDifferences: what the browsers did in the corpus and the standard's
// profile does not is explained by fields of their profiles, or known; and the
// document that says so is what comes of it now.
func TestDifferences(t *testing.T) {
	w := newWitnesses(t)
	t.Run("explained", func(t *testing.T) {
		all := readExplained(t)
		var mu sync.Mutex
		t.Run("by", func(t *testing.T) {
			for i, p := range profiles {
				t.Run(p.name, func(t *testing.T) {
					t.Parallel()
					e := w.explanations(t, i, all[p.name])
					mu.Lock()
					all[p.name] = e
					mu.Unlock()
				})
			}
		})
		if *update {
			writeExplained(t, all, w.scenarios)
		}
		w.explained = all
	})
	d := document{witnesses: w, sources: make(sources)}
	got := d.render(t)
	if *update {
		if err := os.WriteFile(differencesFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(differencesFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what comes of the corpus now; run\n\n\tgo test ./conformance/engine -run TestDifferences -update\n\n(-is +comes):\n%s",
			differencesFile, cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
	}
}

// A witnesses is what is known of who did what.
type witnesses struct {
	scenarios  []*conformance.Scenario
	byID       map[string]*conformance.Scenario
	texts      map[string]string              // scenarios as they are written
	standard   map[string]*conformance.Result // what the standard's profile does
	recordings []*conformance.Recording       // as profiles
	results    []map[string]*conformance.Result
	skips      map[string]string // why a scenario is not run
	explained  map[string]explanation
}

func newWitnesses(t *testing.T) *witnesses {
	t.Helper()
	w := &witnesses{scenarios: corpusScenarios(t), byID: make(map[string]*conformance.Scenario), skips: make(map[string]string)}
	for _, s := range w.scenarios {
		w.byID[s.ID] = s
	}
	w.texts = scenarioTexts(t)
	report := check(t, w.scenarios, engine.New(fetch.Standard()), conformance.Options{})
	w.standard = resultsOf(report.Recorded)
	for _, s := range report.Skips {
		w.skips[s.ID] = s.Reason
	}
	for _, p := range profiles {
		recording := p.recording(t)
		w.recordings = append(w.recordings, recording)
		w.results = append(w.results, resultsOf(recording))
	}
	return w
}

// scenarioTexts are the scenarios as they are written, by id.
func scenarioTexts(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("../corpus/*.json")
	if err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]string)
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var all []json.RawMessage
		if err := json.Unmarshal(data, &all); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, text := range all {
			var s struct{ ID string }
			if err := json.Unmarshal(text, &s); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			texts[s.ID] = string(text)
		}
	}
	return texts
}

func resultsOf(r *conformance.Recording) map[string]*conformance.Result {
	all := make(map[string]*conformance.Result)
	for i := range r.Results {
		all[r.Results[i].ID] = &r.Results[i]
	}
	return all
}

// explanations returns had as it is if it explains all that the browser does
// differently, and nothing else. With -update it does once it is returned.
func (w *witnesses) explanations(t *testing.T, browser int, had explanation) explanation {
	t.Helper()
	p := profiles[browser]
	known := engine.Known(p.name)
	e := &explainer{profile: p.new, recording: w.recordings[browser], results: w.results[browser], standard: w.standard}
	var differ []*conformance.Scenario
	for _, s := range w.scenarios {
		// Note: WebKit is recorded with certificates that it looks away from, where
		// HSTS is not heard. That is no rule of its profile; the engine does the same.
		if looksAway := p.name == "webkit" && s.Area() == "hsts"; looksAway {
			continue
		}
		if e.differs(s.ID) && known[s.ID] == "" {
			differ = append(differ, s)
		}
	}
	stale := e.stale(t, had, differ)
	all := make(explanation)
	var missing []*conformance.Scenario
	for _, s := range differ {
		if had[s.ID] != nil && !stale[s.ID] {
			all[s.ID] = had[s.ID]
		} else {
			missing = append(missing, s)
		}
	}
	if len(all) != len(had) && !*update {
		t.Errorf("%d explanations hold of %d; see -update", len(all), len(had))
	}
	if len(missing) == 0 {
		return all
	}
	found := e.explain(t, missing)
	for _, s := range missing {
		all[s.ID] = found[s.ID]
		if found[s.ID] == nil {
			delete(all, s.ID)
			t.Errorf("%s: %s does not do what the standard's profile does, and no field of its profile explains it", s.ID, p.name)
		} else if !*update {
			t.Errorf("%s: nothing explains what %s does; -update would say %v", s.ID, p.name, found[s.ID])
		}
	}
	return all
}

// without are the differences between a recorded scenario and what the engine
// makes of it without a field: what the field is there for.
func (w *witnesses) without(t *testing.T, browser int, f *field, s *conformance.Scenario) []conformance.Difference {
	t.Helper()
	p := profiles[browser]
	if !f.differs(p.new()) {
		return nil
	}
	report := check(t, []*conformance.Scenario{s}, engine.New(f.reset(p.new())), conformance.Options{Against: w.recordings[browser]})
	if len(report.Disagree) == 0 {
		return nil
	}
	return report.Disagree[0].Differences
}

// name is what a browser is called, with its version.
func (w *witnesses) name(browser int) string {
	r := w.recordings[browser]
	return fmt.Sprintf("%s (%s)", title(r.Browser), r.Version)
}

func title(browser string) string {
	return map[string]string{"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKit"}[browser]
}
