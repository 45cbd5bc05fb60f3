package fetch

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"strings"
	"sync"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// A LocalNetworkRequest is a request by a page from the Internet to a server
// that is nearer than that, which the user is asked about.
type LocalNetworkRequest struct {
	Page     origin.Origin
	TopLevel origin.Origin // of the tab
	URL      string        // without userinfo
	Space    AddressSpace  // of the server: AddressSpaceLocal or AddressSpaceLoopback; "" if it is not known
}

// A localNetworkCheck is what decides on the address of a connection.
type localNetworkCheck struct {
	ctx     context.Context
	env     *environment
	browser *Browser
	url     *weburl.URL // the current URL
	target  AddressSpace

	askedAlone bool
}

// refuses says why the request may not go to an address of the given space.
//
// Note: a match with the target address space does not grant permission, as it
// does by the letter of the draft; in Chromium it does not. Nor is anybody asked
// about what goes from the local network to loopback.
//
// https://wicg.github.io/local-network-access/#local-network-access-check
func (c *localNetworkCheck) refuses(space AddressSpace) refusal {
	if c.env.origin.PotentiallyTrustworthy() && c.env.origin == origin.FromURL(c.url) {
		return refusal{}
	}
	if c.target != "" && c.target != space && !c.askedAlone {
		return refusal{reason: ErrInvalidLocalNetworkAccess, got: string(space), want: string(c.target)}
	}
	if c.env.addressSpace != AddressSpacePublic || space == AddressSpacePublic {
		return refusal{}
	}
	if !c.env.secureContext && !c.askedAlone {
		return refusal{reason: ErrInsecureLocalNetwork, got: string(space), want: "a page that is a secure context"}
	}
	asked := LocalNetworkRequest{Page: c.env.origin, TopLevel: c.env.topLevel, URL: shown(c.url), Space: space}
	if allow := c.browser.AllowLocalNetwork; allow == nil || !allow(c.ctx, asked) {
		return refusal{reason: ErrLocalNetworkAccessPermissionDenied, got: string(space), want: "the user's permission"}
	}
	return refusal{}
}

// checksLocalNetwork reports whether anything is decided by address spaces.
func (p *fetchParams) checksLocalNetwork() bool {
	return p.profile.LocalNetwork.Checked && p.env.addressSpace != ""
}

// targetAddressSpace is the request's target IP address space; "" if it has
// none. Hosts that can only be local need not be declared so.
//
// https://wicg.github.io/local-network-access/#fetching
func (p *fetchParams) targetAddressSpace() AddressSpace {
	r := &p.request
	if r.targetAddressSpace != "" {
		return r.targetAddressSpace
	}
	host := r.currentURL().Hostname()
	if addr, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil && AddressSpaceOf(addr) == AddressSpaceLocal {
		return AddressSpaceLocal
	}
	if strings.HasSuffix(host, ".local") {
		return AddressSpaceLocal
	}
	return ""
}

// isMeantForLocalNetwork reports whether the current URL is no mixed content,
// since the connection will be checked to be near.
//
// https://wicg.github.io/local-network-access/#integration-with-mixed-content
func (p *fetchParams) isMeantForLocalNetwork() bool {
	if !p.checksLocalNetwork() || p.profile.LocalNetwork.AskedAlone {
		return false
	}
	target := p.targetAddressSpace()
	return target == AddressSpaceLocal || target == AddressSpaceLoopback
}

// addressSpaceOf is the space of an address, as the browser counts it. An IPv4
// address is one, however it is written.
func (b *Browser) addressSpaceOf(addr netip.AddrPort) AddressSpace {
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	if b.AddressSpace != nil {
		return b.AddressSpace(addr)
	}
	return AddressSpaceOf(addr.Addr())
}

// knownAddress is the address that u's host is by itself.
func knownAddress(u *weburl.URL) (addr netip.AddrPort, ok bool) {
	host := u.Hostname()
	port, _ := u.EffectivePort()
	if isLocalhost(host) {
		host = "127.0.0.1"
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return netip.AddrPortFrom(ip, port), err == nil
}

// A localNetworkGuard watches the connections that a request is given.
type localNetworkGuard struct {
	check localNetworkCheck

	mu  sync.Mutex
	why refusal // guarded by mu
}

// guardLocalNetwork returns out, to be watched by the guard; nil if there is
// nothing to watch. Through a proxy nobody knows where a request goes.
func (p *fetchParams) guardLocalNetwork(out *http.Request) (*http.Request, *localNetworkGuard) {
	if !p.checksLocalNetwork() || p.browser.usesProxy(out) {
		return out, nil
	}
	u := p.request.currentURL()
	g := &localNetworkGuard{check: localNetworkCheck{p.ctx, p.env, p.browser, u, p.targetAddressSpace(), p.profile.LocalNetwork.AskedAlone}}
	if addr, ok := knownAddress(u); ok {
		g.why = g.check.refuses(p.browser.addressSpaceOf(addr))
		return out, g
	}
	return out.WithContext(httptrace.WithClientTrace(out.Context(), &httptrace.ClientTrace{GotConn: g.gotConn})), g
}

// gotConn closes a connection that the request may not have, before anything is
// sent.
//
// Note: of HTTP/2 that ends the requests of others, too. There is no other way
// to be sure that this one is not sent.
func (g *localNetworkGuard) gotConn(info httptrace.GotConnInfo) {
	// Note: what is no IP address, as a pipe's, is the zero AddrPort, of a space
	// that is not known.
	addr, _ := netip.ParseAddrPort(info.Conn.RemoteAddr().String())
	why := g.check.refuses(g.check.browser.addressSpaceOf(addr))
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.why = why; why.reason != "" {
		info.Conn.Close()
	}
}

// refusal is why the request may not go where it was to go.
func (g *localNetworkGuard) refusal() refusal {
	if g == nil {
		return refusal{}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.why
}

// usesProxy reports whether the base transport sends req to a proxy.
func (b *Browser) usesProxy(req *http.Request) bool {
	tr, ok := b.without.(*http.Transport)
	if !ok || tr.Proxy == nil {
		return false
	}
	proxy, err := tr.Proxy(req)
	return err == nil && proxy != nil
}
