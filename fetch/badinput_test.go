package fetch_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// An auditor is a base transport that counts the bodies that pass through it,
// and how many of them were closed.
type auditor struct {
	base   http.RoundTripper
	opened int
	closed int
}

func (a *auditor) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := a.base.RoundTrip(req)
	if resp != nil && resp.Body != nil {
		a.opened++
		resp.Body = &auditedBody{ReadCloser: resp.Body, closed: &a.closed}
	}
	return resp, err
}

// An auditedBody is a body that counts once, when it is closed.
type auditedBody struct {
	io.ReadCloser
	closed *int
	once   sync.Once
}

func (b *auditedBody) Close() error {
	b.once.Do(func() { *b.closed++ })
	return b.ReadCloser.Close()
}

// A source is a request body that can be sent again, and counts.
type source struct {
	opened, closed int
}

func (s *source) open() io.ReadCloser {
	s.opened++
	return &auditedBody{ReadCloser: io.NopCloser(strings.NewReader("body")), closed: &s.closed}
}

// An evil is a server that answers with what no server should.
type evil struct {
	name    string
	servers map[string]answer
	method  string
	url     string
	headers []string
	init    fetch.Init
	want    string // as story.want
}

// with is an answer with one more header.
func with(name, value string, headers ...string) answer {
	a := allows()
	a.headers = append(append(a.headers, name+": "+value), headers...)
	return a
}

// evilLocations are redirects that lead nowhere, or to where they should not.
func evilLocations() []evil {
	var all []evil
	for location, want := range map[string]string{
		"http://[":                       "InvalidRedirect",
		"http://a b/":                    "InvalidRedirect",
		"https://a.test:99999/":          "InvalidRedirect",
		"https://%00/":                   "InvalidRedirect",
		"https://":                       "InvalidRedirect",
		"//":                             "InvalidRedirect",
		"https://1.2.3.4.5.6/":           "InvalidRedirect",
		"https://\xff\xfe/":              "InvalidRedirect",
		"\x00javascript:alert(1)":        "UnsafeRedirect", // leading control characters are no part of a URL
		"a\x00b":                         "basic 404 https://a.test/a%00b redirected",
		"/a\r\nX: b":                     "basic 404 https://a.test/aX:%20b redirected",
		strings.Repeat("a", 1<<20):       "basic 404 https://a.test/" + strings.Repeat("a", 1<<20) + " redirected",
		strings.Repeat("../", 1<<18):     "basic 404 https://a.test/ redirected",
		"y?" + strings.Repeat("\xe2", 9): "basic 404 https://a.test/y?" + strings.Repeat("%E2", 9) + " redirected",
	} {
		name := fmt.Sprintf("Location: %.30q", location)
		all = append(all, evil{name: name, url: A + "/x", want: want, servers: map[string]answer{A + "/x": {do: raw(302, "Location", location)}}})
	}
	return all
}

// raw answers with one header whose value nothing has trimmed.
func raw(status int, name string, values ...string) func(*http.Request) (*http.Response, error) {
	return func(req *http.Request) (*http.Response, error) {
		resp := answer{status: status, headers: []string{allowAsked}}.response(req)
		resp.Header[name] = values
		return resp, nil
	}
}

// evilPreflights are answers to a preflight.
func evilPreflights() []evil {
	names := make([]string, 10000)
	for i := range names {
		names[i] = fmt.Sprintf("x-%d", i)
	}
	many := strings.Join(names, ",")
	long := strings.Repeat("a", 1<<20)
	const ok, noHeaders, noMethods = "cors 200 https://b.test/x", "InvalidAllowHeadersPreflightResponse", "InvalidAllowMethodsPreflightResponse"
	var all []evil
	add := func(name string, preflight answer, want string) {
		all = append(all, evil{
			name: "preflight: " + name, method: "PUT", url: B + "/x", headers: []string{"X-A: 1"}, want: want,
			servers: map[string]answer{"OPTIONS " + B + "/x": preflight, B + "/x": allowed()},
		})
	}
	for _, garbage := range []string{"a b", "\"x\"", "a/b", "x-a;q=1", "x-a, @", "\x7f", "é", "x-a\x00", "x-a\rx-b", "(x-a)", "x-a,\x0b"} {
		add(fmt.Sprintf("Allow-Headers %q", garbage), answer{do: rawPreflight("Access-Control-Allow-Headers", garbage)}, noHeaders)
		add(fmt.Sprintf("Allow-Methods %q", garbage), answer{do: rawPreflight("Access-Control-Allow-Methods", garbage)}, noMethods)
	}
	for _, age := range []string{"x", "-1", "+1", "1.5", "", "1, 2", "99999999999999999999999999", "0x10", " 5 5", "\x005", long, strings.Repeat("9", 1<<20)} {
		add(fmt.Sprintf("Max-Age %.20q", age), with("Access-Control-Max-Age", age), ok)
	}
	add("Max-Age twice", with("Access-Control-Max-Age", "1", "Access-Control-Max-Age: 2"), ok)
	add("10000 names and no more", answer{do: rawPreflight("Access-Control-Allow-Headers", many)}, "HeaderDisallowedByPreflightResponse")
	add("10000 names and ours", answer{do: rawPreflight("Access-Control-Allow-Headers", many+",X-a")}, ok)
	add("10000 headers and ours", answer{do: rawPreflight("Access-Control-Allow-Headers", append(slices.Clone(names), "x-a")...)}, ok)
	add("a million commas and ours", answer{do: rawPreflight("Access-Control-Allow-Headers", strings.Repeat(" ,", 1<<19)+"x-a")}, ok)
	add("a method of 1 MB", answer{do: rawPreflight("Access-Control-Allow-Methods", long)}, "MethodDisallowedByPreflightResponse")
	add("an origin of 1 MB", answer{do: rawPreflight("Access-Control-Allow-Origin", long)}, "PreflightInvalidAllowOriginValue")
	add("an origin with NUL", answer{do: rawPreflight("Access-Control-Allow-Origin", A+"\x00")}, "")
	add("an origin with CR", answer{do: rawPreflight("Access-Control-Allow-Origin", A+"\rx")}, "")
	add("100 is no answer", answer{status: 100}, "InvalidResponse")
	add("status 0", answer{do: status(0)}, "InvalidResponse")
	add("status -1", answer{do: status(-1)}, "InvalidResponse")
	add("hung up on", answer{err: io.ErrUnexpectedEOF}, "Network")
	return all
}

// rawPreflight allows everything, but has this header instead.
func rawPreflight(name string, values ...string) func(*http.Request) (*http.Response, error) {
	return func(req *http.Request) (*http.Response, error) {
		resp := allows().response(req)
		resp.Header[name] = values
		return resp, nil
	}
}

// status answers with no more than a status, and no body at all.
func status(code int) func(*http.Request) (*http.Response, error) {
	return func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: code, Request: req}, nil
	}
}

// evilResponses are answers to the request itself.
func evilResponses() []evil {
	servers := func(a answer) map[string]answer { return map[string]answer{A + "/x": a, B + "/x": a} }
	return []evil{
		{name: "no header and no body", url: A + "/x", servers: servers(answer{do: status(200)}), want: "basic 200 https://a.test/x"},
		{name: "no header and no body, cross-origin", url: B + "/x", servers: servers(answer{do: status(200)}), want: "MissingAllowOriginHeader"},
		{name: "status 999", url: A + "/x", servers: servers(answer{do: status(999)}), want: "basic 999 https://a.test/x"},
		{name: "a redirect with no header", url: A + "/x", servers: servers(answer{do: status(302)}), want: "basic 302 https://a.test/x"},
		{name: "a header without values", url: B + "/x", servers: servers(answer{do: raw(200, "Access-Control-Allow-Origin")}), want: "MissingAllowOriginHeader"},
		{name: "Location without values", url: A + "/x", servers: servers(answer{do: raw(302, "Location")}), want: "basic 302 https://a.test/x"},
		{name: "10000 Locations", url: A + "/x", servers: servers(answer{do: raw(302, "Location", make([]string, 10000)...)}), want: "InvalidRedirect"},
		{name: "a name that is none", url: B + "/x", servers: servers(answer{do: raw(200, "\x00 é\r\n", "x")}), want: "cors 200 https://b.test/x"},
		{name: "421 without end", url: A + "/x", servers: servers(answer{status: 421}), want: "basic 421 https://a.test/x"},
	}
}

// TestBadInput: what servers and scripts get wrong ends a fetch in one of two
// ways, and leaves nothing open.
func TestBadInput(t *testing.T) {
	for _, more := range [][]evil{evilLocations(), evilPreflights(), evilResponses()} {
		for _, c := range more {
			t.Run(c.name, func(t *testing.T) { c.run(t) })
		}
	}
}

func (c evil) run(t *testing.T) {
	audit := &auditor{base: &web{servers: c.servers}}
	p := page(t, audit, A, nil)
	s := story{method: c.method, url: c.url, headers: c.headers, init: c.init}
	req := s.request()
	body := &source{}
	if c.method != "" {
		req.Body, req.GetBody = body.open(), func() (io.ReadCloser, error) { return body.open(), nil }
	}
	var end ending
	end.response, end.err = p.Fetch(t.Context(), req)
	reason(t, end.err)
	if end.response != nil {
		if _, err := io.ReadAll(end.response.Body); err != nil {
			t.Errorf("body: %v", err)
		}
		end.response.Body.Close()
	}
	switch got := end.String(); {
	case c.want == "" && end.err == nil:
		t.Errorf("fetch() = %.200s; want an error", got)
	case c.want != "" && got != c.want:
		t.Errorf("fetch() = %.200s (%.200v); want %.200s", got, end.err, c.want)
	}
	if audit.opened != audit.closed {
		t.Errorf("%d response bodies, %d closed", audit.opened, audit.closed)
	}
	if body.opened != body.closed {
		t.Errorf("%d request bodies, %d closed", body.opened, body.closed)
	}
}

// TestRequestBodyIsClosed: whatever ends the fetch, and before the network too.
func TestRequestBodyIsClosed(t *testing.T) {
	reset := answer{err: errors.New("reset")}
	big := allows()
	big.body = strings.Repeat("x", 1<<20)
	servers := map[string]answer{
		A + "/x": {}, A + "/303": redirectTo(303, "/x"), A + "/307": redirectTo(307, "/x"), A + "/308b": redirectTo(308, B+"/x"), A + "/421": {status: 421},
		A + "/reset": reset, A + "/toreset": redirectTo(307, "/reset"), A + "/loop": redirectTo(307, "/loop"), A + "/toport": redirectTo(307, "https://a.test:1/"),
		"OPTIONS " + B + "/x": big, B + "/x": allowed(), "OPTIONS " + B + "/no": {status: 403}, "OPTIONS " + B + "/reset": reset,
		"OPTIONS " + B + "/refused": allows(), B + "/refused": {body: "x"},
	}
	init := func(m fetch.Mode) fetch.Init { return fetch.Init{Mode: m} }
	for _, c := range []struct {
		name    string
		method  string
		url     string
		headers []string
		init    fetch.Init
		page    string
	}{
		{name: "sent", url: A + "/x"},
		{name: "sent with a preflight", url: B + "/x"},
		{name: "303", url: A + "/303"},
		{name: "307", url: A + "/307"},
		{name: "308 with a preflight", url: A + "/308b"},
		{name: "421", url: A + "/421"},
		{name: "21 redirects", url: A + "/loop"},
		{name: "a redirect to a bad port", url: A + "/toport"},
		{name: "no connection", url: A + "/reset"},
		{name: "no connection after a redirect", url: A + "/toreset"},
		{name: "the preflight is refused", url: B + "/no"},
		{name: "the preflight has no connection", url: B + "/reset"},
		{name: "the response is refused", url: B + "/refused"},
		{name: "a redirect with mode error", url: A + "/307", init: fetch.Init{Redirect: fetch.RedirectError}},
		{name: "a redirect with mode manual", url: A + "/307", init: fetch.Init{Redirect: fetch.RedirectManual}},
		{name: "no page", url: A + "/x", page: ":"},
		{name: "no URL", url: "https://["},
		{name: "userinfo", url: "https://u@a.test/"},
		{name: "no mode", url: A + "/x", init: init("x")},
		{name: "mode navigate", url: A + "/x", init: init(fetch.ModeNavigate)},
		{name: "mode same-origin", url: B + "/x", init: init(fetch.ModeSameOrigin)},
		{name: "mode no-cors", url: B + "/x", init: init(fetch.ModeNoCORS)},
		{name: "no referrer", url: A + "/x", init: fetch.Init{Referrer: "https://["}},
		{name: "no destination", url: A + "/x", init: fetch.Init{Destination: "x"}},
		{name: "no method", method: "P T", url: A + "/x"},
		{name: "a forbidden method", method: "CONNECT", url: A + "/x"},
		{name: "a method without a body", method: "GET", url: A + "/x"},
		{name: "no header name", url: A + "/x", headers: []string{"é: 1"}},
		{name: "no header value", url: A + "/x", headers: []string{"X: a\nb"}},
		{name: "a bad port", url: "https://a.test:1/"},
		{name: "mixed content", url: "http://b.test/"},
		{name: "a scheme", url: "ftp://a.test/"},
		{name: "data:", url: "data:,x"},
		{name: "nothing cached", url: A + "/x", init: fetch.Init{Mode: fetch.ModeSameOrigin, Cache: fetch.CacheOnlyIfCached}},
	} {
		method := c.method
		if method == "" {
			method = "POST"
		}
		for _, stream := range []bool{false, true} {
			audit := &auditor{base: &web{servers: servers}}
			p := &fetch.Transport{Origin: origin.MustParse(A), Referrer: c.page, Browser: &fetch.Browser{Base: audit}}
			headers := append([]string{"Content-Type: a/b"}, c.headers...)
			closed := func(t *testing.T, body *source) {
				t.Helper()
				if body.opened != body.closed {
					t.Errorf("%d request bodies, %d closed", body.opened, body.closed)
				}
				if audit.opened != audit.closed {
					t.Errorf("%d response bodies, %d closed", audit.opened, audit.closed)
				}
			}
			again := func(body *source) func() (io.ReadCloser, error) {
				if stream {
					return nil
				}
				return func() (io.ReadCloser, error) { return body.open(), nil }
			}
			t.Run(fmt.Sprintf("Fetch: %s, stream %v", c.name, stream), func(t *testing.T) {
				body := &source{}
				resp, err := p.Fetch(t.Context(), &fetch.Request{
					Method: method, URL: c.url, Header: headerOf(headers), Init: c.init, Body: body.open(), GetBody: again(body),
				})
				if err == nil {
					resp.Body.Close()
				}
				closed(t, body)
			})
			t.Run(fmt.Sprintf("RoundTrip: %s, stream %v", c.name, stream), func(t *testing.T) {
				body := &source{}
				req := withInit(t, "POST", A, c.init)
				req.Method, req.Header, req.Body, req.GetBody, req.URL = method, headerOf(headers), body.open(), again(body), nil
				if u, err := url.Parse(c.url); err == nil {
					req.URL = u
				}
				resp, err := p.RoundTrip(req)
				if err == nil {
					resp.Body.Close()
				}
				closed(t, body)
			})
		}
	}
}

// TestBodyCannotBeHadAgain is a GetBody that fails when a redirect needs it.
func TestBodyCannotBeHadAgain(t *testing.T) {
	errGone := errors.New("the file is gone")
	audit := &auditor{base: &web{servers: map[string]answer{A + "/x": redirectTo(307, "/y"), A + "/y": {}}}}
	body := &source{}
	_, err := page(t, audit, A, nil).Fetch(t.Context(), &fetch.Request{
		Method: "POST", URL: A + "/x", Body: body.open(), GetBody: func() (io.ReadCloser, error) { return nil, errGone },
	})
	if got := reason(t, err); got != fetch.ErrBodyNotReplayable || !errors.Is(err, errGone) {
		t.Errorf("error %v; want %v because %v", err, fetch.ErrBodyNotReplayable, errGone)
	}
	if body.opened != body.closed || audit.opened != audit.closed {
		t.Errorf("%d request bodies, %d closed; %d response bodies, %d closed", body.opened, body.closed, audit.opened, audit.closed)
	}
}

// TestBadConnection is servers on real connections that misbehave. That nothing
// stays open, realPage and serveRaw look after.
func TestBadConnection(t *testing.T) {
	const cors, empty, put = "Access-Control-Allow-Origin: *", "Content-Length: 0", "Access-Control-Allow-Methods: PUT"
	preflight := lines("HTTP/1.1 204 No Content", cors, put)
	long := strings.Repeat("a", 1<<20)
	ok := rawAnswer{lines("HTTP/1.1 200 OK", cors, "Content-Length: 5") + "hello", false}
	for _, c := range []struct {
		name    string
		options rawAnswer
		put     rawAnswer
		want    string
		body    string // what can be read of it
		cut     bool   // then comes an error
	}{
		{name: "all is well", options: rawAnswer{preflight, false}, put: ok, want: "cors 200", body: "hello"},
		{name: "the preflight is hung up on", options: rawAnswer{"", true}, put: ok, want: "Network"},
		{name: "the preflight is hung up on in a line", options: rawAnswer{"HTTP/1.1 204 No Content\r\nAccess-", true}, put: ok, want: ""},
		{name: "the preflight's body is hung up on", options: rawAnswer{lines("HTTP/1.1 200 OK", cors, put, "Content-Length: 9"), true}, put: ok, want: "cors 200", body: "hello"},
		{name: "the preflight's body never comes", options: rawAnswer{lines("HTTP/1.1 200 OK", cors, put, "Content-Length: 9"), false}, put: ok, want: "cors 200", body: "hello"},
		{name: "the preflight's body is no list of chunks", options: rawAnswer{lines("HTTP/1.1 200 OK", cors, put, "Transfer-Encoding: chunked") + "zzz\r\n", false}, put: ok, want: "cors 200", body: "hello"},
		{name: "100 before the preflight's answer", options: rawAnswer{lines("HTTP/1.1 100 Continue") + preflight, false}, put: ok, want: "cors 200", body: "hello"},
		{name: "103 before the preflight's answer", options: rawAnswer{lines("HTTP/1.1 103 Early Hints", "Link: </x>", "Access-Control-Allow-Origin: https://b.test") + preflight, false}, put: ok, want: "cors 200", body: "hello"},
		{name: "what 103 allows is nothing", options: rawAnswer{lines("HTTP/1.1 103 Early Hints", cors, put) + lines("HTTP/1.1 204 No Content"), false}, put: ok, want: "PreflightMissingAllowOriginHeader"},
		{name: "nothing but 100", options: rawAnswer{lines("HTTP/1.1 100 Continue"), true}, put: ok, want: "Network"},
		{name: "101 to the preflight", options: rawAnswer{lines("HTTP/1.1 101 Switching Protocols", cors, put, "Connection: upgrade", "Upgrade: x"), false}, put: ok, want: "InvalidResponse"},
		{name: "NUL in a value of the preflight", options: rawAnswer{lines("HTTP/1.1 204 No Content", "Access-Control-Allow-Origin: *\x00", put), false}, put: ok, want: "InvalidResponse"},
		{name: "CR in a value of the preflight", options: rawAnswer{lines("HTTP/1.1 204 No Content", "Access-Control-Allow-Origin: *\r"+put), false}, put: ok, want: "InvalidResponse"},
		{name: "a value that continues on the next line", options: rawAnswer{lines("HTTP/1.1 204 No Content", "Access-Control-Allow-Origin:", " *", put), false}, put: ok, want: "cors 200", body: "hello"},
		{name: "a line of 1 MB in the preflight", options: rawAnswer{lines("HTTP/1.1 204 No Content", cors, put, "X: "+long), false}, put: ok, want: "cors 200", body: "hello"},
		{name: "no status text", options: rawAnswer{lines("HTTP/1.1 204", cors, put), false}, put: ok, want: "cors 200", body: "hello"},
		{name: "HTTP/1.0", options: rawAnswer{lines("HTTP/1.0 204 No Content", cors, put), true}, put: ok, want: "cors 200", body: "hello"},
		{name: "HTTP/0.9", options: rawAnswer{"<html>hello</html>\n", true}, put: ok, want: "InvalidResponse"},
		{name: "the response is hung up on", options: rawAnswer{preflight, false}, put: rawAnswer{"HTTP/1.1 2", true}, want: ""},
		{name: "the body is hung up on", options: rawAnswer{preflight, false}, put: rawAnswer{lines("HTTP/1.1 200 OK", cors, "Content-Length: 9") + "hello", true}, want: "cors 200", body: "hello", cut: true},
		{name: "the body breaks off in a chunk", options: rawAnswer{preflight, false}, put: rawAnswer{lines("HTTP/1.1 200 OK", cors, "Transfer-Encoding: chunked") + "5\r\nhello\r\n9\r\n", true}, want: "cors 200", body: "hello", cut: true},
		{name: "a chunk is none", options: rawAnswer{preflight, false}, put: rawAnswer{lines("HTTP/1.1 200 OK", cors, "Transfer-Encoding: chunked") + "5\r\nhello\r\nx\r\n", false}, want: "cors 200", body: "hello", cut: true},
		{name: "a body of 1 GB that nobody sends, refused", options: rawAnswer{preflight, false}, put: rawAnswer{lines("HTTP/1.1 200 OK", "Content-Length: 1073741824"), false}, want: "MissingAllowOriginHeader"},
		{name: "a body that nobody sends, refused", options: rawAnswer{preflight, false}, put: rawAnswer{lines("HTTP/1.1 200 OK", "Content-Length: 1"), false}, want: "MissingAllowOriginHeader"},
		{name: "a body that is sent, refused", options: rawAnswer{preflight, false}, put: rawAnswer{lines("HTTP/1.1 200 OK", "Content-Length: 1") + "x", false}, want: "MissingAllowOriginHeader"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := serveRaw(t, map[string]rawAnswer{"OPTIONS": c.options, "PUT": c.put})
			p := realPage(t)
			body := &source{}
			ctx, cancel := impatient(t)
			defer cancel()
			resp, err := p.Fetch(ctx, &fetch.Request{Method: "PUT", URL: server, Body: body.open(), GetBody: func() (io.ReadCloser, error) { return body.open(), nil }})
			got := ending{response: resp, err: err}.String()
			reason(t, err)
			switch got = strings.TrimSuffix(got, " "+server+"/"); {
			case c.want == "" && err == nil:
				t.Errorf("fetch() = %s; want an error", got)
			case c.want != "" && got != c.want:
				t.Errorf("fetch() = %s (%v); want %s", got, err, c.want)
			}
			if errors.Is(err, fetch.ErrAborted) {
				t.Errorf("fetch() waited: %v", err)
			}
			if resp != nil {
				data, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if string(data) != c.body || (err != nil) != c.cut {
					t.Errorf("body %q, %v; want %q, an error: %v", data, err, c.body, c.cut)
				}
			}
			if body.opened != body.closed {
				t.Errorf("%d request bodies, %d closed", body.opened, body.closed)
			}
		})
	}
}
