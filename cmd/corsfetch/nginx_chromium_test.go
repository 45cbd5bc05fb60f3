//go:build nginx

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
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
	ended := startChromium(t, ctx, s.Page+"/top.html", "", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
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
