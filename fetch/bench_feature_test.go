package fetch_test

import (
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/fetch/hsts"
	"github.com/corsfetch/corsfetch/fetch/httpauth"
	"github.com/corsfetch/corsfetch/fetch/integrity"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// A situation is a page that fetches something, and the server that answers from
// memory.
type situation struct {
	page    fetch.Transport
	browser fetch.Browser
	request fetch.Request
	sends   string // the body of each request
	header  http.Header
	body    string
}

// RoundTrip answers as cheaply as a server in memory can. A request has its
// connection from an address of the Internet.
func (s *situation) RoundTrip(req *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(req.Context()); trace != nil {
		trace.GotConn(httptrace.GotConnInfo{Conn: toInternet{}})
	}
	return &http.Response{
		Status: "200 OK", StatusCode: 200, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: maps.Clone(s.header), Body: io.NopCloser(strings.NewReader(s.body)), ContentLength: int64(len(s.body)), Request: req,
	}, nil
}

// toInternet is a connection that goes nowhere.
type toInternet struct{ net.Conn }

var internetAddr = &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}

func (toInternet) RemoteAddr() net.Addr { return internetAddr }

// newSituation returns a cross-origin GET, as changed by the changes that are not
// nil.
func newSituation(changes ...func(*situation)) *situation {
	s := &situation{
		request: fetch.Request{URL: "https://api.test/dir/x"},
		header:  http.Header{"Access-Control-Allow-Origin": {"*"}, "Content-Type": {"image/png"}, "X-Other": {"?"}},
	}
	s.page.Origin = origin.MustParse("https://app.test")
	s.page.Browser = &s.browser
	s.browser.Base = s
	for _, change := range changes {
		if change != nil {
			change(s)
		}
	}
	return s
}

// fetch returns what fetches, and reads the response to its end.
func (s *situation) fetch(b *testing.B) func() {
	return func() {
		req := s.request
		if s.sends != "" {
			req.Body = strings.NewReader(s.sends)
		}
		resp, err := s.page.Fetch(context.Background(), &req)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
}

func sameOrigin(s *situation) { s.request.URL = "https://app.test/dir/x" }
func onHTTP(s *situation)     { s.page.Origin = origin.MustParse("http://app.test") }
func byHTTP(s *situation)     { s.request.URL = "http://api.test/dir/x" }
func chromium(s *situation)   { s.browser.Profile = fetch.Chromium() }
func noCORS(s *situation)     { s.request.Mode = fetch.ModeNoCORS }
func toImage(s *situation)    { s.request.Destination = "image" }
func withoutORB(s *situation) { s.browser.Profile.Response.ORB = nil }

// of is several changes in one.
func of(changes ...func(*situation)) func(*situation) {
	return func(s *situation) {
		for _, change := range changes {
			change(s)
		}
	}
}

// header has the server send a header, in place of one that means nothing.
func header(name, value string) func(*situation) {
	return func(s *situation) {
		delete(s.header, "X-Other")
		s.header[name] = []string{value}
	}
}

// cookie has a cookie been set by an earlier visit.
func cookie(line string) func(*situation) {
	return func(s *situation) {
		s.browser.Cookies = new(cookies.Store)
		s.browser.Cookies.SetCookies(cookies.Request{
			URLs:   []*weburl.URL{weburl.MustParse(s.request.URL)},
			Origin: s.page.Origin,
		}, []string{line}, cookies.Rules{}, time.Now())
	}
}

// loggedIn has somebody logged in to the directory of the URL.
func loggedIn(challenge string) func(*situation) {
	return func(s *situation) {
		s.browser.Auth = new(httpauth.Store)
		c := httpauth.Parse([]string{challenge}, httpauth.Rules{})[0]
		s.browser.Auth.Add(httpauth.Space{Origin: s.page.Origin.String()}, &c, "/dir/login", httpauth.User{Name: "u", Password: "p"}, httpauth.Rules{})
	}
}

// knows has a host asked for https.
func knows(host string) func(*situation) {
	return func(s *situation) {
		s.browser.HSTS = new(hsts.Store)
		s.browser.HSTS.Set(host, hsts.Policy{MaxAge: time.Hour}, time.Now())
	}
}

// A feature is something that a fetch can use: in the base situation, as with
// changes it. What it is held against is as without changes it.
type feature struct {
	name                string
	base, without, with func(*situation)
}

var features = []feature{
	{"cookie sent", sameOrigin, nil, cookie("session=0123456789abcdef; Secure; HttpOnly; Path=/")},
	{"cookie stored", sameOrigin, nil, header("Set-Cookie", "session=0123456789abcdef; Secure; HttpOnly; Path=/elsewhere")},
	{"Basic known", sameOrigin, nil, loggedIn(`Basic realm="r"`)},
	{"Digest known", sameOrigin, nil, loggedIn(`Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256`)},
	{"HSTS host unknown", of(onHTTP, byHTTP), nil, knows("other.test")},
	{"HSTS host known", onHTTP, nil, of(byHTTP, knows("api.test"))},
	{"HSTS learned", nil, nil, header("Strict-Transport-Security", "max-age=31536000; includeSubDomains")},
	{"integrity of 16 KiB", func(s *situation) { s.body = strings.Repeat("x", 16<<10) }, nil, func(s *situation) {
		s.request.Integrity = "sha256-" + integrity.SHA256.Sum([]byte(s.body))
	}},
	{"ORB by type", of(chromium, noCORS, toImage), withoutORB, nil},
	{"ORB by content", of(chromium, noCORS, toImage, header("Content-Type", "application/octet-stream"), func(s *situation) { s.body = "\x89PNG\r\n\x1a\n" }), withoutORB, nil},
	{"nosniff", of(noCORS, header("Content-Type", "text/javascript"), func(s *situation) { s.request.Destination = "script" }), nil, header("X-Content-Type-Options", "nosniff")},
	{"Local Network Access", chromium, nil, func(s *situation) { s.page.AddressSpace = fetch.AddressSpacePublic }},
	{"upgrade-insecure-requests", nil, nil, of(byHTTP, func(s *situation) { s.page.UpgradeInsecureRequests = true })},
	{"keepalive", func(s *situation) { s.request.Method, s.sends = "POST", "0123456789" }, nil, func(s *situation) { s.request.Keepalive = true }},
	{"blob:", sameOrigin, nil, func(s *situation) {
		s.request.URL = s.page.CreateObjectURL(fetch.Blob{Type: "image/png"})
	}},
	{"referrer policy", nil, func(s *situation) { s.page.ReferrerPolicy = fetch.NoReferrerPolicy }, func(s *situation) { s.page.ReferrerPolicy = fetch.StrictOriginPolicy }},
	{"CORP with COEP", of(noCORS, header("Cross-Origin-Resource-Policy", "cross-origin")), nil, func(s *situation) { s.page.EmbedderPolicy = fetch.EmbedderRequireCORP }},
	{"Timing-Allow-Origin", nil, nil, header("Timing-Allow-Origin", "*")},
}

// BenchmarkFeature: a fetch that uses something, against the same fetch that does
// not.
func BenchmarkFeature(b *testing.B) {
	for _, f := range features {
		b.Run(f.name, func(b *testing.B) {
			compare(b, newSituation(f.base, f.without).fetch(b), newSituation(f.base, f.with).fetch(b))
		})
	}
}
