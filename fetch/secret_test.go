package fetch_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
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
	body    string
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
			name: "too much to be kept alive", method: "PUT", url: B + "/x", body: strings.Repeat("k", 64<<10+1), init: fetch.Init{Keepalive: true}, want: fetch.ErrKeepaliveLimit,
			servers: map[string]answer{"OPTIONS " + B + "/x": planted(answer{headers: []string{allowAsked, "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: x"}})},
		},
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
		{
			name: "a script of another type", url: A + "/x", init: fetch.Init{Destination: "script"}, want: fetch.ErrMIMEType,
			servers: map[string]answer{A + "/x": planted(answer{headers: []string{"Content-Type: image/png"}})},
		},
		{
			name: "nosniff", url: A + "/x", init: fetch.Init{Destination: "style"}, want: fetch.ErrNosniff,
			servers: map[string]answer{A + "/x": planted(answer{headers: []string{"Content-Type: text/html", nosniff}})},
		},
		{
			name: "ORB, by the header", url: B + "/x", init: fetch.Init{Mode: fetch.ModeNoCORS, Destination: "image"}, want: fetch.ErrOpaqueResponseBlocked,
			servers: map[string]answer{B + "/x": planted(answer{headers: []string{"Content-Type: application/pdf"}})},
			page:    func(p *fetch.Transport) { p.Browser.Profile = fetch.Chromium() },
		},
		{
			name: "ORB, by the body", url: B + "/x", init: fetch.Init{Mode: fetch.ModeNoCORS, Destination: "video"}, want: fetch.ErrOpaqueResponseBlocked,
			servers: map[string]answer{B + "/x": planted(answer{headers: []string{"Content-Type: text/html"}})},
			page:    func(p *fetch.Transport) { p.Browser.Profile = fetch.Firefox() },
		},
		{name: "integrity", url: A + "/x", init: fetch.Init{Integrity: noHash}, servers: status(200), want: fetch.ErrIntegrityMismatch},
		{name: "integrity, opaque", url: B + "/x", init: fetch.Init{Mode: fetch.ModeNoCORS, Integrity: noHash}, servers: status(200), want: fetch.ErrIntegrityNoBody},
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
	fetch.ErrStreamNotSupported, fetch.ErrStreamOverHTTP1, fetch.ErrKeepaliveStream,
	fetch.ErrCorsDisabledScheme, fetch.ErrNoCorsRedirectModeNotFollow, fetch.ErrUnsupportedScheme, fetch.ErrCacheMiss,
	fetch.ErrBlobNotFound, fetch.ErrBlobMethod, fetch.ErrBlobRange,
	fetch.ErrInsecureLocalNetwork, fetch.ErrInvalidLocalNetworkAccess, fetch.ErrLocalNetworkAccessPermissionDenied,
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
	s := story{method: c.method, url: c.url, headers: c.headers, stream: c.stream, body: c.body, init: c.init}
	if c.stream {
		s.body = "b"
	}
	resp, err := p.Fetch(t.Context(), s.request())
	holds(t, "Fetch", c.want, err, resp)
	request := func() *http.Request {
		req := withInit(t, c.method, c.url, c.init)
		req.Header = headerOf(c.headers)
		if c.body != "" {
			with, err := http.NewRequest(c.method, c.url, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Body, req.GetBody, req.ContentLength = with.Body, with.GetBody, with.ContentLength
		}
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
