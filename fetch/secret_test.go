package fetch_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// secret is what the page must not get.
const secret = "s3cr3t"

// planted makes a's response hold the secret wherever a response can. Of its
// headers, those that a itself says stay.
func planted(a answer) answer {
	return answer{do: func(req *http.Request) (*http.Response, error) {
		resp := a.response(req)
		for _, name := range []string{
			"X-Secret", "Etag", "Set-Cookie", "Set-Cookie2", "Www-Authenticate", "Content-Type", "Content-Language", "Content-Encoding",
			"Refresh", "Server-Timing", "Location", "Access-Control-Expose-Headers", "Access-Control-Allow-Methods",
			"Access-Control-Allow-Headers", "Access-Control-Max-Age", "Referrer-Policy", secret,
		} {
			if resp.Header[name] == nil {
				resp.Header[name] = []string{secret + "=" + secret}
			}
		}
		resp.Status = fmt.Sprintf("%d %s", resp.StatusCode, secret)
		resp.Proto = "HTTP/" + secret
		resp.Body = io.NopCloser(strings.NewReader(secret))
		resp.ContentLength = int64(len(secret))
		resp.Trailer = http.Header{"X-Trailer": {secret}}
		resp.TransferEncoding = []string{secret}
		resp.TLS = &tls.ConnectionState{
			ServerName:       secret,
			PeerCertificates: []*x509.Certificate{{Subject: pkix.Name{CommonName: secret}, DNSNames: []string{secret}}},
		}
		return resp, nil
	}}
}

// A blocked is a fetch whose response is refused or hidden.
type blocked struct {
	name    string
	servers map[string]answer
	method  string
	url     string
	headers []string
	stream  bool
	init    fetch.Init
	page    func(*fetch.Transport) // changes the page; may be nil
	want    fetch.Reason           // "" is a response that hides what came
}

// corsFailures are the ways to fail the CORS check, with the credentials mode
// and the answer's headers.
var corsFailures = []struct {
	reason  fetch.Reason
	include bool
	headers []string
}{
	{fetch.ErrMissingAllowOriginHeader, false, nil},
	{fetch.ErrWildcardOriginNotAllowed, true, []string{"Access-Control-Allow-Origin: *"}},
	{fetch.ErrMultipleAllowOriginValues, false, []string{"Access-Control-Allow-Origin: https://a.test, *"}},
	{fetch.ErrInvalidAllowOriginValue, false, []string{"Access-Control-Allow-Origin: none"}},
	{fetch.ErrAllowOriginMismatch, false, []string{"Access-Control-Allow-Origin: https://b.test"}},
	{fetch.ErrInvalidAllowCredentials, true, []string{allowAsked}},
	{fetch.ErrInvalidAllowCredentials, true, []string{allowAsked, "Access-Control-Allow-Credentials: True"}},
}

// blockedByCORS are the failures of the CORS check, wherever it is made.
func blockedByCORS() []blocked {
	var all []blocked
	for _, c := range corsFailures {
		init := fetch.Init{}
		if c.include {
			init.Credentials = fetch.CredentialsInclude
		}
		fails := func(status int) answer { return planted(answer{status: status, headers: c.headers}) }
		all = append(all,
			blocked{name: "response: " + string(c.reason), url: B + "/x", init: init, want: c.reason, servers: map[string]answer{B + "/x": fails(200)}},
			blocked{name: "404 response: " + string(c.reason), url: B + "/x", init: init, want: c.reason, servers: map[string]answer{B + "/x": fails(404)}},
			blocked{name: "redirect: " + string(c.reason), url: B + "/x", init: init, want: c.reason, servers: map[string]answer{B + "/x": fails(302)}},
			blocked{
				name: "preflight: " + string(c.reason), method: "PUT", url: B + "/x", init: init, want: "Preflight" + c.reason,
				servers: map[string]answer{"OPTIONS " + B + "/x": fails(200)},
			},
			blocked{
				name: "response after a preflight: " + string(c.reason), method: "PUT", url: B + "/x", init: init, want: c.reason,
				servers: map[string]answer{"OPTIONS " + B + "/x": allows(), B + "/x": fails(200)},
			},
		)
	}
	return all
}

// blockedByPreflight are answers to a preflight that do not allow the request.
func blockedByPreflight() []blocked {
	var all []blocked
	for _, c := range []struct {
		name   string
		answer answer
		want   fetch.Reason
	}{
		{"status", answer{status: 500, headers: []string{allowAsked}}, fetch.ErrPreflightInvalidStatus},
		{"a redirect", answer{status: 302, headers: []string{allowAsked}}, fetch.ErrPreflightDisallowedRedirect},
		{"no list of methods", answer{headers: []string{allowAsked, "Access-Control-Allow-Methods: a b"}}, fetch.ErrInvalidAllowMethodsPreflightResponse},
		{"no list of headers", answer{headers: []string{allowAsked, "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: a b"}}, fetch.ErrInvalidAllowHeadersPreflightResponse},
		{"the method", answer{headers: []string{allowAsked, "Access-Control-Allow-Methods: DELETE", "Access-Control-Allow-Headers: " + secret}}, fetch.ErrMethodDisallowedByPreflightResponse},
		{"a header", answer{headers: []string{allowAsked, "Access-Control-Allow-Methods: PUT, " + secret, "Access-Control-Allow-Headers: y"}}, fetch.ErrHeaderDisallowedByPreflightResponse},
		{"407", answer{status: 407, headers: []string{allowAsked}}, fetch.ErrPreflightInvalidStatus},
		{"101", answer{status: 101, headers: []string{allowAsked}}, fetch.ErrInvalidResponse},
	} {
		all = append(all, blocked{
			name: "preflight: " + c.name, method: "PUT", url: B + "/x", headers: []string{"X-A: 1"}, want: c.want,
			servers: map[string]answer{"OPTIONS " + B + "/x": planted(c.answer)},
		})
	}
	return all
}

// blockedRedirects are redirects that are refused, or lead to what is.
func blockedRedirects() []blocked {
	moved := func(location string) answer {
		return planted(answer{status: 302, headers: []string{"Location: " + location, allowAsked, "Referrer-Policy: origin"}})
	}
	from := func(a answer) map[string]answer { return map[string]answer{A + "/x": a, B + "/x": a} }
	to := func(location string) map[string]answer { return from(moved(location)) }
	secretTo := planted(answer{status: 302, headers: []string{allowAsked}})
	manual, refuse := fetch.Init{Redirect: fetch.RedirectManual}, fetch.Init{Redirect: fetch.RedirectError}
	return []blocked{
		{name: "redirect mode error", url: B + "/x", init: refuse, servers: from(secretTo), want: fetch.ErrRedirectDisallowed},
		{name: "redirect mode manual, same-origin", url: A + "/x", init: manual, servers: from(secretTo)},
		{name: "redirect mode manual, cross-origin", url: B + "/x", init: manual, servers: from(secretTo)},
		{name: "redirect: no URL", url: B + "/x", servers: to("http://["), want: fetch.ErrInvalidRedirect},
		{name: "redirect: no HTTP URL", url: B + "/x", servers: to("data:,x"), want: fetch.ErrUnsafeRedirect},
		{name: "redirect: the 21st", url: B + "/x", servers: to("/x"), want: fetch.ErrTooManyRedirects},
		{name: "redirect: userinfo", url: A + "/x", servers: to("https://u:" + secret + "@b.test/x"), want: fetch.ErrRedirectContainsCredentials},
		{name: "redirect: a stream", method: "POST", url: A + "/x", stream: true, servers: to("/y"), want: fetch.ErrBodyNotReplayable},
		{name: "redirect to a bad port", url: A + "/x", servers: to("https://a.test:1/"), want: fetch.ErrUnsafePort},
		{name: "redirect to mixed content", url: A + "/x", servers: to("http://b.test/"), want: fetch.ErrMixedContent},
		{name: "redirect to another origin", url: A + "/x", init: fetch.Init{Mode: fetch.ModeSameOrigin}, servers: to(B), want: fetch.ErrDisallowedByMode},
		{
			name: "redirect to no connection", url: A + "/x", want: fetch.ErrNetwork,
			servers: map[string]answer{A + "/x": moved(B), B + "/": {err: errors.New("refused")}},
		},
		{
			name: "redirect to a timeout", url: A + "/x", want: fetch.ErrNetwork,
			servers: map[string]answer{A + "/x": moved(B), B + "/": {err: context.DeadlineExceeded}},
		},
		{
			name: "redirect with userinfo, refused there", url: A + "/x", want: fetch.ErrProxyAuth,
			servers: map[string]answer{A + "/x": moved("https://u:" + secret + "@a.test/y"), A + "/y": planted(answer{status: 407})},
		},
		{
			name: "redirect with userinfo to a bad port", url: A + "/x", init: fetch.Init{Mode: fetch.ModeNoCORS}, want: fetch.ErrUnsafePort,
			servers: to("https://u:" + secret + "@b.test:1/"),
		},
		{
			name: "redirect with userinfo to what is refused", url: A + "/x", want: fetch.ErrMissingAllowOriginHeader,
			servers: map[string]answer{A + "/x": moved("https://u:" + secret + "@a.test/y"), A + "/y": moved(B + "/z"), B + "/z": planted(answer{})},
		},
		{
			name: "redirect to a preflight that refuses", url: A + "/x", headers: []string{"X-A: 1"}, want: fetch.ErrPreflightMissingAllowOriginHeader,
			servers: map[string]answer{A + "/x": moved(B + "/y"), B + "/y": planted(answer{})},
		},
	}
}

// blockedOtherwise are the other ways for a response not to reach the page.
func blockedOtherwise() []blocked {
	noCORS := fetch.Init{Mode: fetch.ModeNoCORS}
	status := func(s int) map[string]answer {
		a := planted(answer{status: s, headers: []string{allowAsked}})
		return map[string]answer{A + "/x": a, B + "/x": a}
	}
	corp := func(policy string) map[string]answer {
		return map[string]answer{B + "/x": planted(answer{status: 302, headers: []string{"Cross-Origin-Resource-Policy: " + policy}})}
	}
	twice := 0
	return []blocked{
		{name: "407", url: A + "/x", servers: status(407), want: fetch.ErrProxyAuth},
		{name: "407 cross-origin", url: B + "/x", servers: status(407), want: fetch.ErrProxyAuth},
		{name: "407 opaque", url: B + "/x", init: noCORS, servers: status(407), want: fetch.ErrProxyAuth},
		{name: "101", url: A + "/x", servers: status(101), want: fetch.ErrInvalidResponse},
		{name: "199", url: B + "/x", servers: status(199), want: fetch.ErrInvalidResponse},
		{name: "1000", url: B + "/x", servers: status(1000), want: fetch.ErrInvalidResponse},
		{
			name: "421, then no connection", url: A + "/x", want: fetch.ErrNetwork,
			servers: map[string]answer{A + "/x": {do: func(req *http.Request) (*http.Response, error) {
				if twice++; twice%2 == 1 {
					return planted(answer{status: 421}).do(req)
				}
				return nil, errors.New("refused")
			}}},
		},
		{name: "CORP same-origin", url: B + "/x", init: noCORS, servers: corp("same-origin"), want: fetch.ErrCorpNotSameOrigin},
		{name: "CORP same-site", url: B + "/x", init: noCORS, servers: corp("same-site"), want: fetch.ErrCorpNotSameSite},
		{
			name: "no CORP where it is required", url: B + "/x", init: noCORS, servers: status(200), want: fetch.ErrCorpNotSameOriginAfterDefaultedToSameOriginByCoep,
			page: func(p *fetch.Transport) { p.EmbedderPolicy = fetch.EmbedderRequireCORP },
		},
		{name: "opaque", url: B + "/x", init: noCORS, servers: status(200)},
		{name: "opaque 304", url: B + "/x", init: noCORS, servers: status(304)},
		{name: "opaque 421", url: B + "/x", init: noCORS, servers: status(421)},
		{name: "opaque redirect without Location", url: B + "/x", init: noCORS, servers: map[string]answer{B + "/x": {do: func(req *http.Request) (*http.Response, error) {
			resp, err := planted(answer{status: 302}).do(req)
			delete(resp.Header, "Location")
			return resp, err
		}}}},
		{
			name: "opaque after a redirect", url: B + "/x", init: noCORS,
			servers: map[string]answer{B + "/x": planted(answer{status: 302, headers: []string{"Location: /" + secret}}), B + "/" + secret: planted(answer{})},
		},
	}
}

// TestBlockedMeansBlocked plants a secret everywhere in responses that are
// refused or hidden, and looks for it in all that the caller gets.
func TestBlockedMeansBlocked(t *testing.T) {
	for _, c := range blockedRows() {
		t.Run(c.name, func(t *testing.T) {
			// What is refused may still set cookies: the jar is not the page's.
			p := page(t, &web{servers: c.servers}, A, nil)
			p.Browser.Jar = jarOf(t, nil)
			if c.page != nil {
				c.page(p)
			}
			check(t, p, c)
		})
	}
}

// blockedRows are all of them.
func blockedRows() []blocked {
	return slices.Concat(blockedByCORS(), blockedByPreflight(), blockedRedirects(), blockedOtherwise())
}

// withoutResponse are the reasons for which a fetch fails before there is any
// response that could be told.
var withoutResponse = []fetch.Reason{
	fetch.ErrInvalidPage, fetch.ErrInvalidInit, fetch.ErrInvalidURL, fetch.ErrURLContainsCredentials, fetch.ErrInvalidReferrer,
	fetch.ErrModeNavigate, fetch.ErrOnlyIfCachedMode, fetch.ErrInvalidMethod, fetch.ErrForbiddenMethod, fetch.ErrNoCorsMethod,
	fetch.ErrInvalidHeaderName, fetch.ErrInvalidHeaderValue, fetch.ErrBodyNotAllowed, fetch.ErrNoCorsStream,
	fetch.ErrStreamNotSupported, fetch.ErrStreamOverHTTP1,
	fetch.ErrCorsDisabledScheme, fetch.ErrNoCorsRedirectModeNotFollow, fetch.ErrUnsupportedScheme, fetch.ErrCacheMiss,
}

// TestEveryReasonIsTried makes sure that no way to be refused is forgotten.
func TestEveryReasonIsTried(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "error.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	tried := map[fetch.Reason]bool{fetch.ErrAborted: true} // by TestAbortedMeansBlocked
	for _, c := range blockedRows() {
		tried[c.want] = true
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if t, ok := spec.Type.(*ast.Ident); !ok || t.Name != "Reason" {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		n++
		if got := slices.Contains(withoutResponse, fetch.Reason(value)); tried[fetch.Reason(value)] == got {
			t.Errorf("%s: tried: %v, cannot have a response: %v; want one of them", value, tried[fetch.Reason(value)], got)
		}
		return true
	})
	if n < 40 {
		t.Errorf("%d reasons in error.go; want more than 40", n)
	}
}

// TestAbortedMeansBlocked ends the fetch when the secret has just come.
func TestAbortedMeansBlocked(t *testing.T) {
	for _, c := range []struct{ name, at, url string }{
		{"at a redirect", A + "/r", A + "/r"},
		{"at a preflight", "OPTIONS " + B + "/x", B + "/x"},
		{"at the connection", A + "/err", A + "/err"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			servers := map[string]answer{
				A + "/r":              planted(redirectTo(307, B+"/x")),
				"OPTIONS " + B + "/x": planted(allows()),
				A + "/err": {do: func(*http.Request) (*http.Response, error) {
					return nil, errors.New("malformed HTTP response " + secret)
				}},
			}
			answers := servers[c.at].do
			servers[c.at] = answer{do: func(req *http.Request) (*http.Response, error) {
				cancel(errReason)
				return answers(req)
			}}
			resp, err := page(t, &web{servers: servers}, A, nil).Fetch(ctx, &fetch.Request{Method: "PUT", URL: c.url})
			holds(t, "Fetch", fetch.ErrAborted, err, resp)
		})
	}
}

// check makes c's fetch in each way there is.
func check(t *testing.T, p *fetch.Transport, c blocked) {
	t.Helper()
	s := story{method: c.method, url: c.url, headers: c.headers, stream: c.stream, init: c.init}
	if c.stream {
		s.body = "b"
	}
	resp, err := p.Fetch(t.Context(), s.request())
	holds(t, "Fetch", c.want, err, resp)
	request := func() *http.Request {
		req := withInit(t, c.method, c.url, c.init)
		req.Header = headerOf(c.headers)
		if c.stream {
			req.Body = io.NopCloser(strings.NewReader("b"))
		}
		return req
	}
	hresp, err := p.RoundTrip(request())
	holds(t, "RoundTrip", c.want, err, hresp)
	hresp, err = (&http.Client{Transport: p}).Do(request())
	if uerr, ok := err.(*url.Error); ok {
		err = uerr.Err
	}
	holds(t, "Client.Do", c.want, err, hresp)
}

// holds fails if a fetch did not end with the reason, or if the secret is in
// the error or the response.
func holds[R fetch.Response | http.Response](t *testing.T, how string, want fetch.Reason, err error, resp *R) {
	t.Helper()
	if got := reason(t, err); got != want {
		t.Errorf("%s: reason %q (%v); want %q", how, got, err, want)
	}
	if err != nil && resp != nil {
		t.Errorf("%s: a response and an error", how)
	}
	if at := findSecret(err, secret); at != nil {
		t.Errorf("%s: the secret is in the error, at %q", how, at)
	}
	if resp == nil {
		return
	}
	var body io.ReadCloser
	switch r := any(resp).(type) {
	case *fetch.Response:
		body = r.Body
	case *http.Response:
		body = r.Body
	}
	data, err := io.ReadAll(body)
	body.Close()
	if len(data) > 0 || err != nil {
		t.Errorf("%s: body %q, %v; want none", how, data, err)
	}
	if at := findSecret(resp, secret); at != nil {
		t.Errorf("%s: the secret is in the response, at %q", how, at)
	}
}

// TestHiddenHeadersAreGone: a response that the page may read holds its visible
// headers only.
func TestHiddenHeadersAreGone(t *testing.T) {
	open := answer{headers: []string{
		allowAsked, "X-Secret: " + secret, "Set-Cookie: " + secret, "Location: " + secret, "Access-Control-Allow-Methods: " + secret,
	}}
	p := page(t, &web{servers: map[string]answer{B + "/x": open}}, A, nil)
	s := story{url: B + "/x"}
	resp, err := p.Fetch(t.Context(), s.request())
	holds(t, "Fetch", "", err, resp)
	hresp, err := p.RoundTrip(withInit(t, "GET", B+"/x", fetch.Init{}))
	holds(t, "RoundTrip", "", err, hresp)
}

// malformed are responses that are none, each with the secret in what is wrong
// with it.
var malformed = []struct {
	name string
	rawAnswer
	want fetch.Reason
}{
	{"no status line", rawAnswer{secret + "\r\n\r\n", true}, fetch.ErrInvalidResponse},
	{"no status code", rawAnswer{lines("HTTP/1.1 "+secret+" OK", "X: "+secret), true}, fetch.ErrInvalidResponse},
	{"a status code of six digits", rawAnswer{lines("HTTP/1.1 200200 "+secret, "X: "+secret), true}, fetch.ErrInvalidResponse},
	{"no version", rawAnswer{lines(secret+"/1.1 200 OK", "X: "+secret), true}, fetch.ErrInvalidResponse},
	{"NUL in a value", rawAnswer{lines("HTTP/1.1 200 OK", "X: "+secret+"\x00", "Content-Length: 0"), false}, fetch.ErrInvalidResponse},
	{"CR in a value", rawAnswer{lines("HTTP/1.1 200 OK", "X: "+secret+"\r"+secret, "Content-Length: 0"), false}, fetch.ErrInvalidResponse},
	{"a line without colon", rawAnswer{lines("HTTP/1.1 200 OK", secret, "Content-Length: 0"), false}, fetch.ErrInvalidResponse},
	{"a name with a space", rawAnswer{lines("HTTP/1.1 200 OK", "X "+secret+": x", "Content-Length: 0"), false}, fetch.ErrMissingAllowOriginHeader},
	{"a first line that continues", rawAnswer{lines("HTTP/1.1 200 OK", " "+secret+": x", "Content-Length: 0"), false}, fetch.ErrInvalidResponse},
	{"no length", rawAnswer{lines("HTTP/1.1 200 OK", "Content-Length: "+secret), false}, fetch.ErrInvalidResponse},
	{"two lengths", rawAnswer{lines("HTTP/1.1 200 OK", "Content-Length: 1", "Content-Length: "+secret) + "x", false}, fetch.ErrInvalidResponse},
	{"no transfer coding", rawAnswer{lines("HTTP/1.1 200 OK", "Transfer-Encoding: "+secret) + "x", false}, fetch.ErrInvalidResponse},
	{"two transfer codings", rawAnswer{lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Transfer-Encoding: "+secret) + "x", false}, fetch.ErrInvalidResponse},
	{"a trailer that is none", rawAnswer{lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Trailer: Content-Length, "+secret) + "0\r\n\r\n", false}, ""},
	{"hung up on in the header", rawAnswer{"HTTP/1.1 200 " + secret + "\r\nX: " + secret + "\r\n", true}, fetch.ErrNetwork},
	{"hung up on in the status line", rawAnswer{"HTTP/1.1 200 " + secret, true}, fetch.ErrNetwork},
	{"a line of 1 MB", rawAnswer{lines("HTTP/1.1 200 "+secret, "X: "+strings.Repeat(secret, 1<<20/len(secret)), "Content-Length: 0"), false}, fetch.ErrMissingAllowOriginHeader},
	{"a header of 20 MB", rawAnswer{lines("HTTP/1.1 200 OK", "X: "+strings.Repeat(secret, 20<<20/len(secret)), "Content-Length: 0"), false}, fetch.ErrInvalidResponse},
	{"101", rawAnswer{lines("HTTP/1.1 101 "+secret, "Connection: Upgrade", "Upgrade: "+secret) + secret, true}, fetch.ErrInvalidResponse},
	{"a status without a number of three digits", rawAnswer{lines("HTTP/1.1 20x "+secret, "Content-Length: 0"), true}, fetch.ErrInvalidResponse},
}

// TestMalformedMeansBlocked is the same of responses that net/http refuses: its
// errors quote them.
func TestMalformedMeansBlocked(t *testing.T) {
	for _, c := range malformed {
		for _, method := range []string{"GET", "PUT"} {
			want, answers := c.want, map[string]rawAnswer{"GET": c.rawAnswer, "PUT": {}, "OPTIONS": c.rawAnswer}
			if c.want == fetch.ErrMissingAllowOriginHeader && method == "PUT" {
				want = fetch.ErrPreflightMissingAllowOriginHeader
			}
			t.Run(c.name+" to "+method, func(t *testing.T) {
				server := serveRaw(t, answers)
				p := realPage(t)
				if want == "" {
					refusedSomehow(t, p, method, server)
					return
				}
				check(t, p, blocked{method: method, url: server, want: want})
			})
			t.Run(c.name+" to "+method+" of a transport of one's own", func(t *testing.T) {
				server := serveRaw(t, answers)
				p := realPage(t)
				p.Browser.Base = &wrapper{&http.Transport{DisableCompression: true}}
				refusedSomehow(t, p, method, server)
			})
		}
	}
}

// A wrapper is no http.Transport, but fails like one.
type wrapper struct{ base *http.Transport }

func (w *wrapper) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.base.RoundTrip(req)
	if err != nil {
		err = fmt.Errorf("wrapped: %w", err)
	}
	return resp, err
}

func (w *wrapper) CloseIdleConnections() { w.base.CloseIdleConnections() }

// refusedSomehow fails unless the fetch is refused without telling the secret.
func refusedSomehow(t *testing.T, p *fetch.Transport, method, url string) {
	t.Helper()
	resp, err := p.Fetch(t.Context(), &fetch.Request{Method: method, URL: url})
	if err == nil {
		resp.Body.Close()
		t.Fatalf("response %+v; want an error", resp)
	}
	holds(t, "Fetch", reason(t, err), err, resp)
}

// TestNoTLSMeansBlocked: what a server says that does not speak TLS.
func TestNoTLSMeansBlocked(t *testing.T) {
	five := secret[:5] // what crypto/tls looks at, and keeps in its error
	for _, said := range []string{five + "\r\n", "HTTP/1.1 400 " + secret + "\r\n\r\n", "\x15\x03\x01\x00\x02" + secret} {
		t.Run(fmt.Sprintf("%q", said), func(t *testing.T) {
			server := serveRaw(t, map[string]rawAnswer{noRequest: {said, true}})
			p := realPage(t)
			resp, err := p.Fetch(t.Context(), &fetch.Request{URL: strings.Replace(server, "http:", "https:", 1)})
			if reason(t, err) == "" || resp != nil {
				t.Fatalf("Fetch = %v, %v; want an error", resp, err)
			}
			if at := findSecret(err, five); at != nil {
				t.Errorf("the secret is in the error, at %q: %v", at, err)
			}
		})
	}
}

// An h2frame is a frame of HTTP/2.
func h2frame(kind, flags byte, stream uint32, payload string) string {
	head := []byte{0, byte(len(payload) >> 8), byte(len(payload)), kind, flags}
	return string(binary.BigEndian.AppendUint32(head, stream)) + payload
}

// h2field is a header field as HPACK spells it out.
func h2field(name, value string) string {
	return "\x00" + string(rune(len(name))) + name + string(rune(len(value))) + value
}

// TestMalformedHTTP2MeansBlocked is the same over HTTP/2.
func TestMalformedHTTP2MeansBlocked(t *testing.T) {
	const headers, reset, settings, goAway, endStream, endHeaders = 1, 3, 4, 7, 1, 4
	head := func(fields ...string) string {
		return h2frame(headers, endStream|endHeaders, 1, strings.Join(fields, ""))
	}
	ok := h2field(":status", "200")
	for _, c := range []struct{ name, frames string }{
		{"a name in capitals", head(ok, h2field(strings.ToUpper(secret)+secret, "x"))},
		{"a name with a space", head(ok, h2field("x "+secret, "x"))},
		{"a value with NUL", head(ok, h2field(secret, secret+"\x00"))},
		{"an unknown pseudo-header", head(ok, h2field(":"+secret, "x"))},
		{"no status", head(h2field("x", secret))},
		{"a status that is no number", head(h2field(":status", secret))},
		{"two statuses", head(ok, h2field(":status", secret))},
		{"a stream that is reset", h2frame(reset, 0, 1, "\x00\x00\x00\x02")},
		{"a connection that ends", h2frame(goAway, 0, 0, "\x00\x00\x00\x00\x00\x00\x00\x01"+secret)},
		{"a connection that ends without the answer", h2frame(goAway, 0, 0, "\x00\x00\x00\x01\x00\x00\x00\x01"+secret)},
		{"no HPACK", h2frame(headers, endStream|endHeaders, 1, "\x00\xff\xff\xff\xff\xff"+secret)},
		{"no HTTP/2", "HTTP/1.1 200 " + secret + "\r\n\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(nil)
			server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
				"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
					io.WriteString(conn, h2frame(settings, 0, 0, ""))
					if awaitHeaders(conn) == nil {
						io.WriteString(conn, c.frames)
					}
					conn.CloseWrite()
					io.Copy(io.Discard, conn)
				},
			}
			server.TLS = &tls.Config{NextProtos: []string{"h2"}}
			server.StartTLS()
			t.Cleanup(server.Close) // after the page's connections
			client := http.Transport{
				TLSClientConfig:   &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs},
				ForceAttemptHTTP2: true,
			}
			for _, base := range []http.RoundTripper{&client, &wrapper{base: client.Clone()}} {
				p := realPage(t)
				p.Browser.Base = base
				refusedSomehow(t, p, "GET", server.URL)
			}
		})
	}
}

// awaitHeaders reads frames of HTTP/2, after the client's preface, to the first
// HEADERS.
func awaitHeaders(conn net.Conn) error {
	if _, err := io.CopyN(io.Discard, conn, int64(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return err
	}
	for {
		var head [9]byte
		if _, err := io.ReadFull(conn, head[:]); err != nil {
			return err
		}
		length := int64(head[0])<<16 | int64(head[1])<<8 | int64(head[2])
		if _, err := io.CopyN(io.Discard, conn, length); err != nil {
			return err
		}
		if head[3] == 1 {
			return nil
		}
	}
}

// TestProxyMeansBlocked: what a proxy says to CONNECT is nothing for the page
// either.
func TestProxyMeansBlocked(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer string
	}{
		{"407", lines("HTTP/1.1 407 "+secret, "Proxy-Authenticate: Basic realm="+secret, "Content-Length: 0")},
		{"502", lines("HTTP/1.1 502 "+secret, "Content-Length: 0")},
		{"no response", lines(secret)},
	} {
		t.Run(c.name, func(t *testing.T) {
			proxy, err := url.Parse(serveRaw(t, map[string]rawAnswer{"CONNECT": {c.answer, true}}))
			if err != nil {
				t.Fatal(err)
			}
			p := realPage(t)
			p.Origin = origin.MustParse(A)
			p.Browser.Base = &http.Transport{Proxy: http.ProxyURL(proxy)}
			refusedSomehow(t, p, "GET", A+"/x")
		})
	}
}

// TestMalformedTrailer: a trailer that breaks the body is quoted by net/http's
// error.
func TestMalformedTrailer(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
	for _, c := range []struct{ name, trailer string }{
		{"no colon", secret + "\r\n\r\n"},
		{"NUL", "X: " + secret + "\x00\r\n\r\n"},
		{"hung up on", "X: " + secret},
	} {
		t.Run("FIL-009 a trailer that is none: "+c.name, func(t *testing.T) {
			server := serveRaw(t, map[string]rawAnswer{"GET": {head + c.trailer, true}})
			resp, err := realPage(t).Fetch(t.Context(), &fetch.Request{URL: server})
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			data, err := io.ReadAll(resp.Body)
			if string(data) != "hello" || err == nil {
				t.Errorf("body %q, %v; want hello and an error", data, err)
			}
			if at := findSecret(err, secret); at != nil {
				t.Errorf("the body's error %q tells the trailer, at %q", err, at)
			}
		})
	}
}
