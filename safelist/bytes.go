package safelist

// A class is a set of byte sets that a byte belongs to.
type class uint16

const (
	tokenByte    class = 1 << iota // may be part of a token
	unsafeByte                     // a CORS-unsafe request-header byte
	languageByte                   // may be part of Accept-Language and Content-Language
	digitByte                      // an ASCII digit
	spaceByte                      // an HTTP whitespace byte
	tabSpaceByte                   // an HTTP tab or space byte
	fatalByte                      // cannot be part of a header value
	quotableByte                   // an HTTP quoted-string token code point
	highByte                       // outside ASCII
)

// classes maps each byte to the sets it belongs to.
var classes = func() (t [256]class) {
	for b := range t {
		switch {
		case b >= '0' && b <= '9':
			t[b] = tokenByte | languageByte | digitByte
		case b >= 'A' && b <= 'Z', b >= 'a' && b <= 'z':
			t[b] = tokenByte | languageByte
		}
		if b < 0x20 && b != '\t' {
			t[b] |= unsafeByte
		}
		// https://mimesniff.spec.whatwg.org/#http-quoted-string-token-code-point
		if b == '\t' || b >= 0x20 && b != 0x7F {
			t[b] |= quotableByte
		}
		if b >= 0x80 {
			t[b] |= highByte
		}
	}
	add := func(c class, bytes string) {
		for i := range len(bytes) {
			t[bytes[i]] |= c
		}
	}
	// https://httpwg.org/specs/rfc9110.html#tokens
	add(tokenByte, "!#$%&'*+-.^_`|~")
	// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
	add(unsafeByte, "\"():<>?@[\\]{}\x7F")
	// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
	add(languageByte, " *,-.;=")
	// https://fetch.spec.whatwg.org/#http-tab-or-space-byte
	add(tabSpaceByte, "\t ")
	// https://fetch.spec.whatwg.org/#http-whitespace-byte
	add(spaceByte, "\t\n\r ")
	// https://fetch.spec.whatwg.org/#header-value
	add(fatalByte, "\x00\n\r")
	return t
}()

// in reports whether b belongs to any of the sets in c.
func in(b byte, c class) bool { return classes[b]&c != 0 }

// all reports whether every byte of s belongs to any of the sets in c.
func all(s string, c class) bool {
	for i := range len(s) {
		if !in(s[i], c) {
			return false
		}
	}
	return true
}

// none reports whether no byte of s belongs to any of the sets in c.
func none(s string, c class) bool {
	for i := range len(s) {
		if in(s[i], c) {
			return false
		}
	}
	return true
}

// trim removes bytes of the sets in c from both ends of s.
func trim(s string, c class) string {
	for len(s) > 0 && in(s[0], c) {
		s = s[1:]
	}
	return trimRight(s, c)
}

// trimRight removes bytes of the sets in c from the end of s.
func trimRight(s string, c class) string {
	for len(s) > 0 && in(s[len(s)-1], c) {
		s = s[:len(s)-1]
	}
	return s
}

// lower maps an ASCII upper-case letter to lower case, and any other byte to itself.
func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + ('a' - 'A')
	}
	return b
}

// toLower byte-lowercases s. It allocates only if s has an upper-case letter.
//
// Note: strings.ToLower would also change letters outside ASCII, and replace
// bytes that are no UTF-8.
func toLower(s string) string {
	for i := range len(s) {
		if lower(s[i]) != s[i] {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				b[j] = lower(b[j])
			}
			return string(b)
		}
	}
	return s
}

// equalFold reports whether s and t are a byte-case-insensitive match.
//
// Note: strings.EqualFold folds Unicode, where U+212A (Kelvin sign) equals k.
func equalFold(s, t string) bool {
	if len(s) != len(t) {
		return false
	}
	for i := range len(s) {
		if lower(s[i]) != lower(t[i]) {
			return false
		}
	}
	return true
}

// hasPrefixFold reports whether s starts with prefix, which is lower-case,
// whatever the case of s.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && equalFold(s[:len(prefix)], prefix)
}

// A nameBuffer has room for any header name the standard or [Rules] name.
type nameBuffer [40]byte

// lower puts the byte-lowercase form of name in b and returns it. A name too
// long to be any of those the standard lists comes back empty.
//
// Optimization: the result can be switched on as a string without allocating.
func (b *nameBuffer) lower(name string) []byte {
	if len(name) > len(b) {
		return nil
	}
	for i := range len(name) {
		b[i] = lower(name[i])
	}
	return b[:len(name)]
}
