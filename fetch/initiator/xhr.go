package initiator

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/safelist"
)

// An XHR is an XMLHttpRequest that is about to be sent. Its timeout and abort()
// are a context's; responseURL is the URL of the response.
//
// https://xhr.spec.whatwg.org/#interface-xmlhttprequest
type XHR struct {
	Method, URL string      // as open() has them
	Header      http.Header // as setRequestHeader() has left them

	// Body is what send() is given, and BodyType what comes with it, as in
	// [fetch.Request]. GET and HEAD send none.
	Body     io.Reader
	BodyType string

	WithCredentials bool
	UploadListener  bool // something listens at xhr.upload, which forces a preflight
}

// Request returns the request that send() makes.
//
// https://xhr.spec.whatwg.org/#the-send()-method
func (x *XHR) Request() *fetch.Request {
	req := potentialCORS(x.URL, fetch.InitiatorXMLHttpRequest, "", withCredentialsAttribute(x.WithCredentials))
	req.Method, req.Header, req.Body, req.BodyType = x.Method, combined(x.Header), x.Body, x.BodyType
	req.UploadListener = x.UploadListener
	if method := safelist.NormalizeMethod(x.Method); method == "" || method == http.MethodGet || method == http.MethodHead {
		req.Body, req.BodyType = nil, ""
	}
	return req
}

// combined returns h with one value for each name: setRequestHeader() joins what
// it is given.
//
// https://fetch.spec.whatwg.org/#concept-header-list-combine
func combined(h http.Header) http.Header {
	joined := make(http.Header, len(h))
	for name, values := range h {
		joined[name] = []string{strings.Join(values, ", ")}
	}
	return joined
}

// AllResponseHeaders returns what getAllResponseHeaders() does: a line for each
// header that the script may see.
//
// https://xhr.spec.whatwg.org/#the-getallresponseheaders()-method
func AllResponseHeaders(resp *fetch.Response) string {
	names := slices.SortedFunc(maps.Keys(resp.Header), func(a, b string) int {
		return strings.Compare(strings.ToUpper(a), strings.ToUpper(b))
	})
	var b strings.Builder
	for _, name := range names {
		b.WriteString(strings.ToLower(name) + ": " + strings.Join(resp.Header[name], ", ") + "\r\n")
	}
	return b.String()
}
