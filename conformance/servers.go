package conformance

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Servers are the servers of scenarios, at ports for http and for https, though
// each speaks what it is spoken to; see [Servers.AddressSpaces]. They answer as
// every origin of every open [Web]. They are an http proxy too, for clients that
// find *.test in no other way.
//
// All methods may be called concurrently.
type Servers struct {
	listeners [len(ports{})]net.Listener
	ports     ports
	dial      func(context.Context, *net.TCPAddr) (net.Conn, error) // to one of the listeners
	ca        *authority
	config    *tls.Config
	serving   sync.WaitGroup
	open      context.Context // done once the servers are closed
	shut      context.CancelFunc

	mu        sync.Mutex
	intercept func(*Incoming) *Answer
	webs      map[int]*Web
	last      *Web // that was opened
	number    int  // of the next Web
	conns     map[net.Conn]bool
}

// Listen starts servers at loopback ports. They run until Close.
func Listen() (*Servers, error) {
	var all [len(ports{})]net.Listener
	for i := range all {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			for _, l := range all[:i] {
				l.Close()
			}
			return nil, err
		}
		all[i] = l
	}
	return start(all, func(ctx context.Context, addr *net.TCPAddr) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp4", addr.String())
	})
}

// start serves what comes to listeners, which are closed if it fails.
func start(listeners [len(ports{})]net.Listener, dial func(context.Context, *net.TCPAddr) (net.Conn, error)) (*Servers, error) {
	s := &Servers{
		listeners: listeners,
		dial:      dial,
		webs:      make(map[int]*Web),
		conns:     make(map[net.Conn]bool),
		number:    1,
	}
	s.open, s.shut = context.WithCancel(context.Background())
	ca, err := newAuthority()
	if err != nil {
		s.Close()
		return nil, err
	}
	s.ca, s.config = ca, &tls.Config{GetCertificate: ca.certificate, NextProtos: []string{"http/1.1"}}
	for i, l := range s.listeners {
		s.ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	for _, l := range s.listeners {
		s.serving.Go(func() { s.accept(l) })
	}
	return s, nil
}

// AddressSpaces says which of the addresses that the servers listen at, all of
// them loopback, scenarios take for others: "public" or "local", as Local
// Network Access has it. A browser has to be told.
func (s *Servers) AddressSpaces() map[string]string {
	spaces := make(map[string]string)
	for i, space := range portSpaces {
		if space != "" {
			spaces[s.listeners[i].Addr().String()] = space
		}
	}
	return spaces
}

// Addr is the first http port, as "127.0.0.1:port". It is also the proxy's.
func (s *Servers) Addr() string { return s.listeners[0].Addr().String() }

// Close ends all connections, and answers that are delayed with them, and waits
// for what serves them.
func (s *Servers) Close() {
	s.shut()
	s.mu.Lock()
	for conn := range s.conns {
		conn.Close()
	}
	s.mu.Unlock()
	for _, l := range s.listeners {
		l.Close()
	}
	s.serving.Wait()
}

// Intercept has f see each request before any rule does. What f answers is not
// recorded; nil leaves the request to the rules. f may be called concurrently
// and may block; it must not call Close.
func (s *Servers) Intercept(f func(*Incoming) *Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.intercept = f
}

// Open opens the hosts of a scenario, which nobody has seen before.
func (s *Servers) Open(scenario *Scenario) *Web {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &Web{
		Scenario: scenario,
		servers:  s,
		number:   s.number,
		names:    newNames(s.number, s.ports),
		used:     make(map[*Rule]int),
		asked:    make(map[string]int),
	}
	w.open, w.shut = context.WithCancel(s.open)
	s.webs[s.number] = w
	s.last = w
	s.number++
	return w
}

// web returns the Web that a host name belongs to. An address belongs to the
// one opened last.
func (s *Servers) web(hostname string) *Web {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number, ok := scenarioNumber(hostname); ok {
		return s.webs[number]
	}
	if hostname == "127.0.0.1" {
		return s.last
	}
	return nil
}

// at returns the address of the server at a port; nil if there is none.
func (s *Servers) at(port string) *net.TCPAddr {
	for i, p := range s.ports {
		if strconv.Itoa(p) == port {
			return s.listeners[i].Addr().(*net.TCPAddr)
		}
	}
	return nil
}

// DialContext connects to what addr names, if that is a host of an open [Web]
// and one of the servers' ports. Anything else does not exist. It fits
// [http.Transport].
func (s *Servers) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	hostname, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if s.web(hostname) == nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: hostname, IsNotFound: true}}
	}
	server := s.at(port)
	if server == nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("no server at " + addr)}
	}
	return s.dial(ctx, server)
}

// Transport returns a new transport that finds the servers and nothing else,
// and trusts their certificates.
func (s *Servers) Transport() *http.Transport {
	return &http.Transport{
		DialContext:     s.DialContext,
		TLSClientConfig: &tls.Config{RootCAs: s.ca.pool},
	}
}

// Authority returns the certificate that has to be trusted for those of all https
// servers to be.
func (s *Servers) Authority() *x509.Certificate { return s.ca.root }

func (s *Servers) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return // closed
		}
		s.mu.Lock()
		s.conns[conn] = true
		if s.open.Err() != nil {
			conn.Close()
		}
		s.mu.Unlock()
		s.serving.Go(func() {
			_, port, _ := net.SplitHostPort(conn.LocalAddr().String())
			s.serve(conn, port)
			conn.Close()
			s.mu.Lock()
			delete(s.conns, conn)
			s.mu.Unlock()
		})
	}
}

// peeked is a connection whose first bytes have been looked at.
type peeked struct {
	net.Conn
	in *bufio.Reader
}

func (c *peeked) Read(p []byte) (int, error) { return c.in.Read(p) }

// tlsHandshake is the first byte of a connection that speaks TLS.
const tlsHandshake = 0x16

// serve answers the requests of one connection. port is the one that the
// client meant to connect to.
func (s *Servers) serve(conn net.Conn, port string) {
	plain := &peeked{conn, bufio.NewReader(conn)}
	first, err := plain.in.Peek(1)
	if err != nil {
		return
	}
	scheme, in := "http", plain.in
	if first[0] == tlsHandshake {
		secure := tls.Server(plain, s.config)
		defer secure.Close()
		conn, scheme, in = secure, "https", bufio.NewReader(secure)
	}
	for {
		req, err := readIncoming(in)
		if err != nil {
			return
		}
		if req.Method == http.MethodConnect {
			hostname, to, _ := net.SplitHostPort(req.Target)
			if s.web(hostname) == nil || s.at(to) == nil {
				return // the host does not exist, or nobody listens there
			}
			if _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n"); err == nil {
				s.serve(&peeked{conn, in}, to)
			}
			return
		}
		req.locate(scheme, port)
		if s.answer(conn, req) {
			return
		}
	}
}

// answer answers one request. done means that the connection is to end.
func (s *Servers) answer(conn net.Conn, req *Incoming) (done bool) {
	s.mu.Lock()
	intercept := s.intercept
	s.mu.Unlock()
	var a *Answer
	if intercept != nil {
		a = intercept(req)
	}
	web, open := s.web(req.Hostname()), s.open
	switch _, port, _ := net.SplitHostPort(req.Host); {
	case a != nil:
	case web == nil || s.at(port) == nil:
		return true // asked as a proxy for what does not exist
	default:
		a, open = web.answer(req), web.open
	}
	if !wait(open, a.Delay) || a.Hangup {
		return true
	}
	response, closes := a.bytes(req.Method)
	_, err := conn.Write(response)
	return err != nil || closes
}

// wait waits for d, or until ctx is done, which it says by false.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// usualPort is the port that a URL of a scheme means if it names none.
func usualPort(scheme string) string {
	if strings.EqualFold(scheme, "https") {
		return "443"
	}
	return "80"
}
