package engine

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/fetch"
)

// Step runs step n.
func (c *client) Step(ctx context.Context, n int) (conformance.Outcome, error) {
	s := &c.web.Scenario.Steps[n]
	c.asked = false
	out, err := c.step(ctx, s)
	if err == nil && c.asked {
		return conformance.Outcome{Outcome: "timeout"}, nil
	}
	return out, err
}

// step runs a step, whatever may be asked on the way.
func (c *client) step(ctx context.Context, s *conformance.Step) (conformance.Outcome, error) {
	switch {
	case s.Sleep > 0:
		c.now = c.now.Add(s.SleepTime())
		return conformance.Outcome{Outcome: "done"}, nil
	case s.Cookie != "":
		return c.assignCookie(s)
	}
	c.console = ""
	ctx = fetch.WithTrace(ctx, &fetch.Trace{Console: func(message string) { c.console = message }})
	switch s.Via {
	case "", "fetch":
		return c.fetch(ctx, s)
	case "xhr":
		return c.xhr(ctx, s)
	case "beacon":
		return c.beacon(ctx, s)
	}
	return c.load(ctx, s)
}

// fetch does what fetch() does in the step's context.
func (c *client) fetch(ctx context.Context, s *conformance.Step) (conformance.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	resp, err := c.send(ctx, ctx, s, c.request(s))
	if err == nil {
		defer resp.Body.Close()
		seen := see(resp)
		if ctx.Err() == nil {
			return conformance.Outcome{Outcome: "resolved", Response: seen, Timing: c.timing(s, resp.Timing)}, nil
		}
	}
	return c.failed(ctx, err, func(e *fetch.Error) conformance.Outcome {
		return conformance.Outcome{Outcome: "rejected", Error: exceptionName(e.Reason), Timing: c.timing(s, e.Timing)}
	})
}

// send sends req in the step's context, with a blob: URL if the step wants one.
// sent is the context of the request alone.
func (c *client) send(ctx, sent context.Context, s *conformance.Step, req *fetch.Request) (*fetch.Response, error) {
	page := c.page(c.web.Scenario.Context(s))
	if s.Blob {
		var err error
		if req.URL, err = blobURL(ctx, page, req.URL); err != nil {
			return nil, err
		}
	}
	return page.Fetch(sent, req)
}

// timing is what Resource Timing tells, if a step wants to know.
func (c *client) timing(s *conformance.Step, t fetch.Timing) *conformance.Timing {
	if !s.Timing {
		return nil
	}
	told := &conformance.Timing{DetailVisible: t.Detail, SizeVisible: t.Size, ResponseStatus: t.Status}
	if t.Entry {
		told.Entries = 1
		if c.browser.Profile.Timing.NoStatus {
			told.ResponseStatus = -1
		}
	}
	return told
}

// failed is what comes of a step whose fetch has failed with err: that it took
// too long, or what outcome says, with the console's words for it.
func (c *client) failed(ctx context.Context, err error, outcome func(*fetch.Error) conformance.Outcome) (conformance.Outcome, error) {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return conformance.Outcome{Outcome: "timeout"}, nil
	}
	if err := ctx.Err(); err != nil {
		return conformance.Outcome{}, err
	}
	e := (*fetch.Error)(nil)
	if !errors.As(err, &e) {
		return conformance.Outcome{}, err // which package fetch promises not to return
	}
	out := outcome(e)
	if c.console != "" {
		out.Console = strings.Split(strings.ToValidUTF8(c.console, "\ufffd"), "\n")
	}
	return out, nil
}

// blobURL returns a blob: URL of what the page fetches from url.
//
// https://fetch.spec.whatwg.org/#dom-body-blob
func blobURL(ctx context.Context, page *fetch.Transport, url string) (string, error) {
	resp, err := page.Fetch(ctx, &fetch.Request{URL: url})
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	return page.CreateObjectURL(fetch.Blob{Data: data, Type: resp.Header.Get("Content-Type")}), nil
}

// exceptionName is the name of the exception that fetch() rejects with.
func exceptionName(reason fetch.Reason) string {
	if reason == fetch.ErrStreamNotSupported {
		return "NotSupportedError"
	}
	return "TypeError"
}

// request is what a step passes to fetch().
func (c *client) request(s *conformance.Step) *fetch.Request {
	req := &fetch.Request{
		Method: s.Method,
		URL:    c.web.URL(s.Fetch),
		Header: make(http.Header),
		Init: fetch.Init{
			Mode:           fetch.Mode(s.Mode),
			Credentials:    fetch.CredentialsMode(s.Credentials),
			Redirect:       fetch.RedirectMode(s.Redirect),
			Cache:          fetch.CacheMode(s.Cache),
			ReferrerPolicy: fetch.ReferrerPolicy(s.ReferrerPolicy),
			Keepalive:      s.Keepalive,
			Integrity:      s.Integrity,

			TargetAddressSpace: fetch.AddressSpace(s.TargetAddressSpace),
		},
	}
	c.web.HeaderLines(s, req.Header.Add)
	if s.Referrer != nil {
		req.Referrer = c.web.URL(*s.Referrer)
		if *s.Referrer == "" {
			req.Referrer = fetch.NoReferrer
		}
	}
	req.Body, req.BodyType = body(s)
	return req
}

// body is the body that a step sends, and the Content-Type that comes with it
// unless the script sets one.
//
// https://fetch.spec.whatwg.org/#concept-bodyinit-extract
func body(s *conformance.Step) (content io.Reader, contentType string) {
	p := s.Payload()
	if p == nil {
		return nil, ""
	}
	content = bytes.NewReader(p.Body)
	if p.Stream {
		content = io.MultiReader(content) // a reader of no type that can be read again
	}
	return content, p.ContentType
}

// see is what a script sees of resp.
func see(resp *fetch.Response) *conformance.Response {
	ok, redirected := resp.OK(), resp.Redirected
	seen := &conformance.Response{
		Type:       string(resp.Type),
		Status:     resp.Status,
		StatusText: conformance.IsomorphicDecode(resp.StatusText),
		OK:         &ok,
		Redirected: &redirected,
		URL:        resp.URL,
	}
	for name, values := range resp.Header {
		value := strings.Join(values, ", ")
		seen.Headers = append(seen.Headers, strings.ToLower(name)+": "+conformance.IsomorphicDecode(value))
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		seen.BodyError = "TypeError"
		return seen
	}
	seen.Body = decodeUTF8(body)
	return seen
}

// decodeUTF8 is what text() makes of a body: a byte order mark goes, and what is
// not UTF-8 becomes U+FFFD.
//
// https://encoding.spec.whatwg.org/#utf-8-decode
func decodeUTF8(body []byte) string {
	return string([]rune(strings.TrimPrefix(string(body), "\ufeff")))
}
