package safelist

import "strings"

// Rules are where browsers differ in which request-headers make a preflight
// necessary. The zero value is the standard. Rules are comparable.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
type Rules struct {
	// JoinRepeated: the values of a repeated header are judged as one, joined with
	// ", ". The standard judges each value by itself.
	// Shown by safelist-twice-type-safe, safelist-twice-accept-129-together.
	JoinRepeated bool

	// NameRepeated: an unsafe header that is repeated is named as often as it has
	// unsafe values. The standard names it once.
	// Shown by safelist-names-sorted, safelist-twice-custom.
	NameRepeated bool

	// NoTotalLimit: safelisted values may add up to any length. In the standard
	// they are all unsafe if together they exceed 1024 bytes.
	// Shown by safelist-sum-with-unsafe, safelist-sum-acah-lacks-one.
	NoTotalLimit bool

	// HighBytesUnsafe: bytes from 0x80 on are CORS-unsafe request-header bytes. In
	// the standard they are not.
	// Shown by safelist-accept-high-bytes, safelist-type-high-byte-parameter.
	HighBytesUnsafe bool

	// CommaUnsafe: a Content-Type with a comma is unsafe, be it within a
	// parameter. In the standard the MIME type alone decides.
	// Shown by safelist-type-comma-in-parameter.
	CommaUnsafe bool

	// SemicolonUnsafe: a Content-Type that ends in its second semicolon, or one
	// after that, is unsafe. In the standard what is not a parameter is skipped.
	// Shown by safelist-type-ends, safelist-type-semicolons.
	SemicolonUnsafe bool

	// RangePlus: a position in a range may have a plus sign. In the standard it is
	// digits.
	// Shown by safelist-range-signed.
	RangePlus bool

	// RangeAnyCase: a range may spell its unit in any case: "BYTES=0-1" is as good
	// as "bytes=0-1". In the standard only the latter is safelisted.
	// Shown by safelist-range-title-case, safelist-range-upper-case.
	RangeAnyCase bool

	// RangeMax is the largest position of a safelisted range. Zero is the standard's:
	// positions are as large as 128 bytes can write them.
	// Shown by safelist-range-largest, safelist-range-127.
	RangeMax uint64

	// ClientHints: client hints are safelisted if their value is one the browser
	// itself would send: Save-Data, DPR, Width, Viewport-Width, Device-Memory,
	// Downlink, RTT, ECT, and those in Sec-CH-. They once were in the standard,
	// and are no more.
	// Shown by safelist-name-dpr, safelist-name-width.
	ClientHints bool
}

// maxValueLength and maxTotalLength are how many bytes a safelisted
// request-header's value, and all of them together, may have.
const (
	maxValueLength = 128
	maxTotalLength = 1024
)

// IsSafelistedRequestHeader is the package function of that name under r.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func (r Rules) IsSafelistedRequestHeader(name, value string) bool {
	// 1. The length is looked at first, whatever the name.
	if len(value) > maxValueLength {
		return false
	}

	// 2. The rest depends on the name.
	var buf nameBuffer
	switch lowerName := buf.lower(name); string(lowerName) {
	case "accept":
		return r.noUnsafeByte(value)
	case "accept-language", "content-language":
		return all(value, languageByte)
	case "content-type":
		return r.noUnsafeByte(value) && hasSafelistedEssence(value) &&
			!(r.CommaUnsafe && strings.Contains(value, ",")) &&
			!(r.SemicolonUnsafe && strings.HasSuffix(value, ";") && strings.Count(value, ";") > 1)
	case "range":
		return r.isSafelistedRange(value)
	default:
		return r.ClientHints && isSafelistedClientHint(lowerName, value)
	}
}

// noUnsafeByte reports whether value has no CORS-unsafe request-header byte.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
func (r Rules) noUnsafeByte(value string) bool {
	if r.HighBytesUnsafe {
		return none(value, unsafeByte|highByte)
	}
	return none(value, unsafeByte)
}

// hasSafelistedEssence reports whether value is a MIME type an HTML form could
// have sent. Its parameters do not matter, only that there is one MIME type.
//
// Note: this parses one MIME type; to extract one from a list of them would let
// "application/json, text/plain" pass.
func hasSafelistedEssence(value string) bool {
	typ, subtype, _, ok := splitMIMEType(value)
	if !ok {
		return false
	}
	switch {
	case equalFold(typ, "application"):
		return equalFold(subtype, "x-www-form-urlencoded")
	case equalFold(typ, "multipart"):
		return equalFold(subtype, "form-data")
	case equalFold(typ, "text"):
		return equalFold(subtype, "plain")
	}
	return false
}

// isSafelistedRange reports whether value is a single range that says where it
// starts: a suffix range is not safelisted.
func (r Rules) isSafelistedRange(value string) bool {
	parsed, ok := r.ParseRange(value, false)
	if !ok || parsed.First == "" {
		return false
	}
	return r.RangeMax == 0 || !exceeds(parsed.First, r.RangeMax) && !exceeds(parsed.Last, r.RangeMax)
}

// ParseRange is the package function of that name under r.
//
// https://fetch.spec.whatwg.org/#simple-range-header-value
func (r Rules) ParseRange(value string, allowWhitespace bool) (Range, bool) {
	rest, ok := strings.CutPrefix(value, rangeUnit)
	if !ok && r.RangeAnyCase && hasPrefixFold(value, rangeUnit) {
		rest, ok = value[len(rangeUnit):], true
	}
	if !ok {
		return Range{}, false
	}
	if r.RangePlus {
		rest = withoutPlus(rest)
	}
	return parseRangeSet(rest, allowWhitespace)
}

// withoutPlus returns s without the plus signs in front of its positions.
func withoutPlus(s string) string {
	for i := 1; i+1 < len(s); i++ {
		if s[i] == '+' && (s[i-1] == '=' || s[i-1] == '-') && '0' <= s[i+1] && s[i+1] <= '9' {
			s = s[:i] + s[i+1:]
		}
	}
	return s
}

// IsNoCORSSafelistedRequestHeader is the package function of that name under r.
//
// https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
func (r Rules) IsNoCORSSafelistedRequestHeader(name, value string) bool {
	return IsNoCORSSafelistedRequestHeaderName(name) && r.IsSafelistedRequestHeader(name, value)
}
