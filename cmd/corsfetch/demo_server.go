package main

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
)

// A shop is the three servers of the demo, on ports of this machine that the
// system chooses.
type shop struct {
	page  string // origin of the shop's own server, which has the page
	api   string // origin of the orders API
	files string // origin of the storage that has the invoices

	servers []*http.Server
	serving sync.WaitGroup

	mu     sync.Mutex
	policy answers // guarded by mu
}

// answers are the CORS headers that the servers send.
type answers struct{ api, files http.Header }

// openShop starts the servers.
func openShop() (*shop, error) {
	s := new(shop)
	for _, server := range []struct {
		name    string
		origin  *string
		handler http.HandlerFunc
	}{
		{"shop", &s.page, servePage},
		{"api", &s.api, s.serveAPI},
		{"files", &s.files, s.serveFiles},
	} {
		// Note: names below .localhost are this machine; see dialLocalhost.
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errors.Join(err, s.close())
		}
		_, port, _ := net.SplitHostPort(l.Addr().String())
		*server.origin = "http://" + server.name + ".localhost:" + port
		s.serve(l, server.handler)
	}
	return s, nil
}

func (s *shop) serve(l net.Listener, h http.HandlerFunc) {
	server := &http.Server{Handler: h}
	s.servers = append(s.servers, server)
	s.serving.Go(func() { server.Serve(l) }) // it ends with http.ErrServerClosed
}

// close stops the servers.
func (s *shop) close() error {
	var errs []error
	for _, server := range s.servers {
		errs = append(errs, server.Close())
	}
	s.serving.Wait()
	return errors.Join(errs...)
}

// adopt makes the servers send the headers of p.
func (s *shop) adopt(p answers) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.policy = p
}

func (s *shop) current() answers {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.policy
}

func servePage(w http.ResponseWriter, _ *http.Request) {
	begin(w, nil)
	w.Header().Set("Content-Type", "text/html;charset=utf-8")
	io.WriteString(w, "<!doctype html><title>The shop</title><h1>Your orders</h1>")
}

// serveAPI is the orders API.
func (s *shop) serveAPI(w http.ResponseWriter, r *http.Request) {
	begin(w, corsHeaders(s.current().api, r))
	switch {
	case r.Method == http.MethodOptions:
		w.WriteHeader(http.StatusNoContent)
	case strings.HasSuffix(r.URL.Path, "/invoice"):
		w.Header().Set("Location", s.files+"/invoice-7.txt")
		w.WriteHeader(http.StatusFound)
	case r.Method == http.MethodPut:
		io.Copy(io.Discard, r.Body)
		writeOrders(w, `{"order":7,"pieces":2}`)
	default:
		w.Header().Set("X-Total-Count", "42")
		writeOrders(w, `[{"order":7,"pieces":1}]`)
	}
}

func writeOrders(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, body)
}

// serveFiles is the storage.
func (s *shop) serveFiles(w http.ResponseWriter, r *http.Request) {
	begin(w, corsHeaders(s.current().files, r))
	w.Header().Set("Content-Type", "text/plain")
	io.WriteString(w, "Invoice 7: two lamps")
}

// begin sets the headers of an answer. There is no Date, so that the demo looks
// the same every time.
func begin(w http.ResponseWriter, cors http.Header) {
	h := w.Header()
	h["Date"] = nil
	for name, values := range cors {
		h[name] = values
	}
}

// corsHeaders are the headers of all that go with an answer to r: those that
// only mean something on a preflight go there alone.
func corsHeaders(all http.Header, r *http.Request) http.Header {
	h := all.Clone()
	if r.Method != http.MethodOptions {
		h.Del(headerAllowMethods)
		h.Del(headerAllowHeaders)
		h.Del("Access-Control-Max-Age")
	}
	return h
}
