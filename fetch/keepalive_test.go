package fetch_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// slowly answers after a second.
type slowly struct{}

func (slowly) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		io.Copy(io.Discard, req.Body)
		req.Body.Close()
	}
	time.Sleep(time.Second)
	return &http.Response{Status: "200 OK", StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

// TestKeepaliveLimit: the bodies of the keepalive requests of a page that are on
// their way have 64 KiB together.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func TestKeepaliveLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		browser := &fetch.Browser{Base: slowly{}}
		page := &fetch.Transport{Origin: origin.MustParse(A), Browser: browser}
		post := func(page *fetch.Transport, n int, by fetch.Initiator) error {
			resp, err := page.Fetch(context.Background(), &fetch.Request{
				Method: "POST",
				URL:    A + "/x",
				Body:   strings.NewReader(strings.Repeat("x", n)),
				Init:   fetch.Init{Keepalive: true, Initiator: by},
			})
			if err == nil {
				resp.Body.Close()
			}
			return err
		}
		const limit = 64 << 10
		if err := post(page, limit+1, ""); !errors.Is(err, fetch.ErrKeepaliveLimit) {
			t.Errorf("a byte too many: got %v; want ErrKeepaliveLimit", err)
		}
		first := make(chan error)
		go func() { first <- post(page, limit-1, "") }()
		synctest.Wait()
		if err := post(page, 2, fetch.InitiatorBeacon); !errors.Is(err, fetch.ErrKeepaliveLimit) {
			t.Errorf("a byte too many with another on its way: got %v; want ErrKeepaliveLimit", err)
		}
		other := &fetch.Transport{Origin: origin.MustParse(A), Browser: browser}
		if err := post(other, 2, ""); err != nil {
			t.Errorf("another page: got %v; want no error", err)
		}
		if err := <-first; err != nil {
			t.Errorf("all but a byte: got %v; want no error", err)
		}
		if err := post(page, limit, ""); err != nil {
			t.Errorf("the limit, once the first is answered: got %v; want no error", err)
		}
	})
}
