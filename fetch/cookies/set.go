package cookies

import (
	"slices"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/origin"
)

// set stores a cookie, or removes one if it has already expired, unless
// something speaks against it.
//
// Deviation: the layered draft refuses a cookie that differs from its
// predecessor in nothing but its value. No browser does.
//
// Precondition: s.mu is locked.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-storage-model
func (s *Store) set(in *setCookie, v *view, rules Rules, now time.Time) {
	c := &cookie{Entry: Entry{
		Name: in.name, Value: in.value, Path: in.path,
		Secure: in.secure, HTTPOnly: in.httpOnly, SameSite: in.sameSite,
		Expires: in.expires, Created: now, LastAccess: now,
	}}
	var ok bool
	if c.Domain, c.HostOnly, ok = in.host(v, &s.sites); !ok || len(c.Domain) > maxDomain {
		return
	}
	if c.Path == "" {
		// Deviation: a default path can be as long as a URL. To remember it would
		// let a server fill the memory.
		if c.Path = defaultPath(v.path); len(c.Path) > maxAttribute {
			return
		}
	}
	at, ok := in.place(v, rules)
	path := in.path
	if rules.DefaultPathIsRoot {
		path = c.Path
	}
	if !ok || !in.allowed(v, rules) || !rules.NoPrefixes && !in.prefixesHold(c.HostOnly, path) {
		return
	}
	s.prune(at, now)
	old := s.find(at, c)
	switch {
	case v.secure:
	case old != nil && old.Secure, !rules.StandsInForSecure && s.overlaysSecure(at, c):
		return
	}
	switch {
	case old == nil:
	case old.HTTPOnly && v.script:
		return
	case rules.RenewedByValue && old.Value != c.Value:
		s.remove(at, old)
		old = nil
	}
	s.put(at, c, old, now)
}

// host returns the host that the cookie is for, and whether it is for that host
// alone; false if it may not be.
//
// Deviation: browsers compare registrable domains rather than ask whether Domain
// is a public suffix. They refuse a public suffix either way, and in addition a
// domain above one, such as amazonaws.com for s3.amazonaws.com's customers.
func (in *setCookie) host(v *view, sites *origin.Sites) (host string, hostOnly, ok bool) {
	if !in.hasDomain {
		return v.host, true, true
	}
	o, ok := parseHost(in.domain)
	if !ok || !domainMatch(v.host, o.Host()) {
		return "", false, false
	}
	registrable := sites.RegistrableDomain(o)
	if registrable == "" {
		// A public suffix or an IP address can be for itself.
		return v.host, true, o.Host() == v.host
	}
	return o.Host(), false, registrable == v.domain
}

// place returns where the cookie belongs; false if the browser keeps no such
// cookies.
func (in *setCookie) place(v *view, rules Rules) (at place, ok bool) {
	if in.partitioned && !rules.NoPartitioned {
		return place{v.own, v.domain}, in.secure
	}
	return place{v.plain, v.domain}, v.writes
}

// allowed reports whether the request may set a cookie of such attributes.
func (in *setCookie) allowed(v *view, rules Rules) bool {
	switch {
	case in.secure && !v.secure:
	case in.httpOnly && v.script:
	case !v.setsAll && !rules.AnySameSiteSet && !NoneOnly.allows(in.sameSite, rules, 0):
	case in.sameSite == SameSiteNone && !in.secure && !rules.InsecureNone:
	default:
		return true
	}
	return false
}

// prefixesHold reports whether the cookie is what its name's prefix promises, of
// the given Path. A cookie without a name must not look like one with a prefix in its name.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-cookie-name-prefixes
func (in *setCookie) prefixesHold(hostOnly bool, path string) bool {
	asHost := in.secure && hostOnly && path == "/"
	asHTTP := in.secure && in.httpOnly
	switch name := in.name; {
	case name == "":
		return !hasPrefixFold(in.value, "__secure-") && !hasPrefixFold(in.value, "__host-") && !hasPrefixFold(in.value, "__http-")
	case hasPrefixFold(name, "__secure-"):
		return in.secure
	case hasPrefixFold(name, "__host-http-"):
		return asHost && asHTTP
	case hasPrefixFold(name, "__host-"):
		return asHost
	case hasPrefixFold(name, "__http-"):
		return asHTTP
	}
	return true
}

// overlaysSecure reports whether c, which comes over an insecure connection,
// would stand in for a Secure cookie.
func (s *Store) overlaysSecure(at place, c *cookie) bool {
	return slices.ContainsFunc(s.shelf[at], func(e *cookie) bool {
		return e.Secure && e.Name == c.Name &&
			(domainMatch(e.Domain, c.Domain) || domainMatch(c.Domain, e.Domain)) && pathMatch(c.Path, e.Path)
	})
}

// find returns the cookie that c replaces, or nil.
func (s *Store) find(at place, c *cookie) *cookie {
	for _, e := range s.shelf[at] {
		if e.Name == c.Name && e.Domain == c.Domain && e.HostOnly == c.HostOnly && e.Path == c.Path {
			return e
		}
	}
	return nil
}

// clone returns a copy that does not keep alive what c was parsed from.
func (c *cookie) clone(p partition) *cookie {
	n := *c
	n.Name, n.Value = strings.Clone(c.Name), strings.Clone(c.Value)
	n.Domain, n.Path = strings.Clone(c.Domain), strings.Clone(c.Path)
	if p.partitioned {
		n.Partition, n.ThirdParty = p.site.String(), p.thirdParty
	}
	return &n
}

// renew makes c what the new cookie is, which comes in its place, and is as old.
// It does not keep alive what that was parsed from.
func (c *cookie) renew(with *cookie) {
	old := c.Entry
	c.Entry = with.Entry
	c.Name, c.Domain, c.Path, c.Created = old.Name, old.Domain, old.Path, old.Created
	c.Partition, c.ThirdParty = old.Partition, old.ThirdParty
	if c.Value = old.Value; with.Value != old.Value {
		c.Value = strings.Clone(with.Value)
	}
}

// put puts a copy of c in the place of old, which may be nil, and evicts what is
// then too much.
func (s *Store) put(at place, c, old *cookie, now time.Time) {
	switch {
	case c.expired(now) && old == nil:
		return
	case c.expired(now):
		s.remove(at, old)
		return
	case old != nil:
		old.renew(c)
		return
	}
	c = c.clone(at.partition)
	if s.shelf == nil {
		s.shelf, s.counts = make(map[place][]*cookie), make(map[string]int)
	}
	s.serial++
	c.serial = s.serial
	s.shelf[at] = append(s.shelf[at], c)
	s.counts[at.domain]++
	s.size++
	s.evict(at, now)
}
