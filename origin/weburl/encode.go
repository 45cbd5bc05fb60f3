package weburl

import "unicode/utf8"

// A codePointSet is a set of bytes, as a bit in codePoints.
type codePointSet uint16

const (
	// https://url.spec.whatwg.org/#c0-control-percent-encode-set
	c0ControlSet codePointSet = 1 << iota
	// https://url.spec.whatwg.org/#fragment-percent-encode-set
	fragmentSet
	// https://url.spec.whatwg.org/#query-percent-encode-set
	querySet
	// https://url.spec.whatwg.org/#special-query-percent-encode-set
	specialQuerySet
	// https://url.spec.whatwg.org/#path-percent-encode-set
	pathSet
	// https://url.spec.whatwg.org/#userinfo-percent-encode-set
	userinfoSet
	// https://url.spec.whatwg.org/#forbidden-host-code-point
	forbiddenHostSet
	// https://url.spec.whatwg.org/#forbidden-domain-code-point
	forbiddenDomainSet

	percentEncodeSets = c0ControlSet | fragmentSet | querySet | specialQuerySet | pathSet | userinfoSet
)

// codePoints has for each byte the sets that it is in. All bytes of a non-ASCII
// code point are in all the percent-encode sets, as that code point is.
var codePoints = func() (table [256]codePointSet) {
	add := func(sets codePointSet, members string) {
		for i := range len(members) {
			table[members[i]] |= sets
		}
	}
	for c := range 0x20 {
		table[c] |= percentEncodeSets | forbiddenDomainSet
	}
	for c := 0x7f; c < len(table); c++ {
		table[c] |= percentEncodeSets
	}
	add(fragmentSet, " \"<>`")
	add(querySet|specialQuerySet|pathSet|userinfoSet, " \"#<>")
	add(specialQuerySet, "'")
	add(pathSet|userinfoSet, "?^`{}")
	add(userinfoSet, "/:;=@[\\]|")
	add(forbiddenHostSet|forbiddenDomainSet, "\x00\t\n\r #/:<>?@[\\]^|")
	add(forbiddenDomainSet, "%\x7f")
	return table
}()

// containsAny reports whether one of the bytes of s is in the set.
func (set codePointSet) containsAny(s string) bool {
	for i := range len(s) {
		if codePoints[s[i]]&set != 0 {
			return true
		}
	}
	return false
}

const upperHex = "0123456789ABCDEF"

// appendEncoded appends s to b, with the code points that are in set
// percent-encoded. A byte that is not part of valid UTF-8 counts as U+FFFD.
//
// https://url.spec.whatwg.org/#string-utf-8-percent-encode
func appendEncoded(b []byte, s string, set codePointSet) []byte {
	plain := 0 // s[plain:i] is still to be copied
	for i := 0; i < len(s); {
		c := s[i]
		if codePoints[c]&set == 0 {
			i++
			continue
		}
		b = append(b, s[plain:i]...)
		size := 1
		if c < utf8.RuneSelf {
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		} else {
			b, size = appendEncodedRune(b, s[i:])
		}
		i += size
		plain = i
	}
	return append(b, s[plain:]...)
}

// appendEncodedRune appends the percent-encoded first code point of s, and
// returns how many bytes of s that was.
func appendEncodedRune(b []byte, s string) (encoded []byte, size int) {
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && size == 1 {
		return append(b, "%EF%BF%BD"...), 1
	}
	for i := range size {
		b = append(b, '%', upperHex[s[i]>>4], upperHex[s[i]&15])
	}
	return b, size
}

// percentDecoded returns s with each %XX replaced by the byte that it stands
// for; a % that is not followed by two hexadecimal digits stays.
//
// https://url.spec.whatwg.org/#string-percent-decode
func percentDecoded(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			c = hexValue(s[i+1])<<4 | hexValue(s[i+2])
			i += 2
		}
		b = append(b, c)
	}
	return string(b)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// Precondition: isHex(c).
func hexValue(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
