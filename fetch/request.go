package fetch

import (
	"io"
	"net/http"

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

	saysRedirected    bool        // for an upgrade
	beforeUpgrade     *weburl.URL // what the current URL has been upgraded from; nil mostly
	lastBeforeUpgrade *weburl.URL // the same of the URL before it
	upgradeTaint      bool        // upgrades have made redirects hide the page's origin
	shownURL          *weburl.URL // in place of the first URL, if that has been upgraded; nil mostly

	// What the developer gave. Headers that fetch() ignores are gone; those
	// that a redirect removes are only marked, for the map may be the caller's.
	header              http.Header
	authorizationGone   bool
	hintsGone           bool // a redirect has removed the client hints
	bodyHeadersGone     bool
	typeBack            bool // but for Content-Type
	bodyHeadersUnlisted bool // a preflight after a redirect does not ask for them
	conditional         bool // it has a header that makes it so
	repeated            bool // it has a header with several values
	mode                Mode
	credentials         CredentialsMode
	redirectMode        RedirectMode
	cacheMode           CacheMode
	destination         Destination
	initiator           Initiator
	integrity           string // the integrity metadata
	referrer            referrer
	firstReferrer       referrer // of the first hop
	referrerSource      referrer // what the next hop's is made of
	referrerPolicy      ReferrerPolicy
	targetAddressSpace  AddressSpace
	useCORSPreflight    bool // the use-CORS-preflight flag
	keepalive           bool
	keepsUnsafe         bool // an element will use the response, opaque or not
	redirectCount       int
	tainting            tainting
	preflighted         bool // some hop has taken the preflight branch

	lastStatus         int           // of the last response, before it is filtered
	timingAllowFailed  bool          // the timing allow failed flag
	serializedOrigin   string        // of the current URL list; see serializeOrigin
	sentOrigin         string        // the Origin header that was sent last
	firstMethod        string        // before redirects
	referrerWithheld   bool          // by the script
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
		return &Error{Reason: reason, Stage: StageRequest, Method: method, URL: shown(u), Got: got, Want: want, Mode: full.Mode, Credentials: full.Credentials, Initiator: full.Initiator}
	}
	if !ok {
		return refuse(ErrInvalidInit, bad, "a value of its enumeration")
	}
	full = p.profile.Initiator.of(full)
	// 5. A URL with credentials cannot be asked for with fetch().
	if u.IncludesCredentials() && full.Mode != ModeNavigate && full.Initiator == InitiatorFetch {
		return refuse(ErrURLContainsCredentials, "a URL with a username or password", "one without")
	}
	r := &p.request
	r.method, r.header, r.body = method, header, b
	r.origin, r.referrer, r.referrerPolicy = p.env.origin, p.env.referrer, full.ReferrerPolicy
	r.mode, r.credentials, r.redirectMode, r.cacheMode = full.Mode, full.Credentials, full.Redirect, full.Cache
	r.destination, r.initiator = full.Destination, full.Initiator
	r.integrity, r.keepalive = full.Integrity, full.Keepalive
	r.targetAddressSpace = full.TargetAddressSpace
	r.urls = []*weburl.URL{u}
	if p.env.origin.IsOpaque() {
		r.referrer = p.profile.Initiator.opaqueReferrer(r.initiator, p.env.baseURL)
	}
	if why := p.profile.Initiator.refuses(full.Initiator, u); why != "" {
		return refuse(why, "a URL that "+string(full.Initiator)+" does not ask for", "another")
	}
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
	r.firstMethod = r.method
	// 32. Mode "no-cors" takes safelisted methods only,
	if r.mode == ModeNoCORS && !safelist.IsSafelistedMethod(r.method) {
		return refuse(ErrNoCorsMethod, r.method, "GET, HEAD or POST")
	}
	// 33. and its headers are guarded, as are a script's in any mode.
	if err := p.fillHeader(); err != nil {
		err.Method, err.URL, err.Mode, err.Credentials = method, shown(u), full.Mode, full.Credentials
		return err
	}
	if err := p.checkBody(bodyType, refuse); err != nil {
		return err
	}
	if full.UploadListener && (!p.profile.Initiator.UploadNeedsBody || !r.body.isNull()) {
		r.useCORSPreflight = true
	}
	return nil
}

// checkBody says why the request cannot have its body, or gives it the type that
// comes with it, and makes sure that the server is asked for a stream.
//
// https://fetch.spec.whatwg.org/#dom-request
func (p *fetchParams) checkBody(bodyType string, refuse func(reason Reason, got, want string) *Error) *Error {
	r := &p.request
	// 38. The body's own type.
	p.addBodyType(p.bodyTypeInWorker(bodyType))
	p.rewriteCharset(bodyType)
	// 35. GET and HEAD have no body.
	if !r.body.isNull() && (r.method == http.MethodGet || r.method == http.MethodHead) {
		return refuse(ErrBodyNotAllowed, "a body with "+r.method, "none")
	}
	// 37. A stream could not be kept.
	if r.keepalive && r.body.isStream() && p.profile.Request.Streams != StreamsStringified {
		return refuse(ErrKeepaliveStream, "a stream as body with keepalive", "a body with GetBody")
	}
	if err := p.takeStream(); err != "" {
		return refuse(err, "a stream as body", "a body with GetBody")
	}
	// 39. A stream needs a mode in which the server can be asked first.
	if r.body.isStream() {
		if r.mode != ModeCORS && r.mode != ModeSameOrigin {
			return refuse(ErrNoCorsStream, `a stream as body with mode "`+string(r.mode)+`"`, `mode "cors" or "same-origin"`)
		}
		r.useCORSPreflight = true
	}
	return nil
}

// setReferrer makes the request's referrer what init.referrer says.
func (p *fetchParams) setReferrer(s string) error {
	switch s {
	case NoReferrer:
		p.request.referrer, p.request.referrerWithheld = referrer{}, true
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

// shown is u as errors and traces show it: without userinfo.
func shown(u *weburl.URL) string { return u.WithoutCredentials().String() }
