package weburl

// A URL is a URL record of the URL Standard. It is immutable, and so safe for
// concurrent use. Use [Parse] to make one; the zero URL has no scheme and an
// empty serialization.
//
// Two URLs are equal when their serializations are; see [Equal]. Do not compare
// URLs with ==.
//
// A URL that came out of Parse unchanged shares the memory of the string it was
// parsed from. A short-lived large string can be kept from living on by parsing
// a strings.Clone of the part that is the URL.
//
// https://url.spec.whatwg.org/#concept-url
type URL struct {
	// href is the serialization:
	//
	//	https://user:pass@example.com:1234/foo?bar#baz
	//	     |      |     |          |    |   |   |
	//	     |      |     |          |    |   |   queryEnd
	//	     |      |     |          |    |   pathEnd
	//	     |      |     |          |    pathStart
	//	     |      |     |          hostEnd
	//	     |      |     hostStart
	//	     |      usernameEnd
	//	     schemeEnd
	//
	// Without credentials usernameEnd is hostStart. With a null host, the three
	// of them and hostEnd are schemeEnd+1, and pathStart is that too or, after
	// the "/." that keeps a path of "//..." from being read as a host, 2 more.
	//
	// All offsets are at or before the fragment, which is the only part that
	// may lie beyond 4 GiB.
	href        string
	schemeEnd   uint32
	usernameEnd uint32
	hostStart   uint32
	hostEnd     uint32
	pathStart   uint32
	pathEnd     uint32
	queryEnd    uint32
	port        uint16
	kind        schemeKind
	flags       flags
}

type flags uint8

const (
	hasHost flags = 1 << iota
	hasPort
	opaquePath
)

// String returns the serialization of u, with its fragment.
//
// https://url.spec.whatwg.org/#concept-url-serializer
func (u *URL) String() string { return u.href }

// Scheme returns the scheme, in lowercase and without a colon.
//
// https://url.spec.whatwg.org/#concept-url-scheme
func (u *URL) Scheme() string { return u.href[:u.schemeEnd] }

// Username returns the username as it is in the serialization, that is
// percent-encoded.
//
// https://url.spec.whatwg.org/#concept-url-username
func (u *URL) Username() string {
	if !u.IncludesCredentials() {
		return ""
	}
	return u.href[u.schemeEnd+uint32(len("://")) : u.usernameEnd]
}

// Password returns the password as it is in the serialization, that is
// percent-encoded.
//
// https://url.spec.whatwg.org/#concept-url-password
func (u *URL) Password() string {
	if !u.IncludesCredentials() || u.href[u.usernameEnd] != ':' {
		return ""
	}
	return u.href[u.usernameEnd+1 : u.hostStart-1]
}

// IncludesCredentials reports whether the username or the password is not the
// empty string.
//
// https://url.spec.whatwg.org/#include-credentials
func (u *URL) IncludesCredentials() bool { return u.usernameEnd != u.hostStart }

// HasHost reports whether the host is not null. An empty host, as in
// "file:///etc/hosts", is not null.
func (u *URL) HasHost() bool { return u.flags&hasHost != 0 }

// Host returns the serialized host, and the port if it is not null, as
// "example.com:8080". It is empty if the host is empty or null.
//
// https://url.spec.whatwg.org/#dom-url-host
func (u *URL) Host() string { return u.href[u.hostStart:u.authorityEnd()] }

// Hostname returns the serialized host: a domain, the shortest form of an IPv4
// address, an IPv6 address in brackets, or an opaque host. It is empty if the
// host is empty or null.
//
// https://url.spec.whatwg.org/#concept-url-host
func (u *URL) Hostname() string { return u.href[u.hostStart:u.hostEnd] }

// Port returns the port. It is null, and ok is false, when the URL has none or
// has the default port of its scheme.
//
// https://url.spec.whatwg.org/#concept-url-port
func (u *URL) Port() (port uint16, ok bool) { return u.port, u.flags&hasPort != 0 }

// EffectivePort returns the port, or the default port of the scheme if the port
// is null. If there is no default port either, ok is false.
func (u *URL) EffectivePort() (port uint16, ok bool) {
	if u.flags&hasPort != 0 {
		return u.port, true
	}
	return u.kind.defaultPort()
}

// Path returns the serialized path.
//
// https://url.spec.whatwg.org/#url-path-serializer
func (u *URL) Path() string { return u.href[u.pathStart:u.pathEnd] }

// HasOpaquePath reports whether the path is one string without structure, as in
// "data:text/plain,hello" and "about:blank".
//
// https://url.spec.whatwg.org/#url-opaque-path
func (u *URL) HasOpaquePath() bool { return u.flags&opaquePath != 0 }

// Query returns the query without its question mark; ok is false if it is null,
// which is not the same as empty.
//
// https://url.spec.whatwg.org/#concept-url-query
func (u *URL) Query() (query string, ok bool) {
	if u.pathEnd == u.queryEnd {
		return "", false
	}
	return u.href[u.pathEnd+1 : u.queryEnd], true
}

// Fragment returns the fragment without its number sign; ok is false if it is
// null, which is not the same as empty.
//
// https://url.spec.whatwg.org/#concept-url-fragment
func (u *URL) Fragment() (fragment string, ok bool) {
	if !u.hasFragment() {
		return "", false
	}
	return u.href[u.queryEnd+1:], true
}

// IsSpecial reports whether the scheme is ftp, file, http, https, ws or wss.
//
// https://url.spec.whatwg.org/#is-special
func (u *URL) IsSpecial() bool { return u.kind.special() }

// IsHTTP reports whether the scheme is an HTTP(S) scheme: http or https.
//
// https://fetch.spec.whatwg.org/#http-scheme
func (u *URL) IsHTTP() bool { return u.kind == httpScheme || u.kind == httpsScheme }

// IsLocal reports whether the scheme is a local scheme: about, blob or data.
//
// https://fetch.spec.whatwg.org/#is-local
func (u *URL) IsLocal() bool { return u.kind.local() }

// Equal reports whether a and b are the same URL, fragment included.
//
// https://url.spec.whatwg.org/#concept-url-equals
func Equal(a, b *URL) bool { return a.href == b.href }

func (u *URL) hasFragment() bool { return int(u.queryEnd) < len(u.href) }

// authorityEnd is where the authority ends, and with a null host, where it
// would be.
func (u *URL) authorityEnd() uint32 {
	if u.HasHost() {
		return u.pathStart
	}
	return u.hostEnd
}
