package orb

import (
	"slices"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/safelist"
)

// StartLength is how many bytes of a body its start is.
const StartLength = 1024

// A Response is an opaque response, as far as its header tells.
type Response struct {
	Type         string // the essence of its MIME type, in lower case; "" if it has none
	Nosniff      bool   // X-Content-Type-Options says so
	Status       int
	ContentRange string

	// ForMedia is whether an audio or video element has asked for it.
	ForMedia bool
}

// A Verdict says what becomes of a response. The zero value is that more of it
// has to be seen.
type Verdict uint8

// The verdicts.
const (
	Undecided Verdict = iota
	Allowed
	Blocked
)

// A Reason is why a response is blocked, in words.
type Reason string

// The reasons.
const (
	NeverSniffed    Reason = "a type of which nothing is ever an image, media, a script or a style sheet"
	PartialDocument Reason = "a part of a document"
	NosniffDocument Reason = "a document, by its type and nosniff"
	NotFirstPart    Reason = "a part that is not the first"
	NotMedia        Reason = "neither audio nor video, for an element that plays such"
	NosniffOther    Reason = "neither an image nor media, and nosniff"
	NotOK           Reason = "neither an image nor media, with a status that is not ok"
	NoSuchMedia     Reason = "neither an image nor media, although its type says so"
	HTML            Reason = "HTML, by how it begins"
	XML             Reason = "XML, by how it begins"
	JSON            Reason = "JSON, by how it begins"
	NotScript       Reason = "no script"
)

// Rules say what is blocked; [Chromium] and [Firefox] return those of browsers.
type Rules struct {
	// Safelisted are the types, besides text/css, image/svg+xml and those of
	// JavaScript, of which all is allowed. "audio/" is all that begin so.
	Safelisted []string

	// NeverSniffed are the types of which nothing is allowed.
	NeverSniffed []string

	// Images and Media are how what is allowed begins, whatever its type.
	Images, Media []Signature

	// PlainNosniff: text/plain with nosniff is allowed; it is blocked otherwise.
	PlainNosniff bool

	// ByStart: what is not allowed by then is blocked if it begins as HTML, XML or
	// JSON, be its type one of JavaScript's, and no more is asked. Otherwise it
	// has to be a script.
	ByStart bool

	// HomeAllowed: what comes from the page's own origin is allowed, though
	// redirects have made it opaque.
	HomeAllowed bool

	// AfterType: what its type forbids is refused for that first.
	AfterType bool
}

// Header decides by the header alone.
func (r *Rules) Header(res Response) (Verdict, Reason) {
	m, _ := safelist.ParseMIMEType(res.Type)
	document := m.IsHTML() || m.IsJSON() || m.IsXML()
	plain := res.Type == "text/plain"
	switch {
	case res.Type == "":
	case r.isSafelisted(m), plain && res.Nosniff && r.PlainNosniff:
		return Allowed, ""
	case slices.Contains(r.NeverSniffed, res.Type):
		return Blocked, NeverSniffed
	case document && res.Status == 206 && !r.ByStart:
		return Blocked, PartialDocument
	case (document || plain) && res.Nosniff:
		return Blocked, NosniffDocument
	}
	if res.Status == 206 && !r.isFirstPart(res.ContentRange) {
		return Blocked, NotFirstPart
	}
	return Undecided, ""
}

// isSafelisted reports whether all that is of type m is allowed.
func (r *Rules) isSafelisted(m safelist.MIMEType) bool {
	if m.IsJavaScript() {
		return !r.ByStart
	}
	essence := m.Essence()
	return essence == "text/css" || essence == "image/svg+xml" || slices.ContainsFunc(r.Safelisted, func(s string) bool {
		return s == essence || strings.HasSuffix(s, "/") && strings.HasPrefix(essence, s)
	})
}

// isFirstPart reports whether what came with status 206 begins at the first
// byte.
//
// https://wicg.github.io/background-fetch/#validate-a-partial-response
func (r *Rules) isFirstPart(contentRange string) bool {
	first, ok := firstPosition(contentRange)
	if !ok {
		return r.ByStart
	}
	return first == 0
}

// firstPosition is the position of the first byte that a Content-Range names.
//
// https://fetch.spec.whatwg.org/#build-a-content-range
func firstPosition(contentRange string) (int64, bool) {
	unit, rest, ok := strings.Cut(contentRange, " ")
	bounds, total, ok2 := strings.Cut(rest, "/")
	from, to, ok3 := strings.Cut(bounds, "-")
	if !ok || !ok2 || !ok3 || !strings.EqualFold(unit, "bytes") {
		return 0, false
	}
	first, err := strconv.ParseInt(strings.TrimSpace(from), 10, 64)
	last, err2 := strconv.ParseInt(strings.TrimSpace(to), 10, 64)
	if err != nil || err2 != nil || first < 0 || first > last {
		return 0, false
	}
	if total = strings.TrimSpace(total); total != "*" {
		if length, err := strconv.ParseInt(total, 10, 64); err != nil || last >= length {
			return 0, false
		}
	}
	return first, true
}

// Start decides by the first [StartLength] bytes of the body, or all if there
// are fewer.
//
// Precondition: Header has left it undecided.
func (r *Rules) Start(res Response, first []byte) (Verdict, Reason) {
	switch {
	case anyMatches(r.Media, first), r.ByStart && anyMatches(r.Images, first):
		return Allowed, ""
	case r.ByStart:
		return byStart(res, first)
	case res.ForMedia:
		return Blocked, NotMedia
	case anyMatches(r.Images, first):
		return Allowed, ""
	case res.Nosniff:
		return Blocked, NosniffOther
	case !safelist.IsOKStatus(res.Status):
		return Blocked, NotOK
	case res.Type == "":
		return Allowed, ""
	case isMedia(res.Type):
		return Blocked, NoSuchMedia
	}
	return Undecided, ""
}

// isMedia reports whether a type is one of images, audio or video.
func isMedia(essence string) bool {
	kind, _, _ := strings.Cut(essence, "/")
	return kind == "image" || kind == "audio" || kind == "video"
}

// byStart is Start for what is neither an image nor media, under ByStart.
func byStart(res Response, first []byte) (Verdict, Reason) {
	if res.Type == "" {
		return Allowed, ""
	}
	if reason, is := beginsAsDocument(first); is {
		return Blocked, reason
	}
	return Allowed, ""
}

// Body decides by all of the body.
//
// Precondition: Start has left it undecided.
func (r *Rules) Body(body []byte) (Verdict, Reason) {
	if isJSON(body) || !mayBeScript(body) {
		return Blocked, NotScript
	}
	return Allowed, ""
}
