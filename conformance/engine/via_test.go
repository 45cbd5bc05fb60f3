package engine_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestVia: what comes of each thing that is not fetch(), in the words of an
// expectation.
func TestVia(t *testing.T) {
	const cors = `"headers": ["Access-Control-Allow-Origin: *"]`
	tests := []struct{ name, rule, step, want string }{
		{"image", `{"file": "png"}`, `"via": "img"`, "GET => loaded tainted=true"},
		{"image with crossorigin", `{"file": "png", ` + cors + `}`, `"via": "img", "crossorigin": ""`, "GET => loaded tainted=false"},
		{"image without leave", `{"file": "png"}`, `"via": "img", "crossorigin": "anonymous"`, "GET => failed"},
		{"no image", `{"body": "x"}`, `"via": "img"`, "GET => failed"},
		{"script", `{"file": "js"}`, `"via": "script"`, "GET => loaded ran=true"},
		{"script, not found", `{"file": "js", "status": 404}`, `"via": "script"`, "GET => failed ran=false"},
		{"other script", `{"body": "1"}`, `"via": "script"`, "GET => loaded ran=false"},
		{"module without leave", `{"file": "js"}`, `"via": "script", "module": true`, "GET => failed ran=false"},
		{"stylesheet", `{"file": "css"}`, `"via": "style"`, "GET => loaded readable=false applied=true"},
		{"other stylesheet", `{"body": "", ` + cors + `}`, `"via": "style", "crossorigin": "anonymous"`, "GET => loaded readable=true applied=false"},
		{"font", `{"file": "woff", ` + cors + `}`, `"via": "font"`, "GET => loaded"},
		{"no font", `{"body": "x", ` + cors + `}`, `"via": "font"`, "GET => failed"},
		{"video", `{"file": "wav"}`, `"via": "video"`, "GET => loaded"},
		{"no video", `{"body": "x"}`, `"via": "video"`, "GET => failed"},
		{"beacon", `{}`, `"via": "beacon", "body": "x"`, "POST => sent"},
		{"beacon that is too long", `{}`, `"via": "beacon", "body": "x", "repeat": 65537`, "=> unsent"},
		{"beacon, refused", `{}`, `"via": "beacon", "body": "x", "bodyType": "blob:a/b"`, "OPTIONS => sent"},
		{"events", `{"file": "events", "headers": ["Access-Control-Allow-Origin: *", "Content-Type: text/event-stream"]}`, `"via": "eventsource"`, "GET => open"},
		{"events of another type", `{"file": "events", ` + cors + `}`, `"via": "eventsource"`, "GET => failed"},
		{"no events", `{"body": ": x\n\n", "headers": ["Access-Control-Allow-Origin: *", "Content-Type: text/event-stream"]}`, `"via": "eventsource"`, "GET => failed"},
		{"XHR", `{` + cors + `}`, `"via": "xhr"`, "GET => 200"},
		{"XHR, refused", `{}`, `"via": "xhr"`, "GET => error"},
		{"XHR, forbidden method", `{}`, `"via": "xhr", "method": "TRACE"`, "=> SecurityError"},
		{"XHR, no method", `{}`, `"via": "xhr", "method": "A B"`, "=> SyntaxError"},
		{"XHR, too late", `{"delay": 200, ` + cors + `}`, `"via": "xhr", "timeout": 20`, "GET => timeout"},
		{"XHR, aborted", `{"delay": 200, ` + cors + `}`, `"via": "xhr", "abort": 20, "timeout": 5000`, "GET => abort"},
		{"XHR, cut short", `{"body": "x", "headers": ["Access-Control-Allow-Origin: *", "Content-Length: 2", "Connection: close"]}`, `"via": "xhr"`, "GET => error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			members := `"server": {"B/x": [` + tt.rule + `]}, "steps": [{"fetch": "B/x", ` + tt.step + `, "expect": "` + tt.want + `"}]`
			got := run(t, nil, members)[0]
			if differences := got.Meets(&parse(t, members)[0].Steps[0]); differences != nil {
				t.Errorf("%v", differences)
			}
		})
	}
}

// TestEvents: which message an EventSource hears first.
//
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
func TestEvents(t *testing.T) {
	tests := []struct{ stream, want string }{
		{`data: a\n\n`, "a"},
		{`data:a\ndata: b\n\n`, "a\nb"},
		{`: comment\nretry: 9\ndata: a\n\n`, "a"},
		{`event: other\ndata: a\n\ndata: b\n\n`, "b"},
		{`event: message\ndata: a\n\n`, "a"},
		{`data: a\r\n\r\n`, "a"},
		{`data: a`, ""},
		{`id: 1\n\n`, ""},
	}
	for _, tt := range tests {
		got := run(t, nil, `"server": {"A/x": [{"headers": ["Content-Type: text/event-stream"], "body": "`+tt.stream+`"}]},
			"steps": [{"fetch": "A/x", "via": "eventsource"}]`)[0]
		if diff := cmp.Diff(tt.want, got.Data); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tt.stream, diff)
		}
	}
}

// TestXHRHeaders: what getAllResponseHeaders() returns is told line by line.
func TestXHRHeaders(t *testing.T) {
	got := run(t, nil, `"server": {"A/x": [{"headers": ["X-B: 1", "x-a: 2", "X-B: 3"], "body": "ok"}]}, "steps": [{"fetch": "A/x#f", "via": "xhr"}]`)[0]
	if got.Response == nil || got.Response.URL != "{A}/x" || strings.Join(got.Response.Headers, "\n") != "content-length: 2\nx-a: 2\nx-b: 1, 3" {
		t.Errorf("got %+v; want three headers of {A}/x", got.Response)
	}
}
