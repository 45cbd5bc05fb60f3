package origin

import (
	"strings"
	"sync"
)

// A Sites answers the same questions about sites as an Origin's methods, and
// remembers what the public suffix list says about a host. It keeps a bounded
// number of hosts.
//
// The zero Sites is ready to use, and safe for concurrent use. A nil *Sites can
// be used, too, and remembers nothing. A Sites must not be copied.
type Sites struct {
	mu     sync.RWMutex
	starts map[string]int32 // by host; noDomain or where the registrable domain starts; guarded by mu
}

// noMemo is the Sites that remembers nothing.
var noMemo *Sites

const (
	// maxSites is how many hosts a Sites remembers. Then it starts anew.
	maxSites = 4096
	// maxSitesHost is the longest host that a Sites remembers. It is the
	// longest that the DNS can resolve, with its final full stop.
	maxSitesHost = 254

	noDomain = -1
)

// RegistrableDomain is [Origin.RegistrableDomain].
func (s *Sites) RegistrableDomain(o Origin) string { return s.registrableDomain(o.Host()) }

// Site is [Origin.Site].
//
// https://html.spec.whatwg.org/#obtain-a-site
func (s *Sites) Site(o Origin) Site {
	if o.IsOpaque() {
		return Site{identity: o.identity}
	}
	host := s.registrableDomain(o.Host())
	if host == "" {
		host = o.Host()
	}
	return Site{scheme: o.Scheme(), host: host}
}

// SameSite is [Origin.SameSite].
//
// https://html.spec.whatwg.org/#same-site
func (s *Sites) SameSite(o, p Origin) bool {
	return o.Scheme() == p.Scheme() && s.SchemelesslySameSite(o, p)
}

// SchemelesslySameSite is [Origin.SchemelesslySameSite].
//
// https://html.spec.whatwg.org/#schemelessly-same-site
func (s *Sites) SchemelesslySameSite(o, p Origin) bool {
	if o.IsOpaque() || p.IsOpaque() {
		return o == p
	}
	a, b := o.Host(), p.Host()
	// Equal hosts have equal registrable domains, or null for both.
	if a == b {
		return true
	}
	// Optimization: most other pairs need no look at the public suffix list.
	if !shareTwoLabels(a, b) {
		return false
	}
	domain := s.registrableDomain(a)
	return domain != "" && domain == s.registrableDomain(b)
}

// shareTwoLabels reports whether the last two labels of a and b are equal, as
// those of hosts with equal registrable domains are. A full stop at the end is
// part of the last label.
func shareTwoLabels(a, b string) bool {
	return lastTwoLabels(a) == lastTwoLabels(b)
}

func lastTwoLabels(host string) string {
	domain := strings.TrimSuffix(host, ".")
	dot := strings.LastIndexByte(domain, '.')
	if dot < 0 {
		return host
	}
	return host[strings.LastIndexByte(domain[:dot], '.')+1:]
}

// registrableDomain returns the registrable domain of host, or "" if it is null.
func (s *Sites) registrableDomain(host string) string {
	if s == nil || len(host) > maxSitesHost {
		start, ok := registrableDomainStart(host)
		if !ok {
			return ""
		}
		return host[start:]
	}
	start, ok := s.load(host)
	if !ok {
		start = s.store(host)
	}
	if start == noDomain {
		return ""
	}
	return host[start:]
}

func (s *Sites) load(host string) (start int32, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	start, ok = s.starts[host]
	return start, ok
}

func (s *Sites) store(host string) (start int32) {
	start = noDomain
	if n, ok := registrableDomainStart(host); ok {
		start = int32(n)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.starts == nil || len(s.starts) >= maxSites {
		s.starts = make(map[string]int32)
	}
	// Clone: host is usually a part of a longer string.
	s.starts[strings.Clone(host)] = start
	return start
}
