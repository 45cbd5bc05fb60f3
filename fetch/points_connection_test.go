package fetch_test

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/preflightcache"
)

// An arrival is a request as a server on the loopback interface saw it.
type arrival struct {
	method     string
	connection int  // the first is 1
	withCert   bool // the client has presented a certificate
	length     string
}

// A loopback is a TLS server on the loopback interface that asks for client
// certificates, and writes down what arrives.
type loopback struct {
	*httptest.Server
	mu          sync.Mutex
	connections []string // remote addresses
	arrivals    []arrival
}

// startLoopback starts a server that hands each request to handle, together
// with what is known of its arrival. It ends with t.
func startLoopback(t *testing.T, http2 bool, handle func(http.ResponseWriter, arrival)) *loopback {
	t.Helper()
	l := new(loopback)
	l.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", A)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		handle(w, l.note(r))
	}))
	l.Config.ErrorLog = log.New(io.Discard, "", 0)
	l.EnableHTTP2 = http2
	l.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	l.StartTLS()
	t.Cleanup(l.Close)
	return l
}

func (l *loopback) note(r *http.Request) arrival {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := slices.Index(l.connections, r.RemoteAddr)
	if n < 0 {
		n = len(l.connections)
		l.connections = append(l.connections, r.RemoteAddr)
	}
	a := arrival{r.Method, n + 1, len(r.TLS.PeerCertificates) > 0, r.Header.Get("Content-Length")}
	l.arrivals = append(l.arrivals, a)
	return a
}

// take returns what has arrived so far and forgets it.
func (l *loopback) take() []arrival {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.arrivals
	l.arrivals = nil
	return a
}

// transport returns a transport that trusts the server and has a certificate
// of its own.
func (l *loopback) transport(http2 bool) *http.Transport {
	config := l.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.Certificates = l.TLS.Certificates
	config.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	return &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: http2, DialContext: new(net.Dialer).DialContext}
}

func arrivedMethods(arrivals []arrival) string {
	var methods []string
	for _, a := range arrivals {
		methods = append(methods, a.method)
	}
	return strings.Join(methods, " ")
}

// https://fetch.spec.whatwg.org/#concept-connection-obtain
func TestPreflightConnections(t *testing.T) {
	for _, test := range []struct {
		name          string
		profile       *fetch.Profile
		preflightCert bool
	}{
		{"standard", fetch.Standard(), false},
		{"chromium", fetch.Chromium(), true},
		{"firefox", fetch.Firefox(), false},
		{"webkit", fetch.WebKit(), true},
	} {
		for _, http2 := range []bool{false, true} {
			name := "PFR-020 client certificates, " + test.name
			if http2 {
				name += ", HTTP/2"
			}
			t.Run(name, func(t *testing.T) {
				server := startLoopback(t, http2, func(http.ResponseWriter, arrival) {})
				page := point{profile: test.profile}.open(t, server.transport(http2))
				page.Browser.Preflights = preflightcache.New(0)
				t.Cleanup(page.CloseIdleConnections)
				// The second time there are connections and TLS sessions to resume.
				for range 2 {
					outcome := call{method: "PUT", url: server.URL + "/x", body: "hi", init: include}.fetch(t, t.Context(), page)
					got := server.take()
					if outcome != "cors 200" || arrivedMethods(got) != "OPTIONS PUT" {
						t.Fatalf("got %q, %q; want a preflight and PUT, cors 200", arrivedMethods(got), outcome)
					}
					preflight, put := got[0], got[1]
					if preflight.withCert != test.preflightCert {
						t.Errorf("the preflight presents a certificate: %t; want %t", preflight.withCert, test.preflightCert)
					}
					if !put.withCert {
						t.Error("the PUT presents no certificate; want one")
					}
					if preflight.connection == put.connection {
						t.Errorf("both used connection %d; want two", put.connection)
					}
					if preflight.length != "" {
						t.Errorf("PFR-010 the preflight has Content-Length: %s; want none", preflight.length)
					}
					page.Browser.Preflights.Reset()
					page.CloseIdleConnections()
				}
			})
		}
	}
}

// A 421 is tried again, once, on another connection: a preflight's too.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func TestMisdirectedPreflight(t *testing.T) {
	const want = "OPTIONS OPTIONS PUT => cors 200"
	t.Run("PFR-019 a preflight answered 421 is sent again", func(t *testing.T) {
		n := 0
		w := &web{servers: asked("Access-Control-Allow-Methods: PUT")}
		ok := w.servers["OPTIONS "+B+"/x"]
		w.servers["OPTIONS "+B+"/x"] = answer{do: func(req *http.Request) (*http.Response, error) {
			if n++; n == 1 {
				return answer{status: 421, headers: ok.headers}.response(req), nil
			}
			return ok.response(req), nil
		}}
		outcome := call{method: "PUT", url: B + "/x"}.fetch(t, t.Context(), point{}.open(t, w))
		if got := verdict(w.take(), outcome); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	})
	runPoints(t, []point{{
		name:    "PFR-019 no more than once",
		call:    call{method: "PUT", url: B + "/x"},
		servers: servers(answer{status: 421, headers: []string{okOrigin, "Access-Control-Allow-Methods: PUT"}}, answer{}),
		want:    "OPTIONS OPTIONS => PreflightInvalidStatus",
	}})
	for _, http2 := range []bool{false, true} {
		name := "PFR-019 on another connection"
		if http2 {
			name += ", HTTP/2"
		}
		t.Run(name, func(t *testing.T) {
			server := startLoopback(t, http2, func(w http.ResponseWriter, a arrival) {
				if a.method == "OPTIONS" && a.connection == 1 {
					w.WriteHeader(http.StatusMisdirectedRequest)
					io.WriteString(w, "not here")
				}
			})
			page := point{}.open(t, server.transport(http2))
			t.Cleanup(page.CloseIdleConnections)
			outcome := call{method: "PUT", url: server.URL + "/x"}.fetch(t, t.Context(), page)
			arrivals := server.take()
			if got := arrivedMethods(arrivals) + " => " + outcome; got != want {
				t.Fatalf("got %q; want %q", got, want)
			}
			if arrivals[0].connection == arrivals[1].connection {
				t.Error("the second preflight used the connection of the first")
			}
		})
	}
}
