package fetch

import "slices"

// chromiumConsole is what Chromium 156 prints.
func chromiumConsole(e *Error, location string) string {
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
	switch e.Reason {
	case ErrPreflightInvalidStatus:
		if e.Status == 407 {
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
		switch scheme := schemeOf(location); {
		case e.Mode != ModeCORS, slices.Contains([]string{"about", "blob", "data", "file", "filesystem"}, scheme):
			return ""
		case scheme == "view-source":
			return local + location
		}
		if from == "" {
			from = url
		}
		return chromiumAccess(e, location, from) + schemes
	case ErrNoCorsRedirectModeNotFollow:
		return "Fetch API cannot load " + url + `. Request mode is "no-cors" but the redirect mode is not "follow".`
	case ErrDisallowedByMode:
		if from != "" {
			return ""
		}
		return "Fetch API cannot load " + url + `. Request mode is "same-origin" but the URL's origin is not same as the request origin ` + e.Page + "."
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
