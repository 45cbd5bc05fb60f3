package cookies

import "time"

// ParseDate is parseDate, whose dates would all be capped elsewhere.
func ParseDate(s string) (time.Time, bool) { return parseDate(s) }

// ParsedPair returns name and value of a Set-Cookie header, and whether it is
// not ignored.
func ParsedPair(s string, rules Rules, now time.Time) (name, value string, ok bool) {
	c, ok := parseSetCookie(s, rules, now)
	return c.name, c.value, ok
}

// DomainMatch is domainMatch. No cookie has a domain that is part of an address.
func DomainMatch(host, domain string) bool { return domainMatch(host, domain) }
