//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReplaceFile: a link stays a link, a device a device, and a failure leaves all
// as it was.
func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.Symlink("file", link); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{file, link, os.DevNull} {
		if err := replaceFile(target, []byte(target)); err != nil {
			t.Error(err)
		}
	}
	data, err := os.ReadFile(file)
	if diff := cmp.Diff(link, string(data)); diff != "" || err != nil {
		t.Errorf("got %v, and (-want +got):\n%s", err, diff)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("got %v, %v; want a link", info, err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("got %v, %v; want a device", info, err)
	}
	if err := replaceFile(dir, nil); err == nil {
		t.Error("got a directory replaced")
	}
}
