package fetch_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"slices"
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
	log   []*loggedRequest
	used  map[*scenarioRule]int
	asked map[string]int // requests by place
	conns map[net.Conn]bool
	done  bool
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
