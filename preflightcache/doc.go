// Package preflightcache is the CORS-preflight cache: what servers answered to
// preflights, and for how long those answers make further preflights needless.
//
// The cache is a list of entries. Each says that one origin may use one method,
// or send one request-header, in requests for one URL:
//
//	c := preflightcache.New(0)
//	c.Store(key, preflightcache.Answer{Methods: []string{"PUT"}, MaxAge: time.Minute}, rules, now)
//	c.Allows(key, preflightcache.Request{Method: "PUT"}, rules, now.Add(59*time.Second)) // true
//	c.Allows(key, preflightcache.Request{Method: "PUT"}, rules, now.Add(60*time.Second)) // false
//
// # Time
//
// Nothing here reads a clock and nothing runs in the background. Whoever calls
// says what time it is, and entries whose time is up are dropped when their key
// is next used.
//
// # Bounds
//
// A cache holds a bounded number of keys, dropping the least recently used
// one, and of each key a bounded number of entries of bounded size. The
// standard lets a user agent remove entries at any time: a lost entry never
// allows anything, it costs one preflight.
//
// # Browsers
//
// The zero [Rules] are the Fetch Standard's. Browsers keep their caches
// differently, and Rules says how, as data.
//
// The standard's part is https://fetch.spec.whatwg.org/#cors-preflight-cache.
package preflightcache
