package browsers_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/conformance/browsers"
)

func TestFind(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "chromium")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	for _, test := range []struct {
		name string
		kind browsers.Kind
		path string
		want string // the path, or what the error says
	}{
		{"in the search path", browsers.Chromium, "", program},
		{"by its path", browsers.Firefox, program, program},
		{"not there", browsers.Firefox, "", "firefox is not there: install Debian's package firefox-esr, or say where it is"},
		{"not at the path", browsers.WebKit, filepath.Join(dir, "none"), "no such file"},
		{"no browser", "lynx", "", `"lynx" is no browser`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := browsers.Find(test.kind, test.path)
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, test.want) {
				t.Errorf("got %q; want %q", got, test.want)
			}
		})
	}
}
