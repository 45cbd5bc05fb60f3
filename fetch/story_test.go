package fetch_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/google/go-cmp/cmp"
)

// A story is one fetch by a page, and what is to come of it.
type story struct {
	name    string
	page    string            // "" is A
	cookies map[string]string // URL -> the Cookie its server is sent before the story; nil is a browser without cookies
	servers map[string]answer

	method  string
	url     string
	headers []string // "Name: value"
	body    string
	stream  bool // the body cannot be sent again
	init    fetch.Init

	want  string   // "type status URL", and " redirected"; or the reason of the error
	wire  []string // "GET https://a.test/", all of them, in order; nil is not looked at
	check func(*testing.T, ending)
}

// An ending is what has come of a story.
type ending struct {
	response *fetch.Response
	body     string
	err      error
	wire     []sent
	to       []string // where redirects led, fragments included
	dropped  []string // headers of the request that were ignored
	jar      *cookiejar.Jar
}

// tell runs the stories as subtests.
func tell(t *testing.T, stories []story) {
	t.Helper()
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) { s.tell(t) })
	}
}

func (s story) tell(t *testing.T) {
	t.Helper()
	w := &web{servers: s.servers}
	end := s.fetch(t, w)
	if got := end.String(); got != s.want {
		t.Errorf("fetch() = %s; want %s\nerror: %v", got, s.want, end.err)
	}
	if s.wire != nil {
		if diff := cmp.Diff(s.wire, end.lines()); diff != "" {
			t.Errorf("on the wire (-want +got):\n%s", diff)
		}
	}
	if s.check != nil && !t.Failed() {
		s.check(t, end)
	}
}

// fetch does what the story says on w and reads the body to its end.
func (s story) fetch(t *testing.T, w *web) (end ending) {
	t.Helper()
	from := s.page
	if from == "" {
		from = A
	}
	p := page(t, w, from, nil)
	if s.cookies != nil {
		end.jar = jarOf(t, s.cookies)
		p.Browser.Jar = end.jar
	}
	ctx := fetch.WithTrace(t.Context(), &fetch.Trace{
		HeaderDropped: func(name, value string) { end.dropped = append(end.dropped, name+": "+value) },
		Redirected:    func(_ int, _, to string) { end.to = append(end.to, to) },
	})
	end.response, end.err = p.Fetch(ctx, s.request())
	end.wire = w.take()
	reason(t, end.err)
	if end.err != nil {
		if end.response != nil {
			t.Errorf("a response besides the error: %+v", end.response)
		}
		return end
	}
	data, err := io.ReadAll(end.response.Body)
	end.response.Body.Close()
	if err != nil {
		t.Errorf("body: %v", err)
	}
	end.body = string(data)
	return end
}

func (s story) request() *fetch.Request {
	req := &fetch.Request{Method: s.method, URL: s.url, Header: headerOf(s.headers), Init: s.init}
	switch {
	case s.stream:
		req.Body = io.NopCloser(strings.NewReader(s.body))
	case s.body != "":
		req.Body = strings.NewReader(s.body)
	}
	return req
}

// String is the ending as story.want puts it.
func (end ending) String() string {
	r := end.response
	if r == nil {
		if e, ok := end.err.(*fetch.Error); ok {
			return string(e.Reason)
		}
		return "nothing"
	}
	s := string(r.Type) + " " + strconv.Itoa(r.Status) + " " + r.URL
	if r.Redirected {
		s += " redirected"
	}
	return s
}

// lines are the requests on the wire as story.wire puts them.
func (end ending) lines() []string {
	lines := []string{}
	for _, x := range end.wire {
		lines = append(lines, x.method+" "+x.url)
	}
	return lines
}

// sentHeaders are the values of a header of each request on the wire, joined
// with ", "; "-" where it is not there.
func (end ending) sentHeaders(name string) []string {
	var values []string
	for _, x := range end.wire {
		v, ok := x.header[name]
		if !ok {
			v = []string{"-"}
		}
		values = append(values, strings.Join(v, ", "))
	}
	return values
}

// wantSent returns a check that the header had these values on the wire, "-"
// being none.
func wantSent(name string, want ...string) func(*testing.T, ending) {
	return func(t *testing.T, end ending) {
		t.Helper()
		if got := end.sentHeaders(name); !slices.Equal(got, want) {
			t.Errorf("%s on the wire: %q; want %q", name, got, want)
		}
	}
}

// all returns a check that makes all of these.
func all(checks ...func(*testing.T, ending)) func(*testing.T, ending) {
	return func(t *testing.T, end ending) {
		t.Helper()
		for _, check := range checks {
			check(t, end)
		}
	}
}

// wantJar returns a check that the cookies for a URL are then want.
func wantJar(of, want string) func(*testing.T, ending) {
	return func(t *testing.T, end ending) {
		t.Helper()
		u, err := url.Parse(of)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range end.jar.Cookies(u) {
			got = append(got, c.Name+"="+c.Value)
		}
		if slices.Sort(got); strings.Join(got, "; ") != want {
			t.Errorf("cookies for %s: %q; want %q", of, strings.Join(got, "; "), want)
		}
	}
}

// jarOf returns a jar that sends a server what cookies says.
func jarOf(t *testing.T, cookies map[string]string) *cookiejar.Jar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for of, line := range cookies {
		u, err := url.Parse(of)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := http.ParseCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		jar.SetCookies(u, parsed)
	}
	return jar
}

// headerOf returns the header that the lines "Name: value" make. Names stay as
// they are written.
func headerOf(lines []string) http.Header {
	h := http.Header{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h[name] = append(h[name], value)
	}
	return h
}

// redirectTo is a redirect to location that CORS lets through.
func redirectTo(status int, location string, headers ...string) answer {
	return answer{status: status, headers: append([]string{"Location: " + location, allowAsked, allowCredentials}, headers...)}
}

// What a server says that allows everything.
const (
	allowAsked       = "Access-Control-Allow-Origin: {origin}"
	allowCredentials = "Access-Control-Allow-Credentials: true"
)

// allowed is an answer that CORS lets through, with or without credentials.
func allowed(headers ...string) answer {
	return answer{headers: append([]string{allowAsked, allowCredentials}, headers...), body: "hello"}
}

// allows is an answer to a preflight that allows what was asked for.
func allows() answer {
	return answer{status: 204, headers: []string{
		allowAsked, allowCredentials, "Access-Control-Allow-Methods: {acrm}", "Access-Control-Allow-Headers: {acrh}",
	}}
}

// withInit returns a GET of url with init, for RoundTrip.
func withInit(t *testing.T, method, url string, init fetch.Init) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(fetch.WithInit(context.Background(), init), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}
