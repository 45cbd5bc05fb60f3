package main

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// evil answers with all that could take over a terminal.
func evil(w http.ResponseWriter, _ *http.Request) {
	conn, buf, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	body := "\x1b[2Jcleared\x07\rALLOWED\u009b31m\u202egnp.\xff\x00\ttab\nBLOCKED\n"
	fmt.Fprintf(buf, "HTTP/1.1 200 \x1b]0;title\x07OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: *\r\n"+
		"X-Evil: a\xc2\x9b31mb\xe2\x80\xaec\xff\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	buf.Flush()
}

// harmless reports whether a terminal only shows text.
func harmless(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }) < 0
}

func TestTerminalInjection(t *testing.T) {
	s := testServer(t)
	for _, args := range [][]string{
		{"{s}/evil", "-v"},
		{"{s}/evil", "-json"},
		{"{s}/evil", "-mode", "no-cors", "-v"},
		{"{s}/none?\x1b[31m", "-X", "PUT\x1b[31m"},
		{"\x1b[31m.invalid\u202e/", "-H", "Cookie: \x1b[31m"},
		{"{s}/star", "-d", "\x1b[31m", "-H", "X-A: \u009b"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			got := corsfetch(t, at(s, args...)...)
			if !harmless(got.stdout) || !harmless(got.stderr) {
				t.Errorf("got %q, %q; want no control characters", got.stdout, got.stderr)
			}
		})
	}
	text := corsfetch(t, at(s, "{s}/evil")...).stdout
	for _, want := range []string{
		`status 200 \x1b]0;title\x07OK`,
		`X-Evil: a\u009b31mb\u202ec\xff`,
		"\n  \\x1b[2Jcleared\\x07\\x0dALLOWED\\u009b31m\\u202egnp.\ufffd\\x00\ttab\n  BLOCKED\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got %s; want %q in it", text, want)
		}
	}
}

// TestLongValues: a header of a megabyte does not fill the screen.
func TestLongValues(t *testing.T) {
	p := printer{}
	p.line(span{plain, strings.Repeat("é", 1<<20)})
	if got := p.b.String(); len(got) > spanLimit+8 || !strings.HasSuffix(got, "é…\n") {
		t.Errorf("got %d bytes that end with %q; want at most %d that end with a sign of more", len(got), got[len(got)-8:], spanLimit+8)
	}
}

func TestUseColor(t *testing.T) {
	tests := []struct {
		name     string
		terminal bool
		env      map[string]string
		want     bool
	}{
		{"terminal", true, map[string]string{"TERM": "xterm"}, true},
		{"no terminal", false, map[string]string{"TERM": "xterm"}, false},
		{"NO_COLOR", true, map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, false},
		{"NO_COLOR, but empty", true, map[string]string{"TERM": "xterm", "NO_COLOR": ""}, true},
		{"dumb", true, map[string]string{"TERM": "dumb"}, false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if got := useColor(tc.terminal, func(name string) string { return tc.env[name] }); got != tc.want {
				t.Errorf("got %t, want %t", got, tc.want)
			}
		})
	}
}

func TestIsTerminal(t *testing.T) {
	if isTerminal(new(strings.Builder)) {
		t.Error("a strings.Builder: got true, want false")
	}
	f, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if isTerminal(f) {
		t.Error("a file: got true, want false")
	}
}

// TestColors: colour adds sequences and changes nothing else.
func TestColors(t *testing.T) {
	s := testServer(t)
	for _, url := range []string{"/star", "/none", "/hangup"} {
		o, err := parseGet([]string{s.URL + url}, strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		results := []result{fetchAs(t.Context(), o, "standard")}
		without, with := getText(o, results, palette{}), getText(o, results, palette{on: true})
		if got := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(with, ""); got != without || with == without {
			t.Errorf("%s: got %q, which without colour is not %q", url, with, without)
		}
	}
}

func FuzzSanitize(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b[31m", "\u009b", "\xff", "a\r\nb\tc", "\u202e", "\U000e0001", "é\x80", `\x1b`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := sanitize(s); !harmless(got) || strings.ContainsAny(got, "\n\t") {
			t.Errorf("sanitize(%q): got %q", s, got)
		}
		lines := sanitizeLines(s)
		if !harmless(lines) || strings.Count(lines, "\n") != strings.Count(s, "\n") {
			t.Errorf("sanitizeLines(%q): got %q", s, lines)
		}
		if sanitize(sanitize(s)) != sanitize(s) {
			t.Errorf("sanitize(%q): got a change the second time", s)
		}
	})
}

func FuzzWithScheme(f *testing.F) {
	for _, s := range []string{"", "a.example", "localhost:1", "[::1]:2", "data:,x", "/x", ":", "a:b:c", "[", "http:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		full, added := withScheme(s)
		if added != (full != s) || !strings.HasSuffix(full, s) {
			t.Errorf("withScheme(%q): got %q, %t", s, full, added)
		}
		if added && !hasScheme(full) {
			t.Errorf("withScheme(%q): got %q, which has no scheme", s, full)
		}
	})
}
