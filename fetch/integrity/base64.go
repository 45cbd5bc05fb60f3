package integrity

import (
	"encoding/base64"
	"strings"
)

// isBase64 reports whether s could be base64 in either alphabet, padded or not.
func (r Rules) isBase64(s string) bool {
	if !r.EqualsInside {
		s = strings.TrimRight(s, "=")
	}
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			c == '+', c == '/', c == '-', c == '_', c == '=' && r.EqualsInside:
		default:
			return false
		}
	}
	return s != ""
}

// urlToStandard replaces what is only in the alphabet of URLs.
var urlToStandard = strings.NewReplacer("-", "+", "_", "/")

// decode decodes base64 in either alphabet.
func (r Rules) decode(s string) ([]byte, error) {
	if r.PaddingIgnored {
		return base64.RawStdEncoding.DecodeString(urlToStandard.Replace(strings.TrimRight(s, "=")))
	}
	if decoded, err := base64.StdEncoding.DecodeString(s); err == nil {
		return decoded, nil
	}
	if len(s)%4 == 0 {
		s = strings.TrimRight(s, "=")
	}
	return base64.RawURLEncoding.DecodeString(s)
}
