// Package weburl parses and serializes URLs exactly as browsers do: by the
// [URL Standard], not by RFC 3986 as net/url does. The two disagree on many
// inputs that a server can put into a Location header, and where they disagree
// about the host they disagree about the origin:
//
//	\\evil.example/x      a path for net/url, another host for a browser
//	https:/evil.example   no host for net/url, evil.example for a browser
//	http://0x7f.1/        a name for net/url, 127.0.0.1 for a browser
//	//host/%zz            an error for net/url, a URL for a browser
//
// [Parse] takes a string and an optional base URL and returns a [URL], an
// immutable value whose String is its serialization. All components are
// substrings of that one string, so the accessors do not allocate.
//
// The package has no setters, no origins (see package origin) and no form
// decoding.
//
// # Cost
//
// Parsing takes time linear in the length of the input and of the base URL's
// path. An http or https URL that already is its own serialization, and has no
// credentials, costs one scan and one allocation.
//
// # Internationalized hosts
//
// Hosts that are not ASCII go through UTS #46 as implemented by
// golang.org/x/net/idna, which uses Unicode 15 tables before Go 1.27 and
// Unicode 17 tables from then on. Hosts that are ASCII are lower-cased, without
// validation of their xn-- labels.
//
// [URL Standard]: https://url.spec.whatwg.org/
package weburl
