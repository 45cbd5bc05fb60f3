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
		{fetch.Chromium(), xhr, text, "a/b;charset=", "a/b;charset="},
		{fetch.Chromium(), xhr, text, "a/b;charset=x;c=d;charset=y", "a/b;charset=UTF-8;c=d;charset=UTF-8"},
		{fetch.Chromium(), xhr, text, "a/b; charset = x", "a/b; charset = UTF-8"},
		{fetch.Chromium(), xhr, text, `a/b;charset=" x";charset='z'`, `a/b;charset=" UTF-8";charset='UTF-8'`},
		{fetch.Chromium(), xhr, text, "a/b;xcharset=x;charset=y", "a/b;xcharset=x;charset=UTF-8"},
		{fetch.Chromium(), xhr, text, "a/b;charset;charset=x", "a/b;charset;charset=UTF-8"},
		{fetch.Chromium(), xhr, text, "charset=x;charset=y", "charset=x;charset=y"},
		{fetch.Chromium(), xhr, text, "a/b;c=" + strings.Repeat("\xff", 22) + ";charset=x", "a/b;c=" + strings.Repeat("\xff", 22) + ";charset=UTF-8"},
		{fetch.Chromium(), xhr, text, "a/b;xcharset=x", "a/b;xcharset=x"},
		{fetch.Chromium(), xhr, text, "charset=x", "charset=x"},
	}
	for _, tt := range tests {
		header := http.Header{"Content-Type": {tt.header}}
		got, err := sentType(t, tt.profile, &fetch.Request{Header: header, BodyType: tt.bodyType, Init: fetch.Init{Initiator: tt.by}})
		if err != nil {
			t.Fatal(err)
		}
		if got != tt.want {
			t.Errorf("%s, body of %q, Content-Type %q: got %q; want %q", tt.profile.Name, tt.bodyType, tt.header, got, tt.want)
		}
		if got := header.Get("Content-Type"); got != tt.header {
			t.Errorf("the caller's Content-Type %q has become %q", tt.header, got)
		}
	}
}

// FuzzCharset: what has been rewritten is as it should be: the same again changes
// nothing.
func FuzzCharset(f *testing.F) {
	for _, seed := range []string{"a/b;charset=x", "a/b; charset = 'x';charset=\"y\"", "charset=x", "a/b;charset=", "a/b;charset", "a/b;\xffcharset=\xff", "a/b;c=\u0130\u212a\xff\xff\xff\xff;charset=x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, contentType string) {
		for _, profile := range []*fetch.Profile{fetch.Standard(), fetch.Chromium()} {
			rewrite := func(contentType string) (string, error) {
				return sentType(t, profile, &fetch.Request{
					Header: http.Header{"Content-Type": {contentType}}, BodyType: "text/plain;charset=UTF-8", Init: fetch.Init{Initiator: fetch.InitiatorXMLHttpRequest},
				})
			}
			once, err := rewrite(contentType)
			if err != nil {
				if got := reason(t, err); got != fetch.ErrInvalidHeaderValue {
					t.Errorf("%s: Content-Type %q: %v", profile.Name, contentType, err)
				}
				continue
			}
			if twice, err := rewrite(once); twice != once || err != nil {
				t.Errorf("%s: Content-Type %q: got %q, and of that %q (%v)", profile.Name, contentType, once, twice, err)
			}
		}
	})
}

// sentType returns the Content-Type that a POST of a page goes out with.
func sentType(t testing.TB, profile *fetch.Profile, req *fetch.Request) (string, error) {
	t.Helper()
	base := new(echo)
	req.Method, req.URL, req.Body = "POST", A+"/x", strings.NewReader("x")
	resp, err := page(t, base, A, profile).Fetch(context.Background(), req)
	if err != nil {
		return "", err
	}
	resp.Body.Close()
	return base.got.Get("Content-Type"), nil
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
