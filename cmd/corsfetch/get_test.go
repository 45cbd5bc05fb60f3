package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const testOrigin = "https://app.example"

// testServer answers by path, as each test of get needs it.
func testServer(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	handle := func(path string, f func(w http.ResponseWriter, r *http.Request)) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Date"] = nil
			f(w, r)
		})
	}
	// cors answers with headers given in pairs. Those in preflight go only to
	// OPTIONS, with status 204.
	cors := func(preflight []string, always ...string) func(w http.ResponseWriter, r *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(always); i += 2 {
				w.Header().Add(always[i], always[i+1])
			}
			if r.Method == http.MethodOptions {
				for i := 0; i < len(preflight); i += 2 {
					w.Header().Add(preflight[i], preflight[i+1])
				}
				w.WriteHeader(http.StatusNoContent)
				return
			}
			io.WriteString(w, "hello\n")
		}
	}
	const allow = "Access-Control-Allow-Origin"
	put := []string{"Access-Control-Allow-Methods", "PUT", "Access-Control-Allow-Headers", "content-type,x-a", "Access-Control-Max-Age", "600"}

	handle("/none", cors(nil))
	handle("/star", cors(put, allow, "*"))
	handle("/starlists", cors([]string{"Access-Control-Allow-Methods", "*", "Access-Control-Allow-Headers", "*"}, allow, testOrigin, "Access-Control-Allow-Credentials", "true"))
	handle("/starall", cors([]string{"Access-Control-Allow-Headers", "*"}, allow, "*"))
	handle("/shy", cors(nil, allow, "*", "X-Total", "3", "Content-Type", "text/plain"))
	handle("/open", cors(put, allow, testOrigin, "Access-Control-Allow-Credentials", "true", "Vary", "Origin"))
	handle("/nocreds", cors(nil, allow, testOrigin))
	handle("/twice", cors(nil, allow, "*", allow, "*"))
	handle("/word", cors(nil, allow, "yes"))
	handle("/slash", cors(nil, allow, testOrigin+"/"))
	handle("/other", cors(nil, allow, "https://other.example"))
	handle("/readonly", cors([]string{"Access-Control-Allow-Methods", "GET"}, allow, "*"))
	handle("/badlist", cors([]string{"Access-Control-Allow-Methods", "GET;PUT"}, allow, "*"))
	handle("/noheaders", cors([]string{"Access-Control-Allow-Methods", "PUT", "Access-Control-Allow-Headers", "x-b"}, allow, "*"))
	handle("/login", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(allow, "*")
		w.WriteHeader(http.StatusUnauthorized)
	})
	handle("/broken", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	handle("/moved", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(allow, "*")
		w.Header().Set("Location", "/star")
		w.WriteHeader(http.StatusFound)
	})
	handle("/hangup", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	handle("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	handle("/half", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(allow, "*")
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "half")
	})
	handle("/long", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(allow, "*")
		size, _ := strconv.Atoi(r.FormValue("size"))
		io.WriteString(w, strings.Repeat("x", size))
	})
	handle("/echo", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(allow, testOrigin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Access-Control-Allow-Headers", "content-type, x-a")
		body, _ := io.ReadAll(r.Body)
		io.WriteString(w, r.Method+"|"+r.Header.Get("Content-Type")+"|"+r.Header.Get("Cookie")+"|"+strings.Join(r.Header["X-A"], ";")+"|"+string(body))
	})
	handle("/evil", evil)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	s.Config.ErrorLog = nil
	return s
}

// at returns args with {s} replaced by the server's URL.
func at(s *httptest.Server, args ...string) []string {
	out := []string{"get"}
	for _, a := range args {
		out = append(out, strings.ReplaceAll(a, "{s}", s.URL))
	}
	return out
}

// stable returns text without what differs from run to run.
func stable(s *httptest.Server, text string) string {
	return strings.ReplaceAll(text, strings.TrimPrefix(s.URL, "http://"), "127.0.0.1:PORT")
}

func TestGetText(t *testing.T) {
	s := testServer(t)
	tests := []struct {
		name  string // of the golden file
		args  string // split at spaces; + stands for a space
		code  int
		first string // how the output begins
	}{
		{"allowed", "{s}/star", exitAllowed, "ALLOWED"},
		{"preflighted", "{s}/star -X PUT -H X-A:+1 -d hi", exitAllowed, "ALLOWED"},
		{"cached", "-repeat 2 {s}/star -XPUT", exitAllowed, "Round 1 of 2\nALLOWED"},
		{"redirected", "{s}/moved", exitAllowed, "ALLOWED"},
		{"hidden", "{s}/shy", exitAllowed, "ALLOWED"},
		{"opaque", "{s}/none -mode no-cors", exitAllowed, "ALLOWED  opaque response"},
		{"opaqueredirect", "{s}/moved -redirect manual", exitAllowed, "ALLOWED  opaqueredirect response"},
		{"same origin", "/star -page {s}/index.html", exitAllowed, "ALLOWED  basic response"},
		{"navigate", "{s}/none -mode navigate", exitAllowed, "ALLOWED  basic response"},
		{"cookies", "{s}/open -credentials include -cookie a=1;+b=2 -cookie c=3", exitAllowed, "ALLOWED"},
		{"verbose", "{s}/open -v", exitAllowed, "ALLOWED"},
		{"data", "data:,hello", exitAllowed, "ALLOWED  basic response"},

		{"no header", "{s}/none", exitBlocked, "BLOCKED  MissingAllowOriginHeader at response"},
		{"no header on an error", "{s}/broken", exitBlocked, "BLOCKED  MissingAllowOriginHeader"},
		{"wildcard", "{s}/star -credentials include", exitBlocked, "BLOCKED  WildcardOriginNotAllowed"},
		{"no credentials", "{s}/nocreds -credentials include", exitBlocked, "BLOCKED  InvalidAllowCredentials"},
		{"two values", "{s}/twice", exitBlocked, "BLOCKED  MultipleAllowOriginValues"},
		{"no origin", "{s}/word", exitBlocked, "BLOCKED  InvalidAllowOriginValue"},
		{"slash", "{s}/slash", exitBlocked, "BLOCKED  AllowOriginMismatch"},
		{"opaque page", "{s}/other -page null", exitBlocked, "BLOCKED  AllowOriginMismatch"},
		{"preflight without header", "{s}/none -X DELETE", exitBlocked, "BLOCKED  PreflightMissingAllowOriginHeader at preflight"},
		{"preflight status", "{s}/login -X PUT -H X-A:1", exitBlocked, "BLOCKED  PreflightInvalidStatus"},
		{"preflight redirect", "{s}/moved -X PUT", exitBlocked, "BLOCKED  PreflightDisallowedRedirect"},
		{"preflight list", "{s}/badlist -X PUT", exitBlocked, "BLOCKED  InvalidAllowMethodsPreflightResponse"},
		{"method", "{s}/readonly -X PUT", exitBlocked, "BLOCKED  MethodDisallowedByPreflightResponse"},
		{"method case", "{s}/readonly -X get1", exitBlocked, "BLOCKED  MethodDisallowedByPreflightResponse"},
		{"method star", "{s}/starlists -X PUT -credentials include", exitBlocked, "BLOCKED  MethodDisallowedByPreflightResponse"},
		{"header", "{s}/noheaders -X PUT -H X-A:1", exitBlocked, "BLOCKED  HeaderDisallowedByPreflightResponse"},
		{"authorization", "{s}/starlists -H Authorization:x", exitBlocked, "BLOCKED  HeaderDisallowedByPreflightResponse"},
		{"redirect error", "{s}/moved -redirect error", exitBlocked, "BLOCKED  RedirectDisallowed at redirect"},
		{"mode", "{s}/star -mode same-origin", exitBlocked, "BLOCKED  DisallowedByMode at request"},
		{"mixed content", "http://api.example/", exitBlocked, "BLOCKED  MixedContent"},
		{"port", "http://localhost:25/", exitBlocked, "BLOCKED  UnsafePort"},
		{"forbidden method", "{s}/star -X TRACE", exitBlocked, "BLOCKED  ForbiddenMethod"},
		{"browsers", "{s}/starlists -H Authorization:x -browser all", exitBlocked, "standard    BLOCKED"},

		{"no answer", "{s}/hangup -H Cookie:+a=1 -H Origin:+x", exitFailed, "FAILED   Network"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			args := strings.Fields(tc.args)
			for i := range args {
				args[i] = strings.ReplaceAll(args[i], "+", " ")
			}
			got := corsfetch(t, at(s, args...)...)
			if got.code != tc.code || got.stderr != "" {
				t.Errorf("got exit code %d, stderr %q; want %d and nothing", got.code, got.stderr, tc.code)
			}
			if !strings.HasPrefix(got.stdout, tc.first) {
				t.Errorf("output begins with %.60q; want %q", got.stdout, tc.first)
			}
			golden(t, "get_"+strings.ReplaceAll(tc.name, " ", "_"), stable(s, got.stdout))
		})
	}
}

// TestGetSends: what the flags say is what the server gets.
func TestGetSends(t *testing.T) {
	s := testServer(t)
	file := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(file, []byte("a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		args  []string
		stdin string
		want  string // method|Content-Type|Cookie|X-A|body
	}{
		{"GET", []string{"{s}/echo"}, "", "GET||||"},
		{"-d is POST", []string{"{s}/echo", "-d", "x"}, "", "POST|text/plain;charset=UTF-8|||x"},
		{"-d twice", []string{"-d", "x=1", "{s}/echo", "-d", "y=2"}, "", "POST|text/plain;charset=UTF-8|||x=1&y=2"},
		{"empty -d", []string{"-d", "", "{s}/echo"}, "", "POST|text/plain;charset=UTF-8|||"},
		{"-d of a dash", []string{"-d", "-5", "{s}/echo"}, "", "POST|text/plain;charset=UTF-8|||-5"},
		{"-d @file", []string{"{s}/echo", "-d", "@" + file}, "", "POST|text/plain;charset=UTF-8|||a file\n"},
		{"-d @-", []string{"{s}/echo", "--data=@-"}, "from stdin", "POST|text/plain;charset=UTF-8|||from stdin"},
		{"Content-Type of -H", []string{"{s}/echo", "-d{}", "-Hcontent-type: application/json"}, "", "POST|application/json|||{}"},
		{"-H twice", []string{"{s}/echo", "-H", "x-a: 1", "-header", "X-A:2 "}, "", "GET|||1, 2|"},
		{"empty -H", []string{"{s}/echo", "-H", "x-a:"}, "", "GET||||"},
		{"cookies are not sent uninvited", []string{"{s}/echo", "-cookie", "a=1"}, "", "GET||||"},
		{"cookies", []string{"{s}/echo", "-b", "a=1; b=2", "-credentials", "include"}, "", "GET||a=1; b=2||"},
		{"cookies of the page's host", []string{"/echo", "-page", "{s}", "-cookie", "a=1"}, "", "GET||a=1||"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got := corsfetchWith(t, t.Context(), tc.stdin, append(at(s, tc.args...), "-json")...)
			if r := decode[report](t, got.stdout); got.code != exitAllowed || strings.ReplaceAll(r.Response.Body, "1;2", "1, 2") != tc.want {
				t.Errorf("got exit code %d, body %q, message %q; want %d and %q", got.code, r.Response.Body, r.Message, exitAllowed, tc.want)
			}
		})
	}
}

func TestTimeout(t *testing.T) {
	s := testServer(t)
	got := corsfetch(t, at(s, "{s}/slow", "-timeout", "0.001")...)
	for _, want := range []string{"FAILED   Aborted at ", "no answer within 1ms", "Give it longer with -timeout"} {
		if !strings.Contains(got.stdout, want) || got.code != exitFailed {
			t.Errorf("got exit code %d, output %s; want %d and %q in it", got.code, got.stdout, exitFailed, want)
		}
	}
}

func TestInsecure(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}))
	s.Config.ErrorLog = discardLog()
	s.StartTLS()
	defer s.Close()
	if got := corsfetch(t, "get", s.URL, "-json"); got.code != exitFailed || !strings.Contains(got.stdout, "For a test server: -k") {
		t.Errorf("without -k: got exit code %d, output %s; want %d and advice to use -k", got.code, got.stdout, exitFailed)
	}
	if got := corsfetch(t, "get", s.URL, "-k"); got.code != exitAllowed {
		t.Errorf("with -k: got exit code %d, want %d; output %s", got.code, exitAllowed, got.stdout)
	}
}

func TestWithScheme(t *testing.T) {
	tests := []struct {
		name, in, want string
	}{
		{"https", "https://a.example/x", "https://a.example/x"},
		{"scheme in upper case", "HTTP://a.example/x", "HTTP://a.example/x"},
		{"data", "data:,x", "data:,x"},
		{"about", "about:blank", "about:blank"},
		{"host", "a.example", "https://a.example"},
		{"host and path", "a.example/x?y=http://b/", "https://a.example/x?y=http://b/"},
		{"host and port", "a.example:8443/x", "https://a.example:8443/x"},
		{"localhost", "localhost", "http://localhost"},
		{"localhost and port", "localhost:3000/x", "http://localhost:3000/x"},
		{"below localhost", "api.localhost:3000", "http://api.localhost:3000"},
		{"loopback address", "127.1.2.3:80/x", "http://127.1.2.3:80/x"},
		{"loopback IPv6", "[::1]:8080/x", "http://[::1]:8080/x"},
		{"IPv6", "[2001:db8::1]/x", "https://[2001:db8::1]/x"},
		{"other address", "10.0.0.1/x", "https://10.0.0.1/x"},
		{"path", "/x", "/x"},
		{"dot", "./x", "./x"},
		{"query", "?x", "?x"},
		{"another host", "//b.example/x", "//b.example/x"},
		{"nothing", "", ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, added := withScheme(tc.in)
			if got != tc.want || added != (got != tc.in) {
				t.Errorf("withScheme(%q): got %q, %t; want %q", tc.in, got, added, tc.want)
			}
			if again, added := withScheme(got); again != got || added {
				t.Errorf("withScheme(%q): got %q; want it unchanged", got, again)
			}
		})
	}
}

// TestRequestCopies: a call's headers are not changed by a request made of it.
func TestRequestCopies(t *testing.T) {
	c := call{URL: "/", HasBody: true, Body: "x", Header: http.Header{"X-A": {"1"}}}
	c.request().Header.Set("X-A", "2")
	if got := c.Header.Get("X-A"); got != "1" || c.Header["Content-Type"] != nil {
		t.Errorf("got %v; want the call as it was", c.Header)
	}
}

func TestJavaScript(t *testing.T) {
	tests := []struct {
		name string
		call call
		want string
	}{
		{"URL", call{URL: "https://a/"}, `fetch("https://a/")`},
		{"double quotes", call{URL: "/", HasBody: true, Body: `{"a":1}`}, `fetch("/", {body: '{"a":1}'})`},
		{"both quotes", call{URL: "/", HasBody: true, Body: `"'`}, `fetch("/", {body: "\"'"})`},
		{"line feed", call{URL: "/", HasBody: true, Body: "a\nb"}, `fetch("/", {body: "a\nb"})`},
		{"long", call{URL: "/", HasBody: true, Body: strings.Repeat("é", 40)}, `fetch("/", {body: "` + strings.Repeat("é", 30) + `…"})`},
		{"markup", call{URL: "/?<&>"}, `fetch("/?<&>")`},
		{"navigation", call{URL: "/", Init: navigation}, `location = "/"`},
		{"form", call{URL: "/", Method: "POST", Init: navigation}, `form.submit() // POST to "/"`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.call.javaScript(); got != tc.want {
				t.Errorf("got %s; want %s", got, tc.want)
			}
		})
	}
}
