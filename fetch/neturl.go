package fetch

import (
	"net/url"
	"strings"

	"github.com/corsfetch/corsfetch/origin/weburl"
)

// setNetURL makes n a net/url.URL that puts u's own bytes on the wire. net/url
// would write some paths in another way; URL.Opaque is sent as it is.
func setNetURL(n *url.URL, u *weburl.URL) {
	query, hasQuery := u.Query()
	*n = url.URL{Scheme: u.Scheme(), Host: u.Host(), Path: u.Path(), RawQuery: query, ForceQuery: hasQuery && query == ""}
	if isPlainPath(n.Path) {
		return
	}
	path := n.Path
	if decoded, err := url.PathUnescape(path); err == nil {
		n.Path, n.RawPath = decoded, path
		if n.EscapedPath() == path {
			return
		}
	}
	// Note: net/url takes an opaque "//…" for another host's URL, so that such
	// a path has to go the other way, escaped as net/url will have it.
	if !strings.HasPrefix(path, "//") {
		n.Opaque = path
	}
}

// isPlainPath reports whether net/url writes path as it is.
func isPlainPath(path string) bool {
	for i := range len(path) {
		switch c := path[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '/', c == '-', c == '.', c == '_', c == '~':
		default:
			return false
		}
	}
	return true
}
