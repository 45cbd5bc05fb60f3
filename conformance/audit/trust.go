package audit

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// allowlist is what mends most of what is wrong with who is trusted.
func (p *prober) allowlist() string {
	answer := "repeat it in Access-Control-Allow-Origin"
	if len(p.trusted) > 0 {
		answer = fmt.Sprintf("answer \"Access-Control-Allow-Origin: %s\"", p.trusted[0])
	}
	return "Look the whole Origin up in a list. To one that is on it " + answer + ", and say nothing of the kind to others; to all \"Vary: Origin\"."
}

// trustAnyCredentialed: F01.
func (p *prober) trustAnyCredentialed() []Finding {
	if !p.readByAnyone(fetch.CredentialsInclude) {
		return nil
	}
	pages := p.strangers()
	got := p.get(pages[0], fetch.CredentialsInclude)
	return []Finding{p.finding(
		severityOf(p.asUser(readsAsUser, got), anyPage, p.circumstances(pages[0])), Proven, pages[0],
		"Whatever web site the user visits reads this as the user: data, and the tokens that are to protect against forged requests.",
		p.allowlist()+" Leave out Access-Control-Allow-Credentials if no page needs cookies.",
		p.proof(asPage(pages[0], fetch.CredentialsInclude), got),
		p.proof(asPage(pages[1], fetch.CredentialsInclude), p.get(pages[1], fetch.CredentialsInclude)),
		p.control("the resource's own page", p.ownAnswer(fetch.CredentialsInclude)),
	)}
}

// trustAnyAnonymous: F02.
func (p *prober) trustAnyAnonymous() []Finding {
	pages := p.strangers()
	got := p.get(pages[0], fetch.CredentialsOmit)
	x := final(got)
	if x == nil || !p.readByAnyone(fetch.CredentialsOmit) || p.readByAnyone(fetch.CredentialsInclude) || !slices.Equal(allowOrigin(x.ResponseHeader), pages[:1]) {
		return nil
	}
	return []Finding{p.finding(
		severityOf(reads, anyPage, p.circumstances(pages[0])), Proven, pages[0],
		"Any web site reads this, as with *, but no cache can serve two of them, and one more header would give them the user's data.",
		"Access-Control-Allow-Origin: * if it is public. Otherwise: "+p.allowlist(),
		p.proof(asPage(pages[0], fetch.CredentialsOmit), got),
		p.control(asPage(pages[0], fetch.CredentialsInclude), p.get(pages[0], fetch.CredentialsInclude)),
	)}
}

// trustNullCredentialed: F03.
func (p *prober) trustNullCredentialed() []Finding {
	got := p.get("null", fetch.CredentialsInclude)
	if !canRead(got) || p.readByAnyone(fetch.CredentialsInclude) {
		return nil
	}
	return []Finding{p.finding(
		// A sandboxed frame is part of a page that anybody may put up.
		severityOf(p.asUser(readsAsUser, got), anyPage, p.circumstances("null")), Proven, "null",
		"Any web site reads this as the user, by a sandboxed frame, whose origin is null.",
		"Take null off the list of origins; serve what was developed from a file from an origin of its own.",
		p.proof(asPage("null", fetch.CredentialsInclude), got),
		p.control(asPage(p.stranger(), fetch.CredentialsInclude), p.get(p.stranger(), fetch.CredentialsInclude)),
	)}
}

// trustNullAnonymous: F04.
func (p *prober) trustNullAnonymous() []Finding {
	got := p.get("null", fetch.CredentialsOmit)
	x := final(got)
	if x == nil || !canRead(got) || canRead(p.get("null", fetch.CredentialsInclude)) || p.readByAnyone(fetch.CredentialsOmit) {
		return nil
	}
	severity := Low
	if p.isSensitive() {
		severity = Medium
	}
	return []Finding{p.finding(severity, Proven, "null",
		"Any web site reads this, by a sandboxed frame, whose origin is null: it does not deny, it grants.",
		"Access-Control-Allow-Origin: * if it is public, none otherwise.",
		p.proof(asPage("null", fetch.CredentialsOmit), got),
		p.control(asPage(p.stranger(), fetch.CredentialsOmit), p.get(p.stranger(), fetch.CredentialsOmit)),
	)}
}

// A mistake is a class of pages that read and should not.
type mistake struct {
	class       policy.Class
	reach       reach
	confidence  Confidence
	consequence string
	fix         string
}

// trusts finds the page that shows a mistake, unless a stranger reads as well: then
// that is what is wrong. skip, if not nil, are pages that show something else.
func (p *prober) trusts(m mistake, skip func(page string) bool) []Finding {
	stranger := p.stranger()
	if _, got := p.read(stranger); canRead(got) && p.readByAnyone(fetch.CredentialsOmit) {
		return nil
	}
	var best Finding
	for class, page := range p.adversaries() {
		if class != m.class || skip != nil && skip(page) {
			continue
		}
		mode, got := p.read(page)
		if !canRead(got) {
			continue
		}
		c := reads
		if mode == fetch.CredentialsInclude {
			c = p.asUser(readsAsUser, got)
		}
		who := m.reach
		if who == anyPage && !p.isForeign(page) {
			who = sibling // nobody else can register it
		}
		f := p.finding(severityOf(c, who, p.circumstances(page)), m.confidence, page, m.consequence, m.fix,
			p.proof(asPage(page, mode), got),
			p.control(asPage(stranger, mode), p.get(stranger, mode)),
		)
		if best.ID == "" || f.Severity.Compare(best.Severity) > 0 {
			best = f
		}
	}
	if best.ID == "" {
		return nil
	}
	return []Finding{best}
}

// trustSubdomainAny: F11.
func (p *prober) trustSubdomainAny() []Finding {
	return p.trusts(mistake{policy.Subdomain, sibling, Proven,
		"Whoever runs a script on any subdomain, by a flaw of its pages, by user content or by a name that has been abandoned, reads this, and cookies that are SameSite go along.",
		"List the subdomains that are meant, and have users' content on another registrable domain. " + p.allowlist()}, nil)
}

// trustInsecureScheme: F12.
func (p *prober) trustInsecureScheme() []Finding {
	if p.url.Scheme() != "https" {
		return nil
	}
	return p.trusts(mistake{policy.Insecure, onPath, Proven,
		"Whoever is in the network between puts a script into the page without TLS, and reads what TLS was to protect.",
		"Trust https: origins alone, and send Strict-Transport-Security. " + p.allowlist()}, nil)
}

// trustPortAny: F13.
func (p *prober) trustPortAny() []Finding {
	return p.trusts(mistake{policy.Port, local, Proven,
		"Whatever else runs on another port of that host reads this; cookies do not tell ports apart.",
		"List the port with the origin. " + p.allowlist()}, nil)
}

// trustOtherScheme: F14.
func (p *prober) trustOtherScheme() []Finding {
	if p.trustedRaw(p.stranger()) {
		return nil
	}
	for _, schemes := range [][2]string{
		{"chrome-extension://" + strings.Repeat("abcdefgh", 4), "chrome-extension://" + strings.Repeat("ponmlkji", 4)},
		{"moz-extension://0f5ad3a4-7f0b-4d6e-9c1e-6a1d5c2f9b10", "moz-extension://9c1e6a1d-4d6e-7f0b-0f5a-d3a45c2f9b10"},
		{"tauri://kqzvhxjwpyrm", "tauri://mrypwjxhvzqk"},
		{"capacitor://localhost", "capacitor://kqzvhxjwpyrm"},
	} {
		if !p.trustedRaw(schemes[0]) || !p.trustedRaw(schemes[1]) {
			continue
		}
		c := reads
		if x := p.rawOrigin(http.MethodGet, schemes[0]); x.ResponseHeader.Get("Access-Control-Allow-Credentials") == "true" {
			c = readsAsUser
		}
		scheme, _, _ := strings.Cut(schemes[0], ":")
		return []Finding{p.finding(severityOf(c, local, p.circumstances(schemes[0])), Likely, schemes[0],
			fmt.Sprintf("Any %s: that the user has installed reads this.", scheme),
			"List the ids that are your own. "+p.allowlist(),
			p.rawProof("Origin: "+schemes[0], p.rawOrigin(http.MethodGet, schemes[0])),
			p.rawProof("Origin: "+schemes[1], p.rawOrigin(http.MethodGet, schemes[1])),
			p.rawControl("Origin: "+p.stranger(), p.rawOrigin(http.MethodGet, p.stranger())),
		)}
	}
	return nil
}

// trustLoopback: F15. A server on the user's own machine may have its pages there.
func (p *prober) trustLoopback() []Finding {
	if isPrivate(p.url.Hostname()) {
		return nil
	}
	return p.trusts(mistake{policy.Loopback, local, Proven,
		"Any program on the user's machine, or device in the user's network, that serves a page there reads this.",
		"Have the list of origins depend on where the server runs, and take this one off in production. " + p.allowlist()}, nil)
}

// trustWildcardSensitive: F17.
func (p *prober) trustWildcardSensitive() []Finding {
	page := p.stranger()
	got := p.get(page, fetch.CredentialsOmit)
	x := final(got)
	if x == nil || !canRead(got) || got.Response.Status >= 400 || !slices.Equal(allowOrigin(x.ResponseHeader), []string{"*"}) {
		return nil
	}
	if !p.isSensitive() || x.RequestHeader["Authorization"] != nil {
		return nil // what is asked for with a token is for whoever has it
	}
	return []Finding{p.finding(Medium, Likely, page,
		"Any web site reads, by the user's browser and from where the user is, what the server itself says is not for all.",
		p.allowlist()+" If it is public, leave out Cache-Control: private and no-store, and tokens.",
		p.proof(asPage(page, fetch.CredentialsOmit), got),
		p.control("the resource's own page", p.ownAnswer(fetch.CredentialsInclude)),
	)}
}

// trustPrivateTarget: F18.
func (p *prober) trustPrivateTarget() []Finding {
	if !isPrivate(p.url.Hostname()) || !p.readByAnyone(fetch.CredentialsOmit) && !p.readByAnyone(fetch.CredentialsInclude) {
		return nil
	}
	page := p.stranger()
	mode, got := p.read(page)
	return []Finding{p.finding(High, Proven, page,
		"Every web site that the user visits reads what this server has, though nobody outside can reach it; Chromium alone asks the user first.",
		p.allowlist()+" Look at Host too, and ask for a token.",
		p.proof(asPage(page, mode), got),
		p.control("the resource's own page", p.ownAnswer(mode)),
	)}
}

// trustSharedHost: F19.
func (p *prober) trustSharedHost() []Finding {
	return p.trusts(mistake{policy.SharedHost, anyPage, Proven,
		"Whoever opens an account there has a page on that host, and reads this from it.",
		"Use a domain of your own, or list the exact host. " + p.allowlist()}, nil)
}

// trustOriginFromElsewhere: F21.
func (p *prober) trustOriginFromElsewhere() []Finding {
	pages := p.strangers()
	page, foreign := pages[0], pages[1]
	if p.trustedRaw(page) {
		return nil
	}
	for _, from := range []struct{ name, query string }{
		{"?origin=", "origin"}, {"?domain=", "domain"}, {"Referer", ""}, {"X-Forwarded-Host", ""}, {"Forwarded", ""}, {"Host", ""},
	} {
		url, h := p.subject.Request.URL, http.Header{"Origin": {page}}
		host := hostOf(foreign)
		switch {
		case from.query != "":
			url = p.withQuery(from.query, foreign)
		case from.name == "Referer":
			h.Set("Referer", foreign+"/")
		case from.name == "Forwarded":
			h.Set("Forwarded", "host="+host+";proto="+p.url.Scheme())
		default:
			h.Set(from.name, host)
		}
		a := p.raw(http.MethodGet, url, h)
		values := allowOrigin(a.ResponseHeader)
		if len(values) != 1 || hostOf(values[0]) != host && values[0] != host {
			continue
		}
		c := reads
		if a.ResponseHeader.Get("Access-Control-Allow-Credentials") == "true" {
			c = readsAsUser
		}
		who := anyPage
		if from.query == "" && from.name != "Referer" {
			who = crafted // no page sets it
		}
		return []Finding{p.finding(severityOf(c, who, p.circumstances(page)), Likely, foreign,
			fmt.Sprintf("Who may read is taken from %s, which the page that asks chooses as it likes.", from.name),
			"Go by Origin alone. "+p.allowlist(),
			p.rawProof(from.name+" names "+foreign, a),
			p.rawControl("Origin alone", p.rawOrigin(http.MethodGet, page)),
		)}
	}
	return nil
}

// rounds is how often it is asked whether the answer stays the same.
const rounds = 5

// trustNondeterministic: F22. The pages ask by turns, for some servers answer the
// second as they did the first, and twice each, for others begin anew with whoever
// is another.
func (p *prober) trustNondeterministic() []Finding {
	pages := []string{p.stranger()}
	if app := p.app(); app != "" && app != p.stranger() {
		pages = append(pages, app)
	}
	mode := fetch.CredentialsInclude
	first := make([]*fetchtest.Result, len(pages))
	for n := range 2 * rounds * len(pages) {
		i := n / 2 % len(pages)
		page, got := pages[i], p.again(pages[i], mode, n+1)
		if isUnknown(got) {
			continue
		}
		if first[i] == nil {
			first[i] = got
		}
		if canRead(got) == canRead(first[i]) {
			continue
		}
		return []Finding{p.finding(Medium, Proven, page,
			fmt.Sprintf("Whether the page reads depends on who asked before, or on chance: %s, and then %s.", verdict(first[i]), verdict(got)),
			"Decide by the request alone: no state between requests, no pattern with a position of its own, one configuration on all machines.",
			p.proof("when asked again", got), p.control("at first", first[i]),
		)}
	}
	return nil
}
