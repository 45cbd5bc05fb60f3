package redirect

import "strconv"

// A Reason says why a redirect is not followed. It is an error, for errors.Is.
type Reason string

const (
	// MultipleLocations: the response has more than one Location header.
	MultipleLocations Reason = "more than one Location"

	// EmptyLocationRefused: the Location is empty, and Rules.EmptyLocation is
	// EmptyIsFailure.
	EmptyLocationRefused Reason = "empty Location"

	// UnparsableLocation: the Location is no URL.
	UnparsableLocation Reason = "unparsable Location"

	// NotHTTP: the scheme of the location URL is not an HTTP(S) scheme.
	NotHTTP Reason = "scheme of Location is not HTTP or HTTPS"

	// TooManyRedirects: MaxRedirects have been followed already.
	TooManyRedirects Reason = "too many redirects"

	// CrossOriginCredentials: the location URL includes credentials and is not
	// same-origin with the origin of a request whose mode is "cors".
	CrossOriginCredentials Reason = "credentials in cross-origin Location"

	// TaintedCredentials: the location URL includes credentials and the
	// request's response tainting is "cors" already.
	TaintedCredentials Reason = "credentials in Location after a cross-origin request"

	// CredentialsRefused: the location URL includes credentials, and
	// Rules.RefuseCredentials is set.
	CredentialsRefused Reason = "credentials in Location"

	// BodyNotReplayable: the request's body is a stream that has been read and
	// cannot be had again.
	BodyNotReplayable Reason = "request body cannot be sent again"
)

func (r Reason) Error() string { return "redirect: " + string(r) }

// An Error is a redirect that is not followed: a network error in the
// standard's terms.
type Error struct {
	Reason   Reason
	Location string // the Location value as received; several are joined by ", "
	Err      error  // why Location is unparsable; else nil
}

// Error returns the reason and, quoted, the Location.
func (e *Error) Error() string {
	return e.Reason.Error() + ": " + strconv.Quote(e.Location)
}

// Unwrap returns the reason and, if there is one, the parser's error.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Reason}
	}
	return []error{e.Reason, e.Err}
}
