package httpauth

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// A digest is a challenge of the scheme Digest.
//
// https://www.rfc-editor.org/rfc/rfc7616#section-3.3
type digest struct {
	realm, nonce string
	domain       string // URIs, with spaces between them; "" is all of the server
	opaque       string
	hasOpaque    bool
	algorithm    string // as it came; "" if it did not
	hash         hash
	session      bool // the algorithm is of those that end in -sess
	auth         bool // quality of protection "auth", not that of RFC 2069
	userHash     bool
}

// A hash is one of the functions that Digest goes by.
type hash uint8

const (
	md5Hash hash = iota
	sha256Hash
)

// sum returns the hash of the parts, with colons between them, in hex.
func (h hash) sum(parts ...string) string {
	data := make([]byte, 0, 256)
	for i, part := range parts {
		if i > 0 {
			data = append(data, ':')
		}
		data = append(data, part...)
	}
	if h == sha256Hash {
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:])
	}
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}

// parseDigest returns what a Digest challenge says. ok is false if it cannot be
// answered.
func parseDigest(c *Challenge, rules Rules) (d digest, ok bool) {
	d.realm = c.Realm()
	if d.nonce, ok = c.Param("nonce"); !ok || d.nonce == "" {
		return digest{}, false
	}
	d.domain, _ = c.Param("domain")
	d.opaque, d.hasOpaque = c.Param("opaque")
	d.algorithm, _ = c.Param("algorithm")
	name, session := strings.CutSuffix(strings.ToLower(d.algorithm), "-sess")
	switch name {
	case "", "md5":
	case "sha-256":
		if d.hash = sha256Hash; rules.MD5Only {
			return digest{}, false
		}
	default:
		return digest{}, false
	}
	d.session = session
	qop, hasQOP := c.Param("qop")
	for option := range strings.SplitSeq(qop, ",") {
		d.auth = d.auth || strings.EqualFold(strings.Trim(option, " \t"), "auth")
	}
	if hasQOP && !d.auth && !rules.AuthIntIgnored {
		return digest{}, false
	}
	d.userHash = c.isTrue("userhash") && !rules.UserHashIgnored
	return d, true
}

func (c *Challenge) isTrue(name string) bool {
	value, _ := c.Param(name)
	return strings.EqualFold(value, "true")
}

// response is the proof that the user knows the password.
//
// https://www.rfc-editor.org/rfc/rfc7616#section-3.4.1
func (d *digest) response(u User, r Request, cnonce, count string) string {
	secret := d.hash.sum(u.Name, d.realm, u.Password)
	if d.session {
		secret = d.hash.sum(secret, d.nonce, cnonce)
	}
	asked := d.hash.sum(r.Method, r.Target)
	if !d.auth {
		return d.hash.sum(secret, d.nonce, asked)
	}
	return d.hash.sum(secret, d.nonce, count, cnonce, "auth", asked)
}

// answer returns credentials. count is how often the nonce has been used, this
// time included.
func (d *digest) answer(u User, r Request, count uint32, rules Rules) string {
	cnonce, nc := "", fmt.Sprintf("%08x", count)
	if d.auth || d.session {
		cnonce = r.Nonce()
	}
	name := u.Name
	if d.userHash {
		name = d.hash.sum(u.Name, d.realm)
	}
	var b strings.Builder
	b.Grow(512)
	quoted := func(label, value string) {
		b.WriteString(label)
		b.WriteByte('"')
		b.WriteString(escaper.Replace(value))
		b.WriteByte('"')
	}
	quoted("Digest username=", name)
	quoted(", realm=", d.realm)
	quoted(", nonce=", d.nonce)
	quoted(", uri=", r.Target)
	if d.algorithm != "" || rules.CountLast {
		b.WriteString(", algorithm=" + d.spelledAlgorithm())
	}
	quoted(", response=", d.response(u, r, cnonce, nc))
	if d.hasOpaque {
		quoted(", opaque=", d.opaque)
	}
	switch {
	case d.auth && rules.CountLast:
		quoted(", cnonce=", cnonce)
		b.WriteString(", nc=" + nc + ", qop=auth")
	case d.auth:
		b.WriteString(", qop=auth, nc=" + nc)
		quoted(", cnonce=", cnonce)
	case d.session:
		quoted(", cnonce=", cnonce)
	}
	if d.userHash {
		b.WriteString(", userhash=true")
	}
	return b.String()
}

// spelledAlgorithm is the algorithm as RFC 7616 spells it.
func (d *digest) spelledAlgorithm() string {
	name := "MD5"
	if d.hash == sha256Hash {
		name = "SHA-256"
	}
	if d.session {
		name += "-sess"
	}
	return name
}

// escaper makes of a string what is in the quotes of a quoted string.
var escaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
