package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// reporting runs a command line with -html, and returns the file too.
func reporting(t *testing.T, args ...string) (ran, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	got := corsfetch(t, append(args, "-html", file)...)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; standard error %q", err, got.stderr)
	}
	return got, string(data)
}

// checkHolds says what is not in a report that should be, and what is but should
// not.
func checkHolds(t *testing.T, report string, in, notIn []string) {
	t.Helper()
	_, body, _ := strings.Cut(report, "</style>")
	for _, want := range in {
		if !strings.Contains(report, want) {
			t.Errorf("want %s in the report:\n%s", want, body)
		}
	}
	for _, unwanted := range notIn {
		if strings.Contains(report, unwanted) {
			t.Errorf("want no %s in the report", unwanted)
		}
	}
}

// TestHTMLGet: the report has what the text has, which is printed all the same.
func TestHTMLGet(t *testing.T) {
	s := testServer(t)
	tests := []struct {
		name      string
		args      []string
		in, notIn []string
	}{
		{"allowed", []string{"{s}/shy"},
			[]string{"<title>Allowed: GET {s}/shy</title>", "<dt>hidden from it</dt><dd class=\"code\">Access-Control-Allow-Origin, X-Total</dd>", "✓</span>&nbsp;visible", "– hidden", "Body, 6 bytes"},
			[]string{"What to change", "stops here"}},
		{"blocked", []string{"{s}/readonly", "-X", "PUT", "-browser", "chromium"},
			[]string{"<title>Blocked: PUT {s}/readonly</title>", "Access-Control-Allow-Methods: GET, PUT</pre>", "stops here", "This decides: came <b>GET</b>, wanted", "What the console says", "a TypeError, and not why"},
			[]string{"✓</span>&nbsp;visible"}},
		{"blocked, and no header", []string{"{s}/none"}, []string{"(absent)", "This decides: came <b>nothing</b>", "– hidden"}, nil},
		{"nothing is sent", []string{"http://api.example/"}, []string{"MixedContent", "lanes-2"}, []string{`class="exchange"`}},
		{"failed", []string{"{s}/hangup"}, []string{"<title>Failed: ", "no answer</span>", `"out lane-3  lost"`}, []string{"What the server answers"}},
		{"redirect", []string{"{s}/moved"}, []string{"goes on to {s}/star", "302 Found"}, nil},
		{"opaque", []string{"{s}/none", "-mode", "no-cors"}, []string{"opaque response", "<dt>headers</dt><dd class=\"code\">none</dd>"}, []string{"✓</span>&nbsp;visible"}},
		{"rounds", []string{"{s}/star", "-X", "PUT", "-repeat", "2"}, []string{"of 2 fetches: 2 allowed", "Round 2", "preflight cache hit", ">OPTIONS PUT</td>", ">PUT</td>"}, nil},
		{"many rounds", []string{"{s}/star", "-repeat", "21"}, []string{"of 21 fetches", "The first 20 of 21 rounds", "Round 20"}, []string{"Round 21"}},
		{"browsers", []string{"{s}/starlists", "-H", "Authorization: x", "-browser", "all"}, []string{"of 4 fetches: ", ">standard ", ">chromium ", ">firefox ", ">webkit "}, nil},
		{"a broken body", []string{"{s}/half"}, []string{"the body broke off"}, nil},
		{"a note", []string{"{s}/star", "-H", "Cookie: a=1"}, []string{"does not let this script set Cookie"}, []string{"a=1"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			args := at(s, tc.args...)
			got, report := reporting(t, args...)
			if want := corsfetch(t, args...); got.code != want.code || stable(s, got.stdout) != stable(s, want.stdout) || got.stderr != "" {
				t.Errorf("got exit code %d, output %q, %q; want those without -html: %d, %q", got.code, got.stdout, got.stderr, want.code, want.stdout)
			}
			for i := range tc.in {
				tc.in[i] = strings.ReplaceAll(tc.in[i], "{s}", s.URL)
			}
			checkHolds(t, report, tc.in, tc.notIn)
		})
	}
}

// TestHTMLGolden: what a report of get is made of.
func TestHTMLGolden(t *testing.T) {
	s := testServer(t)
	_, report := reporting(t, at(s, "{s}/readonly", "-X", "PUT")...)
	before, rest, _ := strings.Cut(report, "<header>")
	body, _, _ := strings.Cut(rest, "<footer>")
	if !strings.Contains(before, "Content-Security-Policy") {
		t.Errorf("got %s; want a policy", before)
	}
	golden(t, "get_html", stable(s, body))
}

// TestHTMLSecrets: a report can be handed on.
func TestHTMLSecrets(t *testing.T) {
	s := testServer(t)
	got, report := reporting(t, at(s, "{s}/open", "-credentials", "include", "-cookie", "sid=hunter2", "-H", "Authorization: Bearer hunter2", "-H", "x-key: hunter2",
		"-H", "Content-Type: application/json")...)
	if got.code != exitBlocked {
		t.Errorf("got exit code %d, output %s; want %d", got.code, got.stdout, exitBlocked)
	}
	checkHolds(t, report, []string{"(not shown)", "application/json"}, []string{"hunter2"})
	_, report = reporting(t, at(s, "{s}/echo", "-credentials", "include", "-cookie", "sid=hunter2")...)
	checkHolds(t, report, []string{`<th scope="row" class="code">Cookie</th><td class="code">(not shown)</td>`}, nil)
}

// TestHTMLHostile: what a server sends is shown, and nothing else.
func TestHTMLHostile(t *testing.T) {
	s := testServer(t)
	_, report := reporting(t, at(s, "{s}/evil")...)
	if !harmless(report) {
		t.Errorf("got %q; want no control characters", report)
	}
	checkHolds(t, report, []string{`a<b class="odd">\u009b</b>31mb<b class="odd">\u202e</b>c<b class="odd">\xff</b>`}, nil)
	_, report = reporting(t, at(s, "{s}/none?</style><script>alert(1)</script>", "-H", "X-A: </title><script>", "-d", "<script>")...)
	checkHolds(t, report, nil, []string{"<script"})
	_, report = reporting(t, at(s, "{s}/long?size=2000000")...)
	if len(report) > 100_000 {
		t.Errorf("a body of 2 MB makes a report of %d bytes", len(report))
	}
}

func TestHTMLConform(t *testing.T) {
	good, wrong := filepath.Join(t.TempDir(), "good.json"), filepath.Join(t.TempDir(), "wrong.json")
	for file, text := range map[string]string{good: goodScenarios, wrong: wrongScenarios} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, report := reporting(t, "conform", good)
	if got.code != exitAllowed || !strings.Contains(got.stdout, "2 of 2 scenarios agree") {
		t.Errorf("got exit code %d, output %s; want %d and the text", got.code, got.stdout, exitAllowed)
	}
	checkHolds(t, report, []string{"<h1>engine as standard against expectations</h1>", "Agrees", "2 of 2 scenarios agree (100.0%)", "<caption>Scenarios by"}, []string{"Disagrees"})

	_, report = reporting(t, "conform", good, wrong)
	checkHolds(t, report, []string{"Disagrees", "2 of 3 scenarios agree (66.7%)", "<h3>cors-closed", "said to be open, and is not", "<mark>resolved</mark>", "<mark>rejected</mark>"}, nil)

	_, report = reporting(t, "conform", "-profile", "webkit", "-only", "safelist-forbidden-hop")
	checkHolds(t, report, []string{"Known to differ", "<h3>safelist-forbidden-hop", "what came</h4>", "what was expected</h4>", "browser to http://B"}, []string{"no answer"})

	skipped := filepath.Join(t.TempDir(), "none.json")
	if err := os.WriteFile(skipped, []byte(`{"browser": "firefox", "version": "1", "results": []}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, report = reporting(t, "conform", "-against", skipped, good)
	checkHolds(t, report, []string{"Not run", "none of the scenarios could be run", "not in the recording"}, []string{"NaN"})
}

func TestHTMLAudit(t *testing.T) {
	server := specimenServer(t, "F01", false)
	args := []string{"audit", "-page", "https://app.example.com", "-cookie", "session=ann", "-H", "X-Key: k-1234", server.URL + "/orders"}
	got, report := reporting(t, args...)
	if want := corsfetch(t, args...); got.code != want.code {
		t.Errorf("got exit code %d; want %d", got.code, want.code)
	}
	checkHolds(t, report, []string{"<h1>" + server.URL + "/orders</h1>", "Who may do what", "<h3>F01 ", "What to change", "Seen: ", "Otherwise: ", `<figure class="flow`, "What was not tried"},
		[]string{"ann", "k-1234"})
	who, finding := strings.Index(report, "Who may do what"), strings.Index(report, "<h3>F01")
	if who > finding {
		t.Error("want the verdicts before the findings")
	}

	baseline := filepath.Join(t.TempDir(), "baseline")
	_, report = reporting(t, append(args, "-baseline", baseline, "-update")...)
	checkHolds(t, report, []string{"Nothing new", ">Accepted"}, nil)

	repaired := specimenServer(t, "F01", true)
	_, report = reporting(t, "audit", "-page", "https://app.example.com", repaired.URL+"/orders")
	checkHolds(t, report, []string{"Nothing found"}, nil)
}

// TestHTMLFile: where the report cannot be written nothing is done, and a file
// stays what it was.
func TestHTMLFile(t *testing.T) {
	s := testServer(t)
	dir := t.TempDir()
	for _, args := range [][]string{at(s, "{s}/star"), {"conform", "-only", "acao"}, {"audit", s.URL + "/star"}} {
		for file, want := range map[string]string{
			"-":                              "want a file",
			"":                               "want a file",
			dir:                              "is a directory",
			filepath.Join(dir, "no", "file"): "no such file or directory",
		} {
			got := corsfetch(t, append(args, "-html", file)...)
			if got.code != exitUsage || got.stdout != "" || !strings.Contains(got.stderr, want) && runtime.GOOS != "windows" {
				t.Errorf("%s -html %q: got exit code %d, output %q, %q; want %d and %q", args[0], file, got.code, got.stdout, got.stderr, exitUsage, want)
			}
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("got %v; want nothing left", left)
	}

	file := filepath.Join(dir, "report.html")
	if err := os.WriteFile(file, []byte("as it was"), 0o640); err != nil {
		t.Fatal(err)
	}
	if got := corsfetch(t, "audit", "-html", file, "http://127.0.0.1:1/"); got.code != exitFailed {
		t.Errorf("got exit code %d; want %d: nothing listens there", got.code, exitFailed)
	}
	if data, _ := os.ReadFile(file); string(data) != "as it was" {
		t.Errorf("got %q; want the file of before, for there is no report", data)
	}
	corsfetch(t, at(s, "{s}/star", "-html", file)...)
	data, _ := os.ReadFile(file)
	info, err := os.Stat(file)
	if !strings.HasPrefix(string(data), "<!DOCTYPE html>") || err != nil || info.Mode().Perm() != 0o640 && runtime.GOOS != "windows" {
		t.Errorf("got %.20q, mode %v, %v; want the report, and the mode as it was", data, info.Mode(), err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("got %v; want the report and nothing else", left)
	}
}
