package fetch_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
)

const nosniff = "X-Content-Type-Options: nosniff"

// TestTypes is what a response's type keeps from its destination.
func TestTypes(t *testing.T) {
	for _, c := range []struct {
		name    string
		dest    fetch.Destination
		headers []string
		profile *fetch.Profile
		want    fetch.Reason
	}{
		{"BLK-001 an image is no script", "script", []string{"Content-Type: image/png"}, nil, fetch.ErrMIMEType},
		{"BLK-001 audio is no worker", "worker", []string{"Content-Type: audio/wav"}, nil, fetch.ErrMIMEType},
		{"BLK-001 video is no worklet", "audioworklet", []string{"Content-Type: video/mp4"}, nil, fetch.ErrMIMEType},
		{"BLK-001 CSV is no script", "script", []string{"Content-Type: text/csv"}, nil, fetch.ErrMIMEType},
		{"BLK-001 what is not quite CSV may be one", "script", []string{"Content-Type: text/csvx"}, nil, ""},
		{"BLK-001 not to Chromium", "script", []string{"Content-Type: text/csvx"}, fetch.Chromium(), fetch.ErrMIMEType},
		{"BLK-001 what has no type may be one", "script", []string{"Content-Type: image/p ng"}, nil, ""},
		{"BLK-001 it has one to Firefox", "script", []string{"Content-Type: image/p ng"}, fetch.Firefox(), fetch.ErrMIMEType},
		{"BLK-001 the last of several counts", "script", []string{"Content-Type: image/png, text/plain"}, nil, ""},
		{"BLK-001 to WebKit the first", "script", []string{"Content-Type: image/png, text/plain"}, fetch.WebKit(), fetch.ErrMIMEType},
		{"BLK-001 an image may be a style sheet", "style", []string{"Content-Type: image/png"}, nil, ""},
		{"BLK-001 or anything to fetch()", "", []string{"Content-Type: image/png"}, nil, ""},
		{"BLK-002 text as a script", "script", []string{"Content-Type: text/plain", nosniff}, nil, fetch.ErrNosniff},
		{"BLK-002 no type", "script", []string{nosniff}, nil, fetch.ErrNosniff},
		{"BLK-002 JavaScript", "script", []string{"Content-Type: text/javascript;x=y", nosniff}, nil, ""},
		{"BLK-002 text as a script, sniffed", "script", []string{"Content-Type: text/plain"}, nil, ""},
		{"BLK-003 HTML as a style sheet", "style", []string{"Content-Type: text/html", nosniff}, nil, fetch.ErrNosniff},
		{"BLK-003 CSS", "style", []string{"Content-Type: text/css", nosniff}, nil, ""},
		{"BLK-004 HTML as an image", "image", []string{"Content-Type: text/html", nosniff}, nil, ""},
		{"BLK-005 HTML to fetch()", "", []string{"Content-Type: text/html", nosniff}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &web{servers: map[string]answer{A + "/x": {headers: c.headers, body: "x"}}}
			resp, err := page(t, w, A, c.profile).Fetch(t.Context(), &fetch.Request{URL: A + "/x", Init: fetch.Init{Destination: c.dest}})
			if got := reason(t, err); got != c.want {
				t.Fatalf("reason %q (%v), want %q", got, err, c.want)
			}
			if err == nil {
				resp.Body.Close()
			}
		})
	}
}

// TestOpaqueResponseBlocking: which opaque responses each browser hands to an
// element, and that it gets all of them.
func TestOpaqueResponseBlocking(t *testing.T) {
	script := strings.Repeat("self.x = 1;\n", 200) // longer than what is looked into
	const json = `{"a": 1}`
	jsonType := []string{"Content-Type: application/json"}
	profiles := map[string]*fetch.Profile{"standard": nil, "chromium": fetch.Chromium(), "firefox": fetch.Firefox(), "webkit": fetch.WebKit()}
	for _, c := range []struct {
		name    string
		dest    fetch.Destination
		url     string
		headers []string
		body    string
		blocks  string // the browsers that block it
	}{
		{"BLK-015 JSON", "script", B, jsonType, json, "chromium firefox"},
		{"BLK-015 JSON with nosniff", "image", B, append([]string{nosniff}, jsonType...), json, "chromium firefox"},
		{"BLK-015 JSON to fetch()", "", B, jsonType, json, ""},
		{"BLK-015 JSON of the page's own origin", "script", A, jsonType, json, ""},
		{"a script as JSON", "script", B, jsonType, script, ""},
		{"text", "script", B, []string{"Content-Type: text/plain"}, "hello world", "firefox"},
		{"no type", "script", B, nil, json, ""},
		{"a document", "image", B, []string{"Content-Type: application/pdf"}, script, "chromium firefox"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, profile := range profiles {
				w := &web{servers: map[string]answer{c.url + "/x": {headers: c.headers, body: c.body}}}
				init := fetch.Init{Mode: fetch.ModeNoCORS, Destination: c.dest}
				if c.dest != "" {
					init.Initiator = fetch.InitiatorScript
				}
				resp, err := page(t, w, A, profile).Fetch(t.Context(), &fetch.Request{URL: c.url + "/x", Init: init})
				if blocks := errors.Is(err, fetch.ErrOpaqueResponseBlocked); blocks != strings.Contains(c.blocks, name) || err != nil && !blocks {
					t.Errorf("%s: got %v; want it blocked by: %s", name, err, c.blocks)
				}
				if err != nil {
					continue
				}
				if isHidden := c.dest != "" && c.url == B; (resp.Unsafe != nil) != isHidden {
					t.Errorf("%s: an unsafe response: %v, want %v", name, resp.Unsafe != nil, isHidden)
				}
				if resp.Unsafe != nil {
					if body, err := io.ReadAll(resp.Unsafe.Body); err != nil || string(body) != c.body {
						t.Errorf("%s: got %d bytes (%v), want %d", name, len(body), err, len(c.body))
					}
				}
				resp.Body.Close()
			}
		})
	}
}

// TestOpaqueHome: what comes from the page's own origin after a redirect is
// opaque, and Chromium takes it all the same.
func TestOpaqueHome(t *testing.T) {
	for name, want := range map[string]fetch.Reason{"chromium": "", "firefox": fetch.ErrOpaqueResponseBlocked} {
		profile := fetch.Chromium()
		if name == "firefox" {
			profile = fetch.Firefox()
		}
		w := &web{servers: map[string]answer{
			B + "/r": {status: 302, headers: []string{"Location: " + A + "/x"}},
			A + "/x": {headers: []string{"Content-Type: application/json"}, body: "{\"a\": 1}"},
		}}
		resp, err := page(t, w, A, profile).Fetch(t.Context(), &fetch.Request{URL: B + "/r", Init: fetch.Init{Mode: fetch.ModeNoCORS, Destination: "script"}})
		if got := reason(t, err); got != want {
			t.Errorf("%s: reason %q (%v), want %q", name, got, err, want)
		}
		if err == nil {
			resp.Body.Close()
		}
	}
}

// The hashes of "ok", "no" and nothing.
const (
	okHash   = "sha256-Jok2eyBcFs4y7UIAlCuLix4mLfxw2byfvHfElpmk8d8="
	noHash   = "sha256-k5Apjz+wxbFgSYk115yxOa7yjhxHNYtLu6YYYrnCblk="
	noneHash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
)

func TestIntegrity(t *testing.T) {
	const allow = "Access-Control-Allow-Origin: *"
	noCORS, manual := fetch.Init{Mode: fetch.ModeNoCORS}, fetch.Init{Redirect: fetch.RedirectManual}
	for _, c := range []struct {
		name      string
		method    string
		integrity string
		url       string // B unless it says
		init      fetch.Init
		answer    answer
		profile   *fetch.Profile
		want      string
	}{
		{name: "INT-001 right", integrity: okHash, want: "cors 200"},
		{name: "INT-001 wrong", integrity: noHash, want: "IntegrityMismatch"},
		{name: "INT-001 at home", integrity: okHash, url: A, want: "basic 200"},
		{name: "INT-001 the body of an error", integrity: okHash, answer: answer{status: 404, headers: []string{allow}, body: "ok"}, want: "cors 404"},
		{name: "INT-002 the strongest is wrong", integrity: "sha384-x " + okHash, want: "IntegrityMismatch"},
		{name: "INT-003 an unknown algorithm", integrity: "sha1-x", want: "cors 200"},
		{name: "INT-004 opaque", integrity: okHash, init: noCORS, want: "IntegrityNoBody"},
		{name: "INT-004 opaque, an unknown algorithm", integrity: "sha1-x", init: noCORS, want: "IntegrityNoBody"},
		{name: "INT-004 opaque, nothing asked", init: noCORS, want: "opaque 0"},
		{name: "INT-004 opaque, blank", integrity: " ", init: noCORS, want: "IntegrityNoBody"},
		{name: "INT-004 opaque, blank, in WebKit", integrity: " ", init: noCORS, profile: fetch.WebKit(), want: "opaque 0"},
		{name: "INT-005 HEAD", method: "HEAD", integrity: noneHash, want: "IntegrityNoBody"},
		{name: "INT-005 HEAD in Chromium", method: "HEAD", integrity: noneHash, profile: fetch.Chromium(), want: "cors 200"},
		{name: "INT-005 HEAD in Chromium, wrong", method: "HEAD", integrity: okHash, profile: fetch.Chromium(), want: "IntegrityMismatch"},
		{name: "INT-005 204", integrity: noneHash, answer: answer{status: 204, headers: []string{allow}}, want: "IntegrityNoBody"},
		{name: "INT-005 an empty body", integrity: noneHash, answer: answer{headers: []string{allow}}, want: "cors 200"},
		{name: "INT-005 a hidden redirect", integrity: okHash, init: manual, answer: answer{status: 302, headers: []string{"Location: /", allow}, body: "ok"}, want: "IntegrityNoBody"},
		{name: "INT-005 a hidden redirect in Firefox", integrity: okHash, init: manual, answer: answer{status: 302, headers: []string{"Location: /", allow}, body: "ok"}, profile: fetch.Firefox(), want: "opaqueredirect 0"},
		{name: "INT-005 a hidden redirect in WebKit", integrity: noneHash, init: manual, answer: answer{status: 302, headers: []string{"Location: /", allow}, body: "ok"}, profile: fetch.WebKit(), want: "opaqueredirect 0"},
		{name: "the CORS check comes first", integrity: noHash, answer: answer{body: "ok"}, want: "MissingAllowOriginHeader"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.url == "" {
				c.url = B
			}
			if c.answer.headers == nil && c.answer.body == "" {
				c.answer = answer{headers: []string{allow}, body: "ok"}
				if c.method == "HEAD" {
					c.answer.body = ""
				}
			}
			w := &web{servers: map[string]answer{c.url + "/x": c.answer}}
			c.init.Integrity = c.integrity
			p := page(t, w, A, c.profile)
			if got := (call{method: c.method, url: c.url + "/x", init: c.init}).fetch(t, t.Context(), p); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestIntegrityBody: the body of what matches can be read, and the error of
// what does not says what came.
func TestIntegrityBody(t *testing.T) {
	w := &web{servers: map[string]answer{A + "/x": {body: "ok"}}}
	p := page(t, w, A, nil)
	resp, err := p.Fetch(t.Context(), &fetch.Request{URL: A + "/x", Init: fetch.Init{Integrity: okHash}})
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(resp.Body); string(body) != "ok" || err != nil {
		t.Errorf("body %q (%v), want ok", body, err)
	}
	_, err = p.Fetch(t.Context(), &fetch.Request{URL: A + "/x", Init: fetch.Init{Integrity: noHash}})
	if e, ok := err.(*fetch.Error); !ok || e.Got != okHash || e.Want != "integrity "+noHash {
		t.Errorf("got %v; want an error with both hashes", err)
	}
}

// INT-006: with integrity fetch() resolves once all of the body has come,
// without once it begins.
func TestIntegrityWaits(t *testing.T) {
	for integrity, want := range map[string]time.Duration{okHash: time.Second, "": 0} {
		synctest.Test(t, func(t *testing.T) {
			w := &web{servers: map[string]answer{A + "/x": {do: func(req *http.Request) (*http.Response, error) {
				resp := answer{}.response(req)
				resp.Body, resp.ContentLength = io.NopCloser(&slow{rest: "ok"}), 2
				return resp, nil
			}}}}
			start := time.Now()
			resp, err := page(t, w, A, nil).Fetch(t.Context(), &fetch.Request{URL: A + "/x", Init: fetch.Init{Integrity: integrity}})
			if err != nil {
				t.Fatal(err)
			}
			if got := time.Since(start); got != want {
				t.Errorf("INT-006: integrity %q: resolved after %v, want %v", integrity, got, want)
			}
			if body, err := io.ReadAll(resp.Body); string(body) != "ok" || err != nil {
				t.Errorf("INT-006: body %q (%v), want ok", body, err)
			}
		})
	}
}

// A slow is a body a byte of which takes half a second.
type slow struct{ rest string }

func (s *slow) Read(p []byte) (int, error) {
	if s.rest == "" {
		return 0, io.EOF
	}
	time.Sleep(time.Second / 2)
	n := copy(p[:1], s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// TestIntegrityBroken: a body that breaks off fails the fetch; Firefox leaves
// that to who reads it.
func TestIntegrityBroken(t *testing.T) {
	broken := errors.New("broken")
	w := &web{servers: map[string]answer{A + "/x": {do: func(req *http.Request) (*http.Response, error) {
		resp := answer{}.response(req)
		resp.Body, resp.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader("ok"), brokenReader{broken})), 9
		return resp, nil
	}}}}
	req := &fetch.Request{URL: A + "/x", Init: fetch.Init{Integrity: okHash}}
	if _, err := page(t, w, A, nil).Fetch(t.Context(), req); reason(t, err) != fetch.ErrNetwork || !errors.Is(err, broken) {
		t.Errorf("got %v; want %v because of %v", err, fetch.ErrNetwork, broken)
	}
	resp, err := page(t, w, A, fetch.Firefox()).Fetch(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(resp.Body); len(body) != 0 || !errors.Is(err, broken) {
		t.Errorf("got %q and %v; want nothing and %v", body, err, broken)
	}
}

type brokenReader struct{ err error }

func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }

// TestNothingBuffered: without integrity, and where a response can be read, its
// body is the one that came.
func TestNothingBuffered(t *testing.T) {
	for _, profile := range []*fetch.Profile{nil, fetch.Chromium(), fetch.Firefox(), fetch.WebKit()} {
		read := 0
		w := &web{servers: map[string]answer{B + "/x": {do: func(req *http.Request) (*http.Response, error) {
			resp := answer{headers: []string{"Access-Control-Allow-Origin: *", "Content-Type: application/json"}}.response(req)
			resp.Body, resp.ContentLength = io.NopCloser(counted{bytes.NewReader(make([]byte, 9000)), &read}), 9000
			return resp, nil
		}}}}
		resp, err := page(t, w, A, profile).Fetch(t.Context(), &fetch.Request{URL: B + "/x"})
		if err != nil {
			t.Fatal(err)
		}
		if read != 0 {
			t.Errorf("%d bytes read before anyone asked, want 0", read)
		}
		resp.Body.Close()
	}
}

type counted struct {
	io.Reader
	n *int
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.n += n
	return n, err
}
