package safelist

import "strings"

// A Range is a single byte range as a Range header asks for it. Both positions
// are decimal digits as they were written, however many; "" is an open side.
// The zero value asks for nothing and is never the result of parsing.
type Range struct {
	First string // offset of the first byte; "" in a suffix range
	Last  string // offset of the last byte, inclusive; in a suffix range how many bytes
}

// ParseRange parses a single range header value: "bytes=1-2", "bytes=1-" or the
// suffix range "bytes=-2". "bytes" is lower-case; a second range, a first
// position behind the last, and any other byte are failures. Only with
// allowWhitespace may tabs and spaces surround "=" and "-"; the one use the
// standard has for that is fetching a blob.
//
// https://fetch.spec.whatwg.org/#simple-range-header-value
func ParseRange(value string, allowWhitespace bool) (Range, bool) {
	return Rules{}.ParseRange(value, allowWhitespace)
}

// rangeUnit is what a range header value starts with.
const rangeUnit = "bytes"

// parseRangeSet parses what follows the unit in a single range header value.
func parseRangeSet(s string, allowWhitespace bool) (Range, bool) {
	skipSpace := func() {
		for allowWhitespace && s != "" && in(s[0], tabSpaceByte) {
			s = s[1:]
		}
	}
	var r Range
	var ok bool

	skipSpace()
	if s, ok = strings.CutPrefix(s, "="); !ok {
		return Range{}, false
	}
	skipSpace()
	r.First, s = cutDigits(s)
	skipSpace()
	if s, ok = strings.CutPrefix(s, "-"); !ok {
		return Range{}, false
	}
	skipSpace()
	r.Last, s = cutDigits(s)

	// Nothing may follow, and one side has to be there.
	if s != "" || r.First == "" && r.Last == "" {
		return Range{}, false
	}
	if r.First != "" && r.Last != "" && compareDigits(r.First, r.Last) > 0 {
		return Range{}, false
	}
	return r, true
}

// Offsets returns both sides as numbers. An open side is -1, and what does not
// fit is [math.MaxInt64].
func (r Range) Offsets() (first, last int64) {
	return offset(r.First), offset(r.Last)
}

// String returns the header value that asks for r, without whitespace.
func (r Range) String() string { return "bytes=" + r.First + "-" + r.Last }

// offset is the number that digits write, or -1 for none.
func offset(digits string) int64 {
	if digits == "" {
		return -1
	}
	return clamp(parseDigits(digits))
}

// cutDigits splits s behind the ASCII digits it starts with.
func cutDigits(s string) (digits, rest string) {
	i := 0
	for i < len(s) && in(s[i], digitByte) {
		i++
	}
	return s[:i], s[i:]
}

// compareDigits compares two numbers by value, of any size.
func compareDigits(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
