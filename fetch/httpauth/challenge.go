package httpauth

import (
	"strings"
)

// A Challenge is what a server asks: a member of WWW-Authenticate or of
// Proxy-Authenticate.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-11.3
type Challenge struct {
	Scheme  string // in lower case
	Token68 string // what some schemes have in place of parameters
	Params  []Param
}

// A Param is a parameter of a [Challenge].
type Param struct {
	Name  string // in lower case
	Value string // without quotes
}

// Param returns the value of the first parameter of a name, which is in lower
// case.
func (c *Challenge) Param(name string) (value string, ok bool) {
	for _, p := range c.Params {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// Realm returns the realm, or "" if there is none.
func (c *Challenge) Realm() string {
	realm, _ := c.Param("realm")
	return realm
}

// Parse returns the challenges that the values of WWW-Authenticate headers hold.
// What is none is passed over.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
func Parse(values []string, rules Rules) []Challenge {
	var all []Challenge
	for _, value := range values {
		all = appendChallenges(all, value, rules)
	}
	return all
}

// appendChallenges appends the challenges of one header. A comma is between
// challenges as well as between parameters: what has an equals sign behind its
// first token is a parameter.
func appendChallenges(all []Challenge, value string, rules Rules) []Challenge {
	before := len(all)
	for begun := false; value != ""; begun = true {
		var member string
		member, value = cutMember(value)
		name, rest := cutToken(member)
		param, isParam := cutEquals(rest)
		switch {
		case rules.OnePerHeader && begun && !isParam:
		case name == "":
			if rules.OnePerHeader && !begun {
				return all
			}
		case !isParam:
			all = append(all, newChallenge(name, rest))
		case len(all) > before:
			all[len(all)-1].add(name, unquote(param))
		}
	}
	return all
}

// newChallenge returns the challenge that begins with a scheme and, if rest is
// not empty, a parameter or a token68.
func newChallenge(scheme, rest string) Challenge {
	c := Challenge{Scheme: strings.ToLower(scheme)}
	if rest == "" {
		return c
	}
	name, value := cutToken(rest)
	value, ok := cutEquals(value)
	switch {
	case ok && name != "" && value != "" && value[0] != '=':
		c.add(name, unquote(value))
	case !strings.ContainsAny(rest, " \t\""):
		c.Token68 = rest
	}
	return c
}

// add adds a parameter. What came before one was no token68.
func (c *Challenge) add(name, value string) {
	c.Token68 = ""
	c.Params = append(c.Params, Param{strings.ToLower(name), value})
}

// cutMember returns what is before the first comma outside quotes, without the
// space around it, and what is behind.
func cutMember(s string) (member, rest string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '\\' && quoted:
			i++
		case s[i] == ',' && !quoted:
			return strings.Trim(s[:i], " \t"), s[i+1:]
		}
	}
	return strings.Trim(s, " \t"), ""
}

// cutToken returns the token that s begins with, and what is behind it and the
// space after it.
func cutToken(s string) (token, rest string) {
	n := 0
	for n < len(s) && isTokenByte(s[n]) {
		n++
	}
	return s[:n], strings.TrimLeft(s[n:], " \t")
}

// cutEquals returns what is behind an equals sign, if s begins with one.
func cutEquals(s string) (value string, ok bool) {
	value, ok = strings.CutPrefix(s, "=")
	return strings.TrimLeft(value, " \t"), ok
}

// unquote returns what a token or a quoted string stands for. A quote that does
// not end lasts to the end.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4
func unquote(s string) string {
	if !strings.HasPrefix(s, `"`) {
		return s
	}
	var b strings.Builder
	for i := 1; i < len(s) && s[i] != '"'; i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// isTokenByte reports whether c may be in a token.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
func isTokenByte(c byte) bool {
	switch {
	case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
