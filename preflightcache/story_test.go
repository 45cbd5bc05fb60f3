package preflightcache_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/preflightcache"
)

var noon = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)

// putKey is a page of app.test that requests /x of api.test.
var putKey = preflightcache.Key{Partition: "https://app.test", Origin: "https://app.test", URL: "https://api.test/x"}

// A story is what happens to one cache, told by hit, miss and store, while its
// clock moves only with wait.
type story struct {
	*testing.T
	cache *preflightcache.Cache
	rules preflightcache.Rules
	key   preflightcache.Key
	now   time.Time
}

func newStory(t *testing.T, rules preflightcache.Rules) *story {
	return &story{T: t, cache: new(preflightcache.Cache), rules: rules, key: putKey, now: noon}
}

// wait lets time pass.
func (s *story) wait(d time.Duration) { s.now = s.now.Add(d) }

// An option changes what is stored or requested.
type option func(*preflightcache.Answer, *preflightcache.Request)

// include makes the preflight or the request a credentialed one.
func include(a *preflightcache.Answer, q *preflightcache.Request) {
	a.IncludeCredentials, q.IncludeCredentials = true, true
}

// flagged sets the request's use-CORS-preflight flag.
func flagged(_ *preflightcache.Answer, q *preflightcache.Request) { q.UseCORSPreflight = true }

// store stores an answer good for maxAge. It is written as its two headers,
// separated by a slash: "PUT DELETE / X-A".
func (s *story) store(answer string, maxAge time.Duration, options ...option) {
	s.Helper()
	methods, headers, _ := strings.Cut(answer, "/")
	a := preflightcache.Answer{Methods: strings.Fields(methods), Headers: strings.Fields(headers), MaxAge: maxAge}
	for _, option := range options {
		option(&a, new(preflightcache.Request))
	}
	s.cache.Store(s.key, a, s.rules, s.now)
}

// hit wants a request to need no preflight. It is written as its method and its
// unsafe request-header names: "PUT x-a x-b".
func (s *story) hit(request string, options ...option) {
	s.Helper()
	s.check(request, true, options)
}

// miss wants a request to need a preflight.
func (s *story) miss(request string, options ...option) {
	s.Helper()
	s.check(request, false, options)
}

func (s *story) check(request string, want bool, options []option) {
	s.Helper()
	words := strings.Fields(request)
	q := preflightcache.Request{
		Method:           words[0],
		MethodSafelisted: slices.Contains([]string{"GET", "HEAD", "POST"}, words[0]),
		UnsafeHeaders:    words[1:],
	}
	for _, option := range options {
		option(new(preflightcache.Answer), &q)
	}
	if got := s.cache.Allows(s.key, q, s.rules, s.now); got != want {
		s.Errorf("%v after noon: Allows(%v, %q) = %t; want %t", s.now.Sub(noon), s.key, request, got, want)
	}
}

// elsewhere tells f with another key.
func (s *story) elsewhere(change func(*preflightcache.Key), f func()) {
	s.Helper()
	old := s.key
	defer func() { s.key = old }()
	change(&s.key)
	f()
}
