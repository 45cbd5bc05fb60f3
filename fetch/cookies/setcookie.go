package cookies

import (
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

const (
	maxPair      = 4096 // bytes of a name and its value
	maxAttribute = 1024 // bytes of an attribute's value
	maxDomain    = 254  // bytes of a host that can be resolved, with its final full stop
)

// maxAge is how long a cookie can live.
const maxAge = 400 * 24 * time.Hour

// A setCookie is what a Set-Cookie header says.
type setCookie struct {
	name, value string

	domain    string // without its leading full stop, as given; "" if there is none
	hasDomain bool
	path      string // "" if there is none to be used
	secure    bool
	httpOnly  bool
	sameSite  SameSite
	expires   time.Time // zero if it does not say

	partitioned bool
}

// parseSetCookie parses the value of a Set-Cookie header. It is false if the
// header is to be ignored. The strings are parts of s.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-set-cookie-header-field-2
func parseSetCookie(s string, rules Rules, now time.Time) (c setCookie, ok bool) {
	if rules.LooseSyntax {
		return parseLoosely(s, now)
	}
	// Control characters other than tab spoil it all.
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\t' || s[i] == 0x7F {
			return setCookie{}, false
		}
	}
	// What has no equals sign is a value without a name, as a rule.
	pair, attributes, more := strings.Cut(s, ";")
	name, value, found := strings.Cut(pair, "=")
	if !found && !rules.BareNames {
		name, value = "", pair
	}
	if rules.ReplacesInvalidUTF8 {
		value = decodeUTF8(value)
	}
	c.name, c.value = trim(name), trim(value)
	if c.name == "" && rules.BareNames {
		return setCookie{}, false
	}
	if n := len(c.name) + len(c.value); n == 0 || n > maxPair {
		return setCookie{}, false
	}
	// The last of several attributes of a name counts, except that Max-Age beats
	// Expires.
	var hasMaxAge bool
	var attribute string
	for more {
		attribute, attributes, more = strings.Cut(attributes, ";")
		name, value, _ := strings.Cut(attribute, "=")
		name, value = trim(name), trim(value)
		if len(value) > maxAttribute {
			continue
		}
		switch {
		case equalFold(name, "expires"):
			if expires, ok := parseDate(value); ok && !hasMaxAge {
				c.expires = earlier(expires, now.Add(maxAge))
			}
		case equalFold(name, "max-age"):
			if age, ok := parseMaxAge(value); ok {
				c.expires, hasMaxAge = now.Add(age), true
			}
		case equalFold(name, "domain"):
			// An empty one says that there is none.
			c.domain, c.hasDomain = strings.TrimPrefix(value, "."), value != ""
		case equalFold(name, "path"):
			c.path = ""
			if strings.HasPrefix(value, "/") {
				c.path = value
			}
		case equalFold(name, "secure"):
			c.secure = true
		case equalFold(name, "httponly"):
			c.httpOnly = true
		case equalFold(name, "samesite"):
			c.sameSite = parseSameSite(value)
		case equalFold(name, "partitioned"):
			c.partitioned = true
		}
	}
	return c, true
}

// parseMaxAge parses a Max-Age: digits, perhaps after a minus sign. What is
// zero or less is zero, and what is more than a cookie can live is that.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-max-age-attribute
func parseMaxAge(s string) (age time.Duration, ok bool) {
	digits, negative := strings.CutPrefix(s, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	if negative {
		return 0, true
	}
	var seconds time.Duration
	for i := range len(digits) {
		if seconds = seconds*10 + time.Duration(digits[i]-'0'); seconds >= maxAge/time.Second {
			return maxAge, true
		}
	}
	return seconds * time.Second, true
}

func parseSameSite(s string) SameSite {
	switch {
	case equalFold(s, "none"):
		return SameSiteNone
	case equalFold(s, "lax"):
		return SameSiteLax
	case equalFold(s, "strict"):
		return SameSiteStrict
	}
	return SameSiteUnset
}

// parseHost returns an origin whose host is what s is, or false if it is none.
//
// Note: what would end a host in a URL does not belong to one here. Domains
// that are not ASCII are refused, as in browsers.
//
// https://url.spec.whatwg.org/#concept-host-parser
func parseHost(s string) (host origin.Origin, ok bool) {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > 0x7E {
			return origin.Origin{}, false
		}
	}
	isIPv6 := strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]")
	if s == "" || strings.ContainsAny(s, `/\?#@`) || strings.Contains(s, ":") && !isIPv6 {
		return origin.Origin{}, false
	}
	u, err := weburl.Parse("https://"+s+"/", nil)
	if err != nil {
		return origin.Origin{}, false
	}
	return origin.FromURL(u), true
}

// trim removes spaces and tabs from both ends.
func trim(s string) string { return strings.Trim(s, " \t") }

// equalFold reports whether s is lower, which is lowercase, in any ASCII case.
//
// Note: strings.EqualFold also has U+017F equal s and U+212A equal k.
func equalFold(s, lower string) bool {
	return len(s) == len(lower) && hasPrefixFold(s, lower)
}

// hasPrefixFold reports whether s begins with lower, which is lowercase, in any
// ASCII case.
func hasPrefixFold(s, lower string) bool {
	if len(s) < len(lower) {
		return false
	}
	for i := range len(lower) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
