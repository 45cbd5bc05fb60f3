package integrity

// Rules are where browsers differ in how they read integrity metadata. The zero
// value is the standard.
//
// A field that is a bool says what a browser does that the standard does not.
//
// https://w3c.github.io/webappsec-subresource-integrity/#parse-metadata-section
type Rules struct {
	// Space are the characters between hashes. Empty is ASCII whitespace, the
	// standard's.
	// Shown by integrity-spaces, integrity-other-spaces.
	Space string

	// AnyCase: an algorithm's name may be in upper case. In the standard it is
	// unknown then.
	// Shown by integrity-case.
	AnyCase bool

	// Dashed: an algorithm's name may have a dash, as "sha-256". In the standard
	// it is unknown then.
	// Shown by integrity-hyphenated.
	Dashed bool

	// MalformedIgnored: a hash that is no base64, by its characters, does not
	// count, as if its algorithm was unknown. In the standard it matches nothing.
	// Shown by integrity-bad-base64, integrity-no-dash.
	MalformedIgnored bool

	// EqualsInside: with MalformedIgnored "=" is a character of base64 wherever
	// it is. Without it stands at the end, behind others.
	// Shown by integrity-bad-base64.
	EqualsInside bool

	// PrintableOptions: a hash with options that are not printable ASCII does not
	// count. In the standard options are ignored.
	// Shown by integrity-option-not-ascii.
	PrintableOptions bool

	// Decoded: hashes are compared as bytes, so that the alphabet of URLs will
	// do too, without padding. In the standard they are compared as text.
	// Shown by integrity-base64url.
	Decoded bool

	// PaddingIgnored: with Decoded the other alphabet needs no padding either, and
	// has any. In the standard padding is part of the hash.
	// Shown by integrity-padding.
	PaddingIgnored bool
}

// space are the characters between hashes.
//
// https://infra.spec.whatwg.org/#ascii-whitespace
func (r Rules) space() string {
	if r.Space == "" {
		return " \t\n\f\r"
	}
	return r.Space
}
