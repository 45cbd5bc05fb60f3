package main

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
)

var demoPort = regexp.MustCompile(`\.localhost:\d+`)

func TestDemo(t *testing.T) {
	for _, name := range profileNames() {
		t.Run(name, func(t *testing.T) {
			got := corsfetch(t, "demo", "-browser", name)
			if got.code != exitAllowed || got.stderr != "" {
				t.Errorf("got exit code %d, stderr %q; want 0 and nothing", got.code, got.stderr)
			}
			text := demoPort.ReplaceAllString(got.stdout, ".localhost:PORT")
			verdicts := regexp.MustCompile(`(?m)^   (ALLOWED|BLOCKED|FAILED)  (\w+)|^(\d)\.`).FindAllString(text, -1)
			want := []string{
				"1.", "   BLOCKED  MissingAllowOriginHeader",
				"2.", "   ALLOWED  cors",
				"3.", "   ALLOWED  cors",
				"4.", "   ALLOWED  cors",
				"5.", "   BLOCKED  WildcardOriginNotAllowed",
				"6.", "   ALLOWED  cors", "   ALLOWED  cors",
				"7.", "   BLOCKED  AllowOriginMismatch", "   ALLOWED  cors",
			}
			if diff := cmp.Diff(want, verdicts); diff != "" {
				t.Errorf("verdicts differ (-want +got):\n%s", diff)
			}
			file := "demo"
			if name == "firefox" { // which sends no third-party cookie
				file = "demo-firefox"
			}
			golden(t, file, strings.Replace(text, "as "+name+" sees it", "as BROWSER sees it", 1))
		})
	}
}

// TestDemoMissed: a moment that goes otherwise is told, and so is the exit code.
func TestDemoMissed(t *testing.T) {
	s, err := openShop()
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	var out strings.Builder
	tour := tour{out: &out, browser: "standard"}
	if err := tour.open(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	moments := story(s)[:2]
	moments[1].steps[0].policy = answers{}
	if err := tour.tell(t.Context(), s, moments); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"NOT AS IT SHOULD BE: the verdict is blocked, not allowed", "1 of 2 moments"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got %s; want %q in it", out.String(), want)
		}
	}
	if got := tour.exitCode(); got != exitBlocked {
		t.Errorf("exit code: got %d, want %d", got, exitBlocked)
	}
}

func TestDemoInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := corsfetchWith(t, ctx, "", "demo")
	if got.code != exitBlocked || !strings.Contains(got.stderr, "the shop's page does not load") {
		t.Errorf("got exit code %d, stderr %q; want 1 and why", got.code, got.stderr)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestBrokenPipe(t *testing.T) {
	for _, tc := range []struct {
		args []string
		code int
	}{
		{[]string{"demo"}, exitBlocked},
		{[]string{"get", "data:,x"}, exitFailed},
		{[]string{"get", "data:,x", "-json"}, exitFailed},
	} {
		var stderr strings.Builder
		got := run(t.Context(), tc.args, strings.NewReader(""), brokenPipe{}, &stderr, func(string) string { return "" })
		if got != tc.code || !strings.Contains(stderr.String(), "broken pipe") {
			t.Errorf("%v: got exit code %d, stderr %q; want %d and the error", tc.args, got, stderr.String(), tc.code)
		}
	}
}

func TestMiss(t *testing.T) {
	seen := &seen{Headers: map[string]string{"X-Seen": "1"}}
	r := report{Verdict: allowed, Response: seen, Exchanges: []exchange{{Request: map[string][]string{"Origin": {"null"}}}}}
	tests := []struct {
		name string
		want outcome
		miss string
	}{
		{"as it should be", outcome{verdict: allowed, visible: "X-Seen", hidden: "X-Other", origin: "null"}, ""},
		{"verdict", outcome{verdict: blocked}, "the verdict is allowed, not blocked"},
		{"reason", outcome{verdict: allowed, reason: fetch.ErrNetwork}, "the reason is , not Network"},
		{"cache", outcome{verdict: allowed, cached: true}, "no preflight was answered from the cache"},
		{"origin", outcome{verdict: allowed, origin: testOrigin}, "the Origin is null, not https://app.example"},
		{"visible", outcome{verdict: allowed, visible: "X-Other"}, "the script does not see X-Other"},
		{"hidden", outcome{verdict: allowed, hidden: "X-Seen"}, "the script sees X-Seen"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.want.miss(r); got != tc.miss {
				t.Errorf("got %q, want %q", got, tc.miss)
			}
		})
	}
	r.Exchanges[0].FromCache = true
	if got, want := (outcome{verdict: allowed}).miss(r), "a preflight was answered from the cache"; got != want {
		t.Errorf("an unwanted cache hit: got %q, want %q", got, want)
	}
}

// TestShopCloses: nothing listens any more after the demo.
func TestShopCloses(t *testing.T) {
	s, err := openShop()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	tour := tour{out: io.Discard, browser: "standard"}
	if err := tour.open(t.Context(), s); err == nil {
		t.Error("got the page of a closed shop")
	}
}
