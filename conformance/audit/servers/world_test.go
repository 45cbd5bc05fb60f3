package servers

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A server serves what listens: an [http.Server], or what does as it does.
type server interface {
	Serve(net.Listener) error
	Close() error
}

// A world is all sites, listening.
type world struct {
	sites     []site
	addresses map[string]string // where a host listens, behind TLS
	keys      keys
	came      sync.Map // the ids of requests that came, besides preflights
}

// note notes the requests that come to what is in this process.
func (w *world) note(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodOptions {
			w.came.Store(r.URL.Query().Get("id"), true)
		}
		next.ServeHTTP(out, r)
	})
}

// hasCome reports whether a request was seen to come.
func (w *world) hasCome(id string) bool {
	_, ok := w.came.Load(id)
	return ok
}

// A listening is a site and where it listens.
type listening struct {
	site
	*net.TCPListener
}

// start opens all sites. They end with the test.
func start(t *testing.T) *world {
	t.Helper()
	w := &world{sites: sites(), addresses: make(map[string]string), keys: newKeys(t)}
	programs := make(map[string][]listening)
	for _, s := range w.sites {
		if w.addresses[s.host()] != "" {
			t.Fatalf("two sites at %s", s.host())
		}
		l := listen(t)
		w.addresses[s.host()] = l.Addr().String()
		switch {
		case s.serve != nil:
			w.serve(t, s.serve, l)
		case s.handler != nil:
			w.serve(t, &http.Server{Handler: w.note(s.handler()), ErrorLog: log.New(discard{}, "", 0)}, l)
		default:
			programs[s.server] = append(programs[s.server], listening{s, l})
		}
	}
	behind := listen(t)
	backend := &http.Server{Handler: w.note(behindProxies())}
	go backend.Serve(behind)
	t.Cleanup(func() { backend.Close() })
	for name, all := range programs {
		switch name {
		case "nginx":
			startNginx(t, w.keys, behind.Addr().String(), all)
		case "Caddy":
			startCaddy(t, w.keys, behind.Addr().String(), all)
		default:
			startNode(t, w.keys, name, all)
		}
	}
	return w
}

// listen opens a port of this machine.
func listen(t *testing.T) *net.TCPListener {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.(*net.TCPListener)
}

// serve has s serve, behind TLS, until the test ends.
func (w *world) serve(t *testing.T, s server, l net.Listener) {
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(tls.NewListener(l, w.keys.config())) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-ended; err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Errorf("%T: %v", s, err)
		}
	})
}

// discard takes what servers say of connections that browsers close early.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// web is the world for the engine, in Chromium's profile.
func (w *world) web(t *testing.T) *fetchtest.Web {
	t.Helper()
	web := fetchtest.Over(&http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(addr)
			if err != nil {
				return nil, err
			}
			at, ok := w.addresses[host]
			if !ok || port != "443" {
				return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
			}
			return new(net.Dialer).DialContext(ctx, network, at)
		},
		TLSClientConfig:     &tls.Config{InsecureSkipVerify: true}, // the certificate is anybody's
		MaxIdleConnsPerHost: 1,
	})
	web.Browser.Profile = fetch.Chromium()
	t.Cleanup(web.Close)
	return web
}

// subject is a site to audit.
func (s *site) subject(web *fetchtest.Web) policy.Subject {
	subject := policy.Subject{Web: web, Request: fetchtest.Request{URL: s.resource()}, Trusted: s.meant()}
	if name, value, ok := strings.Cut(s.header, ": "); ok {
		subject.Request.Header = http.Header{name: {value}}
	}
	if !s.public {
		subject.Login = s.login
	}
	return subject
}

// login is what the browser of a user of the site has.
func (s *site) login(web *fetchtest.Web) { web.SetCookie(s.origin()+"/login", sessionCookie) }

// keys are a key and a certificate, in PEM, and the files they are in.
type keys struct {
	key, certificate         []byte
	KeyFile, CertificateFile string
}

// newKeys makes a key, and a certificate for no host in particular.
func newKeys(t *testing.T) keys {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"*.example"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	k := keys{
		key:         pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
		certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		KeyFile:     filepath.Join(dir, "key.pem"), CertificateFile: filepath.Join(dir, "certificate.pem"),
	}
	writeFile(t, k.KeyFile, k.key)
	writeFile(t, k.CertificateFile, k.certificate)
	return k
}

// config is for servers in this process. All speak HTTP/1.1, as the engine's
// transport does.
func (k *keys) config() *tls.Config {
	pair, err := tls.X509KeyPair(k.certificate, k.key)
	if err != nil {
		panic(err) // they are ours
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"http/1.1"}}
}

func writeFile(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
