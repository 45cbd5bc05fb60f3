package redirect

import (
	"strings"
	"unicode/utf8"

	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/safelist"
)

// LocationURL returns the URL that a response to a request for base leads to.
// It is nil, without an error, if status is not a redirect status or if there
// is no Location: such a response is an answer like any other.
//
// location are the values of the response's Location headers, bytes as
// received. The URL inherits the fragment of base unless it has one. A nil base
// leaves relative values unparsable. The error is an [*Error].
//
// https://fetch.spec.whatwg.org/#concept-response-location-url
func LocationURL(status int, location []string, base *weburl.URL, r Rules) (*weburl.URL, error) {
	// Step 1: only redirect statuses have a location URL.
	if !safelist.IsRedirectStatus(status) {
		return nil, nil
	}
	// Step 2: absent is none, several are failure.
	value, found, err := locationValue(location, r)
	if err != nil || !found {
		return nil, err
	}
	// Step 3: the value is a URL relative to the response's.
	u, err := weburl.Parse(locationString(value, r), base)
	if err != nil {
		return nil, &Error{Reason: UnparsableLocation, Location: joined(location), Err: err}
	}
	// Step 4: a URL without a fragment takes the request's. An empty fragment
	// is one.
	if _, ok := u.Fragment(); !ok && base != nil {
		if fragment, ok := base.Fragment(); ok {
			u = u.WithFragment(fragment)
		}
	}
	return u, nil
}

// locationValue extracts the one value of Location, if there is any.
//
// https://fetch.spec.whatwg.org/#extract-header-list-values
func locationValue(location []string, r Rules) (value string, found bool, err error) {
	if len(location) == 0 {
		return "", false, nil
	}
	value = location[0]
	if len(location) > 1 {
		switch {
		case r.EqualLocations && allEqual(location):
		case r.JoinLocations:
			value = joined(location)
		default:
			return "", false, &Error{Reason: MultipleLocations, Location: joined(location)}
		}
	}
	if value == "" {
		switch r.EmptyLocation {
		case EmptyIsNone:
			return "", false, nil
		case EmptyIsFailure:
			return "", false, &Error{Reason: EmptyLocationRefused}
		}
	}
	return value, true, nil
}

// joined returns the one value that several headers of a name combine to.
func joined(values []string) string { return strings.Join(values, ", ") }

func allEqual(values []string) bool {
	for _, v := range values[1:] {
		if v != values[0] {
			return false
		}
	}
	return true
}

// locationString turns the bytes of a Location into the string to parse.
//
// Deviation: the text does not say how (https://github.com/whatwg/fetch/issues/883).
// Every byte above 0x7F is percent-encoded as it is, which keeps what the
// server wrote, be it UTF-8 or not; so do Chromium and Firefox.
func locationString(value string, r Rules) string {
	if r.EscapeTabs {
		value = strings.ReplaceAll(value, "\t", "%09")
	}
	if isASCII(value) {
		return value
	}
	if r.Latin1Location {
		value = latin1(value)
	}
	var b strings.Builder
	b.Grow(len(value) + len(value)/2)
	for i := range len(value) {
		if c := value[i]; c < utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
	return b.String()
}

const upperHex = "0123456789ABCDEF"

// latin1 returns the UTF-8 of bytes taken as ISO-8859-1, where each byte that is
// not part of valid UTF-8 has been replaced by the three of U+FFFD before.
func latin1(s string) string {
	var b strings.Builder
	for _, c := range []byte(string([]rune(s))) {
		b.WriteRune(rune(c))
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
