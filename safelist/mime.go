package safelist

import "strings"

// A MIMEType is a MIME type as the MIME Sniffing Standard parses it. Type, Subtype
// and parameter names are lower-case. The zero value is no MIME type.
type MIMEType struct {
	Type, Subtype string
	Parameters    []Parameter // in order; each name is there once
}

// A Parameter is one parameter of a MIME type.
type Parameter struct {
	Name  string // lower-case
	Value string // without quotes and escapes
}

// ParseMIMEType parses s, a byte sequence, as a MIME type. Type and subtype have to
// be tokens; what is wrong with a parameter makes it be ignored, and of several
// with one name the first counts. So "text/plain;garbage" is text/plain, while
// "text/plain," is a failure. The parser of package mime differs in both.
//
// https://mimesniff.spec.whatwg.org/#parse-a-mime-type
func ParseMIMEType(s string) (MIMEType, bool) {
	typ, subtype, rest, ok := splitMIMEType(s)
	if !ok {
		return MIMEType{}, false
	}
	m := MIMEType{Type: toLower(typ), Subtype: toLower(subtype)}
	seen := parameterSet{}
	for rest != "" {
		var p Parameter
		p, rest, ok = cutParameter(rest)
		if ok && seen.add(m.Parameters, p.Name) {
			m.Parameters = append(m.Parameters, p)
		}
	}
	return m, true
}

// splitMIMEType splits s into its type, its subtype, both as they are written, and
// the rest: nothing, or what follows the first ";".
func splitMIMEType(s string) (typ, subtype, rest string, ok bool) {
	s = trim(s, spaceByte)
	typ, s, ok = strings.Cut(s, "/")
	if !ok || !IsToken(typ) {
		return "", "", "", false
	}
	subtype, rest, _ = strings.Cut(s, ";")
	subtype = trimRight(subtype, spaceByte)
	return typ, subtype, rest, IsToken(subtype)
}

// cutParameter parses the parameter that s, which follows a ";", starts with, and
// returns what follows the ";" behind it. ok is false if it has to be ignored.
func cutParameter(s string) (p Parameter, rest string, ok bool) {
	for s != "" && in(s[0], spaceByte) {
		s = s[1:]
	}
	i := strings.IndexAny(s, ";=")
	if i < 0 {
		return Parameter{}, "", false
	}
	name, isValue := s[:i], s[i] == '='
	s = s[i+1:]
	if !isValue {
		return Parameter{}, s, false
	}

	var value string
	if strings.HasPrefix(s, `"`) {
		// What stands between the closing quote and the next ";" is ignored.
		end := skipQuotedString(s, 0)
		value = unquote(s[:end])
		_, rest, _ = strings.Cut(s[end:], ";")
	} else {
		value, rest, _ = strings.Cut(s, ";")
		if value = trimRight(value, spaceByte); value == "" {
			return Parameter{}, rest, false
		}
	}
	if !IsToken(name) || !all(value, quotableByte) {
		return Parameter{}, rest, false
	}
	return Parameter{Name: toLower(name), Value: value}, rest, true
}

// unquote returns the value of a quoted string, whose closing quote may be missing.
// A backslash with nothing behind it stands for itself.
//
// https://fetch.spec.whatwg.org/#collect-an-http-quoted-string
//
// Precondition: s starts with a quote and is one quoted string to its end.
func unquote(s string) string {
	s = s[1:]
	i := strings.IndexAny(s, `"\`)
	if i < 0 {
		return s
	}
	if s[i] == '"' {
		return s[:i]
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	for ; i < len(s) && s[i] != '"'; i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// A parameterSet says which names a list of parameters has. The zero value knows
// an empty list.
//
// Optimization: a MIME type has a few parameters, and looking through them costs
// nothing. The map only keeps a hostile one, with many thousands, linear.
type parameterSet struct {
	names map[string]struct{} // non-nil => the names of all parameters
}

// add reports whether parameters lack name, which is about to be appended.
func (set *parameterSet) add(parameters []Parameter, name string) bool {
	const few = 16
	if len(parameters) < few {
		_, ok := findParameter(parameters, name)
		return !ok
	}
	if set.names == nil {
		set.names = make(map[string]struct{}, 2*few)
		for _, p := range parameters {
			set.names[p.Name] = struct{}{}
		}
	}
	_, ok := set.names[name]
	set.names[name] = struct{}{}
	return !ok
}

// findParameter returns the value of the parameter called name.
func findParameter(parameters []Parameter, name string) (value string, ok bool) {
	for _, p := range parameters {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}
