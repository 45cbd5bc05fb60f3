package orb

import "strings"

// A Signature is how what is of a certain type begins.
//
// https://mimesniff.spec.whatwg.org/#pattern-matching-algorithm
type Signature struct {
	Pattern string
	Mask    string // the bits of each byte that count; "" means all of them
}

// Matches reports whether body begins with s.
func (s Signature) Matches(body []byte) bool {
	if len(body) < len(s.Pattern) {
		return false
	}
	for i := range len(s.Pattern) {
		c := body[i]
		if s.Mask != "" {
			c &= s.Mask[i]
		}
		if c != s.Pattern[i] {
			return false
		}
	}
	return true
}

func anyMatches(signatures []Signature, body []byte) bool {
	for _, s := range signatures {
		if s.Matches(body) {
			return true
		}
	}
	return false
}

// gaps returns the signature pattern, in which "?" is any byte.
func gaps(pattern string) Signature {
	bits := []byte(pattern)
	for i, c := range bits {
		if bits[i] = 0xFF; c == '?' {
			bits[i] = 0
		}
	}
	return Signature{Pattern: strings.ReplaceAll(pattern, "?", "\x00"), Mask: string(bits)}
}

// plain returns the signatures of patterns.
func plain(patterns ...string) []Signature {
	signatures := make([]Signature, len(patterns))
	for i, pattern := range patterns {
		signatures[i].Pattern = pattern
	}
	return signatures
}

// webImages are how the images of the web begin.
//
// https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
func webImages() []Signature {
	return append(plain(
		"\x00\x00\x01\x00", // a Windows icon
		"\x00\x00\x02\x00", // a Windows cursor
		"BM",
		"GIF87a",
		"GIF89a",
		"\x89PNG\r\n\x1A\n",
		"\xFF\xD8\xFF", // JPEG
	), gaps("RIFF????WEBPVP"))
}
