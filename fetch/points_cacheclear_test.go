package fetch_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
)

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
