package fetchtest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A pipeListener is a network of one server, in memory.
type pipeListener chan net.Conn

func (l pipeListener) Accept() (net.Conn, error) {
	conn, ok := <-l
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (l pipeListener) Close() error   { return nil }
func (l pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 2), Port: 80} }

// netHTTP returns a client whose every request net/http's server answers by h.
func netHTTP(t *testing.T, h http.Handler) http.RoundTripper {
	t.Helper()
	l := make(pipeListener)
	server := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) }) // until l is closed
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
		client, served := net.Pipe()
		l <- served
		return client, nil
	}}
	t.Cleanup(func() {
		close(l)
		server.Close()
		serving.Wait()
	})
	return transport
}

// A reply is what a client gets.
type reply struct {
	Status           string
	Header           http.Header
	ContentLength    int64
	TransferEncoding []string
	Trailer          http.Header // as it is announced
	Body             string
	BodyError        string
	Failed           bool
}

// ask sends a request, without what net/http adds by itself.
func ask(t *testing.T, rt http.RoundTripper, method string, body string) reply {
	t.Helper()
	req, err := http.NewRequest(method, "http://api.example/x?q", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "test")
	req.Header.Set("X-One", "1")
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return reply{Failed: true}
	}
	defer resp.Body.Close()
	r := reply{Status: resp.Status, Header: resp.Header, ContentLength: resp.ContentLength, TransferEncoding: resp.TransferEncoding, Trailer: resp.Trailer.Clone()}
	content, err := io.ReadAll(resp.Body)
	r.Body = string(content)
	if err != nil {
		r.BodyError = err.Error()
	}
	// One request a connection, and the time of day, are not the handler's.
	resp.Header.Del("Connection")
	resp.Header.Del("Date")
	return r
}

// TestAsNetHTTP: what a handler does comes to the client as by net/http's server,
// and what the client sends to the handler.
func TestAsNetHTTP(t *testing.T) {
	write := func(parts ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for _, part := range parts {
				_, _ = io.WriteString(w, part)
			}
		}
	}
	with := func(name, value string, h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header()[name] = append(w.Header()[name], value)
			h(w, r)
		}
	}
	status := func(code int, h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(code)
			h(w, r)
		}
	}
	flush := func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush() }
	long := strings.Repeat("x", 5000)
	handlers := map[string]http.HandlerFunc{
		"nothing":             write(),
		"a body":              write("hello"),
		"a page":              write("<!doctype html><p>"),
		"parts":               write("a", "", "b"),
		"as much as is held":  write(long[:2048]),
		"more than is held":   write(long[:2048], "x"),
		"long":                write(long),
		"a status":            status(404, write("no")),
		"an unknown status":   status(799, write()),
		"204":                 status(204, write("ignored")),
		"304":                 status(304, write("ignored")),
		"205":                 status(205, write()),
		"two statuses":        status(201, status(500, write())),
		"early hints":         status(103, write("late")),
		"flushed":             func(w http.ResponseWriter, r *http.Request) { write("a")(w, r); flush(w, r); write("b")(w, r) },
		"flushed, empty":      flush,
		"flushed, 204":        status(204, flush),
		"header after status": status(200, with("X-Late", "1", write("a"))),
		"header after a write": func(w http.ResponseWriter, r *http.Request) {
			write("a")(w, r)
			w.Header().Set("X-Late", "1")
		},
		"length":                  with("Content-Length", "5", write("hello")),
		"length, long":            with("Content-Length", "5000", write(long)),
		"length, too short":       with("Content-Length", "9", write("hello")),
		"length, too short, long": with("Content-Length", "6000", write(long)),
		"length, too long":        with("Content-Length", "3", write("hel", "lo")),
		"type":                    with("Content-Type", "text/plain", write("<html>")),
		"no type":                 func(w http.ResponseWriter, r *http.Request) { w.Header()["Content-Type"] = nil; write("<html>")(w, r) },
		"coded":                   with("Content-Encoding", "br", write("hello")),
		"lower-case name":         with("access-control-allow-origin", "*", write("a")),
		"repeated":                with("X-A", "1", with("X-A", "2", write("a"))),
		"both spellings":          with("X-A", "1", with("x-a", "2", write("a"))),
		"space around":            with("X-A", "  1\t", write("a")),
		"two lines":               with("X-A", "1\r\nX-B: 2", write("a")),
		"no name":                 with("", "1", write("a")),
		"bad name":                with("X A", "1", write("a")),
		"empty value":             with("X-A", "", write("a")),
		"trailer":                 with(http.TrailerPrefix+"X-A", "1", write("a")),
		"declared trailer":        with("Trailer", "X-A", write("a")),
		"empty, trailer":          with("Trailer", "X-A", write()),
		"bytes":                   with("X-A", "\xe9", write("\xff\x00")),
		"panic":                   func(http.ResponseWriter, *http.Request) { panic("no") },
		"abort":                   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"abort with something held": func(w http.ResponseWriter, r *http.Request) {
			write("a")(w, r)
			panic(http.ErrAbortHandler)
		},
		"abort half-way": func(w http.ResponseWriter, r *http.Request) {
			write(long)(w, r)
			flush(w, r)
			panic(http.ErrAbortHandler)
		},
		"an invalid status": status(1000, write()),
		"the request": func(w http.ResponseWriter, r *http.Request) {
			var header bytes.Buffer
			_ = r.Header.Write(&header) // to memory
			body, err := io.ReadAll(r.Body)
			fmt.Fprintln(w, r.Method, r.URL, r.RequestURI, r.Host, r.Proto, r.ProtoMajor, r.ProtoMinor, r.ContentLength, r.TransferEncoding, r.TLS, r.Close)
			fmt.Fprintf(w, "%q %v\n%s", body, err, &header)
		},
	}
	for name, h := range handlers {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "OPTIONS"} {
			t.Run(name+"/"+method, func(t *testing.T) {
				t.Parallel()
				body := ""
				if method == "POST" {
					body = "sent"
				}
				// Connection: close is what the client without keep-alive adds.
				closes := func(w http.ResponseWriter, r *http.Request) { r.Header.Del("Connection"); r.Close = false; h(w, r) }
				want := ask(t, netHTTP(t, http.HandlerFunc(closes)), method, body)
				web := fetchtest.New(fetchtest.Servers{"http://api.example": http.HandlerFunc(closes)})
				got := ask(t, web.Browser.Base, method, body)
				if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("-net/http +fetchtest:\n%s", diff)
				}
			})
		}
	}
}

// TestResponseController: writers can be flushed through it, and what net/http
// can do besides is an error that says so.
func TestResponseController(t *testing.T) {
	web := fetchtest.New(fetchtest.Servers{"http://api.example": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c := http.NewResponseController(w)
		if err := c.Flush(); err != nil {
			t.Error(err)
		}
		if _, _, err := c.Hijack(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("Hijack: %v; want http.ErrNotSupported", err)
		}
	})})
	if got := web.Page("http://api.example").Fetch(fetchtest.Request{URL: "/"}); got.Verdict != fetchtest.Allowed {
		t.Error(got)
	}
}
