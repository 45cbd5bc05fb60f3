package fetch_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// fetchBlob returns what a page sees of a blob: URL: the type, the status and
// the headers, or the reason of the error.
func fetchBlob(t *testing.T, page *fetch.Transport, req *fetch.Request) (seen string, h http.Header, body string) {
	t.Helper()
	resp, err := page.Fetch(t.Context(), req)
	if err != nil {
		return string(reason(t, err)), nil, ""
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(resp.Type) + " " + resp.StatusText, resp.Header, string(data)
}

// https://fetch.spec.whatwg.org/#scheme-fetch
func TestBlobs(t *testing.T) {
	const all = "hello"
	for _, c := range []struct {
		name      string
		blob      fetch.Blob
		method    string
		ranges    []string
		init      fetch.Init
		profile   *fetch.Profile
		want      string
		header    http.Header // Content-Type and Content-Length aside, which are checked by body
		body, typ string
	}{
		{name: "all of it", blob: fetch.Blob{Data: []byte(all), Type: "text/Plain"}, want: "basic OK", body: all, typ: "text/plain"},
		{name: "no type", blob: fetch.Blob{Data: []byte(all)}, want: "basic OK", body: all},
		{name: "a type that is none", blob: fetch.Blob{Data: []byte(all), Type: "text/\u00e9"}, want: "basic OK", body: all},
		{name: "nothing", want: "basic OK"},
		{name: "mode no-cors", blob: fetch.Blob{Data: []byte(all)}, init: fetch.Init{Mode: fetch.ModeNoCORS}, want: "basic OK", body: all},
		{name: "mode same-origin", blob: fetch.Blob{Data: []byte(all)}, init: fetch.Init{Mode: fetch.ModeSameOrigin}, want: "basic OK", body: all},
		{name: "WebKit names the referrer policy", blob: fetch.Blob{Data: []byte(all), Type: "text/plain"}, profile: fetch.WebKit(), want: "basic OK", body: all, typ: "text/plain",
			header: http.Header{"Referrer-Policy": {"strict-origin-when-cross-origin"}}},
		{name: "SCH-003 POST", blob: fetch.Blob{Data: []byte(all)}, method: "POST", want: "BlobMethod"},
		{name: "SCH-003 HEAD", blob: fetch.Blob{Data: []byte(all)}, method: "HEAD", want: "BlobMethod"},
		{name: "SCH-004 2-4", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"bytes=2-4"}, want: "basic Partial Content", body: "llo", header: http.Header{"Content-Range": {"bytes 2-4/5"}}},
		{name: "SCH-004 2-4 in Chromium", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"bytes=2-4"}, profile: fetch.Chromium(), want: "basic OK", body: "llo", header: http.Header{"Content-Range": {"bytes 2-4/5"}}},
		{name: "SCH-004 a suffix", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"bytes=-3"}, want: "basic Partial Content", body: "llo", header: http.Header{"Content-Range": {"bytes 2-4/5"}}},
		{name: "SCH-004 a suffix that is too long", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"bytes=-9"}, want: "basic Partial Content", body: all, header: http.Header{"Content-Range": {"bytes 0-4/5"}}},
		{name: "SCH-004 a suffix of nothing", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"bytes=-0"}, want: "BlobRange"},
		{name: "SCH-004 beyond", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"bytes=99-"}, want: "BlobRange"},
		{name: "SCH-004 an end beyond", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"bytes=4-99999999999999999999"}, want: "basic Partial Content", body: "o", header: http.Header{"Content-Range": {"bytes 4-4/5"}}},
		{name: "SCH-004 whitespace", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"bytes = 0 - 1"}, want: "basic Partial Content", body: "he", header: http.Header{"Content-Range": {"bytes 0-1/5"}}},
		{name: "SCH-004 two headers", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"bytes=0-1", "bytes=2-3"}, want: "BlobRange"},
		{name: "SCH-004 of nothing", ranges: []string{"bytes=0-"}, want: "BlobRange"},
		{name: "SCH-004 a suffix of a blob of nothing", ranges: []string{"bytes=-1"}, want: "BlobRange"},
		{name: "SCH-004 a suffix of a blob of nothing in Chromium", ranges: []string{"bytes=-1"}, profile: fetch.Chromium(), want: "basic OK", header: http.Header{"Content-Range": {"bytes 0--1/0"}}},
		{name: "SCH-004 a suffix of a blob of nothing in WebKit", blob: fetch.Blob{Type: "text/plain"}, ranges: []string{"bytes=-1"}, profile: fetch.WebKit(), want: "basic Partial Content", typ: "text/plain",
			header: http.Header{"Referrer-Policy": {"strict-origin-when-cross-origin"}}},
		{name: "SCH-004 a suffix that is more than all", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"bytes=-6"}, want: "basic Partial Content", body: all, header: http.Header{"Content-Range": {"bytes 0-4/5"}}},
		{name: "SCH-004 a suffix that is more than all in Firefox", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"bytes=-6"}, profile: fetch.Firefox(), want: "BlobRange"},
		{name: "SCH-004 a unit in upper case", blob: fetch.Blob{Data: []byte(all)}, ranges: []string{"BYTES=0-1"}, want: "BlobRange"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := new(web)
			p := page(t, w, A, c.profile)
			req := &fetch.Request{Method: c.method, URL: p.CreateObjectURL(c.blob), Header: http.Header{}, Init: c.init}
			if c.ranges != nil {
				req.Header["Range"] = c.ranges
			}
			got, header, body := fetchBlob(t, p, req)
			if got != c.want || body != c.body {
				t.Fatalf("got %q, %q; want %q, %q", got, body, c.want, c.body)
			}
			if sent := w.take(); len(sent) > 0 {
				t.Errorf("on the wire: %v; want nothing", sent)
			}
			if header == nil {
				return
			}
			if got := header["Content-Type"]; len(got) != 1 || got[0] != c.typ {
				t.Errorf("Content-Type %q; want one, %q", got, c.typ)
			}
			if got := header.Get("Content-Length"); got != strconv.Itoa(len(c.body)) {
				t.Errorf("Content-Length %q; want %d", got, len(c.body))
			}
			header.Del("Content-Type")
			header.Del("Content-Length")
			if diff := cmp.Diff(c.header, header, cmp.Transformer("filled", func(h http.Header) map[string][]string {
				if len(h) == 0 {
					return nil
				}
				return h
			})); diff != "" {
				t.Errorf("other headers (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBlobsOfOthers: a blob: URL is for pages of the origin, in a tab of the
// site, that made it; and until one of these revokes it.
//
// https://w3c.github.io/FileAPI/#blob-url-resolve
func TestBlobsOfOthers(t *testing.T) {
	b := &fetch.Browser{Base: new(web)}
	parse := origin.MustParse
	maker := &fetch.Transport{Origin: parse(A), Browser: b}
	sandbox := &fetch.Transport{Browser: b, TopLevel: parse(A)}
	for _, c := range []struct {
		name        string
		made, asked *fetch.Transport
		init        fetch.Init
		want        string
	}{
		{name: "a page of the origin", made: maker, asked: &fetch.Transport{Origin: parse(A), Browser: b}, want: "basic OK"},
		{name: "the same site", made: maker, asked: &fetch.Transport{Origin: parse(A2), Browser: b}, want: "CorsDisabledScheme"},
		{name: "no-cors", made: maker, asked: &fetch.Transport{Origin: parse(A2), Browser: b}, init: fetch.Init{Mode: fetch.ModeNoCORS}, want: "BlobNotFound"},
		{name: "under another tab", made: maker, asked: &fetch.Transport{Origin: parse(A), TopLevel: parse(B), Browser: b}, want: "BlobNotFound"},
		{name: "another browser", made: maker, asked: &fetch.Transport{Origin: parse(A)}, want: "BlobNotFound"},
		{name: "an opaque origin's own", made: sandbox, asked: sandbox, want: "basic OK"},
		{name: "an opaque origin's, by its maker's neighbour", made: sandbox, asked: maker, want: "CorsDisabledScheme"},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := c.made.CreateObjectURL(fetch.Blob{Data: []byte("x")})
			ask := func() string {
				got, _, _ := fetchBlob(t, c.asked, &fetch.Request{URL: url + "#fragment", Init: c.init})
				return got
			}
			if got := ask(); got != c.want {
				t.Errorf("got %q; want %q", got, c.want)
			}
			mayRevoke := c.want == "basic OK"
			c.asked.RevokeObjectURL(url)
			if got, _, _ := fetchBlob(t, c.made, &fetch.Request{URL: url}); (got == "basic OK") == mayRevoke {
				t.Errorf("revoked by who asked: %v; want %v", got, mayRevoke)
			}
			c.made.RevokeObjectURL(url)
			if got := ask(); got == "basic OK" {
				t.Errorf("got %q after it was revoked", got)
			}
		})
	}
}

// TestBlobIsACopy: who changes the bytes later does not change the blob.
func TestBlobIsACopy(t *testing.T) {
	p := page(t, new(web), A, nil)
	data := []byte("before")
	url := p.CreateObjectURL(fetch.Blob{Data: data})
	copy(data, "after!")
	if _, _, body := fetchBlob(t, p, &fetch.Request{URL: url}); body != "before" {
		t.Errorf("body %q; want before", body)
	}
	if !strings.HasPrefix(url, "blob:"+A+"/") || url == p.CreateObjectURL(fetch.Blob{}) {
		t.Errorf("%s; want a URL of the page's origin that no other blob has", url)
	}
}

// TestBlobThroughClient: RoundTrip fetches blob: URLs as Fetch does.
func TestBlobThroughClient(t *testing.T) {
	p := page(t, new(web), A, nil)
	resp, err := (&http.Client{Transport: p}).Get(p.CreateObjectURL(fetch.Blob{Data: []byte("x"), Type: "text/css"}))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if string(data) != "x" || err != nil || resp.Header.Get("Content-Type") != "text/css" || fetch.ResponseType(resp) != fetch.TypeBasic {
		t.Errorf("got %q, %v, %v; want x", data, err, resp.Header)
	}
}

// TestBlobsConcurrently is for the race detector.
func TestBlobsConcurrently(t *testing.T) {
	p := page(t, new(web), A, nil)
	for _, got := range concurrently(16, func() string {
		url := p.CreateObjectURL(fetch.Blob{Data: []byte("x")})
		got, _, _ := fetchBlob(t, p, &fetch.Request{URL: url})
		p.RevokeObjectURL(url)
		return got
	}) {
		if got != "basic OK" {
			t.Errorf("got %q", got)
		}
	}
}
