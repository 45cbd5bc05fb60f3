//go:build linux

package browsers

import (
	"bufio"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// startFamily starts a program with a child, and waits for both to be there.
func startFamily(t *testing.T) (p *process, child string) {
	t.Helper()
	p, err := newProcess("/bin/sh", "-c", "sleep 600 & echo $!; wait")
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p.cmd.Stdout = w
	t.Cleanup(p.stop)
	err = p.start()
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	child, err = bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return p, strings.TrimSpace(child)
}

// runs reports whether a process is there and no zombie.
func runs(pid string) bool {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

// soon waits for what other processes make true.
func soon(is func() bool) bool {
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if is() {
			return true
		}
	}
	return false
}

func hasFolder(p *process) bool {
	_, err := os.Stat(p.dir)
	return !errors.Is(err, os.ErrNotExist)
}

func TestStopEndsTheGroup(t *testing.T) {
	p, child := startFamily(t)
	if !runs(child) || !hasFolder(p) {
		t.Fatal("there is nothing to stop")
	}
	p.stop()
	if !soon(func() bool { return !runs(child) }) {
		t.Error("a child is left")
	}
	if hasFolder(p) {
		t.Error("the folder is left")
	}
	p.stop() // again, which does nothing
}

// TestGuard closes the guard's pipe, as the end of this program does.
func TestGuard(t *testing.T) {
	p, child := startFamily(t)
	if err := p.guard.pipe.Close(); err != nil {
		t.Fatal(err)
	}
	if !soon(func() bool { return !runs(child) }) {
		t.Error("a child is left")
	}
	if !soon(func() bool { return !hasFolder(p) }) {
		t.Error("the folder is left")
	}
}
