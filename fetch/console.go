package fetch

import (
	"fmt"
	"strings"
)

// A Console returns what a browser prints to its console for a fetch that
// fails: lines separated by newlines, "" if it prints nothing. location is where
// the redirect that was refused would have led, or what came if that is no URL;
// "" if it was none.
type Console func(e *Error, location string) string

// unknownLocation is in the place of a location that an Error does not keep.
const unknownLocation = "…"

// ConsoleMessage returns what the browser of profile p prints to its console
// for e, its lines separated by newlines; "" if it prints nothing.
//
// Note: WebKit names where a refused redirect would have led. An Error does not
// keep that if it was CORS that refused, and the message has "…" in its place;
// [Trace.Console] has it all.
func (e *Error) ConsoleMessage(p *Profile) string {
	if p.Console == nil {
		return ""
	}
	location := ""
	switch {
	case e.Header == "Location":
		location = e.Got
	case e.Stage == StageRedirect:
		location = unknownLocation
	}
	return p.Console(e, location)
}

// requestFacts are what a console message depends on besides what an [Error]
// tells everybody. They are about the request alone.
type requestFacts struct {
	worker      bool
	redirect    RedirectMode
	page        string // the page's URL; "null" if none can be told
	from        string // the URL before the last redirect; "" if there was none
	crossOrigin bool   // mode is "cors", and the request is or would be cross-origin
}

func withoutFragment(url string) string {
	url, _, _ = strings.Cut(url, "#")
	return url
}

// schemeOf returns the scheme of a URL.
func schemeOf(url string) string {
	scheme, _, _ := strings.Cut(url, ":")
	return strings.ToLower(scheme)
}

// withoutUserinfo returns a URL without its username and password.
func withoutUserinfo(location string) string {
	scheme, rest, ok := strings.Cut(location, "//")
	if !ok {
		return location
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	return scheme + "//" + rest[strings.LastIndexByte(rest[:end], '@')+1:]
}

// escapeControls writes what is not printable ASCII as \uXXXX.
func escapeControls(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' {
			fmt.Fprintf(&b, `\u%04X`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
