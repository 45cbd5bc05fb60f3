package engine_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
)

// consolePrefix says, by browser, which lines of a recorded console say why a
// fetch() failed, and what of them is not the message.
var consolePrefix = map[string]*regexp.Regexp{
	"chromium": regexp.MustCompile(`^javascript error: `),
	"firefox":  regexp.MustCompile(`^CORS[A-Za-z0-9]* error: `),
	"webkit":   regexp.MustCompile(`^(SECURITY|JS) ERROR `),
}

// messages are the lines of a recorded console that say why a fetch() failed.
func messages(browser string, console []string) []string {
	var lines []string
	for _, line := range console {
		if at := consolePrefix[browser].FindStringIndex(line); at != nil {
			lines = append(lines, line[at[1]:])
		}
	}
	return lines
}

// fails reports whether nothing has come of a step.
func fails(o *conformance.Outcome) bool { return o.Outcome == "rejected" || o.Outcome == "failed" }

// judgeConsole holds what the engine says of failed steps against what the
// browser printed. At least so many of a hundred have to be the same.
func judgeConsole(t *testing.T, got, recording *conformance.Recording, atLeast int) {
	t.Helper()
	failed, same := 0, 0
	for i := range got.Results {
		want := recording.Find(got.Results[i].ID)
		for n := range min(len(got.Results[i].Steps), len(want.Steps)) {
			g, w := &got.Results[i].Steps[n], &want.Steps[n]
			if !fails(g) || !fails(w) {
				continue
			}
			failed++
			if diff := cmp.Diff(messages(recording.Browser, w.Console), g.Console); diff == "" {
				same++
			} else if testing.Verbose() {
				t.Logf("console of %s, step %d: -printed +said:\n%s", got.Results[i].ID, n+1, diff)
			}
		}
	}
	t.Logf("of %d failed steps %d have the same console", failed, same)
	if same*100 < failed*atLeast {
		t.Errorf("of %d failed steps %d have the same console; want %d%%", failed, same, atLeast)
	}
}
