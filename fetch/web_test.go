package fetch_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// The origins of the test points: A is the page's, A2 same-site with it, B and
// B2 two origins of another site, C of a third.
const (
	A  = "https://a.test"
	A2 = "https://x.a.test"
	B  = "https://b.test"
	B2 = "https://x.b.test"
	C  = "https://c.test"
	H  = "http://a.test"
)

// A web is servers in memory, and the wire to them. Keys of servers are URLs
// without query and fragment; the key with the method in front, "OPTIONS
// https://b.test/x", is looked up first. What is not there is a 404.
type web struct {
	servers map[string]answer

	mu   sync.Mutex
	wire []sent
}

// An answer is what a server says. The zero answer is a 200 without headers.
type answer struct {
	status  int
	headers []string // "Name: value" lines, sent in order; {origin}, {acrm}, {acrh} are what was asked
	body    string
	err     error                                       // instead of an answer
	do      func(*http.Request) (*http.Response, error) // instead of all that
}

// A sent is one request as it went out.
type sent struct {
	method, url string
	header      http.Header
	body        string
}

func (w *web) RoundTrip(req *http.Request) (*http.Response, error) {
	body := ""
	if req.Body != nil {
		data, err := io.ReadAll(req.Body)
		req.Body.Close()
		if err != nil {
			return nil, err
		}
		body = string(data)
	}
	url := req.URL.Scheme + "://" + req.URL.Host + req.URL.RequestURI()
	w.mu.Lock()
	w.wire = append(w.wire, sent{req.Method, url, req.Header.Clone(), body})
	w.mu.Unlock()
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	path, _, _ := strings.Cut(url, "?")
	a, ok := w.servers[req.Method+" "+path]
	if !ok {
		if a, ok = w.servers[path]; !ok {
			a = answer{status: 404}
		}
	}
	switch {
	case a.err != nil:
		return nil, a.err
	case a.do != nil:
		return a.do(req)
	}
	return a.response(req), nil
}

// response is a as an http.Response to req.
func (a answer) response(req *http.Request) *http.Response {
	if a.status == 0 {
		a.status = 200
	}
	h := http.Header{}
	fill := strings.NewReplacer(
		"{origin}", req.Header.Get("Origin"),
		"{acrm}", req.Header.Get("Access-Control-Request-Method"),
		"{acrh}", req.Header.Get("Access-Control-Request-Headers"),
	)
	for _, line := range a.headers {
		name, value, _ := strings.Cut(line, ":")
		h.Add(name, fill.Replace(strings.Trim(value, " \t")))
	}
	return &http.Response{
		Status:        strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		StatusCode:    a.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        h,
		Body:          io.NopCloser(strings.NewReader(a.body)),
		ContentLength: int64(len(a.body)),
		Request:       req,
	}
}

// methods are the methods on the wire so far, "OPTIONS PUT".
func (w *web) methods() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var m []string
	for _, s := range w.wire {
		m = append(m, s.method)
	}
	return strings.Join(m, " ")
}

// take returns the requests on the wire so far and forgets them.
func (w *web) take() []sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.wire
	w.wire = nil
	return s
}

// A clock is a time that only a test moves.
type clock struct{ t time.Time }

func newClock() *clock                   { return &clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }
func (c *clock) now() time.Time          { return c.t }
func (c *clock) forward(d time.Duration) { c.t = c.t.Add(d) }

// page opens a page of origin o on w, in a browser of its own with the given
// profile (nil: Standard).
func page(t testing.TB, w http.RoundTripper, o string, profile *fetch.Profile) *fetch.Transport {
	t.Helper()
	return &fetch.Transport{Origin: origin.MustParse(o), Browser: &fetch.Browser{Base: w, Profile: profile}}
}

// reason is the reason of err, "" if it is nil.
func reason(t testing.TB, err error) fetch.Reason {
	t.Helper()
	if err == nil {
		return ""
	}
	return failure(t, err).Reason
}

// failure is err, which has to be a *fetch.Error.
func failure(t testing.TB, err error) *fetch.Error {
	t.Helper()
	e, ok := err.(*fetch.Error)
	if !ok {
		t.Fatalf("error is a %T (%v), want a *fetch.Error", err, err)
	}
	return e
}
