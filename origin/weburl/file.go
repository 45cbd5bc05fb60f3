package weburl

import "strings"

// https://url.spec.whatwg.org/#file-state
//
// Precondition: p.href is "file:".
func (p *parser) fileState(rest string) Reason {
	if p.startsWithSlash(rest) {
		return p.fileSlashState(rest[1:])
	}
	if !p.hasFileBase() {
		p.setEmptyHost()
		p.pathState(rest)
		return ""
	}
	p.copyAuthority()
	if rest == "" {
		p.copyPath()
		if !p.hasQuery {
			p.copyQuery()
		}
		return ""
	}
	// A drive letter replaces the whole path, even when it is what the last
	// segment would be replaced by.
	if !startsWithDriveLetter(rest) {
		p.copyPath()
		p.shortenPath()
	}
	p.pathState(rest)
	return ""
}

// https://url.spec.whatwg.org/#file-slash-state
func (p *parser) fileSlashState(rest string) Reason {
	if p.startsWithSlash(rest) {
		return p.fileHostState(rest[1:])
	}
	if !p.hasFileBase() {
		p.setEmptyHost()
		p.pathState(rest)
		return ""
	}
	p.copyAuthority()
	// "/x" stays on the drive of the base URL.
	if path := p.base.Path(); !startsWithDriveLetter(rest) && firstIsDriveLetter(path) {
		p.href = append(p.href, path[:len("/C:")]...)
	}
	p.pathState(rest)
	return ""
}

// https://url.spec.whatwg.org/#file-host-state
func (p *parser) fileHostState(rest string) Reason {
	end := p.slashIndex(rest)
	host, path := rest[:end], rest[end:]
	p.setEmptyHost()
	// A drive letter is not a host but the first segment of the path.
	if isDriveLetter(host) {
		p.pathState(rest)
		return ""
	}
	if host != "" {
		if why := p.setHost(host); why != "" {
			return why
		}
		if string(p.href[p.url.hostStart:]) == "localhost" {
			p.href = p.href[:p.url.hostStart]
			p.setHostEnd()
		}
	}
	p.pathStartState(path)
	return ""
}

func (p *parser) hasFileBase() bool { return p.base != nil && p.base.kind == fileScheme }

// setEmptyHost sets the host to the empty string, which is not null.
func (p *parser) setEmptyHost() {
	p.href = append(p.href, "//"...)
	p.url.flags |= hasHost
	p.url.usernameEnd = uint32(len(p.href))
	p.url.hostStart = p.url.usernameEnd
	p.setHostEnd()
}

// https://url.spec.whatwg.org/#windows-drive-letter
func isDriveLetter(s string) bool {
	return len(s) == 2 && isAlpha(s[0]) && (s[1] == ':' || s[1] == '|')
}

// https://url.spec.whatwg.org/#start-with-a-windows-drive-letter
//
// Precondition: s is without query and fragment.
func startsWithDriveLetter(s string) bool {
	return len(s) >= 2 && isDriveLetter(s[:2]) &&
		(len(s) == 2 || strings.IndexByte(`/\`, s[2]) >= 0)
}

// firstIsDriveLetter reports whether the first segment of path, which is part
// of a URL record, is a Windows drive letter. It is normalized then: its second
// code point is a colon.
//
// https://url.spec.whatwg.org/#normalized-windows-drive-letter
func firstIsDriveLetter[bytes []byte | string](path bytes) bool {
	return len(path) >= 3 && isAlpha(path[1]) && path[2] == ':' && (len(path) == 3 || path[3] == '/')
}
