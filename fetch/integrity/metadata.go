package integrity

import (
	"bytes"
	"slices"
)

// Metadata is what a body has to match: any one of its hashes, which are all of
// the strongest algorithm that was named. The zero value asks for nothing.
type Metadata struct {
	Algorithm Algorithm
	Hashes    []string // as they were written, without options
	rules     Rules
}

// IsEmpty reports whether everything matches.
func (m Metadata) IsEmpty() bool { return m.Algorithm == 0 }

// Match reports whether body is one of those that m asks for.
//
// https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist
func (m Metadata) Match(body []byte) bool {
	if m.IsEmpty() {
		return true
	}
	if !m.rules.Decoded {
		return slices.Contains(m.Hashes, m.Algorithm.Sum(body))
	}
	digest := m.Algorithm.Digest(body)
	return slices.ContainsFunc(m.Hashes, func(hash string) bool {
		decoded, err := m.rules.decode(hash)
		return err == nil && bytes.Equal(decoded, digest)
	})
}
