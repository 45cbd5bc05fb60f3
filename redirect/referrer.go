package redirect

import "strings"

// ReferrerPolicy returns the policy that the values of a response's
// Referrer-Policy headers set, in lower case, or "" if they leave it as it is.
// Of several policies the last that is known counts, so that servers can put
// new ones after old ones; but a value that is not a list of words is no list
// at all.
//
// https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header
func ReferrerPolicy(values []string) string {
	policy := ""
	for _, value := range values {
		for member := range strings.SplitSeq(value, ",") {
			token := strings.Trim(member, " \t")
			if !isPolicyToken(token) {
				return ""
			}
			if p := knownPolicy(token); p != "" {
				policy = p
			}
		}
	}
	return policy
}

// isPolicyToken reports whether s has the form of a policy token, known or not.
// An empty s is an empty member, which lists may have.
func isPolicyToken(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < 'a' || c > 'z') && s[i] != '-' {
			return false
		}
	}
	return true
}

// knownPolicy returns the policy called token, in lower case, or "".
//
// Note: the header's grammar is ABNF, whose strings match in any case.
func knownPolicy(token string) string {
	for _, policy := range [...]string{
		"no-referrer",
		"no-referrer-when-downgrade",
		"same-origin",
		"origin",
		"strict-origin",
		"origin-when-cross-origin",
		"strict-origin-when-cross-origin",
		"unsafe-url",
	} {
		if strings.EqualFold(token, policy) {
			return policy
		}
	}
	return ""
}
