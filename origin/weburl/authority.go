package weburl

import (
	"strconv"
	"strings"
)

// https://url.spec.whatwg.org/#special-authority-slashes-state
//
// Whether there are two slashes or not, the rest is an authority.
func (p *parser) specialAuthoritySlashesState(rest string) Reason {
	return p.specialAuthorityIgnoreSlashesState(rest)
}

// https://url.spec.whatwg.org/#special-authority-ignore-slashes-state
func (p *parser) specialAuthorityIgnoreSlashesState(rest string) Reason {
	for p.startsWithSlash(rest) {
		rest = rest[1:]
	}
	return p.authorityState(rest)
}

// https://url.spec.whatwg.org/#authority-state
func (p *parser) authorityState(rest string) Reason {
	end := p.slashIndex(rest)
	authority, path := rest[:end], rest[end:]

	p.href = append(p.href, "//"...)
	p.url.flags |= hasHost
	p.url.usernameEnd = uint32(len(p.href))

	// The last commercial at ends the credentials; earlier ones belong to them.
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		if at == len(authority)-1 {
			return HostMissing
		}
		p.setCredentials(authority[:at])
		authority = authority[at+1:]
	}
	if why := p.hostState(authority); why != "" {
		return why
	}
	p.pathStartState(path)
	return ""
}

// setCredentials appends username and password, with the colon and commercial
// at that they need.
func (p *parser) setCredentials(credentials string) {
	username, password, _ := strings.Cut(credentials, ":")
	p.href = appendEncoded(p.href, username, userinfoSet)
	p.url.usernameEnd = uint32(len(p.href))
	if password != "" {
		p.href = append(p.href, ':')
		p.href = appendEncoded(p.href, password, userinfoSet)
	}
	if username != "" || password != "" {
		p.href = append(p.href, '@')
	}
}

// https://url.spec.whatwg.org/#host-state
func (p *parser) hostState(authority string) Reason {
	host, port := authority, ""
	if colon := portColon(authority); colon >= 0 {
		host, port = authority[:colon], authority[colon+1:]
		if host == "" {
			return HostMissing
		}
	}
	if host == "" && p.isSpecial() {
		return HostMissing
	}
	if why := p.setHost(host); why != "" {
		return why
	}
	return p.portState(port)
}

// portColon returns the index of the first colon that is not within brackets,
// or -1 if there is none.
func portColon(s string) int {
	insideBrackets := false
	for i := range len(s) {
		switch s[i] {
		case '[':
			insideBrackets = true
		case ']':
			insideBrackets = false
		case ':':
			if !insideBrackets {
				return i
			}
		}
	}
	return -1
}

// setHost parses and appends the host.
func (p *parser) setHost(host string) (why Reason) {
	p.url.hostStart = uint32(len(p.href))
	p.href, why = appendHost(p.href, host, p.isSpecial())
	p.setHostEnd()
	return why
}

// setHostEnd says that the host, and until there is a port the authority, ends
// here.
func (p *parser) setHostEnd() {
	p.url.hostEnd = uint32(len(p.href))
	p.url.pathStart = p.url.hostEnd
}

// setNullHost says that there is no authority.
func (p *parser) setNullHost() {
	p.url.usernameEnd = uint32(len(p.href))
	p.url.hostStart = p.url.usernameEnd
	p.setHostEnd()
}

// https://url.spec.whatwg.org/#port-state
func (p *parser) portState(digits string) Reason {
	if digits == "" {
		return ""
	}
	port := 0
	for i := range len(digits) {
		if !isDigit(digits[i]) {
			return PortInvalid
		}
		port = min(port*10+int(digits[i]-'0'), 1<<16)
	}
	if port == 1<<16 {
		return PortOutOfRange
	}
	if d, ok := p.url.kind.defaultPort(); ok && port == int(d) {
		return ""
	}
	p.url.flags |= hasPort
	p.url.port = uint16(port)
	p.href = append(p.href, ':')
	p.href = strconv.AppendInt(p.href, int64(port), 10)
	p.url.pathStart = uint32(len(p.href))
	return ""
}
