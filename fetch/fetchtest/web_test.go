package fetchtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/fetch/initiator"
)

// answer is a handler with headers, as "Name: value", and a body.
func answer(body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, line := range headers {
			name, value, _ := strings.Cut(line, ": ")
			w.Header().Add(name, value)
		}
		_, _ = io.WriteString(w, body) // if nobody reads, that is the test's business
	}
}

const (
	appURL = "https://app.example/cart"
	apiURL = "https://api.example/x"
)

// web is an api.example with one handler.
func web(h http.Handler) *fetchtest.Web {
	return fetchtest.New(fetchtest.Servers{"https://api.example": h})
}

// TestResult: all that a result says, allowed and refused.
func TestResult(t *testing.T) {
	preflight := fetchtest.Exchange{
		Method: "OPTIONS", URL: apiURL, Preflight: true,
		RequestHeader: http.Header{"Access-Control-Request-Method": {"PUT"}, "Access-Control-Request-Headers": {"x-a"}},
		Status:        200,
	}
	tests := []struct {
		name    string
		handler http.Handler
		request fetchtest.Request
		want    fetchtest.Result
	}{
		{"allowed", answer("é", "Access-Control-Allow-Origin: *", "X-Secret: 1", "Cache-Control: no-store"), fetchtest.Request{
			URL: apiURL, Header: http.Header{"Cookie": {"a=1"}, "Accept": {"text/plain"}},
		}, fetchtest.Result{
			Verdict: fetchtest.Allowed,
			Response: fetchtest.Response{
				Type: "cors", URL: apiURL, Status: 200, StatusText: "OK", Body: "é",
				Header: http.Header{"Cache-Control": {"no-store"}, "Content-Length": {"2"}, "Content-Type": {"text/plain; charset=utf-8"}},
			},
			Hidden:  []string{"Access-Control-Allow-Origin", "X-Secret"},
			Dropped: []string{"Cookie: a=1"},
			Reached: true,
			Wire: []fetchtest.Exchange{{
				Method: "GET", URL: apiURL, Status: 200,
				RequestHeader: http.Header{"Accept": {"text/plain"}},
			}},
		}},
		{"blocked when it is done", answer("secret"), fetchtest.Request{Method: "POST", URL: apiURL, Body: "a=1"}, fetchtest.Result{
			Verdict: fetchtest.Blocked, Reason: fetch.ErrMissingAllowOriginHeader, Stage: fetch.StageResponse,
			Header: "Access-Control-Allow-Origin", Want: `"https://app.example" or "*"`,
			Message: `blocked at response: MissingAllowOriginHeader: no Access-Control-Allow-Origin, want "https://app.example" or "*"`,
			Reached: true,
			Wire: []fetchtest.Exchange{{
				Method: "POST", URL: apiURL, Status: 200, RequestBody: "a=1",
				RequestHeader: http.Header{"Content-Type": {"text/plain;charset=UTF-8"}},
			}},
		}},
		{"blocked before it is done", answer("", "Access-Control-Allow-Origin: *"), fetchtest.Request{Method: "PUT", URL: apiURL, Header: http.Header{"X-A": {"1"}}}, fetchtest.Result{
			Verdict: fetchtest.Blocked, Reason: fetch.ErrMethodDisallowedByPreflightResponse, Stage: fetch.StagePreflight,
			Header: "Access-Control-Allow-Methods", Want: `it to list "PUT" or "*"`,
			Message: `blocked at preflight: MethodDisallowedByPreflightResponse: no Access-Control-Allow-Methods, want it to list "PUT" or "*"`,
			Wire:    []fetchtest.Exchange{preflight},
		}},
		{"no such host", nil, fetchtest.Request{URL: "https://nowhere.example/"}, fetchtest.Result{
			Verdict: fetchtest.Failed, Reason: fetch.ErrNetwork, Stage: fetch.StageResponse,
			Message: "failed at response: Network: dial tcp: lookup nowhere.example: no such host",
			Wire:    []fetchtest.Exchange{{Method: "GET", URL: "https://nowhere.example/", RequestHeader: http.Header{}, Error: "dial tcp: lookup nowhere.example: no such host"}},
		}},
		{"never sent", nil, fetchtest.Request{URL: "https://api.example:22/"}, fetchtest.Result{
			Verdict: fetchtest.Blocked, Reason: fetch.ErrUnsafePort, Stage: fetch.StageRequest, Got: "port 22", Want: "a port that is not on the list of bad ports",
			Message: "blocked at request: UnsafePort: port 22, want a port that is not on the list of bad ports",
		}},
	}
	// What every request has, and what net/http adds to a response, is told elsewhere.
	ignored := cmp.Options{
		cmpopts.EquateEmpty(),
		cmpopts.IgnoreFields(fetchtest.Exchange{}, "ResponseHeader"),
		cmpopts.IgnoreMapEntries(func(name string, _ []string) bool {
			switch name {
			case "Origin", "Referer", "User-Agent", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site":
				return true
			}
			return name == "Accept" // but where it is set
		}),
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := web(tt.handler).Page(appURL).Fetch(tt.request)
			if diff := cmp.Diff(tt.want, got, ignored); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestConsole: a browser's own words are there if Profile is a browser's.
func TestConsole(t *testing.T) {
	w := web(answer(""))
	w.Browser.Profile = fetch.Chromium()
	got := w.Page(appURL).Fetch(fetchtest.Request{URL: apiURL})
	if want := "has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present"; !strings.Contains(got.Console, want) {
		t.Errorf("got %q; want it to hold %q", got.Console, want)
	}
}

// TestCachedPreflight: what the preflight cache answers is on the wire as that,
// and the clock decides how long it does.
func TestCachedPreflight(t *testing.T) {
	w := web(answer("", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: x-a", "Access-Control-Max-Age: 60"))
	put := fetchtest.Request{Method: "PUT", URL: apiURL, Header: http.Header{"X-A": {"1"}}}
	page := w.Page(appURL)
	start := w.Now()
	for i, test := range []struct {
		advance  time.Duration
		isCached bool
	}{{0, false}, {59 * time.Second, true}, {time.Second, false}} {
		w.Advance(test.advance)
		wire := page.Fetch(put).Wire
		if len(wire) != 2 || !wire[0].Preflight || wire[0].Cached != test.isCached || wire[0].RequestHeader.Get("Access-Control-Request-Headers") != "x-a" {
			t.Errorf("%d: got %v; want a preflight, cached: %t", i, wire, test.isCached)
		}
	}
	if got := w.Now().Sub(start); got != time.Minute {
		t.Errorf("the clock moved by %v; want the minute that it was told", got)
	}
}

// TestInBubble: with the bubble's clock time.Sleep moves the web's, and delays
// take no time.
func TestInBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := web(fetchtest.Delay(5*time.Second, answer("", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT", "Access-Control-Max-Age: 60")))
		w.Browser.Now = time.Now
		page, put := w.Page(appURL), fetchtest.Request{Method: "PUT", URL: apiURL}
		start := time.Now()
		if got := page.Fetch(put); len(got.Wire) != 2 || time.Since(start) != 10*time.Second {
			t.Errorf("%v, after %v; want two answers, each after 5 s", got, time.Since(start))
		}
		time.Sleep(time.Minute)
		if got := page.Fetch(put).Requests(); len(got) != 2 {
			t.Errorf("got %v; want another preflight", got)
		}
	})
}

// TestServerRequest: a handler knows who is asked for, and by TLS if that is so.
func TestServerRequest(t *testing.T) {
	tell := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tls := ""
		if r.TLS != nil {
			tls = r.TLS.ServerName
		}
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintln(w, r.Method, r.Host, r.RequestURI, r.URL.Path, r.Proto, r.ContentLength, tls, string(body))
		if _, _, err := net.SplitHostPort(r.RemoteAddr); err != nil {
			t.Error(err)
		}
	})
	for _, test := range []struct{ server, method, url, body, want string }{
		{"https://api.example", "GET", "/a%20b?q=1#f", "", "GET api.example /a%20b?q=1 /a b HTTP/1.1 0 api.example "},
		{"http://localhost:8080", "POST", "/", "b", "POST localhost:8080 / / HTTP/1.1 1  b"},
		{"https://[::1]:8443", "GET", "//x/./y", "", "GET [::1]:8443 //x/y //x/y HTTP/1.1 0 ::1 "},
	} {
		w := fetchtest.New(fetchtest.Servers{test.server: tell})
		got := w.Page(test.server).Fetch(fetchtest.Request{Method: test.method, URL: test.server + test.url, Body: test.body})
		if got.Response.Body != test.want+"\n" {
			t.Errorf("%s %s: got %q, %v; want %q", test.method, test.url, got.Response.Body, got, test.want)
		}
	}
}

// TestCookies: a visit's cookies, and those that are put, go where a browser
// sends them.
func TestCookies(t *testing.T) {
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			w.Header().Add("Set-Cookie", "strict=1; SameSite=Strict; Secure")
			w.Header().Add("Set-Cookie", "none=1; SameSite=None; Secure")
			http.Redirect(w, r, "/", http.StatusFound)
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		fmt.Fprint(w, r.Header.Get("Cookie"))
	})
	w := web(echo)
	if got := w.Visit("https://api.example/login"); got.Verdict != fetchtest.Allowed || got.Response.Body != "strict=1; none=1" || len(got.Wire) != 2 {
		t.Errorf("the visit: %v %q", got, got.Response.Body)
	}
	w.SetCookie(apiURL, "put=1; SameSite=None; Secure", "expired=1; Max-Age=0")
	include := fetchtest.Request{URL: apiURL, Init: fetch.Init{Credentials: fetch.CredentialsInclude}}
	for page, want := range map[string]string{appURL: "none=1; put=1", "https://api.example": "strict=1; none=1; put=1", "null": "none=1; put=1"} {
		if got := w.Page(page).Fetch(include); got.Response.Body != want {
			t.Errorf("%s: got %q, %v; want %q", page, got.Response.Body, got, want)
		}
	}
	if got := w.Page(appURL).Fetch(fetchtest.Request{URL: apiURL}); got.Response.Body != "" {
		t.Errorf("without credentials: got %q", got.Response.Body)
	}
}

// TestFresh: another browser at the same servers knows nothing of the first, but
// what time it is.
func TestFresh(t *testing.T) {
	w := web(answer("", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT", "Set-Cookie: a=1"))
	w.Browser.Profile = fetch.Firefox()
	w.Advance(time.Hour)
	put := fetchtest.Request{Method: "PUT", URL: apiURL}
	for _, w := range []*fetchtest.Web{w, w.Fresh()} {
		if got := w.Page(appURL).Fetch(put).Requests(); len(got) != 2 {
			t.Errorf("got %v; want a preflight of its own", got)
		}
		if got := w.Visit(apiURL).Wire[0].RequestHeader["Cookie"]; got != nil {
			t.Errorf("sent %v; want no cookie", got)
		}
	}
	fresh := w.Fresh()
	if !fresh.Now().Equal(w.Now()) || fresh.Browser.Profile != w.Browser.Profile {
		t.Errorf("at %v as %s; want %v, %s", fresh.Now(), fresh.Browser.Profile.Name, w.Now(), w.Browser.Profile.Name)
	}
}

// TestFaults: what goes wrong is a network error, or an error of the body, and
// is said.
func TestFaults(t *testing.T) {
	const readable = "Access-Control-Allow-Origin: *"
	tests := []struct {
		name    string
		handler http.Handler
		message string // of the fetch
		body    string // and of the body
		error   error
	}{
		{"hang up", fetchtest.HangUp(), "the server hung up", "", io.EOF},
		{"panic", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oops") }), "the handler panicked: oops", "", io.EOF},
		{"goexit", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { runtime.Goexit() }), "ended its goroutine", "", nil},
		{"down", fetchtest.Refuse(), "connection refused", "", syscall.ECONNREFUSED},
		{"truncated", fetchtest.Truncate(3, answer("hello", readable)), "", "hel|unexpected EOF", nil},
		{"truncated at once", fetchtest.Truncate(0, answer("hello", readable)), "", "|unexpected EOF", nil},
		{"not as long", fetchtest.Truncate(9, answer("hello", readable)), "", "hello|", nil},
		{"short", answer("hello", readable, "Content-Length: 9"), "", "hello|unexpected EOF", nil},
		{"without end", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for err := error(nil); err == nil; _, err = io.WriteString(w, strings.Repeat("x", 4096)) {
				w.Header().Set("Access-Control-Allow-Origin", "*")
			}
		}), "", strings.Repeat("x", fetchtest.BodyLimit) + "|it has more than 1048576 bytes", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := web(tt.handler)
			defer w.Close()
			page := w.Page(appURL)
			got := page.Fetch(fetchtest.Request{URL: apiURL})
			if tt.message == "" {
				if body := got.Response.Body + "|" + got.Response.BodyError; got.Verdict != fetchtest.Allowed || body != tt.body {
					t.Errorf("%v: got %.60q; want %.60q", got, body, tt.body)
				}
				return
			}
			if got.Verdict != fetchtest.Failed || got.Reason != fetch.ErrNetwork || !strings.Contains(got.Message, tt.message) {
				t.Errorf("got %v; want %q", got, tt.message)
			}
			if _, err := page.Transport.Fetch(t.Context(), &fetch.Request{URL: apiURL}); tt.error != nil && !errors.Is(err, tt.error) {
				t.Errorf("got %v; want it to be %v", err, tt.error)
			}
		})
	}
}

// TestHang: a server that does not answer is given up, told so, and leaves nothing
// behind.
func TestHang(t *testing.T) {
	handlers := map[string]http.HandlerFunc{
		"without an answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"half-way": func(w http.ResponseWriter, r *http.Request) {
			answer("a", "Access-Control-Allow-Origin: *")(w, r)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
		"answering too late": func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			answer(strings.Repeat("x", 1<<16))(w, r)
		},
	}
	for name, h := range handlers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := web(h)
				start := time.Now()
				got := w.Page(appURL).Fetch(fetchtest.Request{URL: apiURL})
				if took := time.Since(start); took != fetchtest.Timeout {
					t.Errorf("took %v; want %v", took, fetchtest.Timeout)
				}
				switch {
				case name == "half-way":
					if got.Response.Body != "a" || got.Response.BodyError == "" {
						t.Errorf("got %v, %q %q; want part of a body and an error", got, got.Response.Body, got.Response.BodyError)
					}
				case got.Verdict != fetchtest.Failed || got.Reason != fetch.ErrAborted:
					t.Errorf("got %v; want it aborted", got)
				}
				synctest.Wait() // the bubble fails for a handler that is left
			})
		})
	}
}

// TestClose: closing ends what still runs, and nothing is served after it.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		arrived := make(chan struct{})
		w := web(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { close(arrived); <-r.Context().Done() }))
		page := w.Page(appURL)
		results := make(chan fetchtest.Result)
		go func() { results <- page.Fetch(fetchtest.Request{URL: apiURL}) }()
		<-arrived
		w.Close()
		for _, got := range []fetchtest.Result{<-results, page.Fetch(fetchtest.Request{URL: apiURL})} {
			if got.Reason != fetch.ErrNetwork || !strings.Contains(got.Message, "closed") {
				t.Errorf("got %v; want it to say that the web is closed", got)
			}
		}
	})
}

// TestHTTPClient: an http.Client on a page takes bodies as they come, and what
// it did is on the web's wire.
func TestHTTPClient(t *testing.T) {
	more := make(chan struct{})
	w := web(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer("first ", "Access-Control-Allow-Origin: *")(w, r)
		w.(http.Flusher).Flush()
		<-more
		answer("second")(w, r)
	}))
	client := &http.Client{Transport: w.Page(appURL).Transport}
	resp, err := client.Get(apiURL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	first := make([]byte, 6)
	if _, err := io.ReadFull(resp.Body, first); err != nil {
		t.Fatal(err)
	}
	close(more)
	rest, err := io.ReadAll(resp.Body)
	if got := string(first) + string(rest); got != "first second" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got := w.Wire(); len(got) != 1 || got[0].URL != apiURL || got[0].Status != 200 {
		t.Errorf("got %v; want the one request", got)
	}
	if got := w.Wire(); len(got) != 0 {
		t.Errorf("got %v again", got)
	}
}

// TestLoad: whatever a page asks for can be asked for.
func TestLoad(t *testing.T) {
	w := web(answer("\x89PNG\r\n\x1a\n"))
	got := w.Page(appURL).Load(t.Context(), initiator.Image(apiURL, initiator.NoCORS))
	if got.Verdict != fetchtest.Allowed || got.Response.Type != fetch.TypeOpaque || got.Wire[0].RequestHeader.Get("Sec-Fetch-Dest") != "image" {
		t.Errorf("got %v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := w.Page(appURL).Load(ctx, initiator.Image(apiURL, initiator.NoCORS)); got.Reason != fetch.ErrAborted || got.Reached {
		t.Errorf("aborted before: got %v, reached: %t", got, got.Reached)
	}
}

// TestParallel: pages of one web may fetch at the same time, and each result
// has its own wire.
func TestParallel(t *testing.T) {
	w := web(answer("", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT"))
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			url := fmt.Sprintf("%s/%d", apiURL, i)
			got := w.Page(appURL).Fetch(fetchtest.Request{Method: "PUT", URL: url})
			if diff := cmp.Diff([]string{"OPTIONS " + url, "PUT " + url}, got.Requests()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestUnusable: what is no origin, and what is no URL, is told at once.
func TestUnusable(t *testing.T) {
	for name, f := range map[string]func(){
		"path":         func() { fetchtest.New(fetchtest.Servers{"https://api.example/": nil}) },
		"default port": func() { fetchtest.New(fetchtest.Servers{"https://api.example:443": nil}) },
		"upper case":   func() { fetchtest.New(fetchtest.Servers{"https://API.example": nil}) },
		"no scheme":    func() { fetchtest.New(fetchtest.Servers{"api.example": nil}) },
		"null":         func() { fetchtest.New(fetchtest.Servers{"null": nil}) },
		"scheme":       func() { fetchtest.New(fetchtest.Servers{"ftp://api.example": nil}) },
		"page":         func() { web(nil).Page("app") },
		"visit":        func() { web(nil).Visit("/x") },
		"cookie":       func() { web(nil).SetCookie("/x", "a=1") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if v, _ := recover().(string); !strings.HasPrefix(v, "fetchtest: ") {
					t.Errorf("got %q; want a panic of fetchtest's", v)
				}
			}()
			f()
		})
	}
}
