package fetchtest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
)

// Timeout is how long [Page.Fetch] waits for a server.
const Timeout = 10 * time.Second

// A Page is a page of a [Web].
type Page struct {
	// Transport is the page as an [http.RoundTripper], for an [http.Client]. Its
	// fields may be set until the page first fetches.
	Transport *fetch.Transport

	web *Web
}

// A Request is what a script passes to fetch(). Unlike a [fetch.Request] it can
// be used any number of times. The zero values of its fields are those of
// fetch.Request.
type Request struct {
	Method string
	URL    string // relative URLs are taken against the page's
	Header http.Header

	// Body is a string; "" is none. Without a Content-Type in Header it comes
	// with text/plain;charset=UTF-8.
	Body string

	fetch.Init
}

// stringType is the MIME type of a body that is a string.
const stringType = "text/plain;charset=UTF-8"

// Fetch does what fetch() does in the page, and reads all of the response. It
// has [Timeout] for it; a server that needs more has failed.
func (p *Page) Fetch(r Request) Result {
	ctx, cancel := context.WithTimeout(context.Background(), Timeout)
	defer cancel()
	req := &fetch.Request{Method: r.Method, URL: r.URL, Header: r.Header, Init: r.Init}
	if r.Body != "" {
		req.Body, req.BodyType = strings.NewReader(r.Body), stringType
	}
	return p.Load(ctx, req)
}

// Load is Fetch for any request, such as those of package
// [github.com/corsfetch/corsfetch/fetch/initiator].
func (p *Page) Load(ctx context.Context, req *fetch.Request) Result {
	rec := new(recorder)
	resp, err := p.Transport.Fetch(rec.in(ctx), req)
	if err == nil {
		defer resp.Body.Close()
		return rec.allowed(resp)
	}
	return rec.refused(err)
}

// A recorder collects what a fetch does.
type recorder struct {
	wire    []Exchange
	dropped []string
	console string
	reached bool // a handler, by another request than a preflight
}

type recorderKey struct{}

// in returns a context whose fetch rec records.
func (rec *recorder) in(ctx context.Context) context.Context {
	return fetch.WithTrace(context.WithValue(ctx, recorderKey{}, rec), &fetch.Trace{
		HeaderDropped: func(name, value string) { rec.dropped = append(rec.dropped, name+": "+value) },
		PreflightCached: func(url, method string, headers []string) {
			x := Exchange{Method: http.MethodOptions, URL: url, Preflight: true, Cached: true, RequestHeader: http.Header{headerRequestMethod: {method}}}
			if len(headers) > 0 {
				x.RequestHeader[headerRequestHeaders] = []string{strings.Join(headers, ",")}
			}
			rec.wire = append(rec.wire, x)
		},
		Console: func(message string) { rec.console = message },
	})
}

// result is what all results have.
func (rec *recorder) result(v Verdict) Result {
	slices.Sort(rec.dropped) // they come in the order of a map
	return Result{Verdict: v, Dropped: rec.dropped, Console: rec.console, Reached: rec.reached, Wire: rec.wire}
}

// refused is the result of a fetch that ended with err.
func (rec *recorder) refused(err error) Result {
	r := rec.result(Failed)
	r.Message = err.Error()
	if e := (*fetch.Error)(nil); errors.As(err, &e) {
		if e.Blocked() {
			r.Verdict = Blocked
		}
		r.Reason, r.Stage = e.Reason, e.Stage
		r.Header, r.Got, r.Want = e.Header, e.Got, e.Want
	}
	return r
}

// allowed is the result of a fetch that ended with resp.
func (rec *recorder) allowed(resp *fetch.Response) Result {
	r := rec.result(Allowed)
	r.Response = see(resp)
	if i := len(rec.wire) - 1; i >= 0 {
		r.Hidden = hidden(rec.wire[i].ResponseHeader, resp.Header)
	}
	return r
}
