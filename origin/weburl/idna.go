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
	if utf8.RuneCountInString(domain) > maxUnicodeDomain {
		return "", DomainTooLong
	}
	ascii, err := toASCII.ToASCII(domain)
	if err != nil {
		return "", DomainToASCII
	}
	return ascii, ""
}

// maxUnicodeDomain is how many code points a domain that is not ASCII may have.
//
// Deviation: The URL Standard has no limit, but Punycode takes time quadratic
// in the length of a label. Browsers refuse a label of more than 1000 code
// points for that reason. This is a limit for the whole domain, as a server may
// send many such labels; no domain of more than 253 bytes can be looked up.
const maxUnicodeDomain = 1000
