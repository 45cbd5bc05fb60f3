package weburl

// AuthorityPrefix returns the start of the serialization up to and including
// host and port, without credentials: "https://example.com:8080". For the
// schemes that have tuple origins it is the serialized origin. It is empty if
// the host is null. It allocates only if u includes credentials.
func (u *URL) AuthorityPrefix() string {
	if !u.HasHost() {
		return ""
	}
	if !u.IncludesCredentials() {
		return u.href[:u.pathStart]
	}
	return u.href[:u.schemeEnd] + "://" + u.Host()
}

// WithoutFragment returns u with its fragment set to null. That is u itself if
// it has none.
//
// https://url.spec.whatwg.org/#url-serializer-exclude-fragment
func (u *URL) WithoutFragment() *URL {
	if !u.hasFragment() {
		return u
	}
	v := *u
	v.href = u.href[:u.queryEnd]
	return &v
}

// WithFragment returns u with its fragment set to fragment, which is without
// its number sign and usually taken from another URL. What may not stand in a
// fragment is percent-encoded.
func (u *URL) WithFragment(fragment string) *URL {
	b := make([]byte, 0, int(u.queryEnd)+len("#")+len(fragment))
	b = append(b, u.href[:u.queryEnd]...)
	b = append(b, '#')
	b = appendEncoded(b, fragment, fragmentSet)
	v := *u
	v.href = string(b)
	return &v
}

// WithHTTPS returns u with its scheme set to https, if that is http. Its port
// stays as it is, unless it becomes the default.
//
// https://url.spec.whatwg.org/#concept-url-scheme
func (u *URL) WithHTTPS() *URL {
	if u.kind != httpScheme {
		return u
	}
	return MustParse("https" + u.href[u.schemeEnd:])
}

// WithoutCredentials returns u with username and password set to the empty
// string. That is u itself if it includes no credentials.
func (u *URL) WithoutCredentials() *URL {
	if !u.IncludesCredentials() {
		return u
	}
	start := u.schemeEnd + uint32(len("://"))
	removed := u.hostStart - start
	v := *u
	v.href = u.href[:start] + u.href[u.hostStart:]
	v.usernameEnd = start
	v.hostStart = start
	v.hostEnd -= removed
	v.pathStart -= removed
	v.pathEnd -= removed
	v.queryEnd -= removed
	return &v
}
