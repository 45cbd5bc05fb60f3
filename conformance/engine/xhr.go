package engine

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/initiator"
)

// What ends an XMLHttpRequest before its time; the event's name.
var (
	errTimeout = errors.New("timeout")
	errAbort   = errors.New("abort")
)

// xhr does what an XMLHttpRequest does in the step's context.
func (c *client) xhr(ctx context.Context, s *conformance.Step) (conformance.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	sent, done := withEnds(ctx, s)
	defer done()
	resp, err := c.send(ctx, sent, s, c.xhrRequest(s))
	if err == nil {
		defer resp.Body.Close()
		var seen *conformance.Response
		if seen, err = seeXHR(resp); err == nil {
			return conformance.Outcome{Outcome: "resolved", Response: seen}, nil
		}
		err = &fetch.Error{Reason: fetch.ErrNetwork}
	}
	if cause := context.Cause(sent); cause == errTimeout || cause == errAbort {
		return conformance.Outcome{Outcome: "rejected", Error: cause.Error()}, nil
	}
	return c.failed(ctx, err, func(e *fetch.Error) conformance.Outcome {
		return conformance.Outcome{Outcome: "rejected", Error: xhrError(e)}
	})
}

// withEnds returns a context that ends when the step's timeout attribute or its
// abort() says.
func withEnds(ctx context.Context, s *conformance.Step) (context.Context, context.CancelFunc) {
	cancelTimeout, cancelAbort := func() {}, func() {}
	if s.Timeout > 0 {
		ctx, cancelTimeout = context.WithTimeoutCause(ctx, time.Duration(s.Timeout)*time.Millisecond, errTimeout)
	}
	if s.Abort > 0 {
		ctx, cancelAbort = context.WithTimeoutCause(ctx, time.Duration(s.Abort)*time.Millisecond, errAbort)
	}
	return ctx, func() { cancelAbort(); cancelTimeout() }
}

// xhrRequest is what a step sends with an XMLHttpRequest.
func (c *client) xhrRequest(s *conformance.Step) *fetch.Request {
	x := &initiator.XHR{
		Method:          s.Method,
		URL:             c.web.URL(s.Fetch),
		Header:          make(http.Header),
		WithCredentials: s.Credentials == "include",
		UploadListener:  s.Upload,
	}
	c.web.HeaderLines(s, x.Header.Add)
	x.Body, x.BodyType = body(s)
	return x.Request()
}

// xhrError is the exception that open() or setRequestHeader() throws, or the
// event that comes after send().
func xhrError(e *fetch.Error) string {
	if e.Reason == fetch.ErrInvalidURL && e.URL != "" {
		return "error" // a data: URL without data
	}
	switch e.Reason {
	case fetch.ErrInvalidURL, fetch.ErrInvalidMethod, fetch.ErrInvalidHeaderName, fetch.ErrInvalidHeaderValue:
		return "SyntaxError"
	case fetch.ErrForbiddenMethod:
		return "SecurityError"
	}
	return "error"
}

// seeXHR is what a script sees of resp through an XMLHttpRequest.
func seeXHR(resp *fetch.Response) (*conformance.Response, error) {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	seen := &conformance.Response{
		Status:     resp.Status,
		StatusText: conformance.IsomorphicDecode(resp.StatusText),
		URL:        resp.URL,
		Body:       decodeUTF8(body),
	}
	for line := range strings.SplitSeq(initiator.AllResponseHeaders(resp), "\r\n") {
		if line != "" {
			seen.Headers = append(seen.Headers, conformance.IsomorphicDecode(line))
		}
	}
	return seen, nil
}
