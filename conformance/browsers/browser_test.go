package browsers

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corsfetch/corsfetch/conformance"
)

// browsersEnv names the browsers to run tests in, separated by commas.
const browsersEnv = "CORSFETCH_BROWSERS"

// eachBrowser runs a test in each browser that there is to be.
func eachBrowser(t *testing.T, test func(t *testing.T, kind Kind)) {
	t.Helper()
	names := os.Getenv(browsersEnv)
	if names == "" {
		t.Skipf("%s is not set: it names the browsers to run, as %q", browsersEnv, Kinds())
	}
	for _, name := range strings.Split(names, ",") {
		t.Run(name, func(t *testing.T) { test(t, Kind(name)) })
	}
}

// story is a scenario for each thing that a page can do, with what every
// browser does.
const story = `[
{"id": "story-contexts", "cookies": {"A": ["k=v"]}, "server": {
   "A/x": [{"headers": ["Access-Control-Allow-Origin: {origin}"], "body": "{n}"}],
   "B/x": [{"on": "OPTIONS", "status": 204, "headers": ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: x-a"]}, {"headers": ["Access-Control-Allow-Origin: *", "X-Raw: \u00E9"], "body": "b"}]},
 "steps": [
  {"fetch": "A/x", "expect": "GET => basic 200", "wire": ["1 Cookie: k=v", "1 Referer: {A}/__oracle-page", "1 !Origin"]},
  {"fetch": "A/x", "in": "worker", "expect": "GET => basic 200", "wire": ["1 Cookie: k=v", "1 !Origin"]},
  {"fetch": "A/x", "in": "sandbox", "expect": "GET => cors 200", "wire": ["1 !Cookie", "1 Origin: null"]},
  {"fetch": "A/x", "in": "data", "expect": "GET => cors 200", "wire": ["1 Origin: null"]},
  {"fetch": "A/x", "in": "frame:B", "expect": "GET => cors 200", "wire": ["1 Origin: {B}", "1 Referer: {B}/"]},
  {"fetch": "A/x", "in": "frame:A", "expect": "GET => basic 200", "wire": ["1 Referer: {A}/__oracle-frame"]},
  {"fetch": "B/x", "method": "PUT", "headers": ["X-A: 1"], "body": "x", "expect": "OPTIONS PUT => cors 200 [content-length]", "wire": ["2 X-A: 1"]},
  {"fetch": "B/x", "method": "PUT", "expect": "PUT => cors 200"},
  {"fetch": "B/none", "expect": "GET => TypeError"},
  {"cookie": "set=1"}, {"sleep": 10},
  {"fetch": "A/x", "expect": "GET => basic 200", "wire": ["1 Cookie: k=v; set=1"]}]},
{"id": "story-via", "server": {
   "A/i": [{"file": "png"}], "A/j": [{"file": "js", "headers": ["Content-Type: text/javascript"]}], "A/s": [{"file": "css", "headers": ["Content-Type: text/css"]}],
   "A/f": [{"file": "woff"}], "A/v": [{"file": "wav", "headers": ["Content-Type: audio/wav"]}], "A/b": [{}], "A/e": [{"file": "events", "headers": ["Content-Type: text/event-stream"]}],
   "A/x": [{"body": "x"}]},
 "steps": [
  {"fetch": "A/i", "via": "img", "expect": "GET => loaded tainted=false"},
  {"fetch": "A/none", "via": "img", "expect": "GET => failed"},
  {"fetch": "A/j", "via": "script", "expect": "GET => loaded ran=true"},
  {"fetch": "A/j", "via": "script", "module": true, "expect": "GET => loaded ran=true"},
  {"fetch": "A/s", "via": "style", "expect": "GET => loaded readable=true applied=true"},
  {"fetch": "A/f", "via": "font", "expect": "GET => loaded"},
  {"fetch": "A/v?2", "via": "video", "expect": "GET => loaded"},
  {"fetch": "A/b", "via": "beacon", "body": "x", "expect": "POST => sent"},
  {"fetch": "A/e", "via": "eventsource", "expect": "GET => open"},
  {"fetch": "A/x", "via": "xhr", "expect": "GET => 200 [content-length]"},
  {"fetch": "data:text/plain,hi", "blob": true, "expect": "=> basic 200"}]},
{"id": "story-https", "page": {"origin": "YS", "headers": ["Content-Security-Policy: connect-src 'none'"]}, "server": {"AS/x": [{"headers": ["Access-Control-Allow-Origin: *"]}]},
 "steps": [{"fetch": "AS/x", "expect": "=> TypeError"}]},
{"id": "story-address", "page": "IP", "server": {"X/x": [{"headers": ["Access-Control-Allow-Origin: {IP}"]}]}, "steps": [{"fetch": "X/x", "expect": "GET => cors 200"}]}
]`

func loadStory(t *testing.T) []*conformance.Scenario {
	t.Helper()
	scenarios, err := conformance.Parse("story.json", []byte(story))
	if err != nil {
		t.Fatal(err)
	}
	return scenarios
}

// TestStory holds browsers against the standards where all of them follow.
func TestStory(t *testing.T) {
	eachBrowser(t, func(t *testing.T, kind Kind) {
		b, servers := startBrowser(t, kind)
		conformance.Run(t, loadStory(t), b.NewClient, conformance.Options{Servers: servers, Via: conformance.Vias()})
		if b.Replaced() != 0 {
			t.Errorf("the browser was replaced %d times", b.Replaced())
		}
	})
}

func startBrowser(t *testing.T, kind Kind) (*Browser, *conformance.Servers) {
	t.Helper()
	servers, err := conformance.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(servers.Close)
	b, err := Start(t.Context(), kind, servers, Options{Log: func(message string) { t.Log(message) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b, servers
}

// TestRecordTwice makes sure that recordings are the same each time.
func TestRecordTwice(t *testing.T) {
	eachBrowser(t, func(t *testing.T, kind Kind) {
		var files [2]bytes.Buffer
		for i := range files {
			rec, err := Record(t.Context(), kind, loadStory(t)[:1], Options{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if rec.Browser != string(kind) || !strings.ContainsAny(rec.Version, "0123456789") {
				t.Errorf("recorded %q, version %q", rec.Browser, rec.Version)
			}
			if _, err := rec.WriteTo(&files[i]); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(files[0].String(), files[1].String()); diff != "" {
			t.Errorf("- is the first, + the second\n%s", diff)
		}
	})
}

// TestDeadBrowserIsReplaced ends the browser in the middle of a scenario.
func TestDeadBrowserIsReplaced(t *testing.T) {
	eachBrowser(t, func(t *testing.T, kind Kind) {
		b, servers := startBrowser(t, kind)
		first := b.driver
		newClient := func(ctx context.Context, web *conformance.Web) (conformance.Client, error) {
			c, err := b.NewClient(ctx, web)
			if web.Scenario.ID == "story-contexts" && err == nil {
				killGroup(processOf(b.driver).cmd)
			}
			return c, err
		}
		report, err := conformance.Check(t.Context(), loadStory(t), newClient, conformance.Options{Servers: servers, Via: conformance.Vias()})
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Disagree) != 1 || report.Disagree[0].ID != "story-contexts" || !strings.Contains(report.Disagree[0].Error, "the browser died") {
			t.Errorf("disagree: %v; want the one whose browser died", report.Disagree)
		}
		if steps := report.Recorded.Results[0].Steps; len(steps) != 1 || steps[0].Outcome != "silent" {
			t.Errorf("recorded %v; want that it fell silent", steps)
		}
		if b.Replaced() != 1 || b.driver == first {
			t.Errorf("the browser was replaced %d times; want 1", b.Replaced())
		}
		if _, err := os.Stat(processOf(first).dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the dead browser left its folder (%v)", err)
		}
	})
}

func processOf(d driver) *process {
	switch d := d.(type) {
	case *chromium:
		return d.process
	case *firefox:
		return d.process
	case *webkit:
		return d.process
	}
	return nil
}

// TestNoBrowser shows what comes of a program that is none.
func TestNoBrowser(t *testing.T) {
	program := filepath.Join(t.TempDir(), "browser")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho no browser >&2\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []Kind{Chromium, Firefox} {
		_, err := Record(t.Context(), kind, loadStory(t), Options{Path: program}, nil)
		if err == nil || !strings.Contains(err.Error(), program) {
			t.Errorf("%s: got %v; want an error that names the program", kind, err)
		}
	}
}

// recordingsEnv names directories of scenarios, separated by commas, whose
// results/ are recordings of browsers.
const recordingsEnv = "CORSFETCH_RECORDINGS"

// TestAgainstRecordings runs all scenarios of those directories anew.
func TestAgainstRecordings(t *testing.T) {
	eachBrowser(t, func(t *testing.T, kind Kind) {
		dirs := os.Getenv(recordingsEnv)
		if dirs == "" {
			t.Skipf("%s is not set", recordingsEnv)
		}
		for _, dir := range strings.Split(dirs, ",") {
			t.Run(filepath.Base(dir), func(t *testing.T) {
				scenarios, err := conformance.Load(os.DirFS(dir))
				if err != nil {
					t.Fatal(err)
				}
				name := filepath.Join(dir, "results", string(kind)+".json")
				data, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				against, err := conformance.ReadRecording(name, data)
				if err != nil {
					t.Fatal(err)
				}
				b, servers := startBrowser(t, kind)
				conformance.Run(t, scenarios, b.NewClient, conformance.Options{Servers: servers, Via: conformance.Vias(), Against: against})
			})
		}
	})
}

func TestDescribe(t *testing.T) {
	for _, test := range []struct {
		method, params string
		want           []string
	}{
		{"Log.entryAdded", `{"entry": {"source": "javascript", "level": "error", "text": "T", "url": "U"}}`, []string{"javascript error: T"}},
		{"Log.entryAdded", `{"entry": {"source": "network", "level": "error", "text": "T", "url": "U"}}`, []string{"network error: T @ U"}},
		{"Audits.issueAdded", `{"issue": {"code": "CorsIssue", "details": {"corsIssueDetails": {"corsErrorStatus": {"corsError": "E", "failedParameter": "P"}}}}}`, []string{"issue CorsIssue E parameter=P"}},
		{"Audits.issueAdded", `{"issue": {"code": "CookieIssue", "details": {"cookieIssueDetails": {"cookie": {"name": "k"}, "cookieExclusionReasons": ["X"], "cookieWarningReasons": []}}}}`, []string{"issue CookieIssue k[X] []"}},
		{"Audits.issueAdded", `{"issue": {"code": "DeprecationIssue", "details": {"deprecationIssueDetails": {"type": "D"}}}}`, []string{"issue DeprecationIssue D"}},
		{"Audits.issueAdded", `{"issue": {"code": "BounceTrackingIssue", "details": {}}}`, nil},
		{"Network.loadingFailed", `{"errorText": "net::ERR_FAILED", "corsErrorStatus": {"corsError": "E", "failedParameter": ""}}`, []string{"loadingFailed net::ERR_FAILED cors=E"}},
		{"Network.loadingFailed", `{"errorText": "", "blockedReason": "origin"}`, []string{"loadingFailed  blocked=origin"}},
		{"Network.requestWillBeSentExtraInfo", `{"associatedCookies": [{"blockedReasons": ["R", "S"], "cookie": {"name": "k"}}, {"blockedReasons": ["DomainMismatch"], "cookie": {"name": "l"}}, {"blockedReasons": ["SecureOnly", "NotOnPath"], "cookie": {"name": "n"}}, {"blockedReasons": [], "cookie": {"name": "m"}}]}`,
			[]string{"cookie k not sent: R, S"}},
		{"Network.responseReceivedExtraInfo", `{"blockedCookies": [{"blockedReasons": ["R"], "cookieLine": "k=v; Secure"}]}`, []string{"cookie k not set: R"}},
		{"Runtime.exceptionThrown", `{"exceptionDetails": {"exception": {"description": "SyntaxError: x\n  at y"}}}`, []string{"exception: SyntaxError: x"}},
		{"Page.loaded", `{}`, nil},
		{"Log.entryAdded", `{"entry": {"source": "other", "level": "error", "text": "/__oracle-report?1.2"}}`, nil},
	} {
		c := &chromium{urls: map[string]string{"": "http://a.localhost/x"}, early: make(map[string][]string)}
		c.event("", test.method, []byte(test.params))
		if diff := cmp.Diff(test.want, c.messages, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s %s: - want + got\n%s", test.method, test.params, diff)
		}
	}
}

// TestDescribeRequests: what is told of a request is the scenario's if the request
// is, be it told before it is known which request that is.
func TestDescribeRequests(t *testing.T) {
	const (
		cookies = `{"requestId": "1", "associatedCookies": [{"blockedReasons": ["R"], "cookie": {"name": "k"}}]}`
		sent    = `{"requestId": "1", "request": {"url": "http://a.localhost/x"}}`
		report  = `{"requestId": "1", "request": {"url": "http://a.localhost` + harnessPrefix + `report"}}`
	)
	for _, test := range []struct {
		name   string
		events []string
		want   []string
	}{
		{"before", []string{cookies, sent}, []string{"cookie k not sent: R"}},
		{"after", []string{sent, cookies}, []string{"cookie k not sent: R"}},
		{"at every hop", []string{cookies, sent, cookies, sent}, []string{"cookie k not sent: R", "cookie k not sent: R"}},
		{"the harness's, before", []string{cookies, report}, nil},
		{"the harness's, after", []string{report, cookies}, nil},
		{"never known", []string{cookies}, nil},
	} {
		c := &chromium{urls: make(map[string]string), early: make(map[string][]string)}
		for _, params := range test.events {
			method := "Network.requestWillBeSent"
			if params == cookies {
				method += "ExtraInfo"
			}
			c.event("", method, []byte(params))
		}
		if diff := cmp.Diff(test.want, c.messages, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: - want + got\n%s", test.name, diff)
		}
	}
}

func TestConsoleLines(t *testing.T) {
	w := new(webkit)
	out := &lineWriter{line: w.said, other: new(tail)}
	for _, part := range []string{"http://a0001.localhost:1/x:3:4: CONSOLE SECURITY ERROR Origin ", "is not allowed\nCONSOLE JS ERROR x\nwarning: other\n", "CONSOLE JS LOG /__oracle-report?1\nhalf"} {
		if n, err := out.Write([]byte(part)); n != len(part) || err != nil {
			t.Errorf("Write() = %d, %v", n, err)
		}
	}
	if diff := cmp.Diff([]string{"SECURITY ERROR Origin is not allowed", "JS ERROR x"}, w.console(t.Context())); diff != "" {
		t.Errorf("- want + got\n%s", diff)
	}
	if again := w.console(t.Context()); len(again) != 0 {
		t.Errorf("told twice: %q", again)
	}
}

func TestPageSteps(t *testing.T) {
	servers, err := conformance.Listen()
	if err != nil {
		t.Fatal(err)
	}
	defer servers.Close()
	body, referrer := "ab", ""
	web := servers.Open(&conformance.Scenario{Page: conformance.Page{Origin: "A", Context: "sandbox"}, Steps: []conformance.Step{
		{Fetch: "B/x?{A.host}", Method: "PUT", Headers: []string{"X-A:\u00E9", "X-B: {B}"}, Body: &body, Repeat: 2, BodyType: "bytes", Referrer: &referrer, Keepalive: true},
		{Fetch: "data:,x", Via: "img", In: "top"}, {Sleep: 3}, {Cookie: "k={A.hostname}"},
	}})
	repeated := "abab"
	want := []pageStep{
		{Kind: "fetch", In: "sandbox", URL: web.Origin("B") + "/x?" + web.Resolve("{A.host}"), Init: map[string]any{"method": "PUT", "referrer": "", "keepalive": true},
			Headers: [][2]string{{"X-A", "\u00E9"}, {"X-B", web.Origin("B")}}, Body: &repeated, BodyType: "bytes"},
		{Kind: "img", In: "top", URL: "data:,x", Init: map[string]any{}},
		{Kind: "sleep", In: "sandbox", Sleep: 3, Init: map[string]any{}},
		{Kind: "cookie", In: "sandbox", Cookie: web.Resolve("k={A.hostname}"), Init: map[string]any{}},
	}
	if diff := cmp.Diff(want, pageSteps(web)); diff != "" {
		t.Errorf("- want + got\n%s", diff)
	}
}

// TestScriptsRunEveryVia makes sure that the page knows how to make each
// request that a scenario may ask for.
func TestScriptsRunEveryVia(t *testing.T) {
	for _, kind := range slices.Concat([]string{"fetch", "sleep", "cookie"}, conformance.Vias()) {
		if !strings.Contains(runnerJS, "async "+kind+"(step)") {
			t.Errorf("runner.js has no %s", kind)
		}
	}
	for _, script := range []string{runnerJS, childJS} {
		if strings.Contains(script, "</script") {
			t.Error("a script that is to stand in a document would end it")
		}
	}
}
