package fetch_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
)

// scripted answers every request with the same status and headers. What
// {origin} stands for is the request's Origin.
type scripted struct {
	status int
	lines  string

	origins  []string // of the requests so far
	methods  []string
	opened   int
	closed   int
	lastSent http.Header // the header of the last answer
}

func (s *scripted) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		req.Body.Close()
	}
	asked := req.Header.Get("Origin")
	s.origins, s.methods = append(s.origins, asked), append(s.methods, req.Method)
	h := http.Header{}
	for line := range strings.SplitSeq(strings.ReplaceAll(s.lines, "{origin}", asked), "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			h[name] = append(h[name], value)
		}
	}
	s.lastSent = h
	s.opened++
	return &http.Response{
		Status: fmt.Sprintf("%03d x", s.status), StatusCode: s.status, Header: h,
		Body: &scriptedBody{strings.NewReader("body"), s}, ContentLength: 4, Request: req,
	}, nil
}

type scriptedBody struct {
	io.Reader
	s *scripted
}

func (b *scriptedBody) Close() error {
	b.s.closed++
	return nil
}

// values are the values of the last answer's header, in whatever case its name
// was written.
func (s *scripted) values(name string) []string {
	var values []string
	for _, key := range slices.Sorted(maps.Keys(s.lastSent)) {
		if textproto.CanonicalMIMEHeaderKey(key) == name {
			values = append(values, s.lastSent[key]...)
		}
	}
	return values
}

// hidden are the visible names that nothing makes visible: neither the
// standard's own list nor the server's, read as generously as can be.
func (s *scripted) hidden(visible http.Header) []string {
	exposed := strings.ToLower(strings.Join(s.values("Access-Control-Expose-Headers"), ","))
	var names []string
	for name := range visible {
		switch strings.ToLower(name) {
		case "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma":
			continue
		case "set-cookie", "set-cookie2":
		default:
			if strings.Contains(exposed, strings.ToLower(name)) || strings.Contains(exposed, "*") {
				continue
			}
		}
		names = append(names, name)
	}
	return names
}

// FuzzResponse holds that whatever servers answer, a fetch ends with an *Error
// or a response, and a cors response only if the server said so.
func FuzzResponse(f *testing.F) {
	for _, c := range slices.Concat(blockedByCORS(), blockedByPreflight(), blockedRedirects()) {
		for _, a := range c.servers {
			if a.do != nil {
				if resp, err := a.do(&http.Request{Header: http.Header{"Origin": {"{origin}"}}}); err == nil {
					f.Add(resp.StatusCode, dump(resp.Header), c.init.Credentials == fetch.CredentialsInclude)
				}
			}
		}
	}
	for _, c := range []struct {
		status int
		lines  string
	}{
		{200, "Access-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: *\nAccess-Control-Expose-Headers: *\nSet-Cookie: a=b\nX: y"},
		{200, "access-control-allow-origin: {origin}\nACCESS-CONTROL-ALLOW-METHODS: PUT\nAccess-Control-Allow-Credentials: true\nX: y"},
		{204, "Access-Control-Allow-Origin: {origin}\nAccess-Control-Allow-Methods: a b"},
		{302, "Access-Control-Allow-Origin: {origin}\nLocation: https://c.test/"},
		{302, "Access-Control-Allow-Origin: null\nLocation: https://a.test/"},
		{303, "Access-Control-Allow-Origin: *\nLocation: https://u:p@b.test/#f"},
		{307, "Access-Control-Allow-Origin: *\nLocation: \x00\nReferrer-Policy: unsafe-url"},
		{421, "Access-Control-Allow-Origin: *"},
		{0, ""},
		{1000, "X: y"},
	} {
		f.Add(c.status, c.lines, false)
		f.Add(c.status, c.lines, true)
	}
	f.Fuzz(func(t *testing.T, status int, lines string, include bool) {
		init := fetch.Init{}
		if include {
			init.Credentials = fetch.CredentialsInclude
		}
		for _, method := range []string{"GET", "PUT"} {
			s := &scripted{status: status, lines: lines}
			resp, err := page(t, s, A, nil).Fetch(t.Context(), &fetch.Request{Method: method, URL: B + "/x", Init: init})
			reason(t, err)
			if (resp == nil) == (err == nil) {
				t.Fatalf("%s: %v and %v", method, resp, err)
			}
			if err == nil {
				resp.Body.Close()
				s.check(t, method, include, resp)
			}
			if s.closed < s.opened {
				t.Errorf("%s: %d bodies, closed %d times", method, s.opened, s.closed)
			}
		}
	})
}

// check holds a response that was let through against what the server said.
func (s *scripted) check(t *testing.T, method string, include bool, resp *fetch.Response) {
	t.Helper()
	if resp.Type != fetch.TypeCORS {
		t.Errorf("%s: type %q; want cors, for it began cross-origin", method, resp.Type)
	}
	allowed, asked := strings.Join(s.values("Access-Control-Allow-Origin"), ", "), s.origins[len(s.origins)-1]
	if trimmed := strings.Trim(allowed, " \t\r\n"); trimmed != asked && (include || trimmed != "*") {
		t.Errorf("%s: let through with Access-Control-Allow-Origin %q for %q", method, allowed, asked)
	}
	if credentials := strings.Join(s.values("Access-Control-Allow-Credentials"), ", "); include && strings.Trim(credentials, " \t\r\n") != "true" {
		t.Errorf("%s: let through with Access-Control-Allow-Credentials %q", method, credentials)
	}
	if names := s.hidden(resp.Header); names != nil {
		t.Errorf("%s: visible: %q", method, names)
	}
	if method != "PUT" {
		return
	}
	// The same answer has come to the preflight.
	if s.methods[0] != "OPTIONS" || s.status < 200 || s.status > 299 {
		t.Errorf("PUT let through after %s with status %d", s.methods[0], s.status)
	}
	if methods := strings.Join(s.values("Access-Control-Allow-Methods"), ","); !strings.Contains(methods, "PUT") && (include || !strings.Contains(methods, "*")) {
		t.Errorf("PUT let through with Access-Control-Allow-Methods %q", methods)
	}
}

// dump is h as FuzzResponse takes it.
func dump(h http.Header) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	return b.String()
}

// FuzzDataURL holds that what a data: URL was made of comes out of it, and that
// any other gives an *Error or a response that is one.
func FuzzDataURL(f *testing.F) {
	for _, mimeType := range []string{
		"", "text/plain", "text/html;charset=utf-8", ";charset=x", " text/plain ", "text/plain; base64", "text/plain;BASE64", ";base64",
		"text/plain;base64;p=1", "a", "/", "text/plain;p=\"a;b\"", "text/plain%20", "\x00", "é/é", "//\x00", "/../x", ";bas\ne64",
	} {
		f.Add(mimeType, []byte("hello"))
		f.Add(mimeType, []byte("a?b#c%41%4"))
		f.Add(mimeType, []byte("e A=\n="))
		f.Add(mimeType, []byte("\x00@l"))
		f.Add(mimeType, []byte{0, 0xff, '%', '#', ' '})
	}
	f.Fuzz(func(t *testing.T, mimeType string, body []byte) {
		p := page(t, &web{}, A, nil)
		get := func(href string) (*fetch.Response, []byte) {
			resp, err := p.Fetch(t.Context(), &fetch.Request{URL: href})
			switch got := reason(t, err); got {
			case "":
			case fetch.ErrInvalidURL, fetch.ErrURLContainsCredentials: // as data://u@h has
				return nil, nil
			default:
				t.Errorf("%q: %v; want a response or %v", href, err, fetch.ErrInvalidURL)
				return nil, nil
			}
			defer resp.Body.Close()
			data, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if resp.Type != fetch.TypeBasic || resp.Status != 200 || resp.StatusText != "OK" || resp.Redirected || len(resp.Header["Content-Type"]) != 1 {
				t.Errorf("%q: response %+v", href, resp)
			}
			return resp, data
		}
		get("data:" + mimeType + string(body))
		get("data:" + mimeType + "," + string(body))
		// What is escaped is taken as it is.
		plain := "data:text/plain," + url.PathEscape(string(body))
		if resp, got := get(plain); resp == nil || !bytes.Equal(got, body) {
			t.Errorf("%q: body %q; want %q", plain, got, body)
		}
		encoded := "data:text/plain;base64," + url.PathEscape(base64.StdEncoding.EncodeToString(body))
		if resp, got := get(encoded); resp == nil || !bytes.Equal(got, body) {
			t.Errorf("%q: body %q; want %q", encoded, got, body)
		}
		// Its type is the same however the body is written, unless what looks
		// like a type is a host or a path.
		simple := strings.Trim(strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(mimeType), " ")
		if strings.ContainsAny(simple, ",#?\\") || strings.HasPrefix(simple, "/") || strings.HasSuffix(strings.ToLower(simple), "base64") {
			return
		}
		a, _ := get("data:" + mimeType + ",")
		b, _ := get("data:" + mimeType + ";base64,")
		if a == nil || b == nil {
			t.Fatalf("%q: no response", mimeType)
		}
		if simple != "" && a.Header.Get("Content-Type") != b.Header.Get("Content-Type") {
			t.Errorf("%q: type %q plain and %q with base64", mimeType, a.Header.Get("Content-Type"), b.Header.Get("Content-Type"))
		}
	})
}
