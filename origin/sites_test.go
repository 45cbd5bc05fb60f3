package origin

import (
	"strconv"
	"strings"
	"testing"
)

func TestSitesAreBounded(t *testing.T) {
	var s Sites
	for i := range maxSites + 1 {
		s.RegistrableDomain(MustParse("https://a" + strconv.Itoa(i) + ".test"))
	}
	if len(s.starts) != 1 {
		t.Errorf("%d hosts are remembered after %d; want 1", len(s.starts), maxSites+1)
	}
	s = Sites{}
	s.RegistrableDomain(MustParse("https://" + strings.Repeat("a.", 126) + "b"))
	if len(s.starts) != 1 {
		t.Errorf("%d hosts are remembered after one of 253 bytes; want 1", len(s.starts))
	}
	s.RegistrableDomain(MustParse("https://" + strings.Repeat("a.", 126) + "bcd"))
	if len(s.starts) != 1 {
		t.Errorf("%d hosts are remembered after one of 255 bytes; want still 1", len(s.starts))
	}
}
