package origin

import "strings"

// IsSerialized reports whether s matches the grammar of the Origin header:
// a lowercase scheme, "://", a host and perhaps a port; or "null".
//
// This is for those who write such headers, or check what others write. Nothing
// about it says which origins a server allows: there the bytes of the header
// are compared.
//
// https://fetch.spec.whatwg.org/#origin-header
func IsSerialized(s string) bool {
	if s == "null" {
		return true
	}
	_, ok := splitSerialized(s)
	return ok
}

// A serialized is a string of the grammar's serialized-origin, split.
type serialized struct {
	scheme string
	host   string // in brackets, if it is an IPv6 address
	port   string
}

// https://fetch.spec.whatwg.org/#serialized-origin
func splitSerialized(s string) (parts serialized, ok bool) {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || !isScheme(scheme) {
		return serialized{}, false
	}
	host, port, hasPort := cutPort(rest)
	if hasPort && !isPort(port) {
		return serialized{}, false
	}
	// The grammar names IPv4 addresses as well, but they match as labels too.
	if !isIPv6Host(host) && !areLabels(host) {
		return serialized{}, false
	}
	return serialized{scheme, host, port}, true
}

// cutPort cuts s at the colon after the host. The colons of an IPv6 address lie
// within brackets.
func cutPort(s string) (host, port string, ok bool) {
	from := 0
	if strings.HasPrefix(s, "[") {
		from = max(strings.IndexByte(s, ']'), 0)
	}
	colon := strings.IndexByte(s[from:], ':')
	if colon < 0 {
		return s, "", false
	}
	return s[:from+colon], s[from+colon+1:], true
}

func isScheme(s string) bool {
	if s == "" || !isLower(s[0]) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isLower(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// isPort reports whether s is one to five digits.
func isPort(s string) bool {
	return s != "" && len(s) <= 5 && strings.Trim(s, "0123456789") == ""
}

// areLabels reports whether s is one or more labels with full stops between
// them. A label is of lowercase letters, digits and hyphens, the last only
// between others.
func areLabels(s string) bool {
	wasAlphanumeric := false
	for i := range len(s) {
		switch c := s[i]; {
		case isLower(c) || isDigit(c):
			wasAlphanumeric = true
		case c == '.' && wasAlphanumeric:
			wasAlphanumeric = false
		case c == '-' && i > 0 && s[i-1] != '.' && i+1 < len(s) && s[i+1] != '.':
		default:
			return false
		}
	}
	return wasAlphanumeric
}

// isIPv6Host reports whether s is an IPv6 address in brackets.
func isIPv6Host(s string) bool {
	address, ok := strings.CutPrefix(s, "[")
	if !ok {
		return false
	}
	address, ok = strings.CutSuffix(address, "]")
	if !ok {
		return false
	}
	before, after, isCompressed := strings.Cut(address, "::")
	left, ok := countGroups(before)
	if !ok {
		return false
	}
	right, ok := countGroups(after)
	if !ok {
		return false
	}
	if isCompressed {
		return left+right <= 8-2 // "::" stands for two groups or more
	}
	return left == 8
}

// countGroups counts the groups of an IPv6 address in s, which may be none. A
// group is up to four hexadecimal digits, in lowercase and without leading zeros.
func countGroups(s string) (n int, ok bool) {
	for more := s != ""; more; n++ {
		var group string
		group, s, more = strings.Cut(s, ":")
		isGroup := group != "" && len(group) <= 4 &&
			(group == "0" || group[0] != '0') &&
			strings.Trim(group, "0123456789abcdef") == ""
		if !isGroup {
			return 0, false
		}
	}
	return n, true
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
