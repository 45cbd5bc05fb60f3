package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/search"
)

func TestParseSearch(t *testing.T) {
	for _, tt := range []struct {
		name string
		args string
		want searchOptions
		err  string // what the error holds; "" is none
	}{
		{"all", "-generate 5 -about cookies -seed 7 -against-browser firefox -profile standard -program /x", searchOptions{5, "cookies", 7, "firefox", "standard", "/x"}, ""},
		{"the browser's profile, the first seed", "-generate=5 -against-browser=webkit", searchOptions{generate: 5, seed: 1, browser: "webkit", profile: "webkit"}, ""},
		{"no number", "-against-browser chromium", searchOptions{}, "want -generate N"},
		{"none at all", "-generate 0 -against-browser chromium", searchOptions{}, "number from 1"},
		{"unknown subject", "-generate 5 -about cakes -against-browser chromium", searchOptions{}, "want fetch or cookies"},
		{"unknown browser", "-generate 5 -against-browser lynx", searchOptions{}, "want chromium, firefox or webkit"},
		{"a directory", "-generate 5 -against-browser chromium dir", searchOptions{}, "takes no files"},
		{"a seed that is none", "-generate 5 -seed x -against-browser chromium", searchOptions{}, "seed"},
		{"a flag of the other kind", "-generate 5 -against-browser chromium -client engine", searchOptions{}, "no flag -client"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := strings.Fields(tt.args)
			if !isSearch(args) {
				t.Errorf("%q is not taken for a search", tt.args)
			}
			got, err := parseSearch(args)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v; want %q in it", err, tt.err)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestIsSearch(t *testing.T) {
	for _, args := range []string{"", "dir", "-client engine dir", "against-browser", "-generate 5 -seed 7"} {
		if isSearch(strings.Fields(args)) {
			t.Errorf("%q is taken for a search", args)
		}
	}
}

func TestSearchWithoutBrowser(t *testing.T) {
	got := corsfetch(t, "conform", "-generate", "2", "-against-browser", "chromium", "-program", t.TempDir()+"/none")
	if got.code != exitFailed || !strings.Contains(got.stderr, "chromium does not start") || got.stdout != "" {
		t.Errorf("code %d, %q, %q; want %d and why", got.code, got.stdout, got.stderr, exitFailed)
	}
}

func TestFindings(t *testing.T) {
	all := &search.Findings{
		Scenarios: 10, Disagreed: 2, Skipped: 1, Unstable: []string{"gen-1-7"},
		Found: []*search.Finding{{
			Scenario:    &conformance.Scenario{ID: "gen-1-3", Page: conformance.Page{Origin: "A"}, Steps: []conformance.Step{{Fetch: "B/x", Headers: []string{"X-A: " + strings.Repeat("\u00e9", 3000)}}}},
			From:        []string{"gen-1-3", "gen-1-5"},
			Differences: []conformance.Difference{{Step: 1, Level: conformance.LevelVisible, What: "header, x-a", Got: "absent", Want: "\"\x1b[31m\""}},
		}},
	}
	p := printer{}
	p.findings(searchOptions{seed: 1, profile: "firefox"}, "Firefox/1", all)
	want := `engine as firefox against Firefox/1, seed 1

gen-1-3, gen-1-5
  step 1, header, x-a (visible)
    got  absent
    want "\x1b[31m"
{"id": "gen-1-3",
 "steps": [
  {"fetch": "B/x", "headers": ["X-A: ` + strings.Repeat(`\u00e9`, 3000) + `"]}]}
disagreed once and not again: gen-1-7

2 of 10 scenarios disagree, in 1 ways; 0 more do for known reasons, 1 were skipped.
`
	if diff := cmp.Diff(want, p.b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
