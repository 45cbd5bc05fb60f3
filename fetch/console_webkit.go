package fetch

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// webkitConsole is what WebKitGTK 2.50 prints. After what is wrong comes what
// could not be loaded, but not in a worker.
func webkitConsole(e *Error, location string) string {
	if why := webkitCheck(e); why != "" {
		if e.Stage == StageRedirect {
			why = webkitRedirection(location) + why
		}
		return why + webkitCannotLoad(e)
	}
	if why := webkitPreflight(e); why != "" {
		return why + webkitCannotLoad(e)
	}
	if e.facts.worker {
		return ""
	}
	if why := webkitGate(e); why != "" {
		return why
	}
	notLoaded := "Fetch API cannot load " + e.URL + "."
	if e.Initiator == InitiatorXMLHttpRequest {
		notLoaded = "XMLHttpRequest cannot load " + e.URL + "."
	}
	switch e.Reason {
	case ErrInvalidRedirect, ErrUnsafeRedirect:
		return webkitBadRedirect(e, location)
	case ErrRedirectContainsCredentials:
		return webkitRedirection(withoutUserinfo(location)) + "redirection URL " + location + " has credentials" + webkitCannotLoad(e)
	case ErrKeepaliveLimit:
		return "Reached maximum amount of queued data of 64Kb for keepalive requests" + webkitCannotLoad(e)
	case ErrTooManyRedirects:
		return "Load cannot follow more than 20 redirections" + webkitCannotLoad(e)
	case ErrRedirectDisallowed:
		return "Not allowed to follow a redirection while loading " + withoutFragment(e.URL) + webkitCannotLoad(e)
	case ErrNoCorsRedirectModeNotFollow:
		return "No-Cors mode requires follow redirect mode\nNot allowed to request resource" + webkitCannotLoad(e)
	case ErrDisallowedByMode:
		if e.RequestURL == "" {
			return notLoaded
		}
		return "Unsafe attempt to load URL " + e.URL + " from origin " + e.Page + ". Domains, protocols and ports must match." + webkitCannotLoad(e)
	case ErrInvalidURL:
		if schemeOf(e.URL) == "data" {
			return notLoaded
		}
	case ErrBlobNotFound:
		if isForeignBlob(e) {
			return webkitLocal(e)
		}
	case ErrUnsafePort:
		return "Not allowed to use restricted network " + e.Got + ": " + e.URL
	case ErrMixedContent:
		warning := webkitMixedContent(e)
		switch {
		case e.Initiator.isElement():
			return warning
		case e.RequestURL != "":
			return warning + "\nFetch API cannot load " + e.facts.from + " due to access control checks."
		case e.Mode == ModeSameOrigin: // which an insecure URL is not
			return notLoaded
		}
		return warning + "\nNot allowed to request resource" + webkitCannotLoad(e)
	case ErrCorsDisabledScheme:
		return "Cross origin requests are only supported for HTTP." + webkitCannotLoad(e)
	case ErrUnsupportedScheme:
		switch schemeOf(e.URL) {
		case "ftp":
			return webkitNoFTP + webkitCannotLoad(e)
		case "file":
			if e.Mode == ModeNoCORS {
				return webkitLocal(e)
			}
		}
	}
	return ""
}

// webkitCheck is what is said of a response that the CORS check refused, or
// Cross-Origin-Resource-Policy; "" if neither did.
func webkitCheck(e *Error) string {
	switch e.Reason.general() {
	case ErrCorpNotSameOrigin, ErrCorpNotSameSite, ErrCorpNotSameOriginAfterDefaultedToSameOriginByCoep:
		return "Cancelled load to " + withoutFragment(e.URL) + " because it violates the resource's Cross-Origin-Resource-Policy response header."
	case ErrWildcardOriginNotAllowed:
		return "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true."
	case ErrInvalidAllowCredentials:
		return `Credentials flag is true, but Access-Control-Allow-Credentials is not "true".`
	case ErrMissingAllowOriginHeader, ErrMultipleAllowOriginValues, ErrInvalidAllowOriginValue, ErrAllowOriginMismatch:
		if strings.Contains(e.Got, ",") {
			return "Access-Control-Allow-Origin cannot contain more than one origin."
		}
		return "Origin " + e.Origin + " is not allowed by Access-Control-Allow-Origin. Status code: " + strconv.Itoa(e.Status)
	}
	return ""
}

// webkitPreflight is what is said of a preflight that failed.
func webkitPreflight(e *Error) string {
	switch e.Reason {
	case ErrNetwork:
		if e.Stage == StagePreflight {
			return "Connection terminated unexpectedly"
		}
	case ErrPreflightInvalidStatus, ErrPreflightDisallowedRedirect:
		return "Preflight response is not successful. Status code: " + strconv.Itoa(e.Status)
	case ErrInvalidAllowMethodsPreflightResponse, ErrInvalidAllowHeadersPreflightResponse:
		return "Header " + e.Header + " has an invalid value: " + webkitText(e.Got)
	case ErrMethodDisallowedByPreflightResponse:
		return "Method " + e.Refused + " is not allowed by Access-Control-Allow-Methods."
	case ErrHeaderDisallowedByPreflightResponse:
		return "Request header field " + http.CanonicalHeaderKey(e.Refused) + " is not allowed by Access-Control-Allow-Headers."
	}
	return ""
}

// webkitLocal is what is said of what only the user may load.
func webkitLocal(e *Error) string {
	const why = "Not allowed to load local resource: "
	if e.Initiator.isElement() {
		return why + e.URL
	}
	return why + e.URL + "\nNot allowed to request resource" + webkitCannotLoad(e)
}

const webkitNoFTP = "FTP URLs are disabled"

// webkitBadRedirect is what is said of a redirect that leads to no URL, or to
// none that is HTTP.
func webkitBadRedirect(e *Error, location string) string {
	invalid := e.Reason == ErrInvalidRedirect
	switch {
	case invalid && (!e.facts.crossOrigin || location == ""):
		return ""
	case e.Mode != ModeCORS:
		return "Redirection to URL with a scheme that is not HTTP(S).\nFetch API cannot load " + location + " due to access control checks."
	case schemeOf(location) == "ftp":
		return webkitNoFTP + webkitCannotLoad(e)
	}
	return webkitRedirection(location) + "not allowed to follow a cross-origin CORS redirection with non CORS scheme" + webkitCannotLoad(e)
}

// webkitRedirection comes before what is wrong with a redirect; with nothing if
// it leads nowhere.
func webkitRedirection(location string) string {
	if location == "" {
		return ""
	}
	return "Cross-origin redirection to " + location + " denied by Cross-Origin Resource Sharing policy: "
}

// webkitMixedContent warns of what is going to be blocked; of a loopback URL
// half of the sentence.
func webkitMixedContent(e *Error) string {
	warning := "[blocked] The page at " + e.facts.page + " requested insecure content from " + e.URL + ". This content was blocked and must"
	if u, err := weburl.Parse(e.URL, nil); err == nil && origin.PotentiallyTrustworthyURL(u) {
		return warning
	}
	return warning + " be served over HTTPS."
}

// webkitCannotLoad is the second line.
func webkitCannotLoad(e *Error) string {
	if e.facts.worker {
		return ""
	}
	const checks = " due to access control checks."
	url, first := e.URL, e.RequestURL
	if e.Reason != ErrCorsDisabledScheme {
		url = withoutFragment(url)
	}
	if first == "" {
		first = url
	}
	switch e.Initiator {
	case InitiatorFetch:
		return "\nFetch API cannot load " + url + checks
	case InitiatorXMLHttpRequest:
		return "\nXMLHttpRequest cannot load " + url + checks
	case InitiatorEventSource:
		return "\nEventSource cannot load " + url + checks
	case InitiatorBeacon:
		return "\nBeacon API cannot load " + url + checks
	case InitiatorImage:
		return "\nCannot load image " + withoutFragment(first) + checks
	case InitiatorScript:
		return "\nCross-origin script load denied by Cross-Origin Resource Sharing policy."
	}
	return ""
}

// webkitText is how a header's value is printed: what is not UTF-8 becomes
// U+FFFD, and the bytes of that are taken for characters.
func webkitText(value string) string {
	var b strings.Builder
	for _, c := range []byte(string([]rune(value))) {
		b.WriteRune(rune(c))
	}
	return b.String()
}
