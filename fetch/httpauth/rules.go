package httpauth

// Rules are where browsers differ in how challenges are read and answered. The
// zero value is what the RFCs say.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-11
type Rules struct {
	// OnePerHeader: a header holds one challenge, and what is behind a comma is
	// a parameter of it or nothing. In the standard a comma may begin another.
	// Shown by auth-syntax-second, auth-digest-basic-one-line.
	OnePerHeader bool

	// StrongestDigest: of several Digest challenges the one of the strongest
	// algorithm is answered. In the standard it is the first.
	// Shown by auth-digest-two-algorithms.
	StrongestDigest bool

	// MD5Only: no other algorithm of Digest is known. In the standard SHA-256 is.
	// Shown by auth-digest-sha-256.
	MD5Only bool

	// AuthIntIgnored: a Digest challenge that wants qop "auth-int" alone is
	// answered as if it wanted none. In the standard it cannot be.
	// Shown by auth-prompt-digest-auth-int.
	AuthIntIgnored bool

	// UserHashIgnored: the user's name is never sent as a hash. In the standard it
	// is where the server wants that.
	// Shown by auth-digest-userhash.
	UserHashIgnored bool

	// DigestByPath: Digest credentials go along unasked in the directories that
	// have asked, as those of Basic do. In the standard they do everywhere on the
	// server, or in what the parameter domain names of it.
	// Shown by auth-digest-plain.
	DigestByPath bool

	// LoosePaths: directories are told apart without the slash at their end: what
	// has been asked for in /a/ goes along to /ab, too. In the standard it does
	// below /a/ alone.
	// Shown by auth-path.
	LoosePaths bool

	// CountLast: the answer to a Digest challenge always names the algorithm, and
	// ends with the client nonce, the count and qop, in that order. In the standard
	// any order will do.
	// Shown by auth-digest-auth.
	CountLast bool
}
