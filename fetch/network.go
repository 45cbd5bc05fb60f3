package fetch

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/safelist"
)

// httpNetworkOrCacheFetch sends the request to the current URL, with all the
// headers that are the browser's business, and returns what comes back.
//
// Unimplemented: there is no HTTP cache; nothing is looked up or stored.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func (p *fetchParams) httpNetworkOrCacheFetch() (*response, *Error) {
	r := &p.request
	if r.cacheMode == CacheOnlyIfCached && !p.profile.OnlyIfCachedLoads {
		return nil, p.refuse(ErrCacheMiss, refusal{got: "nothing cached", want: `a cached response with cache mode "only-if-cached"`})
	}
	// 3. Credentials go along if they are to be included, or if nothing on the
	// way here was cross-origin.
	r.includeCredentials = (r.credentials == CredentialsInclude ||
		r.credentials == CredentialsSameOrigin && r.tainting == basic) && p.embedderAllowsCredentials()
	res, err := p.attempt()
	// 16. Misdirected: once more, on a new connection.
	if err == nil && (r.body.isNull() || r.body.hasSource()) && p.misdirected(res, r.includeCredentials) {
		res, err = p.attempt()
	}
	if err != nil {
		return nil, err
	}
	// 15. A proxy wants a user that cannot be asked.
	if res.status == http.StatusProxyAuthRequired {
		res.discard()
		return nil, p.refuseResponse(ErrProxyAuth, StageResponse, res.status, refusal{got: "status 407", want: "no authentication by a proxy"})
	}
	return res, nil
}

// misdirected reports whether res only says that the request came on the wrong
// connection. If so the connections are closed, so that the next is a new one.
func (p *fetchParams) misdirected(res *response, includeCredentials bool) bool {
	if res.status != http.StatusMisdirectedRequest {
		return false
	}
	res.discard()
	closeIdle(p.browser.base(includeCredentials))
	return true
}

// attempt sends the request once.
func (p *fetchParams) attempt() (*response, *Error) {
	r := &p.request
	if !r.body.isNull() && !r.body.hasSource() && (p.overHTTP1 || p.browser.isHTTP1(r.currentURL())) {
		return nil, p.refuse(ErrStreamOverHTTP1, refusal{got: "a stream as request body over HTTP/1.1", want: "HTTP/2, or a body with GetBody"})
	}
	o := p.prepared
	if p.prepared = nil; o == nil {
		o = p.newOutgoing()
	}
	if !r.body.isNull() {
		body, err := r.body.take()
		if err != nil {
			e := p.refuse(ErrBodyNotReplayable, refusal{})
			e.Err = err
			return nil, e
		}
		o.body, o.length = body, r.body.length
		o.getBody = r.body.again
	}
	o.setAbsent("User-Agent", p.profile.userAgent())
	p.setCacheHeaders(o)
	p.spell(o)
	return p.send(o)
}

// newOutgoing returns the request to the current URL with its header list: what
// the developer gave and redirects have left, Accept and Accept-Language.
func (p *fetchParams) newOutgoing() *outgoing {
	r := &p.request
	o := &outgoing{method: r.method, header: make(http.Header, 8+len(r.header))}
	for name, values := range r.header {
		if r.authorizationGone && safelist.IsNonWildcardRequestHeaderName(name) ||
			r.bodyHeadersGone && safelist.IsRequestBodyHeaderName(name) ||
			r.hintsGone && isClientHint(name) {
			continue
		}
		o.header[name] = values[:len(values):len(values)]
	}
	o.setAbsent("Accept", accept(r.destination))
	if p.profile.AcceptLanguage != "" {
		o.setAbsent("Accept-Language", p.profile.AcceptLanguage)
	}
	return o
}

// hasHeader reports whether the developer gave the header, removed or not.
func (p *fetchParams) hasHeader(name string) bool { return len(p.request.header[name]) > 0 }

// accept is the Accept of a request with a destination and without a
// developer's.
//
// https://fetch.spec.whatwg.org/#concept-fetch
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

// isConditional reports whether the developer's headers make the request
// conditional, which is the end of cache mode "default".
func (p *fetchParams) isConditional() bool {
	return p.hasHeader("If-Modified-Since") || p.hasHeader("If-None-Match") || p.hasHeader("If-Unmodified-Since") ||
		p.hasHeader("If-Match") || p.hasHeader("If-Range")
}

// effectiveCacheMode is the request's cache mode, in which "default" has ended
// if the developer has made the request conditional.
func (p *fetchParams) effectiveCacheMode() CacheMode {
	mode := p.request.cacheMode
	if mode != CacheDefault || len(p.request.header) == 0 || !p.isConditional() {
		return mode
	}
	if p.profile.ConditionalRevalidates {
		return CacheNoCache
	}
	return CacheNoStore
}

// setCacheHeaders adds what the cache mode says to caches on the way.
func (p *fetchParams) setCacheHeaders(o *outgoing) {
	switch p.effectiveCacheMode() {
	case CacheNoCache:
		o.setAbsent("Cache-Control", "max-age=0")
	case CacheNoStore, CacheReload:
		o.setAbsent("Pragma", "no-cache")
		o.setAbsent("Cache-Control", "no-cache")
	}
}

// An outgoing is a request on its way to the network, and the answer to it.
//
// Optimization: it is one piece of memory, with room for what the browser adds.
type outgoing struct {
	preflight bool
	method    string
	header    http.Header
	body      io.ReadCloser
	length    int64
	getBody   func() (io.ReadCloser, error)

	values [12]string // backs the values that set adds
	used   int
	url    url.URL
	answer response
	reader responseBody
}

// set makes value the header's only one.
func (o *outgoing) set(name, value string) {
	if o.used == len(o.values) {
		o.header[name] = []string{value}
		return
	}
	o.values[o.used] = value
	o.used++
	o.header[name] = o.values[o.used-1 : o.used : o.used]
}

// setAbsent sets the header unless it is there.
func (o *outgoing) setAbsent(name, value string) {
	if o.header[name] == nil {
		o.set(name, value)
	}
}

// spell writes the developer's headers as browsers send them: one line each.
// The values have been judged one by one before.
func (p *fetchParams) spell(o *outgoing) {
	for name, values := range p.request.header {
		if o.header[name] == nil {
			continue
		}
		if len(values) > 1 {
			o.set(name, p.joined(name, values))
		}
		if name == "Range" && p.profile.RewritesRange && p.request.method == http.MethodGet {
			o.set(name, rewriteRange(o.header[name][0]))
		}
		if p.profile.HighBytesAsUTF8 {
			o.set(name, latin1ToUTF8(o.header[name][0]))
		}
	}
}

// joined is what a header that the developer has given several values is sent
// with.
func (p *fetchParams) joined(name string, values []string) string {
	switch {
	case name != "Content-Type" || !p.profile.OneContentType:
		return strings.Join(values, ", ")
	case p.request.body.isNull():
		return values[len(values)-1]
	}
	return values[0]
}

// rewriteRange returns a Range of one range of bytes in its plainest spelling,
// and any other as it is.
func rewriteRange(value string) string {
	unit, set, _ := strings.Cut(value, "=")
	if !strings.EqualFold(strings.Trim(unit, " \t"), "bytes") {
		return value
	}
	first, last, ok := strings.Cut(set, "-")
	for _, position := range [...]*string{&first, &last} {
		if *position = strings.Trim(*position, " \t"); *position == "" {
			continue
		}
		n, err := strconv.ParseInt(*position, 10, 64)
		ok = ok && err == nil && n >= 0
		*position = strconv.FormatInt(n, 10)
	}
	if !ok {
		return value
	}
	return "bytes=" + first + "-" + last
}

// isClientHint reports whether name is that of a client hint, which a browser
// that adds them itself takes away on the way to another origin.
func isClientHint(name string) bool {
	switch name {
	case "Device-Memory", "Dpr", "Width", "Viewport-Width", "Rtt", "Downlink", "Ect":
		return true
	}
	return false
}

// latin1ToUTF8 returns the UTF-8 of what s is in ISO-8859-1.
func latin1ToUTF8(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// send adds the headers that every request of the fetch has, preflights
// included, hands the request to the base transport and takes in the answer.
//
// https://fetch.spec.whatwg.org/#concept-http-network-fetch
func (p *fetchParams) send(o *outgoing) (*response, *Error) {
	r := &p.request
	stage := StageResponse
	mode, origin := r.mode, ""
	include := r.includeCredentials
	if o.preflight {
		stage = StagePreflight
		// A preflight is a cors request without credentials of any kind.
		mode, include = ModeCORS, false
		o.set("User-Agent", p.preflightUserAgent())
		origin = p.preflightOrigin()
	} else {
		origin = originHeader(r, p.profile)
	}
	if from := p.referrerFor(o); from.full != "" {
		o.set("Referer", from.full)
	}
	if origin != "" {
		o.set("Origin", origin)
	}
	p.setFetchMetadata(o, mode)
	if p.browser.encodes {
		// Unimplemented: content codings. Asking for none keeps a base
		// transport from asking for gzip and hiding that it came.
		o.set("Accept-Encoding", "identity")
	}
	if p.ctx.Err() != nil {
		closeBody(o.body)
		e := p.aborted()
		e.Stage = stage
		return nil, e
	}
	out := p.httpRequest(o)
	if include {
		if cookie := p.browser.cookies.Cookie(p.cookieRequest(), p.profile.Cookies, p.browser.now()); cookie != "" {
			o.set("Cookie", cookie)
		}
	}
	in, err := p.roundTrip(o, out, include)
	if err != nil {
		return nil, p.networkError(stage, err)
	}
	if lines := in.Header["Set-Cookie"]; include && len(lines) > 0 {
		p.browser.cookies.SetCookies(p.cookieRequest(), lines, p.profile.Cookies, p.browser.now())
	}
	return p.takeIn(o, in, stage)
}

// roundTrip hands out to the base transport, as often as the browser tries.
func (p *fetchParams) roundTrip(o *outgoing, out *http.Request, include bool) (*http.Response, error) {
	for attempt := 1; ; attempt++ {
		in, err := p.browser.base(include).RoundTrip(out)
		if err == nil {
			restoreFraming(in)
		}
		p.traceExchange(o, in, err)
		if err == nil || attempt >= p.profile.Attempts || !errors.Is(err, io.EOF) || p.ctx.Err() != nil {
			return in, err
		}
		if out.Body != nil {
			if o.getBody == nil {
				return nil, err
			}
			body, bodyErr := o.getBody()
			if bodyErr != nil {
				return nil, err
			}
			out.Body = body
		}
	}
}

// restoreFraming puts back the headers that net/http takes out of an answer.
//
// Note: a body that ends with the connection sets Close, whether a header said
// so or not; servers say it.
func restoreFraming(in *http.Response) {
	closes := in.Close && in.ProtoMajor == 1 && in.ProtoMinor == 1
	if !closes && len(in.TransferEncoding) == 0 && len(in.Trailer) == 0 {
		return
	}
	if in.Header == nil {
		in.Header = http.Header{}
	}
	if len(in.TransferEncoding) > 0 && in.Header["Transfer-Encoding"] == nil {
		in.Header["Transfer-Encoding"] = slices.Clone(in.TransferEncoding)
	}
	if len(in.Trailer) > 0 && in.Header["Trailer"] == nil {
		in.Header["Trailer"] = []string{strings.Join(slices.Sorted(maps.Keys(in.Trailer)), ", ")}
	}
	if closes && in.Header["Connection"] == nil {
		in.Header["Connection"] = []string{"close"}
	}
}

// preflightUserAgent is the value of a preflight's User-Agent header.
func (p *fetchParams) preflightUserAgent() string {
	if p.profile.PreflightUserAgent && p.hasHeader("User-Agent") {
		return p.request.header["User-Agent"][0]
	}
	return p.profile.userAgent()
}

// referrerFor is what o tells of where it comes from.
func (p *fetchParams) referrerFor(o *outgoing) referrer {
	if o.preflight && p.profile.PreflightReferrerOfHopBefore && len(p.request.urls) > 1 {
		return p.request.referrerBefore
	}
	return p.request.referrer
}

// preflightOrigin is the value of a preflight's Origin header.
func (p *fetchParams) preflightOrigin() string {
	if p.profile.PreflightUntaintedOrigin {
		return p.request.origin.String()
	}
	return p.request.serializedOrigin
}

// httpRequest returns o as the base transport takes it.
func (p *fetchParams) httpRequest(o *outgoing) *http.Request {
	setNetURL(&o.url, p.request.currentURL())
	out := (&http.Request{
		Method:     o.method,
		URL:        &o.url,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     o.header,
		Host:       o.url.Host,
	}).WithContext(p.ctx)
	switch {
	case o.body == nil:
	case o.length == 0:
		// Note: to net/http a body of length 0 is one of unknown length, and
		// this is how to have it say Content-Length: 0 for every method.
		o.body.Close()
		out.Body, out.TransferEncoding = http.NoBody, []string{"identity"}
	default:
		out.Body, out.ContentLength, out.GetBody = o.body, o.length, o.getBody
	}
	return out
}

// setNetURL makes n a net/url.URL that puts u's own bytes on the wire. net/url
// would write some paths in another way; URL.Opaque is sent as it is.
func setNetURL(n *url.URL, u *weburl.URL) {
	query, hasQuery := u.Query()
	*n = url.URL{Scheme: u.Scheme(), Host: u.Host(), Path: u.Path(), RawQuery: query, ForceQuery: hasQuery && query == ""}
	if isPlainPath(n.Path) {
		return
	}
	path := n.Path
	if decoded, err := url.PathUnescape(path); err == nil {
		n.Path, n.RawPath = decoded, path
		if n.EscapedPath() == path {
			return
		}
	}
	// Note: net/url takes an opaque "//…" for another host's URL, so that such
	// a path has to go the other way, escaped as net/url will have it.
	if !strings.HasPrefix(path, "//") {
		n.Opaque = path
	}
}

// isPlainPath reports whether net/url writes path as it is.
func isPlainPath(path string) bool {
	for i := range len(path) {
		switch c := path[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '/', c == '-', c == '.', c == '_', c == '~':
		default:
			return false
		}
	}
	return true
}

// cookieRequest is what cookies are chosen by: who asks for the current URL, and
// what has led there.
func (p *fetchParams) cookieRequest() cookies.Request {
	r := &p.request
	return cookies.Request{
		URLs:               r.urls,
		Origin:             r.origin,
		TopLevel:           p.env.topLevel,
		Method:             r.method,
		TopLevelNavigation: r.destination == "document",
	}
}

// takeIn returns the response record for in, the answer to o.
func (p *fetchParams) takeIn(o *outgoing, in *http.Response, stage Stage) (*response, *Error) {
	res := &o.answer
	*res = response{status: in.StatusCode, header: in.Header, body: in.Body, in: in}
	if res.body == nil {
		res.body = http.NoBody
	}
	// 101 and other informational statuses are not answers to a fetch.
	if in.StatusCode < 200 || in.StatusCode > 999 {
		res.discard()
		return nil, p.refuseResponse(ErrInvalidResponse, stage, in.StatusCode, refusal{got: "status " + strconv.Itoa(in.StatusCode), want: "200 to 999"})
	}
	if !isNormal(in.Header) {
		res.header = normal(in.Header, p.profile)
	}
	if p.profile.TrimsStatusText {
		in.Status = strings.TrimRight(in.Status, " \t")
	}
	if res.body != http.NoBody {
		o.reader = responseBody{res.body, p.profile.ShortBodiesEnd}
		res.body = &o.reader
	}
	return res, nil
}

// A responseBody is a body as it came, whose errors tell nothing of what came
// after it.
type responseBody struct {
	io.ReadCloser
	short bool // it is complete wherever it ends
}

func (b *responseBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == nil || err == io.EOF:
	case b.short && err == io.ErrUnexpectedEOF:
		err = io.EOF
	case quotesResponse(err):
		err = errMalformed // by a trailer, which pages never see
	}
	return n, err
}

// isNormal reports whether h is keyed as http.Header is meant to be and its
// values are normalized. What net/http has read always is; a base transport of
// another kind may not care.
func isNormal(h http.Header) bool {
	for name, values := range h {
		if !isCanonical(name) {
			return false
		}
		for _, value := range values {
			if value != "" && (value[0] <= ' ' || value[len(value)-1] <= ' ') {
				return false
			}
		}
	}
	return true
}

// isCanonical reports whether name is a token, capitalized as http.Header has
// it.
//
// Optimization: http.CanonicalHeaderKey does the same in three times the time.
func isCanonical(name string) bool {
	upper := true
	for i := range len(name) {
		c := name[i]
		if c <= ' ' || c >= 0x7f || upper && 'a' <= c && c <= 'z' || !upper && 'A' <= c && c <= 'Z' {
			return false
		}
		upper = c == '-'
	}
	return true
}

// normal returns h with its keys in canonical form and its values normalized.
func normal(h http.Header, profile *Profile) http.Header {
	n := make(http.Header, len(h))
	for name, values := range h {
		if profile.TrimsHeaderNames {
			name = strings.TrimRight(name, " \t")
		}
		key := http.CanonicalHeaderKey(name)
		for _, value := range values {
			n[key] = append(n[key], safelist.NormalizeHeaderValue(value))
		}
	}
	return n
}

// traceExchange tells the trace about a request that has been answered.
func (p *fetchParams) traceExchange(o *outgoing, in *http.Response, err error) {
	if p.trace == nil || p.trace.ExchangeDone == nil {
		return
	}
	x := Exchange{Preflight: o.preflight, Method: o.method, URL: shown(p.request.currentURL()), RequestHeader: o.header.Clone(), Err: err}
	if in != nil {
		x.Status, x.StatusText, x.ResponseHeader = in.StatusCode, statusText(in), in.Header.Clone()
	}
	p.trace.ExchangeDone(x)
}
