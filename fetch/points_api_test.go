package fetch_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/google/go-cmp/cmp"
)

// Points of the script API that have no counterpart here, as an http.Header,
// an http.Request and a Response are plain Go values:
//
//	API-002 (websocket), API-014         no such member of Init
//	API-009 (duplex, keepalive)          a Go body needs no duplex; no keepalive yet
//	API-012                              http.Header is not iterated in order
//	API-015, -016, -017, -018, -019      no Response constructor
//	API-021                              no clone
//
// API-020 is here that changing a response's header changes nothing else.

// https://fetch.spec.whatwg.org/#dom-request
func TestRequestRefused(t *testing.T) {
	init := func(m fetch.Mode, d fetch.Destination) fetch.Init { return fetch.Init{Mode: m, Destination: d} }
	cached := func(m fetch.Mode) fetch.Init { return fetch.Init{Mode: m, Cache: fetch.CacheOnlyIfCached} }
	servers := map[string]answer{A + "/x": {}, B + "/x": allowed()}
	stories := []story{
		{name: "API-001 username and password", url: "https://user:pass@a.test/x", want: "URLContainsCredentials"},
		{name: "API-001 username", url: "https://user@a.test/x", want: "URLContainsCredentials"},
		{name: "API-001 password", url: "https://:pass@b.test/x", want: "URLContainsCredentials"},
		{name: "API-002 mode navigate", url: A + "/x", init: init(fetch.ModeNavigate, ""), want: "ModeNavigate"},
		{name: "API-002 mode navigate for an image", url: A + "/x", init: init(fetch.ModeNavigate, "image"), want: "ModeNavigate"},
		{name: "API-002 mode websocket", url: A + "/x", init: init("websocket", ""), want: "InvalidInit"},
		{name: "API-003 only-if-cached with cors", url: A + "/x", init: cached(fetch.ModeCORS), want: "OnlyIfCachedMode"},
		{name: "API-003 only-if-cached with no-cors", url: A + "/x", init: cached(fetch.ModeNoCORS), want: "OnlyIfCachedMode"},
		{name: "API-003 only-if-cached with same-origin misses", url: A + "/x", init: cached(fetch.ModeSameOrigin), want: "CacheMiss"},
		{name: "API-004 GET with a body", url: A + "/x", body: "b", want: "BodyNotAllowed"},
		{name: "API-004 HEAD with a body", method: "head", url: A + "/x", body: "b", want: "BodyNotAllowed"},
		{name: "API-005 no-cors PUT", method: "PUT", url: B + "/x", init: init(fetch.ModeNoCORS, ""), want: "NoCorsMethod"},
		{name: "API-005 no-cors PUT same-origin", method: "PUT", url: A + "/x", init: init(fetch.ModeNoCORS, ""), want: "NoCorsMethod"},
		{name: "API-009 no-cors stream", method: "POST", url: A + "/x", body: "b", stream: true, init: init(fetch.ModeNoCORS, ""), want: "NoCorsStream"},
		{name: "API-011 a header name that is none", url: A + "/x", headers: []string{"X A: 1"}, want: "InvalidHeaderName"},
		{name: "API-011 an empty header name", url: A + "/x", headers: []string{": 1"}, want: "InvalidHeaderName"},
		{name: "API-011 a name that would be ignored, if it were one", url: A + "/x", headers: []string{"Sec-\u00e9: 1"}, want: "InvalidHeaderName"},
		{name: "API-011 NUL in a header value", url: A + "/x", headers: []string{"X-A: 1\x002"}, want: "InvalidHeaderValue"},
		{name: "API-011 CR in a header value", url: A + "/x", headers: []string{"X-A: 1\r2"}, want: "InvalidHeaderValue"},
		{name: "API-011 LF in a header value", url: A + "/x", headers: []string{"X-A: 1\n2"}, want: "InvalidHeaderValue"},
		{name: "API-011 NUL in a value that would be ignored", url: A + "/x", headers: []string{"Cookie: 1\x002"}, want: "InvalidHeaderValue"},
		{name: "API-011 a method that is none", method: "G T", url: A + "/x", want: "InvalidMethod"},
		{name: "API-011 a forbidden method", method: "trace", url: A + "/x", want: "ForbiddenMethod"},
	}
	for i := range stories {
		stories[i].servers, stories[i].wire = servers, []string{}
	}
	tell(t, append(stories, story{
		name: "API-002 mode navigate of a document", servers: servers, url: B + "/y", init: init(fetch.ModeNavigate, "document"),
		want: "basic 404 https://b.test/y", wire: []string{"GET https://b.test/y"},
	}))
}

// https://fetch.spec.whatwg.org/#concept-headers-append
func TestRequestHeaders(t *testing.T) {
	servers := map[string]answer{A + "/x": {}, B + "/x": allowed(), "OPTIONS " + B + "/x": allows()}
	noCORS := fetch.Init{Mode: fetch.ModeNoCORS}
	long := strings.Repeat("a", 100)
	const okA = "basic 200 https://a.test/x"
	ignored := func(want ...string) func(*testing.T, ending) {
		return func(t *testing.T, end ending) {
			t.Helper()
			if diff := cmp.Diff(want, slices.Sorted(slices.Values(end.dropped))); diff != "" {
				t.Errorf("ignored headers (-want +got):\n%s", diff)
			}
		}
	}
	forbidden := []string{
		"Accept-Charset: x", "Accept-Encoding: x", "Access-Control-Request-Headers: x", "Access-Control-Request-Method: x",
		"Connection: x", "Content-Length: 9", "Cookie: x", "Date: x", "Expect: x", "Host: x", "Keep-Alive: x",
		"Origin: x", "Proxy-x: x", "Referer: x", "Sec-x: x", "Set-Cookie: x", "Te: x", "Trailer: x", "Transfer-Encoding: x", "Upgrade: x", "Via: x",
		"X-Http-Method-Override: TRACE",
	}
	stories := []story{
		{
			name: "API-006 no-cors ignores what is not safelisted", url: B + "/x", init: noCORS, want: "opaque 0 ",
			headers: []string{"X-A: 1", "Range: bytes=0-1", "Content-Type: application/json", "Accept: text/x"},
			wire:    []string{"GET https://b.test/x"},
			check: all(wantSent("X-A", "-"), wantSent("Range", "-"), wantSent("Content-Type", "-"), wantSent("Accept", "text/x"),
				ignored("Content-Type: application/json", "Range: bytes=0-1", "X-A: 1")),
		},
		{
			name: "API-007 no-cors takes a header twice", url: B + "/x", init: noCORS, want: "opaque 0 ", headers: []string{"Accept: a", "Accept: b"},
			check: wantSent("Accept", "a, b"),
		},
		{
			name: "API-007 no-cors as long as they are safelisted together", url: B + "/x", init: noCORS, want: "opaque 0 ",
			headers: []string{"Accept: " + long, "Accept: " + long, "Accept: c"},
			check:   all(wantSent("Accept", long+", c"), ignored("Accept: "+long)),
		},
		{
			name: "API-008 no-cors Content-Type text/plain", method: "POST", url: B + "/x", init: noCORS, want: "opaque 0 ", body: "b",
			headers: []string{"Content-Type: text/plain;charset=x"}, check: wantSent("Content-Type", "text/plain;charset=x"),
		},
		{
			name: "API-011 white space around a value is no part of it", url: A + "/x", want: okA, headers: []string{"X-A: \r\n\t v \n"},
			check: wantSent("X-A", "v"),
		},
		{
			name: "API-013 Content-Type is kept", method: "POST", url: A + "/x", want: okA, body: "b", headers: []string{"Content-Type: x/y"},
			check: wantSent("Content-Type", "x/y"),
		},
		{name: "API-022 Accept", url: A + "/x", want: okA, check: all(wantSent("Accept", "*/*"), wantSent("Accept-Language", "-"))},
		{
			name: "API-022 a developer's Accept and Accept-Language", url: A + "/x", want: okA, headers: []string{"Accept: a", "accept-language: l"},
			check: all(wantSent("Accept", "a"), wantSent("Accept-Language", "l")),
		},
		{
			name: "API-022 they are there before the preflight is decided on", url: B + "/x", want: "cors 200 https://b.test/x", headers: []string{"Accept: \""},
			check: wantSent("Access-Control-Request-Headers", "accept", "-"),
		},
	}
	for _, line := range forbidden {
		name, _, _ := strings.Cut(line, ":")
		stories = append(stories, story{
			name: "API-010 " + line, url: A + "/x", want: okA, headers: []string{line},
			check: func(t *testing.T, end ending) {
				if got := end.wire[0].header.Get(name); got == "x" || got == "9" || got == "TRACE" {
					t.Errorf("%s on the wire: %q", name, got)
				}
				ignored(line)(t, end)
			},
		})
	}
	for d, want := range map[fetch.Destination]string{
		"image": "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
		"style": "text/css,*/*;q=0.1", "json": "application/json,*/*;q=0.5", "text": "text/plain,*/*;q=0.5",
		"document": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
		"iframe":   "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
		"script":   "*/*", "font": "*/*",
	} {
		stories = append(stories, story{
			name: "API-023 " + string(d), url: A + "/x", want: okA, init: fetch.Init{Destination: d}, check: wantSent("Accept", want),
		})
	}
	for i := range stories {
		stories[i].servers = servers
	}
	tell(t, stories)
	t.Run("API-022 Accept-Language of the browser", func(t *testing.T) {
		w := &web{servers: servers}
		resp, err := page(t, w, A, &fetch.Profile{AcceptLanguage: "de"}).Fetch(t.Context(), &fetch.Request{URL: A + "/x"})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		wantSent("Accept-Language", "de")(t, ending{wire: w.take()})
	})
}

// TestNamesOfOneHeader: names that differ in their case are one header, whose
// values are always in the same order.
func TestNamesOfOneHeader(t *testing.T) {
	several := func() http.Header { return http.Header{"x-b": {"3"}, "X-B": {"1"}, "X-b": {"2"}} }
	w := &web{servers: map[string]answer{A + "/x": {do: func(req *http.Request) (*http.Response, error) {
		resp := answer{}.response(req)
		resp.Header = several()
		return resp, nil
	}}}}
	p := page(t, w, A, nil)
	for range 20 {
		resp, err := p.Fetch(t.Context(), &fetch.Request{URL: A + "/x", Header: several()})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := w.take()[0].header["X-B"]; !slices.Equal(got, []string{"1, 2, 3"}) {
			t.Fatalf("sent %q; want 1, 2, 3", got)
		}
		if got := resp.Header["X-B"]; !slices.Equal(got, []string{"1", "2", "3"}) {
			t.Fatalf("came %q; want 1, 2, 3", got)
		}
	}
}

// TestResponseHeaderIsTheCallersOwn: what one caller does to a response is not
// seen by the next, nor by the profile's tables.
func TestResponseHeaderIsTheCallersOwn(t *testing.T) {
	p := page(t, &web{servers: map[string]answer{A + "/x": {headers: []string{"X-A: 1"}}}}, A, nil)
	for _, url := range []string{A + "/x", "data:,x", "about:blank"} {
		t.Run("API-020 "+url, func(t *testing.T) {
			req := &fetch.Request{URL: url, Init: fetch.Init{Mode: fetch.ModeNoCORS}}
			var before http.Header
			for range 2 {
				resp, err := p.Fetch(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				if before == nil {
					before = resp.Header.Clone()
				} else if diff := cmp.Diff(before, resp.Header); diff != "" {
					t.Errorf("second response's header (-first +second):\n%s", diff)
				}
				for name := range resp.Header {
					resp.Header[name][0] = "changed"
				}
				resp.Header.Set("X-B", "added")
			}
		})
	}
}

var errReason = errors.New("the user left")

// https://fetch.spec.whatwg.org/#fetch-controller-abort
func TestAbort(t *testing.T) {
	t.Run("ABT-001 before the fetch", func(t *testing.T) {
		w := &web{servers: map[string]answer{A + "/x": {}}}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errReason)
		body := &countedBody{Reader: strings.NewReader("b")}
		_, err := page(t, w, A, nil).Fetch(ctx, &fetch.Request{Method: "POST", URL: A + "/x", Body: body})
		wantAborted(t, err)
		if got := w.methods(); got != "" {
			t.Errorf("on the wire: %s; want nothing", got)
		}
		if body.closed != 1 {
			t.Errorf("request body closed %d times; want once", body.closed)
		}
	})
	// Each server aborts the fetch while it answers, and answers all the same.
	for _, c := range []struct{ name, at, url, wire string }{
		{"ABT-002 during the preflight", "OPTIONS " + B + "/x", B + "/x", "OPTIONS"},
		{"ABT-002 during a redirect", A + "/r", A + "/r", "PUT"},
		{"ABT-002 during the preflight after a redirect", "OPTIONS " + B + "/x", A + "/r", "PUT OPTIONS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			servers := map[string]answer{A + "/r": redirectTo(307, B+"/x"), B + "/x": allowed(), "OPTIONS " + B + "/x": allows()}
			answers := servers[c.at]
			servers[c.at] = answer{do: func(req *http.Request) (*http.Response, error) {
				cancel(errReason)
				return answers.response(req), nil
			}}
			w := &web{servers: servers}
			_, err := page(t, w, A, nil).Fetch(ctx, &fetch.Request{Method: "PUT", URL: c.url, Body: strings.NewReader("b")})
			wantAborted(t, err)
			if got := w.methods(); got != c.wire {
				t.Errorf("on the wire: %s; want %s", got, c.wire)
			}
		})
	}
	t.Run("ABT-002 an abort during the preflight is stored nowhere", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		first := true
		w := &web{servers: map[string]answer{B + "/x": allowed(), "OPTIONS " + B + "/x": {do: func(req *http.Request) (*http.Response, error) {
			if first {
				first = false
				cancel(errReason)
			}
			return allows().response(req), nil
		}}}}
		p := page(t, w, A, nil)
		_, err := p.Fetch(ctx, &fetch.Request{Method: "PUT", URL: B + "/x"})
		wantAborted(t, err)
		w.take()
		resp, err := p.Fetch(t.Context(), &fetch.Request{Method: "PUT", URL: B + "/x"})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := w.methods(); got != "OPTIONS PUT" {
			t.Errorf("the next fetch on the wire: %s; want OPTIONS PUT", got)
		}
	})
	t.Run("ABT-004 a network error is no abort", func(t *testing.T) {
		w := &web{servers: map[string]answer{A + "/x": {err: errors.New("connection reset")}}}
		_, err := page(t, w, A, nil).Fetch(t.Context(), &fetch.Request{URL: A + "/x"})
		if reason(t, err) != fetch.ErrNetwork || errors.Is(err, fetch.ErrAborted) {
			t.Errorf("error %v; want %v", err, fetch.ErrNetwork)
		}
	})
	t.Run("ABT-004 a refused response is no abort", func(t *testing.T) {
		w := &web{servers: map[string]answer{B + "/x": {}}}
		_, err := page(t, w, A, nil).Fetch(t.Context(), &fetch.Request{URL: B + "/x"})
		if errors.Is(err, fetch.ErrAborted) {
			t.Errorf("error %v; want another than %v", err, fetch.ErrAborted)
		}
	})
}

// wantAborted fails unless err is an abort with errReason for its cause.
func wantAborted(t *testing.T, err error) {
	t.Helper()
	if got := reason(t, err); got != fetch.ErrAborted {
		t.Errorf("reason %q (%v); want %q", got, err, fetch.ErrAborted)
	}
	if !errors.Is(err, errReason) || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v; want one that is %v and %v", err, errReason, context.Canceled)
	}
}

// TestAbortOnTheNetwork is aborts that a real connection has to notice.
func TestAbortOnTheNetwork(t *testing.T) {
	gone := make(chan string, 10) // paths whose request the server saw given up
	started := make(chan struct{}, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "OPTIONS" && r.URL.Path != "/preflight" {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Allow-Methods", "*")
			return
		}
		if r.URL.Path == "/redirect" {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			http.Redirect(w, r, "/wait", http.StatusFound)
			return
		}
		if r.URL.Path == "/body" {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			io.WriteString(w, "start")
			w.(http.Flusher).Flush()
		}
		started <- struct{}{}
		<-r.Context().Done()
		gone <- r.URL.Path
	}))
	defer server.Close()
	p := &fetch.Transport{Origin: origin.MustParse("http://a.test"), Browser: &fetch.Browser{Base: new(http.Transport)}}
	defer p.CloseIdleConnections()
	for _, c := range []struct{ name, path, gone string }{
		{"ABT-002 while the preflight waits", "/preflight", "/preflight"},
		{"ABT-002 while the hop after a redirect waits", "/redirect", "/wait"},
		{"ABT-002 while the response waits", "/wait", "/wait"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			go func() {
				<-started
				cancel(errReason)
			}()
			_, err := p.Fetch(ctx, &fetch.Request{Method: "PUT", URL: server.URL + c.path})
			wantAborted(t, err)
			if got := <-gone; got != c.gone {
				t.Errorf("the server of %s saw the abort; want %s", got, c.gone)
			}
		})
	}
	t.Run("ABT-003 after the fetch has resolved", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		resp, err := p.Fetch(ctx, &fetch.Request{URL: server.URL + "/body"})
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		<-started
		cancel(errReason)
		data, err := io.ReadAll(resp.Body)
		if !errors.Is(err, errReason) {
			t.Errorf("body %q, %v; want the error %v", data, err, errReason)
		}
		if got := <-gone; got != "/body" {
			t.Errorf("the server of %s saw the abort", got)
		}
	})
	t.Run("ABT-005 the reader loses interest", func(t *testing.T) {
		resp, err := p.Fetch(t.Context(), &fetch.Request{URL: server.URL + "/body"})
		if err != nil {
			t.Fatal(err)
		}
		<-started
		resp.Body.Close()
		if got := <-gone; got != "/body" {
			t.Errorf("the server of %s saw the abort", got)
		}
	})
}

// answered returns the response to a same-origin GET, and its body, of a server
// that base reaches.
func answered(t *testing.T, base http.RoundTripper, handle http.HandlerFunc) (*http.Response, string) {
	t.Helper()
	server := httptest.NewServer(handle)
	defer server.Close()
	p := page(t, base, server.URL, nil)
	defer p.CloseIdleConnections()
	resp, err := p.RoundTrip(withInit(t, "GET", server.URL, fetch.Init{}))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(data)
}

func TestRoundTripper(t *testing.T) {
	t.Run("RT-001 an http.Client leaves redirects to it", func(t *testing.T) {
		w := &web{servers: map[string]answer{A + "/1": redirectTo(302, "/2"), A + "/2": redirectTo(307, B+"/3"), B + "/3": allowed("Location: /4")}}
		counter := &counting{base: page(t, w, A, nil)}
		client := &http.Client{Transport: counter, CheckRedirect: func(*http.Request, []*http.Request) error {
			t.Error("CheckRedirect was called")
			return nil
		}}
		resp, err := client.Get(A + "/1")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if counter.calls != 1 || resp.StatusCode != 200 || resp.Request.URL.String() != B+"/3" {
			t.Errorf("%d calls, status %d of %s; want 1, 200 of %s", counter.calls, resp.StatusCode, resp.Request.URL, B+"/3")
		}
	})
	t.Run("RT-001 an opaqueredirect response is not followed either", func(t *testing.T) {
		w := &web{servers: map[string]answer{A + "/1": redirectTo(302, "/2")}}
		p := page(t, w, A, nil)
		p.Init.Redirect = fetch.RedirectManual
		resp, err := (&http.Client{Transport: p}).Get(A + "/1")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 0 || fetch.ResponseType(resp) != fetch.TypeOpaqueRedirect {
			t.Errorf("status %d, type %q; want 0, opaqueredirect", resp.StatusCode, fetch.ResponseType(resp))
		}
	})
	t.Run("RT-002 a Cookie of the client's jar is ignored", func(t *testing.T) {
		w := &web{servers: map[string]answer{A + "/x": {headers: []string{"Set-Cookie: new=1"}}}}
		jar := jarOf(t, map[string]string{A: "client=1"})
		p := page(t, w, A, nil)
		p.Browser.Jar = jarOf(t, map[string]string{A: "browser=1"})
		resp, err := (&http.Client{Transport: p, Jar: jar}).Get(A + "/x")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		end := ending{wire: w.take(), jar: jar}
		wantSent("Cookie", "browser=1")(t, end)
		wantJar(A, "client=1")(t, end)
		wantJar(A, "browser=1; new=1")(t, ending{jar: p.Browser.Jar.(*cookiejar.Jar)})
	})
	t.Run("RT-003 Content-Encoding is what came", func(t *testing.T) {
		resp, data := answered(t, new(http.Transport), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, "not gzip")
		})
		if got := resp.Header.Get("Content-Encoding"); got != "gzip" || data != "not gzip" || resp.Uncompressed || resp.ContentLength != 8 {
			t.Errorf("Content-Encoding %q, body %q, Uncompressed %v, length %d", got, data, resp.Uncompressed, resp.ContentLength)
		}
	})
	t.Run("RT-003 Content-Encoding is what came, where the base takes gzip off", func(t *testing.T) {
		inner := new(http.Transport)
		defer inner.CloseIdleConnections()
		resp, data := answered(t, struct{ http.RoundTripper }{inner}, func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, req.Header.Get("Accept-Encoding"))
			z.Close()
		})
		if got := resp.Header.Get("Content-Encoding"); got != "gzip" || data != "gzip" || !resp.Uncompressed {
			t.Errorf("Content-Encoding %q, body %q, Uncompressed %v; want gzip, read", got, data, resp.Uncompressed)
		}
	})
	t.Run("RT-004 the request stays as it was", func(t *testing.T) {
		w := &web{servers: map[string]answer{A + "/x": redirectTo(303, B+"/y"), "OPTIONS " + B + "/y": allows(), B + "/y": allowed()}}
		header := func() http.Header {
			return http.Header{"X-A": {"1", " 2 "}, "x-lower": {"3"}, "Cookie": {"a=b"}, "Authorization": {"x"}, "Content-Type": {"a/b"}, "js.fetch:credentials": {"omit"}}
		}
		body := &countedBody{Reader: strings.NewReader("b")}
		req, err := http.NewRequest("POST", A+"/x#f", body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = header()
		u, ctx := req.URL, req.Context()
		resp, err := page(t, w, A, nil).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Header.Set("X-A", "changed")
		resp.Request.Header.Set("X-B", "1")
		resp.Body.Close()
		header2 := req.Header.Clone()
		delete(header2, "X-B") // Request.Header of a response is the request's, as net/http has it.
		if diff := cmp.Diff(header(), header2); diff != "" {
			t.Errorf("header (-before +after):\n%s", diff)
		}
		if req.URL != u || u.String() != A+"/x#f" || req.Body != body || req.Context() != ctx || req.Method != "POST" || req.Host != "a.test" {
			t.Errorf("request is now %+v", req)
		}
		if body.closed != 1 {
			t.Errorf("body closed %d times; want once", body.closed)
		}
	})
	t.Run("RT-005 no response with an error", func(t *testing.T) {
		w := &web{servers: map[string]answer{B + "/x": {}}}
		resp, err := page(t, w, A, nil).RoundTrip(withInit(t, "GET", B+"/x", fetch.Init{}))
		var e *fetch.Error
		if resp != nil || !errors.As(err, &e) || e.Reason != fetch.ErrMissingAllowOriginHeader || !errors.Is(err, fetch.ErrMissingAllowOriginHeader) {
			t.Errorf("RoundTrip = %v, %v; want nil and %v", resp, err, fetch.ErrMissingAllowOriginHeader)
		}
	})
}

// A counting base counts its calls.
type counting struct {
	base  http.RoundTripper
	calls int
}

func (c *counting) RoundTrip(req *http.Request) (*http.Response, error) {
	c.calls++
	return c.base.RoundTrip(req)
}

// A countedBody counts how often it was closed.
type countedBody struct {
	io.Reader
	closed int
}

func (b *countedBody) Close() error {
	b.closed++
	return nil
}
