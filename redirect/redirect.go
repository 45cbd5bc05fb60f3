package redirect

import (
	"net/http"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// MaxRedirects is how many redirects one request follows. The next is a network
// error.
const MaxRedirects = 20

// A Request is what following a redirect reads of the request that was
// redirected.
type Request struct {
	Method string        // compared byte for byte
	URL    *weburl.URL   // the current URL, which is the response's URL too; not nil
	Origin origin.Origin // of the request; the zero Origin is opaque

	CORSMode    bool // its mode is "cors"
	CORSTainted bool // its response tainting is "cors"

	HasBody       bool // its body is not null
	HasBodySource bool // its body's source is not null: it can be sent again

	Count int // redirects followed before this one

	// TakesData: a data: URL will do as well as one of HTTP(S). In the standard
	// it never does.
	TakesData bool
}

// A Next is what the next request is made of. The zero Next is that there is
// none: the response is the answer.
type Next struct {
	URL    *weburl.URL // its scheme is http or https, or data if the request takes that
	Method string

	// DropBody: the method has been rewritten to GET, so the body becomes null
	// and the request-body-headers are deleted, even if there was no body.
	DropBody bool

	// BodyGone: the body becomes null, and its headers stay. Only a rule of a
	// browser's own asks for it.
	BodyGone bool

	// DropAuthorization: the request-headers called Authorization, the one CORS
	// non-wildcard request-header name, are deleted. They stay deleted when a
	// later redirect leads back.
	DropAuthorization bool
}

// Follow decides where the response with this status and these Location values
// leads the request q. It returns the zero Next if that is no redirect or has no
// Location. The error is an [*Error], of the first check that fails in the
// standard's order.
//
// What depends on the redirect mode, and the CORS check of the response, come
// before; updating the referrer policy ([ReferrerPolicy]) and main fetch, which
// looks at the port and all else of the new URL, come after.
//
// https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func Follow(q Request, status int, location []string, r Rules) (Next, error) {
	u, err := LocationURL(status, location, q.URL, r)
	if err != nil || u == nil {
		return Next{}, err
	}
	if reason := refusal(q, status, u, r); reason != "" {
		return Next{}, &Error{Reason: reason, Location: joined(location)}
	}
	next := Next{URL: u, Method: q.Method}
	crossOrigin := origin.FromURL(q.URL) != origin.FromURL(u)
	switch {
	case BecomesGET(status, q.Method):
		next.Method = http.MethodGet
		next.DropBody = true
	case r.CrossOriginDeleteAsGET && crossOrigin && q.Method == http.MethodDelete:
		next.Method = http.MethodGet
		next.BodyGone = true
	}
	// Note: this compares two neighbours in the URL list, not the request's
	// origin, so that a header also goes when B leads to C.
	next.DropAuthorization = crossOrigin
	return next, nil
}

// refusal returns why a redirect to u is a network error; "" if it is not.
func refusal(q Request, status int, u *weburl.URL, r Rules) Reason {
	switch {
	case !u.IsHTTP() && !(q.TakesData && u.Scheme() == "data"):
		return NotHTTP
	case q.Count >= MaxRedirects:
		return TooManyRedirects
	case q.CORSMode && u.IncludesCredentials() && q.Origin != origin.FromURL(u):
		return CrossOriginCredentials
	case q.CORSTainted && u.IncludesCredentials():
		// Note: this catches the way back, from a cross-origin URL to a
		// same-origin one.
		return TaintedCredentials
	case r.RefuseCredentials && u.IncludesCredentials():
		return CredentialsRefused
	case status != http.StatusSeeOther && q.HasBody && !q.HasBodySource:
		// Note: even if the method is to be rewritten and the body dropped.
		return BodyNotReplayable
	}
	return ""
}

// BecomesGET reports whether a redirect with this status makes GET of the method.
func BecomesGET(status int, method string) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound:
		return method == http.MethodPost
	case http.StatusSeeOther:
		return method != http.MethodGet && method != http.MethodHead
	}
	return false
}
