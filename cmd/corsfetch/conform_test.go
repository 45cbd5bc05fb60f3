package main

import (
	"context"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/corpus"
)

// Scenarios that the engine agrees with, that it does not, and that it cannot
// run.
const (
	goodScenarios = `[
{"id": "cors-star", "note": "a wildcard lets anyone read",
 "server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *"]}]},
 "steps": [{"fetch": "B/x", "expect": "GET => cors 200", "wire": ["1 Origin: {A}"]}]},
{"id": "preflight-put", "note": "PUT is preflighted",
 "server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT"]}]},
 "steps": [{"fetch": "B/x", "method": "PUT", "expect": "OPTIONS PUT => cors 200"}]}
]`
	wrongScenarios = `[
{"id": "cors-closed", "note": "said to be open, and is not",
 "server": {"B/x": [{"headers": ["X-A: \u001b[31m"]}]},
 "steps": [{"fetch": "B/x", "expect": "GET => cors 200"}]}
]`
	endlessScenarios = `[
{"id": "slow-answer", "note": "a server takes eleven days",
 "server": {"B/x": [{"delay": 1000000000}]},
 "steps": [{"fetch": "B/x", "expect": "GET => cors 200"}]}
]`
	policyScenarios = `[
{"id": "policy-plain", "note": "a page with a policy",
 "page": {"headers": ["Content-Security-Policy: default-src *"]},
 "steps": [{"fetch": "A/x", "expect": "GET => basic 404"}]}
]`
	// whySkipped is why the engine does not run them.
	whySkipped = "policies of the page other than for referrers and for what it embeds"
)

// scenarioDir writes files, given as name and content in turns.
func scenarioDir(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestConform(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		args  []string // {d} is the directory
		code  int
		out   []string // in standard output
		onErr []string // in standard error
	}{
		{"all agree", []string{"a.json", goodScenarios}, []string{"{d}"}, exitAllowed, []string{
			"engine as standard against expectations\n",
			"area       agree  known  disagree  skipped\ncors           1      0         0        0\npreflight      1      0         0        0\n",
			"2 of 2 scenarios agree (100.0%), 0 are known to differ, 0 disagree, 0 were skipped.\n",
		}, nil},
		{"a file", []string{"a.json", goodScenarios}, []string{"{d}/a.json", "-profile", "firefox"}, exitAllowed,
			[]string{"engine as firefox against expectations\n", "2 of 2 scenarios agree"}, nil},
		{"one disagrees", []string{"a.json", goodScenarios, "b.json", wrongScenarios}, []string{"{d}"}, exitBlocked, []string{
			"\nDisagrees\n  cors-closed (outcome)\n    said to be open, and is not\n    step 1, outcome\n      got  rejected\n      want resolved\n",
			"2 of 3 scenarios agree (66.7%), 0 are known to differ, 1 disagree, 0 were skipped.\n",
		}, nil},
		{"one is skipped", []string{"a.json", goodScenarios, "b.json", policyScenarios}, []string{"{d}"}, exitAllowed,
			[]string{"\nSkipped\n    1  " + whySkipped + "\n", "2 of 2 scenarios agree (100.0%), 0 are known to differ, 0 disagree, 1 were skipped.\n"}, nil},
		{"all are skipped", []string{"b.json", policyScenarios}, []string{"{d}"}, exitBlocked, []string{"None of 1 scenarios could be run.\n"}, nil},
		{"only one", []string{"a.json", goodScenarios, "b.json", wrongScenarios}, []string{"{d}", "-only", "cors-star"}, exitAllowed, []string{"1 of 1 scenarios agree"}, nil},
		{"only an area", []string{"a.json", goodScenarios, "b.json", wrongScenarios}, []string{"{d}", "-only", "cors"}, exitBlocked, []string{"1 of 2 scenarios agree"}, nil},
		{"only two", []string{"a.json", goodScenarios, "b.json", wrongScenarios}, []string{"{d}", "-only", "cors-star", "-only=preflight"}, exitAllowed, []string{"2 of 2 scenarios agree"}, nil},
		{"a sample", []string{"a.json", goodScenarios, "b.json", wrongScenarios}, []string{"{d}", "-sample", "1"}, exitAllowed, []string{"1 of 1 scenarios agree"}, nil},
		{"a sample of more than there are", []string{"a.json", goodScenarios}, []string{"{d}", "-sample", "9"}, exitAllowed, []string{"2 of 2 scenarios agree"}, nil},
		{"what disagrees twice", []string{"b.json", wrongScenarios}, []string{"{d}", "-retry"}, exitBlocked, []string{"\n0 of 1 scenarios agree (0.0%), 0 are known to differ, 1 disagree"}, nil},
		{"only an unknown one", []string{"a.json", goodScenarios}, []string{"{d}", "-only", "cors-st"}, exitUsage, nil, []string{"corsfetch conform: -only cors-st: there is no such scenario\n"}},

		{"broken JSON beside good", []string{"a.json", goodScenarios, "b.json", "[\n{\"id\": \"x\",\n"}, []string{"{d}"}, exitBlocked,
			[]string{"2 of 2 scenarios agree"}, []string{"corsfetch conform: {d}/b.json:3: it ends too early\n"}},
		{"broken JSON beside wrong", []string{"a.json", "{", "b.json", wrongScenarios}, []string{"{d}"}, exitBlocked, []string{"1 disagree"}, []string{"{d}/a.json:1: "}},
		{"only broken JSON", []string{"a.json", "[]]"}, []string{"{d}"}, exitUsage, nil, []string{"{d}/a.json:1: "}},
		{"unknown alias", []string{"a.json", goodScenarios, "b.json", "[{\"id\": \"x-y\",\n\"page\": \"Q\",\n\"steps\": [{\"sleep\": 1}]}]"}, []string{"{d}"}, exitBlocked,
			[]string{"2 of 2 scenarios agree"}, []string{`{d}/b.json:2: x-y: `, `unknown alias "Q"`}},
		{"one of a file", []string{"a.json", strings.Replace(goodScenarios, `"GET => cors 200"`, `"GET => core 200"`, 1)}, []string{"{d}"}, exitBlocked,
			[]string{"\n1 of 1 scenarios agree"}, []string{`{d}/a.json:4: cors-star: steps: expect: unknown outcome in`}},
		{"JSON that breaks half-way", []string{"a.json", strings.TrimSuffix(goodScenarios, "}\n]")}, []string{"{d}"}, exitBlocked,
			[]string{"\n1 of 1 scenarios agree"}, []string{"{d}/a.json:7: it ends too early\n"}},
		{"a server that never answers", []string{"a.json", goodScenarios, "b.json", endlessScenarios}, []string{"{d}", "-limit", "200ms"}, exitBlocked, []string{
			"\nDisagrees\n  slow-answer (outcome)\n    a server takes eleven days\n    step 1: it took more than 200ms\n",
			"\n2 of 3 scenarios agree (66.7%), 0 are known to differ, 1 disagree, 0 were skipped.\n"}, nil},
		{"two mistakes", []string{"b.json", "[{\"id\": \"x-y\",\n\"pag\": \"A\",\n\"steps\": [{\"sleep\": 1, \"mode\": \"CORS\"}]}]"}, []string{"{d}"}, exitUsage,
			nil, []string{"{d}/b.json:2: x-y: unknown key \"pag\"\n", "{d}/b.json:3: x-y: "}},
		{"a terminal's escapes", []string{"b.json", "[{\"id\": \"x\\u001b[31m\"}]"}, []string{"{d}"}, exitUsage, nil, []string{`\x1b[31m`}},
		{"the same id twice", []string{"a.json", goodScenarios, "b.json", goodScenarios}, []string{"{d}"}, exitBlocked,
			[]string{"2 of 2 scenarios agree"}, []string{"{d}/b.json:2: cors-star: there is one of that id at {d}/a.json:2\n"}},
		{"an empty directory", nil, []string{"{d}"}, exitUsage, nil, []string{"{d}: no *.json files of scenarios\n"}},
		{"a missing directory", nil, []string{"{d}/missing"}, exitUsage, nil, []string{"corsfetch conform: stat {d}/missing: "}},
		{"a missing directory beside good", []string{"a.json", goodScenarios}, []string{"{d}/missing", "{d}"}, exitBlocked, []string{"2 of 2"}, []string{"missing"}},
		{"a missing recording", []string{"a.json", goodScenarios}, []string{"{d}", "-against", "{d}/r"}, exitUsage, nil, []string{"open {d}/r: "}},
		{"a broken recording", []string{"a.json", goodScenarios, "r", "{\n\"results\": [{}, 1]}"}, []string{"{d}", "-against", "{d}/r"}, exitUsage, nil, []string{"{d}/r:2: "}},
		{"a recording of something else", []string{"a.json", goodScenarios, "r", `{"browser": "chromium", "version": "Chrome/1", "results": []}`},
			[]string{"{d}", "-against", "{d}/r"}, exitBlocked, []string{"engine as standard against chromium Chrome/1\n", "    2  not in the recording\n", "None of 2 scenarios could be run.\n"}, nil},
		{"nowhere to record", []string{"a.json", goodScenarios}, []string{"{d}", "-record", "{d}/missing/r"}, exitUsage, nil, []string{"open {d}/missing/r: "}},
		{"a browser that is not there", []string{"a.json", goodScenarios}, []string{"{d}", "-client", "firefox", "-program", "{d}/firefox"}, exitFailed, nil,
			[]string{"corsfetch conform: firefox does not start: "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.ToSlash(scenarioDir(t, tt.files...))
			fill := func(s string) string { return strings.ReplaceAll(s, "{d}", dir) }
			args := []string{"conform"}
			for _, arg := range tt.args {
				args = append(args, fill(arg))
			}
			got := corsfetch(t, args...)
			if got.code != tt.code {
				t.Errorf("exit code: got %d, want %d", got.code, tt.code)
			}
			check := func(name, got string, want []string) {
				if want == nil && got != "" {
					t.Errorf("%s: got %q, want nothing", name, got)
				}
				for _, w := range want {
					if !strings.Contains(got, fill(w)) {
						t.Errorf("%s: got\n%s\nwant %q in it", name, got, fill(w))
					}
				}
				if !harmless(got) {
					t.Errorf("%s: got %q; want no control characters", name, got)
				}
			}
			check("standard output", got.stdout, tt.out)
			check("standard error", got.stderr, tt.onErr)
		})
	}
}

func TestConformUsage(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string // in standard error
	}{
		{"client", []string{"d", "-client", "lynx"}, `"lynx" for flag -client: want engine, chromium, firefox or webkit`},
		{"profile", []string{"d", "-profile", "lynx"}, `"lynx" for flag -profile: want standard, chromium, firefox or webkit`},
		{"profile of a browser", []string{"d", "-client", "firefox", "-profile", "webkit"}, "-profile is for -client engine; firefox is what it is"},
		{"console of the engine", []string{"d", "-console"}, "-console is for a browser"},
		{"sample of none", []string{"d", "-sample", "0"}, `"0" for flag -sample: want a number`},
		{"program of the engine", []string{"d", "-program", "x"}, "-program is for a browser"},
		{"generated and files", []string{"-generate", "5", "-record", "r", "d"}, `-generate takes no files: "d"`},
		{"generated for nothing", []string{"-generate", "5"}, "want -against-browser, -against or -record"},
		{"unknown flag", []string{"d", "-all"}, "there is no flag -all"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := corsfetch(t, append([]string{"conform"}, tt.args...)...)
			if got.code != exitUsage || got.stdout != "" || !strings.Contains(got.stderr, tt.want) {
				t.Errorf("got %d, %q, %q; want %d, nothing, and %q", got.code, got.stdout, got.stderr, exitUsage, tt.want)
			}
		})
	}
	if got := corsfetch(t, "conform", "-h"); got.code != exitAllowed || got.stdout != conformUsage {
		t.Errorf("-h: got %d, %q; want the usage", got.code, got.stdout)
	}
}

// TestConformDocs: what the flag set knows and what is written about it are the
// same.
func TestConformDocs(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	new(conformOptions).flags().VisitAll(func(f *flag.Flag) {
		if !strings.Contains(string(doc), "//\t-"+f.Name+" ") {
			t.Errorf("doc.go: got nothing about -%s", f.Name)
		}
		if !strings.Contains(conformUsage, "\n  -"+f.Name+" ") {
			t.Errorf("usage: got nothing about -%s", f.Name)
		}
	})
}

// TestSpread: a sample is the same each time, has nothing twice, and has its
// share of each area of the corpus.
func TestSpread(t *testing.T) {
	all, err := corpus.Scenarios()
	if err != nil {
		t.Fatal(err)
	}
	const n = 150
	some := spread(all, n)
	seen := make(map[*conformance.Scenario]bool)
	areas, share := make(map[string]int), make(map[string]float64)
	for _, s := range some {
		seen[s] = true
		areas[s.Area()]++
	}
	if len(some) != n || len(seen) != n {
		t.Errorf("got %d scenarios, %d of them different; want %d", len(some), len(seen), n)
	}
	for _, s := range all {
		share[s.Area()] += float64(n) / float64(len(all))
	}
	for area, want := range share {
		if got := float64(areas[area]); math.Abs(got-want) > 1 {
			t.Errorf("%s: got %v scenarios; want %.1f", area, got, want)
		}
	}
	if diff := cmp.Diff(some, spread(all, n)); diff != "" {
		t.Errorf("another time: -first +second:\n%s", diff)
	}
}

// TestConformBrowserReport: the report of a browser says which version it is
// and which the recording is of, and what only happened once.
func TestConformBrowserReport(t *testing.T) {
	report := func(version string) string {
		r := conformRun{
			conformOptions: conformOptions{client: "chromium"},
			version:        version,
			against:        &conformance.Recording{Browser: "chromium", Version: "Chrome/1"},
			report: &conformance.Report{Scenarios: 1, Agree: 1, Areas: []conformance.Area{{Name: "cors", Agree: 1}}, Unstable: []conformance.Disagreement{{
				ID: "cors-star", Differences: []conformance.Difference{{Step: 1, What: "outcome", Got: "timeout", Want: "resolved"}}}}},
		}
		p := printer{}
		p.conform(&r)
		return p.b.String()
	}
	const rest = `
area  agree  known  disagree  skipped
cors      1      0         0        0

Disagreed, and when run again did not
  cors-star (outcome)
    step 1, outcome
      got  timeout
      want resolved

1 of 1 scenarios agree (100.0%), 0 are known to differ, 0 disagree, 0 were skipped.
`
	if diff := cmp.Diff("chromium Chrome/1 against chromium Chrome/1\n"+rest, report("Chrome/1")); diff != "" {
		t.Errorf("the same version: -want +got:\n%s", diff)
	}
	want := "chromium Chrome/2 against chromium Chrome/1\nThe recording is of another version: what disagrees may have changed with it.\n" + rest
	if diff := cmp.Diff(want, report("Chrome/2")); diff != "" {
		t.Errorf("another version: -want +got:\n%s", diff)
	}
}

// TestConformCorpus: without an argument it is the corpus.
func TestConformCorpus(t *testing.T) {
	got := corsfetch(t, "conform", "-only", "acao")
	if want := "engine as standard against expectations\n"; got.code != exitAllowed || !strings.HasPrefix(got.stdout, want) {
		t.Errorf("got %d, %s, %s; want 0 and %q", got.code, got.stdout, got.stderr, want)
	}
}

// TestConformRecord: what one run records, another agrees with; under another
// profile it does not.
func TestConformRecord(t *testing.T) {
	dir := scenarioDir(t, "a.json", goodScenarios, "b.json", wrongScenarios,
		"c.json", `[{"id": "metadata-include", "steps": [{"fetch": "B/x", "mode": "no-cors", "credentials": "include"}]}]`)
	file := filepath.Join(t.TempDir(), "r.json")
	if got := corsfetch(t, "conform", dir, "-profile", "chromium", "-record", file); got.code != exitBlocked {
		t.Errorf("recording: got %d, %s; want 1 for the expectation it does not meet", got.code, got.stderr)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	recording, err := conformance.ReadRecording(file, data)
	if err != nil {
		t.Fatal(err)
	}
	if recording.Browser != "engine" || recording.Version != "corsfetch as chromium" || len(recording.Results) != 4 {
		t.Errorf("got %q, %q, %d results; want engine, corsfetch as chromium, 4", recording.Browser, recording.Version, len(recording.Results))
	}
	if got := corsfetch(t, "conform", dir, "-profile", "chromium", "-against", file); got.code != exitAllowed {
		t.Errorf("the same profile: got %d, %s; want 0", got.code, got.stdout)
	}
	got := corsfetch(t, "conform", dir, "-profile", "firefox", "-against", file)
	want := "  metadata-include (wire)\n    step 1, request 1, sec-fetch-storage-access\n      got  \"none\"\n      want \"active\"\n"
	if got.code != exitBlocked || !strings.Contains(got.stdout, want) {
		t.Errorf("another profile: got %d, %s; want 1 and %q", got.code, got.stdout, want)
	}
}

// TestConformGenerated: what is generated is recorded and agreed with like files,
// and the same seed makes the same.
func TestConformGenerated(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.json")
	if got := corsfetch(t, "conform", "-generate", "20", "-seed", "3", "-record", file); got.code != exitAllowed {
		t.Fatalf("recording: got %d, %s, %s; want 0", got.code, got.stdout, got.stderr)
	}
	if got := corsfetch(t, "conform", "-generate", "20", "-seed", "3", "-against", file); got.code != exitAllowed || !strings.Contains(got.stdout, "20 of 20 scenarios agree") {
		t.Errorf("the same seed: got %d, %s, %s; want 0 and all", got.code, got.stdout, got.stderr)
	}
	if got := corsfetch(t, "conform", "-generate", "20", "-seed", "4", "-against", file); got.code != exitBlocked || !strings.Contains(got.stdout, "None of 20 scenarios could be run") {
		t.Errorf("another seed: got %d, %s, %s; want 1 and none", got.code, got.stdout, got.stderr)
	}
}

// TestConformGeneratedAbout: what is about cookies is made up of them.
func TestConformGeneratedAbout(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.json")
	if got := corsfetch(t, "conform", "-generate", "3", "-about", "cookies", "-record", file); got.code != exitAllowed || !strings.Contains(got.stdout, "cookies") {
		t.Fatalf("recording: got %d, %s, %s; want 0 and an area of that name", got.code, got.stdout, got.stderr)
	}
	data, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(data), `"cookies-1-2"`) {
		t.Errorf("recorded %s, %v; want cookies-1-2 among it", data, err)
	}
}

// TestConformRecordsNothing: where nothing is run, a recording is neither begun
// nor lost.
func TestConformRecordsNothing(t *testing.T) {
	dir := scenarioDir(t, "a.json", goodScenarios)
	for name, content := range map[string]string{"new": "", "old": "a recording"} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "r.json")
			if content != "" {
				if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got := corsfetch(t, "conform", dir, "-client", "firefox", "-program", filepath.Join(dir, "firefox"), "-record", file); got.code != exitFailed {
				t.Errorf("got %d, %s; want %d", got.code, got.stderr, exitFailed)
			}
			data, err := os.ReadFile(file)
			if string(data) != content || (err == nil) != (content != "") {
				t.Errorf("left %q, %v; want %q", data, err, content)
			}
		})
	}
}

func TestConformJSON(t *testing.T) {
	dir := scenarioDir(t, "a.json", goodScenarios, "b.json", wrongScenarios, "c.json", policyScenarios)
	got := corsfetch(t, "conform", dir, "-json")
	if got.code != exitBlocked || got.stderr != "" {
		t.Fatalf("got %d, %q; want 1 and nothing", got.code, got.stderr)
	}
	var doc struct {
		Client, Profile, Against    string
		Scenarios, Agree, Explained int
		Skipped, Steps              int
		Areas, Known, Stale         []any
		Skips                       []conformance.Skip
		Disagree                    []struct {
			ID, Note, Level string
			Differences     []struct {
				Step                   int
				Level, What, Got, Want string
			}
			Got *conformance.Result
		}
	}
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Client != "engine" || doc.Profile != "standard" || doc.Against != "expectations" {
		t.Errorf("got %q, %q, %q; want engine, standard, expectations", doc.Client, doc.Profile, doc.Against)
	}
	want := []int{4, 2, 0, 1, 3, 3}
	if diff := cmp.Diff(want, []int{doc.Scenarios, doc.Agree, doc.Explained, doc.Skipped, doc.Steps, len(doc.Areas)}); diff != "" {
		t.Errorf("scenarios, agree, explained, skipped, steps, areas: -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]conformance.Skip{{ID: "policy-plain", Reason: whySkipped}}, doc.Skips); diff != "" {
		t.Errorf("skips: -want +got:\n%s", diff)
	}
	if doc.Known == nil || doc.Stale == nil {
		t.Error("got null; want empty lists")
	}
	if len(doc.Disagree) != 1 {
		t.Fatalf("got %d disagreements, want 1", len(doc.Disagree))
	}
	d := doc.Disagree[0]
	if d.ID != "cors-closed" || d.Level != "outcome" || len(d.Differences) == 0 || d.Got == nil || d.Got.Steps[0].Outcome != "rejected" {
		t.Errorf("got %+v; want both sides of cors-closed", d)
	}
	if first := d.Differences[0]; first.Step != 1 || first.What != "outcome" || first.Got != "rejected" || first.Want != "resolved" {
		t.Errorf("got %+v; want step 1, outcome, rejected, resolved", first)
	}
}

// TestConformInterrupted: what is known so far is told, but not as success.
func TestConformInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	file := filepath.Join(t.TempDir(), "r.json")
	got := corsfetchWith(t, ctx, "", "conform", scenarioDir(t, "a.json", goodScenarios), "-record", file)
	if want := "corsfetch conform: stopped early: context canceled\n"; got.code != exitFailed || got.stderr != want {
		t.Errorf("got %d, %q; want %d, %q", got.code, got.stderr, exitFailed, want)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conformance.ReadRecording(file, data); err != nil {
		t.Errorf("recorded so far: %v", err)
	}
}

// TestProgress: one line that is replaced, and gone in the end.
func TestProgress(t *testing.T) {
	var b strings.Builder
	p := progress{w: &b}
	p.step(0, 2, &conformance.Scenario{ID: "a-long-one"})
	p.step(1, 2, &conformance.Scenario{ID: "b"})
	p.end()
	want := "\r0 of 2  a-long-one\r1 of 2  b         \r         \r"
	if got := b.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b.Reset()
	if q := newProgress(&b); q.w != nil {
		t.Error("got a line for what is no terminal")
	}
}
