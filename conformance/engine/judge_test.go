package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/corpus"
	"github.com/corsfetch/corsfetch/conformance/engine"
	"github.com/corsfetch/corsfetch/fetch"
)

// A browser is one that there is a profile and a recording of.
type browser struct {
	name     string
	new      func() *fetch.Profile
	recorded func() (*conformance.Recording, error) // the same each time; no test changes it
}

var profiles = []browser{
	{"chromium", fetch.Chromium, recorded("chromium")},
	{"firefox", fetch.Firefox, recorded("firefox")},
	{"webkit", fetch.WebKit, recorded("webkit")},
}

func recorded(name string) func() (*conformance.Recording, error) {
	return sync.OnceValues(func() (*conformance.Recording, error) { return corpus.Recording(name) })
}

// recording is what the browser did with the corpus.
func (b *browser) recording(t *testing.T) *conformance.Recording {
	t.Helper()
	recording, err := b.recorded()
	if err != nil {
		t.Fatal(err)
	}
	return recording
}

// check runs scenarios in the engine, in a bubble, so that it does not matter how
// busy the machine is: time passes when there is nothing left to do. What leaves
// a goroutine behind fails.
func check(t *testing.T, scenarios []*conformance.Scenario, newClient conformance.NewClient, opts conformance.Options) (report *conformance.Report) {
	t.Helper()
	opts.Via = conformance.Vias()
	synctest.Test(t, func(t *testing.T) {
		var err error
		if opts.Servers, err = conformance.InMemory(); err != nil {
			t.Fatal(err)
		}
		defer opts.Servers.Close()
		if report, err = conformance.Check(t.Context(), scenarios, newClient, opts); err != nil {
			t.Fatal(err)
		}
	})
	return report
}

// judge holds the engine against a recording, or the expectations if that is
// nil. It fails for what is not known, and for what is known and is not so.
func judge(t *testing.T, scenarios []*conformance.Scenario, profile *fetch.Profile, against *conformance.Recording, known map[string]string) *conformance.Report {
	t.Helper()
	report := check(t, scenarios, engine.New(profile), conformance.Options{Against: against, Known: known})
	for i := range report.Disagree {
		t.Errorf("%v", &report.Disagree[i])
	}
	for _, id := range report.Stale {
		t.Errorf("%s: known to differ (%s), and does not, or is no scenario", id, known[id])
	}
	if report.Agree == 0 {
		t.Error("nothing was judged")
	}
	t.Log(figures(scenarios, report))
	skips := make(map[string]int)
	for _, s := range report.Skips {
		skips[s.Reason]++
	}
	for _, reason := range slices.Sorted(maps.Keys(skips)) {
		t.Logf("skipped %d: %s", skips[reason], reason)
	}
	return report
}

// figures says how many of the steps that fetch agree, at two levels.
func figures(scenarios []*conformance.Scenario, report *conformance.Report) string {
	byID := make(map[string]*conformance.Scenario)
	for _, s := range scenarios {
		byID[s.ID] = s
	}
	fetches := 0
	for i := range report.Recorded.Results {
		s := byID[report.Recorded.Results[i].ID]
		for j := range s.Steps {
			if s.Steps[j].Fetch != "" {
				fetches++
			}
		}
	}
	visible, wire := fetches, fetches
	for _, d := range append(report.Known, report.Disagree...) {
		worst := make(map[int]conformance.Level) // by step
		for _, difference := range d.Differences {
			level, seen := worst[difference.Step]
			if !seen || difference.Level < level {
				worst[difference.Step] = difference.Level
			}
		}
		for _, level := range worst {
			wire--
			if level < conformance.LevelWire {
				visible--
			}
		}
	}
	return fmt.Sprintf("%d of %d scenarios agree, %d are known to differ, %d disagree, %d are skipped; "+
		"of %d steps %d agree in outcome, in what a script sees and in methods and URLs, %d in every header on the wire too",
		report.Agree, report.Scenarios-report.Skipped, report.Explained, len(report.Disagree), report.Skipped, fetches, visible, wire)
}
