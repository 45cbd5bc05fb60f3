package preflightcache

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// An Entry is a live cache entry, as [Cache.Entries] lists it.
//
// https://fetch.spec.whatwg.org/#cache-entry
type Entry struct {
	Key         Key
	Method      string        // "" in a header-name entry
	Header      string        // byte-lowercase; "" in a method entry
	Credentials bool          // stored for a request with credentials mode "include"
	StoredAt    time.Time     // when it was stored
	MaxAge      time.Duration // how long it is good for from then on
}

// Expires returns the time from which e is no longer used.
func (e Entry) Expires() time.Time { return e.StoredAt.Add(e.MaxAge) }

// A token is what tells the entries of one key apart.
type token struct {
	header      bool   // name is a header's, not a method's
	name        string // byte-lowercase if header
	credentials bool
}

func (t *token) compare(u *token) int {
	switch {
	case t.header != u.header:
		return compareBools(t.header, u.header)
	case t.name != u.name:
		return strings.Compare(t.name, u.name)
	}
	return compareBools(t.credentials, u.credentials)
}

// compareBools orders false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

type entry struct {
	token
	storedAt time.Time
	expires  time.Time // the entry is live before this
}

func (e entry) export(k Key) Entry {
	x := Entry{Key: k, Credentials: e.credentials, StoredAt: e.storedAt, MaxAge: e.expires.Sub(e.storedAt)}
	if e.header {
		x.Header = e.name
	} else {
		x.Method = e.name
	}
	return x
}

// A group is the entries of one key.
//
// Optimization: they are a sorted slice, which is small where servers list a
// handful of names, as they do, and still quick to search at MaxEntries.
type group struct {
	entries   []entry   // sorted by token, each token once
	nameBytes int       // of all names together
	next      time.Time // when the first of entries expires; entries == nil => meaningless

	// When the last answer to an uncredentialed and to a credentialed preflight
	// expires. An answer need not list anything.
	answered, answeredCredentials time.Time
}

// store makes an entry of all that a lists.
func (g *group) store(a Answer, now time.Time) {
	expires := now
	if a.MaxAge > 0 {
		expires = now.Add(a.MaxAge)
	}
	for _, method := range a.Methods {
		g.set(entry{token{false, method, a.IncludeCredentials}, now, expires})
	}
	for _, name := range a.Headers {
		g.set(entry{token{true, byteLowercase(name), a.IncludeCredentials}, now, expires})
	}
	if a.IncludeCredentials {
		g.answeredCredentials = later(g.answeredCredentials, expires)
	} else {
		g.answered = later(g.answered, expires)
	}
	g.expire(now)
}

// set stores e, in place of the entry with the same token if there is one.
//
// Precondition: if e is a header-name entry, its name is byte-lowercase.
func (g *group) set(e entry) {
	if len(g.entries) == 0 || e.expires.Before(g.next) {
		g.next = e.expires
	}
	i, found := g.search(e.token)
	if found {
		g.entries[i].storedAt, g.entries[i].expires = e.storedAt, e.expires
		return
	}
	if len(g.entries) >= MaxEntries || g.nameBytes+len(e.name) > maxNameBytes {
		return
	}
	e.name = strings.Clone(e.name)
	g.nameBytes += len(e.name)
	g.entries = slices.Insert(g.entries, i, e)
}

// expire removes the entries that are not live at now.
func (g *group) expire(now time.Time) {
	if len(g.entries) == 0 || now.Before(g.next) {
		return
	}
	g.entries = slices.DeleteFunc(g.entries, func(e entry) bool { return !now.Before(e.expires) })
	g.nameBytes = 0
	for i, e := range g.entries {
		g.nameBytes += len(e.name)
		if i == 0 || e.expires.Before(g.next) {
			g.next = e.expires
		}
	}
}

// dead reports whether neither an entry nor an answer is live at now.
//
// Precondition: g has no entry that is not live at now.
func (g *group) dead(now time.Time) bool {
	return len(g.entries) == 0 && !now.Before(g.answered) && !now.Before(g.answeredCredentials)
}

// covers reports whether a request needs no preflight at now.
//
// Precondition: g has no entry that is not live at now.
func (g *group) covers(q Request, r Rules, now time.Time) bool {
	if !g.serves(q.IncludeCredentials, r, now) {
		return false
	}
	listed := !q.MethodSafelisted ||
		q.UseCORSPreflight && !r.SafelistedUnlisted ||
		q.Method == "HEAD" && r.ListHEAD
	if listed && !g.matchMethod(q.Method, q.IncludeCredentials, r) {
		return false
	}
	for _, name := range q.UnsafeHeaders {
		if !g.matchHeader(name, q.IncludeCredentials, r) {
			return false
		}
	}
	return true
}

// serves reports whether an answer is live at now that serves requests of the
// given credentials kind, whatever it lists. No entry outlives its answer.
func (g *group) serves(includeCredentials bool, r Rules, now time.Time) bool {
	if !includeCredentials && now.Before(g.answered) {
		return true
	}
	return (includeCredentials || !r.SeparateCredentials) && now.Before(g.answeredCredentials)
}

// matchMethod reports whether an entry allows method.
func (g *group) matchMethod(method string, includeCredentials bool, r Rules) bool {
	return g.has(false, method, includeCredentials, r) ||
		g.hasWildcard(false, includeCredentials, r)
}

// matchHeader reports whether an entry allows the header called name.
//
// Precondition: name is byte-lowercase.
func (g *group) matchHeader(name string, includeCredentials bool, r Rules) bool {
	if g.has(true, name, includeCredentials, r) {
		return true
	}
	// "*" does not stand for a CORS non-wildcard request-header name.
	if name == authorization && !r.WildcardCoversAuthorization {
		return false
	}
	return g.hasWildcard(true, includeCredentials, r)
}

// has reports whether there is an entry of that very name: a credentialed one,
// or, for a request without credentials, an uncredentialed one.
//
// This is the part of a cache entry match that is not about the key.
// https://fetch.spec.whatwg.org/#concept-cache-match
func (g *group) has(header bool, name string, includeCredentials bool, r Rules) bool {
	if !includeCredentials && g.contains(token{header, name, false}) {
		return true
	}
	return (includeCredentials || !r.SeparateCredentials) && g.contains(token{header, name, true})
}

// hasWildcard reports whether there is a "*" that stands for any name.
//
// Deviation: the text makes a wildcard of every stored "*". Where the preflight
// was credentialed that server has allowed a method or header called "*" and no
// other: CORS-preflight fetch reads its "*" so, and would refuse what the cache
// then lets pass. Chromium and Firefox, too, take it for a name only.
func (g *group) hasWildcard(header, includeCredentials bool, r Rules) bool {
	if includeCredentials || r.LiteralWildcard {
		return false
	}
	if g.contains(token{header, wildcard, false}) {
		return true
	}
	return r.WildcardByRequest && !r.SeparateCredentials && g.contains(token{header, wildcard, true})
}

func (g *group) contains(t token) bool {
	_, found := g.search(t)
	return found
}

// search returns where the entry with token t is, or would be.
func (g *group) search(t token) (int, bool) {
	return sort.Find(len(g.entries), func(i int) int { return t.compare(&g.entries[i].token) })
}

// later returns the later of two times.
func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
