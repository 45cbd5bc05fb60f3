package initiator_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/initiator"
	"github.com/corsfetch/corsfetch/origin"
)

const url = "https://b.test/x"

// TestRequests: what each of them asks for.
func TestRequests(t *testing.T) {
	const none, anonymous, withCredentials = initiator.NoCORS, initiator.Anonymous, initiator.UseCredentials
	tests := []struct {
		name string
		got  *fetch.Request
		want string
	}{
		// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#create-a-potential-cors-request
		{"image", initiator.Image(url, none), "img no-cors include image"},
		{"image, anonymous", initiator.Image(url, anonymous), "img cors same-origin image"},
		{"image, use-credentials", initiator.Image(url, withCredentials), "img cors include image"},
		{"shape", initiator.Shape(url), "img cors same-origin image"},
		{"script", initiator.Script(url, none), "script no-cors include script"},
		{"script, anonymous", initiator.Script(url, anonymous), "script cors same-origin script"},
		{"script, use-credentials", initiator.Script(url, withCredentials), "script cors include script"},
		{"stylesheet", initiator.Stylesheet(url, none), "link no-cors include style"},
		{"stylesheet, anonymous", initiator.Stylesheet(url, anonymous), "link cors same-origin style"},
		{"prefetch", initiator.Prefetch(url, none), "prefetch no-cors include"},
		{"prefetch, anonymous", initiator.Prefetch(url, anonymous), "prefetch cors same-origin"},
		{"video", initiator.Video(url, none), "video no-cors include video"},
		{"video, use-credentials", initiator.Video(url, withCredentials), "video cors include video"},
		// https://html.spec.whatwg.org/multipage/webappapis.html#cors-settings-attribute-credentials-mode
		{"module", initiator.Module(url, none), "module cors same-origin script"},
		{"module, anonymous", initiator.Module(url, anonymous), "module cors same-origin script"},
		{"module, use-credentials", initiator.Module(url, withCredentials), "module cors include script"},
		// https://drafts.csswg.org/css-fonts-4/#font-fetching-requirements
		{"font", initiator.Font(url), "font cors same-origin font"},
		// https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource
		{"events", initiator.EventSource(url, false), `eventsource cors same-origin no-store Accept: text/event-stream`},
		{"events with credentials", initiator.EventSource(url, true), `eventsource cors include no-store Accept: text/event-stream`},
		// https://w3c.github.io/beacon/#sec-processing-model
		{"beacon of a string", initiator.Beacon(url, strings.NewReader("x"), "text/plain;charset=UTF-8"), "beacon no-cors include keepalive"},
		{"beacon of bytes", initiator.Beacon(url, strings.NewReader("x"), ""), "beacon no-cors include keepalive"},
		{"beacon of JSON", initiator.Beacon(url, strings.NewReader("x"), "application/json"), "beacon cors include keepalive"},
		// https://html.spec.whatwg.org/multipage/browsing-the-web.html#create-navigation-params-by-fetching
		{"navigation", initiator.Navigation(url), "navigate include document"},
		// https://xhr.spec.whatwg.org/#the-send()-method
		{"XHR", (&initiator.XHR{URL: url}).Request(), "xmlhttprequest cors same-origin"},
		{"XHR with credentials", (&initiator.XHR{URL: url, WithCredentials: true}).Request(), "xmlhttprequest cors include"},
		{"XHR that is listened to", (&initiator.XHR{URL: url, UploadListener: true}).Request(), "xmlhttprequest cors same-origin upload"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got.URL != url {
				t.Errorf("got URL %q; want %q", tt.got.URL, url)
			}
			if diff := cmp.Diff(tt.want, inWords(tt.got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// inWords is what a request has besides its URL and body.
func inWords(req *fetch.Request) string {
	words := []string{string(req.Initiator), string(req.Mode), string(req.Credentials), string(req.Destination), string(req.Cache)}
	if req.Keepalive {
		words = append(words, "keepalive")
	}
	if req.UploadListener {
		words = append(words, "upload")
	}
	for name, values := range req.Header {
		words = append(words, fmt.Sprintf("%s: %s", name, strings.Join(values, ", ")))
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

// TestXHRBody: GET and HEAD have none, in any case.
func TestXHRBody(t *testing.T) {
	for method, want := range map[string]bool{"": false, "GET": false, "get": false, "HEAD": false, "POST": true, "delete": true} {
		xhr := initiator.XHR{Method: method, URL: url, Body: strings.NewReader("x"), BodyType: "a/b"}
		if got := xhr.Request(); (got.Body != nil) != want || (got.BodyType != "") != want {
			t.Errorf("%q: got body %v of type %q; want one: %v", method, got.Body, got.BodyType, want)
		}
	}
}

// TestAllResponseHeaders: names in lower case, sorted as they are in upper case.
//
// https://xhr.spec.whatwg.org/#the-getallresponseheaders()-method
func TestAllResponseHeaders(t *testing.T) {
	resp := &fetch.Response{Header: http.Header{"X-B": {"1", "2"}, "X_a": {"3"}, "Content-Type": {""}}}
	if diff := cmp.Diff("content-type: \r\nx-b: 1, 2\r\nx_a: 3\r\n", initiator.AllResponseHeaders(resp)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := initiator.AllResponseHeaders(&fetch.Response{}); got != "" {
		t.Errorf("no headers: got %q; want nothing", got)
	}
}

// server answers everything in one way.
type server struct {
	status int
	header http.Header
}

func (s server) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: s.status, Header: s.header.Clone(), Body: io.NopCloser(strings.NewReader("content")), Request: req}, nil
}

// TestUse: which responses make an element load, though it be opaque.
func TestUse(t *testing.T) {
	of := func(status int, contentType string) server {
		s := server{status, http.Header{"Access-Control-Allow-Origin": {"*"}}}
		if contentType != "" {
			s.header.Set("Content-Type", contentType)
		}
		return s
	}
	tests := []struct {
		name   string
		req    *fetch.Request
		server server
		want   error
	}{
		{"image", initiator.Image(url, initiator.NoCORS), of(404, "text/html"), nil},
		// https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script
		{"script", initiator.Script(url, initiator.NoCORS), of(200, "text/html"), nil},
		{"script, not found", initiator.Script(url, initiator.NoCORS), of(404, "text/javascript"), initiator.ErrStatus},
		// https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script
		{"module", initiator.Module(url, initiator.NoCORS), of(200, "application/javascript;charset=x"), nil},
		{"module of another type", initiator.Module(url, initiator.NoCORS), of(200, "text/plain"), initiator.ErrType},
		{"module without type", initiator.Module(url, initiator.NoCORS), of(200, ""), initiator.ErrType},
		{"module, not found", initiator.Module(url, initiator.NoCORS), of(404, "text/javascript"), initiator.ErrStatus},
		// https://html.spec.whatwg.org/multipage/links.html#link-type-stylesheet
		{"stylesheet", initiator.Stylesheet(url, initiator.NoCORS), of(200, "Text/CSS"), nil},
		{"stylesheet of another type", initiator.Stylesheet(url, initiator.NoCORS), of(200, "text/plain"), initiator.ErrType},
		{"stylesheet without type", initiator.Stylesheet(url, initiator.NoCORS), of(200, ""), nil},
		{"stylesheet, not found", initiator.Stylesheet(url, initiator.NoCORS), of(404, "text/css"), initiator.ErrStatus},
		{"font, not found", initiator.Font(url), of(404, "font/woff"), initiator.ErrStatus},
		{"video, not found", initiator.Video(url, initiator.NoCORS), of(404, "video/mp4"), initiator.ErrStatus},
		// https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource
		{"events", initiator.EventSource(url, false), of(200, "text/event-stream; charset=utf-8"), nil},
		{"events of another type", initiator.EventSource(url, false), of(200, "text/plain"), initiator.ErrType},
		{"events, created", initiator.EventSource(url, false), of(201, "text/event-stream"), initiator.ErrStatus},
		{"XHR, not found", (&initiator.XHR{URL: url}).Request(), of(404, "a/b"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := &fetch.Transport{Origin: origin.MustParse("https://a.test"), Browser: &fetch.Browser{Base: tt.server}}
			resp, err := page.Fetch(context.Background(), tt.req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			used, err := initiator.Use(tt.req, resp)
			if !errors.Is(err, tt.want) {
				t.Fatalf("got error %v; want %v", err, tt.want)
			}
			if err != nil {
				return
			}
			if body, err := io.ReadAll(used.Body); string(body) != "content" || err != nil || used.Status != tt.server.status {
				t.Errorf("got status %d, body %q, %v; want status %d and the content", used.Status, body, err, tt.server.status)
			}
			if tainted := tt.req.Mode == fetch.ModeNoCORS; resp.Tainted() != tainted {
				t.Errorf("got tainted %v; want %v", resp.Tainted(), tainted)
			}
		})
	}
}

// TestUnsafe: nothing of an opaque response can be had but through Unsafe, and
// that only by what an element has asked for.
func TestUnsafe(t *testing.T) {
	page := &fetch.Transport{Origin: origin.MustParse("https://a.test"), Browser: &fetch.Browser{Base: server{200, http.Header{"X-A": {"1"}}}}}
	for _, req := range []*fetch.Request{
		initiator.Image(url, initiator.NoCORS),
		initiator.Beacon(url, nil, ""),
		{URL: url, Init: fetch.Init{Mode: fetch.ModeNoCORS}},
	} {
		resp, err := page.Fetch(context.Background(), req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if len(body) > 0 || err != nil || resp.Status != 0 || resp.URL != "" || len(resp.Header) > 0 {
			t.Errorf("%s: got %+v, body %q, %v; want nothing", req.Initiator, resp, body, err)
		}
		if isImage := req.Initiator == fetch.InitiatorImage; (resp.Unsafe != nil) != isImage {
			t.Errorf("%s: got an unsafe response: %v; want %v", req.Initiator, resp.Unsafe != nil, isImage)
		}
		resp.Body.Close()
	}
}
