package policy_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/corpus"
	"github.com/corsfetch/corsfetch/conformance/policy"
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

// tutorialServers are the three, as net/http has them.
var tutorialServers = []struct {
	title   string
	trusted []string
	handler http.HandlerFunc
}{
	{"The orders of an Express server", []string{"https://app.example", "https://admin.example"}, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "https://app.example")
		h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
		h.Set("Access-Control-Allow-Headers", "Origin, Content-Type, Authorization")
		switch r.Method {
		case http.MethodOptions:
			h.Set("Allow", "GET,HEAD,PUT")
			fmt.Fprint(w, "GET,HEAD,PUT")
		case http.MethodGet, http.MethodHead, http.MethodPut:
			h.Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"id":7}`)
		default:
			http.NotFound(w, r)
		}
	}},
	{"The exchange that everybody prints", []string{"https://app.example"}, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "https://app.example")
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "POST, GET, OPTIONS, DELETE")
			h.Set("Access-Control-Max-Age", "86400")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		fmt.Fprint(w, "ok")
	}},
	{"`credentials: \"include\"`, and a server that does not know of it", []string{"https://app.example"}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "https://app.example")
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1", Secure: true, SameSite: http.SameSiteNoneMode})
		fmt.Fprint(w, "ok")
	}},
}

// TestTutorialAudits: what is said of each of the three in an audit.
func TestTutorialAudits(t *testing.T) {
	text, err := os.ReadFile("TUTORIALS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range tutorialServers {
		report, err := audit.Run(t.Context(), policy.Subject{
			Web:     fetchtest.New(fetchtest.Servers{"https://api.example": s.handler}),
			Request: fetchtest.Request{URL: "https://api.example/orders/7"},
			Trusted: s.trusted,
		}, audit.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, section, _ := strings.Cut(string(text), "## "+s.title+"\n")
		section, _, _ = strings.Cut(section, "\n## ")
		var want strings.Builder
		for _, f := range report.Findings {
			fmt.Fprintf(&want, "- [%s](../audit/CATALOGUE.md#%s), %s: %s\n", f.ID, strings.ToLower(f.ID), f.Severity, f.Title)
		}
		if !strings.Contains(section, "\n\n"+want.String()) {
			t.Errorf("%s: an audit says, and the page does not:\n%s", s.title, &want)
		}
	}
}
