package orb_test

import (
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch/orb"
)

// decide goes through the stages as far as need be.
func decide(r *orb.Rules, res orb.Response, body string) (orb.Verdict, orb.Reason) {
	verdict, reason := r.Header(res)
	if verdict == orb.Undecided {
		verdict, reason = r.Start(res, []byte(body[:min(len(body), orb.StartLength)]))
	}
	if verdict == orb.Undecided {
		verdict, reason = r.Body([]byte(body))
	}
	return verdict, reason
}

const (
	script = "self.x = 1;\n"
	png    = "\x89PNG\r\n\x1a\n"
	ogg    = "OggS\x00"
	json   = `{"a": 1}`
	html   = "<!doctype html><p>hi"
	xml    = `<?xml version="1.0"?><a/>`
)

// TestRules is what Chromium and Firefox block; "" is allowed.
//
// https://whatpr.org/fetch/1442.html#orb-algorithm
func TestRules(t *testing.T) {
	for _, c := range []struct {
		desc              string
		res               orb.Response
		body              string
		chromium, firefox orb.Reason
	}{
		{"a script", orb.Response{Type: "text/javascript", Status: 200}, script, "", ""},
		{"a script without a type", orb.Response{Status: 200}, script, "", ""},
		{"a script as HTML", orb.Response{Type: "text/html", Status: 200}, script, "", ""},
		{"a script as JSON", orb.Response{Type: "application/json", Status: 200}, script, "", ""},
		{"a script as PDF", orb.Response{Type: "application/pdf", Status: 200}, script, orb.NeverSniffed, orb.NeverSniffed},
		{"a script as text/pdf", orb.Response{Type: "text/pdf", Status: 200}, script, orb.NeverSniffed, ""},
		{"a style sheet", orb.Response{Type: "text/css", Status: 200}, "p { color: red }", "", ""},
		{"a style sheet as text", orb.Response{Type: "text/plain", Status: 200}, "p { color: red }", "", orb.NotScript},
		{"an SVG image", orb.Response{Type: "image/svg+xml", Status: 200}, xml, "", ""},
		{"JSON", orb.Response{Type: "application/json", Status: 200}, json, orb.JSON, orb.NotScript},
		{"JSON that is a script too", orb.Response{Type: "application/json", Status: 200}, "[1]", "", orb.NotScript},
		{"JSON behind a byte order mark", orb.Response{Type: "application/json", Status: 200}, "\ufeff" + json, orb.JSON, orb.NotScript},
		{"JSON without a type", orb.Response{Status: 200}, json, "", ""},
		{"JSON as a script", orb.Response{Type: "text/javascript", Status: 200}, json, orb.JSON, ""},
		{"JSON behind a breaker", orb.Response{Type: "application/json", Status: 200}, ")]}'\n" + json, orb.JSON, orb.NotScript},
		{"BLK-015 JSON with nosniff", orb.Response{Type: "application/json", Nosniff: true, Status: 200}, json, orb.NosniffDocument, orb.NosniffDocument},
		{"HTML", orb.Response{Type: "text/html", Status: 200}, html, orb.HTML, orb.NotScript},
		{"HTML behind a comment", orb.Response{Type: "text/html", Status: 200}, "<!-- a\nb --> c\n" + html, orb.HTML, orb.NotScript},
		{"HTML of an unknown tag", orb.Response{Type: "text/html", Status: 200}, "<x-y>", "", orb.NotScript},
		{"XML", orb.Response{Type: "application/rss+xml", Status: 200}, xml, orb.XML, orb.NotScript},
		{"text", orb.Response{Type: "text/plain", Status: 200}, "hello world", "", orb.NotScript},
		{"text with nosniff", orb.Response{Type: "text/plain", Nosniff: true, Status: 200}, "hello world", orb.NosniffDocument, ""},
		{"other data with nosniff", orb.Response{Type: "application/octet-stream", Nosniff: true, Status: 200}, script, "", orb.NosniffOther},
		{"nothing", orb.Response{Type: "text/html", Status: 204}, "", "", ""},
		{"an image", orb.Response{Type: "image/png", Status: 200}, png, "", ""},
		{"an image as HTML", orb.Response{Type: "text/html", Status: 200}, png, "", ""},
		{"an image as HTML with nosniff", orb.Response{Type: "text/html", Nosniff: true, Status: 200}, png, orb.NosniffDocument, orb.NosniffDocument},
		{"an image that is none", orb.Response{Type: "image/png", Status: 200}, script, "", orb.NoSuchMedia},
		{"an image of a camera", orb.Response{Type: "application/json", Status: 200}, "II*\x00", "", orb.NotScript},
		{"an error's image", orb.Response{Type: "text/html", Status: 404}, png, "", ""},
		{"an error's script", orb.Response{Type: "text/plain", Status: 404}, script, "", orb.NotOK},
		{"audio", orb.Response{Type: "text/html", Status: 200}, ogg, "", ""},
		{"audio for a player", orb.Response{Type: "text/html", Status: 200, ForMedia: true}, ogg, "", ""},
		{"audio of a type that is enough for one", orb.Response{Type: "audio/x-unknown", Status: 200, ForMedia: true}, "?", "", orb.NotMedia},
		{"a script for a player", orb.Response{Type: "text/plain", Status: 200, ForMedia: true}, script, "", orb.NotMedia},
		{"a list of media", orb.Response{Type: "application/dash+xml", Status: 200}, xml, "", ""},
		{"the first part", orb.Response{Type: "text/plain", Status: 206, ContentRange: "bytes 0-11/12"}, script, "", ""},
		{"the first part of a document", orb.Response{Type: "text/html", Status: 206, ContentRange: "bytes 0-11/12"}, script, "", orb.PartialDocument},
		{"another part", orb.Response{Type: "text/plain", Status: 206, ContentRange: "bytes 1-12/*"}, script, orb.NotFirstPart, orb.NotFirstPart},
		{"another part of a script", orb.Response{Type: "text/javascript", Status: 206, ContentRange: "bytes 1-12/*"}, script, orb.NotFirstPart, ""},
		{"an unknown part", orb.Response{Type: "text/plain", Status: 206}, script, "", orb.NotFirstPart},
		{"a part beyond the end", orb.Response{Type: "text/plain", Status: 206, ContentRange: "bytes 0-12/12"}, script, "", orb.NotFirstPart},
		{"a part that ends before it begins", orb.Response{Type: "text/plain", Status: 206, ContentRange: "bytes 3-2/12"}, script, "", orb.NotFirstPart},
		{"a part of something else", orb.Response{Type: "text/plain", Status: 206, ContentRange: "lines 0-1/2"}, script, "", orb.NotFirstPart},
	} {
		t.Run(c.desc, func(t *testing.T) {
			for name, want := range map[string]orb.Reason{"chromium": c.chromium, "firefox": c.firefox} {
				rules := orb.Chromium()
				if name == "firefox" {
					rules = orb.Firefox()
				}
				verdict, reason := decide(rules, c.res, c.body)
				if reason != want || (verdict == orb.Allowed) != (want == "") {
					t.Errorf("%s: got verdict %d, %q; want %q", name, verdict, reason, want)
				}
			}
		})
	}
}

// TestSignatures: what begins as media or an image is allowed, whatever its
// type says.
func TestSignatures(t *testing.T) {
	both := []string{
		"\x00\x00\x01\x00", "BM", "GIF87a", "GIF89a", "\xff\xd8\xff", png, "RIFF1234WEBPVP8 ", ogg, "ID3", "fLaC", "\x1a\x45\xdf\xa3",
		"RIFF1234WAVEfmt ", "\x00\x00\x00\x18ftypmp42", "\x00\x00\x00\x18ftypisom",
	}
	chromium := []string{"MM\x00*", ".RMF", "RIFF1234AVI LIST", "\x00\x00\x01\xb3", "\xff\xfb", "1234moov", "FLV"}
	firefox := []string{"\x00\x00\x02\x00", "#EXTM3U", "RIFF1234WAVE"}
	none := []string{"", "GIF", "RIFF1234", "FORM1234AIFF", "MThd\x00\x00\x00\x06", "\x00\x00\x00\x0cJXL ", "\xd2IFF1234WEBPVP8 ", "1234\xe6typisom"}
	for _, c := range []struct {
		bodies            []string
		chromium, firefox bool
	}{{both, true, true}, {chromium, true, false}, {firefox, false, true}, {none, false, false}} {
		for _, body := range c.bodies {
			// JSON follows, which nothing else would let pass.
			body += ` {"a": 1}`
			res := orb.Response{Type: "application/json", Status: 200}
			for name, want := range map[string]bool{"chromium": c.chromium, "firefox": c.firefox} {
				rules, found := orb.Chromium(), false
				if name == "firefox" {
					rules = orb.Firefox()
				}
				for _, s := range append(rules.Images, rules.Media...) {
					found = found || s.Matches([]byte(body))
				}
				verdict, _ := rules.Start(res, []byte(body))
				if found != want || want && verdict != orb.Allowed {
					t.Errorf("%s, %.20q: found %v, verdict %d; want %v", name, body, found, verdict, want)
				}
			}
		}
	}
}

// TestScripts: Firefox allows what may be a script. What is not, it blocks; what
// is JSON, too.
func TestScripts(t *testing.T) {
	for _, body := range []string{
		"", " \n", "hello", "hello\nworld", "{a: 1}", "// hello world", "/* a b */", "<!-- a b\nx = 1\n--> c d", "#!/bin/node a\nx", "\ufeffx",
		"'use strict'\nx()", "a => {}", "async () => { await x; for await (const y of z) {} }", "!function () {}()", "(function () {})()",
		"x = `a ${b} c ${`d ${e}`}` ", "x = y / z / w", "x = a[0] / 2", "a = b\n/c/g", "if (x) /re'/.test(y)", "function f() {}\n/re'/.test(x)", "x = /[/']/g",
		"class A extends B.C { #x = 1; static y = 2; get z() { return this.#x } static { } async *w() {} }", "class A extends B[0] {}",
		"1..toString()", "x = 0x1Fn + 1_000 + .5e-3 + 0b1 + 017", "var { a, b: [c, , d], ...e } = f", "[, a] = b", "x = { \"a\": 1, default: 2, get b() {}, 'c'() {} }",
		"switch (x) { case 'a': default: }", "x ? 'b' : { \"c\": 1 }", "label: for (const [a, b] of c) { continue label }", "do x(); while (1) y()",
		"if (a) b; else c", "if (a) { return }--b", "x++\n++y", "a ||= b ?? c?.d?.[e]", "throw new E", "x = function* () { yield }", "var let_ = 1, of = 2, get = 3",
		"import('x').then(y)", "new.target", "\u00e9t\u00e9 = 1", "\\u0061b = 1", "x = 'a\\\nb'", "for (;;) { break }", "a = b\n(c)", "({ \"a\": 1 })", "x = {}\n[1]",
	} {
		if verdict, reason := orb.Firefox().Body([]byte(body)); verdict != orb.Allowed {
			t.Errorf("%q is blocked: %s", body, reason)
		}
	}
	for _, body := range []string{
		"{}", "[1, 2]", "null", "\ufeff1", "hello world", "1 2", "'a' b", "a b c", "%PDF-1.4", "p { color: red; }", "a,b,c\n1,2,", "Subject: a b",
		"<html>", "<a/>", "&amp;", "self.x = ;", "f(", "f)", "(]", "{}&&{}", ")]}'\n{}", `{"a"`, `{"a": 1} x`, `{"a":`, "a &&", "x = [1, ",
		"'a\nb'", "`a", "/* a", "x = /a", "1a", "a # b", "#define x", "@import x", "\x00", "a\x01b", "import x from 'y'",
	} {
		if verdict, reason := orb.Firefox().Body([]byte(body)); verdict != orb.Blocked || reason != orb.NotScript {
			t.Errorf("%q: got verdict %d, %q; want it blocked", body, verdict, reason)
		}
	}
}

// FuzzDecide: every response is decided, with a reason if it is blocked.
func FuzzDecide(f *testing.F) {
	for _, body := range []string{script, png, ogg, json, html, xml, "", "x = `${a}`", "class A { #b }", "{\"a\\\"b\": 1}", "<!-- a -->\n<p>"} {
		f.Add("text/html", 200, "", body)
		f.Add("", 206, "bytes 0-1/2", body)
		f.Add("text/javascript", 404, "bytes 1-", body)
	}
	f.Fuzz(func(t *testing.T, essence string, status int, contentRange, body string) {
		for _, rules := range []*orb.Rules{orb.Chromium(), orb.Firefox(), {}} {
			res := orb.Response{Type: strings.ToLower(essence), Status: status, ContentRange: contentRange}
			verdict, reason := decide(rules, res, body)
			if verdict == orb.Undecided || (verdict == orb.Blocked) != (reason != "") {
				t.Errorf("%+v, %q: verdict %d, %q", res, body, verdict, reason)
			}
		}
	})
}
