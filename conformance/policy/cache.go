package policy

import (
	"fmt"
	"iter"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// nobody stands, among pages, for a visit: a request without Origin.
const nobody = ""

// CacheSafe holds if a cache that honours Vary does no harm: what it has kept of
// one page's request, or of a visit, gives another page neither more nor less than
// the server itself would. The pages are the trusted ones, one of the resource's
// own origin, a stranger's and one with an opaque origin.
func CacheSafe() Invariant {
	return Invariant{"cache-safe", func(s *Subject) *Violation {
		for reuse := range s.Reuses(nil) {
			if reads(&reuse.Cached) != reads(&reuse.Fresh) {
				return &Violation{Why: reuse.why(), Page: reuse.Second, Request: reuse.Request, Result: reuse.Cached}
			}
		}
		return nil
	}}
}

// A Reuse is a cache that honours Vary answering one page by what it has kept of
// another's request.
type Reuse struct {
	First, Second string             // the pages; First is "" for a visit, which has no Origin
	Request       fetchtest.Request  // that the second makes
	Kept          fetchtest.Exchange // of the first
	Fresh, Cached fetchtest.Result   // what the second gets of the server, and of the cache
}

// Reuses are all that a cache does between the pages of [CacheSafe], with
// credentials and without. What a cache would not keep, or not take for the
// answer, is not among them, nor is what redirects. How a page asks is said by ask;
// nil is that all do as Request says.
func (s *Subject) Reuses(ask func(page string) fetchtest.Request) iter.Seq[Reuse] {
	if ask == nil {
		ask = func(string) fetchtest.Request { return s.Request }
	}
	return func(yield func(Reuse) bool) {
		pages := s.pages()
		for _, mode := range credentialsModes {
			by := func(page string) fetchtest.Request {
				r := ask(page)
				r.Credentials = mode
				return r
			}
			for _, first := range append([]string{nobody}, pages...) {
				primed := s.prime(first, by(first))
				kept := lastExchange(&primed)
				if kept == nil || !isKept(kept) {
					continue
				}
				for _, second := range pages {
					r := by(second)
					fresh := s.fetch(second, r)
					asked := lastExchange(&fresh)
					if asked == nil || !answers(kept, asked) {
						continue
					}
					cached := s.replay(kept).Page(second).Fetch(r)
					if !yield(Reuse{First: first, Second: second, Request: r, Kept: *kept, Fresh: fresh, Cached: cached}) {
						return
					}
				}
			}
		}
	}
}

// prime makes the request that a cache answers others by.
func (s *Subject) prime(page string, r fetchtest.Request) fetchtest.Result {
	if page == nobody {
		return s.web().Visit(r.URL)
	}
	return s.fetch(page, r)
}

// why says that the second is given something else by the cache.
func (r *Reuse) why() string {
	who := "the request of " + r.First
	if r.First == nobody {
		who = "a visit"
	}
	vary := "no Vary"
	if lines := r.Kept.ResponseHeader["Vary"]; len(lines) > 0 {
		vary = "Vary: " + strings.Join(lines, ", ")
	}
	what := "cannot read"
	if reads(&r.Cached) {
		what = "reads"
	}
	return fmt.Sprintf("%s %s what a cache keeps of %s, unlike what the server itself would answer; it has %s", r.Second, what, who, vary)
}

// replay is a web behind a cache that has x.
func (s *Subject) replay(x *fetchtest.Exchange) *fetchtest.Web {
	w := fetchtest.Over(keeper{s.Web.Fresh().Browser.Base, x})
	w.Browser.Profile = s.Web.Browser.Profile
	return w
}

// A keeper is a cache that answers all by one exchange. It asks the server about
// preflights, as a cache does about OPTIONS.
type keeper struct {
	server http.RoundTripper
	kept   *fetchtest.Exchange
}

func (k keeper) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodOptions {
		return k.server.RoundTrip(req)
	}
	h := k.kept.ResponseHeader.Clone()
	h.Del("Content-Length") // there is no body
	return &http.Response{
		Status: fmt.Sprintf("%d %s", k.kept.Status, http.StatusText(k.kept.Status)), StatusCode: k.kept.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h, Body: http.NoBody, Request: req,
	}, nil
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
