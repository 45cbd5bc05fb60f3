package weburl

import (
	"math"
	"strings"
)

// Parse parses s as a URL. If s is a relative URL it is resolved against base,
// which may be nil. Spaces and control characters around s, and tabs and
// newlines within it, are ignored. A byte of s that is not part of valid UTF-8
// counts as U+FFFD.
//
// The error, if there is one, is an [*Error].
//
// https://url.spec.whatwg.org/#concept-basic-url-parser
func Parse(s string, base *URL) (*URL, error) {
	// Optimization: most URLs are absolute and already are as they will be
	// serialized.
	if u, ok := parseCanonical(s); ok {
		onHeap := u // only if ok
		return &onHeap, nil
	}
	u, why := parse(s, base)
	if why != "" {
		return nil, &Error{Input: clip(s), Reason: why}
	}
	return u, nil
}

// MustParse is Parse without a base URL, for strings that are known to be URLs.
// It panics if s is not one.
func MustParse(s string) *URL {
	u, err := Parse(s, nil)
	if err != nil {
		panic(err)
	}
	return u
}

// A parser is one run of the basic URL parser. The standard's state machine
// looks at one code point at a time. Ours has a method for each state, which
// takes what is left of the input and ends by calling the method of the next
// state. The methods return why they failed, or "".
//
// The components come out in the order in which they are serialized, so each
// state appends to the serialization and notes where its component ends. Only
// the path ever has to go back: to drop its last segment.
type parser struct {
	base *URL // or nil

	// The first number sign of the input always starts the fragment, and the
	// first question mark before that the query, in whatever state the standard
	// comes upon it. So these are split off beforehand.
	query       string
	fragment    string
	hasQuery    bool
	hasFragment bool

	href []byte
	url  URL // all but href
}

func parse(s string, base *URL) (*URL, Reason) {
	s = withoutIgnored(s)
	p := parser{base: base, href: make([]byte, 0, sizeHint(s, base))}
	rest := p.split(s)
	if why := p.schemeStartState(rest); why != "" {
		return nil, why
	}
	p.separatePath()
	p.queryState()
	if uint64(len(p.href)) > math.MaxUint32 {
		return nil, TooLong
	}
	p.fragmentState()
	u := p.url
	u.href = string(p.href)
	return &u, ""
}

// sizeHint returns how long the serialization of s, resolved against base, often
// is at most.
func sizeHint(s string, base *URL) int {
	n := len(s) + len("///.")
	if base != nil && !base.HasOpaquePath() {
		n += int(base.pathEnd)
	}
	return n
}

// withoutIgnored is the preparation of the input in the basic URL parser:
// leading and trailing C0 controls and spaces go, and all tabs and newlines.
func withoutIgnored(s string) string {
	for s != "" && s[0] <= ' ' {
		s = s[1:]
	}
	for s != "" && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	if !strings.ContainsAny(s, "\t\n\r") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if c := s[i]; c != '\t' && c != '\n' && c != '\r' {
			b = append(b, c)
		}
	}
	return string(b)
}

// split takes query and fragment off the input and returns what is before them.
func (p *parser) split(s string) string {
	s, p.fragment, p.hasFragment = strings.Cut(s, "#")
	s, p.query, p.hasQuery = strings.Cut(s, "?")
	return s
}

// https://url.spec.whatwg.org/#scheme-start-state
// https://url.spec.whatwg.org/#scheme-state
func (p *parser) schemeStartState(rest string) Reason {
	end := schemeLen(rest)
	if end < 0 {
		return p.noSchemeState(rest)
	}
	p.setScheme(rest[:end])
	rest = rest[end+1:]

	switch {
	case p.url.kind == fileScheme:
		return p.fileState(rest)
	case p.isSpecial() && p.base != nil && p.base.kind == p.url.kind:
		return p.specialRelativeOrAuthorityState(rest)
	case p.isSpecial():
		return p.specialAuthoritySlashesState(rest)
	case strings.HasPrefix(rest, "/"):
		return p.pathOrAuthorityState(rest[1:])
	}
	p.setNullHost()
	p.opaquePathState(rest)
	return ""
}

// schemeLen returns the length of the scheme that s starts with, or -1 if s
// does not start with a scheme and a colon.
func schemeLen(s string) int {
	if s == "" || !isAlpha(s[0]) {
		return -1
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == ':':
			return i
		case isAlpha(c), isDigit(c), c == '+', c == '-', c == '.':
		default:
			return -1
		}
	}
	return -1
}

// setScheme appends the scheme, in lowercase, and its colon.
func (p *parser) setScheme(scheme string) {
	p.href = appendLower(p.href, scheme)
	p.url.kind = schemeKindOf(string(p.href))
	p.url.schemeEnd = uint32(len(p.href))
	p.href = append(p.href, ':')
}

func (p *parser) isSpecial() bool { return p.url.kind.special() }

// slashIndex returns the index of the first slash in s, or len(s) if there is
// none. In special URLs a backslash counts as one.
func (p *parser) slashIndex(s string) int {
	isSpecial := p.isSpecial()
	for i := range len(s) {
		if c := s[i]; c == '/' || c == '\\' && isSpecial {
			return i
		}
	}
	return len(s)
}

// startsWithSlash reports whether s starts with what is a slash for slashIndex.
func (p *parser) startsWithSlash(s string) bool {
	return s != "" && (s[0] == '/' || s[0] == '\\' && p.isSpecial())
}

// https://url.spec.whatwg.org/#no-scheme-state
func (p *parser) noSchemeState(rest string) Reason {
	if p.base == nil {
		return MissingScheme
	}
	if p.base.HasOpaquePath() {
		// Only a fragment can be relative to an opaque path.
		if rest != "" || p.hasQuery || !p.hasFragment {
			return MissingScheme
		}
		p.copyAuthority()
		p.copyPath()
		p.copyQuery()
		return ""
	}
	if p.base.kind == fileScheme {
		p.copyScheme()
		return p.fileState(rest)
	}
	return p.relativeState(rest)
}

// https://url.spec.whatwg.org/#special-relative-or-authority-state
func (p *parser) specialRelativeOrAuthorityState(rest string) Reason {
	if strings.HasPrefix(rest, "//") {
		return p.specialAuthorityIgnoreSlashesState(rest[2:])
	}
	return p.relativeState(rest)
}

// https://url.spec.whatwg.org/#path-or-authority-state
func (p *parser) pathOrAuthorityState(rest string) Reason {
	if strings.HasPrefix(rest, "/") {
		return p.authorityState(rest[1:])
	}
	p.setNullHost()
	p.pathState(rest)
	return ""
}
