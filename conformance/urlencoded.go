package conformance

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// urlencoded is what new URLSearchParams(text) is sent as.
//
// https://url.spec.whatwg.org/#urlsearchparams
func urlencoded(text string) string {
	var b strings.Builder
	for pair := range strings.SplitSeq(strings.TrimPrefix(text, "?"), "&") {
		if pair == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		name, value, _ := strings.Cut(pair, "=")
		writeEncoded(&b, decodedForm(name))
		b.WriteByte('=')
		writeEncoded(&b, decodedForm(value))
	}
	return b.String()
}

// decodedForm decodes a name or a value.
//
// https://url.spec.whatwg.org/#concept-urlencoded-parser
func decodedForm(s string) string {
	s = strings.ReplaceAll(s, "+", " ")
	var decoded []byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			if octet, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				c = octet[0]
				i += 2
			}
		}
		decoded = append(decoded, c)
	}
	return decodeUTF8(decoded)
}

// writeEncoded writes s with all but a few bytes escaped.
//
// https://url.spec.whatwg.org/#concept-urlencoded-serializer
func writeEncoded(b *strings.Builder, s string) {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("*-._", c) >= 0:
			b.WriteByte(c)
		case c == ' ':
			b.WriteByte('+')
		default:
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&0xF])
		}
	}
}

// decodeUTF8 puts U+FFFD in place of what is not UTF-8: one for as much as could
// have begun a character, where Go has one for each byte.
//
// https://encoding.spec.whatwg.org/#utf-8-decode-without-bom
func decodeUTF8(bytes []byte) string {
	var b strings.Builder
	for len(bytes) > 0 {
		r, size := utf8.DecodeRune(bytes)
		if r == utf8.RuneError && size == 1 {
			size = begun(bytes)
		}
		b.WriteRune(r)
		bytes = bytes[size:]
	}
	return b.String()
}

// begun is the length of the beginning of a character that the first bytes are,
// at least 1. No character has them all.
func begun(bytes []byte) int {
	n := 1
	for n < len(bytes) && !utf8.FullRune(bytes[:n+1]) {
		n++
	}
	return n
}
