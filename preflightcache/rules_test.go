package preflightcache_test

import (
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/preflightcache"
)

// The rules of the browsers.
var (
	chromium = fetch.Chromium().PreflightCache.Entries
	firefox  = fetch.Firefox().PreflightCache.Entries
	webkit   = fetch.WebKit().PreflightCache.Entries
)

// What Chromium 156, Firefox 153 and WebKitGTK 2.50 do, in the order of the
// standard, chromium, firefox, webkit: '+' is no preflight, 'P' is a preflight,
// which the server then answers by listing what it was asked for.
func TestBrowsers(t *testing.T) {
	type step struct {
		request string // as in story.hit, "include" first for a credentialed one
		answer  string // if not what was asked for
		want    string
	}
	tests := []struct {
		name  string
		steps []step
	}{
		{"recorded: entries gather, or not", []step{
			{"GET x-a", "", "PPPP"}, {"GET x-b", "", "PPPP"}, {"GET x-a x-b", "", "+P+P"},
		}},
		{"recorded: a method, then a method and a header, then the header", []step{
			{"PUT", "", "PPPP"}, {"PUT x-a", "", "PPPP"}, {"GET x-a", "", "++++"},
		}},
		{"recorded: a wildcard header for another", []step{
			{"GET x-a", "/ *", "PPPP"}, {"GET x-b", "/ *", "++P+"},
		}},
		{"recorded: omit, then include", []step{
			{"PUT", "", "PPPP"}, {"include PUT", "", "PPPP"}, {"include PUT", "", "++++"},
		}},
		{"a credentialed answer for an uncredentialed request", []step{
			{"include PUT", "", "PPPP"}, {"PUT", "", "++P+"},
		}},
		{"an answer that does not cover is dropped", []step{
			{"PUT", "", "PPPP"}, {"GET x-a", "/ x-a", "PPPP"}, {"PUT", "", "+P+P"},
		}},
		{"a wildcard never covers Authorization, but in WebKit", []step{
			{"GET x-a authorization", "/ *", "PPPP"}, {"GET x-a authorization", "/ *", "PPP+"},
		}},
		{"a credentialed wildcard is a name, but in WebKit", []step{
			{"include PUT", "PUT *", "PPPP"}, {"include DELETE", "PUT *", "PPPP"}, {"PUT", "PUT *", "++P+"}, {"DELETE", "PUT *", "PPP+"},
		}},
		{"HEAD must be listed in Firefox", []step{
			{"HEAD x-a", "GET / x-a", "PPPP"}, {"HEAD x-a", "GET / x-a", "++P+"}, {"POST x-a", "GET / x-a", "++++"},
		}},
	}
	for _, test := range tests {
		for i, rules := range []preflightcache.Rules{{}, chromium, firefox, webkit} {
			name := []string{"standard", "chromium", "firefox", "webkit"}[i]
			t.Run(test.name+"/"+name, func(t *testing.T) {
				s := newStory(t, rules)
				for _, step := range test.steps {
					request, credentialed := strings.CutPrefix(step.request, "include ")
					var options []option
					if credentialed {
						options = []option{include}
					}
					if step.want[i] == '+' {
						s.hit(request, options...)
						continue
					}
					s.miss(request, options...)
					answer := step.answer
					if answer == "" {
						answer = strings.Replace(request+" ", " ", " / ", 1)
					}
					s.store(answer, minute, options...)
					s.wait(time.Second)
				}
			})
		}
	}
}

func TestRules(t *testing.T) {
	long := "https://api.test/" + strings.Repeat("x", 1023-len("https://api.test/"))
	tests := []struct {
		name  string
		rules preflightcache.Rules
		tell  func(*story)
	}{
		{"MaxURLLength: at the limit and above", chromium, func(s *story) {
			s.elsewhere(func(k *preflightcache.Key) { k.URL = long }, func() {
				s.store("PUT", minute)
				s.hit("PUT")
			})
			s.elsewhere(func(k *preflightcache.Key) { k.URL = long + "x" }, func() {
				s.store("PUT", minute)
				s.miss("PUT")
			})
		}},
		{"no MaxURLLength", preflightcache.Rules{}, func(s *story) {
			s.elsewhere(func(k *preflightcache.Key) { k.URL = long + "x" }, func() {
				s.store("PUT", minute)
				s.hit("PUT")
			})
		}},
		{"NoOpaqueOrigins", chromium, func(s *story) {
			s.elsewhere(func(k *preflightcache.Key) { k.Origin = "null" }, func() {
				s.store("PUT", minute)
				s.miss("PUT")
			})
		}},
		{"WholeAnswers: an answer replaces another", webkit, func(s *story) {
			s.store("PUT", minute)
			s.store("DELETE", minute)
			s.hit("DELETE")
			s.miss("PUT")
		}},
		{"WholeAnswers: one of max-age zero too", webkit, func(s *story) {
			s.store("PUT", minute)
			s.store("DELETE", 0)
			s.miss("PUT")
		}},
		{"WholeAnswers: an expired one is gone", webkit, func(s *story) {
			s.store("PUT", minute)
			s.wait(minute)
			s.miss("PUT")
		}},
		{"WholeAnswers: a credentialed request drops an uncredentialed answer", chromium, func(s *story) {
			s.store("PUT", minute)
			s.miss("PUT", include)
			s.miss("PUT")
		}},
		{"WholeAnswers: what is safelisted drops none", chromium, func(s *story) {
			s.store("PUT", minute)
			s.hit("GET")
			s.hit("PUT")
		}},
		{"WholeAnswers: asking for one entry drops nothing", chromium, func(s *story) {
			s.store("PUT", minute)
			if s.cache.MatchMethod(s.key, s.rules, false, "DELETE", s.now) || s.cache.MatchHeader(s.key, s.rules, false, "x-a", s.now) {
				s.Error("DELETE or x-a matches")
			}
			s.hit("PUT")
		}},
		{"SafelistedUnlisted: any answer will do for a flagged request", chromium, func(s *story) {
			s.miss("POST", flagged)
			s.store("PUT", minute)
			s.hit("POST", flagged)
			s.wait(minute)
			s.miss("POST", flagged)
		}},
		{"SafelistedUnlisted: even one that lists nothing", chromium, func(s *story) {
			s.store("", minute)
			s.hit("POST", flagged)
			s.miss("POST", flagged, include)
			s.store("", minute, include)
			s.hit("POST", flagged, include)
			s.hit("POST", flagged)
		}},
		{"SafelistedUnlisted: but of its own credentials kind in Firefox", firefox, func(s *story) {
			s.store("PUT", minute, include)
			s.miss("POST", flagged)
			s.hit("POST", flagged, include)
		}},
		{"SafelistedUnlisted: a request that gets a preflight for nothing of its own", firefox, func(s *story) {
			s.miss("GET")
			s.store("", minute)
			s.hit("GET")
			s.miss("GET", include)
			s.wait(minute)
			s.miss("GET")
		}},
		{"ListHEAD: an entry for HEAD", firefox, func(s *story) {
			s.store("GET", minute)
			s.miss("HEAD")
			s.store("HEAD / x-a", minute)
			s.hit("HEAD")
			s.hit("HEAD x-a")
		}},
		{"LiteralWildcard: a method called *", firefox, func(s *story) {
			s.store("* / *", minute)
			s.hit("* *")
			s.miss("PUT")
			s.miss("GET x-a")
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.tell(newStory(t, test.rules))
		})
	}
}
