package fetch_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/initiator"
)

// keeps is a POST of so many bytes with keepalive.
func keeps(url string, bytes int) *fetch.Request {
	return &fetch.Request{Method: "POST", URL: url, Body: strings.NewReader(strings.Repeat("k", bytes)), Init: fetch.Init{Keepalive: true}}
}

// TestKeepaliveCounts: what counts against the limit, and until when. NET-029,
// NET-030.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func TestKeepaliveCounts(t *testing.T) {
	const most = 64 << 10
	released := make(chan struct{})
	slow := answer{do: func(req *http.Request) (*http.Response, error) {
		resp := answer{}.response(req)
		resp.Body = io.NopCloser(waits{released})
		return resp, nil
	}}
	w := &web{servers: map[string]answer{
		A + "/slow": slow, A + "/x": {}, A + "/r": redirectTo(307, "/x"), A + "/broken": {err: io.ErrUnexpectedEOF},
		"OPTIONS " + B + "/x": {headers: []string{allowAsked, "Access-Control-Allow-Methods: PUT"}}, B + "/x": {headers: []string{allowAsked}},
	}}
	p := page(t, w, A, nil)
	post := func(req *fetch.Request, want string) {
		t.Helper()
		resp, err := p.Fetch(t.Context(), req)
		if got := string(reason(t, err)); got != want {
			t.Errorf("%s: got %q, want %q", req.URL, got, want)
		}
		if err == nil {
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	}
	post(keeps(A+"/x", most), "")
	post(keeps(A+"/x", most+1), "KeepaliveLimit")
	post(keeps(A+"/r", most), "")
	post(unmeasured(keeps(A+"/x", most)), "")
	post(unmeasured(keeps(A+"/x", most+1)), "KeepaliveLimit")
	broken := unmeasured(keeps(A+"/x", 1))
	broken.GetBody = func() (io.ReadCloser, error) { return nil, io.ErrClosedPipe }
	post(broken, "BodyNotReplayable")
	post(keeps(A+"/broken", most), "Network")
	post(keeps(A+"/x", most), "") // nothing of the above counts any more
	w.take()
	put := keeps(B+"/x", most+1)
	put.Method = "PUT"
	post(put, "KeepaliveLimit")
	if got := w.methods(); got != "OPTIONS" {
		t.Errorf("on the wire: %s; want a preflight alone", got)
	}

	// While one is on its way there is room for the rest.
	first, err := p.Fetch(t.Context(), keeps(A+"/slow", 40<<10))
	if err != nil {
		t.Fatal(err)
	}
	post(keeps(A+"/x", 40<<10), "KeepaliveLimit")
	post(initiator.Beacon(A+"/x", strings.NewReader(strings.Repeat("k", 40<<10)), "text/plain"), "KeepaliveLimit")
	post(keeps(A+"/x", 24<<10), "")
	post(&fetch.Request{Method: "POST", URL: A + "/x", Body: strings.NewReader(strings.Repeat("k", most))}, "")
	other := page(t, w, A, nil)
	other.Browser = p.Browser
	if resp, err := other.Fetch(t.Context(), keeps(A+"/x", 40<<10)); err != nil {
		t.Errorf("another page: %v; want a limit of its own", err)
	} else {
		resp.Body.Close()
	}
	close(released)
	if _, err := io.Copy(io.Discard, first.Body); err != nil {
		t.Error(err)
	}
	post(keeps(A+"/x", most), "")
	first.Body.Close()
	post(keeps(A+"/x", most), "") // and closing it does not count twice
}

// unmeasured is req with a body that can be sent again and does not tell its
// length.
func unmeasured(req *fetch.Request) *fetch.Request {
	data, _ := io.ReadAll(req.Body) // of a strings.Reader
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
	req.Body, _ = req.GetBody()
	return req
}

// TestKeepaliveUnanswered: what has not been answered counts, to the byte, until
// it is.
func TestKeepaliveUnanswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{servers: map[string]answer{A + "/x": {}, A + "/later": {do: func(req *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return answer{}.response(req), nil
		}}}}
		p := page(t, w, A, nil)
		post := func(p *fetch.Transport, req *fetch.Request) error {
			resp, err := p.Fetch(t.Context(), req)
			if err == nil {
				resp.Body.Close()
			}
			return err
		}
		first := make(chan error)
		go func() { first <- post(p, keeps(A+"/later", 64<<10-1)) }()
		synctest.Wait()
		if err := post(p, initiator.Beacon(A+"/x", strings.NewReader("bb"), "")); reason(t, err) != fetch.ErrKeepaliveLimit {
			t.Errorf("a byte too many with another on its way: %v; want KeepaliveLimit", err)
		}
		other := page(t, w, A, nil)
		other.Browser = p.Browser
		if err := post(other, keeps(A+"/x", 2)); err != nil {
			t.Errorf("another page: %v; want no error", err)
		}
		if err := post(p, keeps(A+"/x", 1)); err != nil {
			t.Errorf("the byte that is left: %v; want no error", err)
		}
		if err := <-first; err != nil {
			t.Errorf("all but a byte: %v; want no error", err)
		}
		if err := post(p, keeps(A+"/x", 64<<10)); err != nil {
			t.Errorf("the limit, once the first is answered: %v; want no error", err)
		}
	})
}

// waits is a body that ends when its channel is closed.
type waits struct{ until <-chan struct{} }

func (w waits) Read([]byte) (int, error) { <-w.until; return 0, io.EOF }

// TestKeepaliveInBrowsers: whether the limit comes before a preflight, and
// whether beacons have one.
func TestKeepaliveInBrowsers(t *testing.T) {
	for _, tt := range []struct {
		profile     *fetch.Profile
		put, beacon string
	}{
		{fetch.Standard(), "OPTIONS", "KeepaliveLimit"},
		{fetch.Chromium(), "", "KeepaliveLimit"},
		{fetch.Firefox(), "", ""},
		{fetch.WebKit(), "", "KeepaliveLimit"},
	} {
		w := &web{servers: map[string]answer{"OPTIONS " + B + "/x": {headers: []string{allowAsked, "Access-Control-Allow-Methods: PUT"}}}}
		p := page(t, w, A, tt.profile)
		put := keeps(B+"/x", 64<<10+1)
		put.Method = "PUT"
		if _, err := p.Fetch(t.Context(), put); reason(t, err) != fetch.ErrKeepaliveLimit || w.methods() != tt.put {
			t.Errorf("%s: %v after %q; want KeepaliveLimit after %q", tt.profile.Name, err, w.methods(), tt.put)
		}
		resp, err := p.Fetch(t.Context(), initiator.Beacon(A+"/x", strings.NewReader(strings.Repeat("k", 64<<10+1)), "text/plain"))
		if err == nil {
			resp.Body.Close()
		}
		if got := string(reason(t, err)); got != tt.beacon {
			t.Errorf("%s: a beacon: %q, want %q", tt.profile.Name, got, tt.beacon)
		}
	}
}

// TestKeepaliveStream: API-009, a stream cannot be kept alive.
func TestKeepaliveStream(t *testing.T) {
	req := &fetch.Request{Method: "POST", URL: A + "/x", Body: io.MultiReader(strings.NewReader("b")), Init: fetch.Init{Keepalive: true}}
	if _, err := page(t, &web{}, A, nil).Fetch(t.Context(), req); reason(t, err) != fetch.ErrKeepaliveStream {
		t.Errorf("%v; want KeepaliveStream", err)
	}
}
