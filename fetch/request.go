package fetch

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/safelist"
)

// A Request is what a script passes to fetch(): the URL, and the members of
// init that are not in Init.
type Request struct {
	Method string // "" means GET
	URL    string // relative URLs are taken against the page's
	Header http.Header

	// Body is what to send; nil is null. A *bytes.Buffer, *bytes.Reader or
	// *strings.Reader is bytes and can be sent again; any other is a stream,
	// unless GetBody returns it anew.
	Body    io.Reader
	GetBody func() (io.ReadCloser, error)

	// BodyType is the MIME type that comes with Body: what a script's string
	// has is text/plain;charset=UTF-8, a Blob's is its own. It becomes the
	// Content-Type if Header leaves the request without one. Empty is none, as
	// bytes have.
	BodyType string

	Init
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

// close closes what has not been taken. Who takes a stream closes it.
func (b *body) close() {
	if b.first != nil {
		b.first.Close()
		b.first = nil
		b.taken = true
	}
}

func closeBody(rc io.ReadCloser) {
	if rc != nil {
		rc.Close()
	}
}

// A tainting is a request's response tainting.
//
// https://fetch.spec.whatwg.org/#concept-request-response-tainting
type tainting uint8

const (
	basic tainting = iota
	cors
	opaque
)

// A request is the standard's record of that name: what an API's request has
// become, and what the algorithms keep of it from hop to hop.
//
// https://fetch.spec.whatwg.org/#concept-request
type request struct {
	method string
	urls   []*weburl.URL // the URL list
	body   body
	origin origin.Origin

	// What the developer gave. Headers that fetch() ignores are gone; those
	// that a redirect removes are only marked, for the map may be the caller's.
	header            http.Header
	authorizationGone bool
	hintsGone         bool // a redirect has removed the client hints
	bodyHeadersGone   bool
	mode              Mode
	credentials       CredentialsMode
	redirectMode      RedirectMode
	cacheMode         CacheMode
	destination       Destination
	referrer          referrer
	referrerBefore    referrer // of the hop before
	referrerPolicy    ReferrerPolicy
	useCORSPreflight  bool // the use-CORS-preflight flag
	redirectCount     int
	tainting          tainting
	urlStorage        [2]*weburl.URL // backs urls of most fetches
	preflighted       bool           // some hop has taken the preflight branch

	serializedOrigin   string        // of the current URL list; see serializeOrigin
	currentURLOrigin   origin.Origin // of the current URL
	includeCredentials bool          // decided in HTTP-network-or-cache fetch
}

// beganSameOrigin reports whether the fetch began at the page's own origin.
func (r *request) beganSameOrigin() bool { return origin.FromURL(r.urls[0]) == r.origin }

// currentURL is the last of the URL list.
func (r *request) currentURL() *weburl.URL { return r.urls[len(r.urls)-1] }

// newRequest returns the record for a fetch() of u by the page env, or says
// why fetch() throws. method and header are as the developer gave them.
//
// https://fetch.spec.whatwg.org/#dom-request
func (p *fetchParams) newRequest(u *weburl.URL, method string, header http.Header, b body, bodyType string, init Init) *Error {
	full, bad, ok := init.withDefaults()
	refuse := func(reason Reason, got, want string) *Error {
		return &Error{Reason: reason, Stage: StageRequest, Method: method, URL: shown(u), Got: got, Want: want, Mode: full.Mode, Credentials: full.Credentials}
	}
	if !ok {
		return refuse(ErrInvalidInit, bad, "a value of its enumeration")
	}
	if !full.Destination.valid() {
		return refuse(ErrInvalidInit, "destination "+string(full.Destination), "a destination")
	}
	// 5. A URL with credentials cannot be asked for.
	if u.IncludesCredentials() && full.Mode != ModeNavigate {
		return refuse(ErrURLContainsCredentials, "a URL with a username or password", "one without")
	}
	r := &p.request
	r.method, r.header, r.body = method, header, b
	r.origin, r.referrer, r.referrerPolicy = p.env.origin, p.env.referrer, full.ReferrerPolicy
	r.mode, r.credentials, r.redirectMode, r.cacheMode = full.Mode, full.Credentials, full.Redirect, full.Cache
	r.destination = full.Destination
	r.urls = append(r.urlStorage[:0], u)
	// 14. The referrer.
	if full.Referrer != "" {
		if err := p.setReferrer(full.Referrer); err != nil {
			return refuse(ErrInvalidReferrer, full.Referrer, "a URL")
		}
	}
	// 17. Only a navigation navigates.
	if full.Mode == ModeNavigate && !full.Destination.isNavigation() {
		return refuse(ErrModeNavigate, `mode "navigate"`, `a destination that navigates, as "document"`)
	}
	// 21. "only-if-cached" tells too much across origins.
	if full.Cache == CacheOnlyIfCached && full.Mode != ModeSameOrigin {
		return refuse(ErrOnlyIfCachedMode, `cache mode "only-if-cached" with mode "`+string(full.Mode)+`"`, `mode "same-origin"`)
	}
	// 25. The method.
	if method == "" {
		r.method = http.MethodGet
	}
	if !safelist.IsMethod(r.method) {
		return refuse(ErrInvalidMethod, r.method, "a token")
	}
	if safelist.IsForbiddenMethod(r.method) {
		return refuse(ErrForbiddenMethod, r.method, "a method that is not forbidden")
	}
	r.method = safelist.NormalizeMethod(r.method)
	// 32. Mode "no-cors" takes safelisted methods only,
	if r.mode == ModeNoCORS && !safelist.IsSafelistedMethod(r.method) {
		return refuse(ErrNoCorsMethod, r.method, "GET, HEAD or POST")
	}
	// 33. and its headers are guarded.
	if err := p.fillHeader(); err != nil {
		err.Method, err.URL, err.Mode, err.Credentials = method, shown(u), full.Mode, full.Credentials
		return err
	}
	// 38. The body's own type.
	p.addBodyType(bodyType)
	// 35. GET and HEAD have no body.
	if !r.body.isNull() && (r.method == http.MethodGet || r.method == http.MethodHead) {
		return refuse(ErrBodyNotAllowed, "a body with "+r.method, "none")
	}
	if err := p.takeStream(); err != "" {
		return refuse(err, "a stream as body", "a body with GetBody")
	}
	// 39. A stream needs a mode in which the server can be asked first.
	if !r.body.isNull() && !r.body.hasSource() {
		if r.mode != ModeCORS && r.mode != ModeSameOrigin {
			return refuse(ErrNoCorsStream, `a stream as body with mode "`+string(r.mode)+`"`, `mode "cors" or "same-origin"`)
		}
		r.useCORSPreflight = true
	}
	if full.UploadListener {
		r.useCORSPreflight = true
	}
	return nil
}

// takeStream does with a stream as body what the browser does where it does
// not follow the standard.
func (p *fetchParams) takeStream() Reason {
	r := &p.request
	if r.body.isNull() || r.body.hasSource() {
		return ""
	}
	switch p.profile.Streams {
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
	if !p.profile.BodyTypeUnguarded && p.dropsHeader("Content-Type", bodyType, nil) {
		p.trace.headerDropped("Content-Type", bodyType)
		return
	}
	r.header = maps.Clone(r.header) // it may be the caller's
	if r.header == nil {
		r.header = http.Header{}
	}
	r.header["Content-Type"] = []string{bodyType}
}

// setReferrer makes the request's referrer what init.referrer says.
func (p *fetchParams) setReferrer(s string) error {
	switch s {
	case NoReferrer:
		p.request.referrer = referrer{}
		return nil
	case "about:client":
		return nil
	}
	u, err := weburl.Parse(s, p.env.baseURL)
	if err != nil {
		return err
	}
	if origin.FromURL(u) == p.env.origin {
		p.request.referrer = newReferrer(u)
	}
	return nil
}

// fillHeader holds the developer's headers against the request's guard: names
// and values must be valid, headers that the guard does not take are dropped.
//
// https://fetch.spec.whatwg.org/#concept-headers-fill
func (p *fetchParams) fillHeader() *Error {
	clean := true
	for name, values := range p.request.header {
		if !p.keepsAsIs(name, values) {
			clean = false
			break
		}
	}
	// Optimization: most headers can be used as they are.
	if clean {
		return nil
	}
	kept := make(http.Header, len(p.request.header))
	for name, values := range p.request.header {
		switch name {
		case jsFetchMode, jsFetchCredentials, jsFetchRedirect:
			continue
		}
		for _, value := range values {
			value = safelist.NormalizeHeaderValue(value)
			if !safelist.IsHeaderName(name) {
				return &Error{Reason: ErrInvalidHeaderName, Stage: StageRequest, Got: name, Want: "a token"}
			}
			if !safelist.IsHeaderValue(value) {
				return &Error{Reason: ErrInvalidHeaderValue, Stage: StageRequest, Header: name, Got: value, Want: "no NUL, CR or LF"}
			}
			key := http.CanonicalHeaderKey(name)
			if p.dropsHeader(name, value, kept[key]) {
				p.trace.headerDropped(name, value)
				continue
			}
			kept[key] = append(kept[key], value)
		}
	}
	p.request.header = kept
	return nil
}

// keepsAsIs reports whether a name and its values are valid, canonical, and
// nothing of them is dropped.
func (p *fetchParams) keepsAsIs(name string, values []string) bool {
	if http.CanonicalHeaderKey(name) != name || !safelist.IsHeaderName(name) {
		return false
	}
	for i, value := range values {
		if safelist.NormalizeHeaderValue(value) != value || !safelist.IsHeaderValue(value) || p.dropsHeader(name, value, values[:i]) {
			return false
		}
	}
	return len(values) > 0
}

// dropsHeader reports whether the guard "request" or "request-no-cors" keeps a
// header out that would join the values before it.
//
// https://fetch.spec.whatwg.org/#concept-headers-append
func (p *fetchParams) dropsHeader(name, value string, before []string) bool {
	if safelist.IsForbiddenRequestHeader(name, value) {
		return true
	}
	if p.profile.IgnoresUserAgent && strings.EqualFold(name, "User-Agent") {
		return true
	}
	if p.request.mode != ModeNoCORS {
		return false
	}
	if joined, ok := safelist.Get(before); ok {
		value = joined + ", " + value
	}
	return !safelist.IsNoCORSSafelistedRequestHeader(name, value)
}

// shown is u as errors and traces show it: without userinfo.
func shown(u *weburl.URL) string { return u.WithoutCredentials().String() }
