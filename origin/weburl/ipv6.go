package weburl

import "strconv"

// An ipv6 is an IPv6 address, as its pieces.
//
// https://url.spec.whatwg.org/#concept-ipv6
type ipv6 [8]uint16

// An ipv6Parser is one run of the IPv6 parser.
type ipv6Parser struct {
	rest     string
	address  ipv6
	n        int // pieces so far
	compress int // how many pieces stand before "::", or -1
}

// Precondition: s is without its brackets.
//
// https://url.spec.whatwg.org/#concept-ipv6-parser
func parseIPv6(s string) (ipv6, Reason) {
	p := ipv6Parser{rest: s, compress: -1}
	if why := p.parse(); why != "" {
		return ipv6{}, why
	}
	return p.address, ""
}

func (p *ipv6Parser) parse() Reason {
	if p.next(':') {
		if !p.next(':') {
			return IPv6InvalidCompression
		}
		p.markCompression()
	}
	for p.rest != "" {
		if p.n == len(p.address) {
			return IPv6TooManyPieces
		}
		if p.next(':') {
			if p.compress >= 0 {
				return IPv6MultipleCompression
			}
			p.markCompression()
			continue
		}
		piece, afterPiece := ipv6Piece(p.rest)
		if startsWith(afterPiece, '.') {
			// The digits just read are the first part of an IPv4 address.
			if len(afterPiece) == len(p.rest) {
				return IPv4InIPv6InvalidCodePoint
			}
			if why := p.embeddedIPv4(); why != "" {
				return why
			}
			break
		}
		p.rest = afterPiece
		if p.rest != "" && (!p.next(':') || p.rest == "") {
			return IPv6InvalidCodePoint
		}
		p.address[p.n] = piece
		p.n++
	}
	return p.expand()
}

// markCompression notes that "::" is here. It stands for at least one piece.
func (p *ipv6Parser) markCompression() {
	p.n++
	p.compress = p.n
}

// next takes c off the rest, if it is there.
func (p *ipv6Parser) next(c byte) bool {
	if !startsWith(p.rest, c) {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// ipv6Piece parses the up to 4 hexadecimal digits that s starts with.
func ipv6Piece(s string) (piece uint16, rest string) {
	length := 0
	for length < 4 && length < len(s) && isHex(s[length]) {
		piece = piece<<4 | uint16(hexValue(s[length]))
		length++
	}
	return piece, s[length:]
}

// embeddedIPv4 parses the rest as an IPv4 address, in the one form that is
// allowed here: four decimal numbers without leading zeros.
func (p *ipv6Parser) embeddedIPv4() Reason {
	if p.n > len(p.address)-2 {
		return IPv4InIPv6TooManyPieces
	}
	for seen := range 4 {
		if seen > 0 && p.rest == "" {
			return IPv4InIPv6TooFewParts
		}
		if seen > 0 && !p.next('.') || !startsWithDigit(p.rest) {
			return IPv4InIPv6InvalidCodePoint
		}
		part := 0
		for first := true; startsWithDigit(p.rest); first = false {
			if !first && part == 0 {
				return IPv4InIPv6InvalidCodePoint
			}
			part = part*10 + int(p.rest[0]-'0')
			if part > 255 {
				return IPv4InIPv6OutOfRangePart
			}
			p.rest = p.rest[1:]
		}
		p.address[p.n] = p.address[p.n]<<8 | uint16(part)
		if seen%2 == 1 {
			p.n++
		}
	}
	if p.rest != "" {
		return IPv4InIPv6InvalidCodePoint
	}
	return ""
}

// expand moves the pieces after "::" to the end.
func (p *ipv6Parser) expand() Reason {
	if p.compress < 0 {
		if p.n != len(p.address) {
			return IPv6TooFewPieces
		}
		return ""
	}
	after := p.address[p.compress:p.n]
	moved := ipv6{}
	copy(moved[:], p.address[:p.compress])
	copy(moved[len(moved)-len(after):], after)
	p.address = moved
	return ""
}

func startsWith(s string, c byte) bool { return s != "" && s[0] == c }

func startsWithDigit(s string) bool { return s != "" && isDigit(s[0]) }

// appendTo appends the address in brackets.
//
// https://url.spec.whatwg.org/#concept-ipv6-serializer
func (a ipv6) appendTo(b []byte) []byte {
	start, end := a.longestZeros()
	b = append(b, '[')
	for i := 0; i < len(a); i++ {
		if i == start {
			b = append(b, "::"...)
			i = end - 1
			continue
		}
		if i > 0 && i != end {
			b = append(b, ':')
		}
		b = strconv.AppendUint(b, uint64(a[i]), 16)
	}
	return append(b, ']')
}

// longestZeros returns the bounds of the first of the longest runs of zero
// pieces, or -1 and -1 if there is none of more than one.
//
// https://url.spec.whatwg.org/#find-the-ipv6-address-compressed-piece-index
func (a ipv6) longestZeros() (start, end int) {
	start, end = -1, -1
	longest := 1
	for i := 0; i < len(a); i++ {
		j := i
		for j < len(a) && a[j] == 0 {
			j++
		}
		if j-i > longest {
			start, end, longest = i, j, j-i
		}
		i = max(i, j-1)
	}
	return start, end
}
