package safelist

import "math"

// ExtractDeltaSeconds returns the number of seconds in a header such as
// Access-Control-Max-Age. The header has to come once and to be digits only;
// otherwise ok is false, as it is if values is empty. What does not fit is
// [math.MaxInt64].
//
// https://fetch.spec.whatwg.org/#extract-header-list-values
func ExtractDeltaSeconds(values []string) (seconds int64, ok bool) {
	if len(values) != 1 {
		return 0, false
	}
	if !isDigits(values[0]) {
		return 0, false
	}
	return clamp(parseDigits(values[0])), true
}

// A LengthState says what became of extracting a length.
type LengthState int

const (
	LengthNull    LengthState = iota // no Content-Length, or not a number
	LengthValue                      // a number
	LengthFailure                    // several that contradict each other
)

// ExtractLength returns the number that Content-Length, which came as values,
// gives. Repeating it does no harm if all members are the same bytes. n is 0
// unless state is [LengthValue]; what does not fit is [math.MaxInt64].
//
// https://fetch.spec.whatwg.org/#header-list-extract-a-length
func ExtractLength(values []string) (n int64, state LengthState) {
	rest, ok := Get(values)
	if !ok {
		return 0, LengthNull
	}
	candidate, rest, more := cutMember(rest)
	for more {
		var member string
		if member, rest, more = cutMember(rest); member != candidate {
			return 0, LengthFailure
		}
	}
	if !isDigits(candidate) {
		return 0, LengthNull
	}
	return clamp(parseDigits(candidate)), LengthValue
}

// isDigits reports whether s is one or more ASCII digits.
func isDigits(s string) bool { return s != "" && all(s, digitByte) }

// parseDigits returns the number that digits write, at most [math.MaxUint64].
//
// Precondition: digits holds ASCII digits only.
func parseDigits(digits string) (n uint64) {
	for i := range len(digits) {
		d := uint64(digits[i] - '0')
		if n > (math.MaxUint64-d)/10 {
			return math.MaxUint64
		}
		n = n*10 + d
	}
	return n
}

// exceeds reports whether the number that digits write is larger than limit.
//
// Precondition: digits holds ASCII digits only.
func exceeds(digits string, limit uint64) bool {
	n := uint64(0)
	for i := range len(digits) {
		d := uint64(digits[i] - '0')
		if d > limit || n > (limit-d)/10 {
			return true
		}
		n = n*10 + d
	}
	return false
}

// clamp returns n, or the largest int64 if that is less.
func clamp(n uint64) int64 { return int64(min(n, math.MaxInt64)) }
