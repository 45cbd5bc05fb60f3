package engine_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/engine"
)

// TestExplain: each oddity explains what it is about, in its browser, and
// nothing near it.
func TestExplain(t *testing.T) {
	outcome := conformance.Difference{Step: 1, Level: conformance.LevelOutcome, What: "requests", Got: "GET {A}/x", Want: "GET {A}/x, OPTIONS {B}/x"}
	nothing := conformance.Difference{Step: 1, Level: conformance.LevelOutcome, What: "requests", Got: "PUT {BS}/x"}
	wire := func(what string) conformance.Difference {
		return conformance.Difference{Step: 1, Level: conformance.LevelWire, What: "request 1, " + what, Got: "\"0\"", Want: "absent"}
	}
	for _, tt := range []struct {
		name, browser, members string
		difference             conformance.Difference
		want                   bool
	}{
		{"two spellings", "firefox", `"server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "access-control-allow-origin:"]}]}, "steps": [{"fetch": "B/x"}]`, outcome, true},
		{"one spelling", "firefox", `"server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin:"]}]}, "steps": [{"fetch": "B/x"}]`, outcome, false},
		{"two spellings, neither empty", "firefox", `"server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "access-control-allow-origin: *"]}]}, "steps": [{"fetch": "B/x"}]`, outcome, false},
		{"two spellings in another browser", "webkit", `"server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "access-control-allow-origin:"]}]}, "steps": [{"fetch": "B/x"}]`, outcome, false},
		{"an embedder policy in a worker", "firefox", `"page": {"origin": "A", "context": "worker", "headers": ["Cross-Origin-Embedder-Policy: require-corp"]}, "steps": [{"fetch": "B/x", "mode": "no-cors"}]`, outcome, true},
		{"an embedder policy in a page", "firefox", `"page": {"origin": "A", "headers": ["Cross-Origin-Embedder-Policy: require-corp"]}, "steps": [{"fetch": "B/x", "mode": "no-cors"}]`, outcome, false},
		{"a redirect with a policy", "firefox", `"server": {"B/x": [{"status": 302, "headers": ["Location: {A}/x", "Referrer-Policy: origin"]}]}, "steps": [{"fetch": "B/x"}]`, wire("referer"), true},
		{"a redirect without", "firefox", `"server": {"B/x": [{"status": 302, "headers": ["Location: {A}/x"]}]}, "steps": [{"fetch": "B/x"}]`, wire("referer"), false},
		{"Authorization twice", "firefox", `"steps": [{"fetch": "B/x", "headers": ["Authorization: a", "authorization: a"]}]`, wire("authorization"), true},
		{"Authorization once", "firefox", `"steps": [{"fetch": "B/x", "headers": ["Authorization: a", "X-A: a"]}]`, wire("authorization"), false},
		{"the type of a misdirected request", "firefox", `"server": {"B/x": [{"status": 421}]}, "steps": [{"fetch": "B/x"}]`, conformance.Difference{Step: 1, What: "header, content-type"}, true},
		{"the type of another", "firefox", `"server": {"B/x": [{"status": 404}]}, "steps": [{"fetch": "B/x"}]`, conformance.Difference{Step: 1, What: "header, content-type"}, false},
		{"a cache mode after a redirect", "webkit", `"server": {"B/x": [{"status": 302, "headers": ["Location: /y"]}]}, "steps": [{"fetch": "B/x"}]`, conformance.Difference{Step: 1, Level: conformance.LevelWire, What: "request 3, cache-control", Got: "absent", Want: "\"max-age=0\""}, true},
		{"a cache mode without", "webkit", `"steps": [{"fetch": "B/x"}]`, conformance.Difference{Step: 1, Level: conformance.LevelWire, What: "request 1, cache-control", Got: "absent", Want: "\"max-age=0\""}, false},
		{"a tainted preflight", "webkit", `"server": {"B/x": [{"status": 302, "headers": ["Location: /y"]}]}, "steps": [{"fetch": "B/x"}]`, conformance.Difference{Step: 1, Level: conformance.LevelWire, What: "request 3, sec-fetch-site", Got: "\"same-site\"", Want: "\"cross-site\""}, true},
		{"another site", "webkit", `"server": {"B/x": [{"status": 302, "headers": ["Location: /y"]}]}, "steps": [{"fetch": "B/x"}]`, conformance.Difference{Step: 1, Level: conformance.LevelWire, What: "request 3, sec-fetch-site", Got: "\"cross-site\"", Want: "\"same-site\""}, false},
		{"an escaped letter", "webkit", `"steps": [{"fetch": "B/x?%41"}]`, conformance.Difference{Step: 1, What: "requests", Got: "GET {B}/x?%41", Want: "GET {B}/x?A"}, true},
		{"a stream", "chromium", `"page": "BS", "steps": [{"fetch": "BS/x", "method": "PUT", "body": "x", "bodyType": "stream"}]`, nothing, true},
		{"no stream", "chromium", `"page": "BS", "steps": [{"fetch": "BS/x", "method": "PUT", "body": "x"}]`, nothing, false},
		{"misdirected, with a cookie", "chromium", `"server": {"A/x": [{"status": 421, "headers": ["Set-Cookie: k=v"]}]}, "steps": [{"fetch": "A/x"}]`, wire("cookie"), true},
		{"misdirected, without", "chromium", `"server": {"A/x": [{"status": 421}]}, "steps": [{"fetch": "A/x"}]`, wire("cookie"), false},
		{"an empty Blob", "webkit", `"steps": [{"fetch": "A/x", "method": "DELETE", "body": "", "bodyType": "blob:"}]`, wire("content-length"), true},
		{"an empty string", "webkit", `"steps": [{"fetch": "A/x", "method": "DELETE", "body": ""}]`, wire("content-length"), false},
		{"a Blob that is not empty", "webkit", `"steps": [{"fetch": "A/x", "method": "DELETE", "body": "x", "bodyType": "blob:"}]`, wire("content-length"), false},
		{"keepalive in a frame", "webkit", `"page": {"origin": "A", "context": "frame:B", "headers": ["Referrer-Policy: origin"]}, "steps": [{"fetch": "A/x", "keepalive": true}]`, wire("referer"), true},
		{"keepalive in a page", "webkit", `"page": {"origin": "A", "headers": ["Referrer-Policy: origin"]}, "steps": [{"fetch": "A/x", "keepalive": true}]`, wire("referer"), false},
		{"a user in Location", "webkit", `"server": {"A/x": [{"status": 302, "headers": ["Location: http://u@{B.host}/x"]}]}, "steps": [{"fetch": "A/x"}]`, outcome, true},
		{"no user in Location", "webkit", `"server": {"A/x": [{"status": 302, "headers": ["Location: {B}/x"]}]}, "steps": [{"fetch": "A/x"}]`, outcome, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			reason := engine.Explain(tt.browser)(parse(t, tt.members)[0], tt.difference)
			if (reason != "") != tt.want {
				t.Errorf("got %q; want a reason: %t", reason, tt.want)
			}
		})
	}
}
