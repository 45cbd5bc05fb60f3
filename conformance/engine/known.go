package engine

import "maps"

// Known returns the scenarios of the corpus, by id, in which the engine is
// known not to do what a browser did, and why; of browser "standard", what the
// expectations say.
func Known(browser string) map[string]string { return maps.Clone(known[browser]) }

// Reasons that several browsers share.
const lengthOfPATCH = "net/http says Content-Length: 0 in a PATCH without a body"

// known are the differences by browser.
var known = map[string]map[string]string{
	"standard": {
		"body-null-patch":     lengthOfPATCH,
		"misc-range-identity": "what comes to the servers is taken down without Accept-Encoding",
	},
	"chromium": {
		"cache-method-case":   lengthOfPATCH,
		"cache-three-methods": lengthOfPATCH,
		"cache-clear-hangup":  "net/http does not send a DELETE again when a kept connection closes without an answer",
	},
}
