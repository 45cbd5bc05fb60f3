package fetch_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
)

// What a preflight's answer must say.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0

func TestPreflightStatus(t *testing.T) {
	at := func(status int) map[string]answer {
		return servers(answer{status: status, headers: []string{okOrigin, "Access-Control-Allow-Methods: PUT"}}, answer{headers: []string{okOrigin}})
	}
	var points []point
	for _, status := range []int{200, 201, 202, 203, 204, 205, 206, 299} {
		points = append(points, point{name: "PFV-001 status " + strconv.Itoa(status), call: call{method: "PUT", url: B + "/x"}, servers: at(status), want: "OPTIONS PUT => cors 200"})
	}
	for _, status := range []int{300, 301, 302, 304, 307, 400, 403, 404, 405, 500, 503} {
		points = append(points, point{name: "PFV-002 status " + strconv.Itoa(status), call: call{method: "PUT", url: B + "/x"}, servers: at(status), want: "OPTIONS => PreflightInvalidStatus"})
	}
	runPoints(t, points)
}

func TestPreflightOrigin(t *testing.T) {
	const acam = "Access-Control-Allow-Methods: PUT"
	put, includePut := call{method: "PUT", url: B + "/x"}, call{method: "PUT", url: B + "/x", init: include}
	says := func(status int, lines ...string) map[string]answer {
		return servers(answer{status: status, headers: append([]string{acam}, lines...)}, answer{headers: []string{okOrigin, okCredentials}})
	}
	runPoints(t, []point{
		{name: "PFV-003 no Access-Control-Allow-Origin", call: put, servers: says(204), want: "OPTIONS => PreflightMissingAllowOriginHeader"},
		{name: "PFV-003 another origin", call: put, servers: says(204, "Access-Control-Allow-Origin: "+A2), want: "OPTIONS => PreflightAllowOriginMismatch"},
		{name: "PFV-003 the origin twice", call: put, servers: says(204, okOrigin, okOrigin), want: "OPTIONS => PreflightMultipleAllowOriginValues"},
		{name: "PFV-003 any origin", call: put, servers: says(204, "Access-Control-Allow-Origin: *"), want: "OPTIONS PUT => cors 200"},
		{name: "PFV-003 none, and no ok status either: the origin is told", call: put, servers: says(404), want: "OPTIONS => PreflightMissingAllowOriginHeader"},
		{name: "PFV-003 none, and no ok status either: webkit tells the status", profile: fetch.WebKit(), call: put, servers: says(404), want: "OPTIONS => PreflightInvalidStatus"},
		{name: "PFV-019 included credentials need Access-Control-Allow-Credentials", call: includePut, servers: says(204, okOrigin), want: "OPTIONS => PreflightInvalidAllowCredentials"},
		{name: "PFV-019 and it is exactly true", call: includePut, servers: says(204, okOrigin, "Access-Control-Allow-Credentials: True"), want: "OPTIONS => PreflightInvalidAllowCredentials"},
		{name: "PFV-019 not included ones do not", call: put, servers: says(204, okOrigin), want: "OPTIONS PUT => cors 200"},
		{name: "PFV-020 included credentials need more than *", call: includePut, servers: says(204, "Access-Control-Allow-Origin: *", okCredentials), want: "OPTIONS => PreflightWildcardOriginNotAllowed"},
	})
}

func TestPreflightMethods(t *testing.T) {
	const acam = "Access-Control-Allow-Methods: "
	put, includePut := call{method: "PUT", url: B + "/x"}, call{method: "PUT", url: B + "/x", init: include}
	runPoints(t, []point{
		{name: "PFV-004 no list", call: put, servers: asked(), want: "OPTIONS => MethodDisallowedByPreflightResponse"},
		{name: "PFV-004 an empty list", call: put, servers: asked(acam), want: "OPTIONS => MethodDisallowedByPreflightResponse"},
		{name: "PFV-004 other methods", call: put, servers: asked(acam + "GET, DELETE"), want: "OPTIONS => MethodDisallowedByPreflightResponse"},
		{name: "PFV-004 Allow is another matter", call: put, servers: asked("Allow: PUT"), want: "OPTIONS => MethodDisallowedByPreflightResponse"},
		{name: "PFV-005 methods are compared by case", call: put, servers: asked(acam + "put"), want: "OPTIONS => MethodDisallowedByPreflightResponse"},
		{name: "PFV-005 a method that is not normalized", call: call{method: "patch", url: B + "/x"}, servers: asked(acam + "PATCH"), want: "OPTIONS => MethodDisallowedByPreflightResponse"},
		{name: "PFV-005 listed as it is", call: call{method: "patch", url: B + "/x"}, servers: asked(acam + "patch"), want: "OPTIONS patch => cors 200", wire: []string{"1 Access-Control-Request-Method: patch"}},
		{name: "PFV-006 * is any method", call: put, servers: asked(acam + "*"), want: "OPTIONS PUT => cors 200"},
		{name: "PFV-006 credentials omitted", call: call{method: "PUT", url: B + "/x", init: omit}, servers: asked(acam + "*"), want: "OPTIONS PUT => cors 200"},
		{name: "PFV-007 but not if credentials are included", call: includePut, servers: asked(acam + "*"), want: "OPTIONS => MethodDisallowedByPreflightResponse"},
		{name: "PFV-008 then a name beside * counts", call: includePut, servers: asked(acam + "*, PUT"), want: "OPTIONS PUT => cors 200"},
		{name: "PFV-008 in a header of its own", call: includePut, servers: asked(acam+"*", acam+"PUT"), want: "OPTIONS PUT => cors 200"},
		{name: "PFV-008 a method called *", call: call{method: "*", url: B + "/x", init: include}, servers: asked(acam + "*"), want: "OPTIONS * => cors 200"},
		{name: "PFV-017 a list that is none, needed or not", call: call{url: B + "/x", header: []string{"X-A: 1"}}, servers: asked(acam+"Bad method", "Access-Control-Allow-Headers: x-a"), want: "OPTIONS => InvalidAllowMethodsPreflightResponse"},
		{name: "PFV-017 one bad member beside the good one", call: put, servers: asked(acam + "PUT, B@D"), want: "OPTIONS => InvalidAllowMethodsPreflightResponse"},
		{name: "PFV-017 empty members are no bad ones", call: put, servers: asked(acam + ", ,PUT,"), want: "OPTIONS PUT => cors 200"},
	})
}

func TestPreflightHeaders(t *testing.T) {
	const acah = "Access-Control-Allow-Headers: "
	with := func(init fetch.Init, headers ...string) call { return call{url: B + "/x", header: headers, init: init} }
	xa, auth, star := "X-A: 1", "Authorization: Basic eDp5", "*: 1"
	var plain fetch.Init
	runPoints(t, []point{
		{name: "PFV-009 names are compared without case, no methods needed", call: with(plain, xa), servers: asked(acah + "X-a"), want: "OPTIONS GET => cors 200"},
		{name: "PFV-010 a safelisted method needs no listing", call: with(plain, xa), servers: asked(acah+"x-a", "Access-Control-Allow-Methods: DELETE"), want: "OPTIONS GET => cors 200"},
		{name: "PFV-011 no list", call: with(plain, xa), servers: asked(), want: "OPTIONS => HeaderDisallowedByPreflightResponse"},
		{name: "PFV-011 an empty list", call: with(plain, xa), servers: asked(acah), want: "OPTIONS => HeaderDisallowedByPreflightResponse"},
		{name: "PFV-011 one of two", call: with(plain, xa, "X-B: 1"), servers: asked(acah + "x-b"), want: "OPTIONS => HeaderDisallowedByPreflightResponse"},
		{name: "PFV-012 * is any header", call: with(plain, xa), servers: asked(acah + "*"), want: "OPTIONS GET => cors 200"},
		{name: "PFV-012 but not if credentials are included", call: with(include, xa), servers: asked(acah + "*"), want: "OPTIONS => HeaderDisallowedByPreflightResponse"},
		{name: "PFV-012 then a name beside * counts", call: with(include, xa), servers: asked(acah + "*,x-a"), want: "OPTIONS GET => cors 200"},
		{name: "PFV-013 a header called *", call: with(include, star), servers: asked(acah + "*"), want: "OPTIONS GET => cors 200", wire: []string{"1 Access-Control-Request-Headers: *", "2 " + star}},
		{name: "PFV-014 * is not Authorization", call: with(plain, auth), servers: asked(acah + "*"), want: "OPTIONS => HeaderDisallowedByPreflightResponse"},
		{name: "PFV-014 nor if credentials are included", call: with(include, auth), servers: asked(acah + "*"), want: "OPTIONS => HeaderDisallowedByPreflightResponse"},
		{name: "PFV-015 it is for chromium", profile: fetch.Chromium(), call: with(plain, auth), servers: asked(acah + "*"), want: "OPTIONS GET => cors 200"},
		{name: "PFV-015 it is for firefox", profile: fetch.Firefox(), call: with(plain, auth), servers: asked(acah + "*"), want: "OPTIONS GET => cors 200"},
		{name: "PFV-015 it is for webkit", profile: fetch.WebKit(), call: with(plain, auth), servers: asked(acah + "*"), want: "OPTIONS GET => cors 200"},
		{name: "PFV-015 but not for chromium if credentials are included", profile: fetch.Chromium(), call: with(include, auth), servers: asked(acah + "*"), want: "OPTIONS => HeaderDisallowedByPreflightResponse"},
		{name: "PFV-016 Authorization beside *", call: with(plain, auth), servers: asked(acah + "*, authorization"), want: "OPTIONS GET => cors 200"},
		{name: "PFV-018 one bad member beside the good one", call: with(plain, xa), servers: asked(acah + "x-a, bad name"), want: "OPTIONS => InvalidAllowHeadersPreflightResponse"},
		{name: "PFV-018 in a list that is not needed", call: call{method: "PUT", url: B + "/x"}, servers: asked(acah+"bad name", "Access-Control-Allow-Methods: PUT"), want: "OPTIONS => InvalidAllowHeadersPreflightResponse"},
		{
			name: "PFV-026 safelisted values that are too much together", call: with(plain, slices.Repeat([]string{"Accept: " + strings.Repeat("a", 128)}, 9)...),
			servers: asked(acah + "accept"), want: "OPTIONS GET => cors 200", wire: []string{"1 Access-Control-Request-Headers: accept"},
		},
		{
			name: "PFV-026 1024 bytes are not", call: with(plain, slices.Repeat([]string{"Accept: " + strings.Repeat("a", 128)}, 8)...),
			servers: asked(), want: "GET => cors 200",
		},
		{
			name: "PFV-026 and have to be listed", call: with(plain, slices.Repeat([]string{"Accept: " + strings.Repeat("a", 128)}, 9)...),
			servers: asked(), want: "OPTIONS => HeaderDisallowedByPreflightResponse",
		},
	})
}

func TestPreflightStream(t *testing.T) {
	post := call{method: "POST", url: B + "/x", body: "hi", stream: true}
	runPoints(t, []point{
		{name: "PFV-021 a stream needs no list of methods", call: post, servers: asked(), want: "OPTIONS POST => cors 200"},
		{name: "PFV-021 not even for a method that is not safelisted", call: call{method: "PUT", url: B + "/x", body: "hi", stream: true}, servers: asked(), want: "OPTIONS PUT => cors 200"},
		{name: "PFV-021 if credentials are included, too", call: call{method: "PUT", url: B + "/x", body: "hi", stream: true, init: include}, servers: asked(), want: "OPTIONS PUT => cors 200"},
		{name: "PFV-022 an empty list does for a safelisted one", call: post, servers: asked("Access-Control-Allow-Methods:"), want: "OPTIONS POST => cors 200"},
		{name: "PFV-022 and for no other", call: call{method: "PUT", url: B + "/x", body: "hi", stream: true}, servers: asked("Access-Control-Allow-Methods:"), want: "OPTIONS => MethodDisallowedByPreflightResponse"},
	})
	// What the stream's preflight leaves in the cache.
	for _, test := range []struct{ name, line, second string }{
		{"PFV-021 POST is cached", "Access-Control-Max-Age: 600", "POST => cors 200"},
		{"PFV-022 nothing is", "Access-Control-Allow-Methods:", "OPTIONS POST => cors 200"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := &web{servers: asked(test.line)}
			page := point{}.open(t, w)
			for i, want := range []string{"OPTIONS POST => cors 200", test.second} {
				outcome := post.fetch(t, t.Context(), page)
				if got := verdict(w.take(), outcome); got != want {
					t.Errorf("fetch %d: got %q; want %q", i+1, got, want)
				}
			}
		})
	}
}

func TestPreflightExposesNothing(t *testing.T) {
	t.Run("PFV-024 only the response itself exposes headers", func(t *testing.T) {
		w := &web{servers: servers(
			answer{headers: []string{okOrigin, "Access-Control-Allow-Methods: PUT", "Access-Control-Expose-Headers: X-Preflight, X-Secret", "X-Preflight: 1"}},
			answer{headers: []string{okOrigin, "Access-Control-Expose-Headers: X-A", "X-A: 1", "X-Secret: 1", "Content-Type: text/plain"}})}
		resp, err := point{}.open(t, w).Fetch(t.Context(), &fetch.Request{Method: "PUT", URL: B + "/x"})
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if diff := cmp.Diff(http.Header{"X-A": {"1"}, "Content-Type": {"text/plain"}}, resp.Header); diff != "" {
			t.Errorf("headers (-want +got):\n%s", diff)
		}
	})
}

// An endless body counts what is read of it, and that it is closed.
type endless struct {
	first  io.Reader // read before it goes on for ever; its error is the body's
	read   int
	closed bool
}

func (b *endless) Read(p []byte) (int, error) {
	n, err := b.first.Read(p)
	if err == io.EOF {
		n, err = len(p), nil
	}
	b.read += n
	return n, err
}

func (b *endless) Close() error { b.closed = true; return nil }

// badReader fails.
type badReader struct{}

func (badReader) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

func TestPreflightBody(t *testing.T) {
	for _, test := range []struct {
		name   string
		first  io.Reader
		length int64
	}{
		{"PFV-025 an endless body is not read", new(bytes.Buffer), -1},
		{"PFV-025 nor is a large one", new(bytes.Buffer), 1 << 40},
		{"PFV-025 nor one that lies about its length", new(bytes.Buffer), 10},
		{"PFV-025 one that breaks off does no harm", badReader{}, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := &web{servers: asked("Access-Control-Allow-Methods: PUT")}
			body := &endless{first: test.first}
			ok := w.servers["OPTIONS "+B+"/x"]
			w.servers["OPTIONS "+B+"/x"] = answer{do: func(req *http.Request) (*http.Response, error) {
				resp := ok.response(req)
				resp.StatusCode, resp.Status, resp.Body, resp.ContentLength = 200, "200 OK", body, test.length
				return resp, nil
			}}
			outcome := call{method: "PUT", url: B + "/x"}.fetch(t, t.Context(), point{}.open(t, w))
			if got, want := verdict(w.take(), outcome), "OPTIONS PUT => cors 200"; got != want {
				t.Errorf("got %q; want %q", got, want)
			}
			if body.read > 64<<10 {
				t.Errorf("%d bytes are read; want at most 64 KiB", body.read)
			}
			if !body.closed {
				t.Error("the body is not closed")
			}
		})
	}
}
