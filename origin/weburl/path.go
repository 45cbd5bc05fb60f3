package weburl

import (
	"bytes"
	"strings"
)

// https://url.spec.whatwg.org/#path-start-state
func (p *parser) pathStartState(rest string) {
	if p.startsWithSlash(rest) {
		p.pathState(rest[1:])
		return
	}
	// An authority ends at a slash or not at all, so rest is empty here. The
	// path is then empty, but that of a special URL has at least one segment.
	if p.isSpecial() {
		p.pathState(rest)
	}
}

// https://url.spec.whatwg.org/#path-state
func (p *parser) pathState(rest string) {
	for {
		end := p.slashIndex(rest)
		isLast := end == len(rest)
		p.addSegment(rest[:end], isLast)
		if isLast {
			return
		}
		rest = rest[end+1:]
	}
}

// addSegment does what the path state does at the end of a segment. A last
// segment of dots leaves an empty one behind: "/a/.." is "/" and "/a/." "/a/".
func (p *parser) addSegment(segment string, isLast bool) {
	switch dots(segment) {
	case doubleDot:
		p.shortenPath()
		if isLast {
			p.href = append(p.href, '/')
		}
	case singleDot:
		if isLast {
			p.href = append(p.href, '/')
		}
	default:
		isFirst := len(p.href) == int(p.url.pathStart)
		p.href = append(p.href, '/')
		if p.url.kind == fileScheme && isFirst && isDriveLetter(segment) {
			p.href = append(p.href, segment[0], ':')
			return
		}
		p.href = appendEncoded(p.href, segment, pathSet)
	}
}

// shortenPath drops the last segment of the path, if there is one. A drive
// letter that is alone stays.
//
// https://url.spec.whatwg.org/#shorten-a-urls-path
func (p *parser) shortenPath() {
	path := p.href[p.url.pathStart:]
	if p.url.kind == fileScheme && len(path) == len("/C:") && firstIsDriveLetter(path) {
		return
	}
	if slash := bytes.LastIndexByte(path, '/'); slash >= 0 {
		p.href = p.href[:int(p.url.pathStart)+slash]
	}
}

// A dotSegment is whether a path segment is one of those that do not name
// anything, but tell where to go.
type dotSegment int

const (
	noDot dotSegment = iota
	singleDot
	doubleDot
)

// https://url.spec.whatwg.org/#single-dot-path-segment
// https://url.spec.whatwg.org/#double-dot-path-segment
func dots(segment string) dotSegment {
	n := noDot
	for segment != "" {
		switch {
		case segment[0] == '.':
			segment = segment[1:]
		case len(segment) >= 3 && segment[0] == '%' && segment[1] == '2' && segment[2]|0x20 == 'e':
			segment = segment[3:]
		default:
			return noDot
		}
		if n == doubleDot {
			return noDot
		}
		n++
	}
	return n
}

// separatePath keeps a path that starts with "//" from being read as a host by
// the next parser, if there is no host before it.
//
// https://url.spec.whatwg.org/#concept-url-serializer
func (p *parser) separatePath() {
	start := p.url.pathStart
	if p.url.flags&(hasHost|opaquePath) == 0 && bytes.HasPrefix(p.href[start:], []byte("//")) {
		p.href = append(p.href, "/."...)
		copy(p.href[start+2:], p.href[start:])
		copy(p.href[start:], "/.")
		p.url.pathStart += 2
	}
}

// https://url.spec.whatwg.org/#cannot-be-a-base-url-path-state
func (p *parser) opaquePathState(rest string) {
	p.url.flags |= opaquePath
	// Spaces stay as they are, but not the one that would be at the end of the
	// URL if query and fragment were taken away, as it would go missing there.
	rest, isSpaceLast := strings.CutSuffix(rest, " ")
	p.href = appendEncoded(p.href, rest, c0ControlSet)
	if isSpaceLast {
		p.href = append(p.href, "%20"...)
	}
}

// https://url.spec.whatwg.org/#query-state
func (p *parser) queryState() {
	p.url.pathEnd = uint32(len(p.href))
	if p.hasQuery {
		set := querySet
		if p.isSpecial() {
			set = specialQuerySet
		}
		p.href = append(p.href, '?')
		p.href = appendEncoded(p.href, p.query, set)
	}
	p.url.queryEnd = uint32(len(p.href))
}

// https://url.spec.whatwg.org/#fragment-state
func (p *parser) fragmentState() {
	if p.hasFragment {
		p.href = append(p.href, '#')
		p.href = appendEncoded(p.href, p.fragment, fragmentSet)
	}
}
