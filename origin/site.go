package origin

// A Site is what an origin belongs to: its scheme, and its registrable domain
// or, where that is null, its host. The site of an opaque origin is that origin.
//
// Sites are comparable, and == is equality of sites. The zero Site is that of
// the zero Origin.
//
// https://html.spec.whatwg.org/#site
type Site struct {
	scheme   string
	host     string
	identity *identity
}

// String returns the serialization of s: "https://example.com", or "null" if s
// is the site of an opaque origin.
//
// https://html.spec.whatwg.org/#serialization-of-a-site
func (s Site) String() string {
	if s.isOpaque() {
		return "null"
	}
	return s.scheme + "://" + s.host
}

func (s Site) isOpaque() bool { return s.scheme == "" }

// RegistrableDomain returns the registrable domain of o's host: "example.co.uk"
// for "www.example.co.uk". It is "" where the standard's is null: for opaque
// origins, IP addresses, and hosts that are public suffixes, such as
// "localhost", "com" and "github.io".
//
// https://url.spec.whatwg.org/#host-registrable-domain
func (o Origin) RegistrableDomain() string { return noMemo.RegistrableDomain(o) }

// Site returns the site that o belongs to.
//
// https://html.spec.whatwg.org/#obtain-a-site
func (o Origin) Site() Site { return noMemo.Site(o) }

// SameSite reports whether o and p belong to the same site, which they only do
// if their schemes are equal.
//
// https://html.spec.whatwg.org/#same-site
func (o Origin) SameSite(p Origin) bool { return noMemo.SameSite(o, p) }

// SchemelesslySameSite is SameSite without a look at the schemes.
//
// https://html.spec.whatwg.org/#schemelessly-same-site
func (o Origin) SchemelesslySameSite(p Origin) bool { return noMemo.SchemelesslySameSite(o, p) }
