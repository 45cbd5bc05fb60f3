package weburl

import (
	"math"
	"strings"
)

// A byteClass is a set of bytes, as a bit in canonicalBytes.
type byteClass uint8

const (
	hostByte byteClass = 1 << iota
	pathByte
	queryByte
	fragmentByte
)

// canonicalBytes has the bytes that parsing an http or https URL leaves alone,
// in each component.
var canonicalBytes = func() (table [256]byteClass) {
	for i := '!'; i <= '~'; i++ {
		c := byte(i)
		if 'a' <= c && c <= 'z' || isDigit(c) || c == '-' || c == '.' || c == '_' {
			table[c] |= hostByte
		}
		if codePoints[c]&pathSet == 0 && c != '\\' {
			table[c] |= pathByte
		}
		if codePoints[c]&specialQuerySet == 0 {
			table[c] |= queryByte
		}
		if codePoints[c]&fragmentSet == 0 {
			table[c] |= fragmentByte
		}
	}
	return table
}()

// parseCanonical parses s if it is an http or https URL without credentials
// that is easily seen to be its own serialization. If not, ok is false.
func parseCanonical(s string) (u URL, ok bool) {
	if uint64(len(s)) > math.MaxUint32 { // which the offsets could not hold
		return u, false
	}
	u = URL{href: s, flags: hasHost}
	switch {
	case strings.HasPrefix(s, "https://"):
		u.kind, u.schemeEnd = httpsScheme, uint32(len("https"))
	case strings.HasPrefix(s, "http://"):
		u.kind, u.schemeEnd = httpScheme, uint32(len("http"))
	default:
		return u, false
	}
	start := int(u.schemeEnd) + len("://")
	end := skip(s, start, hostByte)
	if !isCanonicalHost(s[start:end]) {
		return u, false
	}
	u.usernameEnd, u.hostStart, u.hostEnd = uint32(start), uint32(start), uint32(end)

	if end, ok = u.canonicalPort(end); !ok {
		return u, false
	}
	u.pathStart = uint32(end)
	if end, ok = skipPath(s, end); !ok {
		return u, false
	}
	u.pathEnd = uint32(end)
	if startsWith(s[end:], '?') {
		end = skip(s, end+1, queryByte)
	}
	u.queryEnd = uint32(end)
	if startsWith(s[end:], '#') {
		end = skip(s, end+1, fragmentByte)
	}
	if end != len(s) {
		return u, false
	}
	return u, true
}

// skip returns the index of the first byte of s, from i on, that is not in the
// class.
func skip(s string, i int, class byteClass) int {
	for i < len(s) && canonicalBytes[s[i]]&class != 0 {
		i++
	}
	return i
}

// isCanonicalHost reports whether host, which is of hostBytes only, is a domain,
// or an IPv4 address in its shortest form.
func isCanonicalHost(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" {
		return false
	}
	return !isDigit(last[0]) || isCanonicalIPv4(host)
}

// isCanonicalIPv4 reports whether host is four decimal numbers of at most 255
// without leading zeros.
func isCanonicalIPv4(host string) bool {
	numbers := 1
	number, length := 0, 0
	for i := range len(host) {
		switch c := host[i]; {
		case c == '.' && length > 0:
			numbers++
			number, length = 0, 0
		case isDigit(c) && (length == 0 || number > 0):
			number = number*10 + int(c-'0')
			length++
			if number > 255 {
				return false
			}
		default:
			return false
		}
	}
	return numbers == 4 && length > 0
}

// canonicalPort sets the port to the one at i, if there is one there, and
// returns where it ends.
func (u *URL) canonicalPort(i int) (end int, ok bool) {
	if !startsWith(u.href[i:], ':') {
		return i, true
	}
	start := i + 1
	port := 0
	for end = start; end < len(u.href) && end-start < len("65535") && isDigit(u.href[end]); end++ {
		port = port*10 + int(u.href[end]-'0')
	}
	defaultPort, _ := u.kind.defaultPort()
	if end == start || u.href[start] == '0' || port > 65535 || port == int(defaultPort) {
		return i, false
	}
	u.port = uint16(port)
	u.flags |= hasPort
	return end, true
}

// skipPath returns where the path at i ends, if it starts with a slash and has
// no segment of dots.
func skipPath(s string, i int) (end int, ok bool) {
	if !startsWith(s[i:], '/') {
		return i, false
	}
	for ; i < len(s) && canonicalBytes[s[i]]&pathByte != 0; i++ {
		if s[i] == '/' && i+1 < len(s) && (s[i+1] == '.' || s[i+1] == '%') && isDotsAt(s[i+1:]) {
			return i, false
		}
	}
	return i, true
}

// isDotsAt reports whether s starts with a path segment of dots.
func isDotsAt(s string) bool {
	end := 0
	for end < len(s) && end <= len("%2e%2e") && canonicalBytes[s[end]]&pathByte != 0 && s[end] != '/' {
		end++
	}
	return dots(s[:end]) != noDot
}
