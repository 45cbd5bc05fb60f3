//go:build nginx

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A sight is what a script, and who looks over its shoulder, saw of a request.
type sight struct {
	Verdict  string
	Response *scriptView // nil if it was rejected
	Wire     []wireLine
}

// A scriptView is the Response that a script got.
type scriptView struct {
	Type, URL, StatusText string
	Status                int
	Redirected            bool
	Headers               map[string]string
	Body                  string
}

// canonical rewrites the view so that those of two clients compare.
func (v *scriptView) canonical() *scriptView {
	if v == nil {
		return nil
	}
	v.URL, _, _ = strings.Cut(v.URL, "?id=")
	headers := make(map[string]string, len(v.Headers))
	for name, value := range v.Headers {
		if name = strings.ToLower(name); name == "date" {
			value = "some"
		}
		headers[name] = value
	}
	v.Headers = headers
	return v
}

// A resultSink receives what the page sends.
type resultSink struct {
	*httptest.Server
	bodies chan []byte
}

func newResultSink(t *testing.T) *resultSink {
	sink := &resultSink{bodies: make(chan []byte, 1)}
	sink.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		select {
		case sink.bodies <- body:
		default: // it sends once
		}
	}))
	t.Cleanup(sink.Close)
	return sink
}

// chromiumLimit is how long Chromium may take for the whole table.
const chromiumLimit = 100 * time.Second

// askChromium has Chromium make the requests with fetch(), and returns what its
// scripts saw, by the request's index.
func askChromium(t *testing.T, s *nginxServer, sink *resultSink, requests []nginxRequest) []sight {
	t.Helper()
	writeFile(t, filepath.Join(s.Root, "requests.js"), requestsScript(t, s, requests))
	ctx, cancel := context.WithTimeout(t.Context(), chromiumLimit)
	defer cancel()
	ended := startChromium(t, ctx, s.Page+"/top.html")
	var body []byte
	select {
	case body = <-sink.bodies:
		cancel()
		<-ended
	case err := <-ended:
		t.Fatalf("Chromium sent no results: %v", err)
	}
	var results []struct {
		sight
		ID int
	}
	if err := json.Unmarshal(body, &results); err != nil {
		t.Fatal(err)
	}
	sights := make([]sight, len(requests))
	for _, r := range results {
		sights[r.ID] = sight{Verdict: r.Verdict, Response: r.Response.canonical()}
	}
	return sights
}

// requestsScript is the table as the pages read it.
func requestsScript(t *testing.T, s *nginxServer, requests []nginxRequest) []byte {
	t.Helper()
	type init struct {
		Method      string      `json:"method"`
		Headers     [][2]string `json:"headers,omitempty"`
		Credentials string      `json:"credentials"`
		Body        string      `json:"body,omitempty"`
	}
	type request struct {
		ID   int    `json:"id"`
		URL  string `json:"url"`
		Init init   `json:"init"`
	}
	byPage := make(map[string][]request)
	for _, r := range requests {
		i := init{Method: r.method, Credentials: r.credentials}
		for _, line := range r.headers {
			name, value, _ := strings.Cut(line, ": ")
			i.Headers = append(i.Headers, [2]string{name, value})
		}
		if r.hasBody() {
			i.Body = nginxBody
		}
		byPage[r.page.Name] = append(byPage[r.page.Name], request{r.id, r.as("chromium"), i})
	}
	pages, err := json.Marshal(nginxPages(s))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := json.Marshal(byPage)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, "const pages = %s;\nconst requests = %s;\n", pages, rows)
}

// startChromium opens the URL in a headless Chromium with a new profile and no
// network but 127.0.0.1, until ctx is done. The channel tells that Chromium and
// all its processes have ended.
func startChromium(t *testing.T, ctx context.Context, url string) <-chan error {
	t.Helper()
	binary, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("%v; install it with: apt-get install chromium", err)
	}
	home := t.TempDir()
	cmd := exec.CommandContext(ctx, binary,
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--user-data-dir="+filepath.Join(home, "profile"),
		"--no-first-run", "--disable-sync", "--disable-component-update", "--disable-background-networking",
		"--disable-breakpad", "--disable-crash-reporter", "--password-store=basic",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
		url)
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
