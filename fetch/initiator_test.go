package fetch_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// echo keeps the headers of the last request.
type echo struct{ got http.Header }

func (e *echo) RoundTrip(req *http.Request) (*http.Response, error) {
	e.got = req.Header
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

// TestCharset: a string that an XMLHttpRequest sends is UTF-8, whatever the
// script says of it; what is not a string is what the script says.
//
// https://xhr.spec.whatwg.org/#the-send()-method
func TestCharset(t *testing.T) {
	const text, form = "text/plain;charset=UTF-8", "application/x-www-form-urlencoded;charset=UTF-8"
	const xhr = fetch.InitiatorXMLHttpRequest
	tests := []struct {
		profile          *fetch.Profile
		by               fetch.Initiator
		bodyType, header string
		want             string
	}{
		{fetch.Standard(), xhr, text, "text/plain;charset=latin1", "text/plain;charset=UTF-8"},
		{fetch.Standard(), xhr, text, "text/plain;charset=utf-8", "text/plain;charset=utf-8"},
		{fetch.Standard(), xhr, text, `Application/JSON; charset="x"`, "application/json;charset=UTF-8"},
		{fetch.Standard(), xhr, text, "a/b; c=d", "a/b; c=d"},
		{fetch.Standard(), xhr, text, "charset=x", "charset=x"},
		{fetch.Standard(), xhr, form, "a/b;charset=x", "a/b;charset=x"},
		{fetch.Standard(), xhr, "", "text/plain;charset=latin1", "text/plain;charset=latin1"},
		{fetch.Standard(), fetch.InitiatorFetch, text, "text/plain;charset=latin1", "text/plain;charset=latin1"},
		{fetch.WebKit(), xhr, form, "a/b;charset=x", "a/b;charset=UTF-8"},
		{fetch.Chromium(), xhr, form, "a/b;charset=x", "a/b;charset=UTF-8"},
		{fetch.Chromium(), xhr, text, `A/B; charset="x"; c=d`, `A/B; charset="UTF-8"; c=d`},
		{fetch.Chromium(), xhr, text, "a/b;charset=utf-8", "a/b;charset=UTF-8"},
		{fetch.Chromium(), xhr, text, "a/b;charset=", "a/b;charset=UTF-8"},
		{fetch.Chromium(), xhr, text, "a/b;xcharset=x", "a/b;xcharset=x"},
		{fetch.Chromium(), xhr, text, "charset=x", "charset=x"},
	}
	for _, tt := range tests {
		base := new(echo)
		page := &fetch.Transport{Origin: origin.MustParse(A), Browser: &fetch.Browser{Base: base, Profile: tt.profile}}
		header := http.Header{"Content-Type": {tt.header}}
		resp, err := page.Fetch(context.Background(), &fetch.Request{
			Method: "POST", URL: A + "/x", Header: header, Body: strings.NewReader("x"), BodyType: tt.bodyType, Init: fetch.Init{Initiator: tt.by},
		})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := base.got.Get("Content-Type"); got != tt.want {
			t.Errorf("%s, body of %q, Content-Type %q: got %q; want %q", tt.profile.Name, tt.bodyType, tt.header, got, tt.want)
		}
		if got := header.Get("Content-Type"); got != tt.header {
			t.Errorf("the caller's Content-Type %q has become %q", tt.header, got)
		}
	}
}

// TestLocalEvents: which browsers let an EventSource listen to URLs that hold
// the events themselves.
func TestLocalEvents(t *testing.T) {
	for name, tt := range map[string]struct {
		profile    *fetch.Profile
		data, blob bool
	}{
		"standard": {fetch.Standard(), true, true},
		"chromium": {fetch.Chromium(), true, true},
		"firefox":  {fetch.Firefox(), false, false},
		"webkit":   {fetch.WebKit(), false, true},
	} {
		t.Run(name, func(t *testing.T) {
			page := &fetch.Transport{Origin: origin.MustParse(A), Browser: &fetch.Browser{Profile: tt.profile}}
			blob := page.CreateObjectURL(fetch.Blob{Data: []byte("data: hi\n\n"), Type: "text/event-stream"})
			for url, want := range map[string]bool{"data:text/event-stream,data: hi": tt.data, blob: tt.blob} {
				resp, err := page.Fetch(context.Background(), &fetch.Request{URL: url, Init: fetch.Init{Initiator: fetch.InitiatorEventSource}})
				if (err == nil) != want {
					t.Errorf("%s: got %v; want it to open: %v", url, err, want)
				}
				if err == nil {
					resp.Body.Close()
				}
			}
		})
	}
}
