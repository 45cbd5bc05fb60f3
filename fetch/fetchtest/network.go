package fetchtest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
)

const (
	headerRequestMethod  = "Access-Control-Request-Method"
	headerRequestHeaders = "Access-Control-Request-Headers"
)

// clientAddr is where all requests come from: an address that is in no network.
const clientAddr = "192.0.2.1:1234"

// network is a [Web] as the transport of its browser.
type network Web

// RoundTrip has the server of the URL's origin answer req, and records it.
func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	w := (*Web)(n)
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	x := Exchange{
		Method: req.Method, URL: req.URL.String(), RequestHeader: req.Header.Clone(), RequestBody: string(body),
		// A script cannot set that header.
		Preflight: req.Method == http.MethodOptions && req.Header[headerRequestMethod] != nil,
	}
	rec, _ := req.Context().Value(recorderKey{}).(*recorder)
	resp, err := w.hosts.answer(req, body, rec, x.Preflight)
	if err != nil {
		x.Error = err.Error()
	} else {
		x.Status, x.ResponseHeader = resp.StatusCode, resp.Header.Clone()
	}
	if rec != nil {
		rec.wire = append(rec.wire, x)
		return resp, err
	}
	w.mu.Lock()
	w.log = append(w.log, x)
	w.mu.Unlock()
	return resp, err
}

// readBody reads and closes the body of a request; nil is none.
func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer req.Body.Close()
	return io.ReadAll(req.Body)
}

// answer has the server answer.
func (h *hosts) answer(req *http.Request, body []byte, rec *recorder, isPreflight bool) (*http.Response, error) {
	for _, done := range []context.Context{req.Context(), h.open} {
		if err := context.Cause(done); err != nil {
			return nil, err
		}
	}
	if h.base != nil {
		return h.forward(req, body, rec, isPreflight)
	}
	handler, err := h.server(req.URL.Scheme, req.URL.Host)
	if err != nil {
		return nil, err
	}
	if rec != nil && !isPreflight {
		rec.reached = true
	}
	ctx, cancel := context.WithCancelCause(h.open)
	served, err := serverRequest(ctx, req, body)
	if err != nil {
		cancel(err)
		return nil, err
	}
	a := newAnswer(ctx, req, cancel)
	leave := context.AfterFunc(req.Context(), func() { cancel(context.Cause(req.Context())) })
	if !h.serve(func() {
		defer cancel(context.Canceled)
		defer leave()
		a.run(handler, served)
	}) {
		leave()
		cancel(errClosed)
		return nil, errClosed
	}
	select {
	case <-a.begun:
	case <-ctx.Done():
	}
	for _, done := range []context.Context{req.Context(), h.open} {
		if err := context.Cause(done); err != nil {
			cancel(err)
			return nil, err
		}
	}
	<-a.begun // what has ended ctx otherwise is that the handler has returned
	return a.response, a.err
}

// forward has the base ask. What it answers, a handler was asked for.
func (h *hosts) forward(req *http.Request, body []byte, rec *recorder, isPreflight bool) (*http.Response, error) {
	// A base may be another web's, which has nothing to add to this record.
	req = req.Clone(context.WithValue(req.Context(), recorderKey{}, (*recorder)(nil)))
	if req.Body != nil {
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	resp, err := h.base.RoundTrip(req)
	if err == nil && rec != nil && !isPreflight {
		rec.reached = true
	}
	return resp, err
}

// serverRequest is req as its server gets it.
func serverRequest(ctx context.Context, req *http.Request, body []byte) (*http.Request, error) {
	target := req.URL.RequestURI()
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, err
	}
	served := (&http.Request{
		Method:        req.Method,
		URL:           u,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        maps.Clone(req.Header),
		Body:          http.NoBody,
		ContentLength: int64(len(body)),
		Host:          cmp.Or(req.Host, req.URL.Host),
		RemoteAddr:    clientAddr,
		RequestURI:    target,
	}).WithContext(ctx)
	switch {
	case len(body) > 0:
		served.Body = io.NopCloser(bytes.NewReader(body))
		if req.ContentLength < 0 {
			served.ContentLength, served.TransferEncoding = -1, []string{"chunked"}
			break
		}
		served.Header["Content-Length"] = []string{strconv.Itoa(len(body))}
	case req.Method == http.MethodPost, req.Method == http.MethodPut:
		served.Header["Content-Length"] = []string{"0"}
	}
	if req.URL.Scheme == "https" {
		served.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true, CipherSuite: tls.TLS_AES_128_GCM_SHA256, ServerName: req.URL.Hostname()}
	}
	return served, nil
}

// unknownHost is the error of a name that DNS does not know.
func unknownHost(name string) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}}
}

// refused is the error of a port that nobody listens at.
func refused(host string) error {
	return fmt.Errorf("dial tcp %s: %w", host, syscall.ECONNREFUSED)
}
