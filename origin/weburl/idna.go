package weburl

import (
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// toASCII is Unicode ToASCII with the flags that the URL Standard sets if
// beStrict is false.
//
// Note: The order matters: ValidateLabels switches CheckHyphens on again.
var toASCII = idna.New(
	idna.MapForLookup(),
	idna.BidiRule(),
	idna.VerifyDNSLength(false),
	idna.StrictDomainName(false),
	idna.ValidateLabels(true),
	idna.CheckHyphens(false),
	idna.CheckJoiners(true),
	idna.Transitional(false),
)

// unicodeToASCII is the part of "domain to ASCII" for domains that are not
// ASCII.
//
// https://url.spec.whatwg.org/#concept-domain-to-ascii
func unicodeToASCII(domain string) (string, Reason) {
	// What is not UTF-8 would decode to U+FFFD, which is disallowed.
	if !utf8.ValidString(domain) {
		return "", DomainToASCII
	}
	if hasLongLabel(domain) {
		return "", LabelTooLong
	}
	ascii, err := toASCII.ToASCII(domain)
	if err != nil {
		return "", DomainToASCII
	}
	return ascii, ""
}

// maxLabel is how many code points a label that is not ASCII may have.
//
// Deviation: The URL Standard has no limit, but Punycode takes time quadratic
// in the length of a label. This is the limit of ICU, which is what Chromium
// and WebKit use, and of Firefox's idna crate. DNS stops at 63 bytes.
const maxLabel = 1000

// hasLongLabel reports whether a label that is not ASCII has more than maxLabel
// code points.
//
// Precondition: domain is valid UTF-8.
func hasLongLabel(domain string) bool {
	length, isASCII := 0, true
	for _, r := range domain {
		switch r {
		case '.', '\u3002', '\uff0e', '\uff61': // what UTS #46 maps to full stops
			length, isASCII = 0, true
			continue
		}
		length++
		isASCII = isASCII && r < utf8.RuneSelf
		if length > maxLabel && !isASCII {
			return true
		}
	}
	return false
}
