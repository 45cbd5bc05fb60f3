package fetch

import (
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
)

// chromiumConsole is what Chromium 156 prints: what Blink has to say, and what
// the network stack calls it.
func chromiumConsole(e *Error, location string) string {
	message := chromiumMessage(e, location)
	if name := chromiumNetError(e, location); name != "" {
		if message != "" {
			message += "\n"
		}
		message += "Failed to load resource: net::ERR_" + name
	}
	return message
}

func chromiumMessage(e *Error, location string) string {
	const (
		preflight = "Response to preflight request doesn't pass access control check: "
		schemes   = "Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, https, isolated-app."
		local     = "Not allowed to load local resource: "
	)
	url, from := withoutFragment(e.URL), e.RequestURL
	if why := chromiumCORSCheck(e); why != "" {
		if e.Stage == StagePreflight {
			why = preflight + why
		}
		return chromiumAccess(e, url, from) + why
	}
	if why := chromiumGate(e); why != "" {
		return why
	}
	switch e.Reason {
	case ErrPreflightInvalidStatus:
		if e.Status == http.StatusProxyAuthRequired {
			return "" // the network refuses it before CORS is asked
		}
		return chromiumAccess(e, url, from) + preflight + "It does not have HTTP ok status."
	case ErrPreflightDisallowedRedirect:
		return chromiumAccess(e, url, from) + preflight + "Redirect is not allowed for a preflight request."
	case ErrInvalidAllowMethodsPreflightResponse, ErrInvalidAllowHeadersPreflightResponse:
		return chromiumAccess(e, url, from) + "Cannot parse " + e.Header + " response header field in preflight response."
	case ErrMethodDisallowedByPreflightResponse:
		return chromiumAccess(e, url, from) + "Method " + e.Refused + " is not allowed by Access-Control-Allow-Methods in preflight response."
	case ErrHeaderDisallowedByPreflightResponse:
		return chromiumAccess(e, url, from) + "Request header field " + e.Refused + " is not allowed by Access-Control-Allow-Headers in preflight response."
	case ErrRedirectContainsCredentials:
		if !e.facts.crossOrigin {
			return ""
		}
		return chromiumAccess(e, url, from) + "Redirect location '' contains a username and password, which is disallowed for cross-origin requests."
	case ErrUnsafeRedirect:
		switch {
		case e.Mode != ModeCORS, isChromiumUnsafe(location):
			return ""
		case schemeOf(location) == "view-source":
			return local + location
		}
		if from == "" {
			from = url
		}
		return chromiumAccess(e, location, from) + schemes
	case ErrInsecureLocalNetwork:
		return chromiumAccess(e, url, from) + "The request client is not a secure context and the resource is in more-private address space `" + e.Got + "`."
	case ErrInvalidLocalNetworkAccess:
		return chromiumAccess(e, url, from) + "Request had a target IP address space of `" + e.Want + "` yet the resource is in address space `" + e.Got + "`."
	case ErrLocalNetworkAccessPermissionDenied:
		return chromiumAccess(e, url, from) + "Permission was denied for this request to access the `" + e.Got + "` address space."
	case ErrBlobNotFound:
		if isForeignBlob(e) {
			return local + e.URL
		}
	case ErrNoCorsRedirectModeNotFollow:
		return "Fetch API cannot load " + url + `. Request mode is "no-cors" but the redirect mode is not "follow".`
	case ErrDisallowedByMode:
		if from != "" {
			return "Unsafe attempt to load URL " + url + " from frame with URL " + e.facts.page + ". Domains, protocols and ports must match."
		}
		return "Fetch API cannot load " + url + `. Request mode is "same-origin" but the URL's origin is not same as the request origin ` + e.Page + "."
	case ErrMixedContent:
		return "Mixed Content: The page at '" + e.facts.page + "' was loaded over HTTPS, but requested an insecure " + chromiumMixed(e.Initiator) + " '" + url +
			"'. This request has been blocked; the content must be served over HTTPS."
	case ErrCorsDisabledScheme, ErrUnsupportedScheme:
		switch scheme := schemeOf(e.URL); {
		case e.Initiator != InitiatorFetch:
			return ""
		case scheme == "file":
			return local + e.URL
		default:
			return "Fetch API cannot load " + e.URL + `. URL scheme "` + scheme + `" is not supported.`
		}
	}
	return ""
}

// isForeignBlob reports whether a blob: URL of another origin is wanted without
// CORS, or by an element, where it is never asked for.
func isForeignBlob(e *Error) bool {
	return (e.Initiator.isElement() || e.Mode == ModeNoCORS) && !strings.HasPrefix(e.URL, "blob:"+e.Page+"/")
}

// isChromiumUnsafe reports whether Chromium's network stack follows no redirect
// to such URLs, whoever asks.
func isChromiumUnsafe(location string) bool {
	return slices.Contains([]string{"about", "blob", "data", "file", "filesystem"}, schemeOf(location))
}

// chromiumNetError is the name of what has come of the request, without
// net::ERR_; "" if it never was made, or nobody knows. A worker's is not told.
func chromiumNetError(e *Error, location string) string {
	if e.facts.worker {
		return ""
	}
	if e.repeated && (e.Reason == ErrInvalidRedirect || e.Reason == ErrInvalidResponse) {
		return "RESPONSE_HEADERS_MULTIPLE_" + strings.ToUpper(strings.ReplaceAll(e.Header, "-", "_"))
	}
	switch e.Reason {
	case ErrPreflightInvalidStatus:
		if e.Status == http.StatusProxyAuthRequired {
			return "UNEXPECTED_PROXY_AUTH"
		}
	case ErrRedirectContainsCredentials:
		if !e.facts.crossOrigin {
			return ""
		}
	case ErrInvalidRedirect:
		return "INVALID_REDIRECT"
	case ErrUnsafeRedirect:
		switch {
		case isChromiumUnsafe(location):
			return "UNSAFE_REDIRECT"
		case schemeOf(location) == "view-source":
			return ""
		}
	case ErrRedirectDisallowed:
	case ErrInvalidURL:
		if schemeOf(e.URL) != "data" {
			return ""
		}
		return "INVALID_URL"
	case ErrNetwork:
		return chromiumConnectionError(e.Err)
	case ErrBlobNotFound:
		if isForeignBlob(e) {
			return ""
		}
		return "FILE_NOT_FOUND"
	case ErrInsecureLocalNetwork, ErrInvalidLocalNetworkAccess, ErrLocalNetworkAccessPermissionDenied:
	default:
		if name, ok := chromiumNetErrors[e.Reason]; ok {
			return name
		}
		if chromiumCORSCheck(e) == "" && e.Stage != StagePreflight {
			return ""
		}
	}
	return "FAILED"
}

// chromiumNetErrors are the names of what is always called the same.
var chromiumNetErrors = map[Reason]string{
	ErrTooManyRedirects:  "TOO_MANY_REDIRECTS",
	ErrUnsafePort:        "UNSAFE_PORT",
	ErrStreamOverHTTP1:   "ALPN_NEGOTIATION_FAILED",
	ErrCacheMiss:         "CACHE_MISS",
	ErrBlobMethod:        "METHOD_NOT_SUPPORTED",
	ErrBlobRange:         "REQUEST_RANGE_NOT_SATISFIABLE",
	ErrCorpNotSameOrigin: "BLOCKED_BY_RESPONSE.NotSameOrigin",
	ErrCorpNotSameSite:   "BLOCKED_BY_RESPONSE.NotSameSite",
	ErrCorpNotSameOriginAfterDefaultedToSameOriginByCoep: "BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoep",
}

// chromiumConnectionError is the name of what befell a connection.
func chromiumConnectionError(err error) string {
	var (
		dns  *net.DNSError
		op   *net.OpError
		host x509.HostnameError
		ca   x509.UnknownAuthorityError
		cert x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &dns):
		return "NAME_NOT_RESOLVED"
	case errors.As(err, &host):
		return "CERT_COMMON_NAME_INVALID"
	case errors.As(err, &ca):
		return "CERT_AUTHORITY_INVALID"
	case errors.As(err, &cert) && cert.Reason == x509.Expired:
		return "CERT_DATE_INVALID"
	case errors.Is(err, io.EOF):
		return "EMPTY_RESPONSE"
	case errors.Is(err, syscall.ECONNRESET):
		return "CONNECTION_RESET"
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		return "CONNECTION_TIMED_OUT"
	case errors.As(err, &op) && op.Op == "dial":
		return "CONNECTION_REFUSED"
	}
	return ""
}

// chromiumMixed is what mixed content is called by what has asked for it.
func chromiumMixed(by Initiator) string {
	switch by {
	case InitiatorXMLHttpRequest:
		return "XMLHttpRequest endpoint"
	case InitiatorEventSource:
		return "EventSource endpoint"
	case InitiatorScript, InitiatorModule:
		return "script"
	case InitiatorLink:
		return "stylesheet"
	case InitiatorFont:
		return "font"
	}
	return "resource"
}

// chromiumAccess is how messages about CORS begin.
func chromiumAccess(e *Error, url, from string) string {
	what := map[Initiator]string{
		InitiatorFetch:          "fetch",
		InitiatorXMLHttpRequest: "XMLHttpRequest",
		InitiatorImage:          "image",
		InitiatorScript:         "script",
		InitiatorModule:         "script",
		InitiatorLink:           "CSS stylesheet",
		InitiatorFont:           "font",
		InitiatorVideo:          "video",
	}[e.Initiator]
	if what == "" {
		what = "resource"
	}
	if from != "" {
		from = " (redirected from '" + withoutFragment(from) + "')"
	}
	return "Access to " + what + " at '" + url + "'" + from + " from origin '" + e.Page + "' has been blocked by CORS policy: "
}

// chromiumCORSCheck is what is said of a CORS check that failed; "" if it did
// not.
func chromiumCORSCheck(e *Error) string {
	valid, hint := "", ""
	switch e.Initiator {
	case InitiatorFetch:
		valid = " Have the server send the header with a valid value."
	case InitiatorXMLHttpRequest:
		hint = " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."
	}
	got := "'" + escapeControls(e.Got) + "'"
	switch e.Reason.general() {
	case ErrMissingAllowOriginHeader:
		return "No 'Access-Control-Allow-Origin' header is present on the requested resource."
	case ErrMultipleAllowOriginValues:
		return "The 'Access-Control-Allow-Origin' header contains multiple values " + got + ", but only one is allowed." + valid
	case ErrInvalidAllowOriginValue:
		return "The 'Access-Control-Allow-Origin' header contains the invalid value " + got + "." + valid
	case ErrAllowOriginMismatch:
		return "The 'Access-Control-Allow-Origin' header has a value " + got + " that is not equal to the supplied origin." + valid
	case ErrWildcardOriginNotAllowed:
		return "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'." + hint
	case ErrInvalidAllowCredentials:
		return "The value of the 'Access-Control-Allow-Credentials' header in the response is " + got + " which must be 'true' when the request's credentials mode is 'include'." + hint
	}
	return ""
}
