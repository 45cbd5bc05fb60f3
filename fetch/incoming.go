package fetch

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/corsfetch/corsfetch/safelist"
)

// takeIn returns the response record for in, the answer to o.
func (p *fetchParams) takeIn(o *outgoing, in *http.Response, stage Stage) (*response, *Error) {
	res := &o.answer
	*res = response{status: in.StatusCode, header: in.Header, body: in.Body, in: in}
	if res.body == nil {
		res.body = http.NoBody
	}
	// 101 and other informational statuses are not answers to a fetch.
	if in.StatusCode < 200 || in.StatusCode > 999 {
		res.discard()
		return nil, p.refuseResponse(ErrInvalidResponse, stage, in.StatusCode, refusal{got: "status " + strconv.Itoa(in.StatusCode), want: "200 to 999"})
	}
	if !isNormal(in.Header) {
		res.header = normal(in.Header, p.profile)
	}
	if p.profile.Response.UnequalRefused {
		if name := unequal(res.header); name != "" {
			res.discard()
			return nil, p.refuseResponse(ErrInvalidResponse, stage, in.StatusCode, refusal{header: name, got: "different values", want: "one value", repeated: true})
		}
	}
	if p.profile.Response.FirstOfOne {
		res.header = withFirstOfOne(res.header)
	}
	if p.profile.Response.EmptyRepeatsIgnored {
		res.header = withoutEmptyRepeats(res.header)
	}
	if p.profile.Response.ReplacesInvalidUTF8 {
		res.header = withValidUTF8(res.header)
	}
	p.profile.Response.trimStatusText(in)
	if res.body != http.NoBody {
		o.reader = responseBody{res.body, p.profile.Response.ShortBodies.end(in.StatusCode)}
		res.body = &o.reader
	}
	return res, nil
}

// restoreFraming puts back the headers that net/http takes out of an answer.
//
// Note: a body that ends with the connection sets Close, whether a header said
// so or not; servers say it.
func restoreFraming(in *http.Response) {
	closes := in.Close && in.ProtoMajor == 1 && in.ProtoMinor == 1
	if !closes && !in.Uncompressed && len(in.TransferEncoding) == 0 && len(in.Trailer) == 0 {
		return
	}
	if in.Header == nil {
		in.Header = http.Header{}
	}
	if len(in.TransferEncoding) > 0 && in.Header["Transfer-Encoding"] == nil {
		in.Header["Transfer-Encoding"] = slices.Clone(in.TransferEncoding)
	}
	if len(in.Trailer) > 0 && in.Header["Trailer"] == nil {
		in.Header["Trailer"] = []string{strings.Join(slices.Sorted(maps.Keys(in.Trailer)), ", ")}
	}
	if closes && in.Header["Connection"] == nil {
		in.Header["Connection"] = []string{"close"}
	}
	// A base transport that asks for gzip on its own takes it off, too.
	if in.Uncompressed && in.Header["Content-Encoding"] == nil {
		in.Header["Content-Encoding"] = []string{"gzip"}
	}
}

// A responseBody is a body as it came, whose errors tell nothing of what came
// after it.
type responseBody struct {
	io.ReadCloser
	short bool // it is complete wherever it ends
}

func (b *responseBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == nil || err == io.EOF:
	case b.short && err == io.ErrUnexpectedEOF:
		err = io.EOF
	case quotesResponse(err):
		err = errMalformed // by a trailer, which pages never see
	}
	return n, err
}

// unequal returns the name of a header whose values may not differ, and do.
func unequal(h http.Header) string {
	for _, name := range [...]string{"Content-Disposition", "Location"} {
		values := h[name]
		for i := 1; i < len(values); i++ {
			if values[i] != values[0] {
				return name
			}
		}
	}
	return ""
}

// withFirstOfOne returns h with the first value of each header that has one by
// its nature. Of Content-Type all are left.
func withFirstOfOne(h http.Header) http.Header {
	isClone := false
	for name, values := range h {
		if len(values) < 2 || !hasOneValue(name) || name == "Content-Type" {
			continue
		}
		if !isClone {
			h, isClone = maps.Clone(h), true
		}
		h[name] = values[:1:1]
	}
	return h
}

// withoutEmptyRepeats returns h without the empty values of headers that have
// others, too; of several that are all empty it leaves one.
func withoutEmptyRepeats(h http.Header) http.Header {
	for name, values := range h {
		// Note: of these it counts how often they came.
		if len(values) < 2 || !slices.Contains(values, "") || name == headerAllowOrigin || name == "Location" || name == headerNosniff || name == "X-Frame-Options" {
			continue
		}
		h = maps.Clone(h)
		h[name] = withoutEmpty(values)
	}
	return h
}

// withoutEmpty returns the values that are not empty; one if all are.
func withoutEmpty(values []string) []string {
	kept := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	if len(kept) == 0 {
		return []string{""}
	}
	return kept
}

// withValidUTF8 returns h with U+FFFD, in UTF-8, for each byte of a value that is
// no part of valid UTF-8.
func withValidUTF8(h http.Header) http.Header {
	isClone := false
	for name, values := range h {
		for i, value := range values {
			if utf8.ValidString(value) {
				continue
			}
			if !isClone {
				h, isClone = h.Clone(), true
			}
			h[name][i] = string([]rune(value))
		}
	}
	return h
}

// isNormal reports whether h is keyed as http.Header is meant to be and its
// values are normalized. What net/http has read always is; a base transport of
// another kind may not care.
func isNormal(h http.Header) bool {
	for name, values := range h {
		if !isCanonical(name) {
			return false
		}
		for _, value := range values {
			if value != "" && (value[0] <= ' ' || value[len(value)-1] <= ' ') {
				return false
			}
		}
	}
	return true
}

// isCanonical reports whether name is printable and capitalized as http.Header
// has it: a letter is upper-case if it is the first or comes after "-".
//
// Optimization: what most responses have is known, and of other names no step
// waits for the one before it, nor branches; http.CanonicalHeaderKey does the same
// in many times the time.
func isCanonical(name string) bool {
	switch name {
	case "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
		"Access-Control-Expose-Headers", "Access-Control-Max-Age", "Cache-Control", "Content-Length", "Content-Type", "Date", "Vary":
		return true
	}
	wrong, before := uint8(0), uint8('-')
	for i := range len(name) {
		wrong |= kinds[name[i]] & notAfter[before]
		before = name[i]
	}
	return wrong == 0
}

// What a byte is in a header name, if it matters.
const (
	never uint8 = 1 << iota
	upperLetter
	lowerLetter
)

// kinds says what a byte is, notAfter what may not follow it.
var kinds, notAfter = func() (kinds, notAfter [256]uint8) {
	for c := range kinds {
		switch {
		case c <= ' ' || c >= 0x7f:
			kinds[c] = never
		case 'A' <= c && c <= 'Z':
			kinds[c] = upperLetter
		case 'a' <= c && c <= 'z':
			kinds[c] = lowerLetter
		}
		notAfter[c] = never | upperLetter
	}
	notAfter['-'] = never | lowerLetter
	return kinds, notAfter
}()

// normal returns h with its keys in canonical form and its values normalized.
func normal(h http.Header, profile *Profile) http.Header {
	n := make(http.Header, len(h))
	// Note: in order, for names that differ in their case are one header.
	for _, name := range slices.Sorted(maps.Keys(h)) {
		values := h[name]
		if trimmed := strings.TrimRight(name, " \t"); trimmed != name {
			switch profile.Response.SpacedNames {
			case SpacedNamesTrimmed:
				name = trimmed
			case SpacedNamesDropped:
				continue
			}
		}
		key := http.CanonicalHeaderKey(name)
		for _, value := range values {
			n[key] = append(n[key], safelist.NormalizeHeaderValue(value))
		}
	}
	return n
}
