package weburl

// https://url.spec.whatwg.org/#relative-state
//
// Precondition: p.base is not nil and has no opaque path.
func (p *parser) relativeState(rest string) Reason {
	p.copyScheme()
	if p.startsWithSlash(rest) {
		return p.relativeSlashState(rest[1:])
	}
	p.copyAuthority()
	p.copyPath()
	if rest == "" {
		// Only with nothing up to the fragment is the query the base URL's.
		if !p.hasQuery {
			p.copyQuery()
		}
		return ""
	}
	p.shortenPath()
	p.pathState(rest)
	return ""
}

// https://url.spec.whatwg.org/#relative-slash-state
func (p *parser) relativeSlashState(rest string) Reason {
	switch {
	case p.startsWithSlash(rest) && p.isSpecial():
		return p.specialAuthorityIgnoreSlashesState(rest[1:])
	case p.startsWithSlash(rest):
		return p.authorityState(rest[1:])
	}
	p.copyAuthority()
	p.pathState(rest)
	return ""
}

// copyScheme sets the scheme to the base URL's.
func (p *parser) copyScheme() {
	p.url.kind = p.base.kind
	p.url.schemeEnd = p.base.schemeEnd
	p.href = append(p.href[:0], p.base.href[:p.base.schemeEnd+1]...)
}

// copyAuthority sets scheme, credentials, host and port to the base URL's.
func (p *parser) copyAuthority() {
	p.url = *p.base
	p.url.pathStart = p.base.authorityEnd()
	p.href = append(p.href[:0], p.base.href[:p.url.pathStart]...)
}

// copyPath sets the path to the base URL's.
//
// Precondition: the authority was copied, too.
func (p *parser) copyPath() { p.href = append(p.href, p.base.Path()...) }

// copyQuery sets the query to the base URL's. It is percent-encoded already,
// and stays as it is when queryState does so again.
func (p *parser) copyQuery() { p.query, p.hasQuery = p.base.Query() }
