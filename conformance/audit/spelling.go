package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// A spelling is how Access-Control-Allow-Origin is written, whomever it lets.
type spelling int

const (
	valid    spelling = iota // "*", "null" or an origin, or what is plainly meant to deny
	several                  // values, of which browsers take none
	partial                  // a wildcard for a part of an origin
	misspelt                 // no origin as browsers write it
)

// spellingOf judges the values of Access-Control-Allow-Origin in what a page is
// answered. A browser compares bytes, so that the page's own origin is right,
// however odd.
//
// https://fetch.spec.whatwg.org/#http-new-header-syntax
func spellingOf(values []string, page string) spelling {
	switch len(values) {
	case 0:
		return valid
	case 1:
	default:
		return several
	}
	v := values[0]
	words := strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' })
	switch {
	case v == page || v == "*" || v == "null" || v == "" || v == "false":
		return valid
	case len(words) > 1 && mayGrant(words[0]) && mayGrant(words[1]):
		return several
	case strings.Contains(v, "*"):
		return partial
	case isOrigin(v):
		return valid
	}
	return misspelt
}

// mayGrant reports whether a word is meant to let somebody.
func mayGrant(word string) bool {
	if _, host, hasScheme := strings.Cut(word, "://"); hasScheme {
		return host != ""
	}
	return word == "*" || word == "null" || strings.ContainsAny(word, ".:")
}

// isOrigin reports whether s is an origin as browsers write it. Of a scheme that
// is not the web's they write what they like after it.
func isOrigin(s string) bool {
	scheme, host, _ := strings.Cut(s, "://")
	if scheme == "http" || scheme == "https" {
		return originOf(s) == s
	}
	isScheme := scheme != "" && strings.Trim(scheme, "abcdefghijklmnopqrstuvwxyz0123456789+-") == ""
	return isScheme && host != "" && !strings.ContainsAny(host, "/?#@ \t")
}

// A grant is an answer whose Access-Control-Allow-Origin does not let who asks.
type grant struct {
	page  string // "" is none in particular
	value string
	proof Evidence
}

// whom says who is not let.
func (g *grant) whom() string { return cmp.Or(g.page, "every page") }

// header is what should be there instead.
func (g *grant) header() string {
	page := g.page
	if meant := originOf(g.value); page == "" && meant != "null" && !strings.Contains(meant, "*") {
		page = meant
	}
	return grantTo(cmp.Or(page, "(the page's origin)"))
}

// grantTo is the header that lets a page.
func grantTo(page string) string { return fmt.Sprintf(`"Access-Control-Allow-Origin: %s"`, page) }

// misspelled are the pages that are blocked by how Access-Control-Allow-Origin is
// written: the trusted ones or, if none is named, whoever asks. A word that is
// like no origin is meant to deny those.
func (p *prober) misspelled(as spelling) []grant {
	var found []grant
	for _, page := range p.trusted {
		found = append(found, p.misspelledFor(page, as)...)
	}
	if p.isNamed || len(found) > 0 {
		return found
	}
	for _, g := range p.misspelledFor(p.stranger(), as) {
		if as != misspelt || mayGrant(g.value) || g.value == "true" {
			g.page = ""
			found = append(found, g)
		}
	}
	return found
}

// misspelledFor is what blocks a page: at most one grant.
func (p *prober) misspelledFor(page string, as spelling) []grant {
	mode, got := p.read(page)
	if x := final(got); x != nil && !canRead(got) && spellingOf(allowOrigin(x.ResponseHeader), page) == as {
		return []grant{{page, strings.Join(allowOrigin(x.ResponseHeader), ", "), p.proof(asPage(page, mode), got)}}
	}
	n := p.need(page, mode)
	pf := p.preflight(page, n.request)
	if x := pf.Answer; x != nil && !pf.Passed && spellingOf(allowOrigin(x.ResponseHeader), page) == as {
		return []grant{{page, strings.Join(allowOrigin(x.ResponseHeader), ", "), p.proofOf("the preflight of "+page+" for "+n.String(), pf)}}
	}
	return nil
}

// blocked is the finding that such a value blocks.
func (p *prober) blocked(by *grant, consequence, fix string) []Finding {
	return []Finding{p.finding(Broken, Proven, by.page, consequence, fix, by.proof,
		p.control("the resource's own page", p.ownAnswer(fetch.CredentialsInclude)))}
}

// acaoMultiple: F56.
func (p *prober) acaoMultiple() []Finding {
	found := p.misspelled(several)
	if len(found) == 0 {
		return nil
	}
	return p.blocked(&found[0],
		fmt.Sprintf("Browsers take one value of Access-Control-Allow-Origin, and this is %q: they block %s, even if one of them, or each, is right.", found[0].value, found[0].whom()),
		fmt.Sprintf("Have one layer alone answer CORS: take the headers of the other off (proxy_hide_header in nginx, ModifyResponse in Go), and look origins up where there are several. "+
			"What is left is one %s.", found[0].header()))
}

// acaoUnserialised: F57.
func (p *prober) acaoUnserialised() []Finding {
	found := append(p.misspelled(misspelt), p.mistaken()...)
	if len(found) == 0 {
		return nil
	}
	return p.blocked(&found[0],
		fmt.Sprintf("Browsers compare Access-Control-Allow-Origin with the page's origin, byte for byte, and none is written %q: they block %s.", found[0].value, found[0].whom()),
		fmt.Sprintf("Write scheme, host and port as browsers do, in lower case and without a slash or default port, or send back the Origin that was found in the list: %s.", found[0].header()))
}

// mistaken are the trusted pages that are told another scheme or port of their own
// host, with nothing there that is trusted.
func (p *prober) mistaken() []grant {
	if !p.isNamed {
		return nil
	}
	var found []grant
	for _, page := range p.trusted {
		mode, got := p.read(page)
		if v, isMismatch := mismatch(got); isMismatch && hostOf(v) == hostOf(page) && v != p.origin && !slices.Contains(p.trusted, v) {
			found = append(found, grant{page, v, p.proof(asPage(page, mode), got)})
		}
	}
	return found
}

// mismatch is the origin, well written, that a response lets in place of the page.
func mismatch(got *fetchtest.Result) (value string, ok bool) {
	if got.Reason != fetch.ErrAllowOriginMismatch && got.Reason != fetch.ErrPreflightAllowOriginMismatch || !isOrigin(got.Got) || strings.Contains(got.Got, "*") {
		return "", false
	}
	return got.Got, true
}

// acaoPartialWildcard: F58.
func (p *prober) acaoPartialWildcard() []Finding {
	found := p.misspelled(partial)
	if len(found) == 0 {
		return nil
	}
	return p.blocked(&found[0],
		fmt.Sprintf("In Access-Control-Allow-Origin a * stands for all or is a character like any other: with %q browsers block %s.", found[0].value, found[0].whom()),
		fmt.Sprintf(`Compare Origin with the pattern on the server, and send back the one that fits: %s, with "Vary: Origin".`, found[0].header()))
}

// acaoStaticForMany: F59.
func (p *prober) acaoStaticForMany() []Finding {
	if !p.isNamed || len(p.mistaken()) > 0 {
		return nil
	}
	static := ""
	for _, page := range p.trusted {
		_, got := p.read(page)
		v, isMismatch := mismatch(got)
		if canRead(got) {
			v = page
		}
		if !isMismatch && !canRead(got) || static != "" && v != static {
			return nil
		}
		static = v
	}
	for _, page := range p.trusted {
		mode, got := p.read(page)
		if canRead(got) {
			continue
		}
		f := p.finding(Broken, Proven, page,
			fmt.Sprintf("Whoever asks is told %s, so that of the pages that are meant to read no other does.", static),
			fmt.Sprintf("Look Origin up in the list, and send back what was found: %s to this one, with \"Vary: Origin\" to all.", grantTo(page)),
			p.proof(asPage(page, mode), got))
		control := p.control("the resource's own page", p.ownAnswer(mode))
		if slices.Contains(p.trusted, static) {
			theirs, read := p.read(static)
			control = p.control(asPage(static, theirs), read)
		}
		f.Evidence = append(f.Evidence, control)
		return []Finding{f}
	}
	return nil
}
