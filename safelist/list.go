package safelist

import "strings"

// Get returns the value of a header that came as values, one for each time it was
// in the list: all of them joined with ", ". ok is false if there is none. So a
// header that has to be one exact value, but came twice, is a mismatch.
//
// One value is returned as it is, without allocating.
//
// https://fetch.spec.whatwg.org/#concept-header-list-get
func Get(values []string) (value string, ok bool) {
	return strings.Join(values, ", "), len(values) > 0
}

// GetDecodeSplit splits a header's value on the commas outside quoted strings.
// Tabs and spaces around a member go, its quotes stay, and empty members stay: a
// header that is present but empty has one. The result is nil if values is empty.
//
// https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split
func GetDecodeSplit(values []string) []string {
	rest, ok := Get(values)
	if !ok {
		return nil
	}
	var members []string
	for more := true; more; {
		var member string
		member, rest, more = cutMember(rest)
		members = append(members, member)
	}
	return members
}

// cutMember returns the first member of a header's value, and what follows the
// comma behind it. more is false if there is no such comma.
//
// https://fetch.spec.whatwg.org/#header-value-get-decode-and-split
func cutMember(value string) (member, rest string, more bool) {
	for i := 0; i < len(value); {
		switch value[i] {
		case '"':
			i = skipQuotedString(value, i)
		case ',':
			return trim(value[:i], tabSpaceByte), value[i+1:], true
		default:
			i++
		}
	}
	return trim(value, tabSpaceByte), "", false
}

// skipQuotedString returns the position behind the quoted string that starts at
// position i of s. A backslash quotes the byte that follows. Without a closing
// quote the string takes up the rest of s.
//
// https://fetch.spec.whatwg.org/#collect-an-http-quoted-string
//
// Precondition: s[i] == '"'.
func skipQuotedString(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// ExtractTokens returns the members of a header whose value is a list of methods
// or of header names, such as Access-Control-Allow-Methods, -Allow-Headers and
// -Expose-Headers. Empty members are ignored. Their case and order are kept, and
// so are repetitions.
//
// tokens is nil if the header is absent, that is, values is empty, and is not nil
// if it is there, though it may list nothing. If any member in any of the values
// is no token, ok is false: one bad member spoils all of them.
//
// https://fetch.spec.whatwg.org/#extract-header-list-values
func ExtractTokens(values []string) (tokens []string, ok bool) {
	if len(values) == 0 {
		return nil, true
	}
	tokens = []string{}
	for _, value := range values {
		for more := true; more; {
			var member string
			member, value, more = strings.Cut(value, ",")
			member = trim(member, tabSpaceByte)
			if member == "" {
				continue
			}
			if !IsToken(member) {
				return nil, false
			}
			tokens = append(tokens, member)
		}
	}
	return tokens, true
}

// DetermineNosniff reports whether X-Content-Type-Options, which came as values,
// asks not to sniff: its first member is "nosniff", in any case. Quotes around it
// or an empty member before it make it mean nothing.
//
// https://fetch.spec.whatwg.org/#determine-nosniff
func DetermineNosniff(values []string) bool {
	value, _ := Get(values)
	first, _, _ := cutMember(value)
	return equalFold(first, "nosniff")
}
