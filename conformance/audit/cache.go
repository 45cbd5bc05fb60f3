package audit

import (
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// varyOnAll is what mends most of what is wrong with caches.
const varyOnAll = `Add "Vary: Origin" to all responses of the resource before it is decided who asks: also to those that have no Origin, and to those that are refused.`

// reuses are what a cache does between the pages that matter, each asking as it
// can.
func (p *prober) reuses() iter.Seq[policy.Reuse] {
	return p.subject.Reuses(func(page string) fetchtest.Request { return p.resource(page, "") })
}

// misled are what a cache does between pages that lets one read, or not, unlike
// the server itself, for what it keeps names another origin. What it keeps of a
// refusal by status is found as that.
func (p *prober) misled() []policy.Reuse {
	var found []policy.Reuse
	for reuse := range p.reuses() {
		x := final(&reuse.Fresh)
		if canRead(&reuse.Fresh) == canRead(&reuse.Cached) || p.isRefusal(&reuse) || slices.Equal(reuse.Kept.RequestHeader["Origin"], x.RequestHeader["Origin"]) ||
			slices.Equal(allowOrigin(reuse.Kept.ResponseHeader), allowOrigin(x.ResponseHeader)) {
			continue
		}
		found = append(found, reuse)
	}
	// The worst to live with is a page that is meant to read, and now and then
	// does not.
	slices.SortStableFunc(found, func(a, b policy.Reuse) int { return p.harm(&b) - p.harm(&a) })
	return found
}

// harm is how much it matters, by who is misled.
func (p *prober) harm(reuse *policy.Reuse) int {
	n := 0
	if canRead(&reuse.Fresh) {
		n++
	}
	if slices.Contains(p.trusted, reuse.Second) {
		n++
	}
	return n
}

// cacheVaryMissing: F47.
func (p *prober) cacheVaryMissing() []Finding {
	misled := p.misled()
	if len(misled) == 0 || p.variesForSome() {
		return nil
	}
	return p.misleading(&misled[0], varyOnAll)
}

// cacheVaryAsymmetric: F48. Where a layer takes Vary off again, that is found.
func (p *prober) cacheVaryAsymmetric() []Finding {
	misled := p.misled()
	if len(misled) == 0 || !p.variesForSome() || slices.Contains(p.clobbered().lost, "origin") {
		return nil
	}
	found := p.misleading(&misled[0], varyOnAll)
	for _, page := range append([]string{p.origin, p.stranger()}, p.trusted...) {
		got := p.get(page, misled[0].Request.Credentials)
		if x := final(got); x != nil && varies(x.ResponseHeader, "origin") {
			found[0].Evidence = append(found[0].Evidence, p.control(page+" is told Vary: Origin", got))
			break
		}
	}
	return found
}

// misleading is the finding of a cache that answers by what names another origin.
func (p *prober) misleading(reuse *policy.Reuse, fix string) []Finding {
	who := "what it keeps of the request of " + reuse.First
	if reuse.First == "" {
		who = "what it keeps of a request without Origin"
	}
	consequence := fmt.Sprintf("A CDN, or the browser's own cache, gives %s %s: whether the page reads depends on who has asked before.", reuse.Second, who)
	if canRead(&reuse.Cached) {
		consequence = fmt.Sprintf("A CDN, or the browser's own cache, gives %s %s: the page reads what the server itself would not let it.", reuse.Second, who)
	}
	return []Finding{p.finding(Medium, keeping(reuse.Kept.ResponseHeader), reuse.Second, consequence, fix,
		Evidence{What: who, Verdict: "kept", Exchanges: []Exchange{shown(reuse.Kept, p.guard.header)}},
		p.proof(asPage(reuse.Second, reuse.Request.Credentials)+", of the cache", &reuse.Cached),
		p.control(asPage(reuse.Second, reuse.Request.Credentials)+", of the server", &reuse.Fresh),
	)}
}

// keeping is how sure it is that a cache keeps what has these headers, if it may:
// if it is told for how long, if there is a date for browsers to guess by, or else
// only if it has been set up to.
//
// https://www.rfc-editor.org/rfc/rfc9111#section-4.2.2
func keeping(h http.Header) Confidence {
	switch {
	case strings.Contains(strings.ToLower(strings.Join(h["Cache-Control"], ",")), "max-age="), h["Expires"] != nil:
		return Proven
	case h["Last-Modified"] != nil:
		return Likely
	}
	return Hint
}

// variesForSome reports whether anybody is told that the answer varies by Origin.
func (p *prober) variesForSome() bool {
	for _, page := range append([]string{p.origin, p.stranger()}, p.trusted...) {
		for _, mode := range []fetch.CredentialsMode{fetch.CredentialsOmit, fetch.CredentialsInclude} {
			if x := final(p.get(page, mode)); x != nil && varies(x.ResponseHeader, "origin") {
				return true
			}
		}
	}
	return false
}

// varyNames are the names in Vary, in lower case.
func varyNames(h http.Header) []string {
	var names []string
	for _, line := range h["Vary"] {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// varies reports whether Vary names that header, which is in lower case, or all.
func varies(h http.Header, name string) bool {
	names := varyNames(h)
	return slices.Contains(names, name) || slices.Contains(names, "*")
}

// A clobbering is an answer whose Vary lacks names that it has for another.
type clobbering struct {
	lost         []string // in lower case; none if there is no such thing
	whose        string   // it is
	with, wanted Evidence // the answer that lacks them, and the one that has them
}

// clobbered looks for names that Vary has lost: for a page of another origin, as
// against one that needs no CORS, and for whoever takes a compressed answer.
func (p *prober) clobbered() clobbering {
	page := p.app()
	if page == "" {
		return clobbering{}
	}
	mode, theirs := p.read(page)
	own := p.ownAnswer(mode)
	x, y := final(theirs), final(own)
	if x == nil || y == nil || x.Status != y.Status || x.URL != p.subject.Request.URL || x.URL != y.URL {
		return clobbering{}
	}
	// Who looks at the preflight's headers names them for whoever has an Origin.
	if lost := lostNames(x.ResponseHeader, y.ResponseHeader); len(lost) > 0 {
		return clobbering{lost, "whoever has an Origin", p.proof(asPage(page, mode), theirs), p.control("the resource's own page", own)}
	}
	h := x.RequestHeader.Clone()
	h.Set("Accept-Encoding", "gzip")
	compressed := p.rawIn(http.MethodGet, x.URL, h, &lane{round: rounds + 1})
	if compressed.Status != x.Status {
		return clobbering{}
	}
	if lost := lostNames(compressed.ResponseHeader, x.ResponseHeader); len(lost) > 0 {
		return clobbering{lost, "whoever takes gzip", p.rawProof(page+" takes gzip", compressed), p.control(asPage(page, mode), theirs)}
	}
	return clobbering{}
}

// lostNames are the names in Vary of full that that of h lacks, in their order.
func lostNames(h, full http.Header) []string {
	var lost []string
	for _, name := range varyNames(full) {
		if !varies(h, name) && !strings.HasPrefix(name, "access-control-request-") {
			lost = append(lost, name)
		}
	}
	return lost
}

// cacheVaryClobbered: F49.
func (p *prober) cacheVaryClobbered() []Finding {
	c := p.clobbered()
	if len(c.lost) == 0 {
		return nil
	}
	for i, name := range c.lost {
		c.lost[i] = http.CanonicalHeaderKey(name)
	}
	lost := strings.Join(c.lost, ", ")
	return []Finding{p.finding(Medium, Likely, p.app(),
		fmt.Sprintf("What a cache keeps of %s it gives to requests that differ in %s, for one layer's Vary has taken the place of another's.", c.whose, lost),
		fmt.Sprintf(`Have each layer add to Vary and none set it (w.Header().Add in Go, res.vary() in Express), so that "Vary: %s" is there beside what the layer itself has.`, lost),
		c.with, c.wanted,
	)}
}

// cacheVaryNeedless: F50.
func (p *prober) cacheVaryNeedless() []Finding {
	pages := append([]string{p.origin, p.stranger(), "null"}, p.trusted...)
	var varying string
	for _, mode := range []fetch.CredentialsMode{fetch.CredentialsOmit, fetch.CredentialsInclude} {
		own := p.ownAnswer(mode)
		for _, page := range pages {
			x, y := final(own), final(p.get(page, mode))
			if x == nil || y == nil || x.Status != y.Status || !slices.Equal(allowOrigin(y.ResponseHeader), []string{"*"}) || !sameGrants(x.ResponseHeader, y.ResponseHeader) {
				return nil
			}
			if page != p.origin && slices.Contains(varyNames(y.ResponseHeader), "origin") {
				varying = page
			}
		}
	}
	if varying == "" || p.bodyOf(p.origin) != p.bodyOf(varying) {
		return nil
	}
	return []Finding{p.finding(Waste, Proven, varying,
		"Caches keep the same answer once for each page that asks, and ask the server again for each.",
		"Leave Origin out of Vary: Access-Control-Allow-Origin: * is the same for all.",
		p.proof(asPage(varying, fetch.CredentialsOmit), p.get(varying, fetch.CredentialsOmit)),
		p.control("the resource's own page", p.ownAnswer(fetch.CredentialsOmit)),
	)}
}

// bodyOf is what a page reads, without credentials.
func (p *prober) bodyOf(page string) string { return p.get(page, fetch.CredentialsOmit).Response.Body }

// sameGrants reports whether two answers say the same about CORS.
func sameGrants(a, b http.Header) bool {
	grants := func(h http.Header) http.Header {
		h = h.Clone()
		maps.DeleteFunc(h, func(name string, _ []string) bool { return !strings.HasPrefix(name, "Access-Control-") })
		return h
	}
	return maps.EqualFunc(grants(a), grants(b), slices.Equal)
}

// isRefusal reports whether what is kept is a stranger's refusal by status, and the
// second is answered otherwise.
func (p *prober) isRefusal(reuse *policy.Reuse) bool {
	isStranger := reuse.First != "" && reuse.First != p.origin && !slices.Contains(p.trusted, reuse.First)
	x := final(&reuse.Fresh)
	return isStranger && reuse.Kept.Status >= 400 && x.Status != reuse.Kept.Status && slices.Equal(reuse.Kept.RequestHeader["Cookie"], x.RequestHeader["Cookie"])
}

// cacheRefusalCacheable: F55. Of who is no stranger it is another fault that he is
// refused.
func (p *prober) cacheRefusalCacheable() []Finding {
	for reuse := range p.reuses() {
		if !p.isRefusal(&reuse) || final(&reuse.Fresh).Status >= 400 {
			continue
		}
		return []Finding{p.finding(Medium, keeping(reuse.Kept.ResponseHeader), reuse.Second,
			fmt.Sprintf("A CDN, or the browser's own cache, keeps the refusal (%d) of any web site that asks, and gives it to %s: whoever wants makes the resource unavailable.", reuse.Kept.Status, reuse.Second),
			`Do not refuse by status: leave Access-Control-Allow-Origin out, and the browser refuses. Otherwise send refusals with "Cache-Control: no-store" and "Vary: Origin".`,
			Evidence{What: reuse.First + " is refused", Verdict: "kept", Exchanges: []Exchange{shown(reuse.Kept, p.guard.header)}},
			p.proof(reuse.Second+" asks the cache", &reuse.Cached),
			p.control(reuse.Second+" asks the server", &reuse.Fresh),
		)}
	}
	return nil
}
