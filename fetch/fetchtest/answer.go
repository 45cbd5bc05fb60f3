package fetchtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/safelist"
)

// bufferSize is how much of a body is held back to learn its length, as
// net/http does.
const bufferSize = 2 << 10

// An answer is the [http.ResponseWriter] of one request, and the response that
// comes of it: once the header is decided on and the body is either whole or
// longer than bufferSize, or flushed.
type answer struct {
	ctx    context.Context // of the handler; done as soon as nobody reads any more
	cancel context.CancelCauseFunc
	req    *http.Request // the client's

	header   http.Header // the handler's
	status   int         // 0 until WriteHeader
	sent     http.Header // header as it was then
	trailers bool        // there are some, which no browser shows
	length   int64       // as Content-Length has it; -1 if it has none
	written  int64
	held     []byte
	out      io.Writer      // once begun, if the body was not whole then
	stream   *io.PipeWriter // out, if the response has a body
	unwatch  func() bool    // of stream: ends it no more when ctx is done

	begun    chan struct{} // closed once response or err is set
	response *http.Response
	err      error
}

func newAnswer(ctx context.Context, req *http.Request, cancel context.CancelCauseFunc) *answer {
	return &answer{ctx: ctx, cancel: cancel, req: req, header: make(http.Header), length: -1, begun: make(chan struct{})}
}

// run has h answer.
func (a *answer) run(h http.Handler, req *http.Request) {
	err := errors.New("the handler has ended its goroutine")
	defer func() {
		if v := recover(); v == http.ErrAbortHandler {
			err = errHangUp
		} else if v != nil {
			err = fmt.Errorf("the handler panicked: %v: %w", v, io.EOF)
		}
		a.end(err)
	}()
	h.ServeHTTP(a, req)
	err = nil
}

// errHangUp is the error of a connection that ends before an answer has begun.
var errHangUp = fmt.Errorf("the server hung up: %w", io.EOF)

// end ends the answer: whole, or with what went wrong.
func (a *answer) end(err error) {
	switch {
	case a.stream != nil:
		a.unwatch()
		switch {
		case a.ctx.Err() != nil: // which may be why the handler has returned
			err = context.Cause(a.ctx)
		case err != nil, a.written < a.length:
			err = io.ErrUnexpectedEOF
		}
		a.stream.CloseWithError(err)
	case a.out != nil:
	case err != nil:
		a.err = err
		close(a.begun)
	default:
		a.whole()
	}
}

// hasBody reports whether the response may have a body.
func (a *answer) hasBody() bool { return bodyAllowed(a.status) && a.req.Method != http.MethodHead }

// whole begins, and ends, an answer whose body is held.
func (a *answer) whole() {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	if a.length < 0 && !a.trailers && (a.hasBody() || bodyAllowed(a.status) && a.written > 0) {
		a.length = a.written
		a.sent["Content-Length"] = []string{strconv.FormatInt(a.length, 10)}
	}
	switch {
	case !a.hasBody(), a.length == 0:
		a.begin(http.NoBody)
	case a.written < a.length:
		a.begin(io.NopCloser(io.MultiReader(bytes.NewReader(a.held), errorReader{io.ErrUnexpectedEOF})))
	default:
		a.begin(io.NopCloser(bytes.NewReader(a.held)))
	}
}

// begin hands out the response.
func (a *answer) begin(body io.ReadCloser) {
	a.response = &http.Response{
		Status:        strconv.Itoa(a.status) + " " + reasonPhrase(a.status),
		StatusCode:    a.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        a.sent,
		Body:          body,
		ContentLength: a.length,
		Request:       a.req,
	}
	switch {
	case a.length >= 0:
	case a.hasBody():
		a.response.TransferEncoding = []string{"chunked"}
		a.response.Trailer = announced(a.sent)
	case !bodyAllowed(a.status) && a.req.Method != http.MethodHead:
		a.response.ContentLength = 0
	}
	close(a.begun)
}

// beginStream begins an answer whose body goes on.
func (a *answer) beginStream() error {
	switch {
	case a.out != nil:
		return nil
	case !a.hasBody():
		a.out = io.Discard
		a.begin(http.NoBody)
		return nil
	}
	r, w := io.Pipe()
	a.out, a.stream = w, w
	a.unwatch = context.AfterFunc(a.ctx, func() { r.CloseWithError(context.Cause(a.ctx)) })
	a.begin(&streamBody{r, a.cancel})
	if len(a.held) == 0 {
		return nil
	}
	_, err := w.Write(a.held)
	a.held = nil
	return err
}

// A streamBody is the client's end of a body. Closing it tells the handler.
type streamBody struct {
	*io.PipeReader
	cancel context.CancelCauseFunc
}

func (b *streamBody) Close() error {
	err := b.PipeReader.Close()
	b.cancel(context.Canceled)
	return err
}

func (a *answer) Header() http.Header { return a.header }

// WriteHeader decides on the header. Informational statuses go nowhere, as no
// browser shows them.
func (a *answer) WriteHeader(status int) {
	switch {
	case a.status != 0:
		return // net/http says so in its log
	case status < 100 || status > 999:
		panic(fmt.Sprintf("invalid WriteHeader code %d", status)) // as net/http does
	case status < 200 && status != http.StatusSwitchingProtocols:
		return
	}
	a.status = status
	a.sent = onTheWire(a.header)
	a.trailers = hasTrailers(a.header)
	if n, err := strconv.ParseInt(a.sent.Get("Content-Length"), 10, 64); err == nil && n >= 0 {
		a.length = n
	}
}

// Write writes part of the body.
func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	if !bodyAllowed(a.status) {
		return 0, http.ErrBodyNotAllowed
	}
	if a.written == 0 && len(p) > 0 {
		a.setType(p)
	}
	a.written += int64(len(p))
	switch {
	case a.length >= 0 && a.written > a.length:
		return 0, http.ErrContentLength
	case a.out == nil && len(a.held)+len(p) <= bufferSize:
		a.held = append(a.held, p...)
		return len(p), nil
	}
	if err := a.beginStream(); err != nil {
		return 0, err
	}
	return a.out.Write(p)
}

// FlushError sends what has been written. It is for [http.ResponseController].
func (a *answer) FlushError() error {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	return a.beginStream()
}

// Flush is FlushError, as an [http.Flusher].
func (a *answer) Flush() {
	_ = a.FlushError() // the next Write tells
}

// setType sets the Content-Type that the first part of a body looks like, unless
// the handler has one.
func (a *answer) setType(p []byte) {
	_, isSet := a.header["Content-Type"] // nil is the handler's way to have none
	if !isSet && a.sent["Content-Encoding"] == nil {
		a.sent["Content-Type"] = []string{http.DetectContentType(p)}
	}
}

// onTheWire is a header as the client gets it: names in canonical form, values
// in a line.
func onTheWire(h http.Header) http.Header {
	names := make([]string, 0, len(h))
	for name := range h {
		if safelist.IsToken(name) && !strings.HasPrefix(name, http.TrailerPrefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	sent := make(http.Header, len(h)+2)
	for _, name := range names {
		key := http.CanonicalHeaderKey(name)
		for _, value := range h[name] {
			sent[key] = append(sent[key], textproto.TrimString(inOneLine.Replace(value)))
		}
	}
	return sent
}

// hasTrailers reports whether a handler has announced trailers.
func hasTrailers(h http.Header) bool {
	for name := range h {
		if name == "Trailer" || strings.HasPrefix(name, http.TrailerPrefix) {
			return true
		}
	}
	return false
}

// announced takes the names of trailers out of a header, as net/http's client
// does.
func announced(h http.Header) http.Header {
	var trailers http.Header
	for _, names := range h["Trailer"] {
		for name := range strings.SplitSeq(names, ",") {
			if trailers == nil {
				trailers = make(http.Header)
			}
			trailers[http.CanonicalHeaderKey(textproto.TrimString(name))] = nil
		}
	}
	delete(h, "Trailer")
	return trailers
}

var inOneLine = strings.NewReplacer("\n", " ", "\r", " ")

// bodyAllowed reports whether a response of a status may have a body.
func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// reasonPhrase is what net/http writes behind a status code.
func reasonPhrase(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "status code " + strconv.Itoa(status)
}

// An errorReader has nothing but an error.
type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }
