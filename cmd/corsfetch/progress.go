package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// A progress is a line on a terminal that says how far a run has come.
type progress struct {
	w     io.Writer // nil if it is no terminal
	width int       // of what is written
}

func newProgress(w io.Writer) *progress {
	if !isTerminal(w) {
		w = nil
	}
	return &progress{w: w}
}

// step says which scenario is next.
func (p *progress) step(done, total int, s *conformance.Scenario) {
	p.say(fmt.Sprintf("%d of %d  %s", done, total, shorten(s.ID, 60)))
}

// say replaces the line.
func (p *progress) say(line string) {
	if p.w == nil {
		return
	}
	fmt.Fprintf(p.w, "\r%-*s", p.width, line)
	p.width = len(line)
}

// end clears the line.
func (p *progress) end() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r"+strings.Repeat(" ", p.width)+"\r")
	}
}
