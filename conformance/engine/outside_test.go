package engine_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/fetch"
)

// scenariosEnv names a directory of scenarios with results/chromium.json,
// results/firefox.json and results/webkit.json, what browsers did with them.
const scenariosEnv = "CORSFETCH_SCENARIOS"

// outsideKnown are the scenarios of that directory in which the engine is known
// to differ, by browser.
var outsideKnown = map[string]map[string]knownDifference{
	"standard": {
		"safelist-accept-control": {conformance.LevelOutcome, "net/http sends no control characters in header values"},
	},
	"chromium": {
		"safelist-accept-control":    {conformance.LevelOutcome, "net/http sends no control characters in header values"},
		"safelist-unsafe-user-agent": {conformance.LevelWire, "it was recorded headless, and its User-Agent says so"},
	},
	"firefox": {
		"safelist-accept-control": {conformance.LevelOutcome, "net/http sends no control characters in header values"},
	},
	"webkit": {
		"safelist-accept-control": {conformance.LevelOutcome, "net/http sends no control characters in header values"},
		"exposed-high-bytes":      {conformance.LevelVisible, "libsoup takes header values for UTF-8"},
		"no-cors-blob-json":       {conformance.LevelWire, "WebKit lets a Blob's type through where it would not take the header"},
	},
}

// TestOutside holds each profile against recordings that are not part of the
// corpus, and the standard's against the expectations there.
func TestOutside(t *testing.T) {
	dir := os.Getenv(scenariosEnv)
	if dir == "" {
		t.Skipf("%s is not set: it names a directory of recordings that this test compares with", scenariosEnv)
	}
	scenarios, err := conformance.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range profiles {
		t.Run(p.name, func(t *testing.T) {
			file := filepath.Join(dir, "results", p.name+".json")
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			recording, err := conformance.ReadRecording(file, data)
			if err != nil {
				t.Fatal(err)
			}
			if recording.Browser != p.name {
				t.Fatalf("%s is a recording of %q; want %q", file, recording.Browser, p.name)
			}
			judge(t, scenarios, p.new(), recording, outsideKnown[p.name])
		})
	}
	t.Run("standard", func(t *testing.T) { judge(t, scenarios, fetch.Standard(), nil, outsideKnown["standard"]) })
}
