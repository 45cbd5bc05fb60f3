package fetch_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// TestHeaderOrder: net/http decides in which order headers are on the wire, as
// the documentation of Profile says.
func TestHeaderOrder(t *testing.T) {
	const url = "http://b.test/x"
	for _, tt := range []struct {
		name    string
		call    call
		closing bool
		want    []string
	}{
		{"GET", call{url: url, header: []string{"accept-language: fr"}}, false,
			[]string{"Host", "User-Agent", "Accept", "Accept-Language", "Origin", "Referer"}},
		{"POST", call{method: "POST", url: url, body: "x", header: []string{"content-type: text/plain"}}, false,
			[]string{"Host", "User-Agent", "Content-Length", "Accept", "Accept-Language", "Content-Type", "Origin", "Referer"}},
		{"on a connection that closes", call{method: "POST", url: url, body: "x", header: []string{"content-type: text/plain"}}, true,
			[]string{"Host", "User-Agent", "Content-Length", "Accept", "Accept-Language", "Content-Type", "Origin", "Referer", "Connection"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			head := make(chan []string, 1)
			base := &http.Transport{DisableKeepAlives: tt.closing, DialContext: func(context.Context, string, string) (net.Conn, error) {
				client, server := net.Pipe()
				go func() {
					defer server.Close()
					head <- readHead(server)
					server.Write([]byte("HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n"))
				}()
				return client, nil
			}}
			p := &fetch.Transport{Origin: origin.MustParse(H), Browser: &fetch.Browser{Base: base, Profile: fetch.Chromium()}}
			if got := tt.call.fetch(t, t.Context(), p); got != "cors 204" {
				t.Fatalf("got %s; want cors 204", got)
			}
			if diff := cmp.Diff(tt.want, <-head); diff != "" {
				t.Errorf("header names: -want +got:\n%s", diff)
			}
		})
	}
}

// readHead returns the names of the headers of a request, as they come, and reads
// on to the end of a body of one byte.
func readHead(c net.Conn) (names []string) {
	in := bufio.NewReader(c)
	in.ReadString('\n')
	hasBody := false
	for {
		line, err := in.ReadString('\n')
		name, _, ok := strings.Cut(line, ":")
		if err != nil || !ok {
			break
		}
		names = append(names, name)
		hasBody = hasBody || name == "Content-Length"
	}
	if hasBody {
		in.ReadByte()
	}
	return names
}
