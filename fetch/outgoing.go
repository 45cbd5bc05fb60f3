package fetch

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/corsfetch/corsfetch/safelist"
)

// An outgoing is a request on its way to the network, and the answer to it.
//
// Optimization: it is one piece of memory, with room for what the browser adds.
type outgoing struct {
	http.Request
	preflight bool

	values [12]string // backs the values that set adds
	used   int
	url    url.URL // of Request
	answer response
	reader responseBody
}

// newOutgoing returns a request without a URL and a body, and with no header of
// the size that is to be expected.
func (p *fetchParams) newOutgoing(method string, headers int) *outgoing {
	// Note: only WithContext gives a request a context. The copy stays on the
	// stack.
	return &outgoing{Request: *(&http.Request{
		Method:     method,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     make(http.Header, headers),
	}).WithContext(p.ctx)}
}

// set makes value the header's only one.
func (o *outgoing) set(name, value string) {
	if o.used == len(o.values) {
		o.Header[name] = []string{value}
		return
	}
	o.values[o.used] = value
	o.used++
	o.Header[name] = o.values[o.used-1 : o.used : o.used]
}

// setAbsent sets the header unless it is there.
func (o *outgoing) setAbsent(name, value string) {
	if o.Header[name] == nil {
		o.set(name, value)
	}
}

// prepare returns the request to the current URL with its header list: what the
// developer gave and redirects have left, Accept and Accept-Language.
func (p *fetchParams) prepare() *outgoing {
	r := &p.request
	o := p.newOutgoing(r.method, 7+len(r.header))
	for name, values := range r.header {
		if r.authorizationGone && safelist.IsNonWildcardRequestHeaderName(name) ||
			r.bodyHeadersGone && safelist.IsRequestBodyHeaderName(name) && !(r.typeBack && name == "Content-Type") ||
			r.hintsGone && isClientHint(name) {
			continue
		}
		o.Header[name] = values[:len(values):len(values)]
	}
	o.setAbsent("Accept", p.profile.Initiator.accept(r.initiator, r.destination))
	if r.mode == ModeNavigate {
		o.setAbsent("Upgrade-Insecure-Requests", "1")
	}
	if p.profile.AcceptLanguage != "" {
		o.setAbsent("Accept-Language", p.profile.AcceptLanguage)
	}
	return o
}

// hasHeader reports whether the developer gave the header, removed or not.
func (p *fetchParams) hasHeader(name string) bool { return len(p.request.header[name]) > 0 }

// accept is the standard's Accept for a destination.
func accept(d Destination) string {
	switch d {
	case "document", "frame", "iframe":
		return "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	case "image":
		return "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"
	case "json":
		return "application/json,*/*;q=0.5"
	case "style":
		return "text/css,*/*;q=0.1"
	case "text":
		return "text/plain,*/*;q=0.5"
	}
	return "*/*"
}

// address directs o to the current URL.
func (p *fetchParams) address(o *outgoing) {
	setNetURL(&o.url, p.request.currentURL())
	o.URL, o.Host = &o.url, o.url.Host
}

// frame sets how the body of o is sent: with the length that browsers say.
func (o *outgoing) frame() {
	switch {
	case o.Body == nil && o.Method == http.MethodPatch:
		// Note: net/http says Content-Length: 0 in a PATCH without a body, as in
		// a POST or PUT, where browsers say it too. An empty body of unknown
		// length that is not to be sent in chunks is how to have none said.
		o.Body, o.TransferEncoding = emptyBody(), []string{"identity"}
		o.GetBody = func() (io.ReadCloser, error) { return emptyBody(), nil }
	case o.Body == nil:
	case o.ContentLength == 0:
		// Note: to net/http a body of length 0 is one of unknown length, and
		// this is how to have it say Content-Length: 0 for every method.
		o.Body.Close()
		o.Body, o.TransferEncoding, o.GetBody = http.NoBody, []string{"identity"}, nil
	}
}

// emptyBody returns a body of no bytes that is not http.NoBody.
func emptyBody() io.ReadCloser { return io.NopCloser(strings.NewReader("")) }
