package browsers

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
)

// A webkit is MiniBrowser of WebKitGTK on a display of its own. It is not
// driven: a driver would silence its console.
type webkit struct {
	*process
	display *process
	product string

	mu       sync.Mutex
	messages []string
}

func launchWebKit(ctx context.Context, path, proxy string) (driver, error) {
	display, err := launchDisplay(ctx)
	if err != nil {
		return nil, err
	}
	w := &webkit{display: display.process, product: webkitVersion(ctx, path, display.number)}
	if w.process, err = newProcess(path, "--enable-write-console-messages-to-stdout=true", "--ignore-tls-errors", "--cookies-policy=always",
		"--proxy=http://"+proxy, "--ignore-host=localhost", "--ignore-host=*.localhost", "--ignore-host=127.0.0.1"); err != nil {
		w.display.stop()
		return nil, err
	}
	w.cmd.Env = append(w.cmd.Env, "DISPLAY=:"+display.number, "GDK_BACKEND=x11", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1",
		"LC_ALL=C") // C.UTF-8 would be a language, and go into Accept-Language
	w.cmd.Stderr = &lineWriter{line: w.said, other: w.output}
	return w, nil
}

// open starts MiniBrowser: it takes the first URL as an argument.
func (w *webkit) open(_ context.Context, url string) error {
	w.cmd.Args = append(w.cmd.Args, url)
	return w.start()
}

// admit has nothing to do: the proxy leads all names to the servers.
func (*webkit) admit(context.Context, []string) error { return nil }

func (w *webkit) version() string { return w.product }

func (w *webkit) stop() {
	w.process.stop()
	w.display.stop()
}

// consoleLine is how MiniBrowser prints a message: where it comes from, then
// CONSOLE, source, level and text.
var consoleLine = regexp.MustCompile(`^(?:\S+ )?CONSOLE (.*)$`)

func (w *webkit) said(line string) {
	m := consoleLine.FindStringSubmatch(line)
	if m == nil || strings.Contains(m[1], harnessPrefix+"report") {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.messages = append(w.messages, m[1])
}

func (w *webkit) console(context.Context) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	messages := w.messages
	w.messages = nil
	return messages
}

var webkitNumber = regexp.MustCompile(`[0-9]+\.[0-9]+\.[0-9]+`)

// webkitVersion asks MiniBrowser for its version, for which it needs a display.
func webkitVersion(ctx context.Context, path, display string) string {
	cmd := exec.CommandContext(ctx, path, "--version")
	cmd.Env = append(os.Environ(), "DISPLAY=:"+display)
	out, _ := cmd.CombinedOutput()
	if number := webkitNumber.Find(out); number != nil {
		return "WebKitGTK " + string(number)
	}
	return "WebKitGTK"
}

// A display is an X server that shows nothing.
type display struct {
	*process
	number string
}

func launchDisplay(ctx context.Context) (_ *display, err error) {
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		return nil, errors.New("webkit needs Xvfb: install Debian's package xvfb")
	}
	p, err := newProcess(path, "-displayfd", "3", "-nolisten", "tcp", "-screen", "0", "1024x768x24")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.stop()
		}
	}()
	r, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p.cmd.ExtraFiles = []*os.File{out}
	err = p.start()
	out.Close()
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	defer r.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = r.SetReadDeadline(deadline)
	} else {
		_ = r.SetReadDeadline(time.Now().Add(startTime))
	}
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return nil, p.failed(fmt.Errorf("start Xvfb: %w", err))
	}
	return &display{p, strings.TrimSpace(number)}, nil
}

// A lineWriter hands on what is written to it, line by line.
type lineWriter struct {
	line  func(string)
	other io.Writer
	rest  []byte
}

func (w *lineWriter) Write(b []byte) (int, error) {
	w.rest = append(w.rest, b...)
	for {
		line, rest, ok := bytes.Cut(w.rest, []byte("\n"))
		if !ok {
			return w.other.Write(b)
		}
		w.line(string(line))
		w.rest = bytes.Clone(rest)
	}
}
