package fetch_test

import (
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

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
