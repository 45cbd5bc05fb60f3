//go:build linux

package browsers

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/conformance"
)

// mixedUp are scenarios in the middle of which the browser is killed, which
// never end, and which are as they should be.
const mixedUp = `[
{"id": "killed-half-way", "server": {"A/x": [{}], "A/never": [{"delay": 1000000000}]}, "steps": [{"fetch": "A/x"}, {"fetch": "A/never"}, {"fetch": "A/x"}]},
{"id": "endless-sleep", "server": {"A/x": [{}]}, "steps": [{"fetch": "A/x", "expect": "GET => basic 200"}, {"sleep": 1000000000}]},
{"id": "good", "server": {"A/x": [{}]}, "steps": [{"fetch": "A/x", "expect": "GET => basic 200"}]}
]`

// TestMixedUp: a browser that is killed while a request is on its way, and a
// scenario that never ends, are errors of those scenarios; the next is judged,
// and nothing is left running.
func TestMixedUp(t *testing.T) {
	eachBrowser(t, func(t *testing.T, kind Kind) {
		before := runtime.NumGoroutine()
		scenarios, err := conformance.Parse("mixed.json", []byte(mixedUp))
		if err != nil {
			t.Fatal(err)
		}
		servers, err := conformance.Listen()
		if err != nil {
			t.Fatal(err)
		}
		defer servers.Close()
		b, err := Start(t.Context(), kind, servers, Options{Log: func(message string) { t.Log(message) }})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		var folders []string
		newClient := func(ctx context.Context, web *conformance.Web) (conformance.Client, error) {
			c, err := b.NewClient(ctx, web)
			if err != nil {
				return nil, err
			}
			folders = append(folders, processOf(b.driver).dir)
			if web.Scenario.ID == "killed-half-way" {
				servers.Intercept(func(req *conformance.Incoming) *conformance.Answer {
					if req.Path() == "/never" {
						killGroup(processOf(b.driver).cmd)
					}
					return b.harness.intercept(req)
				})
			}
			return c, nil
		}
		// The limit leaves time for another browser to start.
		report, err := conformance.Check(t.Context(), scenarios, newClient, conformance.Options{Servers: servers, Limit: 25 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Disagree) != 2 || report.Agree != 1 {
			t.Fatalf("%d agree, disagree: %+v; want 1 and 2", report.Agree, report.Disagree)
		}
		for i, want := range []string{"killed-half-way the browser died", "endless-sleep step 2: it took more than 25s"} {
			if got := report.Disagree[i].ID + " " + report.Disagree[i].Error; got != want {
				t.Errorf("got %s; want %s", got, want)
			}
		}
		if steps := report.Recorded.Find("killed-half-way").Steps; len(steps) != 2 || steps[0].Outcome != "resolved" || steps[1].Outcome != "silent" {
			t.Errorf("recorded %+v; want a step that was resolved, and one that fell silent", steps)
		}
		b.Close()
		servers.Close()
		for _, folder := range folders {
			if !soon(func() bool { return len(processesIn(t, folder)) == 0 }) {
				t.Errorf("left running: %q", processesIn(t, folder))
			}
			if _, err := os.Stat(folder); !os.IsNotExist(err) {
				t.Errorf("%s is left (%v)", folder, err)
			}
		}
		if !soon(func() bool { return runtime.NumGoroutine() <= before }) {
			t.Errorf("%d goroutines; there were %d before\n%s", runtime.NumGoroutine(), before, stacks())
		}
	})
}

// processesIn returns the command lines of processes that were started in a
// folder, or know it.
func processesIn(t *testing.T, folder string) []string {
	t.Helper()
	pids, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, pid := range pids {
		cwd, _ := os.Readlink(pid + "/cwd") // errors are of processes that have just ended, or zombies
		line, _ := os.ReadFile(pid + "/cmdline")
		environ, _ := os.ReadFile(pid + "/environ")
		if strings.HasPrefix(cwd, folder) || bytes.Contains(line, []byte(folder)) || bytes.Contains(environ, []byte(folder)) {
			lines = append(lines, string(bytes.ReplaceAll(line, []byte{0}, []byte(" "))))
		}
	}
	return lines
}

func stacks() string {
	b := make([]byte, 1<<16)
	return string(b[:runtime.Stack(b, true)])
}
