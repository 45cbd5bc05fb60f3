package fetch_test

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/google/go-cmp/cmp"
)

// Points of filtering that are for later: BLK (but ports and mixed content),
// INT, and SCH-004, as blob: has no URL store yet.

// filterHeaders are of each kind there is, and two that look like one.
var filterHeaders = []string{
	"Cache-Control: no-store", "Content-Language: de", "Content-Length: 5", "Content-Type: text/plain",
	"Expires: 0", "Last-Modified: x", "Pragma: no-cache",
	"Set-Cookie: a=b", "Set-Cookie2: a=b",
	"Content-Encoding: identity", "X-A: 1", "Bb-8: 1", "No: 1", "*: star", "Accept: 1",
}

// https://fetch.spec.whatwg.org/#concept-filtered-response-cors
func TestVisibleHeaders(t *testing.T) {
	safelisted := []string{"Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified", "Pragma"}
	with := func(more ...string) []string { return slices.Sorted(slices.Values(append(more, safelisted...))) }
	include := fetch.Init{Credentials: fetch.CredentialsInclude}
	for _, c := range []struct {
		name   string
		expose []string // Access-Control-Expose-Headers
		init   fetch.Init
		want   []string
	}{
		{"FIL-001 the seven safelisted", nil, fetch.Init{}, safelisted},
		{"FIL-001 with credentials", nil, include, safelisted},
		{"FIL-002 exposed", []string{"X-A, content-encoding"}, fetch.Init{}, with("X-A", "Content-Encoding")},
		{"FIL-002 exposed, with credentials", []string{"x-a,CONTENT-ENCODING"}, include, with("X-A", "Content-Encoding")},
		{"FIL-002 exposed but not there", []string{"X-Not-There"}, fetch.Init{}, safelisted},
		{"FIL-003 *", []string{"*"}, fetch.Init{}, with("Content-Encoding", "X-A", "Bb-8", "No", "*", "Accept", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers")},
		{"FIL-003 * among others", []string{"x, *"}, fetch.Init{}, with("Content-Encoding", "X-A", "Bb-8", "No", "*", "Accept", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers")},
		{"FIL-004 * with credentials is a name", []string{"*"}, include, with("*")},
		{"FIL-005 set-cookie", []string{"set-cookie, Set-Cookie2, X-A"}, fetch.Init{}, with("X-A")},
		{"FIL-005 set-cookie with credentials", []string{"set-cookie, Set-Cookie2, X-A"}, include, with("X-A")},
		{"FIL-006 no list", []string{"bb-8, no no"}, fetch.Init{}, safelisted},
		{"FIL-006 no list, with *", []string{"*, no no"}, fetch.Init{}, safelisted},
		{"FIL-006 one of two is no list", []string{"bb-8", "no no"}, fetch.Init{}, safelisted},
		{"FIL-007 two headers", []string{"bb-8", "no"}, fetch.Init{}, with("Bb-8", "No")},
		{"FIL-007 an empty element", []string{",bb-8"}, fetch.Init{}, with("Bb-8")},
		{"FIL-007 no element", []string{""}, fetch.Init{}, safelisted},
	} {
		headers := append([]string{allowAsked, allowCredentials}, filterHeaders...)
		for _, e := range c.expose {
			headers = append(headers, "Access-Control-Expose-Headers: "+e)
		}
		story{
			servers: map[string]answer{B + "/x": {headers: headers}}, url: B + "/x", init: c.init,
			want: "cors 200 https://b.test/x",
			check: func(t *testing.T, end ending) {
				want := slices.Sorted(slices.Values(c.want))
				if diff := cmp.Diff(want, slices.Sorted(maps.Keys(end.response.Header))); diff != "" {
					t.Errorf("visible headers (-want +got):\n%s", diff)
				}
			},
		}.run(t, c.name)
	}
}

// https://fetch.spec.whatwg.org/#concept-filtered-response
func TestFilteredResponses(t *testing.T) {
	full := answer{status: 201, headers: append([]string{allowAsked, "Access-Control-Expose-Headers: *"}, filterHeaders...), body: "hello"}
	servers := map[string]answer{A + "/x": full, B + "/x": full, B + "/r": redirectTo(302, "/x")}
	noCORS := fetch.Init{Mode: fetch.ModeNoCORS}
	nothing := func(t *testing.T, end ending) {
		want := &fetch.Response{Type: fetch.TypeOpaque, Header: http.Header{}, Body: http.NoBody, Timing: fetch.Timing{Entry: true}}
		if diff := cmp.Diff(want, end.response); diff != "" {
			t.Errorf("opaque response (-want +got):\n%s", diff)
		}
		if end.body != "" || end.response.OK() {
			t.Errorf("body %q, OK %v; want none", end.body, end.response.OK())
		}
	}
	read := func(want string) func(*testing.T, ending) {
		return func(t *testing.T, end ending) {
			t.Helper()
			if end.body != want {
				t.Errorf("body %q; want %q", end.body, want)
			}
		}
	}
	stories := []story{
		{name: "FIL-008 opaque", servers: servers, url: B + "/x", init: noCORS, want: "opaque 0 ", check: nothing},
		{name: "FIL-008 opaque after a redirect", servers: servers, url: B + "/r", init: noCORS, want: "opaque 0 ", check: nothing},
		{name: "FIL-008 opaque after an error of the server", servers: servers, url: B + "/404", init: noCORS, want: "opaque 0 ", check: nothing},
		{name: "FIL-010 HEAD", servers: servers, method: "HEAD", url: A + "/x", want: "basic 201 https://a.test/x", check: read("")},
		{name: "FIL-010 HEAD cross-origin", servers: servers, method: "HEAD", url: B + "/x", want: "cors 201 https://b.test/x", check: read("")},
		{
			name: "FIL-012 basic", servers: servers, url: A + "/x", want: "basic 201 https://a.test/x",
			check: func(t *testing.T, end ending) {
				want := headerOf(full.headers)
				want["Access-Control-Allow-Origin"] = []string{""}
				delete(want, "Set-Cookie")
				delete(want, "Set-Cookie2")
				if diff := cmp.Diff(want, end.response.Header); diff != "" {
					t.Errorf("header (-want +got):\n%s", diff)
				}
				if r := end.response; r.StatusText != "Created" || !r.OK() || end.body != "hello" {
					t.Errorf("status text %q, OK %v, body %q", r.StatusText, r.OK(), end.body)
				}
			},
		},
		{
			name: "FIL-013 data: URL", url: "data:text/html,%3Cp%3E#f", want: "basic 200 data:text/html,%3Cp%3E", wire: []string{},
			check: func(t *testing.T, end ending) {
				r := end.response
				if diff := cmp.Diff(http.Header{"Content-Type": {"text/html"}}, r.Header); diff != "" {
					t.Errorf("header (-want +got):\n%s", diff)
				}
				if r.StatusText != "OK" || end.body != "<p>" {
					t.Errorf("status text %q, body %q; want OK, <p>", r.StatusText, end.body)
				}
			},
		},
	}
	for _, status := range []string{"204", "205", "304"} {
		a := full
		a.status = map[string]int{"204": 204, "205": 205, "304": 304}[status]
		stories = append(stories, story{
			name: "FIL-011 " + status, servers: map[string]answer{B + "/x": a}, url: B + "/x", want: "cors " + status + " https://b.test/x", check: read(""),
		})
	}
	tell(t, stories)
}

func TestTrailersAreNotVisible(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Expose-Headers", "*")
		w.Header().Set("Trailer", "X-Announced")
		io.WriteString(w, "hello")
		w.Header().Set("X-Announced", "1")
		w.Header().Set(http.TrailerPrefix+"X-Other", "1")
	}))
	defer server.Close()
	for _, c := range []struct {
		name, page string
		init       fetch.Init
	}{
		{"FIL-009 basic", server.URL, fetch.Init{}},
		{"FIL-009 cors", "http://a.test", fetch.Init{}},
		{"FIL-009 opaque", "http://a.test", fetch.Init{Mode: fetch.ModeNoCORS}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &fetch.Transport{Origin: origin.MustParse(c.page), Browser: &fetch.Browser{Base: new(http.Transport)}}
			defer p.CloseIdleConnections()
			resp, err := p.RoundTrip(withInit(t, "GET", server.URL, c.init))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, resp.Body); err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			for name := range resp.Header {
				if name == "X-Announced" || strings.HasSuffix(name, "X-Other") {
					t.Errorf("%s is among the headers", name)
				}
			}
			if resp.Trailer != nil {
				t.Errorf("Trailer = %v; want none", resp.Trailer)
			}
		})
	}
}

// TestBodyError is a body that breaks off after the fetch has resolved.
func TestBodyError(t *testing.T) {
	errCut := errors.New("cut off")
	cut := answer{do: func(req *http.Request) (*http.Response, error) {
		resp := allowed().response(req)
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader("hel"), failingReader{errCut}))
		return resp, nil
	}}
	p := page(t, &web{servers: map[string]answer{A + "/x": cut, B + "/x": cut}}, A, nil)
	for _, url := range []string{A + "/x", B + "/x"} {
		t.Run("FIL-014 "+url, func(t *testing.T) {
			resp, err := p.Fetch(t.Context(), &fetch.Request{URL: url})
			if err != nil {
				t.Fatalf("fetch() = %v; want a response", err)
			}
			defer resp.Body.Close()
			data, err := io.ReadAll(resp.Body)
			if string(data) != "hel" || err == nil {
				t.Errorf("body %q, %v; want hel and an error", data, err)
			}
		})
	}
}

// A failingReader fails.
type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

// https://fetch.spec.whatwg.org/#concept-scheme-fetch
func TestSchemes(t *testing.T) {
	noCORS, sameOrigin := fetch.Init{Mode: fetch.ModeNoCORS}, fetch.Init{Mode: fetch.ModeSameOrigin}
	data := func(contentType, body string) func(*testing.T, ending) {
		return func(t *testing.T, end ending) {
			t.Helper()
			if got := end.response.Header.Get("Content-Type"); got != contentType || end.body != body {
				t.Errorf("got %q, %q; want %q, %q", got, end.body, contentType, body)
			}
		}
	}
	stories := []story{
		{name: "SCH-001 about:blank with cors", url: "about:blank", want: "CorsDisabledScheme"},
		{name: "SCH-001 about:blank with no-cors", url: "about:blank", init: noCORS, want: "opaque 0 "},
		{name: "SCH-001 about:blank with same-origin", url: "about:blank", init: sameOrigin, want: "DisallowedByMode"},
		{name: "SCH-002 about:config with cors", url: "about:config", want: "CorsDisabledScheme"},
		{name: "SCH-002 about:config with no-cors", url: "about:config", init: noCORS, want: "UnsupportedScheme"},
		{name: "SCH-003 blob: that is not there", url: "blob:" + A + "/8d2d", want: "BlobNotFound"},
		{name: "SCH-003 blob: with POST", method: "POST", url: "blob:" + A + "/8d2d", want: "BlobMethod"},
		{name: "SCH-003 blob: of another origin", url: "blob:" + B + "/8d2d", want: "CorsDisabledScheme"},
		{name: "SCH-003 no-cors blob: of another origin", url: "blob:" + B + "/8d2d", init: noCORS, want: "BlobNotFound"},
		{name: "SCH-005 no type", url: "data:,x", want: "basic 200 data:,x", check: data("text/plain;charset=US-ASCII", "x")},
		{name: "SCH-005 no type but parameters", url: "data:;charset=x,y", want: "basic 200 data:;charset=x,y", check: data("text/plain;charset=x", "y")},
		{name: "SCH-005 no base64", url: "data:text/html;base64,!!", want: "InvalidURL"},
		{name: "SCH-005 no comma", url: "data:x", want: "InvalidURL"},
		{name: "SCH-006 a space before base64", url: "data:text/plain; base64,eA==", want: "basic 200 data:text/plain; base64,eA==", check: data("text/plain", "x")},
		{name: "SCH-006 a space after base64", url: "data:text/plain;base64 ,eA==", want: "basic 200 data:text/plain;base64 ,eA==", check: data("text/plain", "x")},
		{name: "SCH-006 base64 is not last", url: "data:text/plain;base64;p=1,eA==", want: "basic 200 data:text/plain;base64;p=1,eA==", check: data("text/plain;p=1", "eA==")},
		{name: "SCH-006 BASE64 without padding", url: "data:;BASE64,e%0AA", want: "basic 200 data:;BASE64,e%0AA", check: data("text/plain;charset=US-ASCII", "x")},
		{name: "SCH-007 data: with same-origin", url: "data:,x", init: sameOrigin, want: "basic 200 data:,x", check: data("text/plain;charset=US-ASCII", "x")},
		{name: "SCH-007 data: with no-cors", url: "data:,x", init: noCORS, want: "basic 200 data:,x", check: data("text/plain;charset=US-ASCII", "x")},
		{name: "SCH-007 HEAD of data:", url: "data:,x", method: "HEAD", want: "basic 200 data:,x", check: data("text/plain;charset=US-ASCII", "")},
	}
	for _, url := range []string{"file:///etc/passwd", "ftp://a.test/x", "unknown:x", "ws://a.test/", "javascript:1", "mailto:a@b.test"} {
		stories = append(stories,
			story{name: "SCH-008 " + url, url: url, want: "CorsDisabledScheme"},
			story{name: "SCH-008 no-cors " + url, url: url, init: noCORS, want: "UnsupportedScheme"},
		)
	}
	for i := range stories {
		stories[i].wire = []string{}
	}
	tell(t, stories)
}
