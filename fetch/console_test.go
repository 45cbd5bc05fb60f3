package fetch_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
)

// TestConsoleNamesLocation: where a redirect that CORS refuses would have led is
// printed, which a trace may know; the error does not.
func TestConsoleNamesLocation(t *testing.T) {
	w := &web{servers: map[string]answer{B + "/x": {status: 302, headers: []string{"Location: y?" + secret}}}}
	var told, again []string
	ctx := fetch.WithTrace(t.Context(), &fetch.Trace{Console: func(message string) { told = append(told, message) }})
	ctx = fetch.WithTrace(ctx, &fetch.Trace{})
	ctx = fetch.WithTrace(ctx, &fetch.Trace{Console: func(message string) { again = append(again, message) }})
	profile := fetch.WebKit()
	_, err := page(t, w, A, profile).Fetch(ctx, &fetch.Request{URL: B + "/x"})
	var failed *fetch.Error
	if !errors.As(err, &failed) {
		t.Fatalf("got %v, want a *fetch.Error", err)
	}
	const message = "Cross-origin redirection to {} denied by Cross-Origin Resource Sharing policy: Origin " + A +
		" is not allowed by Access-Control-Allow-Origin. Status code: 302\nFetch API cannot load " + B + "/x due to access control checks."
	if got, want := failed.ConsoleMessage(profile), strings.Replace(message, "{}", "…", 1); got != want {
		t.Errorf("of the error: got %q, want %q", got, want)
	}
	want := strings.Replace(message, "{}", B+"/y?"+secret, 1)
	for _, got := range [][]string{told, again} {
		if len(got) != 1 || got[0] != want {
			t.Errorf("of a trace: got %q, want %q", got, want)
		}
	}
	if found := findSecret(err, secret); len(found) > 0 {
		t.Errorf("the error has the location at %q", found)
	}
}

// TestNoConsole: a profile without a console prints nothing.
func TestNoConsole(t *testing.T) {
	w := &web{servers: map[string]answer{B + "/x": {}}}
	ctx := fetch.WithTrace(t.Context(), &fetch.Trace{Console: func(message string) { t.Errorf("told %q", message) }})
	_, err := page(t, w, A, fetch.Standard()).Fetch(ctx, &fetch.Request{URL: B + "/x"})
	var failed *fetch.Error
	if !errors.As(err, &failed) || failed.ConsoleMessage(fetch.Standard()) != "" {
		t.Errorf("got %v; want an error without a message", err)
	}
}
