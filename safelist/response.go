package safelist

import "net/http"

// IsForbiddenResponseHeaderName reports whether name is Set-Cookie or Set-Cookie2,
// which no page ever reads.
//
// https://fetch.spec.whatwg.org/#forbidden-response-header-name
func IsForbiddenResponseHeaderName(name string) bool {
	return equalFold(name, "set-cookie") || equalFold(name, "set-cookie2")
}

// IsSafelistedResponseHeaderName reports whether a page may read the header in a
// response from another origin: if it is one of the seven that are always
// readable, or if exposed, the response's CORS-exposed header-name list, has it
// and it is not forbidden. A "*" in exposed is a name like any other.
//
// It takes time in proportion to exposed; see [FilterResponseHeader] for all
// headers at once.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
func IsSafelistedResponseHeaderName(name string, exposed []string) bool {
	if isDefaultExposed(name) {
		return true
	}
	if IsForbiddenResponseHeaderName(name) {
		return false
	}
	for _, e := range exposed {
		if equalFold(name, e) {
			return true
		}
	}
	return false
}

// FilterResponseHeader returns the part of h that a page may read in a response
// from another origin: the headers for which [IsSafelistedResponseHeaderName]
// holds. The map is new and not nil; the values in it are h's own. The time
// taken is linear in h and exposed.
//
// https://fetch.spec.whatwg.org/#concept-filtered-response-cors
func FilterResponseHeader(h http.Header, exposed []string) http.Header {
	filtered := make(http.Header, min(len(h), 8))
	isExposed := exposure(exposed)
	for name, values := range h {
		if len(values) > 0 && (isDefaultExposed(name) || isExposed(name) && !IsForbiddenResponseHeaderName(name)) {
			filtered[name] = values[:len(values):len(values)]
		}
	}
	return filtered
}

// exposure returns the function that reports whether exposed has a name.
func exposure(exposed []string) func(name string) bool {
	if len(exposed) == 0 {
		return func(string) bool { return false }
	}
	names := make(map[string]struct{}, len(exposed))
	for _, e := range exposed {
		names[toLower(e)] = struct{}{}
	}
	return func(name string) bool {
		_, ok := names[toLower(name)]
		return ok
	}
}

// isDefaultExposed reports whether name is readable without being exposed.
func isDefaultExposed(name string) bool {
	if len(name) > len("content-language") {
		return false
	}
	var buf nameBuffer
	switch string(buf.lower(name)) {
	case "cache-control",
		"content-language",
		"content-length",
		"content-type",
		"expires",
		"last-modified",
		"pragma":
		return true
	}
	return false
}
