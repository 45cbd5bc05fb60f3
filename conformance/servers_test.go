package conformance_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
)

// serve opens the scenario that a file of one holds.
func serve(t *testing.T, scenario string) *conformance.Web {
	t.Helper()
	scenarios, err := conformance.Parse("f.json", []byte("["+scenario+"]"))
	if err != nil {
		t.Fatal(err)
	}
	servers, err := conformance.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(servers.Close)
	return servers.Open(scenarios[0])
}

// A wire is a connection to a server.
type wire struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

// dial connects to the server of an origin.
func dial(t *testing.T, web *conformance.Web, alias string) *wire {
	t.Helper()
	scheme, host, _ := strings.Cut(web.Origin(alias), "://")
	conn, err := web.Servers().DialContext(t.Context(), "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	if scheme == "https" {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	}
	t.Cleanup(func() { conn.Close() })
	return &wire{t, conn, bufio.NewReader(conn)}
}

// send writes lines of a request, as they are, and an empty one.
func (w *wire) send(lines ...string) {
	w.t.Helper()
	if _, err := io.WriteString(w.conn, strings.Join(lines, "\r\n")+"\r\n\r\n"); err != nil {
		w.t.Fatal(err)
	}
}

// post sends a request with a body.
func (w *wire) post(body string, lines ...string) {
	w.t.Helper()
	w.send(append(lines, fmt.Sprintf("Content-Length: %d", len(body)))...)
	if _, err := io.WriteString(w.conn, body); err != nil {
		w.t.Fatal(err)
	}
}

// want reads exactly what is expected.
func (w *wire) want(answer string) {
	w.t.Helper()
	got := make([]byte, len(answer))
	n, err := io.ReadFull(w.in, got)
	if string(got[:n]) != answer || err != nil {
		w.t.Fatalf("got %q, %v; want %q", got[:n], err, answer)
	}
}

// wantEnd makes sure that the server closes.
func (w *wire) wantEnd() {
	w.t.Helper()
	if rest, err := io.ReadAll(w.in); len(rest) > 0 || err != nil {
		w.t.Fatalf("got %q, %v; want the end", rest, err)
	}
}

func TestServersAnswerByteForByte(t *testing.T) {
	web := serve(t, `{"id": "a", "server": {"B/x": [{"status": 299, "reason": "Ôwn", "headers": ["x-lower :  two  ", "X: \u00E9", "X: 2", "O: {origin} {acrm} {acrh} {n}"], "body": "{B} {n}"}]},
		"steps": [{"fetch": "B/x"}]}`)
	host := web.Resolve("{B.host}")
	w := dial(t, web, "B")
	for n := 1; n <= 2; n++ { // on one connection
		w.send("GET /x?q HTTP/1.1", "Host: "+host, "Origin: null", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: a,b")
		body := fmt.Sprintf("%s %d", web.Origin("B"), n)
		w.want(fmt.Sprintf("HTTP/1.1 299 \xD4wn\r\nx-lower :  two  \r\nX: \xE9\r\nX: 2\r\nO: null PUT a,b %d\r\nContent-Length: %d\r\n\r\n%s", n, len(body), body))
	}
}

func TestServersFollowRules(t *testing.T) {
	web := serve(t, `{"id": "a", "server": {
		"A/x": [{"on": "HEAD OPTIONS", "status": 204}, {"times": 1, "body": "once"}, {"headers": ["Connection: close"], "body": "twice"}],
		"A/h": [{"hangup": true}],
		"AS/f": [{"file": "events", "headers": ["Content-Length: 3"]}],
		"A/head": [{"body": "body"}]}, "steps": [{"fetch": "A/x"}]}`)
	w := dial(t, web, "A")
	host := "Host: " + web.Resolve("{A.host}")
	w.send("OPTIONS /x HTTP/1.1", host)
	w.want("HTTP/1.1 204 No Content\r\n\r\n")
	w.post("hi", "POST /x HTTP/1.1", host)
	w.want("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nonce")
	w.send("HEAD /head HTTP/1.1", host)
	w.want("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
	w.send("GET /x HTTP/1.1", host)
	w.want("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\ntwice")
	w.wantEnd()
	w = dial(t, web, "AS")
	w.send("GET /f HTTP/1.1", "Host: "+web.Resolve("{AS.host}"))
	w.want("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ndata: hi\n\n")
}

func TestServersSpeakWhatTheyAreSpokenTo(t *testing.T) {
	web := serve(t, `{"id": "a", "server": {"AS/x": [{"body": "s"}], "BU/x": [{"body": "u"}], "X/x": [{"body": "x"}], "YS/x": [{"body": "ys"}], "IP/x": [{"body": "ip"}]}, "steps": [{"fetch": "A/x"}]}`)
	for alias, body := range map[string]string{"AS": "s", "BU": "u", "X": "x", "YS": "ys", "IP": "ip"} {
		w := dial(t, web, alias)
		w.send("GET /x HTTP/1.1", "Host: "+web.Resolve("{"+alias+".host}"), "Connection: x")
		w.want(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
	}
}

func TestServersEnd(t *testing.T) {
	web := serve(t, `{"id": "a", "server": {"A/c": [{"headers": ["Connection: close"]}], "A/h": [{"hangup": true}]}, "steps": [{"fetch": "A/x"}]}`)
	host := "Host: " + web.Resolve("{A.host}")
	w := dial(t, web, "A")
	w.send("GET /none HTTP/1.1", host)
	w.want("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
	w.send("GET /c HTTP/1.1", host)
	w.want("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	w.wantEnd()
	for name, request := range map[string][]string{
		"hangup":              {"GET /h HTTP/1.1", host},
		"no request":          {"hello"},
		"unknown host":        {"GET http://nowhere.invalid/x HTTP/1.1", "Host: nowhere.invalid"},
		"tunnel to nowhere":   {"CONNECT nowhere.invalid:443 HTTP/1.1", "Host: nowhere.invalid:443"},
		"another port":        {"GET " + web.Resolve("http://{X.hostname}:1/x") + " HTTP/1.1", host},
		"a body without end":  {"POST /x HTTP/1.1", host, "Content-Length: 99999999999999999999"},
		"a scenario not open": {"GET /x HTTP/1.1", "Host: a9999.localhost"},
	} {
		t.Run(name, func(t *testing.T) {
			w := dial(t, web, "A")
			w.send(request...)
			w.wantEnd()
		})
	}
}

func TestServersAreAProxy(t *testing.T) {
	web := serve(t, `{"id": "a", "server": {"X/x": [{"body": "x"}], "YS/x": [{"body": "ys"}]}, "steps": [{"fetch": "A/x"}]}`)
	w := dial(t, web, "A")
	w.send("GET "+web.Origin("X")+"/x?http://a HTTP/1.1", "Host: "+web.Resolve("{X.host}"))
	w.want("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
	w.send("CONNECT "+web.Resolve("{YS.host}")+" HTTP/1.1", "Host: "+web.Resolve("{YS.host}"))
	w.want("HTTP/1.1 200 OK\r\n\r\n")
	secure := tls.Client(w.conn, &tls.Config{InsecureSkipVerify: true})
	w = &wire{t, secure, bufio.NewReader(secure)}
	w.send("GET /x HTTP/1.1", "Host: "+web.Resolve("{YS.host}"))
	w.want("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nys")
	got := web.Take(nil)
	want := []conformance.Request{{Method: "GET", URL: "{X}/x?http://a", Headers: []string{}}, {Method: "GET", URL: "{YS}/x", Headers: []string{}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the wire: - want + got\n%s", diff)
	}
}

func TestTake(t *testing.T) {
	web := serve(t, `{"id": "a", "server": {}, "steps": [{"fetch": "A/x", "headers": ["user-agent: me"]}]}`)
	host := "Host: " + web.Resolve("{A.host}")
	w := dial(t, web, "A")
	w.post("b=c", "POST /x?"+web.Origin("B")+" HTTP/1.1", host, "x-b:  \xE9 ", "User-Agent: me", "Accept-Language: en", "ORIGIN: "+web.Origin("SA"))
	w.want("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
	w.post("--z\r\n\r\n--z--\r\n", "POST /f HTTP/1.1", host, "Content-Type: multipart/form-data; boundary=z")
	w.want("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
	w.send("OPTIONS /x HTTP/1.1", host, "User-Agent: own", "Access-Control-Request-Method: GET")
	w.want("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
	want := []conformance.Request{
		{Method: "POST", URL: "{A}/x?{B}", Headers: []string{"Content-Length: 3", "ORIGIN: {SA}", "User-Agent: me", "x-b: \u00E9"}, Body: "b=c"},
		{Method: "POST", URL: "{A}/f", Headers: []string{"Content-Type: multipart/form-data; boundary=*"}, Body: "*"},
		{Method: "OPTIONS", URL: "{A}/x", Headers: []string{"Access-Control-Request-Method: GET"}},
	}
	got := web.Take(&web.Scenario.Steps[0])
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the wire: - want + got\n%s", diff)
	}
	if again := web.Take(nil); len(again) != 0 {
		t.Errorf("taken twice: %v", again)
	}
}

func TestChunkedRequest(t *testing.T) {
	web := serve(t, `{"id": "a", "server": {"A/x": [{"body": "ok"}]}, "steps": [{"fetch": "A/x"}]}`)
	w := dial(t, web, "A")
	w.send("POST /x HTTP/1.1", "Host: "+web.Resolve("{A.host}"), "Transfer-Encoding: chunked", "", "2\r\nhi\r\n0")
	w.want("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	if got := web.Take(nil); len(got) != 1 || got[0].Body != "hi" {
		t.Errorf("got %v; want a body of \"hi\"", got)
	}
}

func TestAlias(t *testing.T) {
	web := serve(t, `{"id": "a", "steps": [{"fetch": "A/x"}]}`)
	for _, text := range []string{"{A}/x", "{SA}", "{A2}", "{AS}", "{BU}", "{XU}", "{A.host}", "{SA.host}", "{IP}/", "http://{B.hostname}:1/", "{A}, {B} {C}", "null", "127.0.0.1"} {
		if got := web.Alias(web.Resolve(text)); got != text {
			t.Errorf("Alias(Resolve(%q)) = %q", text, got)
		}
	}
	const id = "00000000-0000-4000-8000-00000000000a"
	for text, want := range map[string]string{
		"blob:" + web.Origin("A") + "/" + id: "blob:{A}/*",
		"blob:null/" + id:                    "blob:null/*",
		web.Origin("A") + "/" + id:           "{A}/" + id,
	} {
		if got := web.Alias(text); got != want {
			t.Errorf("Alias(%q) = %q; want %q", text, got, want)
		}
	}
	if got, want := web.URL("B/x?{A.host}"), web.Origin("B")+"/x?"+web.Resolve("{A.host}"); got != want {
		t.Errorf("URL: got %q; want %q", got, want)
	}
	if got, want := web.URL("data:text/plain;base64,{base64:events}"), "data:text/plain;base64,ZGF0YTogaGkKCg=="; got != want {
		t.Errorf("URL: got %q; want %q", got, want)
	}
}

func TestScenariosShareNoHost(t *testing.T) {
	web := serve(t, `{"id": "a", "server": {"A/x": [{"body": "first"}]}, "steps": [{"fetch": "A/x"}]}`)
	other := web.Servers().Open(&conformance.Scenario{ID: "b"})
	for _, alias := range conformance.Aliases() {
		if alias != "IP" && web.Origin(alias) == other.Origin(alias) {
			t.Errorf("%s is %s in both", alias, web.Origin(alias))
		}
	}
	client := &http.Client{Transport: web.Servers().Transport()}
	defer client.CloseIdleConnections()
	for _, test := range []struct {
		web    *conformance.Web
		status int
	}{{web, 200}, {other, 404}} {
		resp, err := client.Get(test.web.Origin("A") + "/x")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != test.status {
			t.Errorf("got %d; want %d", resp.StatusCode, test.status)
		}
	}
	if a, b := len(web.Take(nil)), len(other.Take(nil)); a != 1 || b != 1 {
		t.Errorf("recorded %d and %d requests; want 1 and 1", a, b)
	}
	web.Close()
	if resp, err := client.Get(web.Origin("A") + "/x"); err == nil {
		resp.Body.Close()
		t.Errorf("a closed web answers %d", resp.StatusCode)
	}
}

// TestCloseInterruptsDelays: an answer that is delayed ends with its web, and
// with the servers.
func TestCloseInterruptsDelays(t *testing.T) {
	const scenario = `{"id": "a", "server": {"A/x": [{"delay": 1000000000}]}, "steps": [{"fetch": "A/x"}]}`
	for name, end := range map[string]func(*conformance.Web){
		"web":     (*conformance.Web).Close,
		"servers": func(web *conformance.Web) { web.Servers().Close() },
	} {
		t.Run(name, func(t *testing.T) {
			web := serve(t, scenario)
			arrived := make(chan struct{})
			web.Servers().Intercept(func(*conformance.Incoming) *conformance.Answer {
				close(arrived)
				return nil
			})
			w := dial(t, web, "A")
			w.send("GET /x HTTP/1.1", "Host: "+web.Resolve("{A.host}"))
			<-arrived
			end(web)
			w.wantEnd()
		})
	}
}

func TestIntercept(t *testing.T) {
	web := serve(t, `{"id": "a", "server": {"A/x": [{"body": "rule"}]}, "steps": [{"fetch": "A/x"}]}`)
	web.Servers().Intercept(func(req *conformance.Incoming) *conformance.Answer {
		if req.Path() == "/mine" && req.Query() == "q" && req.Hostname() == web.Resolve("{A.hostname}") {
			return &conformance.Answer{Status: 201, Reason: "Mine", Lines: []string{"X: 1"}, Body: req.Body}
		}
		return nil
	})
	w := dial(t, web, "A")
	host := "Host: " + web.Resolve("{A.host}")
	w.post("body", "POST /mine?q HTTP/1.1", host)
	w.want("HTTP/1.1 201 Mine\r\nX: 1\r\nContent-Length: 4\r\n\r\nbody")
	w.send("GET /x HTTP/1.1", host)
	w.want("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nrule")
	if got := web.Take(nil); len(got) != 1 || got[0].URL != "{A}/x" {
		t.Errorf("recorded %v; want the second request only", got)
	}
}
