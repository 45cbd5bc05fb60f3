package weburl

// A schemeKind sorts schemes into those the standards treat differently. The
// order of the constants matters to special and local.
type schemeKind uint8

const (
	otherScheme schemeKind = iota
	httpScheme
	httpsScheme
	wsScheme
	wssScheme
	ftpScheme
	fileScheme
	aboutScheme
	blobScheme
	dataScheme
)

// Precondition: scheme is lowercase.
func schemeKindOf(scheme string) schemeKind {
	switch scheme {
	case "http":
		return httpScheme
	case "https":
		return httpsScheme
	case "ws":
		return wsScheme
	case "wss":
		return wssScheme
	case "ftp":
		return ftpScheme
	case "file":
		return fileScheme
	case "about":
		return aboutScheme
	case "blob":
		return blobScheme
	case "data":
		return dataScheme
	}
	return otherScheme
}

// https://url.spec.whatwg.org/#special-scheme
func (k schemeKind) special() bool { return httpScheme <= k && k <= fileScheme }

// https://fetch.spec.whatwg.org/#local-scheme
func (k schemeKind) local() bool { return aboutScheme <= k && k <= dataScheme }

// https://url.spec.whatwg.org/#default-port
func (k schemeKind) defaultPort() (port uint16, ok bool) {
	switch k {
	case httpScheme, wsScheme:
		return 80, true
	case httpsScheme, wssScheme:
		return 443, true
	case ftpScheme:
		return 21, true
	}
	return 0, false
}
