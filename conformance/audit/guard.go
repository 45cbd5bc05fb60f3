package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// Why a request is not sent.
var (
	errWrites      = errors.New("audit: it may change something, and that has not been asked for")
	errElsewhere   = errors.New("audit: it would go to a host that was not named")
	errPreflighted = errors.New("audit: the preflight was all that was to be seen")
	errLimit       = errors.New("audit: as many requests as were allowed have been sent")
	errSilent      = errors.New("audit: the server has stopped answering")
)

// bodyLimit is how much of a response's body is looked at.
const bodyLimit = 64 << 10

// headerLimit is how many bytes a response's headers may have. Chromium takes no
// more either.
const headerLimit = 256 << 10

// userHeaders are the request headers by which a browser says who the user is. A
// browser sends cookies to another port or scheme of the host too, or to all of a
// domain: an audit does not.
var userHeaders = [...]string{"Authorization", "Cookie", "Proxy-Authorization"}

// patience is after how many requests that are not answered no more are sent.
const patience = 3

// A guard is what all requests of an audit go through. It sends what may be sent,
// asks nothing twice, and keeps what was answered.
type guard struct {
	base    http.RoundTripper
	options Options
	target  string      // its origin
	header  http.Header // of the user, for the target alone

	mu       sync.Mutex
	open     bool // nothing is kept from the server: the user logs in
	known    map[string]*answer
	log      []*answer
	sent     int
	silent   int
	last     time.Time
	refusals map[error]bool
}

// An answer is what a request was answered.
type answer struct {
	fetchtest.Exchange
	Body string // at most [bodyLimit] bytes
	err  error
}

type guardKey struct{}

// A lane is how a request is to be treated, beyond what it says itself.
type lane struct {
	round         int  // the how-manieth time it is asked; the first is 0
	preflightOnly bool // nothing else is to be sent

	passed bool // what is not a preflight would have been sent
}

// in returns a context whose requests go by the lane.
func (l *lane) in(ctx context.Context) context.Context { return context.WithValue(ctx, guardKey{}, l) }

// RoundTrip sends a request, unless there is a reason against it.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	l, _ := req.Context().Value(guardKey{}).(*lane)
	if l == nil {
		l = new(lane)
	}
	isPreflight := req.Method == http.MethodOptions && req.Header["Access-Control-Request-Method"] != nil
	if l.preflightOnly && !isPreflight {
		l.passed = true
		return nil, errPreflighted
	}
	var body []byte
	if req.Body != nil {
		defer req.Body.Close()
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	key := g.key(req, body, l.round)
	a := g.known[key]
	if a == nil {
		if err := g.objection(req); err != nil {
			g.refusals[err] = true
			return nil, err
		}
		a = g.ask(req, body, isPreflight)
		g.known[key] = a
		g.log = append(g.log, a)
	}
	return a.response(req)
}

// objection is why req must not be sent; nil if it may.
func (g *guard) objection(req *http.Request) error {
	if err := req.Context().Err(); err != nil {
		return err
	}
	if g.open {
		return nil
	}
	switch req.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
	default:
		if !g.options.Writes {
			return errWrites
		}
	}
	switch {
	case !g.mayReach(req):
		return errElsewhere
	case g.sent >= g.options.Limit:
		return errLimit
	case g.silent >= patience:
		return errSilent
	}
	return nil
}

// mayReach reports whether req goes to the target's host, or to where redirects
// may lead, the canary's server among it.
func (g *guard) mayReach(req *http.Request) bool {
	to := originOf(req.URL.String())
	isCanary := g.options.Canary != "" && to == originOf(g.options.Canary)
	return hostOf(to) == hostOf(g.target) || isCanary || slices.Contains(g.options.Elsewhere, to)
}

// ask sends req and keeps what comes.
func (g *guard) ask(req *http.Request, body []byte, isPreflight bool) *answer {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(req.Context()), g.options.Timeout)
	defer cancel()
	defer context.AfterFunc(req.Context(), cancel)()
	g.pause(ctx)
	req = req.Clone(ctx)
	if len(body) > 0 {
		req.Body = io.NopCloser(bytes.NewReader(body))
	} else {
		req.Body = nil
	}
	if !g.open && originOf(req.URL.String()) != g.target {
		for name := range g.header {
			req.Header.Del(name)
		}
		for _, name := range userHeaders {
			req.Header.Del(name)
		}
	}
	if !g.open {
		g.sent++
		if g.options.Progress != nil {
			g.options.Progress(req.Method, req.URL.String())
		}
	}
	a := &answer{Exchange: fetchtest.Exchange{
		Method: req.Method, URL: req.URL.String(), Preflight: isPreflight,
		RequestHeader: req.Header.Clone(), RequestBody: string(body),
	}}
	resp, err := g.base.RoundTrip(req)
	if err != nil {
		a.err, a.Error = err, err.Error()
		if ctx.Err() != nil {
			g.silent++
			a.Error = fmt.Sprintf("no answer within %v", g.options.Timeout)
			a.err = errors.New("audit: " + a.Error)
		}
		return a
	}
	if n := sizeOf(resp.Header); n > headerLimit {
		resp.Body.Close()
		a.err = fmt.Errorf("audit: headers of %d bytes, where %d are the most that browsers take", n, headerLimit)
		a.Error = a.err.Error()
		return a
	}
	a.Status, a.ResponseHeader = resp.StatusCode, resp.Header.Clone()
	a.Body, a.err = readSome(resp)
	if ctx.Err() != nil {
		g.silent++
	} else {
		g.silent = 0
	}
	return a
}

// sizeOf is how many bytes headers take on the wire.
func sizeOf(h http.Header) int {
	n := 0
	for name, values := range h {
		for _, value := range values {
			n += len(name) + len(value) + len(": \r\n")
		}
	}
	return n
}

// unanswered are the requests that got no answer, and whether the last were.
func (g *guard) unanswered() (all []*answer, isDown bool) {
	atEnd := 0
	for _, a := range g.log {
		if atEnd++; a.Status == 0 {
			all = append(all, a)
		} else {
			atEnd = 0
		}
	}
	return all, atEnd >= patience
}

// pause waits until the next request is due.
func (g *guard) pause(ctx context.Context) {
	if wait := g.options.Interval - time.Since(g.last); wait > 0 && !g.last.IsZero() {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	g.last = time.Now()
}

// readSome reads and closes the body of resp. What there is beyond the limit is no
// error.
func readSome(resp *http.Response) (string, error) {
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit))
	return string(body), err
}

// response is the answer as it came; to each who asks anew.
func (a *answer) response(req *http.Request) (*http.Response, error) {
	if a.Status == 0 {
		return nil, a.err
	}
	var body io.Reader = strings.NewReader(a.Body)
	if a.err != nil {
		body = io.MultiReader(body, failing{a.err})
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", a.Status, http.StatusText(a.Status)), StatusCode: a.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.ResponseHeader.Clone(), Body: io.NopCloser(body), ContentLength: -1, Request: req,
	}, nil
}

// failing is the rest of a body that broke off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// key is what a request is known by: all of it that a CORS policy goes by. How a
// browser calls itself is no part of it.
func (g *guard) key(req *http.Request, body []byte, round int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %t %s %s %s\n%s\n", round, g.open, req.Method, req.URL, req.Host, body)
	names := make([]string, 0, len(req.Header))
	for name := range req.Header {
		switch name {
		case "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Referer",
			"Cache-Control", "Pragma", "Connection", "Priority", "Dnt":
			if g.header[name] == nil && req.Method != http.MethodPost && !isUnusual(req.Header, name) {
				continue
			}
		}
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, "%s: %q\n", name, req.Header[name])
	}
	return b.String()
}

// isUnusual reports whether it is a script that has set the header, and not the
// browser.
func isUnusual(h http.Header, name string) bool {
	value := h.Get(name)
	return name == "Accept" && value != "*/*" && !strings.HasPrefix(value, "text/html,")
}

// originOf is the origin of a URL, as a browser writes it; "null" if it has none.
func originOf(url string) string {
	u, err := weburl.Parse(url, nil)
	if err != nil {
		return "null"
	}
	return origin.FromURL(u).String()
}

// hostOf is the host of an origin, without its port.
func hostOf(serialized string) string {
	u, err := weburl.Parse(serialized, nil)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
