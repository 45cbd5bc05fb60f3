package conformance_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corsfetch/corsfetch/conformance"
)

// sample is a recording that has something of everything.
var sample = conformance.Recording{Browser: "b", Version: "B/1", Results: []conformance.Result{
	{ID: "a", Steps: []conformance.Outcome{
		{Outcome: "resolved", Response: &conformance.Response{Type: "cors", Status: 200, StatusText: "OK", OK: ptr(true), Redirected: ptr(false), URL: "{B}/x", Headers: []string{"x-a: <\u00E9>"}, Body: "ok"},
			Requests: []conformance.Request{{Method: "GET", URL: "{B}/x", Headers: []string{"Accept: */*"}, Body: "b"}},
			Timing:   &conformance.Timing{Entries: 1, ResponseStatus: -1}},
		{Outcome: "rejected", Error: "TypeError", Message: "Failed", Console: []string{"c"}},
	}},
	{ID: "b", Error: "silent", Steps: []conformance.Outcome{{Outcome: "silent"}}},
	{ID: "c", Error: "gone"},
	{ID: "d", Steps: []conformance.Outcome{{Outcome: "loaded", Tainted: ptr(false)}, {Outcome: "open", Data: "hi"}}},
}}

// sampleText is how sample is written.
const sampleText = `{"browser": "b", "version": "B/1", "results": [
{"id": "a", "steps": [
{"outcome":"resolved","response":{"type":"cors","status":200,"statusText":"OK","ok":true,"redirected":false,"url":"{B}/x","headers":["x-a: <é>"],"body":"ok"},"requests":[{"method":"GET","url":"{B}/x","headers":["Accept: */*"],"body":"b"}],"timing":{"entries":1,"detailVisible":false,"sizeVisible":false,"responseStatus":-1}},
{"outcome":"rejected","error":"TypeError","message":"Failed","requests":[],"console":["c"]}
]},
{"id": "b", "error": "silent", "steps": [
{"outcome":"silent","requests":[]}
]},
{"id": "c", "error": "gone", "steps": [
]},
{"id": "d", "steps": [
{"outcome":"loaded","tainted":false,"requests":[]},
{"outcome":"open","data":"hi","requests":[]}
]}
]}
`

func TestRecordingWrite(t *testing.T) {
	for range 2 {
		var b bytes.Buffer
		if n, err := sample.WriteTo(&b); err != nil || n != int64(len(sampleText)) {
			t.Errorf("WriteTo() = %d, %v; want %d, nil", n, err, len(sampleText))
		}
		if diff := cmp.Diff(sampleText, b.String()); diff != "" {
			t.Fatalf("- is what was expected, + what was written\n%s", diff)
		}
	}
}

func TestRecordingRead(t *testing.T) {
	got, err := conformance.ReadRecording("r.json", []byte(sampleText))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&sample, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("- is what was written, + what was read\n%s", diff)
	}
	if r := got.Find("d"); r == nil || r.Steps[1].Data != "hi" {
		t.Errorf("Find(\"d\") = %v", r)
	}
	if r := got.Find("e"); r != nil {
		t.Errorf("Find(\"e\") = %v; want nil", r)
	}
}

func TestReadRecordingErrors(t *testing.T) {
	for _, test := range []struct{ name, old, new, want string }{
		{"unknown key", `"outcome":"silent"`, `"outcome":"silent","colour":1`, `r.json:7: results: steps: unknown key "colour"`},
		{"unknown outcome", `"outcome":"silent"`, `"outcome":"quiet"`, `r.json:7: results: steps: outcome: unknown value "quiet"`},
		{"id twice", `"id": "d"`, `"id": "a"`, `r.json:11: "a" is there twice`},
		{"another type", `"error": "gone"`, `"error": 1`, `r.json:9: results: error: not a string`},
		{"cut off", "]}\n]}", "", `r.json:15: it ends too early`},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(sampleText, test.old, test.new, 1)
			if _, err := conformance.ReadRecording("r.json", []byte(text)); err == nil || err.Error() != test.want {
				t.Errorf("got %v; want %s", err, test.want)
			}
		})
	}
}

// TestSharedRecordings reads recordings of real browsers, which cover the
// scenarios beside them, and writes them without losing anything.
func TestSharedRecordings(t *testing.T) {
	eachShared(t, func(t *testing.T, dir string, scenarios []*conformance.Scenario) {
		files, err := filepath.Glob(filepath.Join(dir, "results", "*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no recordings (%v)", err)
		}
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) { readsAndWrites(t, file, scenarios) })
		}
	})
}

// readsAndWrites tests the recording in file.
func readsAndWrites(t *testing.T, file string, scenarios []*conformance.Scenario) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := conformance.ReadRecording(file, data)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scenarios {
		if result := r.Find(s.ID); result == nil || result.Error == "" && len(result.Steps) != len(s.Steps) {
			t.Errorf("%s: recorded %v", s.ID, result)
		}
	}
	var b bytes.Buffer
	if _, err := r.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	again, err := conformance.ReadRecording(file, b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, again, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("- is what was read, + what was written and read\n%s", diff)
	}
}

func TestCompare(t *testing.T) {
	base := func() *conformance.Outcome {
		o := sample.Results[0].Steps[0]
		response := *o.Response
		o.Response = &response
		o.Requests = append([]conformance.Request{}, o.Requests...)
		return &o
	}
	for _, test := range []struct {
		name   string
		change func(o *conformance.Outcome)
		want   []string
	}{
		{"nothing", func(o *conformance.Outcome) {}, nil},
		{"case of a name", func(o *conformance.Outcome) { o.Requests[0].Headers = []string{"accept: */*"} }, nil},
		{"outcome", func(o *conformance.Outcome) { o.Outcome = "rejected" }, []string{"step 0: outcome (outcome): got rejected; want resolved"}},
		{"no response", func(o *conformance.Outcome) { o.Response = nil }, []string{"step 0: response (outcome): got false; want true"}},
		{"type", func(o *conformance.Outcome) { o.Response.Type = "opaque" }, []string{"step 0: type (outcome): got opaque; want cors"}},
		{"status", func(o *conformance.Outcome) { o.Response.Status = 0 }, []string{"step 0: status (outcome): got 0; want 200"}},
		{"another request", func(o *conformance.Outcome) { o.Requests = append(o.Requests, o.Requests[0]) },
			[]string{"step 0: requests (outcome): got GET {B}/x, GET {B}/x; want GET {B}/x"}},
		{"visible header", func(o *conformance.Outcome) { o.Response.Headers = nil }, []string{`step 0: header, x-a (visible): got absent; want "<é>"`}},
		{"body", func(o *conformance.Outcome) { o.Response.Body = "" }, []string{`step 0: body (visible): got ""; want "ok"`}},
		{"ok", func(o *conformance.Outcome) { o.Response.OK = nil }, []string{"step 0: ok (visible): got unknown; want true"}},
		{"request header", func(o *conformance.Outcome) { o.Requests[0].Headers = []string{"Accept: */*", "Origin: null"} },
			[]string{`step 0: request 1, origin (wire): got "null"; want absent`}},
		{"request body", func(o *conformance.Outcome) { o.Requests[0].Body = "c" }, []string{`step 0: request 1, body (wire): got "c"; want "b"`}},
		{"console", func(o *conformance.Outcome) { o.Console = []string{"x"} }, []string{`step 0: console (console): got "x"; want `}},
		{"what is told of cookies", func(o *conformance.Outcome) {
			o.Console = []string{"cookie k not sent: SecureOnly", "issue CookieIssue k[] []"}
		}, nil},
		{"timing", func(o *conformance.Outcome) { o.Timing = nil },
			[]string{`step 0: timing (visible): got none; want {"entries":1,"detailVisible":false,"sizeVisible":false,"responseStatus":-1}`}},
		{"fact", func(o *conformance.Outcome) { o.Ran = ptr(true) }, []string{"step 0: ran (outcome): got true; want unknown"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := base()
			test.change(got)
			var texts []string
			for _, d := range conformance.Compare(got, base()) {
				texts = append(texts, d.String())
			}
			if diff := cmp.Diff(test.want, texts); diff != "" {
				t.Errorf("- want + got\n%s", diff)
			}
		})
	}
}

func TestMeets(t *testing.T) {
	resolved := conformance.Outcome{Outcome: "resolved", Response: &conformance.Response{Type: "cors", Status: 200, Headers: []string{"x-b: 1", "a: 2"}},
		Requests: []conformance.Request{{Method: "OPTIONS"}, {Method: "PUT", Headers: []string{"Origin: {A}", "X: 1", "X: 2"}}}}
	rejected := conformance.Outcome{Outcome: "rejected", Error: "TypeError"}
	loaded := conformance.Outcome{Outcome: "loaded", Tainted: ptr(true)}
	for _, test := range []struct {
		name, expect string
		wire         []string
		got          conformance.Outcome
		want         []string // what differs
	}{
		{"no expectation", "", nil, resolved, nil},
		{"all of it", "OPTIONS PUT => cors 200 [a x-b]", []string{"2 Origin: {A}", "1 !Origin"}, resolved, nil},
		{"names in another order", "OPTIONS PUT => cors 200 [x-b a]", nil, resolved, nil},
		{"methods", "PUT => cors 200", nil, resolved, []string{"methods"}},
		{"type and status", "OPTIONS PUT => opaque 0", nil, resolved, []string{"type", "status"}},
		{"no headers", "OPTIONS PUT => cors 200 []", nil, resolved, []string{"header names"}},
		{"should be rejected", "OPTIONS PUT => TypeError", nil, resolved, []string{"outcome", "error"}},
		{"rejected", "=> TypeError", nil, rejected, nil},
		{"should be resolved", "=> cors 200", nil, rejected, []string{"outcome", "type", "status"}},
		{"another error", "=> error", nil, rejected, []string{"error"}},
		{"wire", "OPTIONS PUT => cors 200", []string{"2 !Origin", "2 Origin: {B}", "2 X: 1", "3 X: 1", "1 X: 1"}, resolved,
			[]string{"request 2, Origin", "request 2, Origin", "request 2, X", "request 3, X", "request 1, X"}},
		{"fact", "=> loaded tainted=true", nil, loaded, nil},
		{"other fact", "=> loaded tainted=false", nil, loaded, []string{"tainted"}},
		{"unknown fact", "=> loaded ran=true", nil, loaded, []string{"ran"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var what []string
			for _, d := range test.got.Meets(&conformance.Step{Fetch: "B/x", Expect: test.expect, Wire: test.wire}) {
				what = append(what, d.What)
			}
			if diff := cmp.Diff(test.want, what); diff != "" {
				t.Errorf("- want + got\n%s", diff)
			}
		})
	}
}

// TestReadLongBody: a recording that holds a long body whole reads as one that
// holds its hash.
func TestReadLongBody(t *testing.T) {
	read := func(body string) string {
		t.Helper()
		r, err := conformance.ReadRecording("r.json", []byte(`{"browser": "b", "version": "1", "results": [{"id": "a", "steps": [`+
			`{"outcome": "sent", "requests": [{"method": "POST", "url": "{A}/", "headers": [], "body": "`+body+`"}]}]}]}`))
		if err != nil {
			t.Fatal(err)
		}
		return r.Results[0].Steps[0].Requests[0].Body
	}
	long := strings.Repeat("k", 65536)
	short := long[:32] + "… (65536 bytes, SHA-256 82453847604f296a)"
	for _, body := range []string{long, short} {
		if got := read(body); got != short {
			t.Errorf("got %.80q, want %q", got, short)
		}
	}
}
