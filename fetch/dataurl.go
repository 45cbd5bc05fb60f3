package fetch

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/safelist"
)

// parseDataURL returns the MIME type and the body that a data: URL without
// fragment holds.
//
// https://fetch.spec.whatwg.org/#data-url-processor
func parseDataURL(href string) (mimeType, body string, ok bool) {
	mimeType, encoded, ok := strings.Cut(strings.TrimPrefix(href, "data:"), ",")
	if !ok {
		return "", "", false
	}
	mimeType = strings.Trim(mimeType, "\t\n\f\r ")
	body = percentDecode(encoded)
	if rest, isBase64 := cutBase64(mimeType); isBase64 {
		if body, ok = forgivingBase64(body); !ok {
			return "", "", false
		}
		mimeType = rest
	}
	if strings.HasPrefix(mimeType, ";") {
		mimeType = "text/plain" + mimeType
	}
	if m, ok := safelist.ParseMIMEType(mimeType); ok {
		return m.String(), body, true
	}
	return "text/plain;charset=US-ASCII", body, true
}

// cutBase64 returns s without the ";base64" it ends with, which may have spaces
// before the word and is written in any case.
func cutBase64(s string) (rest string, ok bool) {
	const word = "base64"
	if len(s) < len(word) || !strings.EqualFold(s[len(s)-len(word):], word) {
		return s, false
	}
	return strings.CutSuffix(strings.TrimRight(s[:len(s)-len(word)], " "), ";")
}

// forgivingBase64 decodes s, which may hold ASCII whitespace and lack its
// padding.
//
// https://infra.spec.whatwg.org/#forgiving-base64-decode
func forgivingBase64(s string) (string, bool) {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\t\n\f\r ", r) {
			return -1
		}
		return r
	}, s)
	if len(s)%4 == 0 {
		s = strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")
	}
	// Note: bits of the last character that are left over need not be zero.
	b, err := base64.RawStdEncoding.DecodeString(s)
	return string(b), err == nil
}

// percentDecode returns s with every %XX replaced by the byte it stands for,
// and every other % kept.
//
// https://url.spec.whatwg.org/#string-percent-decode
func percentDecode(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func lengthOf(body string) string { return strconv.Itoa(len(body)) }
