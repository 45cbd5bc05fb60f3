package audit

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// discoveries is how many pages are tried that nobody has named.
const discoveries = 12

// discover returns pages that read the resource though it does not let everybody:
// those that the server itself speaks of, and neighbours of its host.
func (p *prober) discover(plain *answer) []string {
	if _, got := p.read(p.stranger()); canRead(got) {
		return nil // whoever reads need not be trusted
	}
	p.trusted = p.suspects(plain) // to ask with the user's headers
	return slices.DeleteFunc(slices.Clone(p.trusted), func(page string) bool {
		_, got := p.read(page)
		return !canRead(got)
	})
}

// suspects are origins that may be meant to read, the likeliest first.
func (p *prober) suspects(plain *answer) []string {
	var all []string
	add := func(candidate string) {
		o := originOf(candidate)
		if strings.HasPrefix(o, "http") && o != p.origin && !slices.Contains(all, o) && len(all) < discoveries {
			all = append(all, o)
		}
	}
	for _, value := range allowOrigin(plain.ResponseHeader) {
		add(value)
	}
	for _, name := range []string{"Content-Security-Policy", "Content-Security-Policy-Report-Only", "Link"} {
		for _, line := range plain.ResponseHeader[name] {
			for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" ;,<>", r) }) {
				if strings.Contains(word, "://") && !strings.Contains(word, "*") {
					add(word)
				}
			}
		}
	}
	host, at := p.url.Hostname(), p.url.Scheme()+"://"
	site, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil || isLoopback(host) {
		return all
	}
	for _, name := range []string{"", "www.", "app.", "admin."} {
		add(at + name + site)
	}
	return all
}
