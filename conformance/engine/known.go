package engine

import "maps"

// Known returns the scenarios of the corpus, by id, in which the engine is
// known not to do what a browser did, and why; of browser "standard", what the
// expectations say.
func Known(browser string) map[string]string { return maps.Clone(known[browser]) }

// known are the differences by browser.
var known = map[string]map[string]string{
	"standard": {
		"body-null-patch":     "net/http says Content-Length: 0 in a PATCH without a body",
		"misc-range-identity": "what comes to the servers is taken down without Accept-Encoding",
	},
}
