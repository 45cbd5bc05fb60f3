package fetch

import (
	"slices"
	"strconv"
	"strings"
)

// firefoxConsole is what Firefox 153 prints. What has to do with CORS ends with
// a line that says no more than that it failed, unless a response was read.
func firefoxConsole(e *Error, location string) string {
	why, failure := firefoxForbidden(e, location), firefoxCORS(e, location)
	if why != "" && failure != "" {
		why += "\n"
	}
	return why + failure
}

// firefoxForbidden is what is said of what no page may load, or not this one.
func firefoxForbidden(e *Error, location string) string {
	switch e.Reason {
	case ErrCorpNotSameOrigin, ErrCorpNotSameSite, ErrCorpNotSameOriginAfterDefaultedToSameOriginByCoep:
		if e.facts.worker {
			return ""
		}
		return "The resource at “" + withoutFragment(e.URL) + "” was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof). " +
			"See https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#"
	case ErrMixedContent:
		if !e.facts.worker {
			return "Blocked loading mixed active content “" + e.URL + "”"
		}
	case ErrDisallowedByMode:
		return firefoxMayNot(e.facts.page, "load data from", e.URL)
	case ErrCorsDisabledScheme, ErrUnsupportedScheme:
		if e.Reason == ErrCorsDisabledScheme && e.Initiator == InitiatorEventSource {
			return "" // the page may load it, though not listen to it
		}
		return firefoxMayNotLoad(e.facts.page, e.URL)
	case ErrBlobNotFound:
		if isForeignBlob(e) && !e.Initiator.isElement() {
			return firefoxMayNotLoad(e.facts.page, e.URL)
		}
	case ErrUnsafeRedirect:
		if schemeOf(location) == "data" {
			return "Redirecting to data: URI not allowed (Blocked loading of: “" + firefoxShort(location) + "”)"
		}
		return firefoxMayNotLoad(e.URL, location)
	}
	return ""
}

// firefoxMayNotLoad is said of URLs of what belongs to somebody else.
func firefoxMayNotLoad(page, url string) string {
	switch schemeOf(url) {
	case "blob":
		return firefoxMayNot(page, "load data from", url)
	case "file":
		rest, _ := strings.CutPrefix(url, "file://")
		_, path, _ := strings.Cut(rest, "/") // after the host, which is not shown
		return firefoxMayNot(page, "load or link to", "file:///"+path)
	case "view-source":
		return firefoxMayNot(page, "load or link to", url)
	case "about":
		if url == "about:config" {
			return firefoxMayNot(page, "load or link to", url)
		}
	}
	return ""
}

func firefoxMayNot(page, do, url string) string {
	return "Security Error: Content at " + page + " may not " + do + " " + url + "."
}

// firefoxCORS is what is said of a fetch that ends at a check of CORS.
func firefoxCORS(e *Error, location string) string {
	facts := &e.facts
	failed := firefoxBlocked(e.URL, "CORS request did not succeed") + " Status code: (null)."
	if why := firefoxReason(e); why != "" {
		if e.Stage == StagePreflight || e.Stage == StageRedirect && location != "" && facts.redirect == RedirectFollow {
			why += "\n" + failed
		}
		return why
	}
	if why := firefoxGate(e); why != "" {
		return why
	}
	switch e.Reason {
	case ErrNetwork, ErrInvalidResponse, ErrInvalidRedirect, ErrTooManyRedirects, ErrRedirectContainsCredentials:
		switch {
		case !facts.crossOrigin:
			return ""
		case e.Stage == StagePreflight:
			return failed + "\n" + failed
		}
		return failed
	case ErrUnsafePort, ErrMixedContent: // the response that led there fails
		if facts.from == "" || !facts.crossOrigin {
			return ""
		}
		return firefoxBlocked(facts.from, "CORS request did not succeed") + " Status code: (null)."
	case ErrCorsDisabledScheme:
		if firefoxKnowsScheme(e.URL) || e.Initiator == InitiatorEventSource {
			return ""
		}
		return firefoxNotHTTP(e.URL)
	case ErrUnsafeRedirect:
		known := firefoxKnowsScheme(location) || slices.Contains([]string{"data", "javascript"}, schemeOf(location))
		switch {
		case e.Mode != ModeCORS, known && !facts.crossOrigin:
			return ""
		case known:
			return failed
		case facts.crossOrigin:
			return firefoxNotHTTP(location) + "\n" + failed
		}
		return firefoxNotHTTP(location)
	}
	return ""
}

// firefoxReason is what is said of a response that a check of CORS refused; ""
// if none was.
func firefoxReason(e *Error) string {
	status := " Status code: " + strconv.Itoa(e.Status) + "."
	preflightStatus := firefoxBlocked(e.URL, "CORS preflight response did not succeed") + status
	switch e.Reason.general() {
	case ErrMissingAllowOriginHeader:
		return firefoxBlocked(e.URL, "CORS header ‘Access-Control-Allow-Origin’ missing") + status
	case ErrMultipleAllowOriginValues, ErrInvalidAllowOriginValue, ErrAllowOriginMismatch:
		if e.repeated {
			return firefoxBlocked(e.URL, "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed")
		}
		return firefoxBlocked(e.URL, "CORS header ‘Access-Control-Allow-Origin’ does not match ‘"+e.Got+"’")
	case ErrWildcardOriginNotAllowed:
		return firefoxBlocked("‘"+withoutFragment(e.URL)+"’", "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’")
	case ErrInvalidAllowCredentials:
		return firefoxBlocked(e.URL, "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’")
	case ErrPreflightInvalidStatus:
		return preflightStatus
	case ErrPreflightDisallowedRedirect:
		if e.facts.redirect == RedirectManual {
			return preflightStatus
		}
		return firefoxBlocked(e.URL, "CORS request external redirect not allowed") + "\n" + preflightStatus
	case ErrInvalidAllowMethodsPreflightResponse, ErrInvalidAllowHeadersPreflightResponse:
		return firefoxBlocked(e.URL, "invalid token ‘"+e.Refused+"’ in CORS header ‘"+e.Header+"’")
	case ErrMethodDisallowedByPreflightResponse:
		return firefoxBlocked(e.URL, "Did not find method in CORS header ‘Access-Control-Allow-Methods’")
	case ErrHeaderDisallowedByPreflightResponse:
		return firefoxBlocked(e.URL, "header ‘"+e.Refused+"’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response")
	}
	return ""
}

// firefoxShort is how much of a data: URL is printed.
func firefoxShort(url string) string {
	const most = 50
	if len(url) <= most {
		return url
	}
	return url[:most] + "..."
}

// firefoxBlocked is what every message is.
func firefoxBlocked(url, why string) string { return firefoxBlockedAt(withoutFragment(url), why) }

func firefoxNotHTTP(url string) string { return firefoxBlockedAt(url, "CORS request not http") }

func firefoxBlockedAt(url, why string) string {
	return "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at " + url + ". (Reason: " + why + ")."
}

// firefoxKnowsScheme reports whether Firefox can load such URLs, though not for
// this page: then CORS has no say in it.
func firefoxKnowsScheme(url string) bool {
	if url := withoutFragment(url); schemeOf(url) == "about" {
		return len(url) < len("about:blank") || url[:len("about:blank")] != "about:blank"
	}
	return slices.Contains([]string{"blob", "file", "view-source", "ws", "wss"}, schemeOf(url))
}
