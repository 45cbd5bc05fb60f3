package engine_test

import (
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/engine"
)

// TestExplain: each oddity explains what it is about, in its browser, and
// nothing near it: no other place, no other value, nothing the other way round.
func TestExplain(t *testing.T) {
	const (
		twoSpellings    = `"server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "access-control-allow-origin:"]}]}, "steps": [{"fetch": "B/x"}]`
		inWorker        = `"page": {"origin": "A", "context": "worker", "headers": ["Cross-Origin-Embedder-Policy: require-corp"]}, "steps": [{"fetch": "B/x", "mode": "no-cors"}]`
		withPolicy      = `"server": {"B/x": [{"status": 302, "headers": ["Location: {A}/x", "Referrer-Policy: origin"]}]}, "steps": [{"fetch": "B/x"}]`
		misdirected     = `"server": {"B/x": [{"status": 421, "headers": ["Set-Cookie: k=w; Path=/"]}]}, "steps": [{"fetch": "B/x"}]`
		misdirectedHead = `"server": {"B/x": [{"status": 421, "body": "no"}]}, "steps": [{"fetch": "B/x", "method": "HEAD"}]`
		short           = `"server": {"B/x": [{"headers": ["Content-Length: 9", "Connection: close"], "body": "x"}]}, "steps": [{"fetch": "B/x", "mode": "no-cors"}]`
		mailto          = `"page": {"origin": "A", "context": "data"}, "server": {"B/x": [{"status": 307, "headers": ["Location:mailto:a@b"]}]}, "steps": [{"fetch": "B/x", "mode": "no-cors"}]`
		late            = `"server": {"A/x": [{"status": 302, "headers": ["Location: {B}/y"]}], "B/y": [{"status": 307, "headers": ["Access-Control-Allow-Origin: *", "Location: {C}/z"]}]}, "steps": [{"fetch": "A/x", "method": "PUT"}]`
		redirected      = `"server": {"B/x": [{"status": 302, "headers": ["Location: y"]}]}, "steps": [{"fetch": "B/x", "cache": "no-cache"}]`
		stream          = `"page": "BS", "steps": [{"fetch": "BS/x", "method": "PUT", "body": "x", "bodyType": "stream"}]`
		emptyBlob       = `"steps": [{"fetch": "A/x", "method": "DELETE", "body": "", "bodyType": "blob:"}]`
		withUser        = `"server": {"A/x": [{"status": 302, "headers": ["Location: /a/../y"]}], "A/y": [{"status": 307, "headers": ["Location: http://u@{B.host}/x"]}]}, "steps": [{"fetch": "A/x"}]`
		noUser          = `"server": {"A/x": [{"status": 302, "headers": ["Location: {B}/x"]}], "A/z": [{"status": 302, "headers": ["Location: http://u@{B.host}/x"]}]}, "steps": [{"fetch": "A/x"}]`
	)
	d := func(what, got, want string) conformance.Difference {
		return conformance.Difference{Step: 1, What: what, Got: got, Want: want}
	}
	goesOn, stops := d("requests", "GET {A}/x", "GET {A}/x, OPTIONS {B}/x"), d("requests", "GET {A}/x, OPTIONS {B}/x", "GET {A}/x")
	for _, tt := range []struct {
		name, browser, members string
		difference             conformance.Difference
		want                   bool
	}{
		{"two spellings", "firefox", twoSpellings, goesOn, true},
		{"two spellings, resolved", "firefox", twoSpellings, d("outcome", "rejected", "resolved"), true},
		{"two spellings, rejected", "firefox", twoSpellings, d("outcome", "resolved", "rejected"), false},
		{"two spellings, the other way round", "firefox", twoSpellings, stops, false},
		{"two spellings, another header", "firefox", twoSpellings, d("request 1, accept", "absent", `"x"`), false},
		{"two spellings elsewhere", "firefox", `"server": {"B/y": [{"headers": ["Access-Control-Allow-Origin: *", "access-control-allow-origin:"]}]}, "steps": [{"fetch": "B/x"}]`, goesOn, false},
		{"one spelling", "firefox", `"server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin:"]}]}, "steps": [{"fetch": "B/x"}]`, goesOn, false},
		{"two spellings, neither empty", "firefox", `"server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "access-control-allow-origin: *"]}]}, "steps": [{"fetch": "B/x"}]`, goesOn, false},
		{"two spellings in another browser", "webkit", twoSpellings, goesOn, false},

		{"an embedder policy in a worker", "firefox", inWorker, goesOn, true},
		{"an embedder policy that Firefox alone minds", "firefox", inWorker, stops, false},
		{"an embedder policy in a page", "firefox", `"page": {"origin": "A", "headers": ["Cross-Origin-Embedder-Policy: require-corp"]}, "steps": [{"fetch": "B/x", "mode": "no-cors"}]`, goesOn, false},
		{"an embedder policy that is none", "firefox", `"page": {"origin": "A", "context": "worker", "headers": ["Cross-Origin-Embedder-Policy: unsafe-none"]}, "steps": [{"fetch": "B/x", "mode": "no-cors"}]`, goesOn, false},

		{"a redirect with a policy", "firefox", withPolicy, d("request 2, referer", `"{A}/__oracle-page"`, `"{A}/"`), true},
		{"before a redirect with a policy", "firefox", withPolicy, d("request 1, referer", `"{A}/__oracle-page"`, `"{A}/"`), false},
		{"another page's referrer", "firefox", withPolicy, d("request 2, referer", `"{A}/__oracle-page"`, `"{C}/"`), false},
		{"no referrer", "firefox", withPolicy, d("request 2, referer", `"{A}/__oracle-page"`, "absent"), false},
		{"a redirect without", "firefox", redirected, d("request 2, referer", `"{A}/__oracle-page"`, `"{A}/"`), false},

		{"misdirected HEAD", "firefox", misdirectedHead, d("outcome", "resolved", "timeout"), true},
		{"misdirected HEAD, not begun", "firefox", misdirectedHead, d("requests", "HEAD {B}/x, HEAD {B}/x", ""), true},
		{"misdirected HEAD, once", "firefox", misdirectedHead, d("requests", "HEAD {B}/x, HEAD {B}/x", "HEAD {B}/x"), false},
		{"misdirected HEAD, rejected", "firefox", misdirectedHead, d("outcome", "resolved", "rejected"), false},
		{"misdirected HEAD on a connection that closes", "firefox", `"server": {"B/x": [{"status": 421, "headers": ["Connection: close"], "body": "no"}]}, "steps": [{"fetch": "B/x", "method": "HEAD"}]`, d("outcome", "resolved", "timeout"), false},
		{"misdirected HEAD without a body", "firefox", `"server": {"B/x": [{"status": 421}]}, "steps": [{"fetch": "B/x", "method": "HEAD"}]`, d("outcome", "resolved", "timeout"), false},
		{"misdirected GET", "firefox", misdirected, d("outcome", "resolved", "timeout"), false},

		{"a short body without CORS", "firefox", short, d("outcome", "resolved", "rejected"), true},
		{"a short body without CORS, resolved", "firefox", short, d("outcome", "rejected", "resolved"), false},
		{"a short body with CORS", "firefox", `"server": {"B/x": [{"headers": ["Content-Length: 9", "Connection: close"]}]}, "steps": [{"fetch": "B/x"}]`, d("outcome", "resolved", "rejected"), false},
		{"a short body of another status", "firefox", `"server": {"B/x": [{"status": 404, "headers": ["Content-Length: 9", "Connection: close"]}]}, "steps": [{"fetch": "B/x", "mode": "no-cors"}]`, d("outcome", "resolved", "rejected"), false},

		{"mailto: in a data: document", "firefox", mailto, d("outcome", "rejected", "timeout"), true},
		{"mailto: in a data: document, and no more steps", "firefox", mailto, d("number of steps", "3", "1"), true},
		{"mailto: in a data: document, resolved", "firefox", mailto, d("outcome", "rejected", "resolved"), false},
		{"mailto: in a page", "firefox", `"server": {"B/x": [{"status": 307, "headers": ["Location: mailto:a@b"]}]}, "steps": [{"fetch": "B/x", "mode": "no-cors"}]`, d("outcome", "rejected", "timeout"), false},

		{"a redirect checked late", "webkit", late, d("requests", "GET {A}/x, GET {B}/y, OPTIONS {C}/z, GET {C}/z", "GET {A}/x, GET {B}/y, OPTIONS {C}/z"), true},
		{"a redirect checked late, rejected", "webkit", late, d("outcome", "resolved", "rejected"), true},
		{"a redirect checked early", "webkit", late, d("requests", "GET {A}/x, GET {B}/y, OPTIONS {C}/z", "GET {A}/x, GET {B}/y"), false},
		{"a redirect checked late from elsewhere", "webkit", `"page": "C", ` + late, d("outcome", "resolved", "rejected"), false},

		{"a cache mode after a redirect", "webkit", redirected, d("request 3, cache-control", "absent", `"max-age=0"`), true},
		{"a cache mode that WebKit leaves out", "webkit", redirected, d("request 3, cache-control", `"max-age=0"`, "absent"), false},
		{"another cache mode", "webkit", redirected, d("request 3, pragma", "absent", `"no-cache"`), false},
		{"a cache mode without", "webkit", `"steps": [{"fetch": "B/x", "cache": "no-cache"}]`, d("request 2, cache-control", "absent", `"max-age=0"`), false},

		{"a tainted preflight", "webkit", redirected, d("request 3, sec-fetch-site", `"same-site"`, `"cross-site"`), true},
		{"another site", "webkit", redirected, d("request 3, sec-fetch-site", `"cross-site"`, `"same-site"`), false},
		{"the first site", "webkit", redirected, d("request 1, sec-fetch-site", `"same-site"`, `"cross-site"`), false},

		{"an escaped letter", "webkit", `"steps": [{"fetch": "B/x?%41"}]`, d("requests", "GET {B}/x?%41%7a%39", "GET {B}/x?Az9"), true},
		{"an escape that stays", "webkit", `"steps": [{"fetch": "B/x?%41"}]`, d("requests", "GET {B}/x?%41%40", "GET {B}/x?A@"), false},
		{"an escaped letter, and more", "webkit", `"steps": [{"fetch": "B/x?%41"}]`, d("requests", "GET {B}/x?%41", "GET {B}/x?A, GET {B}/y"), false},

		{"a stream", "chromium", stream, d("requests", "PUT {BS}/x", ""), true},
		{"a stream after a preflight", "chromium", stream, d("requests", "OPTIONS {BS}/x, PUT {BS}/x", ""), false},
		{"no stream", "chromium", `"page": "BS", "steps": [{"fetch": "BS/x", "method": "PUT", "body": "x"}]`, d("requests", "PUT {BS}/x", ""), false},

		{"misdirected, with a cookie", "chromium", misdirected, d("request 2, cookie", `"k=v; k=w"`, `"k=v"`), true},
		{"misdirected, with another cookie", "chromium", misdirected, d("request 2, cookie", `"k=v; l=w"`, `"k=v"`), false},
		{"misdirected, the other way round", "chromium", misdirected, d("request 2, cookie", `"k=v"`, `"k=v; k=w"`), false},
		{"misdirected, without", "chromium", `"server": {"B/x": [{"status": 421}]}, "steps": [{"fetch": "B/x"}]`, d("request 2, cookie", `"k=v; k=w"`, `"k=v"`), false},

		{"an empty Blob", "webkit", emptyBlob, d("request 1, content-length", `"0"`, "absent"), true},
		{"an empty Blob of some length", "webkit", emptyBlob, d("request 1, content-length", `"1"`, "absent"), false},
		{"an empty Blob that is put", "webkit", `"steps": [{"fetch": "A/x", "method": "put", "body": "", "bodyType": "blob:"}]`, d("request 1, content-length", `"0"`, "absent"), false},
		{"an empty string", "webkit", `"steps": [{"fetch": "A/x", "method": "DELETE", "body": ""}]`, d("request 1, content-length", `"0"`, "absent"), false},
		{"a Blob that is not empty", "webkit", `"steps": [{"fetch": "A/x", "method": "DELETE", "body": "x", "bodyType": "blob:"}]`, d("request 1, content-length", `"0"`, "absent"), false},

		{"an empty Cookie", "webkit", `"steps": [{"fetch": "A/x"}]`, d("request 1, cookie", "absent", `""`), true},
		{"no Cookie", "webkit", `"steps": [{"fetch": "A/x"}]`, d("request 1, cookie", `"a=1"`, `""`), false},
		{"an empty Cookie of another browser", "chromium", `"steps": [{"fetch": "A/x"}]`, d("request 1, cookie", "absent", `""`), false},
		{"a long cookie of a visit", "webkit", `"cookies": {"A": ["a=` + strings.Repeat("x", 4096) + `"]}, "steps": [{"fetch": "A/x"}]`, d("request 1, cookie", "absent", `"a=x…"`), true},
		{"a long cookie of a response", "webkit", `"server": {"A/x": [{"headers": ["Set-Cookie: a=` + strings.Repeat("x", 4096) + `; Path=/"]}]}, "steps": [{"fetch": "A/x"}]`, d("request 2, cookie", `"b=1"`, `"a=x…"`), true},
		{"a cookie that just is not too long", "webkit", `"cookies": {"A": ["a=` + strings.Repeat("x", 4095) + `"]}, "steps": [{"fetch": "A/x"}]`, d("request 1, cookie", "absent", `"a=x…"`), false},

		{"a user in Location", "webkit", withUser, goesOn, true},
		{"a user in Location, without a preflight", "webkit", withUser, d("requests", "GET {A}/x", "GET {A}/x, GET {B}/x"), false},
		{"a user in another Location", "webkit", noUser, goesOn, false},

		{"a step that is none", "firefox", inWorker, conformance.Difference{Step: 2, What: "number of steps", Got: "1", Want: "2"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			reason := engine.Explain(tt.browser)(parse(t, tt.members)[0], tt.difference)
			if (reason != "") != tt.want {
				t.Errorf("got %q; want a reason: %t", reason, tt.want)
			}
		})
	}
}
