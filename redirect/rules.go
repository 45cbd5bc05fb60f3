package redirect

// Rules are the points on which browsers follow redirects differently. The
// zero value is the Fetch Standard.
type Rules struct {
	// EqualLocations takes several Location headers with one and the same value
	// for one header (Chromium and Firefox). By default only a single header
	// leads anywhere.
	EqualLocations bool

	// JoinLocations takes several Location headers, equal or not, for one whose
	// value is theirs joined by a comma and a space (WebKitGTK).
	JoinLocations bool

	// EmptyLocation says what an empty Location value means.
	EmptyLocation EmptyLocation

	// CrossOriginDeleteAsGET makes GET of a DELETE that is redirected to another
	// origin, whatever the status (WebKitGTK).
	CrossOriginDeleteAsGET bool

	// Latin1Location reads the bytes of a Location as ISO-8859-1, after those
	// that are not UTF-8 have been replaced by U+FFFD (WebKitGTK). By default
	// each byte above 0x7F is percent-encoded as it is.
	Latin1Location bool

	// RefuseCredentials refuses every Location that includes credentials:
	// same-origin ones and those of no-cors requests too (Chromium, except for
	// XMLHttpRequest).
	RefuseCredentials bool
}

// An EmptyLocation is a way to take an empty Location value.
type EmptyLocation int

const (
	EmptyIsCurrentURL EmptyLocation = iota // an empty relative URL: the current URL again (the standard and Firefox)
	EmptyIsNone                            // as if there was no Location (Chromium)
	EmptyIsFailure                         // a Location that leads nowhere (WebKit)
)
