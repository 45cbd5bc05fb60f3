package safelist

// IsToken reports whether s is a token as HTTP defines it: one or more ASCII
// letters, digits, or symbols out of !#$%&'*+-.^_`|~.
//
// https://httpwg.org/specs/rfc9110.html#tokens
func IsToken(s string) bool { return s != "" && all(s, tokenByte) }

// IsHeaderName reports whether s is a header name, that is, a token.
//
// https://fetch.spec.whatwg.org/#header-name
func IsHeaderName(s string) bool { return IsToken(s) }

// IsHeaderValue reports whether s is a header value: no tab or space at either
// end, and no NUL, line feed or carriage return anywhere. Every other byte is
// fine, so other control characters are, and so is the empty value.
//
// https://fetch.spec.whatwg.org/#header-value
func IsHeaderValue(s string) bool {
	if s == "" {
		return true
	}
	return !in(s[0], tabSpaceByte) && !in(s[len(s)-1], tabSpaceByte) && none(s, fatalByte)
}

// NormalizeHeaderValue strips tabs, spaces, line feeds and carriage returns from
// both ends of s. What is left may still be no header value.
//
// https://fetch.spec.whatwg.org/#concept-header-value-normalize
func NormalizeHeaderValue(s string) string { return trim(s, spaceByte) }
