package preflightcache

// Rules are where browsers differ in which requests a stored answer allows. The
// zero value is the Fetch Standard. Use one and the same Rules for all calls to
// one Cache.
//
// https://fetch.spec.whatwg.org/#concept-cache-match
type Rules struct {
	// WholeAnswers: the cache keeps one answer for each key, with all that it
	// lists and one credentials kind; the next answer replaces it, and a request
	// that it does not cover removes it. In the standard every method and header
	// listed is an entry of its own, and the entries of several answers add up.
	// Shown by cache-two-answers, cache-two-headers.
	WholeAnswers bool

	// LiteralWildcard: a stored "*" stands for nothing but a method or header of
	// that name: a wildcard answer is good for one request. In the standard the
	// entry is a wildcard too.
	// Shown by cache-star-both, cache-star-and-authorization.
	LiteralWildcard bool

	// WildcardByRequest: a "*" that answered a credentialed preflight is a
	// wildcard for uncredentialed requests. In the standard the credentials of the
	// answer decide.
	// Shown by cache-wildcard-credentials-method-then-none,
	// cache-wildcard-credentials-then-none.
	WildcardByRequest bool

	// WildcardCoversAuthorization: a stored "*" stands for Authorization too. In
	// the standard Authorization has to be listed by name.
	// Shown by cache-star-then-authorization-listed, cache-star-authorization.
	WildcardCoversAuthorization bool

	// SeparateCredentials: what answered credentialed preflights does not serve
	// uncredentialed requests. In the standard it does; the opposite direction is
	// never served.
	// Shown by cache-credentials-include-then-omit,
	// cache-credentials-include-then-same-origin.
	SeparateCredentials bool

	// SafelistedUnlisted: a request with a CORS-safelisted method needs that any
	// answer is stored at all, listing the method or not. In the standard it needs
	// an entry for the method if its use-CORS-preflight flag is set, and none if
	// not.
	// Shown by redirect-303-after-preflight, cache-stream-unlisted.
	SafelistedUnlisted bool

	// ListHEAD: a request with HEAD needs an entry for it when the cache is asked
	// at all, as if it were not a CORS-safelisted method. In the standard it needs
	// none.
	// Shown by cache-header-on-head.
	ListHEAD bool

	// MaxURLLength is the length in bytes of the longest URL of which answers are
	// kept. Zero means no limit but the cache's own.
	// Shown by cache-url-long.
	MaxURLLength int

	// NoOpaqueOrigins: no answers to requests whose origin is "null" are kept. In
	// the standard they are.
	// Shown by cache-origin-null, cache-origin-null-shared.
	NoOpaqueOrigins bool
}

// keeps reports whether answers for k are kept at all.
func (r Rules) keeps(k Key) bool {
	switch {
	case r.NoOpaqueOrigins && k.Origin == opaqueOrigin:
		return false
	case r.MaxURLLength > 0 && len(k.URL) > r.MaxURLLength:
		return false
	}
	return true
}
