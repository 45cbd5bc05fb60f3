package corpus_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/corpus"
)

// loaded is what corpus.Scenarios returns. No test changes it.
var loaded = sync.OnceValues(corpus.Scenarios)

func load(t *testing.T) []*conformance.Scenario {
	t.Helper()
	scenarios, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return scenarios
}

// TestScenarios holds every scenario to what the package comment promises.
func TestScenarios(t *testing.T) {
	scenarios := load(t)
	if len(scenarios) < 2700 { // as the README says
		t.Errorf("%d scenarios, want at least 2700", len(scenarios))
	}
	ids := make(map[string]bool)
	notes := make(map[string]string)
	for _, s := range scenarios {
		at := fmt.Sprintf("%s:%d: %s", s.File, s.Line, s.ID)
		if ids[s.ID] {
			t.Errorf("%s: there twice", at)
		}
		ids[s.ID] = true
		if !strings.HasSuffix(s.Note, ".") || len(strings.Fields(s.Note)) < 3 {
			t.Errorf("%s: the note %q is no sentence", at, s.Note)
		}
		if other := notes[s.Area()+s.Note]; other != "" {
			t.Errorf("%s: the note is that of %s", at, other)
		}
		notes[s.Area()+s.Note] = s.ID
		checkSpec(t, at, s.Spec)
		checkPoints(t, at, s.Points)
		checkExpectations(t, at, s)
	}
}

func checkSpec(t *testing.T, at, spec string) {
	t.Helper()
	u, err := url.Parse(spec)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.Fragment == "" {
		t.Errorf("%s: spec is %q, want an anchor in a standard", at, spec)
	}
}

// point is what the id of a test point looks like.
var point = regexp.MustCompile(`^[A-Z]{3}-[0-9]{3}$`)

func checkPoints(t *testing.T, at string, points []string) {
	t.Helper()
	for _, p := range points {
		if !point.MatchString(p) {
			t.Errorf("%s: %q is no test point", at, p)
		}
	}
}

// checkExpectations wants an expectation of each fetch. A step without one is
// explained by the note.
func checkExpectations(t *testing.T, at string, s *conformance.Scenario) {
	t.Helper()
	for i := range s.Steps {
		if step := &s.Steps[i]; step.Fetch != "" && step.Expect == "" && len(s.Note) < 80 {
			t.Errorf("%s: step %d has no expectation, and the note does not say why", at, i+1)
		}
	}
}

// TestAreas: the ids in a file begin with the name of the file's area.
func TestAreas(t *testing.T) {
	for _, s := range load(t) {
		if want := "-" + s.Area() + ".json"; !strings.HasSuffix(s.File, want) {
			t.Errorf("%s:%d: %s is not in a file named NN%s", s.File, s.Line, s.ID, want)
		}
	}
}

// TestSleeps: a browser has to sleep for real.
func TestSleeps(t *testing.T) {
	total := 0
	for _, s := range load(t) {
		for i := range s.Steps {
			if ms := s.Steps[i].Sleep; ms > 6000 {
				t.Errorf("%s:%d: %s sleeps %d ms, want 6000 at most", s.File, s.Line, s.ID, ms)
			}
			total += s.Steps[i].Sleep
		}
	}
	if total > 120_000 {
		t.Errorf("all scenarios sleep %d ms, want 120000 at most", total)
	}
}

// TestDoc: the package comment says what each file is about, and of no other.
func TestDoc(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	told := regexp.MustCompile(`(?m)^//\t(\w\d-\w+\.json) `).FindAllStringSubmatch(string(doc), -1)
	files := make(map[string]bool)
	for _, s := range load(t) {
		files[s.File] = true
	}
	for _, m := range told {
		if !files[m[1]] {
			t.Errorf("the package comment tells of %s, which is not there, or twice", m[1])
		}
		delete(files, m[1])
	}
	for file := range files {
		t.Errorf("the package comment does not tell of %s", file)
	}
}

// TestRecordings: what is recorded can be read and is of all scenarios, and of
// nothing else.
func TestRecordings(t *testing.T) {
	scenarios := make(map[string]*conformance.Scenario)
	for _, s := range load(t) {
		scenarios[s.ID] = s
	}
	for _, browser := range []string{"chromium", "firefox", "webkit"} {
		t.Run(browser, func(t *testing.T) {
			recording, err := corpus.Recording(browser)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range load(t) {
				if recording.Find(s.ID) == nil {
					t.Errorf("%s: not recorded", s.ID)
				}
			}
			for i := range recording.Results {
				r := &recording.Results[i]
				s := scenarios[r.ID]
				if s == nil {
					t.Errorf("%s: recorded, but no scenario", r.ID)
					continue
				}
				if r.Error == "" && len(r.Steps) != len(s.Steps) {
					t.Errorf("%s: %d steps recorded of %d", r.ID, len(r.Steps), len(s.Steps))
				}
			}
		})
	}
}

func TestNoRecording(t *testing.T) {
	for _, name := range []string{"", "netscape", "../corpus", "chromium.json"} {
		if _, err := corpus.Recording(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Recording(%q): got error %v, want that it does not exist", name, err)
		}
	}
}

func ExampleScenarios() {
	scenarios, err := corpus.Scenarios()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range scenarios {
		if s.ID == "preflight-acam-lower" {
			fmt.Println(s.Note)
			fmt.Println(s.Steps[0].Expect)
		}
	}
	// Output:
	// put does not allow PUT.
	// OPTIONS => TypeError
}
