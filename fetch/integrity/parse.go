package integrity

import "strings"

// Parse returns what s, integrity metadata as fetch() or an element has it,
// asks for under the standard's rules.
func Parse(s string) Metadata { return Rules{}.Parse(s) }

// Parse returns what s asks for. Hashes of unknown algorithms do not count, so
// that pages can name new ones beside old ones.
//
// https://w3c.github.io/webappsec-subresource-integrity/#parse-metadata-section
func (r Rules) Parse(s string) Metadata {
	m := Metadata{rules: r}
	for item := range strings.FieldsFuncSeq(s, func(c rune) bool { return strings.ContainsRune(r.space(), c) }) {
		algorithm, hash, ok := r.parseItem(item)
		// Of several algorithms the strongest counts.
		// https://w3c.github.io/webappsec-subresource-integrity/#get-the-strongest-metadata
		if !ok || algorithm < m.Algorithm {
			continue
		}
		if algorithm > m.Algorithm {
			m.Algorithm, m.Hashes = algorithm, nil
		}
		m.Hashes = append(m.Hashes, hash)
	}
	return m
}

// parseItem parses one algorithm with its hash and options; ok is false if it
// does not count.
func (r Rules) parseItem(item string) (a Algorithm, hash string, ok bool) {
	// There are no options yet.
	expression, options, _ := strings.Cut(item, "?")
	a, hash = r.cutAlgorithm(expression)
	switch {
	case a == 0, r.PrintableOptions && strings.ContainsFunc(options, isNotPrintable):
		return 0, "", false
	case r.MalformedIgnored:
		return a, hash, r.isBase64(hash)
	}
	hash, _, _ = strings.Cut(hash, "-")
	return a, hash, true
}

// cutAlgorithm returns the algorithm that s begins with, and what comes after
// the dash behind it.
func (r Rules) cutAlgorithm(s string) (a Algorithm, hash string) {
	for a = SHA256; a <= SHA512; a++ {
		names := []string{a.String(), "sha-" + a.String()[len("sha"):]}
		if !r.Dashed {
			names = names[:1]
		}
		for _, name := range names {
			if len(s) < len(name) || s[:len(name)] != name && !(r.AnyCase && strings.EqualFold(s[:len(name)], name)) {
				continue
			}
			switch rest := s[len(name):]; {
			case rest == "":
				return a, ""
			case rest[0] == '-':
				return a, rest[1:]
			}
		}
	}
	return 0, ""
}

// isNotPrintable reports whether c is not printable ASCII.
func isNotPrintable(c rune) bool { return c <= ' ' || c > '~' }
