package fetch

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strings"
	"syscall"
)

// errMalformed stands for an error that quotes the response it is about.
var errMalformed = errors.New("malformed HTTP response")

var errNotTLS = errors.New("the server does not speak TLS")

// networkError returns the error for a request that was not answered.
func (p *fetchParams) networkError(stage Stage, err error) *Error {
	if p.ctx.Err() != nil {
		e := p.aborted()
		e.Stage, e.Timing = stage, p.failedTiming(e.Reason, stage, 0)
		return e
	}
	if errors.As(err, new(*connectRefused)) {
		return p.refuseResponse(ErrProxyAuth, stage, http.StatusProxyAuthRequired, refusal{got: "status 407", want: "no authentication by a proxy"})
	}
	e := p.refuseResponse(ErrNetwork, stage, 0, refusal{})
	e.Err = err
	// Note: the error that package tls has for this holds the bytes that came.
	if errors.As(err, new(tls.RecordHeaderError)) {
		e.Err = errNotTLS
		return e
	}
	_, isNetHTTP := p.browser.without.(*http.Transport)
	if quotesResponse(err) || isNetHTTP && !isHarmless(err) {
		e.Reason, e.Err = ErrInvalidResponse, errMalformed
	}
	return e
}

// quotesResponse reports whether err's text may hold bytes of a response. They
// are the server's, and the page has not been allowed to read them.
//
// Note: net/http says what it could not parse in errors of no type of their
// own, but says where: what broke a connection and is no failure to read or
// write is a quotation.
func quotesResponse(err error) bool {
	const broken = "net/http: HTTP/1.x transport connection broken: "
	for e := err; e != nil; e = errors.Unwrap(e) {
		if _, ok := e.(textproto.ProtocolError); ok {
			return true
		}
		if strings.HasPrefix(e.Error(), broken) && !isIOError(e) {
			return true
		}
		// Those of HTTP/2 hold a cause or the server's debug data.
		if t := fmt.Sprintf("%T", e); strings.HasPrefix(t, "http.http2") || strings.HasPrefix(t, "http2.") {
			return true
		}
	}
	return false
}

// isHarmless reports whether an error of an http.Transport is of a kind that
// quotes nothing of an answer: a failure to connect, to read or to write, one
// of TLS, or of the request itself.
func isHarmless(err error) bool {
	var (
		timeout net.Error
		errno   syscall.Errno
		alert   tls.AlertError
		cert    *tls.CertificateVerificationError
	)
	if isIOError(err) || errors.As(err, &timeout) || errors.As(err, &errno) ||
		errors.As(err, &alert) || errors.As(err, &cert) ||
		errors.Is(err, http.ErrSchemeMismatch) || errors.Is(err, http.ErrSkipAltProtocol) {
		return true
	}
	for _, prefix := range [...]string{
		"net/http: invalid header field",
		"net/http: invalid method",
		"net/http: timeout awaiting",
		"unsupported protocol scheme",
		"http: no Host in request URL",
		"http: invalid Host header",
		"http: server closed idle connection",
		"tls: ",
	} {
		if strings.HasPrefix(err.Error(), prefix) {
			return true
		}
	}
	return false
}

// isIOError reports whether err is a failure to read or write.
func isIOError(err error) bool {
	var op *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &op)
}
