package fetch

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"strings"
)

// A body is a request's body. The zero value is null.
//
// https://fetch.spec.whatwg.org/#concept-body
type body struct {
	first  io.ReadCloser                 // the stream as it came; nil once it is taken
	again  func() (io.ReadCloser, error) // the source; nil if it is null
	length int64                         // -1 if unknown
	taken  bool
}

// isNull reports whether there is no body.
func (b *body) isNull() bool { return b.first == nil && !b.taken }

// hasSource reports whether the body can be sent again.
func (b *body) hasSource() bool { return b.again != nil }

// isStream reports whether there is a body that cannot be sent again.
func (b *body) isStream() bool { return !b.isNull() && !b.hasSource() }

// take returns the body's bytes from the start. It fails if they were taken
// before and there is no source.
func (b *body) take() (io.ReadCloser, error) {
	if !b.taken {
		first := b.first
		b.first, b.taken = nil, true
		return first, nil
	}
	if b.again == nil {
		return nil, ErrBodyNotReplayable
	}
	return b.again()
}

// lengthUpTo returns how many bytes the body has, counted up to limit if nobody
// has said.
//
// Precondition: it is no stream.
func (b *body) lengthUpTo(limit int64) (int64, error) {
	if b.isNull() || b.length >= 0 {
		return max(b.length, 0), nil
	}
	again, err := b.again()
	if err != nil {
		return 0, err
	}
	defer again.Close()
	return io.Copy(io.Discard, io.LimitReader(again, limit))
}

// close closes what has not been taken. Who takes a stream closes it.
func (b *body) close() {
	if b.first != nil {
		b.first.Close()
		b.first = nil
		b.taken = true
	}
}

// body returns the body of the spec record that req describes.
//
// https://fetch.spec.whatwg.org/#concept-bodyinit-extract
func (req *Request) body() body {
	if req.Body == nil || req.Body == http.NoBody {
		return body{}
	}
	b := body{length: -1, again: req.GetBody}
	if rc, ok := req.Body.(io.ReadCloser); ok {
		b.first = rc
	} else {
		b.first = io.NopCloser(req.Body)
	}
	if b.again != nil {
		return b
	}
	replay := func(data []byte) {
		b.length = int64(len(data))
		b.again = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
	}
	switch v := req.Body.(type) {
	case *bytes.Buffer:
		replay(bytes.Clone(v.Bytes()))
	case *bytes.Reader:
		snapshot := *v
		b.length = int64(v.Len())
		b.again = func() (io.ReadCloser, error) { r := snapshot; return io.NopCloser(&r), nil }
	case *strings.Reader:
		snapshot := *v
		b.length = int64(v.Len())
		b.again = func() (io.ReadCloser, error) { r := snapshot; return io.NopCloser(&r), nil }
	}
	return b
}

func closeBody(rc io.ReadCloser) {
	if rc != nil {
		rc.Close()
	}
}

// takeStream returns why a stream cannot be the body, or does with it what the
// browser does where it does not follow the standard.
//
// https://fetch.spec.whatwg.org/#concept-bodyinit-extract
func (p *fetchParams) takeStream() Reason {
	r := &p.request
	if !r.body.isStream() {
		return ""
	}
	switch p.profile.Request.Streams {
	case StreamsRefused:
		return ErrStreamNotSupported
	case StreamsStringified:
		const text = "[object ReadableStream]"
		r.body.close()
		r.body = (&Request{Body: strings.NewReader(text)}).body()
		p.addBodyType("text/plain;charset=UTF-8")
	}
	return ""
}

// addBodyType makes the body's own type the Content-Type, if there is none and
// the guard takes it.
func (p *fetchParams) addBodyType(bodyType string) {
	r := &p.request
	if bodyType == "" || r.body.isNull() || p.hasHeader("Content-Type") {
		return
	}
	if !p.profile.Request.BodyTypeUnguarded && p.dropsHeader("Content-Type", bodyType, nil) {
		p.trace.headerDropped("Content-Type", bodyType)
		return
	}
	r.header = maps.Clone(r.header) // it may be the caller's
	if r.header == nil {
		r.header = http.Header{}
	}
	r.header["Content-Type"] = []string{bodyType}
}

// bodyOf returns the body of an http.Request. One without GetBody is a stream:
// its source is null.
func bodyOf(req *http.Request) body {
	if req.Body == nil || req.Body == http.NoBody {
		return body{}
	}
	b := body{first: req.Body, again: req.GetBody, length: req.ContentLength}
	if b.length == 0 {
		b.length = -1 // not known, with a body that is there
	}
	return b
}
