package preflightcache

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	// DefaultSize is the number of keys a cache holds unless told otherwise.
	DefaultSize = 1024

	// DefaultMaxAge is how long an answer without a usable
	// Access-Control-Max-Age is good for.
	DefaultMaxAge = 5 * time.Second

	// MaxEntries is the number of entries one key can have. An answer that
	// lists more loses the rest.
	MaxEntries = 256
)

const (
	// maxNameBytes bounds the names of one key's entries taken together.
	maxNameBytes = 16 << 10
	// maxKeyBytes bounds the strings of one key taken together.
	maxKeyBytes = 64 << 10

	// opaqueOrigin is what every opaque origin is serialized as.
	opaqueOrigin = "null"
	// wildcard is the method or header name that may stand for any.
	wildcard = "*"
	// authorization is the one CORS non-wildcard request-header name.
	authorization = "authorization"
)

// A Key names what an answer is good for: requests for URL by Origin, in one
// partition of the browser's state. All three are compared as strings.
//
// https://fetch.spec.whatwg.org/#cors-preflight-cache
type Key struct {
	// Partition is the serialized network partition key. The cache gives it
	// no meaning.
	Partition string

	// Origin is the byte-serialized request origin, "null" if it is opaque or
	// if the request has been redirected so that it goes by that name.
	Origin string

	// URL is the request's serialized current URL.
	//
	// Note: it keeps its fragment, for entries are of URLs and two URLs that
	// differ in their fragments are two. So do Chromium, Firefox and WebKit.
	URL string
}

// A Request is what the cache must know of a request for which a preflight is
// considered.
type Request struct {
	Method             string   // as it would be sent; compared byte for byte
	MethodSafelisted   bool     // Method is a CORS-safelisted method
	UseCORSPreflight   bool     // its use-CORS-preflight flag is set
	UnsafeHeaders      []string // CORS-unsafe request-header names, byte-lowercase
	IncludeCredentials bool     // its credentials mode is "include"
}

// An Answer is what a server answered to a preflight that succeeded.
type Answer struct {
	Methods            []string      // of Access-Control-Allow-Methods
	Headers            []string      // of Access-Control-Allow-Headers, in any case
	MaxAge             time.Duration // of Access-Control-Max-Age or DefaultMaxAge, within the browser's limit
	IncludeCredentials bool          // the credentials mode of the request it was for is "include"
}

// A Cache is a CORS-preflight cache. The zero value is an empty cache of
// DefaultSize keys. A Cache is safe for concurrent use and must not be copied
// once used.
type Cache struct {
	size int // of groups; not above zero means DefaultSize

	mu     sync.Mutex
	groups *simplelru.LRU[Key, *group] // nil until the first Store; guarded by mu
}

// New returns an empty cache of at most size keys; DefaultSize if size is not
// above zero.
func New(size int) *Cache {
	return &Cache{size: size}
}

// Allows reports whether what is stored makes a preflight for the request q
// needless: every method and header that would be asked about has been allowed.
// It allocates nothing.
//
// Ask it only of requests that main fetch would preflight: by [Rules] others
// than the standard's a request without anything unsafe can miss, and a miss can
// remove an answer.
//
// This is the condition for making a CORS-preflight fetch in HTTP fetch,
// negated. https://fetch.spec.whatwg.org/#concept-http-fetch
func (c *Cache) Allows(k Key, q Request, r Rules, now time.Time) bool {
	// Note: by the standard such a request has nothing to match.
	if q.MethodSafelisted && !q.UseCORSPreflight && len(q.UnsafeHeaders) == 0 && !r.SafelistedUnlisted {
		return true
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.groupLocked(k, now)
	if g == nil {
		return false
	}
	if g.covers(q, r, now) {
		return true
	}
	if r.WholeAnswers {
		c.groups.Remove(k)
	}
	return false
}

// MatchMethod reports whether there is a method cache entry match for method.
//
// https://fetch.spec.whatwg.org/#concept-cache-match-method
func (c *Cache) MatchMethod(k Key, r Rules, includeCredentials bool, method string, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.groupLocked(k, now)
	return g != nil && g.matchMethod(method, includeCredentials, r)
}

// MatchHeader reports whether there is a header-name cache entry match for
// name, in any case.
//
// https://fetch.spec.whatwg.org/#concept-cache-match-header
func (c *Cache) MatchHeader(k Key, r Rules, includeCredentials bool, name string, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.groupLocked(k, now)
	return g != nil && g.matchHeader(byteLowercase(name), includeCredentials, r)
}

// Store makes an entry of every method and every header that a lists, asked
// for or not, good for a.MaxAge from now on. An entry of the same name and the
// same credentials kind is replaced; a MaxAge of zero or less only removes it.
//
// Not to cache an answer at all is not to call Store.
//
// These are the last steps of CORS-preflight fetch.
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
//
// Deviation: of an entry that there is already, the text overwrites only the
// max-age, whose clock has been running since it was first stored. The new
// answer is good from when it was given; all browsers replace the entry.
//
// Deviation: by the text "already" is any entry that matches, so an
// uncredentialed answer would set the max-age of a credentialed entry, and PUT
// would prolong "*" without being stored. Here only the same entry is replaced.
func (c *Cache) Store(k Key, a Answer, r Rules, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !r.keeps(k) || len(k.Partition)+len(k.Origin)+len(k.URL) > maxKeyBytes {
		return
	}
	g := c.groupLocked(k, now)
	switch {
	case g == nil && a.MaxAge <= 0:
		return
	case g == nil:
		g = c.addLocked(k)
	case r.WholeAnswers:
		*g = group{}
	}
	if g.store(a, now); g.dead(now) {
		c.groups.Remove(k)
	}
}

// Clear removes all entries of k, of every credentials kind.
//
// https://fetch.spec.whatwg.org/#concept-cache-clear
func (c *Cache) Clear(k Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.groups != nil {
		c.groups.Remove(k)
	}
}

// Reset removes all entries.
func (c *Cache) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.groups = nil
}

// groupLocked returns the group of k without the entries that have expired, or
// nil if nothing of it is left. It marks k as used.
func (c *Cache) groupLocked(k Key, now time.Time) *group {
	if c.groups == nil {
		return nil
	}
	g, ok := c.groups.Get(k)
	if !ok {
		return nil
	}
	if g.expire(now); g.dead(now) {
		c.groups.Remove(k)
		return nil
	}
	return g
}

// addLocked adds an empty group for k.
func (c *Cache) addLocked(k Key) *group {
	if c.groups == nil {
		size := c.size
		if size <= 0 {
			size = DefaultSize
		}
		// The error is that of a size that is not above zero.
		c.groups, _ = simplelru.NewLRU[Key, *group](size, nil)
	}
	g := new(group)
	// Cloned, because the strings of a request may be small parts of big ones.
	c.groups.Add(Key{
		Partition: strings.Clone(k.Partition),
		Origin:    strings.Clone(k.Origin),
		URL:       strings.Clone(k.URL),
	}, g)
	return g
}

// Entries returns the entries that are live at now, ordered by key, methods
// before headers, then by name, uncredentialed ones first. It is for tests and
// tools, and neither removes entries nor marks keys as used.
func (c *Cache) Entries(now time.Time) []Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.groups == nil {
		return nil
	}
	keys := c.groups.Keys()
	slices.SortFunc(keys, compareKeys)
	var all []Entry
	for _, k := range keys {
		g, _ := c.groups.Peek(k)
		for _, e := range g.entries {
			if now.Before(e.expires) {
				all = append(all, e.export(k))
			}
		}
	}
	return all
}

// compareKeys orders keys by partition, origin and URL.
func compareKeys(a, b Key) int {
	if n := strings.Compare(a.Partition, b.Partition); n != 0 {
		return n
	}
	if n := strings.Compare(a.Origin, b.Origin); n != 0 {
		return n
	}
	return strings.Compare(a.URL, b.URL)
}

// byteLowercase returns s with ASCII letters in lower case; s itself if they
// are that already.
//
// https://infra.spec.whatwg.org/#byte-lowercase
func byteLowercase(s string) string {
	isUpper := func(r rune) bool { return 'A' <= r && r <= 'Z' }
	if !strings.ContainsFunc(s, isUpper) {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
