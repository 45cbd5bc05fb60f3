package safelist

// IsSafelistedRequestHeader reports whether the header may be sent to another
// origin without asking first: Accept, Accept-Language, Content-Language,
// Content-Type or Range with a value of at most 128 bytes and harmless content,
// as an HTML form could have sent it.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func IsSafelistedRequestHeader(name, value string) bool {
	return Rules{}.IsSafelistedRequestHeader(name, value)
}

// IsNoCORSSafelistedRequestHeaderName reports whether name is Accept,
// Accept-Language, Content-Language or Content-Type.
//
// https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name
func IsNoCORSSafelistedRequestHeaderName(name string) bool {
	var buf nameBuffer
	switch string(buf.lower(name)) {
	case "accept", "accept-language", "content-language", "content-type":
		return true
	}
	return false
}

// IsNoCORSSafelistedRequestHeader reports whether a page may set the header on a
// request whose mode is "no-cors".
//
// https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
func IsNoCORSSafelistedRequestHeader(name, value string) bool {
	return Rules{}.IsNoCORSSafelistedRequestHeader(name, value)
}

// IsPrivilegedNoCORSRequestHeaderName reports whether name is Range, which a
// request whose mode is "no-cors" keeps only until something touches its headers.
//
// https://fetch.spec.whatwg.org/#privileged-no-cors-request-header-name
func IsPrivilegedNoCORSRequestHeaderName(name string) bool {
	return equalFold(name, "range")
}

// IsNonWildcardRequestHeaderName reports whether name is Authorization, which "*"
// in Access-Control-Allow-Headers does not cover.
//
// https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
func IsNonWildcardRequestHeaderName(name string) bool {
	return equalFold(name, "authorization")
}

// IsForbiddenRequestHeader reports whether a page may not set the header at all,
// for it is the browser's. For three names this depends on the value: they would
// have the server take the request for one with a forbidden method.
//
// https://fetch.spec.whatwg.org/#forbidden-request-header
func IsForbiddenRequestHeader(name, value string) bool {
	// 1. These are forbidden whatever their value.
	var buf nameBuffer
	lowerName := buf.lower(name)
	switch string(lowerName) {
	case "accept-charset",
		"accept-encoding",
		"access-control-request-headers",
		"access-control-request-method",
		"connection",
		"content-length",
		"cookie",
		"cookie2",
		"date",
		"dnt",
		"expect",
		"host",
		"keep-alive",
		"origin",
		"referer",
		"set-cookie",
		"te",
		"trailer",
		"transfer-encoding",
		"upgrade",
		"via":
		return true
	}

	// 2. So are all names with these prefixes, also those yet unheard of.
	if hasPrefixFold(name, "proxy-") || hasPrefixFold(name, "sec-") {
		return true
	}

	// 3. These are if any member of the value is a forbidden method. Quotes are
	// part of a member, so "\"TRACE\"" is none.
	switch string(lowerName) {
	case "x-http-method", "x-http-method-override", "x-method-override":
		for more := true; more; {
			var member string
			member, value, more = cutMember(value)
			if IsForbiddenMethod(member) {
				return true
			}
		}
	}
	return false
}

// IsRequestBodyHeaderName reports whether name describes a request's body and so
// goes when a redirect drops the body: Content-Encoding, Content-Language,
// Content-Location or Content-Type.
//
// https://fetch.spec.whatwg.org/#request-body-header-name
func IsRequestBodyHeaderName(name string) bool {
	var buf nameBuffer
	switch string(buf.lower(name)) {
	case "content-encoding", "content-language", "content-location", "content-type":
		return true
	}
	return false
}
