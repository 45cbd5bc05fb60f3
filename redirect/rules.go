package redirect

// Rules are where browsers differ in where a redirect leads. The zero value is
// the Fetch Standard.
//
// https://fetch.spec.whatwg.org/#concept-response-location-url
type Rules struct {
	// EqualLocations: several Location headers with one and the same value are as
	// one. In the standard only a single header leads anywhere.
	// Shown by redirect-location-thrice, redirect-location-twice-equal.
	EqualLocations bool

	// JoinLocations: several Location headers, equal or not, are as one whose
	// value is theirs joined by a comma and a space. In the standard only a single
	// header leads anywhere.
	// Shown by redirect-location-twice-empty, redirect-location-twice-different.
	JoinLocations bool

	// EmptyLocation says what an empty Location value means.
	// Shown by redirect-location-empty, redirect-location-empty-loop.
	EmptyLocation EmptyLocation

	// CrossOriginDeleteAsGET: a DELETE that is redirected to another origin
	// becomes a GET, whatever the status. In the standard it stays a DELETE but
	// for status 303.
	// Shown by redirect-307-methods-cross, redirect-301-methods-cross.
	CrossOriginDeleteAsGET bool

	// Latin1Location: the bytes of a Location are read as ISO-8859-1, after those
	// that are not UTF-8 have been replaced by U+FFFD. The standard does not say;
	// by default each byte above 0x7F is percent-encoded as it is.
	// Shown by redirect-location-bytes-latin1, redirect-location-bytes-utf8.
	Latin1Location bool

	// EscapeTabs: tabs in a Location are percent-encoded. In the standard they are
	// no part of a URL.
	// Shown by redirect-location-tab, redirect-location-tab-in-scheme.
	EscapeTabs bool

	// RefuseCredentials: a Location that includes credentials is refused always,
	// same-origin or of a no-cors request. In the standard only a CORS request to
	// another origin has it refused.
	// Shown by redirect-userinfo-no-cors, redirect-userinfo-same-to-same.
	RefuseCredentials bool
}

// An EmptyLocation is a way to take an empty Location value.
type EmptyLocation int

const (
	EmptyIsCurrentURL EmptyLocation = iota // an empty relative URL: the current URL again
	EmptyIsNone                            // as if there was no Location
	EmptyIsFailure                         // a Location that leads nowhere
)
