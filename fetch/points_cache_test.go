package fetch_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/preflightcache"
)

// A cacheStory is fetches of one browser, one after the other. They are answered by
// the servers of the last step that has any.
type cacheStory struct {
	name    string
	profile *fetch.Profile
	steps   []cacheStep
}

// A cacheStep is one fetch of a story.
type cacheStep struct {
	after   time.Duration // since the step before
	servers map[string]answer
	page    string // "" is the root of A
	top     string // the tab's origin; "" is the page's
	call    call
	want    string // as in point
}

func runStories(t *testing.T, stories []cacheStory) {
	t.Helper()
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			clock, w := newClock(), new(web)
			browser := &fetch.Browser{Base: w, Profile: s.profile, Now: clock.now}
			for i, step := range s.steps {
				clock.forward(step.after)
				if step.servers != nil {
					w.servers = step.servers
				}
				outcome := step.call.fetch(t, t.Context(), step.open(t, browser))
				if got := verdict(w.take(), outcome); got != step.want {
					t.Errorf("step %d: got %q; want %q", i+1, got, step.want)
				}
			}
		})
	}
}

// open opens the step's page.
func (s cacheStep) open(t testing.TB, browser *fetch.Browser) *fetch.Transport {
	t.Helper()
	u := s.page
	if u == "" {
		u = A + "/"
	}
	page, err := browser.Page(u)
	if err != nil {
		t.Fatal(err)
	}
	if s.top != "" {
		page.TopLevel = origin.MustParse(s.top)
	}
	return page
}

// Calls to B/x, and the lines with which it answers preflights.
var (
	put         = call{method: "PUT", url: B + "/x"}
	putIncluded = call{method: "PUT", url: B + "/x", init: include}
	getXA       = call{url: B + "/x", header: []string{"X-A: 1"}}
	getXB       = call{url: B + "/x", header: []string{"X-B: 1"}}
	getAuth     = call{url: B + "/x", header: []string{"Authorization: Basic eDp5"}}
)

const (
	allowPUT   = "Access-Control-Allow-Methods: PUT"
	allowXA    = "Access-Control-Allow-Headers: X-A"
	tenMinutes = "Access-Control-Max-Age: 600"

	preflighted = "OPTIONS PUT => cors 200"
	cached      = "PUT => cors 200"
)

const year = 365 * 24 * time.Hour

// How long an answer is good for.
//
// https://fetch.spec.whatwg.org/#concept-cache-max-age
func TestCacheMaxAge(t *testing.T) {
	// lives is a story: an answer with the given lines is used until age, and
	// from then on no more.
	lives := func(name string, profile *fetch.Profile, age time.Duration, lines ...string) cacheStory {
		first := cacheStep{servers: asked(append([]string{allowPUT}, lines...)...), call: put, want: preflighted}
		if age == 0 {
			return cacheStory{name, profile, []cacheStep{first, {after: time.Millisecond, call: put, want: preflighted}}}
		}
		return cacheStory{name, profile, []cacheStep{
			first,
			{call: put, want: cached},
			{after: age - 100*time.Millisecond, call: put, want: cached},
			{after: 200 * time.Millisecond, call: put, want: preflighted},
		}}
	}
	const acma = "Access-Control-Max-Age:"
	stories := []cacheStory{
		lives("PFC-001 as long as the server says", nil, 600*time.Second, acma+"600"),
		lives("PFC-002 five seconds if it does not", nil, 5*time.Second),
		lives("PFC-004 a negative number is none", fetch.Chromium(), 0, acma+"-1"),
		lives("PFC-005 zero is not at all", nil, 0, acma+"0"),
		lives("PFC-006 no limit", nil, 1e9*time.Second, acma+"1000000000"),
		lives("PFC-006 chromium's limit", fetch.Chromium(), 7200*time.Second, acma+"1000000000"),
		lives("PFC-006 firefox's limit", fetch.Firefox(), 86400*time.Second, acma+"1000000000"),
		lives("PFC-006 webkit's limit", fetch.WebKit(), 600*time.Second, acma+"1000000000"),
		lives("PFC-006 a limit is not a promise", fetch.WebKit(), 599*time.Second, acma+"599"),
		lives("PFC-006 a limit below five seconds limits the default too", &fetch.Profile{MaxAgeCap: 2 * time.Second}, 2*time.Second),
		lives("PFC-007 a number too large is the limit", &fetch.Profile{MaxAgeCap: time.Hour}, time.Hour, acma+"99999999999999999999"),
		{"PFC-007 or there is none", nil, []cacheStep{
			{servers: asked(allowPUT, acma+"99999999999999999999"), call: put, want: preflighted},
			{after: 100 * year, call: put, want: cached},
		}},
		{"PFC-005 zero ends what was allowed before", nil, []cacheStep{
			{servers: asked(allowPUT, tenMinutes), call: put, want: preflighted},
			{servers: asked("Access-Control-Allow-Methods: PUT, DELETE", acma+"0"), call: call{method: "DELETE", url: B + "/x"}, want: "OPTIONS DELETE => cors 200"},
			{call: put, want: preflighted},
		}},
	}
	for _, lines := range [][]string{{acma + "abc"}, {acma + "-1"}, {acma + "+60"}, {acma + "1.5"}, {acma + "60s"}, {acma}, {acma + `"60"`}, {acma + "60, 60"}, {acma + "60", acma + "60"}} {
		name := strings.Join(lines, ", ")
		stories = append(stories, lives("PFC-003 as if it were not there: "+name, nil, 5*time.Second, lines...))
		if age := time.Duration(0); name != acma {
			stories = append(stories, lives("PFC-003 firefox keeps nothing: "+name, fetch.Firefox(), age, lines...))
		} else {
			stories = append(stories, lives("PFC-003 firefox: "+name, fetch.Firefox(), 5*time.Second, lines...))
		}
	}
	for _, line := range []string{"abc", "1.5", ""} {
		stories = append(stories,
			lives("PFC-003 chromium: "+line, fetch.Chromium(), 5*time.Second, acma+line),
			lives("PFC-003 webkit: "+line, fetch.WebKit(), 5*time.Second, acma+line))
	}
	runStories(t, stories)
}

// What an answer is good for.
//
// https://fetch.spec.whatwg.org/#concept-cache-match
func TestCacheMatch(t *testing.T) {
	del := call{method: "DELETE", url: B + "/x"}
	method := func(m string) call { return call{method: m, url: B + "/x"} }
	const anyHeader = "Access-Control-Allow-Headers: *"
	runStories(t, []cacheStory{
		{"PFC-008 all methods listed, asked for or not", nil, []cacheStep{
			{servers: asked("Access-Control-Allow-Methods: PUT, DELETE", tenMinutes), call: put, want: preflighted},
			{call: del, want: "DELETE => cors 200"},
			{call: method("PATCH"), want: "OPTIONS => MethodDisallowedByPreflightResponse"},
		}},
		{"PFC-009 all headers listed, asked for or not", nil, []cacheStep{
			{servers: asked("Access-Control-Allow-Headers: X-A, X-B", tenMinutes), call: getXA, want: "OPTIONS GET => cors 200"},
			{call: getXB, want: "GET => cors 200"},
		}},
		{"PFC-010 one URL, query included", nil, []cacheStep{
			{servers: asked(allowPUT, tenMinutes), call: put, want: preflighted},
			{call: call{method: "PUT", url: B + "/x?x=1"}, want: preflighted},
			{call: call{method: "PUT", url: B + "/x?x=1"}, want: cached},
			{call: put, want: cached},
		}},
		{"PFC-010 and fragment included", nil, []cacheStep{
			{servers: asked(allowPUT, tenMinutes), call: call{method: "PUT", url: B + "/x#1"}, want: preflighted},
			{call: call{method: "PUT", url: B + "/x#2"}, want: preflighted},
			{call: call{method: "PUT", url: B + "/x#1"}, want: cached},
			{call: put, want: preflighted},
		}},
		{"PFC-011 included credentials stand for none", nil, []cacheStep{
			{servers: asked(allowPUT, tenMinutes), call: putIncluded, want: preflighted},
			{call: put, want: cached},
			{call: call{method: "PUT", url: B + "/x", init: omit}, want: cached},
		}},
		{"PFC-011 not in firefox", fetch.Firefox(), []cacheStep{
			{servers: asked(allowPUT, tenMinutes), call: putIncluded, want: preflighted},
			{call: put, want: preflighted},
			{call: put, want: cached},
		}},
		{"PFC-012 none do not stand for included ones", nil, []cacheStep{
			{servers: asked(allowPUT, tenMinutes), call: put, want: preflighted},
			{call: putIncluded, want: preflighted},
			{call: putIncluded, want: cached},
		}},
		{"PFC-013 * is any header", nil, []cacheStep{
			{servers: asked(anyHeader, tenMinutes), call: getXA, want: "OPTIONS GET => cors 200"},
			{call: getXB, want: "GET => cors 200"},
		}},
		{"PFC-013 * is good for one request in firefox", fetch.Firefox(), []cacheStep{
			{servers: asked(anyHeader, tenMinutes), call: getXA, want: "OPTIONS GET => cors 200"},
			{call: getXA, want: "OPTIONS GET => cors 200"},
		}},
		{"PFC-014 * is not Authorization", nil, []cacheStep{
			{servers: asked(anyHeader, tenMinutes), call: getXA, want: "OPTIONS GET => cors 200"},
			{call: getAuth, want: "OPTIONS => HeaderDisallowedByPreflightResponse"},
		}},
		{"PFC-014 not from chromium's cache", fetch.Chromium(), []cacheStep{
			{servers: asked(anyHeader, tenMinutes), call: getXA, want: "OPTIONS GET => cors 200"},
			{call: getAuth, want: "OPTIONS GET => cors 200"},
			{call: getAuth, want: "OPTIONS GET => cors 200"},
		}},
		{"PFC-014 it is in webkit", fetch.WebKit(), []cacheStep{
			{servers: asked(anyHeader, tenMinutes), call: getXA, want: "OPTIONS GET => cors 200"},
			{call: getAuth, want: "GET => cors 200"},
		}},
		{"PFC-015 * is any method", nil, []cacheStep{
			{servers: asked("Access-Control-Allow-Methods: *", tenMinutes), call: put, want: preflighted},
			{call: method("PURGE"), want: "PURGE => cors 200"},
		}},
		{"PFC-016 methods are compared by case, once normalized", nil, []cacheStep{
			{servers: asked("Access-Control-Allow-Methods: PUT, PATCH", tenMinutes), call: put, want: preflighted},
			{call: method("Put"), want: cached},
			{call: method("PATCH"), want: "PATCH => cors 200"},
			{call: method("Patch"), want: "OPTIONS => MethodDisallowedByPreflightResponse"},
		}},
		{"PFC-017 headers are not", nil, []cacheStep{
			{servers: asked(allowXA, tenMinutes), call: getXA, want: "OPTIONS GET => cors 200"},
			{call: call{url: B + "/x", header: []string{"x-a: 1"}}, want: "GET => cors 200"},
		}},
		{"PFC-027 a header alone, no methods needed", nil, []cacheStep{
			{servers: asked(allowXA, tenMinutes), call: getXA, want: "OPTIONS GET => cors 200"},
			{call: getXA, want: "GET => cors 200"},
			{call: call{method: "PUT", url: B + "/x", header: []string{"X-A: 1"}}, want: "OPTIONS => MethodDisallowedByPreflightResponse"},
		}},
		{"PFC-027 HEAD needs its listing in firefox's cache", fetch.Firefox(), []cacheStep{
			{servers: asked(allowXA, tenMinutes), call: call{method: "HEAD", url: B + "/x", header: []string{"X-A: 1"}}, want: "OPTIONS HEAD => cors 200"},
			{call: call{method: "HEAD", url: B + "/x", header: []string{"X-A: 1"}}, want: "OPTIONS HEAD => cors 200"},
		}},
		{"PFC-028 a stream's method", nil, []cacheStep{
			{servers: asked(tenMinutes), call: call{method: "POST", url: B + "/x", body: "hi", stream: true}, want: "OPTIONS POST => cors 200"},
			{call: call{method: "POST", url: B + "/x", body: "hi", stream: true}, want: "POST => cors 200"},
			{call: call{method: "PUT", url: B + "/x", body: "hi", stream: true}, want: preflighted},
		}},
		{"PFC-030 * with credentials is a name, for credentials", nil, []cacheStep{
			{servers: asked("Access-Control-Allow-Methods: *, PUT", tenMinutes), call: putIncluded, want: preflighted},
			{call: putIncluded, want: cached},
			{call: call{method: "*", url: B + "/x", init: include}, want: "* => cors 200"},
			{call: call{method: "DELETE", url: B + "/x", init: include}, want: "OPTIONS => MethodDisallowedByPreflightResponse"},
		}},
		{"PFC-030 and without them", nil, []cacheStep{
			{servers: asked("Access-Control-Allow-Methods: *, PUT", tenMinutes), call: putIncluded, want: preflighted},
			{call: del, want: "OPTIONS DELETE => cors 200"},
		}},
		{"PFC-030 not so in webkit", fetch.WebKit(), []cacheStep{
			{servers: asked("Access-Control-Allow-Methods: *, PUT", tenMinutes), call: putIncluded, want: preflighted},
			{call: del, want: "DELETE => cors 200"},
		}},
		{"PFC-032 without a cache each request is preflighted", &fetch.Profile{Preflights: preflightcache.Rules{MaxURLLength: 1}}, []cacheStep{
			{servers: asked(allowPUT, tenMinutes), call: put, want: preflighted},
			{call: put, want: preflighted},
		}},
		{"PFC-032 and by cache mode no-store, where it counts", fetch.Chromium(), []cacheStep{
			{servers: asked(allowPUT, tenMinutes), call: call{method: "PUT", url: B + "/x", init: fetch.Init{Cache: fetch.CacheNoStore}}, want: preflighted},
			{call: put, want: preflighted},
			{call: call{method: "PUT", url: B + "/x", init: fetch.Init{Cache: fetch.CacheNoStore}}, want: preflighted},
			{call: put, want: cached},
		}},
		{"PFC-032 which is not in the standard", nil, []cacheStep{
			{servers: asked(allowPUT, tenMinutes), call: call{method: "PUT", url: B + "/x", init: fetch.Init{Cache: fetch.CacheNoStore}}, want: preflighted},
			{call: call{method: "PUT", url: B + "/x", init: fetch.Init{Cache: fetch.CacheNoStore}}, want: cached},
		}},
	})
}

// Whose answers are whose.
//
// https://fetch.spec.whatwg.org/#concept-cache-key
func TestCacheKey(t *testing.T) {
	whoever := asked(allowPUT, tenMinutes)
	whoever["OPTIONS "+B+"/x"] = answer{headers: []string{"Access-Control-Allow-Origin: {origin}", allowPUT, tenMinutes}}
	whoever[B+"/x"] = answer{headers: []string{"Access-Control-Allow-Origin: {origin}"}}
	whoever[C+"/r"] = answer{status: 307, headers: []string{"Access-Control-Allow-Origin: {origin}", "Location: " + B + "/x"}}
	whoever["OPTIONS "+C+"/r"] = whoever["OPTIONS "+B+"/x"]
	redirected := call{method: "PUT", url: C + "/r"}
	runStories(t, []cacheStory{
		{"PFC-018 each origin its own", nil, []cacheStep{
			{servers: whoever, call: put, want: preflighted},
			{page: A2 + "/", call: put, want: preflighted},
			{page: H + "/", call: put, want: preflighted},
			{page: A + "/other", call: put, want: cached},
		}},
		{"PFC-019 each tab's site its own", nil, []cacheStep{
			{servers: whoever, call: put, want: preflighted},
			{top: C, call: put, want: preflighted},
			{top: C, call: put, want: cached},
			{top: A2, call: put, want: cached},
			{top: H, call: put, want: preflighted},
		}},
		{"PFC-026 by the origin as the server is told it", nil, []cacheStep{
			{servers: whoever, call: redirected, want: "OPTIONS PUT OPTIONS PUT => cors 200"},
			{call: redirected, want: "PUT PUT => cors 200"},
			{call: put, want: preflighted},
			{call: put, want: cached},
		}},
	})
	t.Run("PFC-019 each page with an opaque origin its own", func(t *testing.T) {
		w := &web{servers: whoever}
		browser := &fetch.Browser{Base: w, Now: newClock().now}
		one, other := &fetch.Transport{Browser: browser}, &fetch.Transport{Browser: browser}
		for _, step := range []struct {
			page *fetch.Transport
			want string
		}{{one, preflighted}, {one, cached}, {other, preflighted}, {one, cached}} {
			outcome := put.fetch(t, t.Context(), step.page)
			if got := verdict(w.take(), outcome); got != step.want {
				t.Errorf("got %q; want %q", got, step.want)
			}
		}
	})
}

// Answers add up.
func TestCacheEntries(t *testing.T) {
	putXA := call{method: "PUT", url: B + "/x", header: []string{"X-A: 1"}}
	getXAB := call{url: B + "/x", header: []string{"X-A: 1", "X-B: 1"}}
	both := func(profile *fetch.Profile, name, want string) cacheStory {
		return cacheStory{name, profile, []cacheStep{
			{servers: asked(allowPUT, tenMinutes), call: put, want: preflighted},
			{servers: asked(allowXA, tenMinutes), call: getXA, want: "OPTIONS GET => cors 200"},
			{servers: asked(allowPUT, allowXA), call: putXA, want: want},
		}}
	}
	runStories(t, []cacheStory{
		both(nil, "PFC-024 the method from one, the header from another", cached),
		both(fetch.Firefox(), "PFC-024 in firefox", cached),
		both(fetch.Chromium(), "PFC-024 chromium keeps one answer", preflighted),
		both(fetch.WebKit(), "PFC-024 so does webkit", preflighted),
		{"PFC-025 each has its own age", nil, []cacheStep{
			{servers: asked(allowPUT, "Access-Control-Max-Age: 10"), call: put, want: preflighted},
			{after: time.Second, servers: asked(allowXA, tenMinutes), call: getXA, want: "OPTIONS GET => cors 200"},
			{after: 8900 * time.Millisecond, call: putXA, want: cached},
			{after: 100 * time.Millisecond, servers: asked(allowPUT, allowXA), call: putXA, want: preflighted},
		}},
		{"PFC-031 a new answer counts from when it was given", nil, []cacheStep{
			{servers: asked(allowXA, "Access-Control-Max-Age: 10"), call: getXA, want: "OPTIONS GET => cors 200"},
			{after: 5 * time.Second, servers: asked("Access-Control-Allow-Headers: x-a, x-b", "Access-Control-Max-Age: 1000"), call: getXAB, want: "OPTIONS GET => cors 200"},
			{after: 999900 * time.Millisecond, call: getXA, want: "GET => cors 200"},
			{after: 100 * time.Millisecond, call: getXA, want: "OPTIONS GET => cors 200"},
		}},
		{"PFC-031 also when it is shorter", nil, []cacheStep{
			{servers: asked(allowXA, "Access-Control-Max-Age: 1000"), call: getXA, want: "OPTIONS GET => cors 200"},
			{after: 5 * time.Second, servers: asked("Access-Control-Allow-Headers: x-a, x-b", "Access-Control-Max-Age: 10"), call: getXAB, want: "OPTIONS GET => cors 200"},
			{after: 9900 * time.Millisecond, call: getXA, want: "GET => cors 200"},
			{after: 100 * time.Millisecond, call: getXA, want: "OPTIONS GET => cors 200"},
		}},
	})
}

// What a failure takes with it.
//
// https://fetch.spec.whatwg.org/#concept-cache-clear
func TestCacheClear(t *testing.T) {
	good := asked(allowPUT, tenMinutes)
	unreadable := servers(good["OPTIONS "+B+"/x"], answer{})
	broken := servers(good["OPTIONS "+B+"/x"], answer{err: errors.New("connection reset")})
	refusing := servers(answer{status: 403}, good[B+"/x"])
	simple := call{url: B + "/x"}
	withRedirect := asked(allowPUT, tenMinutes)
	withRedirect["OPTIONS "+B+"/r"] = good["OPTIONS "+B+"/x"]
	withRedirect[B+"/r"] = answer{status: 307, headers: []string{okOrigin, "Location: /x"}}
	redirectToUnreadable := asked(allowPUT, tenMinutes)
	for key, a := range withRedirect {
		redirectToUnreadable[key] = a
	}
	redirectToUnreadable[B+"/x"] = answer{}
	redirected := call{method: "PUT", url: B + "/r"}
	runStories(t, []cacheStory{
		{"PFV-023 the preflight passes, the response does not", nil, []cacheStep{
			{servers: unreadable, call: put, want: "OPTIONS PUT => MissingAllowOriginHeader"},
			{servers: good, call: put, want: preflighted},
		}},
		{"PFC-020 a response that fails the CORS check", nil, []cacheStep{
			{servers: good, call: put, want: preflighted},
			{servers: unreadable, call: put, want: "PUT => MissingAllowOriginHeader"},
			{servers: good, call: put, want: preflighted},
		}},
		{"PFC-020 takes the answers for included credentials too", nil, []cacheStep{
			{servers: good, call: put, want: preflighted},
			{call: putIncluded, want: preflighted},
			{servers: unreadable, call: put, want: "PUT => MissingAllowOriginHeader"},
			{servers: good, call: putIncluded, want: preflighted},
		}},
		{"PFC-020 and the other way round", nil, []cacheStep{
			{servers: good, call: put, want: preflighted},
			{call: putIncluded, want: preflighted},
			{servers: unreadable, call: putIncluded, want: "PUT => MissingAllowOriginHeader"},
			{servers: good, call: put, want: preflighted},
		}},
		{"PFC-020 of the URL that the fetch has come to", nil, []cacheStep{
			{servers: withRedirect, call: redirected, want: "OPTIONS PUT OPTIONS PUT => cors 200"},
			{servers: redirectToUnreadable, call: redirected, want: "PUT PUT => MissingAllowOriginHeader"},
			{servers: withRedirect, call: redirected, want: "PUT OPTIONS PUT => cors 200"},
		}},
		{"PFC-020 not in chromium", fetch.Chromium(), []cacheStep{
			{servers: good, call: put, want: preflighted},
			{servers: unreadable, call: put, want: "PUT => MissingAllowOriginHeader"},
			{servers: good, call: put, want: cached},
		}},
		{"PFC-021 a connection that breaks", nil, []cacheStep{
			{servers: good, call: put, want: preflighted},
			{servers: broken, call: put, want: "PUT => Network"},
			{servers: good, call: put, want: preflighted},
		}},
		{"PFC-023 not where nothing was asked", nil, []cacheStep{
			{servers: good, call: put, want: preflighted},
			{servers: unreadable, call: simple, want: "GET => MissingAllowOriginHeader"},
			{servers: broken, call: simple, want: "GET => Network"},
			{servers: good, call: put, want: cached},
		}},
		{"PFC-029 a preflight that fails", nil, []cacheStep{
			{servers: good, call: put, want: preflighted},
			{servers: refusing, call: getXA, want: "OPTIONS => PreflightMissingAllowOriginHeader"},
			{servers: good, call: put, want: preflighted},
		}},
		{"PFC-029 leaves nothing of what it lists", nil, []cacheStep{
			{servers: good, call: getXA, want: "OPTIONS => HeaderDisallowedByPreflightResponse"},
			{call: put, want: preflighted},
		}},
	})
}

func TestCacheClearedByAbort(t *testing.T) {
	for _, test := range []struct {
		name, aborted string // the method during which the fetch is aborted
		call          call
		want          string
	}{
		{"PFC-022 a request that is aborted", "PUT", put, "PUT => Aborted"},
		{"PFC-022 a preflight that is", "OPTIONS", getXA, "OPTIONS => Aborted"},
		{"PFC-022 a simple request clears nothing", "GET", call{url: B + "/x"}, "GET => Aborted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := &web{servers: asked(allowPUT, tenMinutes)}
			page := cacheStep{}.open(t, &fetch.Browser{Base: w, Now: newClock().now})
			put.fetch(t, t.Context(), page)
			w.take()
			cause := errors.New("the page has gone")
			err := fetchAborted(t, page, w, test.call, test.aborted, cause)
			if got := verdict(w.take(), string(reason(t, err))); got != test.want {
				t.Errorf("got %q; want %q", got, test.want)
			}
			if !errors.Is(err, cause) {
				t.Errorf("error %v does not wrap the context's cause", err)
			}
			want := preflighted
			if test.aborted == "GET" {
				want = cached
			}
			outcome := put.fetch(t, t.Context(), page)
			if got := verdict(w.take(), outcome); got != want {
				t.Errorf("then got %q; want %q", got, want)
			}
		})
	}
}

// PFC-033 is proved by the race detector, and by what is on the wire.
func TestCacheConcurrent(t *testing.T) {
	t.Run("PFC-033 requests at the same time", func(t *testing.T) {
		const fetches = 32
		w := &web{servers: asked(allowPUT, tenMinutes)}
		page := cacheStep{}.open(t, &fetch.Browser{Base: w, Now: newClock().now})
		outcomes := concurrently(fetches, func() string { return put.fetch(t, t.Context(), page) })
		if i := slices.IndexFunc(outcomes, func(s string) bool { return s != "cors 200" }); i >= 0 {
			t.Errorf("one fetch got %q; want cors 200", outcomes[i])
		}
		methods := strings.Fields(w.methods())
		puts := 0
		for _, m := range methods {
			if m == "PUT" {
				puts++
			}
		}
		if options := len(methods) - puts; methods[0] != "OPTIONS" || puts != fetches || options > fetches {
			t.Errorf("%d requests, %d of them PUT, the first %s; want %d PUT, a preflight first and at most one for each", len(methods), puts, methods[0], fetches)
		}
		w.take()
		outcome := put.fetch(t, t.Context(), page)
		if got := verdict(w.take(), outcome); got != cached {
			t.Errorf("then got %q; want %q", got, cached)
		}
	})
}
