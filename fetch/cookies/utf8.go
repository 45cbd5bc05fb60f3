package cookies

import (
	"strings"
	"unicode/utf8"
)

// decodeUTF8 returns s with U+FFFD in place of what is no UTF-8: one for each
// byte, but for several that have begun a character together.
//
// https://encoding.spec.whatwg.org/#utf-8-decoder
func decodeUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for s != "" {
		c, n := utf8.DecodeRuneInString(s)
		if c == utf8.RuneError {
			for n < len(s) && !utf8.FullRuneInString(s[:n+1]) {
				n++
			}
		}
		b.WriteRune(c)
		s = s[n:]
	}
	return b.String()
}
