package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/audit/specimens"
)

// specimenServer is the faulty server of a finding, or the repaired one, over a
// socket.
func specimenServer(t *testing.T, id string, isRepaired bool) *httptest.Server {
	t.Helper()
	all := specimens.All()
	i := slices.IndexFunc(all, func(s specimens.Specimen) bool { return s.ID == id })
	servers := all[i].Faulty()
	if isRepaired {
		servers = all[i].Repaired()
	}
	server := httptest.NewServer(servers["https://api.example.com"])
	t.Cleanup(server.Close)
	return server
}

// auditing is what "corsfetch audit" prints, with the exit code.
func auditing(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	r := corsfetch(t, append([]string{"audit"}, args...)...)
	return r.code, r.stdout, r.stderr
}

// TestAuditText: the report as people read it.
func TestAuditText(t *testing.T) {
	for _, test := range []struct {
		id         string
		isRepaired bool
		flags      []string
		golden     string
		code       int
	}{
		{"F07", false, nil, "audit_substring", 1},
		{"F03", false, []string{"-v"}, "audit_wire", 1},
		{"F01", true, nil, "audit_repaired", 0},
	} {
		server := specimenServer(t, test.id, test.isRepaired)
		args := append([]string{"-page", "https://app.example.com", "-cookie", "session=ann", server.URL + "/orders"}, test.flags...)
		code, out, stderr := auditing(t, args...)
		if code != test.code || stderr != "" {
			t.Errorf("%s: exit code %d, standard error %q; want %d and nothing", test.golden, code, stderr, test.code)
		}
		golden(t, test.golden, lasting(strings.ReplaceAll(out, server.URL, "http://127.0.0.1:PORT")))
	}
}

// requestCount is how many requests were sent.
var requestCount = regexp.MustCompile(`[0-9]+ requests`)

// lasting is text without what changes with the clock, and with every new check.
func lasting(text string) string {
	lines := strings.SplitAfter(requestCount.ReplaceAllString(text, "N requests"), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, "< Date: ") }), "")
}

// TestAuditJSON: one object, with what a program asks for first, and nothing in it
// says who the user is.
func TestAuditJSON(t *testing.T) {
	server := specimenServer(t, "F01", false)
	code, out, stderr := auditing(t, "-json", "-cookie", "session=ann", "-H", "X-Key: k-1234", server.URL+"/orders")
	if code != 1 || stderr != "" {
		t.Errorf("exit code %d, standard error %q; want 1 and nothing", code, stderr)
	}
	var got struct {
		Target   string
		Verdicts []struct {
			Page, Who           string
			ReadWithCredentials struct{ Allowed bool }
		}
		Findings []struct{ ID, Title, Severity, Confidence, Page, Consequence, Fix string }
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got.Target != server.URL+"/orders" || len(got.Verdicts) == 0 || len(got.Findings) == 0 {
		t.Fatalf("target %q, %d verdicts, %d findings; want the target, and some", got.Target, len(got.Verdicts), len(got.Findings))
	}
	if f := got.Findings[0]; f.ID != "F01" || f.Severity != "critical" || f.Confidence != "proven" || f.Title == "" || f.Page == "" || f.Consequence == "" || f.Fix == "" {
		t.Errorf("the first finding is %+v; want F01, whole", f)
	}
	for _, secret := range []string{"ann\"", "session=ann", "k-1234"} {
		if strings.Contains(out, secret) {
			t.Errorf("the report tells %q", secret)
		}
	}
}

// TestAuditSARIF: the form that other tools read.
func TestAuditSARIF(t *testing.T) {
	server := specimenServer(t, "F05", false)
	_, out, _ := auditing(t, "-sarif", "-page", "https://app.example.com", "-cookie", "session=ann", server.URL+"/orders")
	var got struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
				WebResponse struct{ StatusCode int }
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != "2.1.0" || len(got.Runs) != 1 {
		t.Fatalf("version %q, %d runs; want 2.1.0 and 1", got.Version, len(got.Runs))
	}
	rules := got.Runs[0].Tool.Driver.Rules
	if len(rules) != len(audit.Rules()) {
		t.Errorf("%d rules; want all %d", len(rules), len(audit.Rules()))
	}
	first := got.Runs[0].Results[0]
	if first.RuleID != "F05" || rules[first.RuleIndex].ID != "F05" || first.Level != "error" ||
		first.Locations[0].PhysicalLocation.ArtifactLocation.URI != server.URL+"/orders" || first.WebResponse.StatusCode != 200 {
		t.Errorf("the first result is %+v; want F05, an error, of that URL", first)
	}
}

// TestAuditBaseline: what is accepted does not fail, what is new does, and what is
// gone is told.
func TestAuditBaseline(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cors.baseline")
	server := specimenServer(t, "F05", false)
	args := []string{"-page", "https://app.example.com", "-cookie", "session=ann", "-baseline", file, server.URL + "/orders"}
	if code, _, stderr := auditing(t, args...); code != 2 || !strings.Contains(stderr, "cors.baseline") {
		t.Errorf("without the file: exit code %d, %q; want 2, and which file", code, stderr)
	}
	if code, out, stderr := auditing(t, append(args, "-update")...); code != 0 || !strings.Contains(out, "accepted") {
		t.Errorf("-update: exit code %d, %q; want 0, all accepted:\n%s", code, stderr, out)
	}
	if code, out, _ := auditing(t, args...); code != 0 {
		t.Errorf("with the file: exit code %d; want 0:\n%s", code, out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	less := strings.Join(slices.DeleteFunc(strings.SplitAfter(string(text), "\n"), func(l string) bool { return strings.HasPrefix(l, "F05") }), "")
	more := less + "F01 " + server.URL + "/orders https://gone.example # it was so once\n"
	if err := os.WriteFile(file, []byte(more), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := auditing(t, args...); code != 1 || !strings.Contains(out, "not found any more: F01") {
		t.Errorf("with a new finding and a stale line: exit code %d; want 1, and a note:\n%s", code, out)
	}
	if err := os.WriteFile(file, []byte("F1 nonsense\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := auditing(t, args...); code != 2 || !strings.Contains(stderr, "line 1") {
		t.Errorf("with nonsense: exit code %d, %q; want 2, and the line", code, stderr)
	}
}

// TestAuditFailOn: from which severity on it fails.
func TestAuditFailOn(t *testing.T) {
	server := specimenServer(t, "F12", false) // without TLS nothing is lost by it
	high := specimenServer(t, "F05", false)
	for _, test := range []struct {
		url    string
		failOn string
		want   int
	}{
		{server.URL, "low", 0}, {high.URL, "low", 1}, {high.URL, "critical", 1}, {high.URL, "none", 0},
	} {
		code, out, _ := auditing(t, "-page", "https://app.example.com", "-cookie", "session=ann", "-fail-on", test.failOn, test.url+"/orders")
		if code != test.want {
			t.Errorf("-fail-on %s: exit code %d; want %d:\n%s", test.failOn, code, test.want, out)
		}
	}
}

// TestAuditUsage: what is wrong with a command line is said, and nothing is sent.
func TestAuditUsage(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "want one URL"},
		{[]string{"https://api.example/orders"}, "-yes"},
		{[]string{"ftp://localhost/"}, "no URL of a server"},
		{[]string{"localhost:1", "-page", "null"}, "cannot be trusted"},
		{[]string{"localhost:1", "-page", "http://["}, "want the URL of a page"},
		{[]string{"localhost:1", "-fail-on", "worst"}, "want none, info"},
		{[]string{"localhost:1", "-json", "-sarif"}, "not both"},
		{[]string{"localhost:1", "-update"}, "-baseline"},
		{[]string{"localhost:1", "-cookie", "=; Secure"}, "want 'name=value"},
		{[]string{"localhost:1", "-browser", "chrome"}, "chromium"},
		{[]string{"localhost:1", "-rate", "0"}, "from 1"},
		{[]string{"https://api.example/", "-connect", "/"}, "localhost:8080"},
		{[]string{"https://api.example/", "-connect", "10.0.0.1:80"}, "-yes"},
	} {
		if code, out, stderr := auditing(t, test.args...); code != 2 || out != "" || !strings.Contains(stderr, test.want) {
			t.Errorf("%q: exit code %d, %q; want 2 and %q", test.args, code, stderr, test.want)
		}
	}
}

// TestAuditNoAnswer: exit code 3, and JSON for who wants JSON.
func TestAuditNoAnswer(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	code, out, stderr := auditing(t, "-json", server.URL)
	if code != 3 || !strings.Contains(stderr, "does not answer") {
		t.Errorf("exit code %d, %q; want 3, and why", code, stderr)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil || got["error"] == "" {
		t.Errorf("%v: %s; want an object with the error", err, out)
	}
	want := []any{}
	if diff := cmp.Diff(want, got["findings"]); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestAuditCookies: a cookie with its attributes goes where those let it; one
// without goes along.
func TestAuditCookies(t *testing.T) {
	var withCookie int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Header.Get("Cookie") != "" {
			withCookie++
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	for _, test := range []struct {
		cookie  string
		travels bool
	}{
		{"a=1", true}, {"a=1; b=2", true}, {"a=1; SameSite=Strict", false},
	} {
		withCookie = 0
		auditing(t, "-cookie", test.cookie, server.URL)
		if got := withCookie > 0; got != test.travels {
			t.Errorf("-cookie %q: sent for pages of other sites: %v; want %v", test.cookie, got, test.travels)
		}
	}
}

// TestAuditConnect: a server on this machine is asked under the name that it will
// have, and judged by that.
func TestAuditConnect(t *testing.T) {
	hosts := make(map[string]bool)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hosts[r.Host] = true
		if o := r.Header.Get("Origin"); o == "http://app.example.com" {
			w.Header().Set("Access-Control-Allow-Origin", o)
			w.Header().Set("Access-Control-Allow-Credentials", "true")
		}
		w.Header().Set("Vary", "Origin")
	}))
	defer server.Close()
	code, out, stderr := auditing(t, "-json", "-page", "https://app.example.com", "-connect", strings.TrimPrefix(server.URL, "http://"), "https://api.example.com/orders")
	if code != 1 || stderr != "" {
		t.Errorf("exit code %d, standard error %q; want 1 and nothing", code, stderr)
	}
	var got audit.Report
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if got.Target != "https://api.example.com/orders" || !hosts["api.example.com"] || hosts[strings.TrimPrefix(server.URL, "http://")] {
		t.Errorf("target %s, asked as %v; want it asked as api.example.com alone", got.Target, hosts)
	}
	if !slices.ContainsFunc(got.Findings, func(f audit.Finding) bool { return f.ID == "F12" && f.Severity == audit.High }) {
		t.Errorf("that a page without TLS reads what is behind TLS is not found:\n%s", out)
	}
}
