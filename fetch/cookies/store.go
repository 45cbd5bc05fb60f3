package cookies

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/corsfetch/corsfetch/origin"
)

const (
	// MaxPerDomain is how many cookies a Store keeps of one registrable domain,
	// in one partition.
	MaxPerDomain = 180
	// MaxCookies is how many cookies a Store keeps. When there is one more, it
	// drops the 301 that have not been used for the longest time.
	MaxCookies = 3300
)

// A Store is a browser's cookies. Its memory is bounded: see [MaxCookies]; a
// cookie is at most a few thousand bytes.
//
// The zero Store is empty and ready to use. It is safe for concurrent use, and
// must not be copied.
type Store struct {
	sites origin.Sites

	mu     sync.Mutex
	shelf  map[place][]*cookie // guarded by mu; no slice is empty
	counts map[string]int      // of the cookies by their place's domain; none is 0; guarded by mu
	size   int                 // of all slices of shelf; guarded by mu
	serial uint64              // of the newest cookie; guarded by mu
}

// A place is where cookies are that a request can have at once.
type place struct {
	partition partition
	domain    string // a registrable domain, or a host that has none
}

// A cookie is an entry with what tells the age of those that came at once.
type cookie struct {
	Entry
	serial uint64
}

// Cookie returns the value of the Cookie header that the request is to have, or
// "" if it is to have none. For a script it is what document.cookie is.
//
// It does not allocate if there are no cookies.
//
// https://fetch.spec.whatwg.org/#append-a-request-cookie-header
func (s *Store) Cookie(r Request, rules Rules, now time.Time) string {
	if !r.hasCookies() {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// Optimization: most requests are to a domain without cookies.
	if s.size == 0 || s.counts[domainOf(r.currentURL(), &s.sites)] == 0 {
		return ""
	}
	v := r.view(rules, &s.sites)
	var room [16]*cookie
	found := room[:0]
	if v.reads {
		found = s.retrieve(found, v.plain, &v, rules, now)
	}
	if !rules.NoPartitioned && v.own != v.plain {
		found = s.retrieve(found, v.own, &v, rules, now)
	}
	if len(found) == 0 {
		return ""
	}
	slices.SortFunc(found, func(a, b *cookie) int { return compareSent(a, b, rules) })
	for _, c := range found {
		c.LastAccess = instant(now)
	}
	return serialize(found)
}

// retrieve appends the cookies of a partition that the request may have.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-retrieval-algorithm
func (s *Store) retrieve(found []*cookie, p partition, v *view, rules Rules, now time.Time) []*cookie {
	for _, c := range s.shelf[place{p, v.domain}] {
		switch {
		case c.expired(now):
		case c.HostOnly && c.Domain != v.host, !domainMatch(v.host, c.Domain):
		case !pathMatch(v.path, c.Path):
		case c.Secure && !v.secure:
		case c.HTTPOnly && v.script:
		case !v.mode.allows(c.SameSite, rules, now.Sub(c.Created)):
		default:
			found = append(found, c)
		}
	}
	return found
}

// compareSent puts longer paths first, and then older cookies.
func compareSent(a, b *cookie, rules Rules) int {
	order := cmp.Compare(len(b.Path), len(a.Path))
	if rules.NearestFirst && order == 0 {
		order = compareNear(a, b)
	}
	return cmp.Or(order, compareAge(a, b))
}

// compareNear puts first what is for less than others, but what is for the host
// alone behind what is for those below it, too.
func compareNear(a, b *cookie) int {
	switch {
	case len(a.Domain) != len(b.Domain):
		return cmp.Compare(len(b.Domain), len(a.Domain))
	case a.HostOnly == b.HostOnly:
		return 0
	case b.HostOnly:
		return -1
	}
	return 1
}

// compareAge puts older cookies first.
func compareAge(a, b *cookie) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.serial, b.serial))
}

// serialize returns the value of a Cookie header.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-layered-cookies#name-serialize-cookies
func serialize(cookies []*cookie) string {
	n := 0
	for _, c := range cookies {
		n += len(c.Name) + len(c.Value) + len("=; ")
	}
	var b strings.Builder
	b.Grow(n)
	for i, c := range cookies {
		if i > 0 {
			b.WriteString("; ")
		}
		writePair(&b, c.Name, c.Value)
	}
	return b.String()
}

func writePair(b *strings.Builder, name, value string) {
	if name != "" {
		b.WriteString(name)
		b.WriteByte('=')
	}
	b.WriteString(value)
}

// SetCookies stores what the values of Set-Cookie headers, one each, say. What
// is not to be stored is ignored. For a script a value is what it assigns to
// document.cookie.
//
// https://fetch.spec.whatwg.org/#parse-and-store-response-set-cookie-headers
func (s *Store) SetCookies(r Request, headers []string, rules Rules, now time.Time) {
	if len(headers) == 0 || !r.hasCookies() {
		return
	}
	now = instant(now)
	v := r.view(rules, &s.sites)
	v.domain = strings.Clone(v.domain) // the key of a map, not to keep the URL alive
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, header := range headers {
		if c, ok := parseSetCookie(header, rules, now); ok {
			s.set(&c, &v, rules, now)
		}
	}
}

// Clear removes all cookies.
func (s *Store) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shelf, s.counts, s.size = nil, nil, 0
}

// Entries returns the cookies that have not expired, oldest first.
func (s *Store) Entries(now time.Time) []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	cookies := s.all(now)
	entries := make([]Entry, len(cookies))
	for i, c := range cookies {
		entries[i] = c.Entry
	}
	return entries
}

// all returns the cookies that have not expired, oldest first.
//
// Precondition: s.mu is locked.
func (s *Store) all(now time.Time) []*cookie {
	cookies := make([]*cookie, 0, s.size)
	for _, shelf := range s.shelf {
		for _, c := range shelf {
			if !c.expired(now) {
				cookies = append(cookies, c)
			}
		}
	}
	slices.SortFunc(cookies, compareAge)
	return cookies
}

// instant returns t as it is saved: without what only means something to this
// process.
func instant(t time.Time) time.Time { return t.Round(0).UTC() }
