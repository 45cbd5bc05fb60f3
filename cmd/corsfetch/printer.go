package main

import "strings"

// A printer makes text out of reports. Its methods line and body are the only
// ones that write: there, what a server sent is made harmless for a terminal.
type printer struct {
	b       strings.Builder
	colors  palette
	verbose bool   // all headers
	indent  string // of every line
}

// A span is a piece of a line.
type span struct {
	style style
	text  string
}

// spanLimit is how much of a span is printed: a header can be a megabyte.
const spanLimit = 2 << 10

// line writes one line.
func (p *printer) line(spans ...span) {
	if len(spans) > 0 {
		p.b.WriteString(p.indent)
	}
	for _, s := range spans {
		p.b.WriteString(p.colors.apply(s.style, sanitize(shorten(s.text, spanLimit))))
	}
	p.b.WriteByte('\n')
}
