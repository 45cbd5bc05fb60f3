package httpauth

import (
	"encoding/base64"
)

// A User is who answers a challenge.
type User struct{ Name, Password string }

// A Request is what is to be authorized.
type Request struct {
	Method string
	Target string // path and query, as they are sent

	// Nonce makes up a client nonce. It is called only if one is needed.
	Nonce func() string
}

// basic returns credentials of the scheme Basic.
//
// https://www.rfc-editor.org/rfc/rfc7617#section-2
func basic(u User) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(u.Name+":"+u.Password))
}

// Choose returns the challenge to answer: the strongest of those that can be.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-11.4
func Choose(challenges []Challenge, rules Rules) (best Challenge, ok bool) {
	strength := 0
	for i := range challenges {
		if n := challenges[i].strength(rules); n > strength {
			best, strength = challenges[i], n
		}
	}
	return best, strength > 0
}

// MaxLength is how many bytes a parameter may have for its challenge to be
// answered, as it is remembered.
const MaxLength = 4 << 10

// strength is 0 if the challenge cannot be answered.
func (c *Challenge) strength(rules Rules) int {
	for _, p := range c.Params {
		if len(p.Value) > MaxLength {
			return 0
		}
	}
	switch c.Scheme {
	case "basic":
		return 1
	case "digest":
		d, ok := parseDigest(c, rules)
		switch {
		case !ok:
			return 0
		case rules.StrongestDigest && d.hash == sha256Hash:
			return 3
		}
		return 2
	}
	return 0
}
