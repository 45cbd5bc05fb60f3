package fetch

// isConditional reports whether the header makes a request conditional, which
// is the end of cache mode "default".
func isConditional(name string) bool {
	switch name {
	case "If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "If-Match", "If-Range":
		return true
	}
	return false
}

// effectiveCacheMode is the request's cache mode, in which "default" has ended
// if the developer has made the request conditional.
func (p *fetchParams) effectiveCacheMode() CacheMode {
	mode := p.request.cacheMode
	if mode != CacheDefault || !p.request.conditional {
		return mode
	}
	if p.request.initiator == InitiatorXMLHttpRequest && p.profile.Initiator.ConditionalXHRCached {
		return CacheDefault
	}
	if p.profile.CacheMode.ConditionalRevalidates {
		if p.env.worker {
			return CacheDefault
		}
		return CacheNoCache
	}
	return CacheNoStore
}

// setCacheHeaders adds what the cache mode says to caches on the way.
func (p *fetchParams) setCacheHeaders(o *outgoing) {
	if p.profile.CacheMode.CredentiallessReloads && !p.embedderAllowsCredentials() {
		o.setAbsent("Pragma", "no-cache")
		o.setAbsent("Cache-Control", "no-cache")
		return
	}
	if p.profile.CacheMode.UntilCrossOrigin && p.request.hasLeftAnOrigin() {
		return
	}
	switch p.effectiveCacheMode() {
	case CacheNoCache:
		o.setAbsent("Cache-Control", "max-age=0")
	case CacheNoStore, CacheReload:
		o.setAbsent("Pragma", "no-cache")
		o.setAbsent("Cache-Control", "no-cache")
	}
}
