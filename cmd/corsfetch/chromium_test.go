//go:build (unix && chromium) || nginx

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// startChromium opens the URL in a headless Chromium with a new profile, which has
// the given preferences, if any, and with the given flags, which have to keep it
// from the network, until ctx is done. The channel tells that Chromium and all
// its processes have ended.
func startChromium(t *testing.T, ctx context.Context, url, preferences string, flags ...string) <-chan error {
	t.Helper()
	binary, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("%v; install it with: apt-get install chromium", err)
	}
	home := t.TempDir()
	if preferences != "" {
		dir := filepath.Join(home, "profile", "Default")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "Preferences"), []byte(preferences), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := append([]string{
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--user-data-dir=" + filepath.Join(home, "profile"),
		"--no-first-run", "--disable-sync", "--disable-component-update", "--disable-background-networking",
		"--disable-breakpad", "--disable-crash-reporter", "--password-store=basic",
	}, flags...)
	cmd := exec.CommandContext(ctx, binary, append(args, url)...)
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home)
	// The processes of Chromium share its output, so Wait waits for all of them.
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		ended <- fmt.Errorf("%w: %v\n%s", err, context.Cause(ctx), output.Bytes())
	}()
	return ended
}
