package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strings"
	"sync"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
)

// A call is one fetch, as a script or an http.Client makes it.
type call struct {
	method, url string
	header      []string // "Name: value" lines
	body        string
	stream      bool // the body cannot be sent again
	init        fetch.Init
}

// reader is the call's body, nil if it has none.
func (c call) reader() io.Reader {
	switch {
	case c.stream:
		return io.MultiReader(strings.NewReader(c.body))
	case c.body != "":
		return strings.NewReader(c.body)
	}
	return nil
}

func (c call) headers() http.Header {
	h := http.Header{}
	for _, line := range c.header {
		name, value, _ := strings.Cut(line, ":")
		h.Add(name, strings.Trim(value, " "))
	}
	return h
}

// fetch makes the call with Transport.Fetch. It returns the response's type and
// status, "cors 200", or the reason of the error.
func (c call) fetch(t testing.TB, ctx context.Context, page *fetch.Transport) string {
	t.Helper()
	resp, err := page.Fetch(ctx, &fetch.Request{Method: c.method, URL: c.url, Header: c.headers(), Body: c.reader(), Init: c.init})
	if err != nil {
		return string(reason(t, err))
	}
	resp.Body.Close()
	return fmt.Sprint(resp.Type, " ", resp.Status)
}

// do makes the call with an http.Client, and returns what fetch does.
func (c call) do(t testing.TB, ctx context.Context, page *fetch.Transport) string {
	t.Helper()
	req, err := http.NewRequestWithContext(fetch.WithInit(ctx, c.init), c.method, c.url, c.reader())
	if err != nil {
		t.Fatal(err)
	}
	req.Header = c.headers()
	resp, err := (&http.Client{Transport: page}).Do(req)
	if err != nil {
		var failed *fetch.Error
		if !errors.As(err, &failed) {
			t.Fatalf("the error holds no *fetch.Error: %v", err)
		}
		return string(failed.Reason)
	}
	resp.Body.Close()
	return fmt.Sprint(fetch.ResponseType(resp), " ", resp.StatusCode)
}

// A point is a test point that one fetch proves: what goes over the wire, and
// how it ends.
type point struct {
	name    string
	page    string // the page's URL; "" is the root of A, "null" a page with an opaque origin
	policy  fetch.ReferrerPolicy
	profile *fetch.Profile
	call    call
	servers map[string]answer
	want    string   // "OPTIONS PUT => cors 200", "GET => MissingAllowOriginHeader"
	wire    []string // "1 Origin: https://a.test": the first request has it; "2 !Cookie": the second has none
}

// runPoints proves each point twice: with Transport.Fetch and with http.Client.
func runPoints(t *testing.T, points []point) {
	t.Helper()
	for _, p := range points {
		t.Run(p.name, func(t *testing.T) {
			for name, make := range map[string]func(call, testing.TB, context.Context, *fetch.Transport) string{"Fetch": call.fetch, "Client": call.do} {
				w := &web{servers: p.servers}
				outcome := make(p.call, t, t.Context(), p.open(t, w))
				wire := w.take()
				if got := verdict(wire, outcome); got != p.want {
					t.Errorf("%s: got %q; want %q", name, got, p.want)
					continue
				}
				checkWire(t, wire, p.wire...)
			}
		})
	}
}

// open opens the point's page in a browser of its own.
func (p point) open(t testing.TB, w http.RoundTripper) *fetch.Transport {
	t.Helper()
	browser := &fetch.Browser{Base: w, Profile: p.profile}
	page := &fetch.Transport{Browser: browser}
	if p.page != "null" {
		u := p.page
		if u == "" {
			u = A + "/"
		}
		var err error
		if page, err = browser.Page(u); err != nil {
			t.Fatal(err)
		}
	}
	page.ReferrerPolicy = p.policy
	return page
}

// verdict is what was sent and how it ended.
func verdict(wire []sent, outcome string) string {
	var methods strings.Builder
	for _, s := range wire {
		methods.WriteString(s.method + " ")
	}
	return methods.String() + "=> " + outcome
}

// checkWire holds requests against checks as in point.wire.
func checkWire(t testing.TB, wire []sent, checks ...string) {
	t.Helper()
	for _, check := range checks {
		var n int
		var what string
		if _, err := fmt.Sscanf(check, "%d %s", &n, &what); err != nil || n < 1 || n > len(wire) {
			t.Fatalf("check %q is not about one of %d requests", check, len(wire))
		}
		_, what, _ = strings.Cut(check, " ")
		h := wire[n-1].header
		if name, ok := strings.CutPrefix(what, "!"); ok {
			if values := h[textproto.CanonicalMIMEHeaderKey(name)]; values != nil {
				t.Errorf("request %d has %s: %q; want none", n, name, values)
			}
			continue
		}
		name, want, ok := strings.Cut(what, ": ")
		if values := h[textproto.CanonicalMIMEHeaderKey(name)]; !ok || len(values) != 1 || values[0] != want {
			t.Errorf("request %d has %s: %q; want %q", n, name, values, want)
		}
	}
}

// Header lines of a server that allows what A asks for.
const (
	okOrigin      = "Access-Control-Allow-Origin: " + A
	okCredentials = "Access-Control-Allow-Credentials: true"
)

// asked is a server at B/x that answers a preflight with 204, its own
// Access-Control-Allow-Origin and -Credentials for A, and the given lines, and
// any other request with a 200 that A may read.
func asked(lines ...string) map[string]answer {
	return servers(answer{status: 204, headers: append([]string{okOrigin, okCredentials}, lines...)},
		answer{headers: []string{okOrigin, okCredentials}, body: "ok"})
}

// servers is one server at B/x: its answer to a preflight, and to all else.
func servers(preflight, actual answer) map[string]answer {
	return map[string]answer{"OPTIONS " + B + "/x": preflight, B + "/x": actual}
}

// include and omit are credentials modes as a whole Init.
var (
	include = fetch.Init{Credentials: fetch.CredentialsInclude}
	omit    = fetch.Init{Credentials: fetch.CredentialsOmit}
)

// fetchAborted makes a call that ends, for the given cause, while the request
// with the given method is under way, and returns its error.
func fetchAborted(t testing.TB, page *fetch.Transport, w *web, c call, method string, cause error) error {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	key := method + " " + c.url
	before, ok := w.servers[key]
	w.servers[key] = answer{do: func(req *http.Request) (*http.Response, error) {
		cancel(cause)
		<-req.Context().Done()
		return nil, req.Context().Err()
	}}
	resp, err := page.Fetch(ctx, &fetch.Request{Method: c.method, URL: c.url, Header: c.headers(), Body: c.reader(), Init: c.init})
	if delete(w.servers, key); ok {
		w.servers[key] = before
	}
	if err == nil {
		resp.Body.Close()
		t.Fatal("the fetch was not aborted")
	}
	return err
}

// concurrently calls f n times at once.
func concurrently(n int, f func() string) []string {
	results := make([]string, n)
	var wait sync.WaitGroup
	for i := range results {
		wait.Go(func() { results[i] = f() })
	}
	wait.Wait()
	return results
}
