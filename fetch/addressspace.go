package fetch

import "net/netip"

// An AddressSpace says from where an IP address can be reached. The zero value
// is that it is not known.
//
// https://wicg.github.io/local-network-access/#ip-address-space-section
type AddressSpace string

// The address spaces.
const (
	AddressSpacePublic   AddressSpace = "public"   // from everywhere
	AddressSpaceLocal    AddressSpace = "local"    // from the same network
	AddressSpaceLoopback AddressSpace = "loopback" // from the same machine
)

// AddressSpaceOf returns the space that addr belongs to, which is unknown for
// the zero Addr alone.
//
// https://wicg.github.io/local-network-access/#determine-the-ip-address-space
func AddressSpaceOf(addr netip.Addr) AddressSpace {
	if !addr.IsValid() {
		return ""
	}
	addr = addr.Unmap().WithZone("")
	for _, block := range nonPublicBlocks {
		if block.prefix.Contains(addr) {
			return block.space
		}
	}
	return AddressSpacePublic
}

// nonPublicBlocks are the blocks that are not public, the first that holds an
// address counting.
//
// https://wicg.github.io/local-network-access/#non-public-ip-address-blocks
var nonPublicBlocks = [...]struct {
	prefix netip.Prefix
	space  AddressSpace
}{
	{netip.MustParsePrefix("127.0.0.0/8"), AddressSpaceLoopback},
	{netip.MustParsePrefix("10.0.0.0/8"), AddressSpaceLocal},
	{netip.MustParsePrefix("100.64.0.0/10"), AddressSpaceLocal},
	{netip.MustParsePrefix("172.16.0.0/12"), AddressSpaceLocal},
	{netip.MustParsePrefix("192.168.0.0/16"), AddressSpaceLocal},
	{netip.MustParsePrefix("198.18.0.0/15"), AddressSpaceLoopback},
	{netip.MustParsePrefix("169.254.0.0/16"), AddressSpaceLocal},
	{netip.MustParsePrefix("::1/128"), AddressSpaceLoopback},
	{netip.MustParsePrefix("fc00::/7"), AddressSpaceLocal},
	{netip.MustParsePrefix("fe80::/10"), AddressSpaceLocal},
	{netip.MustParsePrefix("fec0::/10"), AddressSpaceLocal},
	{netip.MustParsePrefix("0.0.0.0/32"), AddressSpaceLoopback},
	{netip.MustParsePrefix("0.0.0.0/8"), AddressSpaceLocal},
	{netip.MustParsePrefix("::/128"), AddressSpaceLoopback},
	{netip.MustParsePrefix("2001:db8::/32"), AddressSpaceLocal},
	{netip.MustParsePrefix("3fff::/20"), AddressSpaceLocal},
}

// valid reports whether s is an address space or unknown.
func (s AddressSpace) valid() bool {
	switch s {
	case "", AddressSpacePublic, AddressSpaceLocal, AddressSpaceLoopback:
		return true
	}
	return false
}
