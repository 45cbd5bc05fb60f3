package conformance

// IsomorphicEncode returns the bytes that the code points of s stand for. Code
// points above 0xFF, which stand for none, are encoded as UTF-8.
//
// https://infra.spec.whatwg.org/#isomorphic-encode
func IsomorphicEncode(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xFF {
			b = append(b, string(r)...)
			continue
		}
		b = append(b, byte(r))
	}
	return string(b)
}

// IsomorphicDecode returns a string whose code points are the bytes of s.
//
// https://infra.spec.whatwg.org/#isomorphic-decode
func IsomorphicDecode(s string) string {
	r := make([]rune, len(s))
	for i := range len(s) {
		r[i] = rune(s[i])
	}
	return string(r)
}
