package main

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corsfetch/corsfetch/fetch"
)

var navigation = fetch.Init{Mode: fetch.ModeNavigate, Destination: "document"}

func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }

// decode returns the value of one JSON document, which holds nothing else.
func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("got %v for %s", err, text)
	}
	if dec.More() {
		t.Fatalf("got more than one document: %s", text)
	}
	return v
}

// onlyCORS leaves in exchanges the headers that belong to CORS.
var onlyCORS = cmp.Transformer("onlyCORS", func(h http.Header) map[string][]string {
	kept := make(map[string][]string)
	for name, values := range h {
		if name == "Origin" || strings.HasPrefix(name, "Access-Control-") {
			kept[name] = values
		}
	}
	return kept
})

func TestJSONAllowed(t *testing.T) {
	s := testServer(t)
	got := corsfetch(t, at(s, "{s}/star", "-X", "PUT", "-json")...)
	want := report{
		Browser: "standard", Page: testOrigin, Verdict: allowed,
		Exchanges: []exchange{
			{
				Method: "OPTIONS", URL: s.URL + "/star", Status: 204, StatusText: "No Content", Preflight: true,
				Request: http.Header{"Origin": {testOrigin}, headerRequestMethod: {"PUT"}},
				Response: http.Header{headerAllowOrigin: {"*"}, headerAllowMethods: {"PUT"}, headerAllowHeaders: {"content-type,x-a"},
					"Access-Control-Max-Age": {"600"}},
			},
			{
				Method: "PUT", URL: s.URL + "/star", Status: 200, StatusText: "OK",
				Request:  http.Header{"Origin": {testOrigin}},
				Response: http.Header{headerAllowOrigin: {"*"}},
			},
		},
		Response: &seen{
			Type: "cors", URL: s.URL + "/star", Status: 200, StatusText: "OK",
			Headers: map[string]string{"Content-Length": "6", "Content-Type": "text/plain; charset=utf-8"},
			Hidden:  []string{headerAllowOrigin}, Body: "hello\n",
		},
	}
	if diff := cmp.Diff(want, decode[report](t, got.stdout), onlyCORS, cmpopts.IgnoreUnexported(report{}, seen{})); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
	if got.code != exitAllowed {
		t.Errorf("got exit code %d, want %d", got.code, exitAllowed)
	}
}

func TestJSONBlocked(t *testing.T) {
	s := testServer(t)
	got := corsfetch(t, at(s, "{s}/none", "-json", "-credentials", "include")...)
	want := report{
		Browser: "standard", Page: testOrigin, Verdict: blocked,
		Reason: "MissingAllowOriginHeader", Stage: "response",
		Message: `blocked at response: MissingAllowOriginHeader: no Access-Control-Allow-Origin, want "https://app.example"`,
		Header:  headerAllowOrigin, Want: `"https://app.example"`,
		Advice: &advice{
			Text:    "The server does not say that this page may read the answer.",
			Answer:  "GET " + s.URL + "/none",
			Headers: []string{"Access-Control-Allow-Origin: https://app.example", "Access-Control-Allow-Credentials: true", "Vary: Origin"},
		},
		Exchanges: []exchange{{Method: "GET", URL: s.URL + "/none", Status: 200, StatusText: "OK", Request: http.Header{"Origin": {testOrigin}}}},
	}
	if diff := cmp.Diff(want, decode[report](t, got.stdout), onlyCORS, cmpopts.IgnoreUnexported(report{})); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
	if got.code != exitBlocked {
		t.Errorf("got exit code %d, want %d", got.code, exitBlocked)
	}
}

// TestConsole: the message that brought the user here is in both outputs.
func TestConsole(t *testing.T) {
	s := testServer(t)
	args := at(s, "{s}/none", "-browser", "chromium")
	text, doc := corsfetch(t, args...).stdout, decode[report](t, corsfetch(t, append(args, "-json")...).stdout)
	const want = "has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
	if !strings.Contains(text, want) || !strings.Contains(doc.Console, want) {
		t.Errorf("got text %s, console %q; want %q in both", text, doc.Console, want)
	}
}

// TestJSONKeys: the keys that scripts rely on are there even if they are empty.
func TestJSONKeys(t *testing.T) {
	got := corsfetch(t, "get", "http://api.example/", "-json")
	doc := decode[map[string]any](t, got.stdout)
	want := map[string]any{"verdict": "blocked", "reason": "MixedContent", "stage": "request", "exchanges": []any{}, "response": nil}
	for key, value := range want {
		got, ok := doc[key]
		if !ok || !cmp.Equal(got, value) {
			t.Errorf("%s: got %v, %t; want %v", key, got, ok, value)
		}
	}
}

func TestJSONRounds(t *testing.T) {
	s := testServer(t)
	got := corsfetch(t, at(s, "{s}/star", "-X", "PUT", "-repeat", "3", "-json")...)
	doc := decode[roundsDocument](t, got.stdout)
	if doc.Browser != "standard" || doc.Verdict != allowed || len(doc.Rounds) != 3 {
		t.Fatalf("got %s, %s, %d rounds; want standard, allowed, 3", doc.Browser, doc.Verdict, len(doc.Rounds))
	}
	for i, r := range doc.Rounds {
		if got, want := r.Exchanges[0].FromCache, i > 0; got != want || !r.Exchanges[0].Preflight {
			t.Errorf("round %d: fromCache got %t, want %t", i+1, got, want)
		}
	}
	cached := exchange{Method: "OPTIONS", URL: s.URL + "/star", Preflight: true, FromCache: true,
		Request: http.Header{headerRequestMethod: {"PUT"}}, Response: http.Header{}}
	if diff := cmp.Diff(cached, doc.Rounds[1].Exchanges[0]); diff != "" {
		t.Errorf("cached preflight differs (-want +got):\n%s", diff)
	}
}

func TestJSONBrowsers(t *testing.T) {
	s := testServer(t)
	got := corsfetch(t, at(s, "{s}/starall", "-H", "Authorization: x", "-browser", "all", "-json", "-page", "http://app.example/")...)
	var doc struct {
		Verdict  verdict
		Browsers []report
	}
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
		t.Fatal(err)
	}
	verdicts := make(map[string]verdict)
	for _, r := range doc.Browsers {
		verdicts[r.Browser] = r.Verdict
	}
	// The standard lets no wildcard cover Authorization; browsers do.
	want := map[string]verdict{"standard": blocked, "chromium": allowed, "firefox": allowed, "webkit": allowed}
	if diff := cmp.Diff(want, verdicts); diff != "" || doc.Verdict != blocked || got.code != exitBlocked {
		t.Errorf("got %s, exit code %d; verdicts differ (-want +got):\n%s", doc.Verdict, got.code, diff)
	}
	both := corsfetch(t, at(s, "{s}/star", "-browser", "all", "-repeat", "2", "-json", "-page", "http://app.example/")...)
	var rounds struct {
		Verdict  verdict
		Browsers []roundsDocument
	}
	if err := json.Unmarshal([]byte(both.stdout), &rounds); err != nil {
		t.Fatal(err)
	}
	if len(rounds.Browsers) != 4 || len(rounds.Browsers[3].Rounds) != 2 || rounds.Verdict != allowed {
		t.Errorf("got %d browsers, %s; want 4 with 2 rounds each, allowed", len(rounds.Browsers), rounds.Verdict)
	}
}

// TestBodies: how much of a body is read, and what is said of one that breaks.
func TestBodies(t *testing.T) {
	s := testServer(t)
	tests := []struct {
		name, path    string
		size          int
		truncated     bool
		bodyError     string
		text, notText string
	}{
		{name: "short", path: "/long?size=5", size: 5, text: "Body, 5 bytes\n  xxxxx\n", notText: "of which"},
		{name: "none", path: "/long?size=0", notText: "Body"},
		{name: "longer than printed", path: "/long?size=3000", size: 3000, text: "Body, 3000 bytes, of which the first 2048 (-json has more)"},
		{name: "at the limit", path: "/long?size=1048576", size: bodyLimit, notText: "more than"},
		{name: "beyond the limit", path: "/long?size=1048577", size: bodyLimit, truncated: true, text: "Body, more than 1048576 bytes"},
		{name: "broken off", path: "/half", size: 4, bodyError: "unexpected EOF", text: "the body broke off: unexpected EOF"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got := decode[report](t, corsfetch(t, at(s, "{s}"+tc.path, "-json")...).stdout).Response
			if len(got.Body) != tc.size || got.BodyTruncated != tc.truncated || got.BodyError != tc.bodyError {
				t.Errorf("got %d bytes, truncated %t, error %q; want %d, %t, %q", len(got.Body), got.BodyTruncated, got.BodyError, tc.size, tc.truncated, tc.bodyError)
			}
			text := corsfetch(t, at(s, "{s}"+tc.path)...).stdout
			if !strings.Contains(text, tc.text) {
				t.Errorf("got %.600s; want %q in it", text, tc.text)
			}
			if tc.notText != "" && strings.Contains(text, tc.notText) {
				t.Errorf("got %.600s; want no %q in it", text, tc.notText)
			}
		})
	}
}
