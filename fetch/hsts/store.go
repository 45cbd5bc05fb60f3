package hsts

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// MaxHosts is how many hosts a Store keeps. When there is one more, those go that
// have ended, or if none has the 1001 that end first.
const MaxHosts = 10_000

// purged is how many hosts fewer than MaxHosts a Store has after there were more.
const purged = 1000

// maxHost is the length of the longest domain name there can be, with the dot
// at its end.
const maxHost = 254

// A Store is what a browser remembers of hosts. Its memory is bounded; see
// [MaxHosts].
//
// The zero Store is empty and ready to use. It is safe for concurrent use, and
// must not be copied.
//
// https://www.rfc-editor.org/rfc/rfc6797#section-8.1
type Store struct {
	mu    sync.Mutex
	hosts map[string]known // guarded by mu
}

// A known is what is known of a host.
type known struct {
	expires           time.Time
	includeSubDomains bool
}

// An Entry is what a Store holds of a host.
type Entry struct {
	Host              string    `json:"host"`
	IncludeSubDomains bool      `json:"includeSubDomains,omitempty"`
	Expires           time.Time `json:"expires"`
}

// Set remembers the policy of a host, in place of what was, or forgets the host
// if its MaxAge is 0. Addresses have no policies, nor has localhost, nor have
// names below it.
//
// host is as in the URL of the response, in lower case.
func (s *Store) Set(host string, p Policy, now time.Time) {
	if host = normal(host); !canBeKnown(host) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.MaxAge <= 0 {
		delete(s.hosts, host)
		return
	}
	s.put(host, known{now.Round(0).UTC().Add(p.MaxAge), p.IncludeSubDomains}, now)
}

// put adds what is known of a host.
//
// Precondition: s.mu is locked.
func (s *Store) put(host string, k known, now time.Time) {
	if s.hosts == nil {
		s.hosts = make(map[string]known)
	}
	s.hosts[strings.Clone(host)] = k
	if len(s.hosts) <= MaxHosts {
		return
	}
	maps.DeleteFunc(s.hosts, func(_ string, k known) bool { return !now.Before(k.expires) })
	if len(s.hosts) > MaxHosts {
		// Optimization: to find the first means to look at all, so some more go.
		for _, host := range s.byEnd()[:len(s.hosts)-(MaxHosts-purged)] {
			delete(s.hosts, host)
		}
	}
}

// byEnd returns the hosts, by when their policies end.
//
// Precondition: s.mu is locked.
func (s *Store) byEnd() []string {
	return slices.SortedFunc(maps.Keys(s.hosts), func(a, b string) int {
		return cmp.Or(s.hosts[a].expires.Compare(s.hosts[b].expires), strings.Compare(a, b))
	})
}

// Upgrades reports whether http URLs of a host are to be https: whether it has
// asked for that, or a name above it has for all below.
//
// It does not allocate.
//
// https://www.rfc-editor.org/rfc/rfc6797#section-8.2
func (s *Store) Upgrades(host string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.hosts) == 0 {
		return false
	}
	host = normal(host)
	for name, above := host, true; above && name != ""; {
		if k, ok := s.hosts[name]; ok && now.Before(k.expires) && (k.includeSubDomains || name == host) {
			return true
		}
		_, name, above = strings.Cut(name, ".")
	}
	return false
}

// Entries returns what has not expired, by host.
func (s *Store) Entries(now time.Time) []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	var entries []Entry
	for _, host := range slices.Sorted(maps.Keys(s.hosts)) {
		if k := s.hosts[host]; now.Before(k.expires) {
			entries = append(entries, Entry{host, k.includeSubDomains, k.expires})
		}
	}
	return entries
}

// Clear forgets all hosts.
func (s *Store) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hosts = nil
}

// normal is a host as it is looked up: a dot at its end makes no difference.
func normal(host string) string { return strings.TrimSuffix(host, ".") }

// canBeKnown reports whether a host can have a policy.
func canBeKnown(host string) bool {
	if host == "" || len(host) > maxHost || strings.HasPrefix(host, "[") {
		return false
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	// https://fetch.spec.whatwg.org/#concept-main-fetch leaves them out.
	return host != "localhost" && !strings.HasSuffix(host, ".localhost")
}
