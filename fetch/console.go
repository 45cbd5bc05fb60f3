package fetch

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// A Console is what a browser prints to its console when a fetch fails, as
// templates: {url} is the URL that failed, {first} the one that the fetch began
// with and {from} Chromium's words for where it was redirected from, {page} the page's origin and {origin} the request's,
// {got} the value that came and {escaped} the same in ASCII, {refused} what a
// preflight did not allow and {Refused} the same spelled as a header name,
// {status} the response's. The zero value prints nothing.
type Console struct {
	// Messages by reason. A Preflight… reason that is not there is printed as
	// the reason without that word.
	Messages map[Reason]string

	// Repeated replaces the message for an Access-Control-Allow-Origin that
	// came more than once, Listed for one that holds a comma, unless empty.
	Repeated, Listed string

	// AfterPreflight follows every message about a preflight.
	AfterPreflight string

	// Names is what {what} stands for, by what makes the request; it is
	// OtherName for what is not there.
	Names     map[Initiator]string
	OtherName string

	// Ends and Hints are what {end} and {hint} stand for. Ends come last, Hints
	// say where an initiator has its credentials mode from.
	Ends, Hints map[Initiator]string

	// OnRedirect is put before the message for a redirect that fails the CORS
	// check, unless empty.
	OnRedirect string
}

// ConsoleMessage returns what the browser of profile p prints to its console
// for e, its lines separated by newlines; "" if it prints nothing.
//
// Note: WebKit names where a refused redirect would have led. An Error does not
// keep that, and the message has "…" in its place.
func (e *Error) ConsoleMessage(p *Profile) string {
	url, from := withoutFragment(e.URL), ""
	first := url
	if e.RequestURL != "" {
		first = withoutFragment(e.RequestURL)
		from = " (redirected from '" + first + "')"
	}
	return strings.NewReplacer(
		"{url}", url,
		"{first}", first,
		"{from}", from,
		"{page}", e.Page,
		"{origin}", e.Origin,
		"{got}", e.Got,
		"{escaped}", escapeControls(e.Got),
		"{refused}", e.Refused,
		"{Refused}", http.CanonicalHeaderKey(e.Refused),
		"{status}", strconv.Itoa(e.Status),
	).Replace(p.Console.template(e))
}

// template is the message for e with nothing filled in.
func (c Console) template(e *Error) string {
	message, ok := c.Messages[e.Reason]
	if !ok {
		message = c.Messages[e.Reason.general()]
	}
	if e.Header == headerAllowOrigin {
		switch {
		case e.repeated && c.Repeated != "":
			message = c.Repeated
		case strings.Contains(e.Got, ",") && c.Listed != "":
			message = c.Listed
		}
		if e.Stage == StageRedirect {
			message = c.OnRedirect + message
		}
	}
	if message != "" && e.Stage == StagePreflight {
		message += c.AfterPreflight
	}
	what, ok := c.Names[e.Initiator]
	if !ok {
		what = c.OtherName
	}
	return strings.NewReplacer("{what}", what, "{end}", c.Ends[e.Initiator], "{hint}", c.Hints[e.Initiator]).Replace(message)
}

func withoutFragment(url string) string {
	url, _, _ = strings.Cut(url, "#")
	return url
}

// escapeControls writes what is not printable ASCII as \uXXXX.
func escapeControls(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' {
			fmt.Fprintf(&b, `\u%04X`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// chromiumConsole is what Chromium 156 prints for a fetch().
func chromiumConsole() Console {
	const (
		access    = "Access to {what} at '{url}'{from} from origin '{page}' has been blocked by CORS policy: "
		preflight = access + "Response to preflight request doesn't pass access control check: "
		valid     = " Have the server send the header with a valid value."

		missing     = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
		multiple    = "The 'Access-Control-Allow-Origin' header contains multiple values '{escaped}', but only one is allowed." + valid
		invalid     = "The 'Access-Control-Allow-Origin' header contains the invalid value '{escaped}'." + valid
		mismatch    = "The 'Access-Control-Allow-Origin' header has a value '{escaped}' that is not equal to the supplied origin." + valid
		wildcard    = "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.{hint}"
		credentials = "The value of the 'Access-Control-Allow-Credentials' header in the response is '{escaped}' which must be 'true' when the request's credentials mode is 'include'.{hint}"
	)
	names := map[Initiator]string{
		InitiatorFetch:          "fetch",
		InitiatorXMLHttpRequest: "XMLHttpRequest",
		InitiatorImage:          "image",
		InitiatorScript:         "script",
		InitiatorModule:         "script",
		InitiatorLink:           "CSS stylesheet",
		InitiatorFont:           "font",
		InitiatorVideo:          "video",
	}
	hints := map[Initiator]string{
		InitiatorXMLHttpRequest: " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.",
	}
	return Console{Names: names, OtherName: "resource", Hints: hints, Messages: map[Reason]string{
		ErrMissingAllowOriginHeader:  access + missing,
		ErrMultipleAllowOriginValues: access + multiple,
		ErrInvalidAllowOriginValue:   access + invalid,
		ErrAllowOriginMismatch:       access + mismatch,
		ErrWildcardOriginNotAllowed:  access + wildcard,
		ErrInvalidAllowCredentials:   access + credentials,

		ErrPreflightMissingAllowOriginHeader:  preflight + missing,
		ErrPreflightMultipleAllowOriginValues: preflight + multiple,
		ErrPreflightInvalidAllowOriginValue:   preflight + invalid,
		ErrPreflightAllowOriginMismatch:       preflight + mismatch,
		ErrPreflightWildcardOriginNotAllowed:  preflight + wildcard,
		ErrPreflightInvalidAllowCredentials:   preflight + credentials,
		ErrPreflightInvalidStatus:             preflight + "It does not have HTTP ok status.",
		ErrPreflightDisallowedRedirect:        preflight + "Redirect is not allowed for a preflight request.",

		ErrInvalidAllowMethodsPreflightResponse: access + "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
		ErrInvalidAllowHeadersPreflightResponse: access + "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
		ErrMethodDisallowedByPreflightResponse:  access + "Method {refused} is not allowed by Access-Control-Allow-Methods in preflight response.",
		ErrHeaderDisallowedByPreflightResponse:  access + "Request header field {refused} is not allowed by Access-Control-Allow-Headers in preflight response.",

		ErrRedirectContainsCredentials: access + "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.",
		ErrNoCorsRedirectModeNotFollow: `Fetch API cannot load {url}. Request mode is "no-cors" but the redirect mode is not "follow".`,
		ErrDisallowedByMode:            `Fetch API cannot load {url}. Request mode is "same-origin" but the URL's origin is not same as the request origin {page}.`,
	}}
}

// firefoxConsole is what Firefox 153 prints for a fetch().
func firefoxConsole() Console {
	const (
		blocked = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. (Reason: "
		quoted  = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ‘{url}’. (Reason: "

		failed   = blocked + "CORS request did not succeed). Status code: (null)."
		mismatch = blocked + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{got}’)."
		status   = blocked + "CORS preflight response did not succeed). Status code: {status}."
	)
	return Console{
		Repeated:       blocked + "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).",
		AfterPreflight: "\n" + failed,
		Messages: map[Reason]string{
			ErrMissingAllowOriginHeader:  blocked + "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: {status}.",
			ErrMultipleAllowOriginValues: mismatch,
			ErrInvalidAllowOriginValue:   mismatch,
			ErrAllowOriginMismatch:       mismatch,
			ErrWildcardOriginNotAllowed:  quoted + "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).",
			ErrInvalidAllowCredentials:   blocked + "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).",

			ErrPreflightInvalidStatus:      status,
			ErrPreflightDisallowedRedirect: blocked + "CORS request external redirect not allowed).\n" + status,

			ErrInvalidAllowMethodsPreflightResponse: blocked + "invalid token ‘{refused}’ in CORS header ‘Access-Control-Allow-Methods’).",
			ErrInvalidAllowHeadersPreflightResponse: blocked + "invalid token ‘{refused}’ in CORS header ‘Access-Control-Allow-Headers’).",
			ErrMethodDisallowedByPreflightResponse:  blocked + "Did not find method in CORS header ‘Access-Control-Allow-Methods’).",
			ErrHeaderDisallowedByPreflightResponse:  blocked + "header ‘{refused}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).",

			ErrCorsDisabledScheme: blocked + "CORS request not http).",
			ErrNetwork:            failed,
			ErrInvalidResponse:    failed,
			ErrInvalidRedirect:    failed,
			ErrTooManyRedirects:   failed,
		},
	}
}

// webkitConsole is what WebKitGTK 2.50 prints for a fetch().
func webkitConsole() Console {
	const (
		cannotLoad = "\n{end}"
		checks     = " due to access control checks."
		notAllowed = "Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}" + cannotLoad
		status     = "Preflight response is not successful. Status code: {status}" + cannotLoad
	)
	script := "Cross-origin script load denied by Cross-Origin Resource Sharing policy."
	return Console{
		Ends: map[Initiator]string{
			InitiatorFetch:          "Fetch API cannot load {url}" + checks,
			InitiatorXMLHttpRequest: "XMLHttpRequest cannot load {url}" + checks,
			InitiatorEventSource:    "EventSource cannot load {url}" + checks,
			InitiatorBeacon:         "Beacon API cannot load {url}" + checks,
			InitiatorImage:          "Cannot load image {first}" + checks,
			InitiatorLink:           "Cannot load stylesheet {first}" + checks,
			InitiatorFont:           "Cannot load font {first}" + checks,
			InitiatorVideo:          "Cannot load media resource {first}" + checks,
			InitiatorScript:         script,
			InitiatorModule:         script,
		},
		Listed:     "Access-Control-Allow-Origin cannot contain more than one origin." + cannotLoad,
		OnRedirect: "Cross-origin redirection to … denied by Cross-Origin Resource Sharing policy: ",
		Messages: map[Reason]string{
			ErrMissingAllowOriginHeader:  notAllowed,
			ErrMultipleAllowOriginValues: notAllowed,
			ErrInvalidAllowOriginValue:   notAllowed,
			ErrAllowOriginMismatch:       notAllowed,
			ErrWildcardOriginNotAllowed:  "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true." + cannotLoad,
			ErrInvalidAllowCredentials:   `Credentials flag is true, but Access-Control-Allow-Credentials is not "true".` + cannotLoad,

			ErrPreflightInvalidStatus:      status,
			ErrPreflightDisallowedRedirect: status,

			ErrInvalidAllowMethodsPreflightResponse: "Header Access-Control-Allow-Methods has an invalid value: {got}" + cannotLoad,
			ErrInvalidAllowHeadersPreflightResponse: "Header Access-Control-Allow-Headers has an invalid value: {got}" + cannotLoad,
			ErrMethodDisallowedByPreflightResponse:  "Method {refused} is not allowed by Access-Control-Allow-Methods." + cannotLoad,
			ErrHeaderDisallowedByPreflightResponse:  "Request header field {Refused} is not allowed by Access-Control-Allow-Headers." + cannotLoad,

			ErrTooManyRedirects:            "Load cannot follow more than 20 redirections" + cannotLoad,
			ErrRedirectDisallowed:          "Not allowed to follow a redirection while loading {url}" + cannotLoad,
			ErrNoCorsRedirectModeNotFollow: "No-Cors mode requires follow redirect mode\nNot allowed to request resource" + cannotLoad,
			ErrCorsDisabledScheme:          "Cross origin requests are only supported for HTTP." + cannotLoad,
		},
	}
}
