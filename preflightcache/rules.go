package preflightcache

// Rules are the points on which browsers keep their caches differently. The
// zero value is the Fetch Standard. Use one and the same Rules for all calls
// to one Cache.
type Rules struct {
	// WholeAnswers keeps one answer for each key, with all that it lists and
	// one credentials kind. The next answer replaces it, and a request that it
	// does not cover removes it (Chromium and WebKit). By default every method
	// and header listed is an entry of its own, and the entries of several
	// answers add up.
	WholeAnswers bool

	// LiteralWildcard takes a stored "*" for nothing but a method or header of
	// that name (Firefox, where a wildcard answer is good for one request).
	LiteralWildcard bool

	// WildcardByRequest lets a "*" that answered a credentialed preflight be a
	// wildcard for uncredentialed requests (WebKit, which looks at the
	// credentials of the request and not at those of the answer).
	WildcardByRequest bool

	// WildcardCoversAuthorization lets a stored "*" stand for Authorization
	// too (WebKit; Chromium lets it do so when the preflight is answered, but
	// not from its cache).
	WildcardCoversAuthorization bool

	// SeparateCredentials keeps what answered credentialed preflights from
	// serving uncredentialed requests (Firefox). The opposite direction is
	// never served.
	SeparateCredentials bool

	// SafelistedUnlisted needs of a request with a CORS-safelisted method that
	// any answer is stored at all, listing the method or not (Chromium, Firefox,
	// WebKit). By default it needs an entry for the method if its
	// use-CORS-preflight flag is set, and none if not.
	SafelistedUnlisted bool

	// ListHEAD needs an entry for HEAD when the cache is asked at all, as if
	// it were not a CORS-safelisted method (Firefox).
	ListHEAD bool

	// MaxURLLength is the length in bytes of the longest URL of which answers
	// are kept. Zero means no limit but the cache's own (Chromium: 1023).
	MaxURLLength int

	// NoOpaqueOrigins keeps no answers to requests whose origin is "null"
	// (Chromium).
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
