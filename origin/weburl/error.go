package weburl

import (
	"strconv"
	"unicode/utf8"
)

// An Error says that a string is not a URL. [Parse] returns no other errors.
//
// The Reason can be tested for with errors.Is:
//
//	errors.Is(err, weburl.HostMissing)
type Error struct {
	// Input is what was parsed, shortened if it is very long. Note that it
	// holds the input's credentials, if there are any.
	Input  string
	Reason Reason
}

func (e *Error) Error() string {
	return "weburl: " + strconv.Quote(e.Input) + " is not a URL: " + string(e.Reason)
}

// Unwrap returns e.Reason.
func (e *Error) Unwrap() error { return e.Reason }

// A Reason is why a string is not a URL. Most have the name of the URL
// Standard's validation error for it; the others are explained below.
//
// https://url.spec.whatwg.org/#validation-error
type Reason string

func (r Reason) Error() string { return string(r) }

const (
	// The string has no scheme, and there is no base URL that it could be
	// relative to.
	MissingScheme Reason = "missing-scheme-non-relative-URL"

	// The host is missing where there has to be one.
	HostMissing Reason = "host-missing"
	// The port is more than 65535.
	PortOutOfRange Reason = "port-out-of-range"
	// The port is not a number.
	PortInvalid Reason = "port-invalid"

	// Unicode's ToASCII refuses the domain, or turns it into nothing.
	DomainToASCII Reason = "domain-to-ASCII"
	// The domain holds a forbidden domain code point.
	DomainInvalidCodePoint Reason = "domain-invalid-code-point"
	// The opaque host holds a forbidden host code point.
	HostInvalidCodePoint Reason = "host-invalid-code-point"

	// An IPv4 address with more than 4 parts.
	IPv4TooManyParts Reason = "IPv4-too-many-parts"
	// A host that ends in a number has a part that is not one.
	IPv4NonNumericPart Reason = "IPv4-non-numeric-part"
	// A number in an IPv4 address is too large for its place.
	IPv4OutOfRangePart Reason = "IPv4-out-of-range-part"

	// An IPv6 address without its closing bracket.
	IPv6Unclosed Reason = "IPv6-unclosed"
	// An IPv6 address that starts with a single colon.
	IPv6InvalidCompression Reason = "IPv6-invalid-compression"
	// An IPv6 address of more than 8 pieces.
	IPv6TooManyPieces Reason = "IPv6-too-many-pieces"
	// An IPv6 address with "::" more than once.
	IPv6MultipleCompression Reason = "IPv6-multiple-compression"
	// An IPv6 address with a code point that has no place there, or that ends
	// too early.
	IPv6InvalidCodePoint Reason = "IPv6-invalid-code-point"
	// An IPv6 address of less than 8 pieces without "::".
	IPv6TooFewPieces Reason = "IPv6-too-few-pieces"

	// An IPv4 address at the end of more than 6 pieces of an IPv6 address.
	IPv4InIPv6TooManyPieces Reason = "IPv4-in-IPv6-too-many-pieces"
	// An IPv4 address inside an IPv6 address that is not written as one.
	IPv4InIPv6InvalidCodePoint Reason = "IPv4-in-IPv6-invalid-code-point"
	// An IPv4 address inside an IPv6 address with a part of more than 255.
	IPv4InIPv6OutOfRangePart Reason = "IPv4-in-IPv6-out-of-range-part"
	// An IPv4 address inside an IPv6 address of less than 4 parts.
	IPv4InIPv6TooFewParts Reason = "IPv4-in-IPv6-too-few-parts"

	// A domain that is not ASCII has more than 1000 code points. The URL
	// Standard has no limit; browsers have one for each label.
	DomainTooLong Reason = "domain too long"
	// The URL without its fragment is longer than 4 GiB. The URL Standard has
	// no limit; browsers have much smaller ones.
	TooLong Reason = "too long"
)

// maxErrorInput is how many bytes of the input an Error keeps.
const maxErrorInput = 256

// clip returns s, cut to a length that is fit for an error message.
func clip(s string) string {
	if len(s) <= maxErrorInput {
		return s
	}
	end := maxErrorInput
	for end > maxErrorInput-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
