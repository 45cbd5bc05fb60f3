package origin

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// registrableDomainStart returns where in host its registrable domain starts.
// That is its public suffix and the one label before that. A full stop at the
// end stays there. It is null, and ok is false, for IP addresses and for hosts
// that are public suffixes themselves, as all single labels are.
//
// Precondition: host is a serialized host. The list knows no uppercase and no
// U-labels.
//
// https://url.spec.whatwg.org/#host-registrable-domain
func registrableDomainStart(host string) (start int, ok bool) {
	domain := strings.TrimSuffix(host, ".")
	if !strings.Contains(domain, ".") || isIPAddress(host) || hasEmptyLabel(domain) {
		return 0, false
	}
	// Note: publicsuffix.EffectiveTLDPlusOne would do this, but formats an error
	// for public suffixes.
	suffix, _ := publicsuffix.PublicSuffix(domain)
	if len(suffix) == len(domain) {
		return 0, false
	}
	label := domain[:len(domain)-len(suffix)-1]
	return strings.LastIndexByte(label, '.') + 1, true
}

// isIPAddress reports whether the serialized host is an IPv4 or IPv6 address.
// Only IPv4 addresses end in a label of digits.
func isIPAddress(host string) bool {
	if strings.HasPrefix(host, "[") {
		return true
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// hasEmptyLabel reports whether the public suffix list has nothing to say about
// domain, because one of its labels is empty.
func hasEmptyLabel(domain string) bool {
	return strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.Contains(domain, "..")
}
