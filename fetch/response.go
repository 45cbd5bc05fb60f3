package fetch

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/safelist"
)

// A Type is a response's type.
//
// https://fetch.spec.whatwg.org/#concept-response-type
type Type string

// The types that a fetch resolves with.
const (
	TypeBasic          Type = "basic"          // nothing on the way was cross-origin
	TypeCORS           Type = "cors"           // cross-origin, and the server allowed it
	TypeOpaque         Type = "opaque"         // cross-origin with mode "no-cors": nothing can be read
	TypeOpaqueRedirect Type = "opaqueredirect" // a redirect with redirect mode "manual"
)

// A Response is what fetch() resolves with. Body is never nil, and must be
// closed.
type Response struct {
	Type       Type
	URL        string // the final URL, without fragment; "" if the type hides it
	Redirected bool
	Status     int    // 0 if the type hides it
	StatusText string // the reason phrase
	Header     http.Header
	Body       io.ReadCloser
	Timing     Timing // what Resource Timing tells of the fetch

	// Unsafe is the response that an opaque one hides, if an element has asked
	// for it: what decoders and engines work with, and nothing of it may reach a
	// script. Closing the body of either closes both.
	//
	// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#unsafe-response
	Unsafe *Response
}

// OK reports whether the status is 200 to 299.
func (r *Response) OK() bool { return safelist.IsOKStatus(r.Status) }

// A response is the standard's record of that name, filtered or not.
//
// https://fetch.spec.whatwg.org/#concept-response
type response struct {
	kind   Type // "" until it is filtered, but for an opaqueredirect
	status int
	header http.Header
	body   io.ReadCloser
	in     *http.Response // as it came; nil if it came from no network
	text   string         // the status message, if in is nil
	unsafe *Response      // what is behind it, if it is opaque and an element's
}

// A body that nobody reads is read all the same if it is no longer than
// drainLimit and comes within drainTime, so that its connection can be used
// again.
const (
	drainLimit = 2 << 10
	drainTime  = 5 * time.Millisecond
)

// discard closes the body unread.
func (res *response) discard() {
	if res.in != nil && res.in.ContentLength > 0 && res.in.ContentLength <= drainLimit {
		body := res.body
		closed := make(chan struct{})
		stalled := time.AfterFunc(drainTime, func() { body.Close(); close(closed) })
		io.CopyN(io.Discard, body, drainLimit)
		if !stalled.Stop() {
			<-closed
			return
		}
	}
	res.body.Close()
}

// read reads n bytes of the body, or all if there are fewer.
//
// Optimization: what is said of the length is believed, within reason.
func (res *response) read(n int64) ([]byte, error) {
	const reason = 1 << 20
	length := max(res.length(), 0)
	var data bytes.Buffer
	data.Grow(int(min(n, length, reason)) + bytes.MinRead)
	_, err := data.ReadFrom(io.LimitReader(res.body, n))
	return data.Bytes(), err
}

// length is what Content-Length says, or -1.
func (res *response) length() int64 {
	if res.in != nil {
		return res.in.ContentLength
	}
	return -1
}

// filter turns res into what the page may see of it, by the request's final
// tainting.
//
// https://fetch.spec.whatwg.org/#concept-filtered-response
func (res *response) filter(r *request, profile *Profile) {
	r.lastStatus = res.status
	// HEAD and null body statuses have no body, whatever came.
	keeps := res.status == http.StatusResetContent && profile.Response.ResetHasBody
	if r.method == http.MethodHead || safelist.IsNullBodyStatus(res.status) && !keeps {
		res.dropBody()
	}
	switch {
	case res.kind == TypeOpaqueRedirect:
		res.hide()
	case r.tainting == opaque:
		res.kind = TypeOpaque
		if r.keepsUnsafe {
			res.keepUnsafe(r)
			res.clear()
			break
		}
		res.hide()
	case r.tainting == cors:
		res.kind = TypeCORS
		res.header = corsFilter(res.header, r.credentials, profile)
	default:
		res.kind = TypeBasic
		res.header = basicFilter(res.header)
	}
	profile.Response.show(res.header)
}

// show makes h, a filtered header list, what scripts see of it.
func (rules *ResponseRules) show(h http.Header) {
	if rules.ChallengesHidden {
		for _, name := range [...]string{"Www-Authenticate", "Proxy-Authenticate"} {
			if len(h[name]) > 1 {
				delete(h, name)
			}
		}
	}
	if rules.EmptyRepeatsIgnored {
		for _, name := range [...]string{headerAllowOrigin, headerNosniff} {
			if values := h[name]; len(values) > 1 {
				h[name] = withoutEmpty(values)
			}
		}
	}
	if types := h[headerContentType]; rules.TypesJoinedTight && len(types) > 1 {
		h[headerContentType] = []string{strings.Join(types, ",")}
	}
}

// hide leaves nothing of the response to see.
//
// https://fetch.spec.whatwg.org/#concept-filtered-response-opaque
func (res *response) hide() {
	res.dropBody()
	res.clear()
}

func (res *response) clear() {
	res.status, res.header, res.in, res.text = 0, http.Header{}, nil, ""
}

func (res *response) dropBody() {
	res.discard()
	res.body = http.NoBody
}

// basicFilter returns h without the forbidden response-header names.
//
// https://fetch.spec.whatwg.org/#concept-filtered-response-basic
func basicFilter(h http.Header) http.Header {
	visible := make(http.Header, len(h))
	for name, values := range h {
		if !safelist.IsForbiddenResponseHeaderName(name) {
			visible[name] = values
		}
	}
	return visible
}

// corsFilter returns the headers of h that are CORS-safelisted response-header
// names or that the server exposes.
//
// https://fetch.spec.whatwg.org/#concept-filtered-response-cors
func corsFilter(h http.Header, credentials CredentialsMode, profile *Profile) http.Header {
	// Deviation: the text says "non-null or failure"; a list that cannot be
	// read exposes nothing.
	exposed, ok := safelist.ExtractTokens(h[headerExposeHeaders])
	if !ok && profile.Response.ExposeStarSurvives {
		exposed = tokensBeforeMalformed(h[headerExposeHeaders])
	}
	if credentials != CredentialsInclude {
		for _, name := range exposed {
			if name == "*" {
				return basicFilter(h)
			}
		}
	}
	return safelist.FilterResponseHeader(h, exposed)
}

// tokensBeforeMalformed returns "*" if it comes before the first member of the
// lists that is no token, and else nothing.
func tokensBeforeMalformed(lists []string) []string {
	for _, list := range lists {
		for member := range strings.SplitSeq(list, ",") {
			member = strings.Trim(member, " \t")
			if member == "*" {
				return []string{"*"}
			}
			if member != "" && !safelist.IsToken(member) {
				return nil
			}
		}
	}
	return nil
}

// toScript returns the filtered response as fetch() resolves with it.
func (res *response) toScript(r *request, rules TimingRules) *Response {
	out := &Response{Type: res.kind, Status: res.status, StatusText: res.statusText(), Header: res.header, Body: res.body, Unsafe: res.unsafe, Timing: res.timing(r, rules)}
	if res.kind != TypeOpaque {
		out.Redirected = len(r.urls) > 1
		u := r.currentURL()
		if r.shownURL != nil && !out.Redirected {
			u = r.shownURL
		}
		out.Redirected = out.Redirected || r.saysRedirected
		out.URL = u.WithoutFragment().String()
	}
	return out
}

// statusText is the response's status message.
func (res *response) statusText() string {
	if res.in != nil {
		return statusText(res.in)
	}
	return res.text
}

// statusText returns the reason phrase of in, which net/http keeps behind the
// status code.
func statusText(in *http.Response) string {
	_, text, _ := strings.Cut(in.Status, " ")
	return text
}

// trimStatusText takes away from the reason phrase of in what is no part of the
// status text.
func (rules *ResponseRules) trimStatusText(in *http.Response) {
	code, text, _ := strings.Cut(in.Status, " ")
	trimmed := strings.TrimRight(strings.TrimLeft(text, rules.StatusTextBefore), rules.StatusTextAfter)
	if trimmed != text {
		in.Status = code + " " + trimmed
	}
}

// ResponseType returns the type of a response that a [Transport] returned, and
// "" for any other.
func ResponseType(resp *http.Response) Type {
	if resp == nil || resp.Request == nil {
		return ""
	}
	t, _ := resp.Request.Context().Value(typeKey{}).(*typeContext)
	if t == nil {
		return ""
	}
	return t.kind
}

type typeKey struct{}

// A typeContext is the context of a response's Request. It knows the response's
// type.
type typeContext struct {
	context.Context
	kind Type
}

func (c *typeContext) Value(key any) any {
	if key == (typeKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// toHTTP returns the filtered response to req as an http.Response.
func (res *response) toHTTP(req *http.Request, r *request) *http.Response {
	// Optimization: one piece of memory; the copy that WithContext makes stays
	// on the stack.
	out := &struct {
		http.Response
		ctx     typeContext
		request http.Request
	}{
		Response: http.Response{
			Status:        statusLine(res),
			StatusCode:    res.status,
			Proto:         "HTTP/1.1",
			ProtoMajor:    1,
			ProtoMinor:    1,
			Header:        res.header,
			Body:          res.body,
			ContentLength: -1,
		},
		ctx: typeContext{req.Context(), res.kind},
	}
	if in := res.in; in != nil {
		out.Proto, out.ProtoMajor, out.ProtoMinor = in.Proto, in.ProtoMajor, in.ProtoMinor
		out.Uncompressed, out.TLS = in.Uncompressed, in.TLS
		out.ContentLength = in.ContentLength
	}
	// Note: in the answer to HEAD it is the length there would be.
	if res.body == http.NoBody && (res.in == nil || r.method != http.MethodHead) {
		out.ContentLength = 0
	}
	out.request = *req.WithContext(&out.ctx)
	out.Request = &out.request
	if res.kind != TypeOpaque && len(r.urls) > 1 {
		setFinalURL(out.Request, r.currentURL())
	}
	return &out.Response
}

// statusLine is http.Response.Status of res.
func statusLine(res *response) string {
	if res.in != nil {
		return res.in.Status
	}
	return strconv.Itoa(res.status) + " " + res.text
}

// setFinalURL makes u the URL of req, which is nobody else's.
func setFinalURL(req *http.Request, u *weburl.URL) {
	req.URL = new(url.URL)
	setNetURL(req.URL, u)
	if fragment, ok := u.Fragment(); ok {
		req.URL.Fragment, _ = url.PathUnescape(fragment)
	}
	req.Host = req.URL.Host
}
