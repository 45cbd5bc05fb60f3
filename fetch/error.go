package fetch

import (
	"strconv"
	"strings"
)

// A Reason says why a fetch failed. It is an error itself, for [errors.Is]:
//
//	if errors.Is(err, fetch.ErrMissingAllowOriginHeader) { … }
//
// Names that Chrome DevTools knows as a Network.CorsError are spelled as there.
// A Preflight… reason also matches the reason without that word.
type Reason string

// Reasons of the CORS protocol, named as DevTools' Network.CorsError.
const (
	// Mode "same-origin", and the URL is of another origin.
	ErrDisallowedByMode Reason = "DisallowedByMode"
	// The CORS check failed on a response.
	ErrMissingAllowOriginHeader  Reason = "MissingAllowOriginHeader"
	ErrWildcardOriginNotAllowed  Reason = "WildcardOriginNotAllowed" // "*", and credentials are included
	ErrMultipleAllowOriginValues Reason = "MultipleAllowOriginValues"
	ErrInvalidAllowOriginValue   Reason = "InvalidAllowOriginValue" // no origin at all
	ErrAllowOriginMismatch       Reason = "AllowOriginMismatch"     // another origin
	ErrInvalidAllowCredentials   Reason = "InvalidAllowCredentials" // not exactly "true"
	// The CORS check failed on the response to a CORS-preflight request.
	ErrPreflightMissingAllowOriginHeader  Reason = "PreflightMissingAllowOriginHeader"
	ErrPreflightWildcardOriginNotAllowed  Reason = "PreflightWildcardOriginNotAllowed"
	ErrPreflightMultipleAllowOriginValues Reason = "PreflightMultipleAllowOriginValues"
	ErrPreflightInvalidAllowOriginValue   Reason = "PreflightInvalidAllowOriginValue"
	ErrPreflightAllowOriginMismatch       Reason = "PreflightAllowOriginMismatch"
	ErrPreflightInvalidAllowCredentials   Reason = "PreflightInvalidAllowCredentials"
	// The response to a CORS-preflight request does not allow the request.
	ErrPreflightInvalidStatus               Reason = "PreflightInvalidStatus" // not 200 to 299
	ErrPreflightDisallowedRedirect          Reason = "PreflightDisallowedRedirect"
	ErrInvalidAllowMethodsPreflightResponse Reason = "InvalidAllowMethodsPreflightResponse" // not a list of tokens
	ErrInvalidAllowHeadersPreflightResponse Reason = "InvalidAllowHeadersPreflightResponse"
	ErrMethodDisallowedByPreflightResponse  Reason = "MethodDisallowedByPreflightResponse"
	ErrHeaderDisallowedByPreflightResponse  Reason = "HeaderDisallowedByPreflightResponse"
	// A cross-origin URL whose scheme is not HTTP(S), or a redirect to one.
	ErrCorsDisabledScheme Reason = "CorsDisabledScheme"
	// A redirect to a URL with a username or password that CORS forbids.
	ErrRedirectContainsCredentials Reason = "RedirectContainsCredentials"
	// Mode "no-cors", a cross-origin URL, and redirect mode is not "follow".
	ErrNoCorsRedirectModeNotFollow Reason = "NoCorsRedirectModeNotFollow"
	// A page from the Internet, and a server on the local network or this
	// machine; or a server elsewhere than init.targetAddressSpace says.
	ErrInsecureLocalNetwork               Reason = "InsecureLocalNetwork" // the page is no secure context
	ErrInvalidLocalNetworkAccess          Reason = "InvalidLocalNetworkAccess"
	ErrLocalNetworkAccessPermissionDenied Reason = "LocalNetworkAccessPermissionDenied"
	// What came is no HTTP response that a fetch can end with.
	ErrInvalidResponse Reason = "InvalidResponse"
)

// Reasons of Cross-Origin-Resource-Policy, named as DevTools'
// Audits.BlockedByResponseReason.
const (
	ErrCorpNotSameOrigin Reason = "CorpNotSameOrigin"
	ErrCorpNotSameSite   Reason = "CorpNotSameSite"
	// There is no such header, and the page's embedder policy takes that for
	// "same-origin".
	ErrCorpNotSameOriginAfterDefaultedToSameOriginByCoep Reason = "CorpNotSameOriginAfterDefaultedToSameOriginByCoep"
)

// Reasons of the gates that a response passes before it is handed out.
const (
	// A script or a style sheet whose Content-Type is of something else, from a
	// server that says X-Content-Type-Options: nosniff.
	ErrNosniff Reason = "Nosniff"
	// A script whose Content-Type is that of an image, audio, video or CSV.
	ErrMIMEType Reason = "MIMEType"
	// An opaque response that is nothing its destination could use.
	ErrOpaqueResponseBlocked Reason = "OpaqueResponseBlocked"
	// Init.Integrity: the body is another one.
	ErrIntegrityMismatch Reason = "IntegrityMismatch"
	// Init.Integrity, and there is no body or none that the page may see.
	ErrIntegrityNoBody Reason = "IntegrityNoBody"
)

// Reasons for which fetch() throws before any request is made.
const (
	ErrInvalidPage            Reason = "InvalidPage" // the Transport's own fields
	ErrInvalidInit            Reason = "InvalidInit" // a member that is none of its enumeration's values
	ErrInvalidURL             Reason = "InvalidURL"
	ErrURLContainsCredentials Reason = "URLContainsCredentials"
	ErrInvalidReferrer        Reason = "InvalidReferrer"
	ErrModeNavigate           Reason = "ModeNavigate" // a script cannot navigate
	ErrOnlyIfCachedMode       Reason = "OnlyIfCachedMode"
	ErrInvalidMethod          Reason = "InvalidMethod"
	ErrForbiddenMethod        Reason = "ForbiddenMethod"
	ErrNoCorsMethod           Reason = "NoCorsMethod" // mode "no-cors" takes GET, HEAD and POST only
	ErrInvalidHeaderName      Reason = "InvalidHeaderName"
	ErrInvalidHeaderValue     Reason = "InvalidHeaderValue"
	ErrBodyNotAllowed         Reason = "BodyNotAllowed"     // GET and HEAD have none
	ErrNoCorsStream           Reason = "NoCorsStream"       // a stream as body needs mode "cors" or "same-origin"
	ErrStreamNotSupported     Reason = "StreamNotSupported" // by this browser, as body
	ErrKeepaliveStream        Reason = "KeepaliveStream"    // a stream as body and keepalive
)

// Reasons that have to do with the network or with redirects.
const (
	ErrUnsafePort         Reason = "UnsafePort"         // a bad port
	ErrMixedContent       Reason = "MixedContent"       // an insecure URL, asked for by a secure page
	ErrUnsupportedScheme  Reason = "UnsupportedScheme"  // nothing can be fetched there
	ErrBlobNotFound       Reason = "BlobNotFound"       // a blob: URL that names no blob of the page's
	ErrBlobMethod         Reason = "BlobMethod"         // only GET fetches a blob: URL
	ErrBlobRange          Reason = "BlobRange"          // Range is no part of the blob
	ErrInvalidRedirect    Reason = "InvalidRedirect"    // no URL in Location, or several
	ErrUnsafeRedirect     Reason = "UnsafeRedirect"     // to a URL that is not HTTP(S)
	ErrTooManyRedirects   Reason = "TooManyRedirects"   // the 21st
	ErrRedirectDisallowed Reason = "RedirectDisallowed" // redirect mode "error"
	ErrBodyNotReplayable  Reason = "BodyNotReplayable"  // a stream would have to be sent again
	ErrStreamOverHTTP1    Reason = "StreamOverHTTP1"    // a stream as body needs HTTP/2
	ErrKeepaliveLimit     Reason = "KeepaliveLimit"     // more than 64 KiB in the bodies of keepalive requests
	ErrCacheMiss          Reason = "CacheMiss"          // cache mode "only-if-cached"
	ErrProxyAuth          Reason = "ProxyAuth"          // status 407
	ErrNetwork            Reason = "Network"            // no connection, or it broke
	ErrAborted            Reason = "Aborted"            // the context ended
)

// Error returns the reason's name.
func (r Reason) Error() string { return string(r) }

// general returns the reason without "Preflight", if there is such a reason.
func (r Reason) general() Reason {
	switch r {
	case ErrPreflightMissingAllowOriginHeader, ErrPreflightWildcardOriginNotAllowed,
		ErrPreflightMultipleAllowOriginValues, ErrPreflightInvalidAllowOriginValue,
		ErrPreflightAllowOriginMismatch, ErrPreflightInvalidAllowCredentials:
		return Reason(strings.TrimPrefix(string(r), "Preflight"))
	}
	return r
}

// A Stage says how far a fetch had come when it failed.
type Stage string

// The stages.
const (
	StageRequest   Stage = "request"   // before anything was sent to the URL
	StagePreflight Stage = "preflight" // the CORS-preflight request
	StageRedirect  Stage = "redirect"  // a response that redirects
	StageResponse  Stage = "response"  // the final response
)

// An Error is a network error, with what a browser tells its console but not
// its scripts. Every error of this package is one.
//
// Of a response that was refused it holds the status and the value of the one
// header that decided, for diagnosis; nothing else of it.
type Error struct {
	Reason Reason
	Stage  Stage
	Method string // of the request; OPTIONS is never meant for a preflight
	URL    string // that was being fetched, without userinfo
	Page   string // the page's origin
	Origin string // the request's, as the server is told: the page's or "null"
	Mode   Mode

	Credentials CredentialsMode
	Initiator   Initiator

	// RequestURL is what the fetch began with, if redirects have led elsewhere.
	RequestURL string

	Status int    // of the response that was refused; 0 if there was none
	Header string // the header that decided, or ""
	Got    string // what came: the header's value, or whatever else was at fault
	Want   string // what would have been accepted, in words where it is no single value

	// Refused is the method or the request-header name that a preflight's
	// answer does not allow, or the member that made its list unreadable.
	Refused string

	Timing Timing // what Resource Timing tells a script of the fetch

	Err error // the cause, if it lies below: a connection's, a context's

	absent   bool // Header was not there at all
	repeated bool // it was there more than once
	facts    requestFacts
	gate     gateFacts
}

// Error says what was refused, the header and both values.
func (e *Error) Error() string {
	var b strings.Builder
	switch {
	case e.Blocked():
		b.WriteString("blocked")
	default:
		b.WriteString("failed")
	}
	if e.Stage != "" {
		b.WriteString(" at ")
		b.WriteString(string(e.Stage))
	}
	b.WriteString(": ")
	b.WriteString(string(e.Reason))
	if e.RequestURL != "" {
		b.WriteString(": redirected to ")
		b.WriteString(e.URL)
	}
	if d := e.Detail(); d != "" {
		b.WriteString(": ")
		b.WriteString(d)
	}
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Detail is the sentence that names the header, what came and what would have
// been accepted, as far as the reason has them.
func (e *Error) Detail() string {
	var b strings.Builder
	switch {
	case e.absent:
		b.WriteString("no " + e.Header)
	case e.Header != "":
		b.WriteString(e.Header + " is " + strconv.Quote(e.Got))
	case e.Got != "":
		b.WriteString(e.Got)
	}
	if e.Want != "" {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString("want " + e.Want)
	}
	return b.String()
}

// Blocked reports whether a rule refused the fetch. If not, the network failed
// or the context ended.
func (e *Error) Blocked() bool {
	switch e.Reason {
	case ErrNetwork, ErrAborted, ErrInvalidResponse:
		return false
	}
	return true
}

// Timeout reports whether the cause was a deadline.
func (e *Error) Timeout() bool {
	t, ok := e.Err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

// Unwrap returns the reason, the reason without "Preflight", and the cause.
func (e *Error) Unwrap() []error {
	errs := []error{e.Reason}
	if g := e.Reason.general(); g != e.Reason {
		errs = append(errs, g)
	}
	if e.Err != nil {
		errs = append(errs, e.Err)
	}
	return errs
}
