package audit

import "github.com/corsfetch/corsfetch/conformance/policy"

// trustSuffix: F05. What contains a trusted name anywhere is found as that, and
// names below a trusted site as subdomains.
func (p *prober) trustSuffix() []Finding {
	if p.readsAround() {
		return nil
	}
	isSubdomain := p.readsClass(policy.Subdomain)
	return p.trusts(mistake{policy.Suffix, anyPage, Proven,
		"Whoever registers a name that ends in the same letters reads this from there.",
		"Compare the parsed host: equal, or ending in a dot and the name. " + p.allowlist()},
		func(page string) bool { return isSubdomain && !p.isForeign(page) })
}

// trustPrefix: F06.
func (p *prober) trustPrefix() []Finding {
	if p.readsAround() {
		return nil
	}
	return p.trusts(mistake{policy.Prefix, anyPage, Proven,
		"Whoever has a domain gives a host of it a name that begins with the trusted one, and reads this from there.",
		"Compare the whole serialized origin; a pattern has to be anchored at its end. " + p.allowlist()}, nil)
}

// trustSubstring: F07. What ends or begins in a trusted name, but does not do
// both, is found as that.
func (p *prober) trustSubstring() []Finding {
	if p.readsClass(policy.Suffix) != p.readsClass(policy.Prefix) {
		return nil
	}
	return p.trusts(mistake{policy.Substring, anyPage, Proven,
		"Whoever has a domain gives a host of it a name with the trusted one in it, and reads this from there.",
		"Compare for equality. " + p.allowlist()}, nil)
}

// readsAround reports whether what stands before a trusted name does not matter,
// nor what stands after it.
func (p *prober) readsAround() bool {
	return p.readsClass(policy.Suffix) && p.readsClass(policy.Prefix) && p.readsClass(policy.Substring)
}

// trustRegexDot: F08. Where a host need only end in a name, no dot has to stand
// before it, which is found as that.
func (p *prober) trustRegexDot() []Finding {
	if p.readsClass(policy.Suffix) {
		return nil
	}
	return p.trusts(mistake{policy.Dot, anyPage, Proven,
		"Whoever registers the name with another character in place of the dot reads this from there.",
		`Escape the dots of the pattern (\.), or better have no pattern. ` + p.allowlist()}, nil)
}

// trustHostCharset: F09. A pattern that takes anything at the end takes letters
// too, which is found as a prefix.
func (p *prober) trustHostCharset() []Finding {
	if p.readsClass(policy.Prefix) {
		return nil
	}
	return p.trusts(mistake{policy.Charset, anyPage, Likely,
		"Whoever has a domain with a wildcard in DNS gives the user a host with that character in it, which some browsers resolve, and reads this from there.",
		"Let the pattern of a host have letters, digits, hyphens and dots alone. " + p.allowlist()}, nil)
}

// trustPublicSuffix: F10.
func (p *prober) trustPublicSuffix() []Finding {
	return p.trusts(mistake{policy.PublicSuffix, anyPage, Proven,
		"Below that suffix anybody registers a name, and reads this from there.",
		"Narrow the wildcard to domains that are your own. " + p.allowlist()}, nil)
}

// trustLoopbackLookalike: F16.
func (p *prober) trustLoopbackLookalike() []Finding {
	return p.trusts(mistake{policy.LoopbackLookalike, anyPage, Proven,
		"Whoever has a domain calls a host of it localhost, and reads this from there.",
		"Compare the parsed host with localhost for equality, and only in development. " + p.allowlist()}, nil)
}

// trustPairwise: F20.
func (p *prober) trustPairwise() []Finding {
	if len(p.trusted) < 2 || p.readsClass(policy.Suffix) || p.readsClass(policy.Prefix) {
		return nil
	}
	return p.trusts(mistake{policy.Pairwise, anyPage, Proven,
		"A name made of two that are trusted, which anybody may register, reads this.",
		"Update what matches origins, or replace it. " + p.allowlist()}, nil)
}
