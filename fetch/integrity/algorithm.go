package integrity

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
)

// An Algorithm is a hash function that metadata can name. Of two the greater
// is the stronger. The zero value is none.
//
// https://w3c.github.io/webappsec-subresource-integrity/#priority
type Algorithm uint8

// The algorithms.
const (
	SHA256 Algorithm = iota + 1
	SHA384
	SHA512
)

// String returns the algorithm's name in metadata, such as "sha256"; "" for
// none.
func (a Algorithm) String() string {
	switch a {
	case SHA256:
		return "sha256"
	case SHA384:
		return "sha384"
	case SHA512:
		return "sha512"
	}
	return ""
}

// Digest returns the hash of body.
//
// Precondition: a is an algorithm.
func (a Algorithm) Digest(body []byte) []byte {
	switch a {
	case SHA256:
		sum := sha256.Sum256(body)
		return sum[:]
	case SHA384:
		sum := sha512.Sum384(body)
		return sum[:]
	}
	sum := sha512.Sum512(body)
	return sum[:]
}

// Sum returns the hash of body as metadata spells it, without the algorithm's
// name.
//
// https://w3c.github.io/webappsec-subresource-integrity/#apply-algorithm-to-response
//
// Precondition: a is an algorithm.
func (a Algorithm) Sum(body []byte) string {
	return base64.StdEncoding.EncodeToString(a.Digest(body))
}
