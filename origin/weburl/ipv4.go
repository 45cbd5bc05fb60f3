package weburl

import (
	"bytes"
	"strconv"
	"strings"
)

// An ipv4 is an IPv4 address.
//
// https://url.spec.whatwg.org/#concept-ipv4
type ipv4 uint32

// endsInNumber reports whether the domain has to be an IPv4 address.
//
// https://url.spec.whatwg.org/#ends-in-a-number-checker
func endsInNumber(domain []byte) bool {
	domain = bytes.TrimSuffix(domain, []byte{'.'})
	last := domain[bytes.LastIndexByte(domain, '.')+1:]
	if len(last) == 0 || !isDigit(last[0]) {
		return false
	}
	if isHexNumber := len(last) >= 2 && last[0] == '0' && last[1]|0x20 == 'x'; isHexNumber {
		return all(last[2:], isHex)
	}
	// A number that is not octal although it starts with a zero counts as well.
	return all(last, isDigit)
}

func all(s []byte, is func(byte) bool) bool {
	for _, c := range s {
		if !is(c) {
			return false
		}
	}
	return true
}

// https://url.spec.whatwg.org/#concept-ipv4-parser
func parseIPv4(s string) (ipv4, Reason) {
	s = strings.TrimSuffix(s, ".")
	var numbers [4]uint64
	if strings.Count(s, ".") >= len(numbers) {
		return 0, IPv4TooManyParts
	}
	n := 0
	for more := true; more; n++ {
		var part string
		part, s, more = strings.Cut(s, ".")
		number, ok := parseIPv4Number(part)
		if !ok {
			return 0, IPv4NonNumericPart
		}
		numbers[n] = number
	}

	// The last number fills all the bytes that the others leave.
	last := numbers[n-1]
	if last >= 1<<(8*(5-n)) {
		return 0, IPv4OutOfRangePart
	}
	address := last
	for i, number := range numbers[:n-1] {
		if number > 255 {
			return 0, IPv4OutOfRangePart
		}
		address += number << (8 * (3 - i))
	}
	return ipv4(address), ""
}

// parseIPv4Number parses a number that is hexadecimal after 0x, octal after 0
// and else decimal. Numbers of more than 32 bits are too large wherever they
// stand, so they all count as the smallest of them.
//
// https://url.spec.whatwg.org/#ipv4-number-parser
func parseIPv4Number(s string) (number uint64, ok bool) {
	if s == "" {
		return 0, false
	}
	base := uint64(10)
	switch {
	case len(s) >= 2 && s[0] == '0' && s[1]|0x20 == 'x':
		s, base = s[2:], 16
	case len(s) >= 2 && s[0] == '0':
		s, base = s[1:], 8
	}
	for i := range len(s) {
		if !isHex(s[i]) || uint64(hexValue(s[i])) >= base {
			return 0, false
		}
		number = min(number*base+uint64(hexValue(s[i])), 1<<32)
	}
	return number, true
}

// https://url.spec.whatwg.org/#concept-ipv4-serializer
func (a ipv4) appendTo(b []byte) []byte {
	for shift := 24; shift >= 0; shift -= 8 {
		b = strconv.AppendUint(b, uint64(a>>shift&0xff), 10)
		if shift > 0 {
			b = append(b, '.')
		}
	}
	return b
}
