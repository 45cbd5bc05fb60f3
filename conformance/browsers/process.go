package browsers

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/corsfetch/corsfetch/conformance"
)

// launch starts a browser without opening anything.
func launch(ctx context.Context, kind Kind, path string, servers *conformance.Servers, opts Options) (driver, error) {
	switch kind {
	case Chromium:
		return launchChromium(ctx, path, servers.Authority(), servers.AddressSpaces(), opts.NoConsole)
	case Firefox:
		return launchFirefox(ctx, path, servers.Authority(), servers.AddressSpaces())
	case WebKit:
		return launchWebKit(ctx, path, servers.Addr())
	}
	return nil, fmt.Errorf("%q is no browser", kind)
}

// A process is a program in a process group and a folder of its own.
type process struct {
	cmd    *exec.Cmd
	dir    string
	gone   chan struct{}
	output *tail // what it said, if nobody else reads it
	guard  *guard
	ended  sync.Once
}

// newProcess prepares a program and a folder for it.
func newProcess(path string, args ...string) (*process, error) {
	dir, err := os.MkdirTemp("", "corsfetch-browser-")
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(path, args...), dir: dir, gone: make(chan struct{}), output: new(tail)}
	p.cmd.Dir = dir
	p.cmd.WaitDelay = time.Second // for children that outlive it, with its output open
	p.cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir+"/data", "XDG_CACHE_HOME="+dir+"/cache", "XDG_CONFIG_HOME="+dir+"/config",
		"NO_AT_BRIDGE=1", "GSETTINGS_BACKEND=memory", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "http_proxy=", "https_proxy=", "no_proxy=")
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	leadGroup(p.cmd)
	return p, nil
}

func (p *process) start() error {
	if err := p.cmd.Start(); err != nil {
		return err
	}
	go func() {
		defer close(p.gone)
		_ = p.cmd.Wait() // how it ended does not matter, but that it did
	}()
	g, err := startGuard(p.cmd, p.dir)
	if err != nil {
		return fmt.Errorf("start a guard: %w", err)
	}
	p.guard = g
	return nil
}

// exited is closed when the program is gone.
func (p *process) exited() <-chan struct{} { return p.gone }

// stop ends the process group, if there is one, and removes the folder.
func (p *process) stop() {
	p.ended.Do(func() {
		if p.cmd.Process != nil {
			killGroup(p.cmd)
			<-p.gone
		}
		if p.guard != nil {
			p.guard.dismiss()
		}
		// Children may be writing for a moment longer.
		for range 50 {
			if os.RemoveAll(p.dir) == nil {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
}

// failed adds to err what the program said last.
func (p *process) failed(err error) error {
	if said := p.output.String(); said != "" {
		return fmt.Errorf("%w; it said: %s", err, said)
	}
	return err
}

// A tail keeps the last bytes written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const tailLength = 2000

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, b...)
	if len(t.b) > tailLength {
		t.b = bytes.Clone(t.b[len(t.b)-tailLength:])
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.b))
}

var _ io.Writer = (*tail)(nil)
