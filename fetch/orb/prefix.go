package orb

import (
	"bytes"
	"strings"
)

// A guess is what the start of a body says of all of it.
type guess uint8

const (
	no    guess = iota
	maybe       // more of it would tell
	yes
)

// space is what text may begin with and still begin with what follows.
const space = " \t\r\n\f"

// beginsAsDocument reports whether first, the start of a body, is that of HTML,
// XML or JSON, so that the body cannot be a script.
func beginsAsDocument(first []byte) (Reason, bool) {
	first = bytes.TrimPrefix(first, []byte("\ufeff"))
	switch {
	case beginsAsHTML(first) == yes:
		return HTML, true
	case beginsAsXML(first) == yes:
		return XML, true
	case beginsAsData(first) == yes:
		return JSON, true
	}
	return "", false
}

// htmlTags are what HTML begins with, in any case. Comments are not among them:
// JavaScript has those too.
var htmlTags = []string{
	"<!doctype html", "<script", "<html", "<head", "<iframe", "<h1", "<div", "<font", "<table",
	"<a", "<style", "<title", "<b", "<p",
}

func beginsAsHTML(text []byte) guess {
	for len(text) > 0 {
		text = bytes.TrimLeft(text, space)
		if is := beginsWithAny(text, htmlTags, true); is != no {
			return is
		}
		rest, is := skipComment(text)
		if is != yes {
			return is
		}
		text = rest
	}
	return maybe
}

// skipComment returns what follows the HTML comment that text begins with, and
// the line that it ends on: to JavaScript that is part of the comment.
//
// https://tc39.es/ecma262/#sec-html-like-comments
func skipComment(text []byte) (rest []byte, is guess) {
	const start, end = "<!--", "-->"
	if is := beginsWithAny(text, []string{start}, false); is != yes {
		return nil, is
	}
	at := bytes.Index(text[len(start):], []byte(end))
	if at < 0 {
		return nil, maybe
	}
	text = text[len(start)+at+len(end):]
	if at = bytes.IndexFunc(text, isLineTerminator); at < 0 {
		return nil, maybe
	}
	return text[at:], yes
}

// isLineTerminator reports whether c ends a line of JavaScript.
//
// https://tc39.es/ecma262/#prod-LineTerminator
func isLineTerminator(c rune) bool { return c == '\n' || c == '\r' || c == '\u2028' || c == '\u2029' }

func beginsAsXML(text []byte) guess {
	return beginsWithAny(bytes.TrimLeft(text, space), []string{"<?xml"}, false)
}

// breakers are what servers put before JSON so that no script can read it: as a
// script it is a syntax error, or does not end.
var breakers = []string{")]}'", "{}&&", "{} &&", "for(;;);", "while(1);", "for (;;);", "while (1);"}

func beginsAsData(text []byte) guess {
	if is := beginsWithAny(text, breakers, false); is != no {
		return is
	}
	return beginsAsJSONObject(text)
}

// beginsAsJSONObject looks for a brace, a string and a colon: a syntax error in
// JavaScript.
func beginsAsJSONObject(text []byte) guess {
	for _, token := range []byte(`{"`) {
		if text = bytes.TrimLeft(text, space); len(text) == 0 {
			return maybe
		}
		if text[0] != token {
			return no
		}
		text = text[1:]
	}
	for escaped := false; ; text = text[1:] {
		switch {
		case len(text) == 0:
			return maybe
		case escaped:
			escaped = false
		case text[0] == '\\':
			escaped = true
		case text[0] == '"':
			return beginsWithAny(bytes.TrimLeft(text[1:], space), []string{":"}, false)
		}
	}
}

// beginsWithAny says whether text begins with one of prefixes, which with
// anyCase are in lower case.
func beginsWithAny(text []byte, prefixes []string, anyCase bool) guess {
	for _, prefix := range prefixes {
		start := string(text[:min(len(text), len(prefix))])
		if anyCase {
			start = strings.ToLower(start)
		}
		switch {
		case start == prefix:
			return yes
		case strings.HasPrefix(prefix, start):
			return maybe
		}
	}
	return no
}
