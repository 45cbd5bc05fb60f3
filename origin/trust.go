package origin

import (
	"net/netip"
	"strings"

	"github.com/corsfetch/corsfetch/origin/weburl"
)

// PotentiallyTrustworthy reports whether data from o can be trusted not to have
// been tampered with on its way: whether its scheme is https, wss or file, or
// its host is this machine. The names localhost and *.localhost count as such,
// as the standard allows where they are never looked up elsewhere.
//
// Unimplemented: there is no list of origins that are trusted by configuration.
//
// https://w3c.github.io/webappsec-secure-contexts/#potentially-trustworthy-origin
func (o Origin) PotentiallyTrustworthy() bool {
	switch o.Scheme() {
	case "":
		return false // opaque
	case "https", "wss", "file":
		return true
	}
	host := o.Host()
	return isLoopback(host) || isLocalhost(host)
}

// PotentiallyTrustworthyURL reports whether u is potentially trustworthy: it is
// if its origin is, and about:blank, about:srcdoc and data URLs are as well.
//
// Note: file URLs are not, as their origin is opaque here.
//
// https://w3c.github.io/webappsec-secure-contexts/#potentially-trustworthy-url
func PotentiallyTrustworthyURL(u *weburl.URL) bool {
	switch u.Scheme() {
	case "data":
		return true
	case "about":
		return u.Path() == "blank" || u.Path() == "srcdoc"
	}
	return FromURL(u).PotentiallyTrustworthy()
}

// isLoopback reports whether the serialized host is an address of 127.0.0.0/8,
// or ::1.
func isLoopback(host string) bool {
	if host == "[::1]" {
		return true
	}
	if !strings.HasPrefix(host, "127.") {
		return false
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// isLocalhost reports whether the serialized host is a localhost name.
//
// https://www.rfc-editor.org/rfc/rfc6761#section-6.3
func isLocalhost(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
