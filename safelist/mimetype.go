package safelist

import "strings"

// MIMEEssence returns the essence of the MIME type s, such as "text/html" for
// "text/HTML;charset=utf-8"; ok is false if [ParseMIMEType] would fail. It does not
// allocate if the essence is written in lower case.
//
// https://mimesniff.spec.whatwg.org/#mime-type-essence
func MIMEEssence(s string) (essence string, ok bool) {
	typ, subtype, _, ok := splitMIMEType(s)
	if !ok {
		return "", false
	}
	// Type and subtype have only a "/" between them.
	essence = trim(s, spaceByte)[:len(typ)+1+len(subtype)]
	return toLower(essence), true
}

// Essence returns the type and the subtype with a "/" between them.
//
// https://mimesniff.spec.whatwg.org/#mime-type-essence
func (m MIMEType) Essence() string { return m.Type + "/" + m.Subtype }

// Parameter returns the value of the parameter called name, which is lower-case.
func (m MIMEType) Parameter(name string) (value string, ok bool) {
	return findParameter(m.Parameters, name)
}

// String serializes m. Values that are no token are quoted.
//
// https://mimesniff.spec.whatwg.org/#serialize-a-mime-type
func (m MIMEType) String() string {
	var b strings.Builder
	b.WriteString(m.Type)
	b.WriteByte('/')
	b.WriteString(m.Subtype)
	for _, p := range m.Parameters {
		b.WriteByte(';')
		b.WriteString(p.Name)
		b.WriteByte('=')
		if IsToken(p.Value) {
			b.WriteString(p.Value)
			continue
		}
		b.WriteByte('"')
		for i := range len(p.Value) {
			if p.Value[i] == '"' || p.Value[i] == '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(p.Value[i])
		}
		b.WriteByte('"')
	}
	return b.String()
}

// IsJavaScript reports whether m is a JavaScript MIME type.
//
// https://mimesniff.spec.whatwg.org/#javascript-mime-type
func (m MIMEType) IsJavaScript() bool {
	switch m.Type {
	case "application":
		switch m.Subtype {
		case "ecmascript", "javascript", "x-ecmascript", "x-javascript":
			return true
		}
	case "text":
		switch m.Subtype {
		case "ecmascript",
			"javascript",
			"javascript1.0",
			"javascript1.1",
			"javascript1.2",
			"javascript1.3",
			"javascript1.4",
			"javascript1.5",
			"jscript",
			"livescript",
			"x-ecmascript",
			"x-javascript":
			return true
		}
	}
	return false
}

// IsJSON reports whether m is a JSON MIME type.
//
// https://mimesniff.spec.whatwg.org/#json-mime-type
func (m MIMEType) IsJSON() bool {
	return strings.HasSuffix(m.Subtype, "+json") ||
		m.Subtype == "json" && (m.Type == "application" || m.Type == "text")
}

// IsXML reports whether m is an XML MIME type.
//
// https://mimesniff.spec.whatwg.org/#xml-mime-type
func (m MIMEType) IsXML() bool {
	return strings.HasSuffix(m.Subtype, "+xml") ||
		m.Subtype == "xml" && (m.Type == "application" || m.Type == "text")
}

// IsHTML reports whether m is an HTML MIME type.
//
// https://mimesniff.spec.whatwg.org/#html-mime-type
func (m MIMEType) IsHTML() bool { return m.Type == "text" && m.Subtype == "html" }

// ExtractMIMEType returns the MIME type that Content-Type, which came as values,
// gives. Of a list of them the last one counts, those that do not parse and "*/*"
// aside. If it lacks a charset, it takes that of the first MIME type in the run of
// equal essences it ends. ok is false if there is none.
//
// https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
func ExtractMIMEType(values []string) (m MIMEType, ok bool) {
	rest, more := Get(values)
	charset, hasCharset := "", false
	for more {
		var member string
		member, rest, more = cutMember(rest)
		next, parsed := ParseMIMEType(member)
		if !parsed || next.Type == "*" && next.Subtype == "*" {
			continue
		}
		if !ok || next.Type != m.Type || next.Subtype != m.Subtype {
			// Another essence: its charset is the one to carry over, if it has any.
			charset, hasCharset = next.Parameter("charset")
		} else if _, own := next.Parameter("charset"); !own && hasCharset {
			next.Parameters = append(next.Parameters, Parameter{Name: "charset", Value: charset})
		}
		m, ok = next, true
	}
	return m, ok
}
