package httpauth

// Rules are where browsers differ. The zero value is what the RFCs say.
type Rules struct {
	// OnePerHeader: a header holds one challenge, and what is behind a comma is
	// a parameter of it or nothing.
	OnePerHeader bool

	// StrongestDigest: of several Digest challenges the one of the strongest
	// algorithm is answered, not the first.
	StrongestDigest bool

	// MD5Only: no other algorithm of Digest is known.
	MD5Only bool

	// AuthIntIgnored: a Digest challenge that wants qop "auth-int" alone is
	// answered as if it wanted none.
	AuthIntIgnored bool

	// UserHashIgnored: the user's name is never sent as a hash.
	UserHashIgnored bool

	// DigestByPath: Digest credentials go along unasked in the directories that
	// have asked, as those of Basic do, not everywhere on the server.
	DigestByPath bool

	// LoosePaths: directories are told apart without the slash at their end:
	// what has been asked for in /a/ goes along to /ab, too.
	LoosePaths bool

	// CountLast: the answer to a Digest challenge always names the algorithm,
	// and ends with the client nonce, the count and qop, in that order.
	CountLast bool
}
