package main

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
)

// An advice is what to change so that the very same fetch goes through.
type advice struct {
	Text    string   `json:"text"`
	Answer  string   `json:"answer,omitempty"`  // what the server has to answer with Headers
	Headers []string `json:"headers,omitempty"` // lines for it to send
}

// Names of headers that advice is about.
const (
	headerRequestMethod    = "Access-Control-Request-Method"
	headerRequestHeaders   = "Access-Control-Request-Headers"
	headerAllowOrigin      = "Access-Control-Allow-Origin"
	headerAllowCredentials = "Access-Control-Allow-Credentials"
	headerAllowMethods     = "Access-Control-Allow-Methods"
	headerAllowHeaders     = "Access-Control-Allow-Headers"
)

// advise returns what to change. exchanges are those of the fetch that e ended.
func advise(e *fetch.Error, exchanges []exchange) advice {
	switch e.Reason {
	case fetch.ErrMissingAllowOriginHeader, fetch.ErrWildcardOriginNotAllowed, fetch.ErrMultipleAllowOriginValues,
		fetch.ErrInvalidAllowOriginValue, fetch.ErrAllowOriginMismatch, fetch.ErrInvalidAllowCredentials:
		return adviseOrigin(e, e.Method+" "+e.URL, nil)
	case fetch.ErrPreflightMissingAllowOriginHeader, fetch.ErrPreflightWildcardOriginNotAllowed, fetch.ErrPreflightMultipleAllowOriginValues,
		fetch.ErrPreflightInvalidAllowOriginValue, fetch.ErrPreflightAllowOriginMismatch, fetch.ErrPreflightInvalidAllowCredentials:
		return adviseOrigin(e, options(e), allowLists(e, exchanges))
	case fetch.ErrPreflightInvalidStatus, fetch.ErrPreflightDisallowedRedirect:
		return advice{preflightStatusAdvice(e, exchanges), options(e) + ", status 204", append(allowOrigin(e), allowLists(e, exchanges)...)}
	case fetch.ErrInvalidAllowMethodsPreflightResponse, fetch.ErrInvalidAllowHeadersPreflightResponse:
		return advice{"Write " + e.Header + " as names separated by commas: no quotes, no spaces within a name, no other sign between them.",
			options(e), append(allowOrigin(e), allowLists(e, exchanges)...)}
	case fetch.ErrMethodDisallowedByPreflightResponse:
		return adviseMethod(e)
	case fetch.ErrHeaderDisallowedByPreflightResponse:
		return adviseHeaders(e, askedHeaders(exchanges))
	case fetch.ErrCorpNotSameOrigin, fetch.ErrCorpNotSameSite, fetch.ErrCorpNotSameOriginAfterDefaultedToSameOriginByCoep:
		return advice{"The server keeps this resource from other origins. If pages elsewhere may embed it, let it say so; to read it, they need CORS.",
			e.Method + " " + e.URL, []string{"Cross-Origin-Resource-Policy: cross-origin"}}
	case fetch.ErrMixedContent:
		return adviseMixedContent(e)
	case fetch.ErrNetwork:
		return adviseNetwork(e)
	case fetch.ErrAborted:
		if e.Timeout() {
			return advice{Text: "The server did not answer in time. Give it longer with -timeout, or see what it waits for."}
		}
		return advice{Text: "The fetch was interrupted; nothing has to change."}
	}
	return advice{Text: fixedAdvice[e.Reason]}
}

// fixedAdvice is the advice that is the same whatever the request.
var fixedAdvice = map[fetch.Reason]string{
	fetch.ErrDisallowedByMode:                   `The page allows itself no other origin with mode "same-origin". Use mode "cors", and let the server allow the page's origin; or serve both from one origin.`,
	fetch.ErrCorsDisabledScheme:                 "Only http and https URLs can be fetched across origins. Serve the resource over https.",
	fetch.ErrInsecureLocalNetwork:               "A page from the Internet reaches the local network only if it is served over https.",
	fetch.ErrInvalidLocalNetworkAccess:          "The server is not where the page says with targetAddressSpace. Leave that out, or name the address space that the server is in.",
	fetch.ErrLocalNetworkAccessPermissionDenied: "The user has to allow pages of this site to reach the local network; the server cannot.",
	fetch.ErrRedirectContainsCredentials:        "Redirect to a URL without user:password@. Send credentials in an Authorization header or a cookie instead.",
	fetch.ErrNoCorsRedirectModeNotFollow:        `With mode "no-cors" the page may only follow redirects across origins: leave -redirect at follow, or use mode "cors".`,
	fetch.ErrInvalidResponse:                    "What came is not an HTTP response that a fetch can end with. Check that the port speaks HTTP, and that no proxy changes the status line or the headers.",

	fetch.ErrNosniff:               "With X-Content-Type-Options: nosniff the type has to be right. Let the server send text/javascript for a script, text/css for a style sheet.",
	fetch.ErrMIMEType:              "A script has the type of an image, of audio or video, or of CSV. Let the server send Content-Type: text/javascript.",
	fetch.ErrOpaqueResponseBlocked: "What comes is nothing an element could show or run, and the page may not read it. To read it, use mode \"cors\", and let the server allow the page's origin; or check the server's Content-Type.",
	fetch.ErrIntegrityMismatch:     "The body is not the one that the integrity means. If the change is right, take the hash of the new body; if not, find out who has changed it.",
	fetch.ErrIntegrityNoBody:       "There is no body that the page could check. Use mode \"cors\", let the server allow the page's origin, and ask with GET for what has a body; or give no integrity.",

	fetch.ErrInvalidPage:            "The page itself cannot be: check -page and -referrer-policy.",
	fetch.ErrInvalidInit:            "fetch() throws for this option. Check -mode, -credentials, -redirect and -referrer-policy.",
	fetch.ErrInvalidURL:             "fetch() throws: this is no URL. Write it in full, as https://host/path; from a page with an opaque origin it cannot be relative.",
	fetch.ErrURLContainsCredentials: "fetch() throws for a URL with user:password@. Use -H 'Authorization: Basic ...', and let the server list authorization in Access-Control-Allow-Headers.",
	fetch.ErrInvalidReferrer:        "fetch() throws: the referrer is no URL.",
	fetch.ErrModeNavigate:           `A script cannot navigate with fetch(). Use mode "cors".`,
	fetch.ErrOnlyIfCachedMode:       `Cache mode "only-if-cached" goes with mode "same-origin" only.`,
	fetch.ErrInvalidMethod:          "fetch() throws: a method is a single word of letters, digits and -.",
	fetch.ErrForbiddenMethod:        "No page may send CONNECT, TRACE or TRACK. Use another method; the server cannot change this.",
	fetch.ErrNoCorsMethod:           `Mode "no-cors" takes GET, HEAD and POST only. Use mode "cors" and let the server allow the method.`,
	fetch.ErrInvalidHeaderName:      "fetch() throws: a header name is letters, digits and -, without spaces.",
	fetch.ErrInvalidHeaderValue:     "fetch() throws: a header value holds no NUL and no line break.",
	fetch.ErrBodyNotAllowed:         "GET and HEAD have no body. Use -X POST, or put the data into the URL's query.",
	fetch.ErrStreamNotSupported:     "This browser sends no streams. Send a string, a Blob or an ArrayBuffer.",
	fetch.ErrKeepaliveStream:        "A keepalive request has to hold its body when it starts. Send a string, a Blob or an ArrayBuffer.",
	fetch.ErrKeepaliveLimit:         "Keepalive requests of a page may hold 64 KiB at a time. Send less, or without keepalive.",
	fetch.ErrStreamOverHTTP1:        "This browser sends a stream over HTTP/2 or later only. Let the server speak it (https), or send a string.",
	fetch.ErrNoCorsStream:           `A stream can only be sent with mode "cors" or "same-origin". Send a string, or change the mode.`,

	fetch.ErrUnsafePort:         "Browsers connect to no port on the list of bad ports (https://fetch.spec.whatwg.org/#port-blocking). Let the server listen on another, as 8080 or 8443.",
	fetch.ErrUnsupportedScheme:  "fetch() knows http, https, data, blob and about:blank only. Serve the resource over https.",
	fetch.ErrBlobNotFound:       "A blob: URL lives in the page that made it, until it is revoked. Serve the resource over https.",
	fetch.ErrBlobMethod:         "A blob: URL can only be fetched with GET.",
	fetch.ErrBlobRange:          "Ask for one range, as bytes=0-99, that begins within the blob.",
	fetch.ErrInvalidRedirect:    "Send one Location header, and in it a URL: https://host/path, or /path on the same host.",
	fetch.ErrUnsafeRedirect:     "Redirect to an http or https URL only.",
	fetch.ErrTooManyRedirects:   "The redirects go round in a circle or never end: 20 are followed. Let the first URL lead to the last one directly.",
	fetch.ErrRedirectDisallowed: `The page wants no redirect: redirect mode is "error". Ask for the final URL, or use -redirect follow.`,
	fetch.ErrBodyNotReplayable:  "The redirect wants the body again, and a stream is gone once sent. Ask for the final URL, or redirect with 303, which drops the body.",
	fetch.ErrCacheMiss:          `Nothing is cached for this URL, and cache mode "only-if-cached" asks no server. Use another cache mode.`,
	fetch.ErrProxyAuth:          "A proxy wants a user and a password. Put them into HTTPS_PROXY (http://user:password@host:port), or go without the proxy (NO_PROXY).",
}

// options is the preflight of the request that e refused.
func options(e *fetch.Error) string { return http.MethodOptions + " " + e.URL }

// adviseOrigin is for a failed CORS check. lists are the other lines that the
// same answer needs.
func adviseOrigin(e *fetch.Error, answer string, lists []string) advice {
	if e.Origin == "null" {
		return adviseNullOrigin(e, answer, lists)
	}
	return advice{originAdvice(e), answer, append(allowOrigin(e), lists...)}
}

// originAdvice says what is wrong with the answer's headers.
func originAdvice(e *fetch.Error) string {
	switch e.Reason {
	case fetch.ErrMissingAllowOriginHeader, fetch.ErrPreflightMissingAllowOriginHeader:
		if e.Status >= 400 {
			return "The answer is an error, status " + strconv.Itoa(e.Status) + ", and errors need the header too (nginx: add_header ... always; else: CORS outside of what failed)."
		}
		if e.Stage == fetch.StageRedirect {
			return "A redirect needs the header too: each answer on the way is checked."
		}
		return "The server does not say that this page may read the answer."
	case fetch.ErrWildcardOriginNotAllowed, fetch.ErrPreflightWildcardOriginNotAllowed:
		return `"*" does not count when credentials are included: name the page's origin, taken from a list of those you trust, or fetch without credentials: "include".`
	case fetch.ErrMultipleAllowOriginValues, fetch.ErrPreflightMultipleAllowOriginValues:
		return "Only one value is allowed. Often an application and the proxy before it both add the header: leave it to one. To allow several origins, send back the one that asks if it is on your list."
	case fetch.ErrInvalidAllowOriginValue, fetch.ErrPreflightInvalidAllowOriginValue:
		return "The value is no origin: it is scheme://host, or scheme://host:port, and nothing else."
	case fetch.ErrInvalidAllowCredentials, fetch.ErrPreflightInvalidAllowCredentials:
		return `Credentials are included, and for that the server has to say exactly "true", in lower case. Or fetch without credentials: "include".`
	}
	switch {
	case e.Got == e.Origin+"/":
		return "An origin has no slash at its end: the value is compared byte for byte."
	case strings.EqualFold(e.Got, e.Origin):
		return "An origin is in lower case: the value is compared byte for byte."
	}
	return "The server allows another origin, \"" + e.Got + "\". Look the Origin header up in a list of those you trust, and send it back."
}

// adviseNullOrigin is for a request whose Origin is "null": no list can hold
// it, for any page can have it.
func adviseNullOrigin(e *fetch.Error, answer string, lists []string) advice {
	why := "The page has an opaque origin, as sandboxed frames and file: pages do. Give it an origin of its own (allow-same-origin, a web server)."
	if e.RequestURL != "" {
		why = "The redirects led from one foreign origin to another, so that Origin became null. Let the page ask for " + e.URL + " directly, or redirect within one origin."
	}
	if e.Credentials == fetch.CredentialsInclude {
		return advice{Text: why + ` Do not allow "null": every page can have that origin, and credentials are included.`}
	}
	return advice{why + " Or, if anyone may read it, allow all.", answer, append(allowOrigin(e), lists...)}
}

// allowOrigin are the lines that pass the CORS check. There are none for the
// origin "null" with credentials: what would pass, any page passes.
func allowOrigin(e *fetch.Error) []string {
	include := e.Credentials == fetch.CredentialsInclude
	switch {
	case e.Origin != "null" && include:
		return []string{headerAllowOrigin + ": " + e.Origin, headerAllowCredentials + ": true", "Vary: Origin"}
	case e.Origin != "null":
		return []string{headerAllowOrigin + ": " + e.Origin, "Vary: Origin"}
	case include:
		return nil
	}
	return []string{headerAllowOrigin + ": *"}
}

// allowLists are the lines that allow the method and the headers that the
// preflight asked about.
func allowLists(e *fetch.Error, exchanges []exchange) []string {
	var lines []string
	switch e.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		lines = append(lines, headerAllowMethods+": "+e.Method)
	}
	if asked := askedHeaders(exchanges); len(asked) > 0 {
		lines = append(lines, headerAllowHeaders+": "+strings.Join(asked, ", "))
	}
	return lines
}

// askedHeaders are the names that the last preflight asked about.
func askedHeaders(exchanges []exchange) []string {
	for _, x := range slices.Backward(exchanges) {
		if x.Preflight {
			return splitList(x.Request.Get(headerRequestHeaders))
		}
	}
	return nil
}

// preflightStatusAdvice says why the answer to a preflight may not have been
// 200 to 299.
func preflightStatusAdvice(e *fetch.Error, exchanges []exchange) string {
	if e.Reason == fetch.ErrPreflightDisallowedRedirect {
		text := "A preflight follows no redirect."
		if n := len(exchanges); n > 0 {
			if to := exchanges[n-1].Response.Get("Location"); to != "" {
				text += " This one goes to " + to + ": let the page ask for that URL at once, if it is the right one (https, a slash at the end), or keep what redirects (a login, often) off OPTIONS."
			}
		}
		return text
	}
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "Preflights carry no cookies and no Authorization: let OPTIONS through before authentication and access checks."
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return "No route answers OPTIONS here: put CORS before the router, or add the route."
	}
	if e.Status >= 500 {
		return "The server failed on OPTIONS: answer it before the handlers that expect a real request."
	}
	return "The answer to a preflight needs a status from 200 to 299."
}

// adviseMethod is for a method that the preflight's answer does not list.
func adviseMethod(e *fetch.Error) advice {
	listed := splitList(e.Got)
	text := "The method " + e.Method + " is not on the list."
	switch i := slices.IndexFunc(listed, func(m string) bool { return strings.EqualFold(m, e.Method) }); {
	case i >= 0:
		text = "Methods are compared byte for byte, and fetch() turns only DELETE, GET, HEAD, OPTIONS, POST and PUT into upper case: let the page ask for " + listed[i] + ", or list the method as it is."
	case slices.Contains(listed, "*"):
		text = `"*" is no wildcard when credentials are included. ` + text
	}
	return advice{text, options(e), []string{headerAllowMethods + ": " + strings.Join(append(withoutStar(listed), e.Method), ", ")}}
}

// adviseHeaders is for a header that the preflight's answer does not list.
// asked are all that the request has.
func adviseHeaders(e *fetch.Error, asked []string) advice {
	listed := splitList(e.Got)
	text := "Not all headers that the script sets are on the list."
	if slices.Contains(listed, "*") {
		if e.Credentials == fetch.CredentialsInclude {
			text = `"*" is no wildcard when credentials are included: list the names.`
		} else {
			text = `"*" does not cover authorization: list it by name.`
		}
	}
	names := withoutStar(listed)
	for _, name := range asked {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			names = append(names, name)
		}
	}
	return advice{text, options(e), []string{headerAllowHeaders + ": " + strings.Join(names, ", ")}}
}

// adviseMixedContent is for an insecure URL that a secure page asks for.
func adviseMixedContent(e *fetch.Error) advice {
	if u, err := url.Parse(e.URL); err == nil && isLoopback(u.Host) {
		return advice{Text: "This browser counts http on this machine as mixed content, too, where others do not. Use https here as well, or open the page over http: -page " + insecurePage(e.Origin)}
	}
	return advice{Text: "A secure page may not ask for an http URL on another machine. Serve it over https. To see what an http page would get: -page " + insecurePage(e.Origin)}
}

// insecurePage is a page like that of a secure origin, over http.
func insecurePage(origin string) string {
	if host, ok := strings.CutPrefix(origin, "https://"); ok {
		return "http://" + host + "/"
	}
	return "http://app.example/"
}

// adviseNetwork is for a connection that failed.
func adviseNetwork(e *fetch.Error) advice {
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(e.Err, &cert):
		return advice{Text: "The TLS certificate is not trusted. For a test server: -k; browsers would refuse all the same."}
	case e.Stage == fetch.StagePreflight:
		return advice{Text: "No answer came to OPTIONS " + e.URL + ". Check host, port and scheme, that the server runs, and that it does not hang up on OPTIONS."}
	}
	return advice{Text: "No answer came from " + e.URL + ". Check host, port and scheme, and that the server runs."}
}

// splitList returns the elements of a list separated by commas.
func splitList(s string) []string {
	var list []string
	for elem := range strings.SplitSeq(s, ",") {
		if elem = strings.TrimSpace(elem); elem != "" {
			list = append(list, elem)
		}
	}
	return list
}

// withoutStar returns list without "*".
func withoutStar(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "*" })
}
