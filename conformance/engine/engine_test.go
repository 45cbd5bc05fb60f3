package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/engine"
	"github.com/corsfetch/corsfetch/fetch"
)

// parse reads a scenario of which only what matters is written down.
func parse(t *testing.T, members string) []*conformance.Scenario {
	t.Helper()
	scenarios, err := conformance.Parse("test.json", []byte(`[{"id": "x", `+members+`}]`))
	if err != nil {
		t.Fatal(err)
	}
	return scenarios
}

// run runs a scenario and returns what came of its steps.
func run(t *testing.T, profile *fetch.Profile, members string) []conformance.Outcome {
	t.Helper()
	recording := check(t, parse(t, members), engine.New(profile), conformance.Options{}).Recorded
	if len(recording.Results) != 1 || recording.Results[0].Error != "" {
		t.Fatalf("got %+v; want one result", recording.Results)
	}
	return recording.Results[0].Steps
}

// header returns the value of a header of the nth request of a step.
func header(o conformance.Outcome, n int, name string) string {
	if n >= len(o.Requests) {
		return fmt.Sprintf("(%d requests)", len(o.Requests))
	}
	for _, line := range o.Requests[n].Headers {
		if name, ok := strings.CutPrefix(line, name+": "); ok {
			return name
		}
	}
	return ""
}

func TestContexts(t *testing.T) {
	const server = `"server": {"A/x": [{}], "B/x": [{"headers": ["Access-Control-Allow-Origin: *"]}]}, `
	tests := []struct {
		name, members              string
		origin, referrer, fetchDst string // of the first request
	}{
		{"top", `"steps": [{"fetch": "B/x"}]`, "{A}", "{A}/", "cross-site"},
		{"another page", `"page": "C", "steps": [{"fetch": "B/x"}]`, "{C}", "{C}/", "cross-site"},
		{"top, same-origin", `"steps": [{"fetch": "A/x"}]`, "", "{A}/__oracle-page", "same-origin"},
		{"worker", `"steps": [{"fetch": "A/x", "in": "worker"}]`, "", "{A}/__oracle-worker", "same-origin"},
		{"page context", `"page": {"origin": "A", "context": "worker"}, "steps": [{"fetch": "A/x"}]`, "", "{A}/__oracle-worker", "same-origin"},
		{"step before page", `"page": {"origin": "A", "context": "worker"}, "steps": [{"fetch": "A/x", "in": "top"}]`, "", "{A}/__oracle-page", "same-origin"},
		{"sandbox", `"steps": [{"fetch": "B/x", "in": "sandbox"}]`, "null", "", "cross-site"},
		{"data", `"steps": [{"fetch": "B/x", "in": "data"}]`, "null", "", "cross-site"},
		{"frame", `"steps": [{"fetch": "B/x", "in": "frame:B"}]`, "", "{B}/__oracle-frame", "same-origin"},
		{"referrer policy", `"page": {"headers": ["referrer-policy: never, no-referrer"]}, "steps": [{"fetch": "B/x"}]`, "{A}", "", "cross-site"},
		{"referrer policy, unknown", `"page": {"headers": ["Referrer-Policy: origin", "Referrer-Policy: never"]}, "steps": [{"fetch": "A/x"}]`, "", "{A}/", "same-origin"},
		{"referrer policy of a frame", `"page": {"headers": ["Referrer-Policy: no-referrer"]}, "steps": [{"fetch": "B/x", "in": "frame:B"}]`, "", "{B}/__oracle-frame", "same-origin"},
		{"referrer", `"steps": [{"fetch": "A/x", "referrer": "A/y"}]`, "", "{A}/y", "same-origin"},
		{"no referrer", `"steps": [{"fetch": "A/x", "referrer": ""}]`, "", "", "same-origin"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, nil, server+tt.members)[0]
			for name, want := range map[string]string{"Origin": tt.origin, "Referer": tt.referrer, "Sec-Fetch-Site": tt.fetchDst} {
				if got := header(got, 0, name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestEmbedderPolicy(t *testing.T) {
	tests := []struct {
		name, page, step string
		want             string // the outcome
	}{
		{"none", `"A"`, ``, "resolved"},
		{"require-corp", `{"headers": ["Cross-Origin-Embedder-Policy: require-corp"]}`, ``, "rejected"},
		{"with a parameter", `{"headers": ["Cross-Origin-Embedder-Policy: require-corp; report-to=\"x\""]}`, ``, "rejected"},
		{"unknown", `{"headers": ["Cross-Origin-Embedder-Policy: strict"]}`, ``, "resolved"},
		{"insecure page", `{"origin": "X", "headers": ["Cross-Origin-Embedder-Policy: require-corp"]}`, ``, "resolved"},
		{"worker", `{"headers": ["Cross-Origin-Embedder-Policy: require-corp"]}`, `, "in": "worker"`, "rejected"},
		{"sandbox", `{"headers": ["Cross-Origin-Embedder-Policy: require-corp"]}`, `, "in": "sandbox"`, "rejected"},
		{"frame", `{"headers": ["Cross-Origin-Embedder-Policy: require-corp"]}`, `, "in": "frame:C"`, "rejected"},
		{"insecure frame", `{"headers": ["Cross-Origin-Embedder-Policy: require-corp"]}`, `, "in": "frame:X"`, "resolved"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, nil, `"page": `+tt.page+`, "server": {"B/x": [{}]}, "steps": [{"fetch": "B/x", "mode": "no-cors"`+tt.step+`}]`)
			if got[0].Outcome != tt.want {
				t.Errorf("got %s, want %s", got[0].Outcome, tt.want)
			}
		})
	}
}

func TestCookies(t *testing.T) {
	const server = `"server": {"A/x": [{}], "A/set": [{"headers": ["Set-Cookie: c=3"]}]}, `
	tests := []struct {
		name, members string
		step          int
		want          string // Cookie of that step's request
	}{
		{"none", `"steps": [{"fetch": "A/x"}]`, 0, ""},
		{"of a visit", `"cookies": {"A": ["a=1; Path=/", "b={B.hostname}; HttpOnly"]}, "steps": [{"fetch": "A/x"}]`, 0, "a=1; b={B.hostname}"},
		{"of a response", `"steps": [{"fetch": "A/set"}, {"fetch": "A/x"}]`, 1, "c=3"},
		{"of a script", `"steps": [{"cookie": "d=4"}, {"fetch": "A/x"}]`, 1, "d=4"},
		{"of a script, omitted", `"steps": [{"cookie": "d=4"}, {"fetch": "A/x", "credentials": "omit"}]`, 1, ""},
		{"of a script that may not", `"steps": [{"cookie": "d=4; HttpOnly"}, {"fetch": "A/x"}]`, 1, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := header(run(t, nil, server+tt.members)[tt.step], 0, "Cookie"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("opaque", func(t *testing.T) {
		want := conformance.Outcome{Outcome: "rejected", Error: "SecurityError", Requests: []conformance.Request{}}
		if diff := cmp.Diff(want, run(t, nil, `"steps": [{"cookie": "a=1", "in": "sandbox"}]`)[0]); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// TestSleep: a sleep moves the clock of the preflight cache and takes no time.
func TestSleep(t *testing.T) {
	const answers = `"server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT", "Access-Control-Max-Age: 3600"]}]}, `
	for ms, want := range map[int]int{3599_000: 1, 3600_001: 2} {
		got := run(t, nil, answers+fmt.Sprintf(`"steps": [{"fetch": "B/x", "method": "PUT"}, {"sleep": %d}, {"fetch": "B/x", "method": "PUT"}]`, ms))
		if got[1].Outcome != "done" || len(got[2].Requests) != want {
			t.Errorf("after %d ms: got %s and %d requests; want done and %d", ms, got[1].Outcome, len(got[2].Requests), want)
		}
	}
}

func TestRejected(t *testing.T) {
	tests := []struct {
		name    string
		profile *fetch.Profile
		step    string
		error   string
		console []string
	}{
		{"standard", nil, `"fetch": "B/x"`, "TypeError", nil},
		{"chromium", fetch.Chromium(), `"fetch": "B/x"`, "TypeError", []string{
			"Access to fetch at '{B}/x' from origin '{A}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
			"Failed to load resource: net::ERR_FAILED"}},
		{"webkit", fetch.WebKit(), `"fetch": "B/x"`, "TypeError", []string{
			"Origin {A} is not allowed by Access-Control-Allow-Origin. Status code: 404",
			"Fetch API cannot load {B}/x due to access control checks."}},
		{"stream in webkit", fetch.WebKit(), `"fetch": "B/x", "method": "POST", "body": "b", "bodyType": "stream"`, "NotSupportedError", nil},
		{"unknown host", nil, `"fetch": "http://nowhere.invalid/x"`, "TypeError", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, tt.profile, `"steps": [{`+tt.step+`}]`)[0]
			if got.Outcome != "rejected" || got.Error != tt.error {
				t.Errorf("got %s with %q; want rejected with %q", got.Outcome, got.Error, tt.error)
			}
			if diff := cmp.Diff(tt.console, got.Console); diff != "" {
				t.Errorf("console: -want +got:\n%s", diff)
			}
		})
	}
}

func TestResolved(t *testing.T) {
	yes, no := true, false
	tests := []struct {
		name, answer string
		want         conformance.Response
	}{
		{"filtered", `{"headers": ["X-A: 1", "Content-Type: a/b"], "body": "hi"}`, conformance.Response{
			Type: "cors", Status: 200, StatusText: "OK", OK: &yes, Redirected: &no, URL: "{B}/x", Headers: []string{"content-length: 2", "content-type: a/b"}, Body: "hi"}},
		{"bytes", `{"status": 400, "reason": "n\u00f6", "headers": ["Content-Type: \u00e9"], "body": "\ufeff\u00e9"}`, conformance.Response{
			Type: "cors", Status: 400, StatusText: "n\u00f6", OK: &no, Redirected: &no, URL: "{B}/x", Headers: []string{"content-length: 5", "content-type: \u00e9"}, Body: "\u00e9"}},
		{"a body that ends early", `{"headers": ["Content-Length: 9", "Connection: close"], "body": "hi"}`, conformance.Response{
			Type: "cors", Status: 200, StatusText: "OK", OK: &yes, Redirected: &no, URL: "{B}/x", Headers: []string{"content-length: 9"}, BodyError: "TypeError"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answer := strings.Replace(tt.answer, `"headers": [`, `"headers": ["Access-Control-Allow-Origin: *", `, 1)
			got := run(t, nil, `"server": {"B/x": [`+answer+`]}, "steps": [{"fetch": "B/x"}]`)[0]
			if diff := cmp.Diff(&tt.want, got.Response); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestBodies(t *testing.T) {
	const answers = `"server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: content-type"]}]}, `
	tests := []struct {
		name, step        string
		contentType, body string
	}{
		{"text", `"body": "b"`, "text/plain;charset=UTF-8", "b"},
		{"bytes", `"body": "b", "bodyType": "bytes"`, "", "b"},
		{"repeated", `"body": "b", "repeat": 3`, "text/plain;charset=UTF-8", "bbb"},
		{"blob", `"body": "b", "bodyType": "blob:a/b"`, "a/b", "b"},
		{"form", `"body": "b", "bodyType": "formdata"`, "multipart/form-data; boundary=*", "*"},
		{"type of the script's own", `"body": "b", "headers": ["content-type: text/plain"]`, "text/plain", "b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, nil, answers+`"steps": [{"fetch": "B/x", "method": "POST", `+tt.step+`}]`)[0]
			last := len(got.Requests) - 1
			if got.Outcome != "resolved" || header(got, last, "Content-Type") != tt.contentType || got.Requests[last].Body != tt.body {
				t.Errorf("got %s, %+v; want resolved, Content-Type %q and body %q", got.Outcome, got.Requests, tt.contentType, tt.body)
			}
		})
	}
}

func TestSkipped(t *testing.T) {
	tests := []struct{ name, members, want string }{
		{"nothing", `"steps": [{"fetch": "B/x"}]`, ""},
		{"cookie of another site", `"cookies": {"B": ["a=1"]}, "steps": [{"fetch": "B/x", "credentials": "include"}]`, ""},
		{"cookie of another site, never sent", `"cookies": {"B": ["a=1"]}, "steps": [{"fetch": "B/x"}]`, ""},
		{"cookie of the same site", `"cookies": {"SA": ["a=1"]}, "steps": [{"fetch": "SA/x", "credentials": "include"}]`, ""},
		{"cookie of another frame", `"steps": [{"cookie": "a=1", "in": "frame:B"}]`, ""},
		{"policy of the page", `"page": {"headers": ["Content-Security-Policy: default-src *"]}, "steps": [{"sleep": 1}]`,
			"policies of the page other than for referrers and for what it embeds"},
		{"policy that upgrades", `"page": {"headers": ["Content-Security-Policy: Upgrade-Insecure-Requests; report-to a"]}, "steps": [{"sleep": 1}]`, ""},
		{"policy that reports", `"page": {"headers": ["Content-Security-Policy-Report-Only: default-src *"]}, "steps": [{"sleep": 1}]`, ""},
		{"cached", `"server": {"A/x": [{"headers": ["cache-control: max-age=9"]}]}, "steps": [{"fetch": "A/x"}, {"fetch": "A/x"}]`, "an HTTP cache"},
		{"cached, asked for once", `"server": {"A/x": [{"headers": ["cache-control: max-age=9"]}]}, "steps": [{"fetch": "A/x"}]`, ""},
		{"password", `"server": {"A/x": [{"status": 401, "headers": ["WWW-Authenticate: Basic"]}]}, "steps": [{"fetch": "A/x"}]`, ""},
		{"integrity", `"steps": [{"fetch": "A/x", "integrity": "sha256-x"}]`, ""},
		{"blob", `"steps": [{"fetch": "data:,x", "blob": true}]`, ""},
		{"keepalive", `"steps": [{"fetch": "A/x", "method": "POST", "body": "b", "keepalive": true}]`, ""},
		{"element", `"steps": [{"fetch": "A/x", "via": "img"}]`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			report := check(t, parse(t, tt.members), engine.New(nil), conformance.Options{})
			var want []conformance.Skip
			if tt.want != "" {
				want = []conformance.Skip{{ID: "x", Reason: tt.want}}
			}
			if diff := cmp.Diff(want, report.Skips); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestTimeout: a step that does not end does not keep others from being judged.
func TestTimeout(t *testing.T) {
	scenarios := parse(t, `"server": {"A/x": [{"delay": 100, "times": 1}, {}]}, "steps": [{"fetch": "A/x"}, {"fetch": "A/x"}]`)
	recording := check(t, scenarios, engine.NewWithin(time.Millisecond), conformance.Options{}).Recorded
	if got := recording.Results[0].Steps[0]; got.Outcome != "timeout" || got.Response != nil || got.Error != "" {
		t.Errorf("got %+v; want a timeout", got)
	}
	if got := len(recording.Results[0].Steps); got != 2 {
		t.Errorf("got %d steps; want 2", got)
	}
}

// TestCanceled: an interrupted run is no outcome.
func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	report, err := conformance.Check(ctx, parse(t, `"steps": [{"fetch": "A/x"}]`), engine.New(nil), conformance.Options{})
	if !errors.Is(err, context.Canceled) || report.Scenarios != 0 {
		t.Errorf("got %d scenarios, error %v; want none, context.Canceled", report.Scenarios, err)
	}
}

// TestApart: every page is in a browser of its own.
func TestApart(t *testing.T) {
	one := parse(t, `"server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT"]}]}, "steps": [{"fetch": "B/x", "method": "PUT"}]`)
	report := check(t, slices.Concat(one, one), engine.New(nil), conformance.Options{})
	for _, result := range report.Recorded.Results {
		if got := len(result.Steps[0].Requests); got != 2 {
			t.Errorf("got %d requests; want a preflight and a PUT", got)
		}
	}
}
