package safelist

// IsMethod reports whether m is a method, that is, a token.
//
// https://fetch.spec.whatwg.org/#concept-method
func IsMethod(m string) bool { return IsToken(m) }

// IsSafelistedMethod reports whether m is GET, HEAD or POST, exactly so: "get"
// is another method. [NormalizeMethod] comes first.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-method
func IsSafelistedMethod(m string) bool {
	return m == "GET" || m == "HEAD" || m == "POST"
}

// IsForbiddenMethod reports whether m is CONNECT, TRACE or TRACK in any case.
//
// https://fetch.spec.whatwg.org/#forbidden-method
func IsForbiddenMethod(m string) bool {
	return equalFold(m, "connect") || equalFold(m, "trace") || equalFold(m, "track")
}

// NormalizeMethod upper-cases DELETE, GET, HEAD, OPTIONS, POST and PUT. All other
// methods stay as they are: "patch" is not "PATCH".
//
// https://fetch.spec.whatwg.org/#concept-method-normalize
func NormalizeMethod(m string) string {
	for _, known := range [...]string{"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"} {
		if equalFold(m, known) {
			return known
		}
	}
	return m
}
