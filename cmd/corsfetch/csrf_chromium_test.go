//go:build unix && chromium

package main

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// TestCrossOriginProtectionLive: the verdicts that the table has for Chromium are
// those of Chromium. It has a build tag, as it needs that browser; .ci/browser runs
// it.
func TestCrossOriginProtectionLive(t *testing.T) {
	b := newBank(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	// Debian's Chromium blocks third-party cookies, which upstream's does not.
	ended := startChromium(t, ctx, b.origin(homePage)+"/login", `{"profile":{"cookie_controls_mode":0}}`, "--ignore-certificate-errors",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1")
	select {
	case <-b.done:
		cancel()
		<-ended
	case err := <-ended:
		t.Fatalf("Chromium did not commit all raids: %v", err)
	}
	for i, r := range raids {
		id := fmt.Sprintf("live-%d", i)
		if got := b.verdict(id, b.told[id]); got != r.want {
			t.Errorf("%s: %s; want %s", &r, got, r.want)
		}
	}
}
