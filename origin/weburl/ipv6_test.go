package weburl

import (
	"net/netip"
	"strings"
	"testing"
)

// FuzzParseIPv6 holds the parser against net/netip's, which accepts the same
// addresses and also ones with zones.
func FuzzParseIPv6(f *testing.F) {
	for _, seed := range []string{
		"", ":", "::", ":::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::",
		"1::3:4:5:6:7:8", "1::2::3", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "::1.2.3.4.5", "::1.2.3", "::01.2.3.4",
		"::1.2.3.256", "12345::", "g::", "1:", "::1.", "1.2.3.4", "::1%eth0", "0:0:1:0:0:0:1:0", "ABCD::EF01",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, why := parseIPv6(in)
		want, err := netip.ParseAddr(in)
		isAddress := err == nil && want.Is6() && !strings.Contains(in, "%")
		if isAddress != (why == "") {
			t.Fatalf("parseIPv6(%q): %q; netip: %v, %v", in, why, want, err)
		}
		if !isAddress {
			return
		}
		serialized := string(got.appendTo(nil))
		again, why := parseIPv6(strings.Trim(serialized, "[]"))
		if why != "" || again != got {
			t.Errorf("%q is serialized as %s, which is %v, %q; want %v", in, serialized, again, why, got)
		}
		// netip keeps the dotted form of IPv4-mapped addresses.
		if !want.Is4In6() && serialized != "["+want.String()+"]" {
			t.Errorf("%q is serialized as %s; netip: %v", in, serialized, want)
		}
		if got.as16() != want.As16() {
			t.Errorf("parseIPv6(%q) = %v; netip: %v", in, got, want)
		}
	})
}

func (a ipv6) as16() (b [16]byte) {
	for i, piece := range a {
		b[2*i], b[2*i+1] = byte(piece>>8), byte(piece)
	}
	return b
}
