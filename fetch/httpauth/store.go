package httpauth

import (
	"slices"
	"strings"
	"sync"
)

const (
	// MaxEntries is how many entries a Store keeps. The one that has not been
	// used for the longest time goes for a new one.
	MaxEntries = 100
	// MaxPaths is how many directories are remembered of an entry, in the same
	// way.
	MaxPaths = 10
)

// A Space is who asks: a server, or a proxy. An entry of one is nothing to
// another.
type Space struct {
	Origin    string // serialized
	Partition string // of a browser that keeps tabs apart; "" is all there is
	Proxy     bool
}

// A Store holds authentication entries: who the user has been to whom, by
// realm. Its memory is bounded; see [MaxEntries].
//
// The zero Store is empty and ready to use. It is safe for concurrent use, and
// must not be copied.
//
// https://fetch.spec.whatwg.org/#authentication-entry
type Store struct {
	mu      sync.Mutex
	entries []*entry // the one used last comes last; guarded by mu
}

// An entry is what is known of a realm.
type entry struct {
	space  Space
	scheme string
	realm  string
	user   User
	digest digest
	count  uint32   // uses of the digest's nonce
	paths  []string // directories whose requests are authorized unasked
}

// Credentials are an answer, or what goes along unasked. The zero value is none.
type Credentials struct {
	Header string // the value of Authorization or Proxy-Authorization
	User   User
	Scheme string
	Realm  string
}

// IsFor reports whether c has been an answer to a challenge: if the same comes
// again it has been the wrong one.
func (c *Credentials) IsFor(challenge *Challenge) bool {
	return c.Header != "" && c.Scheme == challenge.Scheme && c.Realm == challenge.Realm()
}

// Unasked returns what goes along with a request to a server that has not asked:
// what is known of the directory of the request's target, or by Digest of the
// server or what the parameter domain leaves of it. A proxy is known wherever the
// request goes.
//
// It does not allocate if there are no entries.
//
// Deviation: other servers that the parameter domain names get nothing, as none
// does in a browser. Chromium and Firefox read the parameter and do not look at it;
// libsoup, and so WebKitGTK, leaves out what is not of the server.
//
// https://www.rfc-editor.org/rfc/rfc7617#section-2.2
func (s *Store) Unasked(space Space, r Request, rules Rules) Credentials {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.entries) == 0 {
		return Credentials{}
	}
	var found *entry
	length := -1
	for _, e := range s.entries {
		if e.space != space {
			continue
		}
		if n := e.covers(r.Target, rules); n > length {
			found, length = e, n
		}
	}
	if found == nil {
		return Credentials{}
	}
	return s.answer(found, r, rules)
}

// IsEmpty reports whether there are no entries.
func (s *Store) IsEmpty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.entries) == 0
}

// covers returns the length of the longest directory of e that target is in, or
// -1.
func (e *entry) covers(target string, rules Rules) int {
	length := -1
	cover := func(dir string) {
		if rules.LoosePaths {
			dir = strings.TrimSuffix(dir, "/")
		}
		if strings.HasPrefix(target, dir) {
			length = max(length, len(dir))
		}
	}
	switch isServerWide := e.scheme == "digest" && !rules.DigestByPath; {
	case e.space.Proxy, isServerWide && e.digest.domain == "":
		length = 0
	case isServerWide:
		for uri := range strings.FieldsSeq(e.digest.domain) {
			if path := strings.TrimPrefix(uri, e.space.Origin); strings.HasPrefix(path, "/") {
				cover(path)
			}
		}
		return length
	}
	for _, dir := range e.paths {
		cover(dir)
	}
	return length
}

// Answer returns what answers a challenge to a request, if its realm is known.
//
// Precondition: c can be answered; [Choose] returns no other.
func (s *Store) Answer(space Space, c *Challenge, r Request, rules Rules) Credentials {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(space, c)
	if e == nil {
		return Credentials{}
	}
	e.challenged(c, rules)
	e.learn(directory(r.Target))
	return s.answer(e, r, rules)
}

// Add makes u known for the realm of a challenge to a request, in place of who
// was.
//
// Precondition: c can be answered; [Choose] returns no other.
func (s *Store) Add(space Space, c *Challenge, target string, u User, rules Rules) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(space, c)
	if e == nil {
		e = &entry{space: space, scheme: c.Scheme, realm: c.Realm()}
		s.entries = append(s.entries, e)
		if len(s.entries) > MaxEntries {
			s.entries = slices.Delete(s.entries, 0, 1)
		}
	}
	e.user = u
	e.challenged(c, rules)
	e.learn(directory(target))
}

// Remove forgets who has been to a realm, if that is still who c names.
func (s *Store) Remove(space Space, c Credentials) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = slices.DeleteFunc(s.entries, func(e *entry) bool {
		return e.space == space && e.scheme == c.Scheme && e.realm == c.Realm && e.user == c.User
	})
}

// Clear forgets everything.
func (s *Store) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = nil
}

// Stale reports whether a challenge only says that the nonce of the answer is
// too old: the password was right.
func (c *Challenge) Stale() bool { return c.Scheme == "digest" && c.isTrue("stale") }

// find returns the entry for a challenge, or nil.
//
// Precondition: s.mu is locked.
func (s *Store) find(space Space, c *Challenge) *entry {
	for _, e := range s.entries {
		if e.space == space && e.scheme == c.Scheme && e.realm == c.Realm() {
			return e
		}
	}
	return nil
}

// answer returns the credentials of e for a request, and counts that.
//
// Precondition: s.mu is locked.
func (s *Store) answer(e *entry, r Request, rules Rules) Credentials {
	i := slices.Index(s.entries, e)
	s.entries = append(slices.Delete(s.entries, i, i+1), e)
	c := Credentials{User: e.user, Scheme: e.scheme, Realm: e.realm}
	if e.scheme == "digest" {
		e.count++
		c.Header = e.digest.answer(e.user, r, e.count, rules)
	} else {
		c.Header = basic(e.user)
	}
	return c
}

// challenged makes the entry answer the challenge from now on.
func (e *entry) challenged(c *Challenge, rules Rules) {
	if e.scheme == "digest" {
		e.digest, _ = parseDigest(c, rules)
		e.count = 0
	}
}

// learn adds a directory, and drops those that it holds.
func (e *entry) learn(dir string) {
	within := func(other string) bool { return strings.HasPrefix(dir, other) }
	if len(dir) > MaxLength || slices.ContainsFunc(e.paths, within) {
		return
	}
	e.paths = slices.DeleteFunc(e.paths, func(other string) bool { return strings.HasPrefix(other, dir) })
	if len(e.paths) == MaxPaths {
		e.paths = slices.Delete(e.paths, 0, 1)
	}
	e.paths = append(e.paths, dir)
}

// directory is a target without its query, up to the last slash.
func directory(target string) string {
	path, _, _ := strings.Cut(target, "?")
	return strings.Clone(path[:strings.LastIndexByte(path, '/')+1])
}
