package fetch

import (
	"context"
	"net/http"
)

// A Trace is a set of hooks that see what a fetch does. Any may be nil. They
// are called one at a time, by the goroutine that called RoundTrip or Fetch.
//
// A Trace is for tests and tools: unlike the page, it sees responses that are
// then refused. It must not change what it is given.
type Trace struct {
	// HeaderDropped is called for each header of the request that fetch()
	// ignores: a forbidden request-header, or one that mode "no-cors" does
	// not take.
	HeaderDropped func(name, value string)

	// ExchangeDone is called when a request has been answered, or has failed.
	ExchangeDone func(Exchange)

	// PreflightCached is called where a preflight was needed and the cache
	// held its answer. method and headers are what would have been asked for.
	PreflightCached func(url, method string, headers []string)

	// Redirected is called when a redirect is followed.
	Redirected func(status int, from, to string)

	// Failed is called with the error that the fetch ends with.
	Failed func(*Error)

	// Console is called with what the browser prints to its console for that
	// error, if it prints something; see [Profile]. It is [Error.ConsoleMessage],
	// with what an Error does not keep: where a refused redirect leads.
	Console func(message string)
}

// An Exchange is one request on the wire and what came back.
type Exchange struct {
	Preflight      bool
	Method, URL    string
	RequestHeader  http.Header
	Status         int // 0 if nothing came back
	StatusText     string
	ResponseHeader http.Header
	Err            error // why nothing came back
}

type traceKey struct{}

// WithTrace returns a context whose fetches call trace's hooks, and those of
// any trace ctx already has, the older first.
func WithTrace(ctx context.Context, trace *Trace) context.Context {
	if old := traceOf(ctx); old != nil {
		trace = both(old, trace)
	}
	return context.WithValue(ctx, traceKey{}, trace)
}

func traceOf(ctx context.Context) *Trace {
	t, _ := ctx.Value(traceKey{}).(*Trace)
	return t
}

// both returns a trace that calls a's hooks, then b's.
func both(a, b *Trace) *Trace {
	return &Trace{
		HeaderDropped:   func(name, value string) { a.headerDropped(name, value); b.headerDropped(name, value) },
		ExchangeDone:    func(x Exchange) { a.exchangeDone(x); b.exchangeDone(x) },
		PreflightCached: func(u, m string, h []string) { a.preflightCached(u, m, h); b.preflightCached(u, m, h) },
		Redirected:      func(status int, from, to string) { a.redirected(status, from, to); b.redirected(status, from, to) },
		Failed:          func(err *Error) { a.failed(err); b.failed(err) },
		Console:         bothConsoles(a.Console, b.Console),
	}
}

// bothConsoles is nil if neither is wanted, for what is printed costs time.
func bothConsoles(a, b func(string)) func(string) {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return func(message string) { a(message); b(message) }
}

func (t *Trace) hasConsole() bool { return t != nil && t.Console != nil }

func (t *Trace) headerDropped(name, value string) {
	if t != nil && t.HeaderDropped != nil {
		t.HeaderDropped(name, value)
	}
}

func (t *Trace) exchangeDone(x Exchange) {
	if t != nil && t.ExchangeDone != nil {
		t.ExchangeDone(x)
	}
}

func (t *Trace) preflightCached(url, method string, headers []string) {
	if t != nil && t.PreflightCached != nil {
		t.PreflightCached(url, method, headers)
	}
}

func (t *Trace) redirected(status int, from, to string) {
	if t != nil && t.Redirected != nil {
		t.Redirected(status, from, to)
	}
}

func (t *Trace) failed(err *Error) {
	if t != nil && t.Failed != nil {
		t.Failed(err)
	}
}
