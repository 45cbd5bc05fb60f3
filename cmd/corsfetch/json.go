package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
)

// A roundsDocument is what one browser did with -repeat.
type roundsDocument struct {
	Browser string   `json:"browser"`
	Verdict verdict  `json:"verdict"`
	Rounds  []report `json:"rounds"`
}

// A browsersDocument is what several browsers did.
type browsersDocument struct {
	Verdict  verdict `json:"verdict"`
	Browsers []any   `json:"browsers"` // of report, or of roundsDocument
}

// document is the value that get prints with -json.
func document(o getOptions, results []result) any {
	each := make([]any, len(results))
	for i, r := range results {
		if o.repeat > 1 {
			each[i] = roundsDocument{r.browser, r.verdict(), r.rounds}
		} else {
			each[i] = r.rounds[0]
		}
	}
	if len(o.browsers) > 1 {
		return browsersDocument{worst(results), each}
	}
	return each[0]
}

// writeJSON writes the document.
func writeJSON(w io.Writer, o getOptions, results []result) error {
	return writeDocument(w, document(o, results))
}

// writeDocument writes a value as JSON.
func writeDocument(w io.Writer, document any) error {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(document); err != nil {
		return err
	}
	_, err := io.WriteString(w, escapeUnprintable(b.String()))
	return err
}

// escapeUnprintable returns JSON text with \uNNNN in place of what JSON may hold
// as it is but a terminal should not be given: DEL, C1 control characters,
// characters that change the direction of text. They only stand in strings.
func escapeUnprintable(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
