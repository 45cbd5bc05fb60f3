package fetch_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A pretendSite is what an alias stands for. Its host and port exist nowhere
// but in the pretendWeb.
type pretendSite struct{ scheme, host, port string }

// pretendSites are the aliases. A2 is A's host on another port, SA a subdomain
// of A; B and C are other sites; *.test is not potentially trustworthy, which
// *.localhost is. The twins with S are https; BU and XU are where an upgrade
// of the URLs of B and X leads.
var pretendSites = map[string]pretendSite{
	"A": {"http", "a%04d.localhost", "8001"}, "A2": {"http", "a%04d.localhost", "8002"}, "SA": {"http", "sa.a%04d.localhost", "8001"},
	"AS": {"https", "a%04d.localhost", "8443"}, "AS2": {"https", "a%04d.localhost", "8444"}, "SAS": {"https", "sa.a%04d.localhost", "8443"},
	"B": {"http", "b%04d.localhost", "8001"}, "BS": {"https", "b%04d.localhost", "8443"}, "BU": {"https", "b%04d.localhost", "8001"},
	"C": {"http", "c%04d.localhost", "8001"}, "CS": {"https", "c%04d.localhost", "8443"},
	"X": {"http", "x%04d.test", "8001"}, "XU": {"https", "x%04d.test", "8001"},
	"Y": {"http", "y%04d.test", "8001"}, "YS": {"https", "y%04d.test", "8443"},
	"IP": {"http", "127.0.0.1", "8001"},
}

// A pretendWeb is the servers of one scenario, and the names of its origins.
type pretendWeb struct {
	scenario *scenario
	origins  map[string]string // by alias
	resolve  *strings.Replacer // "{A}" and the like to what they stand for
	alias    *strings.Replacer // and back
	plain    net.Listener
	secure   net.Listener
	serving  sync.WaitGroup

	mu    sync.Mutex
	log   []loggedRequest
	used  map[*scenarioRule]int
	asked map[string]int // requests by place
	conns map[net.Conn]bool
	done  bool
}

// A loggedRequest is a request as net/http has read it.
type loggedRequest struct {
	method, url string
	header      http.Header
	body        string
}

// startPretendWeb starts the servers of s. They end with t.
func startPretendWeb(t *testing.T, s *scenario) *pretendWeb {
	t.Helper()
	w := &pretendWeb{scenario: s, origins: make(map[string]string), used: make(map[*scenarioRule]int), asked: make(map[string]int), conns: make(map[net.Conn]bool)}
	w.nameOrigins(s.number)
	cert, err := selfSigned()
	if err != nil {
		t.Fatal(err)
	}
	if w.plain, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if w.secure, err = tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}}); err != nil {
		t.Fatal(err)
	}
	w.serving.Go(func() { w.accept(w.plain, "http") })
	w.serving.Go(func() { w.accept(w.secure, "https") })
	t.Cleanup(w.close)
	return w
}

// nameOrigins gives the aliases hosts that no other scenario has, but for IP.
func (w *pretendWeb) nameOrigins(number int) {
	var origins, hosts, hostnames, names []string
	aliases := make([]string, 0, len(pretendSites))
	for alias := range pretendSites {
		aliases = append(aliases, alias)
	}
	slices.Sort(aliases)
	for _, alias := range aliases {
		site := pretendSites[alias]
		hostname := site.host
		if strings.Contains(hostname, "%") {
			hostname = fmt.Sprintf(hostname, number)
		}
		host := hostname + ":" + site.port
		o := site.scheme + "://" + host
		w.origins[alias] = o
		names = append(names, "{"+alias+"}", o, "{"+alias+".host}", host, "{"+alias+".hostname}", hostname)
		origins = append(origins, o, "{"+alias+"}")
		hosts = append(hosts, host, "{"+alias+".host}")
		hostnames = append(hostnames, hostname, "{"+alias+".hostname}")
	}
	w.resolve = strings.NewReplacer(names...)
	// A Replacer prefers what comes first of what begins at the same place.
	w.alias = strings.NewReplacer(slices.Concat(origins, hosts, hostnames)...)
}

// transport returns a transport that finds the pretended hosts and no others.
func (w *pretendWeb) transport() *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return w.dial(ctx, network, "http://"+addr, w.plain.Addr())
		},
		DialTLSContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := w.dial(ctx, network, "https://"+addr, w.secure.Addr())
			if err != nil {
				return nil, err
			}
			client := tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
			return client, client.HandshakeContext(ctx)
		},
	}
}

func (w *pretendWeb) dial(ctx context.Context, network, o string, addr net.Addr) (net.Conn, error) {
	for _, known := range w.origins {
		if o == known {
			return new(net.Dialer).DialContext(ctx, network, addr.String())
		}
	}
	return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("no server at " + o)}
}

func (w *pretendWeb) accept(l net.Listener, scheme string) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return // closed
		}
		w.mu.Lock()
		w.conns[conn] = true
		if w.done {
			conn.Close()
		}
		w.mu.Unlock()
		w.serving.Go(func() { w.serve(conn, scheme) })
	}
}

func (w *pretendWeb) close() {
	w.plain.Close()
	w.secure.Close()
	w.mu.Lock()
	w.done = true
	for conn := range w.conns {
		conn.Close()
	}
	w.mu.Unlock()
	w.serving.Wait()
}

// serve answers the requests of one connection.
func (w *pretendWeb) serve(conn net.Conn, scheme string) {
	defer func() {
		conn.Close()
		w.mu.Lock()
		delete(w.conns, conn)
		w.mu.Unlock()
	}()
	in := bufio.NewReader(conn)
	for {
		req, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		rule, n := w.match(scheme, req, string(body))
		if rule == nil {
			rule = &scenarioRule{Status: http.StatusNotFound}
		}
		time.Sleep(time.Duration(rule.Delay) * time.Millisecond)
		if rule.Hangup {
			return
		}
		answer, closes := w.answer(rule, req, n)
		if _, err := conn.Write(answer); err != nil || closes {
			return
		}
	}
}

// match logs a request and finds the rule that answers it. n is the number of
// requests to that place so far.
func (w *pretendWeb) match(scheme string, req *http.Request, body string) (rule *scenarioRule, n int) {
	path, _, _ := strings.Cut(req.RequestURI, "?")
	place := w.alias.Replace(scheme + "://" + req.Host)
	place = strings.Trim(place, "{}") + path
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, loggedRequest{req.Method, w.alias.Replace(scheme + "://" + req.Host + req.RequestURI), req.Header, body})
	w.asked[place]++
	rules := w.scenario.Server[place]
	for i := range rules {
		r := &rules[i]
		if r.On != "" && !slices.Contains(strings.Fields(r.On), req.Method) || r.Times > 0 && w.used[r] == r.Times {
			continue
		}
		w.used[r]++
		return r, w.asked[place]
	}
	return nil, w.asked[place]
}

// answer is the response to req, as bytes: the rule's header lines as they are,
// and a Content-Length where they do not say how the body ends.
func (w *pretendWeb) answer(rule *scenarioRule, req *http.Request, n int) (response []byte, closes bool) {
	fill := strings.NewReplacer(
		"{origin}", req.Header.Get("Origin"),
		"{acrm}", req.Header.Get("Access-Control-Request-Method"),
		"{acrh}", req.Header.Get("Access-Control-Request-Headers"),
		"{n}", strconv.Itoa(n),
	)
	status := rule.Status
	if status == 0 {
		status = http.StatusOK
	}
	reason := http.StatusText(status)
	if rule.Reason != nil {
		reason = *rule.Reason
	}
	var body string
	if rule.Body != nil {
		body = fill.Replace(w.resolve.Replace(*rule.Body))
	}
	framed := status == http.StatusNoContent || status == http.StatusNotModified
	response = fmt.Appendf(nil, "HTTP/1.1 %d %s\r\n", status, toBytes(reason))
	for _, line := range rule.Headers {
		name, value, _ := strings.Cut(line, ":")
		switch textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name)) {
		case "Content-Length", "Transfer-Encoding":
			framed = true
		case "Connection":
			closes = closes || strings.EqualFold(strings.TrimSpace(value), "close")
		}
		response = append(response, fill.Replace(w.resolve.Replace(toBytes(line)))...)
		response = append(response, "\r\n"...)
	}
	if !framed {
		response = fmt.Appendf(response, "Content-Length: %d\r\n", len(body))
	}
	response = append(response, "\r\n"...)
	if req.Method != http.MethodHead {
		response = append(response, body...)
	}
	return response, closes
}

// requests returns the requests since the last call, as recordings have them.
func (w *pretendWeb) requests(step *scenarioStep) []scenarioRequest {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []scenarioRequest
	for _, r := range w.log {
		all = append(all, w.recorded(r, step))
	}
	w.log = nil
	return all
}

// unrecordedHeaders are left out of recordings, as what they say is the
// machine's, unless the step sets them.
var unrecordedHeaders = []string{"Host", "User-Agent", "Accept-Encoding", "Accept-Language", "Connection", "Upgrade-Insecure-Requests",
	"Priority", "Te", "Dnt", "Sec-Gpc", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform", "Proxy-Connection"}

// recorded returns r as a recording has it.
func (w *pretendWeb) recorded(r loggedRequest, step *scenarioStep) scenarioRequest {
	out := scenarioRequest{Method: r.method, URL: r.url, Body: w.alias.Replace(r.body)}
	isPreflight := r.header.Get("Access-Control-Request-Method") != ""
	contentType, _, isForm := strings.Cut(r.header.Get("Content-Type"), "boundary=")
	for name, values := range r.header {
		if slices.Contains(unrecordedHeaders, name) && (isPreflight || !setsHeader(step, name)) {
			continue
		}
		for _, value := range values {
			// A form's boundary is random, and so are the body and its length.
			switch {
			case isForm && name == "Content-Length":
				continue
			case isForm && name == "Content-Type":
				value = contentType + "boundary=*"
			}
			out.Headers = append(out.Headers, name+": "+w.alias.Replace(fromBytes(value)))
		}
	}
	if isForm {
		out.Body = "*"
	}
	return out
}

func setsHeader(step *scenarioStep, name string) bool {
	return slices.ContainsFunc(step.Headers, func(line string) bool {
		set, _, _ := strings.Cut(line, ":")
		return strings.EqualFold(set, name)
	})
}

// toBytes returns the bytes that the code points of s stand for.
func toBytes(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xFF {
			b = append(b, string(r)...)
			continue
		}
		b = append(b, byte(r))
	}
	return string(b)
}

// fromBytes returns bytes as code points.
func fromBytes(s string) string {
	r := make([]rune, len(s))
	for i := range len(s) {
		r[i] = rune(s[i])
	}
	return string(r)
}

// selfSigned returns the certificate of all https servers.
var selfSigned = sync.OnceValues(func() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
})
