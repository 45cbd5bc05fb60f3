package main

import (
	"io"
	"os"
	"runtime"
)

// A palette colours text, or leaves it as it is. The zero value does the
// latter.
type palette struct{ on bool }

// A style is how a piece of text looks, as the parameter of an SGR sequence.
type style string

const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "1;31"
	green  style = "1;32"
	yellow style = "1;33"
	cyan   style = "36"
)

func (p palette) apply(s style, text string) string {
	if !p.on || s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// useColor decides whether output has colour.
//
// https://no-color.org
func useColor(terminal bool, getenv func(string) string) bool {
	if !terminal || getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		return false
	}
	// Note: the old Windows console prints the sequences as they are.
	return runtime.GOOS != "windows" || getenv("WT_SESSION") != "" || getenv("TERM") != ""
}

// isTerminal reports whether w is a character device.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
