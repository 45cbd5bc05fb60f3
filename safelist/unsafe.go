package safelist

import (
	"maps"
	"net/http"
	"slices"
)

// UnsafeRequestHeaderNames returns the names in h that a preflight has to ask for:
// those of headers that are not safelisted, and if the values of those that are
// exceed 1024 bytes together, all names. They are byte-lowercase, sorted, and each
// is there once. The result is nil, and nothing is allocated, if there is none.
//
// A name without values is no header. Keys need not be canonical; keys that
// differ in case only are one name.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func UnsafeRequestHeaderNames(h http.Header) []string {
	return Rules{}.UnsafeRequestHeaderNames(h)
}

// UnsafeRequestHeaderNames is the package function of that name under r. With
// [Rules.NameRepeated] a name may be there more than once. With
// [Rules.JoinRepeated] nothing is allocated only if no header is repeated and
// all keys are canonical; if keys differ in case only, their values are joined
// in the order of the keys.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func (r Rules) UnsafeRequestHeaderNames(h http.Header) []string {
	if r.JoinRepeated {
		h = joinRepeated(h)
	}

	// 1. Judge each header. Only values of safelisted headers count towards the
	// total.
	var names []string
	total := 0
	for name, values := range h {
		unsafe := 0
		for _, value := range values {
			if r.IsSafelistedRequestHeader(name, value) {
				total += len(value)
			} else {
				unsafe++
			}
		}
		names = r.appendName(names, name, unsafe)
	}

	// 2. If they are too much together, those that were safe alone are unsafe too.
	if total > maxTotalLength && !r.NoTotalLimit {
		names = names[:0]
		for name, values := range h {
			names = r.appendName(names, name, len(values))
		}
	}

	// 3. Convert the names to a sorted-lowercase set.
	slices.Sort(names)
	if r.NameRepeated {
		return names
	}
	return slices.Compact(names)
}

// appendName appends name in lower case for a header that has so many unsafe
// values.
func (r Rules) appendName(names []string, name string, unsafe int) []string {
	if unsafe == 0 {
		return names
	}
	name = toLower(name)
	if !r.NameRepeated {
		return append(names, name)
	}
	for range unsafe {
		names = append(names, name)
	}
	return names
}

// joinRepeated returns h with the values of each name joined to one. It returns h
// itself if there is nothing to join.
func joinRepeated(h http.Header) http.Header {
	if !hasRepeated(h) {
		return h
	}
	merged := make(http.Header, len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		lowerName := toLower(name)
		merged[lowerName] = append(merged[lowerName], h[name]...)
	}
	for name, values := range merged {
		if value, ok := Get(values); ok {
			merged[name] = []string{value}
		}
	}
	return merged
}

// hasRepeated reports whether a name in h has several values or may be there
// under several keys.
func hasRepeated(h http.Header) bool {
	for name, values := range h {
		if len(values) > 1 || http.CanonicalHeaderKey(name) != name {
			return true
		}
	}
	return false
}
