package fetch

import (
	"slices"
	"strconv"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// blocked returns the error of a request that is refused before anything is
// sent, whatever its mode.
func (p *fetchParams) blocked(u *weburl.URL) *Error {
	if port, ok := badPort(u, p.profile); ok {
		return p.refuse(ErrUnsafePort, refusal{got: "port " + strconv.Itoa(int(port)), want: "a port that is not on the list of bad ports"})
	}
	if p.profile.Block.MixedAfterPreflight && len(p.request.urls) > 1 {
		return nil
	}
	return p.blockedAsMixed(u)
}

// blockedAsMixed returns the error of a request that is mixed content.
func (p *fetchParams) blockedAsMixed(u *weburl.URL) *Error {
	if !p.isMixedContent(u) {
		return nil
	}
	return p.refuse(ErrMixedContent, refusal{got: shown(u), want: "https from a page that is itself secure"})
}

// isMixedContent reports whether a secure page asks for an insecure URL, that
// is not to be had even so.
//
// https://w3c.github.io/webappsec-mixed-content/#should-block-fetch
func (p *fetchParams) isMixedContent(u *weburl.URL) bool {
	r := &p.request
	if !p.restrictsMixedContent() || r.mode == ModeNavigate || u.Scheme() == "https" || u.IsLocal() {
		return false
	}
	if rules := &p.profile.Upgrade; (rules.MixedKept || rules.MixedAtFirst) && r.destination.isUpgradeable() {
		return false
	}
	if p.isMeantForLocalNetwork() {
		return false
	}
	if p.profile.Block.LoopbackIsMixed && !r.destination.isUpgradeable() {
		return u.Scheme() == "http"
	}
	return u.IsHTTP() && !origin.PotentiallyTrustworthyURL(u)
}

// restrictsMixedContent reports whether the page is a secure one.
//
// https://w3c.github.io/webappsec-mixed-content/#categorize-settings-object
func (p *fetchParams) restrictsMixedContent() bool {
	return p.env.prohibitsMixedContent &&
		(!p.profile.Block.MixedContentFromHTTPS || p.env.origin.Scheme() == "https" || p.env.topLevel.Scheme() == "https")
}

// badPort returns u's port if u has an HTTP(S) scheme and the port is one that
// no fetch goes to.
//
// https://fetch.spec.whatwg.org/#block-bad-port
func badPort(u *weburl.URL, profile *Profile) (uint16, bool) {
	port, ok := u.Port()
	if !ok || !u.IsHTTP() {
		return 0, false
	}
	if _, bad := slices.BinarySearch(badPorts[:], port); !bad {
		return 0, false
	}
	return port, !slices.Contains(profile.Block.OpenPorts, port)
}

// badPorts are the bad ports, in order.
//
// https://fetch.spec.whatwg.org/#bad-port
var badPorts = [...]uint16{
	0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
	110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530,
	531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190,
	5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
}
