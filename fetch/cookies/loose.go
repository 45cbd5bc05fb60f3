package cookies

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// parseLoosely is parseSetCookie under LooseSyntax. It reads on from place to
// place, and what ends it early is no error.
func parseLoosely(s string, now time.Time) (c setCookie, ok bool) {
	l := looseReader{s}
	if c.name, ok = l.name(); !ok {
		c.name, l.rest = "", s
	}
	c.value = l.value()
	// Deviation: libsoup knows no limit, minds no DEL, and keeps what is empty.
	if n := len(c.name) + len(c.value); n == 0 || n > maxPair || strings.IndexByte(s, 0x7F) >= 0 {
		return setCookie{}, false
	}
	for l.next() {
		name, hasValue := l.name()
		value := ""
		if hasValue {
			value = l.value()
		}
		c.addLoosely(name, value, hasValue, now)
	}
	// Domain is no single label.
	if c.hasDomain && strings.LastIndexByte(c.domain, '.') < 1 {
		return setCookie{}, false
	}
	c.domain = strings.TrimPrefix(c.domain, ".")
	return c, len(c.domain) <= maxAttribute && len(c.path) <= maxAttribute
}

// addLoosely adds what an attribute says.
func (c *setCookie) addLoosely(name, value string, hasValue bool, now time.Time) {
	switch {
	case equalFold(name, "secure"):
		c.secure = true
	case equalFold(name, "httponly"):
		c.httpOnly = true
	case equalFold(name, "partitioned"):
		c.partitioned = true
	case !hasValue:
	case equalFold(name, "domain"):
		c.domain, c.hasDomain = value, value != ""
	case equalFold(name, "path"):
		c.path = ""
		if strings.HasPrefix(value, "/") {
			c.path = value
		}
	case equalFold(name, "expires"):
		c.expires = earlier(parseDateLoosely(value), now.Add(maxAge))
	case equalFold(name, "max-age"):
		c.setMaxAgeLoosely(value, now)
	case equalFold(name, "samesite"):
		// None is no more than the default.
		if site := parseSameSite(value); site == SameSiteLax || site == SameSiteStrict || c.sameSite == SameSiteUnset {
			c.sameSite = site
		}
	}
}

// parseDateLoosely returns a date, or zero if there is none: one that begins with
// a digit has a month in capitals.
func parseDateLoosely(s string) time.Time {
	if s != "" && '0' <= s[0] && s[0] <= '9' && !strings.ContainsAny(s, "JFMASOND") {
		return time.Time{}
	}
	date, ok := parseDate(s)
	if !ok {
		return time.Time{}
	}
	return date
}

// setMaxAgeLoosely reads a number as C does: "" is 0, and -1 is what says no
// time.
func (c *setCookie) setMaxAgeLoosely(value string, now time.Time) {
	if value == "" {
		value = "0"
	}
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil && n != math.MaxInt64 && n != math.MinInt64:
		return
	case n < 0:
		n = 0
	}
	if n = int64(int32(n)); n == -1 {
		c.expires = time.Time{}
		return
	}
	c.expires = earlier(now.Add(time.Duration(n)*time.Second), now.Add(maxAge))
}

// A looseReader reads a Set-Cookie header from its beginning.
type looseReader struct{ rest string }

// endsLoosely reports whether c ends all that is read: a control character, a
// tab among them, or a byte that is not ASCII.
func endsLoosely(c byte) bool { return c < ' ' || c >= 0x80 }

// name reads a name; hasValue says that there is a value behind it.
func (l *looseReader) name() (name string, hasValue bool) {
	name = l.until(";,=")
	return name, strings.HasPrefix(l.rest, "=")
}

// value reads a value.
func (l *looseReader) value() string {
	l.rest = strings.TrimPrefix(l.rest, "=")
	return l.until(";")
}

// until reads up to one of the ends, or to what ends all, without the spaces
// around it.
func (l *looseReader) until(ends string) string {
	s := strings.TrimLeft(l.rest, looseSpace)
	n := 0
	for n < len(s) && !endsLoosely(s[n]) && strings.IndexByte(ends, s[n]) < 0 {
		n++
	}
	l.rest = s[n:]
	return strings.TrimRight(s[:n], looseSpace)
}

const looseSpace = " \t\n\v\f\r"

// next goes to the next attribute, if there is one.
func (l *looseReader) next() (ok bool) {
	l.rest, ok = strings.CutPrefix(l.rest, ";")
	return ok
}
