package policy

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// nobody stands, among pages, for a visit: a request without Origin.
const nobody = ""

// CacheSafe holds if a cache that honours Vary does no harm: what it has kept of
// one page's request, or of a visit, gives another page neither more nor less than
// the server itself would. The pages are the trusted ones, one of the resource's
// own origin and a stranger's.
func CacheSafe() Invariant {
	return Invariant{"cache-safe", func(s *Subject) *Violation {
		pages := s.pages()
		for _, mode := range credentialsModes {
			r := s.Request
			r.Credentials = mode
			for _, first := range append([]string{nobody}, pages...) {
				primed := s.prime(first, r)
				kept := lastExchange(&primed)
				if kept == nil || !isKept(kept) {
					continue
				}
				for _, second := range pages {
					if v := s.serves(kept, first, second, r); v != nil {
						return v
					}
				}
			}
		}
		return nil
	}}
}

// prime makes the request that a cache answers others by.
func (s *Subject) prime(page string, r fetchtest.Request) fetchtest.Result {
	if page == nobody {
		return s.web().Visit(r.URL)
	}
	return s.fetch(page, r)
}

// serves returns what is wrong if the cache gives second what it has kept of
// first's request; nil if it would not, or if all is well.
func (s *Subject) serves(kept *fetchtest.Exchange, first, second string, r fetchtest.Request) *Violation {
	fresh := s.fetch(second, r)
	asked := lastExchange(&fresh)
	if asked == nil || !answers(kept, asked) {
		return nil
	}
	cached := s.replay(kept).Page(second).Fetch(r)
	if reads(&cached) == reads(&fresh) {
		return nil
	}
	who := "the request of " + first
	if first == nobody {
		who = "a visit"
	}
	vary := "no Vary"
	if lines := kept.ResponseHeader["Vary"]; len(lines) > 0 {
		vary = "Vary: " + strings.Join(lines, ", ")
	}
	what := "cannot read"
	if reads(&cached) {
		what = "reads"
	}
	return &Violation{
		Why:  fmt.Sprintf("%s %s what a cache keeps of %s, unlike what the server itself would answer; it has %s", second, what, who, vary),
		Page: second, Request: r, Result: cached,
	}
}

// replay is a web whose servers answer all requests as x was answered.
func (s *Subject) replay(x *fetchtest.Exchange) *fetchtest.Web {
	w := fetchtest.New(fetchtest.Servers{s.origin(): http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range x.ResponseHeader {
			if name != "Content-Length" { // there is no body
				w.Header()[name] = values
			}
		}
		w.WriteHeader(x.Status)
	})})
	w.Browser.Profile = s.Web.Browser.Profile
	return w
}

// lastExchange is the one request of got that is no preflight; nil if there are
// several, as redirects are kept apart, or none that was answered.
func lastExchange(got *fetchtest.Result) *fetchtest.Exchange {
	var last *fetchtest.Exchange
	for i := range got.Wire {
		x := &got.Wire[i]
		switch {
		case x.Preflight:
		case last != nil, x.Status == 0:
			return nil
		default:
			last = x
		}
	}
	return last
}

// isKept reports whether a cache may answer by x without asking again, be it by
// a guess.
//
// https://www.rfc-editor.org/rfc/rfc9111#section-3
func isKept(x *fetchtest.Exchange) bool {
	control := strings.ToLower(strings.Join(x.ResponseHeader["Cache-Control"], ","))
	isStale := false
	for directive := range strings.SplitSeq(control, ",") {
		switch strings.TrimSpace(directive) {
		case "no-store", "no-cache", "max-age=0", "s-maxage=0":
			isStale = true
		}
	}
	isGET := x.Method == http.MethodGet || x.Method == http.MethodHead
	return isGET && !isStale && (isCacheableStatus(x.Status) || strings.Contains(control, "max-age=") || x.ResponseHeader["Expires"] != nil)
}

// isCacheableStatus reports whether a response of a status is kept unless it says
// otherwise.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-15.1
func isCacheableStatus(status int) bool {
	switch status {
	case 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501:
		return true
	}
	return false
}

// answers reports whether the cache takes what it has kept for the answer to
// asked, too: if all that Vary names is the same.
//
// https://www.rfc-editor.org/rfc/rfc9111#section-4.1
func answers(kept, asked *fetchtest.Exchange) bool {
	if kept.Method != asked.Method || kept.URL != asked.URL {
		return false
	}
	for _, line := range kept.ResponseHeader["Vary"] {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.TrimSpace(name)
			if name == "*" || strings.Join(kept.RequestHeader.Values(name), ",") != strings.Join(asked.RequestHeader.Values(name), ",") {
				return false
			}
		}
	}
	return true
}

// pages are those that matter to most invariants: the trusted ones, one of the
// resource's own origin, a stranger's and one with an opaque origin.
func (s *Subject) pages() []string {
	pages := append([]string{}, s.Trusted...)
	pages = append(pages, s.origin())
	for class, page := range Adversaries(s.Request.URL, s.Trusted...) {
		if class == Stranger {
			pages = append(pages, page)
			break
		}
	}
	return append(pages, "null")
}
