package htmlreport

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much of a text is shown, in bytes.
const (
	lineLimit  = 1 << 10  // of what is in a line
	linesLimit = 16 << 10 // of what is in several
	labelLimit = 160      // in a diagram
)

// A piece is a part of a text.
type piece struct {
	Text string
	Kind pieceKind
}

// A pieceKind is what a piece is.
type pieceKind string

const (
	asIs    pieceKind = ""
	odd     pieceKind = "odd"     // it stands for what cannot be seen, or does more than be seen
	more    pieceKind = "more"    // it stands for what is left out
	differs pieceKind = "differs" // it is not what it should be
)

// inLine is the beginning of a text, for one line.
func inLine(limit int, s string) []piece { return cut(limit, s, unicode.IsPrint) }

// inLines is the beginning of a text, in lines.
func inLines(limit int, s string) []piece {
	return cut(limit, strings.ReplaceAll(s, "\r\n", "\n"), func(r rune) bool {
		return r == '\n' || r == '\t' || unicode.IsPrint(r)
	})
}

// cut is the beginning of s, of at most limit bytes.
func cut(limit int, s string, keep func(rune) bool) []piece {
	if len(s) <= limit {
		return split(s, keep)
	}
	end := limit
	for end > limit-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	rest := "…"
	if limit > labelLimit {
		rest = fmt.Sprintf("… of %d bytes", len(s))
	}
	return append(split(s[:end], keep), piece{rest, more})
}

// split tells what is to be shown as it is from what is not: control characters,
// characters that change the direction of text, bytes that are not UTF-8. Of the
// latter it makes their escapes.
func split(s string, keep func(rune) bool) []piece {
	var all []piece
	for len(s) > 0 {
		end := 0
		for r, size := first(s); size > 0 && keep(r); r, size = first(s[end:]) {
			end += size
		}
		if end > 0 {
			all = append(all, piece{s[:end], asIs})
		}
		var escapes strings.Builder
		for r, size := first(s[end:]); size > 0 && !keep(r); r, size = first(s[end:]) {
			escapes.WriteString(escape(r, s[end]))
			end += size
		}
		if escapes.Len() > 0 {
			all = append(all, piece{escapes.String(), odd})
		}
		s = s[end:]
	}
	return all
}

// notUTF8 is what first returns for a byte that is not UTF-8. It is no character.
const notUTF8 = -1

// first is the first character of s and its size, which is 0 if there is none.
func first(s string) (rune, int) {
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && size == 1 {
		return notUTF8, 1
	}
	return r, size
}

// escape is a character, or the byte b that is none, as programmers write it.
func escape(r rune, b byte) string {
	switch {
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, b)
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// plain is the beginning of a text, for where nothing can be marked.
func plain(limit int, s string) string {
	var b strings.Builder
	for _, p := range inLine(limit, s) {
		b.WriteString(p.Text)
	}
	return b.String()
}

// context is how much is shown of what a long text has before the place at which
// it differs, in bytes.
const context = 200

// compared is the text of a cell, around the place at which it differs.
func compared(c Cell) []piece {
	if c.from == c.to {
		return inLine(lineLimit, c.Text)
	}
	var all []piece
	before := c.Text[:c.from]
	if n := len(before); n > context {
		all = append(all, piece{"… ", more})
		before = before[n-context:]
	}
	all = append(all, inLine(lineLimit, before)...)
	for _, p := range inLine(lineLimit, c.Text[c.from:c.to]) {
		if p.Kind == asIs {
			p.Kind = differs
		}
		all = append(all, p)
	}
	return append(all, inLine(lineLimit, c.Text[c.to:])...)
}
