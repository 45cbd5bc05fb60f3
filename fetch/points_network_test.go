package fetch_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
)

// The connections that requests go by.
//
// Not here:
//
//	NET-032  there is no HTTP cache yet

// TestLocalhostNames: NET-018, names below localhost are this machine, without
// anybody being asked.
//
// https://fetch.spec.whatwg.org/#resolve-an-origin
func TestLocalhostNames(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"localhost", "foo.localhost", "a.b.localhost", "foo.localhost."} {
		host := net.JoinHostPort(name, port)
		page, err := new(fetch.Browser).Page("http://" + host)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := page.Fetch(t.Context(), &fetch.Request{URL: "http://" + host + "/"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if string(body) != host || err != nil {
			t.Errorf("%s: got %q, %v; want the server to be asked for %q", name, body, err, host)
		}
		page.CloseIdleConnections()
	}
}

// TestMisdirected: NET-020, a 421 is tried again if the body can be sent again.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func TestMisdirected(t *testing.T) {
	for _, test := range []struct {
		name string
		call call
		want string
	}{
		{"no body", call{url: A + "/x"}, "GET GET => basic 421"},
		{"bytes", call{method: "POST", url: A + "/x", body: "b"}, "POST POST => basic 421"},
		{"a stream", call{method: "POST", url: A + "/x", body: "b", stream: true}, "POST => basic 421"},
	} {
		t.Run("NET-020 "+test.name, func(t *testing.T) {
			w := &web{servers: map[string]answer{A + "/x": {status: 421}}}
			outcome := test.call.fetch(t, t.Context(), page(t, w, A, nil))
			if got := verdict(w.take(), outcome); got != test.want {
				t.Errorf("got %q; want %q", got, test.want)
			}
		})
	}
}

// TestConnectionPools: NET-027, no connection carries both requests that include
// credentials and others, though it is there to be used again.
//
// https://fetch.spec.whatwg.org/#concept-connection-pool
func TestConnectionPools(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprintf("NET-027 HTTP/2 %t", http2), func(t *testing.T) {
			server := startLoopback(t, http2, func(http.ResponseWriter, arrival) {})
			page := point{}.open(t, server.transport(http2))
			t.Cleanup(page.CloseIdleConnections)
			var connections []int
			for _, init := range []fetch.Init{include, omit, include, omit} {
				if outcome := (call{url: server.URL + "/x", init: init}).fetch(t, t.Context(), page); outcome != "cors 200" {
					t.Fatal(outcome)
				}
				connections = append(connections, server.take()[0].connection)
			}
			if got, want := fmt.Sprint(connections), "[1 2 1 2]"; got != want {
				t.Errorf("got connections %s; want %s", got, want)
			}
		})
	}
}

// TestOffline: NET-031, without a network there is a network error.
//
// https://fetch.spec.whatwg.org/#concept-connection-obtain
func TestOffline(t *testing.T) {
	down := &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "network is unreachable", Name: "b.test", IsTemporary: true}}
	w := &web{servers: map[string]answer{B + "/x": {do: func(*http.Request) (*http.Response, error) { return nil, down }}}}
	if got := (call{url: B + "/x"}).fetch(t, t.Context(), page(t, w, A, nil)); got != string(fetch.ErrNetwork) {
		t.Errorf("got %q; want %q", got, fetch.ErrNetwork)
	}
}
