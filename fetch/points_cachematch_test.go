package fetch_test

import (
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/preflightcache"
)

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
		{"PFC-032 without a cache each request is preflighted", &fetch.Profile{PreflightCache: fetch.PreflightCacheRules{Entries: preflightcache.Rules{MaxURLLength: 1}}}, []cacheStep{
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
