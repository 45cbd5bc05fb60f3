//go:build nginx

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// An nginxServer is nginx with the configuration of testdata/nginx.
type nginxServer struct {
	Dir     string // of its configuration and logs
	Root    string // of its documents
	Results string // where the page's results go

	// Origins: of the page, of the API, of where the API's redirects lead, of
	// the application behind the API. And their addresses.
	Page, API, Other, App                 string
	PageAddr, APIAddr, OtherAddr, AppAddr string

	cmd    *exec.Cmd
	output bytes.Buffer
}

// startNginx starts nginx. It ends with the test.
func startNginx(t *testing.T, results string) *nginxServer {
	t.Helper()
	binary, err := exec.LookPath("nginx")
	if err != nil {
		t.Fatalf("%v; install it with: apt-get install nginx-light", err)
	}
	dir := t.TempDir()
	s := &nginxServer{Dir: dir, Root: filepath.Join(dir, "root"), Results: results}
	ctx, cancel := context.WithCancel(context.Background())
	s.cmd = exec.CommandContext(ctx, binary, "-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", filepath.Join(dir, "nginx.conf"))
	s.cmd.Stdout, s.cmd.Stderr = &s.output, &s.output
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	s.cmd.Cancel = func() error { return syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) }
	s.cmd.WaitDelay = 5 * time.Second
	listeners := s.listen(t)
	s.configure(t)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for _, l := range listeners {
		l.Close()
	}
	t.Cleanup(func() {
		cancel()
		s.cmd.Wait() // stop may have done so
	})
	return s
}

// listen opens the sockets and hands them to nginx as one nginx hands them to
// the next: no port can be taken by another, and none has to be waited for.
func (s *nginxServer) listen(t *testing.T) []*os.File {
	t.Helper()
	var files []*os.File
	fds := ""
	for _, at := range []struct{ origin, addr *string }{
		{&s.Page, &s.PageAddr}, {&s.API, &s.APIAddr}, {&s.Other, &s.OtherAddr}, {&s.App, &s.AppAddr},
	} {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		file, err := l.(*net.TCPListener).File()
		if err != nil {
			t.Fatal(err)
		}
		*at.addr, *at.origin = l.Addr().String(), "http://"+l.Addr().String()
		fds += fmt.Sprintf("%d;", 3+len(files))
		files = append(files, file)
	}
	s.cmd.ExtraFiles = files
	s.cmd.Env = append(os.Environ(), "NGINX="+fds)
	return files
}

// configure writes the configuration and the documents.
func (s *nginxServer) configure(t *testing.T) {
	t.Helper()
	for _, name := range []string{"nginx.conf", "recipes.conf"} {
		conf, err := template.ParseFiles(filepath.Join("testdata", "nginx", name))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := conf.Execute(&b, s); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(s.Dir, name), b.Bytes())
	}
	for _, name := range []string{"top.html", "frame.html"} {
		page, err := os.ReadFile(filepath.Join("testdata", "nginx", name))
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(s.Root, name), page)
	}
	writeFile(t, filepath.Join(s.Root, "static", "orders.txt"), []byte("one, two, three\n"))
}

func writeFile(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// A wireLine is a request as nginx logged it. Headers that were absent are
// empty.
type wireLine struct {
	Server, Request, Status                                          string
	Origin, AccessControlRequestMethod, AccessControlRequestHeaders  string
	Accept, Authorization, ContentLength, ContentType, Cookie, Range string
	Referer, SecFetchDest, SecFetchMode, SecFetchSite, XA            string
}

// stop ends nginx, which finishes its log, and returns the log's lines by the
// id of the request, in order. The ids are cut out of the lines.
func (s *nginxServer) stop(t *testing.T) map[string][]wireLine {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	err := s.cmd.Wait()
	problems, _ := os.ReadFile(filepath.Join(s.Dir, "error.log"))
	if err != nil {
		t.Fatalf("nginx: %v\n%s%s", err, s.output.Bytes(), problems)
	}
	file, err := os.Open(filepath.Join(s.Dir, "wire.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := make(map[string][]wireLine)
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		var line wireLine
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("%v: %s", err, scanner.Bytes())
		}
		before, id, ok := strings.Cut(line.Request, "?id=")
		if !ok {
			continue // of the pages themselves
		}
		id, after, _ := strings.Cut(id, " ")
		line.Request = before + " " + after
		lines[id] = append(lines[id], line)
	}
	return lines
}
