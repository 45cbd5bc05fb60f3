package scanners

import (
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// A target is what is scanned, and the words that probes are made of.
type target struct {
	url        *url.URL
	scheme     string
	host, site string // that probes are made of
	authority  string // host, and the port that is named
	words      *strings.Replacer
}

// Labels that stand for random ones, so that each run is the same. ZAP's is of
// both cases.
const (
	labelNuclei = "qzkvx"
	labelZAP    = "k7QzRw2x"
	labelBurp   = "vwqkzjxhgmtp"
)

// newTarget is the target at a URL. Probes are made of model, another URL: tools
// know of none but the target's own.
func newTarget(rawURL, model string) (*target, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, err
	}
	m, err := url.Parse(model)
	if err != nil {
		return nil, err
	}
	t := &target{url: u, scheme: m.Scheme, host: m.Hostname(), authority: m.Host, site: siteOf(m.Hostname())}
	t.words = strings.NewReplacer(
		"{scheme}", t.scheme,
		"{authority}", t.authority,
		"{host}", t.host,
		"{site}", t.site,
		"{site-cut}", t.site[min(1, len(t.site)):],
		"{first-dot-x}", strings.Replace(t.authority, ".", "x", 1),
		"{last-dot-a}", replaceLast(t.host, ".", "a"),
		"{all-dots-a}", strings.ReplaceAll(t.host, ".", "a"),
	)
	return t, nil
}

// siteOf is the registrable domain of a host; "" if it has none.
func siteOf(host string) string {
	if strings.Trim(host, "0123456789.") == "" || strings.Contains(host, ":") {
		return ""
	}
	site, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return ""
	}
	return site
}

func replaceLast(s, old, replacement string) string {
	i := strings.LastIndex(s, old)
	if i < 0 {
		return s
	}
	return s[:i] + replacement + s[i+len(old):]
}

// overTLS reports whether probes are for a target behind TLS.
func overTLS(t *target) bool { return t.scheme == "https" }

func withoutTLS(t *target) bool { return !overTLS(t) }
