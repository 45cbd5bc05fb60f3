package fetch_test

import (
	"slices"
	"strings"
)

// A knownDifference is a scenario that we are known not to follow a browser in.
type knownDifference struct {
	is     agreement
	reason string
}

// Reasons that several profiles share.
var noControlCharacters = knownDifference{outcomeDiffers, "net/http sends no control characters in header values"}

// knownDifferences are by profile and scenario. The test fails for one that is
// missing and for one that is none.
var knownDifferences = map[string]map[string]knownDifference{
	"standard": {
		"safelist-accept-control": noControlCharacters,
	},
	"chromium": {
		"safelist-accept-control":    noControlCharacters,
		"safelist-unsafe-user-agent": {wireDiffers, "it was recorded headless, and its User-Agent says so"},
	},
	"firefox": {
		"safelist-accept-control": noControlCharacters,
	},
	"webkit": {
		"safelist-accept-control": noControlCharacters,
		"exposed-high-bytes":      {outcomeDiffers, "libsoup takes header values for UTF-8"},
		"no-cors-blob-json":       {wireDiffers, "WebKit lets a Blob's type through where it would not take the header"},
	},
}

// laterWork are the things that are not built yet, and which scenarios need
// them. Those scenarios are run and counted, but cannot fail.
var laterWork = []struct {
	reason string
	needed func(s *scenario) bool
}{
	{"cookies of another site: an http.CookieJar knows no SameSite and no third parties", (*scenario).hasThirdPartyCookies},
	{"policies of the page other than its referrer policy", func(s *scenario) bool {
		return slices.ContainsFunc(s.Page.Headers, func(line string) bool { return !hasName(line, "Referrer-Policy") })
	}},
	{"Cross-Origin-Resource-Policy", func(s *scenario) bool {
		return s.anyHeader(func(_, line string) bool { return hasName(line, "Cross-Origin-Resource-Policy") })
	}},
	{"an HTTP cache", func(s *scenario) bool {
		return s.anyHeader(func(_, line string) bool {
			return hasName(line, "Cache-Control") && strings.Contains(line, "max-age")
		})
	}},
	{"a prompt for a password, which the page's own origin can ask for", func(s *scenario) bool {
		return s.anyHeader(func(alias, line string) bool {
			return hasName(line, "WWW-Authenticate") && alias == s.Page.Origin
		})
	}},
}

// outOfScope says which later work a scenario needs, or "".
func (s *scenario) outOfScope() string {
	for _, later := range laterWork {
		if later.needed(s) {
			return later.reason
		}
	}
	return ""
}

// hasThirdPartyCookies reports whether there are cookies of a site other than
// the page's.
func (s *scenario) hasThirdPartyCookies() bool {
	page := pretendSites[s.Page.Origin]
	for alias := range s.Cookies {
		site := pretendSites[alias]
		if site.scheme != page.scheme || strings.TrimPrefix(site.host, "sa.") != strings.TrimPrefix(page.host, "sa.") {
			return true
		}
	}
	return false
}

// anyHeader reports whether is holds for a header line of some answer.
func (s *scenario) anyHeader(is func(alias, line string) bool) bool {
	for place, rules := range s.Server {
		alias, _, _ := strings.Cut(place, "/")
		for i := range rules {
			if slices.ContainsFunc(rules[i].Headers, func(line string) bool { return is(alias, line) }) {
				return true
			}
		}
	}
	return false
}

func hasName(line, name string) bool {
	n, _, _ := strings.Cut(line, ":")
	return strings.EqualFold(n, name)
}
