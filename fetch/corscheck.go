package fetch

import (
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/safelist"
)

// Response headers of the CORS protocol, in the form http.Header holds them:
// indexing with these costs nothing, http.Header.Get of any other spelling an
// allocation.
const (
	headerAllowOrigin      = "Access-Control-Allow-Origin"
	headerAllowCredentials = "Access-Control-Allow-Credentials"
	headerAllowMethods     = "Access-Control-Allow-Methods"
	headerAllowHeaders     = "Access-Control-Allow-Headers"
	headerExposeHeaders    = "Access-Control-Expose-Headers"
	headerMaxAge           = "Access-Control-Max-Age"
)

// A refusal is what a check found wrong. The zero value is "nothing".
type refusal struct {
	reason            Reason
	header, got, want string
	absent, repeated  bool   // the header is not there at all, or more than once
	refused           string // see Error.Refused
	gate              gateFacts
}

// corsCheck decides whether the response headers h let a request with the
// serialized origin and credentials mode read the response.
//
// https://fetch.spec.whatwg.org/#concept-cors-check
func corsCheck(origin string, credentials CredentialsMode, h http.Header) refusal {
	// 1, 2. The header has to be there. Repeated headers are one value joined
	// with ", ", which then matches nothing.
	allowed, ok := safelist.Get(h[headerAllowOrigin])
	if !ok {
		return refusal{reason: ErrMissingAllowOriginHeader, header: headerAllowOrigin, want: allowOriginWanted(origin, credentials), absent: true}
	}
	// 3. A wildcard is enough unless credentials are included.
	if credentials != CredentialsInclude && allowed == "*" {
		return refusal{}
	}
	// 4. Else the origin is needed, byte for byte.
	if allowed != origin {
		return refusal{reason: classifyAllowOrigin(allowed, credentials), header: headerAllowOrigin, got: allowed, want: allowOriginWanted(origin, credentials), repeated: len(h[headerAllowOrigin]) > 1}
	}
	// 5. That is all unless credentials are included.
	if credentials != CredentialsInclude {
		return refusal{}
	}
	// 6, 7. They need the server's word too, and it is exactly "true".
	value, ok := safelist.Get(h[headerAllowCredentials])
	if value == "true" {
		return refusal{}
	}
	return refusal{reason: ErrInvalidAllowCredentials, header: headerAllowCredentials, got: value, want: `"true"`, absent: !ok}
}

// allowOriginWanted says which values would pass the CORS check.
func allowOriginWanted(origin string, credentials CredentialsMode) string {
	if credentials == CredentialsInclude {
		return `"` + origin + `"`
	}
	return `"` + origin + `" or "*"`
}

// classifyAllowOrigin names what is wrong with a value that did not match.
//
// Note: the standard only says "failure"; the classes are DevTools'.
func classifyAllowOrigin(value string, credentials CredentialsMode) Reason {
	switch {
	case value == "*" && credentials == CredentialsInclude:
		return ErrWildcardOriginNotAllowed
	case strings.ContainsAny(value, " ,"):
		return ErrMultipleAllowOriginValues
	case value == "null":
		return ErrAllowOriginMismatch
	}
	if _, err := weburl.Parse(value, nil); err != nil {
		return ErrInvalidAllowOriginValue
	}
	return ErrAllowOriginMismatch
}

// onPreflight is the reason's name when the response was a preflight's.
func (r Reason) onPreflight() Reason {
	switch r {
	case ErrMissingAllowOriginHeader:
		return ErrPreflightMissingAllowOriginHeader
	case ErrWildcardOriginNotAllowed:
		return ErrPreflightWildcardOriginNotAllowed
	case ErrMultipleAllowOriginValues:
		return ErrPreflightMultipleAllowOriginValues
	case ErrInvalidAllowOriginValue:
		return ErrPreflightInvalidAllowOriginValue
	case ErrAllowOriginMismatch:
		return ErrPreflightAllowOriginMismatch
	case ErrInvalidAllowCredentials:
		return ErrPreflightInvalidAllowCredentials
	}
	return r
}
