package fetch_test

import (
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
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
		lives("PFC-006 a limit below five seconds limits the default too", &fetch.Profile{PreflightCache: fetch.PreflightCacheRules{MaxAgeCap: 2 * time.Second}}, 2*time.Second),
		lives("PFC-007 a number too large is the limit", &fetch.Profile{PreflightCache: fetch.PreflightCacheRules{MaxAgeCap: time.Hour}}, time.Hour, acma+"99999999999999999999"),
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
