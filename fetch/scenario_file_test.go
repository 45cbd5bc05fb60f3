package fetch_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// scenariosEnv names the directory that holds recordings of real browsers:
// *.json are scenarios, results/chromium.json, results/firefox.json and
// results/webkit.json what each browser did with them.
//
// A scenario is a page that runs a list of steps against servers that answer
// by rule. Origins go by aliases (see pretendSites); "{A}" stands for an
// origin, "{A.host}" for its host and port, "{A.hostname}" for its host. In
// what servers answer, "{origin}", "{acrm}" and "{acrh}" stand for the
// request's Origin and Access-Control-Request-* headers, and "{n}" for the
// number of requests so far to the same place.
const scenariosEnv = "CORSFETCH_SCENARIOS"

// A scenario is one entry of a scenario file.
type scenario struct {
	ID      string                    `json:"id"`
	Note    string                    `json:"note"`
	Page    scenarioPage              `json:"page"`
	Cookies map[string][]string       `json:"cookies"` // by alias: Set-Cookie values of an earlier visit
	Server  map[string][]scenarioRule `json:"server"`  // by "ALIAS/path"
	Steps   []scenarioStep            `json:"steps"`

	number int // its place among all scenarios; hosts are named after it
}

// A scenarioPage is the page that runs the steps.
type scenarioPage struct {
	Origin  string   `json:"origin"` // an alias
	Headers []string `json:"headers"`
}

// A scenarioRule is how a server answers.
type scenarioRule struct {
	On      string   `json:"on"`    // methods, separated by spaces; "" is any
	Times   int      `json:"times"` // how often it applies; 0 is always
	Status  int      `json:"status"`
	Reason  *string  `json:"reason"`
	Headers []string `json:"headers"` // whole lines; a code point is a byte
	Body    *string  `json:"body"`
	Delay   int      `json:"delay"`  // ms
	Hangup  bool     `json:"hangup"` // close instead of answering
}

// A scenarioStep is a fetch(), or a sleep.
type scenarioStep struct {
	Sleep int `json:"sleep"` // ms

	Fetch          string   `json:"fetch"` // a URL, or "ALIAS/path"
	In             string   `json:"in"`    // "", "top", "worker", "sandbox", "data" or "frame:ALIAS"
	Method         string   `json:"method"`
	Headers        []string `json:"headers"`
	Body           *string  `json:"body"`
	BodyType       string   `json:"bodyType"` // "", "text", "bytes", "urlencoded", "formdata", "blob:TYPE" or "stream"
	Mode           string   `json:"mode"`
	Credentials    string   `json:"credentials"`
	Redirect       string   `json:"redirect"`
	Cache          string   `json:"cache"`
	Referrer       *string  `json:"referrer"`
	ReferrerPolicy string   `json:"referrerPolicy"`
	Timing         bool     `json:"timing"` // Resource Timing was recorded too; it is not compared

	Expect *string  `json:"expect"` // what the standards say; see expectation
	Wire   []string `json:"wire"`   // "2 Name: value" or "2 !Name", of the second request
}

func (s *scenarioStep) sleep() time.Duration { return time.Duration(s.Sleep) * time.Millisecond }

// UnmarshalJSON takes an alias, or an object.
func (p *scenarioPage) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &p.Origin)
	}
	type object scenarioPage
	return unmarshalStrictly(b, (*object)(p))
}

// A recording is a file of results.
type recording struct {
	Browser string            `json:"browser"`
	Version string            `json:"version"`
	Results []recordedResults `json:"results"`
}

// recordedResults are what one browser did with one scenario.
type recordedResults struct {
	ID    string         `json:"id"`
	Error string         `json:"error"` // why the recording stopped short
	Steps []recordedStep `json:"steps"`
}

// A recordedStep is what one step led to. Its console messages and timings are
// not compared.
type recordedStep struct {
	scenarioOutcome
	Error   string          `json:"error"` // the exception's name
	Message string          `json:"message"`
	Console json.RawMessage `json:"console"`
	Timing  json.RawMessage `json:"timing"`
}

// A scenarioOutcome is what a step led to, in a browser or here. Strings name
// origins by alias; in headers each code point is a byte.
type scenarioOutcome struct {
	Outcome  string            `json:"outcome"` // "resolved", "rejected", "done" for a sleep, …
	Response *scenarioResponse `json:"response"`
	Requests []scenarioRequest `json:"requests"`
}

// A scenarioResponse is what a script sees.
type scenarioResponse struct {
	Type       string   `json:"type"`
	Status     int      `json:"status"`
	StatusText string   `json:"statusText"`
	OK         bool     `json:"ok"`
	Redirected bool     `json:"redirected"`
	URL        string   `json:"url"`
	Headers    []string `json:"headers"`
	Body       string   `json:"body"`
	BodyError  string   `json:"bodyError"` // what text() rejects with
}

// A scenarioRequest is a request as it came to a server.
type scenarioRequest struct {
	Method  string   `json:"method"`
	URL     string   `json:"url"`
	Headers []string `json:"headers"` // "Name: value", sorted by name
	Body    string   `json:"body"`
}

// scenariosDir returns the directory of scenarios; without one it skips t.
func scenariosDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv(scenariosEnv)
	if dir == "" {
		t.Skipf("%s is not set: it names the directory of recordings that this test compares with", scenariosEnv)
	}
	return dir
}

// loadScenarios reads every scenario below dir. What this test does not know
// is fatal: it could not be held to it.
func loadScenarios(t *testing.T, dir string) []*scenario {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios in %s (%v)", dir, err)
	}
	var all []*scenario
	seen := make(map[string]bool)
	for _, file := range files {
		for _, raw := range readArray(t, file) {
			var named struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(raw, &named); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			s, err := parseScenario(raw)
			if err != nil {
				t.Fatalf("%s: %s: %v", file, named.ID, err)
			}
			s.number = len(all)
			if seen[s.ID] {
				t.Fatalf("%s: %s: there are two of that id", file, named.ID)
			}
			seen[s.ID] = true
			all = append(all, s)
		}
	}
	return all
}

// parseScenario reads one scenario. Whatever it does not know is an error.
func parseScenario(raw []byte) (*scenario, error) {
	s := new(scenario)
	if err := unmarshalStrictly(raw, s); err != nil {
		return nil, err
	}
	if s.Page.Origin == "" {
		s.Page.Origin = "A"
	}
	return s, s.check()
}

// loadRecording reads what a browser did with the scenarios of dir.
func loadRecording(t *testing.T, dir, browser string) map[string][]recordedStep {
	t.Helper()
	file := filepath.Join(dir, "results", browser+".json")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rec recording
	if err := unmarshalStrictly(data, &rec); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if rec.Browser != browser {
		t.Fatalf("%s: a recording of %q", file, rec.Browser)
	}
	byID := make(map[string][]recordedStep, len(rec.Results))
	for _, r := range rec.Results {
		byID[r.ID] = r.Steps
	}
	return byID
}

// readArray returns the elements of the JSON array that file holds.
func readArray(t *testing.T, file string) []json.RawMessage {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return all
}

// unmarshalStrictly decodes data and refuses keys that v does not have.
func unmarshalStrictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
