package origin

import "github.com/corsfetch/corsfetch/origin/weburl"

// FromURL returns the origin of u. For the schemes http, https, ws, wss and ftp
// it is a tuple; for the others, each call returns an opaque origin that is
// different from all others. A blob URL has the origin of the URL in its path,
// if that is an http or https URL.
//
// It does not allocate for a tuple, unless u includes credentials.
//
// Note: The standard leaves the origin of file URLs to the implementation, and
// recommends that it be opaque.
//
// https://url.spec.whatwg.org/#concept-url-origin
func FromURL(u *weburl.URL) Origin {
	switch u.Scheme() {
	case "http", "https", "ws", "wss", "ftp":
		return tupleOrigin(u)
	case "blob":
		return blobOrigin(u)
	}
	return NewOpaque()
}

// blobOrigin is the origin of a blob URL that is in no blob URL store: a store
// belongs to an environment with scripts, and would know better.
func blobOrigin(u *weburl.URL) Origin {
	inner, err := weburl.Parse(u.Path(), nil)
	if err != nil {
		return NewOpaque()
	}
	// A file URL is let through as well, but its origin is opaque.
	if !inner.IsHTTP() {
		return NewOpaque()
	}
	return FromURL(inner)
}

// tupleOrigin returns the tuple of the scheme, host and port of u.
//
// Precondition: u has a host that is not empty.
func tupleOrigin(u *weburl.URL) Origin {
	start := len(u.Scheme()) + len("://")
	return Origin{
		serialization: u.AuthorityPrefix(),
		hostStart:     uint32(start),
		hostEnd:       uint32(start + len(u.Hostname())),
	}
}
