package engine_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/fetch"
)

// scenariosEnv names directories, separated as in PATH, of scenarios with
// results/chromium.json, results/firefox.json and results/webkit.json, what
// browsers did with them.
const scenariosEnv = "CORSFETCH_SCENARIOS"

// A knownDifference is a scenario in which the engine is known not to do what a
// browser does.
type knownDifference struct {
	is     conformance.Level // how deep it goes
	reason string
}

// outsideKnown are the scenarios of those directories in which the engine is
// known to differ, by browser.
var outsideKnown = map[string]map[string]knownDifference{
	"standard": {
		"referrer-page-same-origin": {conformance.LevelOutcome, "to the letter a page of localhost, which is potentially trustworthy, prohibits mixed content"},
		"safelist-accept-control":   {conformance.LevelOutcome, "net/http sends no control characters in header values"},
	},
	"chromium": {
		"safelist-accept-control":    {conformance.LevelOutcome, "net/http sends no control characters in header values"},
		"safelist-unsafe-user-agent": {conformance.LevelWire, "it was recorded headless, and its User-Agent says so"},
	},
	"firefox": {
		"safelist-accept-control": {conformance.LevelOutcome, "net/http sends no control characters in header values"},
	},
	"webkit": {
		"mixed-video":             {conformance.LevelWire, "WebKit's media player says no Referer to what has been upgraded"},
		"safelist-accept-control": {conformance.LevelOutcome, "net/http sends no control characters in header values"},
	},
}

// TestOutside holds each profile against recordings that are not part of the
// corpus, and the standard's against the expectations there.
func TestOutside(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv(scenariosEnv))
	if len(dirs) == 0 {
		t.Skipf("%s is not set: it names directories of recordings that this test compares with", scenariosEnv)
	}
	var scenarios []*conformance.Scenario
	for _, dir := range dirs {
		loaded, err := conformance.Load(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		scenarios = append(scenarios, loaded...)
	}
	for _, p := range profiles {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			recording := recordedOutside(t, dirs, p.name)
			report := judgeOutside(t, scenarios, p.new(), recording)
			judgeConsole(t, report.Recorded, recording, nil)
		})
	}
	t.Run("standard", func(t *testing.T) {
		t.Parallel()
		judgeOutside(t, scenarios, fetch.Standard(), nil)
	})
}

// recordedOutside is what a browser did with the scenarios of dirs.
func recordedOutside(t *testing.T, dirs []string, browser string) *conformance.Recording {
	t.Helper()
	all := &conformance.Recording{Browser: browser}
	for _, dir := range dirs {
		file := filepath.Join(dir, "results", browser+".json")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		recording, err := conformance.ReadRecording(file, data)
		if err != nil {
			t.Fatal(err)
		}
		if recording.Browser != browser {
			t.Fatalf("%s is a recording of %q; want %q", file, recording.Browser, browser)
		}
		all.Results = append(all.Results, recording.Results...)
	}
	return all
}

// judgeOutside is judge with what is known of these scenarios, and fails too if
// that goes deeper than is known.
func judgeOutside(t *testing.T, scenarios []*conformance.Scenario, profile *fetch.Profile, against *conformance.Recording) *conformance.Report {
	t.Helper()
	known := outsideKnown[profile.Name]
	reasons := make(map[string]string)
	for _, s := range scenarios { // not every directory has them all
		if k, ok := known[s.ID]; ok {
			reasons[s.ID] = k.reason
		}
	}
	report := judge(t, scenarios, profile, against, reasons)
	for i := range report.Known {
		if d := &report.Known[i]; d.Level != known[d.ID].is {
			t.Errorf("known to differ in %v, and does in:\n%v", known[d.ID].is, d)
		}
	}
	return report
}
