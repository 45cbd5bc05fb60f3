package origin

import (
	"errors"
	"strconv"

	"github.com/corsfetch/corsfetch/origin/weburl"
)

// An Error says that a string is not a serialized origin. [Parse] returns no
// other errors.
type Error struct {
	Input string
	// Err is ErrSyntax, ErrHost, or a *weburl.Error with the reason why the
	// input is not the start of a URL either.
	Err error
}

func (e *Error) Error() string {
	return "origin: " + strconv.Quote(e.Input) + " is not an origin: " + e.Err.Error()
}

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

var (
	// ErrSyntax is the error for a string that IsSerialized is false for.
	ErrSyntax = errors.New("it is not of the form scheme://host:port")
	// ErrHost is the error for a host that a URL would not keep. Mostly that is
	// an IPv4 address in another form than the usual one, such as 127.1.
	ErrHost = errors.New("its host is not serialized like that")
)

// Parse parses an origin in the form that it has in the Origin header; see
// [IsSerialized]. Parse("null") is NewOpaque().
//
// The grammar of that form lets through a few strings that nothing serializes
// to. Parse makes the default port of a scheme null, and IPv6 addresses as short
// as they can be. It refuses ports of more than 65535, and hosts that end in a
// number but are not IPv4 addresses in the usual form. The error is an *[Error].
func Parse(s string) (Origin, error) {
	if s == "null" {
		return NewOpaque(), nil
	}
	parts, ok := splitSerialized(s)
	if !ok {
		return Origin{}, &Error{s, ErrSyntax}
	}
	u, err := weburl.Parse(s, nil)
	if err != nil {
		return Origin{}, &Error{s, err}
	}
	if isIPv6 := parts.host[0] == '['; !isIPv6 && u.Hostname() != parts.host {
		return Origin{}, &Error{s, ErrHost}
	}
	return tupleOrigin(u), nil
}

// MustParse is Parse for strings that are known to be origins. It panics if s
// is not one.
func MustParse(s string) Origin {
	o, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return o
}

// MarshalText returns what String does. All opaque origins become "null"; which
// is which is lost.
func (o Origin) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText sets o to what Parse makes of text.
func (o *Origin) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*o = parsed
	return nil
}
