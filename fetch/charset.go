package fetch

import (
	"maps"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/safelist"
)

// Types of bodies that come with a charset.
const (
	textType = "text/plain;charset=UTF-8"                        // of a string
	formType = "application/x-www-form-urlencoded;charset=UTF-8" // of URLSearchParams
)

// A CharsetRewriting is what becomes of the charset in the Content-Type that a
// script gives an XMLHttpRequest.
type CharsetRewriting uint8

const (
	// CharsetParsed: a string's is UTF-8, whatever it was, and the type is
	// serialized anew unless it was UTF-8 already.
	CharsetParsed CharsetRewriting = iota
	// CharsetParsedOfForms: URLSearchParams' too.
	CharsetParsedOfForms
	// CharsetInPlace: so are both, but nothing else of the type is changed.
	CharsetInPlace
)

// rewriteCharset makes the charset of the Content-Type that a script has set
// that of the body.
//
// https://xhr.spec.whatwg.org/#the-send()-method
func (p *fetchParams) rewriteCharset(bodyType string) {
	r, how := &p.request, p.profile.Initiator.Charset
	switch {
	case r.initiator != InitiatorXMLHttpRequest || !p.hasHeader("Content-Type"):
		return
	case p.env.worker && p.profile.Initiator.WorkerCharset:
		return
	case bodyType != textType && (bodyType != formType || how == CharsetParsed):
		return
	}
	given := r.header["Content-Type"][0]
	rewritten := reserialized(given)
	if how == CharsetInPlace {
		rewritten = replacedInPlace(given)
	}
	if rewritten != given {
		r.header = maps.Clone(r.header) // it may be the caller's
		r.header["Content-Type"] = []string{rewritten}
	}
}

// bodyTypeInWorker is bodyType as the browser has it in a worker.
func (p *fetchParams) bodyTypeInWorker(bodyType string) string {
	if p.request.initiator == InitiatorXMLHttpRequest && p.env.worker && p.profile.Initiator.WorkerCharset && bodyType == textType {
		return strings.ToLower(textType)
	}
	return bodyType
}

// reserialized returns contentType with the charset UTF-8 if it names another.
func reserialized(contentType string) string {
	m, ok := safelist.ParseMIMEType(contentType)
	if !ok {
		return contentType
	}
	i := slices.IndexFunc(m.Parameters, func(p safelist.Parameter) bool { return p.Name == "charset" })
	if i < 0 || strings.EqualFold(m.Parameters[i].Value, "UTF-8") {
		return contentType
	}
	m.Parameters[i].Value = "UTF-8"
	return m.String()
}

// replacedInPlace returns contentType with UTF-8 in place of the value of every
// charset parameter, up to one that has none.
func replacedInPlace(contentType string) string {
	const charset = "UTF-8"
	for done := 0; ; {
		start, end := charsetValue(contentType, done)
		if start == end {
			return contentType
		}
		contentType = contentType[:start] + charset + contentType[end:]
		done = start + len(charset)
	}
}

// charsetValue returns where the value of the first charset parameter at or after
// from begins and ends, without quotes; 0, 0 if there is none, or no type before
// it.
func charsetValue(contentType string, from int) (start, end int) {
	const name = "charset"
	isSpace := func(c rune) bool { return c <= ' ' }
	isSpaceOrQuote := func(c rune) bool { return c <= ' ' || c == '"' || c == '\'' }
	for i := from; i+len(name) <= len(contentType); i++ {
		if !strings.EqualFold(contentType[i:i+len(name)], name) {
			continue
		}
		if i == 0 {
			break
		}
		value, ok := strings.CutPrefix(strings.TrimLeftFunc(contentType[i+len(name):], isSpace), "=")
		if before := contentType[i-1]; !ok || before > ' ' && before != ';' {
			continue
		}
		value = strings.TrimLeftFunc(value, isSpaceOrQuote)
		length := strings.IndexFunc(value, func(c rune) bool { return c == ';' || isSpaceOrQuote(c) })
		if length < 0 {
			length = len(value)
		}
		start = len(contentType) - len(value)
		return start, start + length
	}
	return 0, 0
}
