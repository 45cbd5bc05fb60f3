package origin

import (
	"strconv"
	"strings"
)

// An Origin is either a tuple of a scheme, a host and a port that may be null,
// or it is opaque: an identity without any content.
//
// Origins are comparable. Two are the same origin if and only if they are ==:
// tuples if their parts are equal, opaque origins if one is a copy of the other.
//
// The zero Origin is opaque. All zero Origins are copies of each other; see
// [NewOpaque] for an opaque origin that is different from all others.
//
// An Origin shares the memory of the string or URL that it was made of.
//
// https://html.spec.whatwg.org/#concept-origin
type Origin struct {
	// serialization is empty if the origin is opaque. Otherwise the host lies
	// in it between hostStart and hostEnd, with "://" before it, and after it
	// either nothing or a colon and the port, which is not the default port.
	serialization string
	hostStart     uint32
	hostEnd       uint32

	// serialization != "" => identity == nil
	identity *identity
}

// An identity is what makes an opaque origin different from all others: its
// address. It has a size because addresses of things without one may be equal.
type identity struct{ _ byte }

// NewOpaque returns an opaque origin that is the same origin only as its own
// copies.
//
// https://html.spec.whatwg.org/#concept-origin-opaque
func NewOpaque() Origin { return Origin{identity: new(identity)} }

// IsOpaque reports whether o is opaque.
func (o Origin) IsOpaque() bool { return o.serialization == "" }

// IsZero reports whether o is the zero Origin, which many take to mean that no
// origin was given. An origin made by NewOpaque is not zero.
func (o Origin) IsZero() bool { return o == Origin{} }

// Scheme returns the scheme, or "" if o is opaque.
func (o Origin) Scheme() string {
	if o.IsOpaque() {
		return ""
	}
	return o.serialization[:int(o.hostStart)-len("://")]
}

// Host returns the serialized host: a lowercase ASCII domain, an IPv4 address,
// or an IPv6 address in brackets. It is "" if o is opaque.
func (o Origin) Host() string { return o.serialization[o.hostStart:o.hostEnd] }

// Port returns the port. It is null, and ok is false, if it is the default port
// of the scheme or o is opaque.
func (o Origin) Port() (port uint16, ok bool) {
	digits, ok := strings.CutPrefix(o.serialization[o.hostEnd:], ":")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	return uint16(n), err == nil
}

// String returns the serialization of o, as in an Origin header:
// "https://example.com:8080", or "null" if o is opaque.
//
// https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin
func (o Origin) String() string {
	if o.IsOpaque() {
		return "null"
	}
	return o.serialization
}
