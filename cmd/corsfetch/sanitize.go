package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sanitize returns s with everything that could do more to a terminal than be
// seen written as an escape: control characters, C1 among them, characters that
// change the direction of text, and bytes that are not UTF-8.
func sanitize(s string) string { return escape(s, unicode.IsPrint) }

// sanitizeLines is sanitize for text of several lines: line feeds and tabs
// stay, and a carriage return goes before a line feed.
func sanitizeLines(s string) string {
	return escape(strings.ReplaceAll(s, "\r\n", "\n"), func(r rune) bool {
		return r == '\n' || r == '\t' || unicode.IsPrint(r)
	})
}

// escape writes what keep does not keep as \xNN, \uNNNN or \UNNNNNNNN.
func escape(s string, keep func(rune) bool) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1 || r < utf8.RuneSelf && !keep(r):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case keep(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.String()
}
