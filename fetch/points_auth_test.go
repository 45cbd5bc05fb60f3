package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/httpauth"
	"github.com/corsfetch/corsfetch/fetch/initiator"
)

// asks answers 401 with the challenge, unless Authorization is as wanted.
func asks(challenge, want string, headers ...string) answer {
	return answer{do: func(req *http.Request) (*http.Response, error) {
		if req.Header.Get("Authorization") == want {
			return answer{headers: headers, body: "in"}.response(req), nil
		}
		return answer{status: 401, headers: append(headers, "WWW-Authenticate: "+challenge), body: "out"}.response(req), nil
	}}
}

const (
	basicR  = `Basic realm="r"`
	basicUP = "Basic dTpw"
)

// A user answers prompts, one after the other; "" is no answer.
type user struct {
	answers []string // "name:password"
	asked   []fetch.Challenge
}

func (u *user) prompt(_ context.Context, c fetch.Challenge) (name, password string, ok bool) {
	u.asked = append(u.asked, c)
	n := len(u.asked) - 1
	if n >= len(u.answers) || u.answers[n] == "" {
		return "", "", false
	}
	name, password, _ = strings.Cut(u.answers[n], ":")
	return name, password, true
}

// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func TestPrompt(t *testing.T) {
	omit := fetch.Init{Credentials: fetch.CredentialsOmit}
	noCORS := fetch.Init{Mode: fetch.ModeNoCORS, Credentials: fetch.CredentialsInclude}
	open := []string{allowAsked, allowCredentials}
	tests := []struct {
		name    string
		profile *fetch.Profile
		call    call
		answers []string
		want    string
		asked   int
		wire    []string // Authorization of each request
	}{
		{"NET-021 same-origin", nil, call{url: A + "/x"}, []string{"u:p"}, "basic 200", 1, []string{"", basicUP}},
		{"NET-021 a body with a source", nil, call{method: "POST", url: A + "/x", body: "b"}, []string{"u:p"}, "basic 200", 1, []string{"", basicUP}},
		{"NET-021 no-cors, include", nil, call{url: B + "/x", init: noCORS}, []string{"u:p"}, "opaque 0", 1, []string{"", basicUP}},
		{"NET-021 nobody answers", nil, call{url: A + "/x"}, nil, "basic 401", 1, []string{""}},
		{"NET-021 a wrong password, then the right one", nil, call{url: A + "/x"}, []string{"u:x", "u:p"}, "basic 200", 2, []string{"", "Basic dTp4", basicUP}},
		{"NET-021 the same wrong password twice", nil, call{url: A + "/x"}, []string{"u:x", "u:x"}, "basic 401", 2, []string{"", "Basic dTp4"}},
		{"NET-021 a challenge that cannot be answered", nil, call{url: A + "/bearer"}, []string{"u:p"}, "basic 401", 0, []string{""}},
		{"NET-022 cross-origin, include", nil, call{url: B + "/x", init: include}, []string{"u:p"}, "cors 401", 0, []string{""}},
		{"NET-022 cross-origin, include, in Chromium", fetch.Chromium(), call{url: B + "/x", init: include}, []string{"u:p"}, "cors 200", 1, []string{"", basicUP}},
		{"NET-022 cross-origin, default", fetch.Chromium(), call{url: B + "/x"}, []string{"u:p"}, "cors 401", 0, []string{""}},
		{"NET-023 omit", nil, call{url: A + "/x", init: omit}, []string{"u:p"}, "basic 401", 0, []string{""}},
		{"NET-024 a stream", nil, call{method: "POST", url: A + "/x", body: "b", stream: true}, []string{"u:p"}, "BodyNotReplayable", 0, []string{""}},
		{"NET-024 a stream, and a challenge that cannot be answered", nil, call{method: "POST", url: A + "/bearer", body: "b", stream: true}, nil, "BodyNotReplayable", 0, []string{""}},
		{"NET-024 a stream under CORS", nil, call{method: "POST", url: B + "/x", body: "b", stream: true, init: include}, []string{"u:p"}, "cors 401", 0, []string{"", ""}},
		{"NET-025 the developer's own, always the same", nil, call{url: A + "/x", header: []string{"Authorization: mine"}}, []string{"u:p", "u:p"}, "basic 401", 2, []string{"mine", "mine"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := &web{servers: map[string]answer{
				A + "/x":              asks(basicR, basicUP),
				A + "/bearer":         asks("Bearer realm=r", basicUP),
				B + "/x":              asks(basicR, basicUP, open...),
				"OPTIONS " + B + "/x": allows(),
			}}
			u := &user{answers: tt.answers}
			p := page(t, w, A, tt.profile)
			p.Browser.Prompt = u.prompt
			if got := tt.call.fetch(t, t.Context(), p); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if len(u.asked) != tt.asked {
				t.Errorf("asked %d times, want %d", len(u.asked), tt.asked)
			}
			if diff := cmp.Diff(tt.wire, authorizations(w.take())); diff != "" {
				t.Errorf("Authorization: -want +got:\n%s", diff)
			}
		})
	}
}

// TestStreamWithoutPrompt: where there is nobody to ask, a 401 to a stream is
// delivered.
func TestStreamWithoutPrompt(t *testing.T) {
	p := page(t, &web{servers: map[string]answer{A + "/x": asks(basicR, basicUP)}}, A, nil)
	if got := (call{method: "POST", url: A + "/x", body: "b", stream: true}).fetch(t, t.Context(), p); got != "basic 401" {
		t.Errorf("got %s; want basic 401", got)
	}
}

// TestScriptAnswers: a 401 to a script's own Authorization is delivered in Firefox,
// unless a redirect has removed it before; so it is in Firefox 153.
func TestScriptAnswers(t *testing.T) {
	w := &web{servers: map[string]answer{
		A + "/x": asks(basicR, basicUP), A + "/r": redirectTo(302, B+"/x"),
		B + "/x": asks(basicR, basicUP, allowAsked, allowCredentials), "OPTIONS " + B + "/x": allows(),
	}}
	for url, want := range map[string]string{A + "/x": "basic 401", A + "/r": "cors 200"} {
		p := page(t, w, A, fetch.Firefox())
		p.Browser.Prompt = (&user{answers: []string{"u:p"}}).prompt
		if got := (call{url: url, header: []string{"Authorization: mine"}, init: include}).fetch(t, t.Context(), p); got != want {
			t.Errorf("%s: got %s; want %s", url, got, want)
		}
	}
}

// TestMisdirectedThenAsked: who is asked on the second connection answers there.
func TestMisdirectedThenAsked(t *testing.T) {
	n := 0
	w := &web{servers: map[string]answer{A + "/x": {do: func(req *http.Request) (*http.Response, error) {
		if n++; n == 1 {
			return answer{status: 421}.response(req), nil
		}
		return asks(basicR, basicUP).do(req)
	}}}}
	p := page(t, w, A, nil)
	p.Browser.Prompt = (&user{answers: []string{"u:p"}}).prompt
	if got := (call{url: A + "/x"}).fetch(t, t.Context(), p); got != "basic 200" {
		t.Errorf("got %s; want basic 200", got)
	}
}

// authorizations are the Authorization headers of requests.
func authorizations(wire []sent) []string {
	var all []string
	for _, s := range wire {
		all = append(all, s.header.Get("Authorization"))
	}
	return all
}

// TestChallenge: what the user is told.
func TestChallenge(t *testing.T) {
	w := &web{servers: map[string]answer{A + "/x": asks(`Digest realm="the shop", nonce="n"`, "-")}}
	u := &user{answers: []string{"a:b", "c:d"}}
	p := page(t, w, A, nil)
	p.Browser.Prompt = u.prompt
	call{url: A + "/x?q"}.fetch(t, t.Context(), p)
	first := fetch.Challenge{Origin: A, Scheme: "digest", Realm: "the shop", URL: A + "/x?q", Page: A}
	again := first
	again.Rejected = true
	if diff := cmp.Diff([]fetch.Challenge{first, again, again}, u.asked); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestEntry: who has been asked once is known from then on, and by other pages of
// the browser. NET-025, NET-026.
//
// https://fetch.spec.whatwg.org/#authentication-entry
func TestEntry(t *testing.T) {
	open := []string{allowAsked, allowCredentials, "Access-Control-Allow-Methods: PUT"}
	w := &web{servers: map[string]answer{
		A + "/dir/x":              asks(basicR, basicUP),
		A + "/y":                  {},
		A + "/dir/y":              {headers: open},
		"OPTIONS " + A + "/dir/y": {headers: append(open, "Access-Control-Allow-Headers: authorization")},
	}}
	u := &user{answers: []string{"u:p"}}
	p := page(t, w, A, nil)
	p.Browser.Prompt = u.prompt
	other := page(t, w, B, nil)
	other.Browser = p.Browser
	mine := []string{"Authorization: mine"}
	for _, step := range []struct {
		name string
		page *fetch.Transport
		call call
		want string // Authorization
	}{
		{"asked", p, call{url: A + "/dir/x"}, " " + basicUP},
		{"known", p, call{url: A + "/dir/y"}, basicUP},
		{"outside the directory", p, call{url: A + "/y"}, ""},
		{"omit", p, call{url: A + "/dir/y", init: fetch.Init{Credentials: fetch.CredentialsOmit}}, ""},
		{"NET-025 the developer's goes first", p, call{url: A + "/dir/y", header: mine}, "mine"},
		{"NET-026 the developer's, with omit", p, call{url: A + "/dir/y", header: mine, init: fetch.Init{Credentials: fetch.CredentialsOmit}}, "mine"},
		{"another page, include", other, call{url: A + "/dir/y", init: include}, basicUP},
		{"another page, default", other, call{url: A + "/dir/y"}, ""},
		{"no preflight has it", other, call{method: "PUT", url: A + "/dir/y", init: include}, " " + basicUP},
	} {
		step.call.fetch(t, t.Context(), step.page)
		if got := strings.Join(authorizations(w.take()), " "); got != step.want {
			t.Errorf("%s: Authorization %q, want %q", step.name, got, step.want)
		}
	}
	if len(u.asked) != 1 {
		t.Errorf("asked %d times, want 1", len(u.asked))
	}
}

// TestUserinfo: the userinfo of a navigation's URL answers, once, and is not sent
// unasked. Another request's does not.
func TestUserinfo(t *testing.T) {
	w := &web{servers: map[string]answer{
		A + "/x": asks(basicR, "Basic w6Q6cA=="), // "ä:p"
		A + "/r": redirectTo(302, "https://%C3%A4:p@a.test/x"),
	}}
	p := page(t, w, A, nil)
	resp, err := p.Fetch(t.Context(), initiator.Navigation("https://%C3%A4:p@a.test/x"))
	if err != nil || resp.Status != 200 {
		t.Fatalf("got %+v, %v; want a 200", resp, err)
	}
	resp.Body.Close()
	if diff := cmp.Diff([]string{"", "Basic w6Q6cA=="}, authorizations(w.take())); diff != "" {
		t.Errorf("a navigation: -want +got:\n%s", diff)
	}
	// Who is known goes before what the URL says.
	if resp, err = p.Fetch(t.Context(), initiator.Navigation("https://wrong:p@a.test/y")); err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if diff := cmp.Diff([]string{"Basic w6Q6cA=="}, authorizations(w.take())); diff != "" {
		t.Errorf("another navigation: -want +got:\n%s", diff)
	}
	p = page(t, w, A, nil)
	if got := (call{url: A + "/r"}).fetch(t, t.Context(), p); got != "basic 401" {
		t.Errorf("a redirect: got %s; want the 401", got)
	}
	w.take()
	resp, err = page(t, w, A, nil).Fetch(t.Context(), initiator.Navigation("https://100%:p%zz@a.test/x"))
	if err != nil || resp.Status != 401 {
		t.Fatalf("the wrong userinfo: got %+v, %v; want a 401", resp, err)
	}
	resp.Body.Close()
	if diff := cmp.Diff([]string{"", "Basic MTAwJTpwJXp6"}, authorizations(w.take())); diff != "" { // "100%:p%zz"
		t.Errorf("with percent signs that escape nothing: -want +got:\n%s", diff)
	}
}

// TestDigest: with a source of its own for nonces all that goes out is known.
func TestDigest(t *testing.T) {
	w := &web{servers: map[string]answer{A + "/x": {do: func(req *http.Request) (*http.Response, error) {
		if strings.Contains(req.Header.Get("Authorization"), "nc=00000001") {
			return answer{}.response(req), nil
		}
		return answer{status: 401, headers: []string{`WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256`}}.response(req), nil
	}}}}
	p := page(t, w, A, nil)
	p.Browser.Prompt = (&user{answers: []string{"u:p"}}).prompt
	p.Browser.Rand = strings.NewReader("01234567")
	if got := (call{url: A + "/x?q=1"}).fetch(t, t.Context(), p); got != "basic 200" {
		t.Fatalf("got %s; want basic 200", got)
	}
	// The response is what Python's hashlib makes of the same.
	const want = `Digest username="u", realm="r", nonce="n", uri="/x?q=1", algorithm=SHA-256, response="e6518e0432d925928caca71c80147803a501ac3066216fb7730fa8dfd1c52692", qop=auth, nc=00000001, cnonce="3031323334353637"`
	if got := w.take()[1].header.Get("Authorization"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestProxyAuthentication: NET-028, and a proxy whose user can be asked.
func TestProxyAuthentication(t *testing.T) {
	var wire []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		got := req.Header.Get("Proxy-Authorization")
		wire = append(wire, req.URL.Path+" "+got+req.Header.Get("Authorization"))
		if got != basicUP {
			w.Header().Set("Proxy-Authenticate", `Basic realm="proxy"`)
			w.WriteHeader(http.StatusProxyAuthRequired)
		}
	}))
	defer proxy.Close()
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	u := &user{answers: []string{"u:p"}}
	for _, tt := range []struct {
		name   string
		prompt fetch.Prompt
		want   string
		wire   []string
	}{
		{"NET-028 no prompt", nil, "ProxyAuth", []string{"/x "}},
		{"a prompt", u.prompt, "basic 200", []string{"/x ", "/x " + basicUP, "/y " + basicUP}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wire = nil
			p := page(t, &http.Transport{Proxy: http.ProxyURL(at)}, "http://a.test", nil)
			t.Cleanup(p.CloseIdleConnections)
			p.Browser.Prompt = tt.prompt
			if got := (call{url: "http://a.test/x", init: fetch.Init{Credentials: fetch.CredentialsOmit}}).fetch(t, t.Context(), p); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if tt.prompt != nil {
				call{url: "http://a.test/y"}.fetch(t, t.Context(), p)
			}
			if diff := cmp.Diff(tt.wire, wire); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	want := []fetch.Challenge{{Origin: proxy.URL, Proxy: true, Scheme: "basic", Realm: "proxy", URL: "http://a.test/x", Page: "http://a.test"}}
	if diff := cmp.Diff(want, u.asked); diff != "" {
		t.Errorf("asked: -want +got:\n%s", diff)
	}
}

// TestDigestAtBoth: a proxy and a server that ask for Digest each get an answer
// of their own to every request: to its method, to its URL, and with a count of
// its own. A preflight is no exception, but for the server's.
//
// https://www.rfc-editor.org/rfc/rfc7616#section-3.4
func TestDigestAtBoth(t *testing.T) {
	var wire []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "http://a.test")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		atProxy, atServer := req.Header.Get("Proxy-Authorization"), req.Header.Get("Authorization")
		wire = append(wire, req.Method+told(atProxy)+told(atServer))
		switch {
		case atProxy == "":
			w.Header().Set("Proxy-Authenticate", `Digest realm="proxy", nonce="p", qop="auth"`)
			w.WriteHeader(http.StatusProxyAuthRequired)
		case req.URL.Host == "b.test":
		case atServer == "":
			w.Header().Set("WWW-Authenticate", `Digest realm="server", nonce="s", qop="auth"`)
			w.WriteHeader(http.StatusUnauthorized)
		default:
			w.Header().Set("Location", "http://b.test/y")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
	}))
	defer proxy.Close()
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	p := page(t, &http.Transport{Proxy: http.ProxyURL(at)}, "http://a.test", nil)
	defer p.CloseIdleConnections()
	p.Browser.Prompt = (&user{answers: []string{"u:p", "v:q"}}).prompt
	if got := (call{method: "PUT", url: "http://a.test/x"}).fetch(t, t.Context(), p); got != "cors 200" {
		t.Errorf("got %s; want cors 200", got)
	}
	want := []string{"PUT", "PUT /x 00000001", "PUT /x 00000002 /x 00000001", "OPTIONS /y 00000003", "PUT /y 00000004"}
	if diff := cmp.Diff(want, wire); diff != "" {
		t.Errorf("URLs and counts: -want +got:\n%s", diff)
	}
}

// TestProxyConnect: a proxy on the way to an https server asks, too, before it lets
// anything through; and who is known to it is so for the next connection.
func TestProxyConnect(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if got := req.Header.Get("Proxy-Authorization"); got != "" {
			t.Errorf("the server is told Proxy-Authorization: %s", got)
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		io.Copy(w, req.Body)
	}))
	defer server.Close()
	for _, tt := range []struct {
		name      string
		challenge string
		answers   []string
		call      call
		want      string
		asked     int
		wire      []string // Proxy-Authorization of each CONNECT
	}{
		{"nobody answers", `Basic realm="r"`, nil, call{}, "ProxyAuth", 1, []string{""}},
		{"the password", `Basic realm="r"`, []string{"u:p"}, call{}, "cors 200", 1, []string{"", basicUP}},
		{"a wrong password, then the right one", `Basic realm="r"`, []string{"u:x", "u:p"}, call{}, "cors 200", 2, []string{"", "Basic dTp4", basicUP}},
		{"the same wrong password twice", `Basic realm="r"`, []string{"u:x", "u:x"}, call{}, "ProxyAuth", 2, []string{"", "Basic dTp4"}},
		{"a challenge that cannot be answered", "Bearer", []string{"u:p"}, call{}, "ProxyAuth", 0, []string{""}},
		{"a preflight asks", `Basic realm="r"`, []string{"u:p"}, call{method: "PUT", body: "b"}, "cors 200", 1, []string{"", basicUP}},
		{"a body is sent after all", `Basic realm="r"`, []string{"u:p"}, call{method: "POST", body: "b", header: []string{"Content-Type: text/plain"}}, "cors 200", 1, []string{"", basicUP}},
		{"Digest", `Digest realm="r", nonce="n", qop="auth"`, []string{"u:p"}, call{}, "cors 200", 1, []string{"", server.Listener.Addr().String() + " 00000001"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var wire []string
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				got := req.Header.Get("Proxy-Authorization")
				isDigest := strings.HasPrefix(got, "Digest")
				if isDigest {
					wire = append(wire, strings.TrimSpace(told(got)))
				} else {
					wire = append(wire, got)
				}
				if req.Method != http.MethodConnect || !isDigest && got != basicUP {
					w.Header().Set("Proxy-Authenticate", tt.challenge)
					w.WriteHeader(http.StatusProxyAuthRequired)
					return
				}
				tunnel(t, w, req.Host)
			}))
			defer proxy.Close()
			at, err := url.Parse(proxy.URL)
			if err != nil {
				t.Fatal(err)
			}
			base := server.Client().Transport.(*http.Transport).Clone()
			base.Proxy = http.ProxyURL(at)
			p := page(t, base, A, nil)
			defer p.CloseIdleConnections()
			u := &user{answers: tt.answers}
			p.Browser.Prompt = u.prompt
			tt.call.url = server.URL + "/x"
			if got := tt.call.fetch(t, t.Context(), p); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if len(u.asked) != tt.asked {
				t.Errorf("asked %d times, want %d", len(u.asked), tt.asked)
			}
			if last := tt.wire[len(tt.wire)-1]; last == basicUP {
				p.CloseIdleConnections()
				tt.call.fetch(t, t.Context(), p)
				tt.wire = append(tt.wire, last) // nobody is asked again
			}
			for _, c := range u.asked {
				if c.Origin != proxy.URL || !c.Proxy || c.Realm != "r" {
					t.Errorf("asked %+v; want by the proxy for r", c)
				}
			}
			if diff := cmp.Diff(tt.wire, wire); diff != "" {
				t.Errorf("Proxy-Authorization: -want +got:\n%s", diff)
			}
		})
	}
}

// tunnel answers a CONNECT, and lets everything through until one side is done.
func tunnel(t *testing.T, w http.ResponseWriter, target string) {
	out, err := net.Dial("tcp", target)
	if err != nil {
		t.Error(err)
		return
	}
	defer out.Close()
	in, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	defer in.Close()
	io.WriteString(in, "HTTP/1.1 200 OK\r\n\r\n")
	go io.Copy(out, in)
	io.Copy(in, out)
}

// told is the URL that Digest credentials are for, and their count.
func told(credentials string) string {
	challenges := httpauth.Parse([]string{credentials}, httpauth.Rules{})
	if len(challenges) == 0 {
		return ""
	}
	uri, _ := challenges[0].Param("uri")
	count, _ := challenges[0].Param("nc")
	return " " + uri + " " + count
}

// TestServerPosesAsProxy: a 407 of a server asks nobody for the proxy's password.
func TestServerPosesAsProxy(t *testing.T) {
	u := &user{answers: []string{"u:p"}}
	p := page(t, &web{servers: map[string]answer{A + "/x": {status: 407, headers: []string{"Proxy-Authenticate: " + basicR}}}}, A, nil)
	p.Browser.Prompt = u.prompt
	if got := (call{url: A + "/x"}).fetch(t, t.Context(), p); got != "ProxyAuth" || len(u.asked) != 0 {
		t.Errorf("got %s, asked %d times; want ProxyAuth, and nobody asked", got, len(u.asked))
	}
}

// TestPromptEnds: a fetch that ends while somebody thinks is aborted.
func TestPromptEnds(t *testing.T) {
	w := &web{servers: map[string]answer{A + "/x": asks(basicR, basicUP)}}
	p := page(t, w, A, nil)
	ctx, cancel := context.WithCancelCause(t.Context())
	p.Browser.Prompt = func(ctx context.Context, _ fetch.Challenge) (string, string, bool) {
		cancel(errReason)
		<-ctx.Done()
		return "u", "p", true
	}
	if got := (call{url: A + "/x"}).fetch(t, ctx, p); got != "Aborted" {
		t.Errorf("got %s; want Aborted", got)
	}
	if got := w.methods(); got != "GET" {
		t.Errorf("on the wire: %s; want one GET", got)
	}
}

// TestPasswordsAreNotTold: what the browser adds by itself is in no trace, and in
// no error.
func TestPasswordsAreNotTold(t *testing.T) {
	w := &web{servers: map[string]answer{B + "/x": asks(basicR, "-")}}
	p := page(t, w, A, fetch.Chromium())
	p.Browser.Prompt = (&user{answers: []string{"u:" + secret}}).prompt
	var traced []string
	ctx := fetch.WithTrace(t.Context(), &fetch.Trace{ExchangeDone: func(x fetch.Exchange) {
		traced = append(traced, strings.Join(x.RequestHeader["Authorization"], ","))
	}})
	_, err := p.Fetch(ctx, &fetch.Request{URL: B + "/x", Init: include})
	if !errors.Is(err, fetch.ErrMissingAllowOriginHeader) {
		t.Fatalf("%v; want what the CORS check says", err)
	}
	if at := findSecret(err, secret); at != nil {
		t.Errorf("the password is in the error, at %q", at)
	}
	if diff := cmp.Diff([]string{"", "basic"}, traced); diff != "" {
		t.Errorf("traced: -want +got:\n%s", diff)
	}
	if got := authorizations(w.take()); len(got) != 2 || got[1] == "basic" {
		t.Errorf("sent %q; want credentials the second time", got)
	}
}

// TestAuthIsShared: pages that use a store find each other's entries there.
func TestAuthIsShared(t *testing.T) {
	var store httpauth.Store
	w := &web{servers: map[string]answer{A + "/x": asks(basicR, basicUP)}}
	for range 2 {
		p := page(t, w, A, nil)
		p.Browser.Auth = &store
		p.Browser.Prompt = (&user{answers: []string{"u:p"}}).prompt
		call{url: A + "/x"}.fetch(t, t.Context(), p)
	}
	if diff := cmp.Diff([]string{"", basicUP, basicUP}, authorizations(w.take())); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestConcurrentPrompts: requests may ask at the same time.
func TestConcurrentPrompts(t *testing.T) {
	w := &web{servers: map[string]answer{A + "/x": asks(basicR, basicUP)}}
	p := page(t, w, A, nil)
	p.Browser.Prompt = func(context.Context, fetch.Challenge) (string, string, bool) { return "u", "p", true }
	got := make(chan string)
	for range 8 {
		go func() { got <- call{url: A + "/x"}.fetch(t, t.Context(), p) }()
	}
	var all []string
	for range 8 {
		all = append(all, <-got)
	}
	if slices.Sort(all); fmt.Sprint(slices.Compact(all)) != "[basic 200]" {
		t.Errorf("got %q; want basic 200 of all", all)
	}
}
