package engine_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/engine"
)

// TestFieldsAreShown: each field of a browser's profile that is not the
// standard's is needed. One at least of the scenarios that its comment names
// comes out as that browser was recorded, and does not once the field is reset.
func TestFieldsAreShown(t *testing.T) {
	scenarios := make(map[string]*conformance.Scenario)
	for _, s := range corpusScenarios(t) {
		scenarios[s.ID] = s
	}
	points := make(map[string]point)
	from := make(sources)
	for _, f := range fields() {
		p := from.point(t, &f)
		points[f.path] = p
		if p.shown == nil && p.test == "" {
			t.Errorf("the comment of %s names neither scenarios nor a test that show it", f.path)
		}
		for _, id := range p.shown {
			if scenarios[id] == nil {
				t.Errorf("the comment of %s names %q, which is no scenario", f.path, id)
			}
		}
	}
	for _, b := range profiles {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			recording := b.recording(t)
			known := engine.Known(b.name)
			for _, f := range fields() {
				if !f.differs(b.new()) || points[f.path].shown == nil {
					continue
				}
				var named []*conformance.Scenario
				for _, id := range points[f.path].shown {
					if s := scenarios[id]; s != nil && known[id] == "" { // TestCorpus holds that it agrees
						named = append(named, s)
					}
				}
				report := check(t, named, engine.New(f.reset(b.new())), conformance.Options{Against: recording})
				if len(report.Disagree) == 0 {
					t.Errorf("without %s the scenarios that its comment names still come out as recorded; "+
						"name one that does not, or set it no more (testdata/explained.json has all there are)", f.path)
				}
			}
		})
	}
}

var testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)

// TestFieldsAreTested: a test that a field's comment names in place of a
// scenario exists.
func TestFieldsAreTested(t *testing.T) {
	tests := make(map[string]bool)
	err := filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		for _, m := range testFunc.FindAllSubmatch(data, -1) {
			tests[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	from := make(sources)
	for _, f := range fields() {
		if p := from.point(t, &f); p.test != "" && !tests[p.test] {
			t.Errorf("the comment of %s names %s, which is no test", f.path, p.test)
		}
	}
}
