package weburl

import (
	"strings"
	"unicode/utf8"
)

// appendHost appends the serialization of the host that s is when parsed. It is
// opaque unless isSpecial.
//
// https://url.spec.whatwg.org/#concept-host-parser
func appendHost(b []byte, s string, isSpecial bool) ([]byte, Reason) {
	if strings.HasPrefix(s, "[") {
		if !strings.HasSuffix(s, "]") {
			return b, IPv6Unclosed
		}
		address, why := parseIPv6(s[1 : len(s)-1])
		if why != "" {
			return b, why
		}
		return address.appendTo(b), ""
	}
	if !isSpecial {
		return appendOpaqueHost(b, s)
	}

	if strings.Contains(s, "%") {
		s = percentDecoded(s)
	}
	start := len(b)
	b, why := appendDomainToASCII(b, s)
	if why != "" {
		return b, why
	}
	if domain := b[start:]; !endsInNumber(domain) {
		return b, ""
	}
	address, why := parseIPv4(string(b[start:]))
	if why != "" {
		return b, why
	}
	return address.appendTo(b[:start]), ""
}

// https://url.spec.whatwg.org/#concept-opaque-host-parser
func appendOpaqueHost(b []byte, s string) ([]byte, Reason) {
	if forbiddenHostSet.containsAny(s) {
		return b, HostInvalidCodePoint
	}
	return appendEncoded(b, s, c0ControlSet), ""
}

// appendDomainToASCII appends the A-label form of the domain s, in lowercase.
//
// https://url.spec.whatwg.org/#concept-domain-to-ascii
func appendDomainToASCII(b []byte, s string) ([]byte, Reason) {
	start := len(b)
	if isASCII(s) {
		b = appendLower(b, s)
	} else {
		ascii, why := unicodeToASCII(s)
		if why != "" {
			return b, why
		}
		b = append(b, ascii...)
	}
	if len(b) == start {
		return b, DomainToASCII
	}
	for _, c := range b[start:] {
		if codePoints[c]&forbiddenDomainSet != 0 {
			return b, DomainInvalidCodePoint
		}
	}
	return b, ""
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// appendLower appends s in ASCII lowercase.
func appendLower(b []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		b = append(b, c)
	}
	return b
}
