package cookies

import (
	"cmp"
	"slices"
	"time"
)

// purged is how many cookies fewer than [MaxCookies] a Store has after there
// were more.
const purged = 300

// evict removes cookies until there are not too many: those that have expired;
// then, of the place that has just got one more, those that are not Secure
// first; then of all. Those not used for the longest time go first.
//
// Precondition: s.mu is locked, and no other place has too many.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-storage-model
func (s *Store) evict(at place, now time.Time) {
	if shelf := s.shelf[at]; len(shelf) > MaxPerDomain {
		s.remove(at, slices.MinFunc(shelf, compareWorth))
	}
	if s.size <= MaxCookies {
		return
	}
	for at := range s.shelf {
		s.prune(at, now)
	}
	if s.size <= MaxCookies {
		return
	}
	// Optimization: to find them means to look at all, so some more go.
	all := s.all(now)
	slices.SortFunc(all, compareUse)
	least := all[len(all)-(MaxCookies-purged)]
	for at, shelf := range s.shelf {
		n := len(shelf)
		s.keep(at, slices.DeleteFunc(shelf, func(c *cookie) bool { return compareUse(c, least) < 0 }), n)
	}
}

// compareWorth puts first what one domain loses first.
func compareWorth(a, b *cookie) int {
	switch {
	case a.Secure == b.Secure:
		return compareUse(a, b)
	case b.Secure:
		return -1
	}
	return 1
}

// compareUse puts first what has not been used for longer.
func compareUse(a, b *cookie) int {
	return cmp.Or(a.LastAccess.Compare(b.LastAccess), cmp.Compare(a.serial, b.serial))
}

// prune removes what has expired.
func (s *Store) prune(at place, now time.Time) {
	shelf := s.shelf[at]
	n := len(shelf)
	s.keep(at, slices.DeleteFunc(shelf, func(c *cookie) bool { return c.expired(now) }), n)
}

// remove removes one cookie.
func (s *Store) remove(at place, c *cookie) {
	shelf := s.shelf[at]
	n := len(shelf)
	s.keep(at, slices.DeleteFunc(shelf, func(e *cookie) bool { return e == c }), n)
}

// keep makes shelf, of which there were n before, what is left at a place.
func (s *Store) keep(at place, shelf []*cookie, n int) {
	if len(shelf) == n {
		return
	}
	s.size -= n - len(shelf)
	if s.counts[at.domain] -= n - len(shelf); s.counts[at.domain] == 0 {
		delete(s.counts, at.domain)
	}
	if len(shelf) == 0 {
		delete(s.shelf, at)
		return
	}
	s.shelf[at] = shelf
}
