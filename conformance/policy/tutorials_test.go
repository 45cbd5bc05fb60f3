package policy_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/corpus"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// tutorialRow is a line of a table in TUTORIALS.md.
var tutorialRow = regexp.MustCompile(`(?m)^\| (tutorial-[a-z-]+) ([0-9]+) \|.*?\| (blocked|read, [0-9]+) \|`)

// TestTutorialVerdicts: the tables say what each browser was seen to do, and leave
// no step out.
func TestTutorialVerdicts(t *testing.T) {
	text, err := os.ReadFile("TUTORIALS.md")
	if err != nil {
		t.Fatal(err)
	}
	told := make(map[string]string)
	for _, row := range tutorialRow.FindAllStringSubmatch(string(text), -1) {
		told[row[1]+" "+row[2]] = row[3]
	}
	for _, browser := range []string{"chromium", "firefox", "webkit"} {
		recording, err := corpus.Recording(browser)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, r := range recording.Results {
			if len(r.ID) < 9 || r.ID[:9] != "tutorial-" {
				continue
			}
			for i, step := range r.Steps {
				n++
				key := r.ID + " " + strconv.Itoa(i+1)
				if got := outcome(&step); told[key] != got {
					t.Errorf("%s: the table says %q, %s %q", key, told[key], browser, got)
				}
			}
		}
		if n != len(told) {
			t.Errorf("%d lines in the tables; %s has %d steps", len(told), browser, n)
		}
	}
}

// outcome is what became of a step, as the tables have it.
func outcome(s *conformance.Outcome) string {
	if s.Response != nil {
		return fmt.Sprintf("read, %d", s.Response.Status)
	}
	return "blocked"
}

// TestTutorialSample: the words in the comment of the tutorial's test are what it
// prints.
func TestTutorialSample(t *testing.T) {
	sample := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "https://app.example")
	})
	web := fetchtest.New(fetchtest.Servers{"https://api.example": sample})
	got := web.Page("https://app.example").Fetch(fetchtest.Request{
		URL: "https://api.example/c", Init: fetch.Init{Credentials: fetch.CredentialsInclude},
	})
	text, err := os.ReadFile("TUTORIALS.md")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(regexp.QuoteMeta("// " + got.Message + "\n")).Match(text) {
		t.Errorf("TUTORIALS.md does not have %q", got.Message)
	}
}
