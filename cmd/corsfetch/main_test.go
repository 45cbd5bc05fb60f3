package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files in testdata")

// A ran is what a command line did.
type ran struct {
	code           int
	stdout, stderr string
}

// corsfetch runs a command line with an empty environment and standard input.
func corsfetch(t *testing.T, args ...string) ran {
	t.Helper()
	return corsfetchWith(t, t.Context(), "", args...)
}

func corsfetchWith(t *testing.T, ctx context.Context, stdin string, args ...string) ran {
	t.Helper()
	var stdout, stderr strings.Builder
	code := run(ctx, args, strings.NewReader(stdin), &stdout, &stderr, func(string) string { return "" })
	return ran{code, stdout.String(), stderr.String()}
}

// golden compares got with testdata/name.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}

func TestUsage(t *testing.T) {
	tests := []struct {
		name       string
		args       []string
		code       int
		out, onErr string // what standard output and standard error contain
	}{
		{"no arguments", nil, exitUsage, "", "corsfetch demo [-browser NAME]"},
		{"no arguments name get", nil, exitUsage, "", "corsfetch get [flags] URL"},
		{"help", []string{"help"}, exitAllowed, "corsfetch demo", ""},
		{"-h", []string{"-h"}, exitAllowed, "corsfetch get", ""},
		{"unknown command", []string{"got"}, exitUsage, "", `unknown command "got"`},
		{"unknown command, then usage", []string{"got"}, exitUsage, "", "corsfetch demo"},
		{"URL without get", []string{"https://api.example/x"}, exitUsage, "", "corsfetch get https://api.example/x"},
		{"escapes in a command", []string{"\x1b[31m://"}, exitUsage, "", `\x1b[31m://`},

		{"get -h", []string{"get", "-h"}, exitAllowed, "-credentials MODE", ""},
		{"get without URL", []string{"get"}, exitUsage, "", "want one URL, got 0"},
		{"empty URL", []string{"get", ""}, exitUsage, "", "want one URL, got 1"},
		{"two URLs", []string{"get", "http://a/", "http://b/"}, exitUsage, "", `got 2: ["http://a/" "http://b/"]`},
		{"two URLs after --", []string{"get", "--", "http://a/", "-v"}, exitUsage, "", `got 2: ["http://a/" "-v"]`},
		{"unknown flag", []string{"get", "-foo", "/"}, exitUsage, "", "there is no flag -foo"},
		{"a flag of curl", []string{"get", "-L", "/"}, exitUsage, "", "there is no flag -L; use nothing: redirects are followed"},
		{"mode", []string{"get", "/", "-mode", "corss"}, exitUsage, "", `invalid value "corss" for flag -mode: want cors, no-cors, same-origin or navigate`},
		{"credentials", []string{"get", "/", "-credentials=yes"}, exitUsage, "", `invalid value "yes" for flag -credentials: want omit, same-origin or include`},
		{"redirect", []string{"get", "/", "-redirect", "no"}, exitUsage, "", `"no" for flag -redirect: want follow, error or manual`},
		{"referrer policy", []string{"get", "/", "-referrer-policy", "all"}, exitUsage, "", `"all" for flag -referrer-policy: want no-referrer, `},
		{"browser", []string{"get", "/", "-browser", "lynx"}, exitUsage, "", `"lynx" for flag -browser: want standard, chromium, firefox, webkit or all`},
		{"repeat", []string{"get", "/", "-repeat", "0"}, exitUsage, "", `"0" for flag -repeat: want a number from 1 to 1000`},
		{"repeat, too many", []string{"get", "/", "-repeat", "1001"}, exitUsage, "", `"1001" for flag -repeat`},
		{"timeout", []string{"get", "/", "-timeout", "soon"}, exitUsage, "", `"soon" for flag -timeout: want a duration as 500ms`},
		{"timeout below zero", []string{"get", "/", "-m", "-1"}, exitUsage, "", `"-1" for flag -m: want a duration`},
		{"header", []string{"get", "/", "-H", "X-A"}, exitUsage, "", `"X-A" for flag -H: want 'Name: value'`},
		{"header without name", []string{"get", "/", "-H", ": x"}, exitUsage, "", `for flag -H: want 'Name: value'`},
		{"empty method", []string{"get", "/", "-X", ""}, exitUsage, "", `"" for flag -X: want a method`},
		{"flag without value", []string{"get", "/", "-X"}, exitUsage, "", "flag needs an argument: -X"},
		{"page", []string{"get", "/", "-page", "http://["}, exitUsage, "", `"http://[" for flag -page: want the URL of a page, or null`},
		{"cookie", []string{"get", "/", "-cookie", "a"}, exitUsage, "", `"a" for flag -cookie: want 'name=value'`},
		{"body file", []string{"get", "/", "-d", "@testdata/missing"}, exitUsage, "", `"@testdata/missing" for flag -d: open testdata`},
		{"bool flag with a value", []string{"get", "/", "-json=maybe"}, exitUsage, "", `"maybe" for -json`},

		{"demo -h", []string{"demo", "-h"}, exitAllowed, "Seven moments", ""},
		{"demo with an argument", []string{"demo", "x"}, exitUsage, "", `want no argument, got "x"`},
		{"demo as all", []string{"demo", "-browser", "all"}, exitUsage, "", `"all" for flag -browser: want standard, chromium, firefox or webkit`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got := corsfetch(t, tc.args...)
			if got.code != tc.code {
				t.Errorf("exit code: got %d, want %d", got.code, tc.code)
			}
			if !strings.Contains(got.stdout, tc.out) || !strings.Contains(got.stderr, tc.onErr) {
				t.Errorf("got stdout %q, stderr %q; want %q and %q in them", got.stdout, got.stderr, tc.out, tc.onErr)
			}
			if tc.out == "" && got.stdout != "" || tc.onErr == "" && got.stderr != "" {
				t.Errorf("got stdout %q, stderr %q; want one of them empty", got.stdout, got.stderr)
			}
		})
	}
}

// TestDocs: what the flag set knows and what is written about it are the same.
func TestDocs(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	inUsage := map[string]bool{
		"page": true, "X": true, "H": true, "d": true, "mode": true, "credentials": true, "redirect": true, "referrer-policy": true,
		"cookie": true, "browser": true, "repeat": true, "k": true, "timeout": true, "v": true, "json": true, "html": true,
	}
	var o getOptions
	o.flags(new(rawFlags), strings.NewReader("")).VisitAll(func(f *flag.Flag) {
		if !strings.Contains(string(doc), "-"+f.Name) {
			t.Errorf("doc.go: got nothing about -%s", f.Name)
		}
		if got := strings.Contains(getUsage, "\n  -"+f.Name+" "); got != inUsage[f.Name] {
			t.Errorf("usage has a line for -%s: got %t, want %t", f.Name, got, inUsage[f.Name])
		}
	})
}
