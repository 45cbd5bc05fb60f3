package engine

import "maps"

// Known returns the scenarios of the corpus, by id, in which the engine is
// known not to do what a browser did, and why; of browser "standard", what the
// expectations say.
func Known(browser string) map[string]string { return maps.Clone(known[browser]) }

// Reasons that several scenarios share.
const (
	noCodings        = "content codings are not asked for yet"
	ownRetries       = "net/http does not send a DELETE again when a kept connection closes without an answer"
	ownConnection    = "net/http says nothing of keep-alive, which HTTP/1.1 has by itself"
	decodedEscapes   = "libsoup decodes escapes of letters and digits in a URL"
	unlimitedCookies = "libsoup knows no limit to a name and its value"
	spacesInData     = "Firefox removes spaces from a data: URL in base64"
	escapedBar       = "Chromium's URL parser escapes a vertical bar in a path, against the standard"
	longHead         = "Firefox waits for the body of a HEAD that was misdirected and is sent again, where the answer says one's length"
	shortNoCORS      = "Firefox has a fetch in mode no-cors fail with a body that ends too early; package fetch does not wait for bodies"
)

// known are the differences by browser.
var known = map[string]map[string]string{
	"chromium": {
		"integrity-ed25519":           "Chromium checks signatures, as a draft has it",
		"cookies-max-age-plus":        "Chromium takes a plus in Max-Age for a sign",
		"cache-clear-hangup":          ownRetries,
		"redirect-location-path-kept": escapedBar,
		"url-marks":                   escapedBar,
		"referrer-init-invalid":       "Chromium's URL parser takes a space in a host for %20, against the standard",
		"body-coding-bad":             noCodings,
		"body-101":                    "Chromium waits for more after a 101 that nobody asked for",
		"misc-data-quoted":            "Chromium takes a data: URL's quoted parameter apart at the semicolon",
		"misc-forbidden-connection":   noCodings,
		"safelist-forbidden-hop":      ownConnection,
		"safelist-forbidden-framing":  noCodings,
		"safelist-name-user-agent":    "it was recorded headless, and its User-Agent says so",
	},
	"firefox": {
		"cookies-expires-bad-no-time":   "Firefox takes a day for a date",
		"cookies-expires-bad-hour-24":   "Firefox takes hour 24 for the next day",
		"cache-clear-hangup":            ownRetries,
		"body-coding-bad":               noCodings,
		"body-101":                      "Firefox resolves with a 101 that nobody asked for",
		"body-421-head":                 longHead,
		"body-short-nocors":             shortNoCORS,
		"misc-data-base64-spaces":       spacesInData,
		"misc-data-base64-space-before": spacesInData,
		"misc-data-base64-space-after":  spacesInData,
		"safelist-forbidden-hop":        ownConnection,
		"safelist-forbidden-framing":    noCodings,
		"misc-forbidden-connection":     noCodings,
		"auth-prompt-digest-no-nonce":   "Firefox asks for a password that it could not use",
		"local-scheme-view-source":      "Firefox fetches a view-source: URL in mode same-origin, and shows its status alone",
	},
	"webkit": {
		"xhr-userinfo":                "WebKit leaves a name and a password out of responseURL at another origin",
		"style-type-empty":            "WebKit takes the first of two types of a stylesheet",
		"video-no-video":              "WebKit asks for a video again that it could not play",
		"cookies-parse-too-long":      unlimitedCookies,
		"cache-clear-hangup":          ownRetries,
		"cache-url-percent":           decodedEscapes,
		"redirect-location-escapes":   decodedEscapes,
		"url-escapes":                 decodedEscapes,
		"url-query-escapes":           decodedEscapes,
		"redirect-manual-no-location": "WebKit shows the body of a redirect without Location in redirect mode manual",
		"redirect-key-home":           "WebKit checks a preflight back at home as if it included credentials",
		"body-lengths-differ":         "libsoup takes a response with two lengths, net/http does not",
		"body-101":                    "libsoup waits for more after a 101 that nobody asked for",
		"misc-forbidden-connection":   noCodings,
		"safelist-forbidden-hop":      ownConnection,
		"safelist-forbidden-framing":  noCodings,
		"mixed-video":                 "WebKit's media player says no Referer to what has been upgraded",
		"keepalive-in-flight-worker":  "WebKit counts the keepalive requests of a page and its workers together",
	},
}
