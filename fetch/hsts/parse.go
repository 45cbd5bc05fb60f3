package hsts

import (
	"strings"
	"time"
)

// A Policy is what a host asks for.
type Policy struct {
	MaxAge            time.Duration // in whole seconds; 0 forgets the host
	IncludeSubDomains bool          // all names below the host are meant, too
}

// longest is what a MaxAge beyond all bounds is taken for, in seconds.
const longest = 5 * 365 * 24 * 60 * 60

// Parse returns the policy that the Strict-Transport-Security headers of a
// response hold. The first header counts; ok is false if it is malformed.
//
// https://www.rfc-editor.org/rfc/rfc6797#section-6.1
func Parse(headers []string) (p Policy, ok bool) {
	if len(headers) == 0 {
		return Policy{}, false
	}
	seen := make(map[string]bool)
	for rest := headers[0]; rest != ""; {
		var name, value string
		var hasValue bool
		if name, value, hasValue, rest, ok = cutDirective(rest); !ok {
			return Policy{}, false
		}
		if name == "" {
			continue
		}
		if seen[name] {
			return Policy{}, false
		}
		seen[name] = true
		switch name {
		case "max-age":
			if p.MaxAge, ok = parseSeconds(value); !ok {
				return Policy{}, false
			}
		case "includesubdomains":
			if hasValue {
				return Policy{}, false
			}
			p.IncludeSubDomains = true
		}
	}
	if !seen["max-age"] {
		return Policy{}, false
	}
	return p, true
}

// cutDirective returns the first directive of s, its name in lower case and its
// value without quotes, and what is behind its semicolon.
func cutDirective(s string) (name, value string, hasValue bool, rest string, ok bool) {
	s = trimSpace(s)
	n := 0
	for n < len(s) && isTokenByte(s[n]) {
		n++
	}
	name, s = strings.ToLower(s[:n]), trimSpace(s[n:])
	if rest, hasValue = strings.CutPrefix(s, "="); hasValue {
		if name == "" {
			return "", "", false, "", false
		}
		if value, s, ok = cutValue(trimSpace(rest)); !ok {
			return "", "", false, "", false
		}
		s = trimSpace(s)
	}
	if s == "" {
		return name, value, hasValue, "", true
	}
	rest, ok = strings.CutPrefix(s, ";")
	return name, value, hasValue, rest, ok
}

// cutValue returns the token or quoted string that s begins with.
func cutValue(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		n := 0
		for n < len(s) && isTokenByte(s[n]) {
			n++
		}
		return s[:n], s[n:], n > 0
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}

// parseSeconds reads a number of digits only.
func parseSeconds(s string) (d time.Duration, ok bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || '9' < s[i] {
			return 0, false
		}
		n = min(n*10+int(s[i]-'0'), longest)
	}
	return time.Duration(n) * time.Second, s != ""
}

func trimSpace(s string) string { return strings.Trim(s, " \t") }

// isTokenByte reports whether c may be in a token.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
func isTokenByte(c byte) bool {
	switch {
	case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
