package servers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// A program is a server that is one.
type program struct {
	*exec.Cmd
	mu     sync.Mutex
	output bytes.Buffer
}

// newProgram prepares a program, which ends with the test. Listeners are handed to
// it as file descriptors, from 3 on.
func newProgram(t *testing.T, name string, all []listening, args ...string) *program {
	t.Helper()
	binary, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v; .ci/servers installs it", err)
	}
	p := &program{Cmd: exec.Command(binary, args...)}
	p.Stdout, p.Stderr = p, p
	p.Env = append(os.Environ(), "HOME="+t.TempDir())
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.WaitDelay = 5 * time.Second
	for _, l := range all {
		file, err := l.File()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { file.Close() })
		p.ExtraFiles = append(p.ExtraFiles, file)
	}
	return p
}

// Write keeps what the program says.
func (p *program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.Write(b)
}

// run starts the program. What it said is told if the test fails.
func (p *program) run(t *testing.T) {
	t.Helper()
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-p.Process.Pid, syscall.SIGKILL)
		p.Wait()
		if p.mu.Lock(); t.Failed() && p.output.Len() > 0 {
			t.Logf("%s said:\n%s", filepath.Base(p.Path), p.output.Bytes())
		}
		p.mu.Unlock()
	})
}

// startNode starts a server of npm's, whose sites are in testdata/NAME.mjs.
func startNode(t *testing.T, k keys, name string, all []listening) {
	t.Helper()
	modules := os.Getenv("CORSFETCH_AUDIT_NODE")
	if modules == "" {
		t.Fatal("CORSFETCH_AUDIT_NODE is not set; .ci/servers sets it")
	}
	configs := make([]string, len(all))
	for i, l := range all {
		configs[i] = l.config
	}
	script, err := filepath.Abs(filepath.Join("testdata", name+".mjs"))
	if err != nil {
		t.Fatal(err)
	}
	p := newProgram(t, "node", all, append([]string{script}, configs...)...)
	p.Env = append(p.Env, "MODULES="+modules, "KEY="+string(k.key), "CERTIFICATE="+string(k.certificate))
	p.run(t)
}

// expand writes a template of testdata.
func expand(t *testing.T, to, name string, data any) {
	t.Helper()
	parsed, err := template.ParseFiles(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := parsed.Execute(&b, data); err != nil {
		t.Fatal(err)
	}
	writeFile(t, to, b.Bytes())
}

// startNginx starts nginx, whose sites are in testdata/nginx.conf. It gets the
// sockets as one nginx hands them to the next.
func startNginx(t *testing.T, k keys, shop string, all []listening) {
	t.Helper()
	dir := t.TempDir()
	at := make(map[string]string)
	var fds strings.Builder
	for i, l := range all {
		at[l.config] = l.Addr().String()
		fmt.Fprintf(&fds, "%d;", 3+i)
	}
	conf := filepath.Join(dir, "nginx.conf")
	expand(t, conf, "nginx.conf", struct {
		keys
		Shop string
		At   map[string]string
	}{k, shop, at})
	p := newProgram(t, "nginx", all, "-p", dir, "-e", "stderr", "-c", conf)
	p.Env = append(p.Env, "NGINX="+fds.String())
	p.run(t)
}

// startCaddy starts Caddy, whose sites are in testdata/Caddyfile, and waits until
// it serves: it opens its ports itself.
func startCaddy(t *testing.T, k keys, shop string, all []listening) {
	t.Helper()
	at := make(map[string]string)
	for _, l := range all {
		_, at[l.config], _ = strings.Cut(l.Addr().String(), ":")
		l.Close()
	}
	conf := filepath.Join(t.TempDir(), "Caddyfile")
	expand(t, conf, "Caddyfile", struct {
		keys
		Shop string
		At   map[string]string
	}{k, shop, at})
	p := newProgram(t, "caddy", nil, "run", "--config", conf, "--adapter", "caddyfile")
	p.Stderr = nil
	said, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.run(t)
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		fmt.Fprintln(p, lines.Text())
		var entry struct{ Msg string }
		if json.Unmarshal(lines.Bytes(), &entry) == nil && entry.Msg == "serving initial configuration" {
			go func() {
				for lines.Scan() {
					fmt.Fprintln(p, lines.Text())
				}
			}()
			return
		}
	}
	t.Fatal("Caddy does not serve")
}
