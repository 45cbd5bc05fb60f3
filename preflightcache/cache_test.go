package preflightcache_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/preflightcache"
)

const minute = time.Minute

// https://fetch.spec.whatwg.org/#cors-preflight-cache
func TestStandard(t *testing.T) {
	tests := []struct {
		name string
		tell func(*story)
	}{
		{"nothing stored", func(s *story) {
			s.miss("PUT")
			s.miss("GET x-a")
			s.miss("POST", flagged)
			s.hit("GET")
			s.hit("POST", include)
		}},
		{"PFC-001 an identical request", func(s *story) {
			s.store("PUT / X-A", 600*time.Second)
			s.hit("PUT x-a")
			s.wait(600*time.Second - 1)
			s.hit("PUT x-a")
			s.wait(1)
			s.miss("PUT x-a")
		}},
		{"PFC-002 the default max-age", func(s *story) {
			s.store("PUT", preflightcache.DefaultMaxAge)
			s.wait(4900 * time.Millisecond)
			s.hit("PUT")
			s.wait(200 * time.Millisecond)
			s.miss("PUT")
		}},
		{"PFC-005 a max-age of zero", func(s *story) {
			s.store("PUT / X-A", 0)
			s.miss("PUT")
			s.miss("GET x-a")
			s.store("PUT / X-A", -minute)
			s.miss("PUT")
		}},
		{"PFC-005 a max-age of zero ends an earlier entry", func(s *story) {
			s.store("PUT DELETE", minute)
			s.store("PUT", 0)
			s.miss("PUT")
			s.hit("DELETE")
		}},
		{"PFC-007 the longest max-age does not overflow", func(s *story) {
			s.store("PUT", math.MaxInt64)
			s.hit("PUT")
			s.wait(200 * 365 * 24 * time.Hour)
			s.hit("PUT")
		}},
		{"PFC-008 another listed method", func(s *story) {
			s.store("PUT DELETE", minute)
			s.hit("PUT")
			s.hit("DELETE")
			s.miss("PATCH")
		}},
		{"PFC-009 another listed header", func(s *story) {
			s.store("/ X-A X-B", minute)
			s.hit("GET x-b")
			s.hit("GET x-a x-b")
			s.miss("GET x-a x-c")
		}},
		{"PFC-010 another URL", func(s *story) {
			s.store("PUT", minute)
			for _, url := range []string{"https://api.test/x?x=1", "https://api.test/", "http://api.test/x", ""} {
				s.elsewhere(func(k *preflightcache.Key) { k.URL = url }, func() { s.miss("PUT") })
			}
		}},
		{"a URL that differs in its fragment is another", func(s *story) {
			s.store("PUT", minute)
			s.elsewhere(func(k *preflightcache.Key) { k.URL += "#1" }, func() {
				s.miss("PUT")
				s.store("DELETE", minute)
				s.hit("DELETE")
			})
			s.hit("PUT")
			s.miss("DELETE")
		}},
		{"PFC-011 a credentialed entry serves an uncredentialed request", func(s *story) {
			s.store("PUT / X-A", minute, include)
			s.hit("PUT x-a", include)
			s.hit("PUT x-a")
		}},
		{"PFC-012 an uncredentialed entry serves no credentialed request", func(s *story) {
			s.store("PUT / X-A", minute)
			s.miss("PUT", include)
			s.miss("GET x-a", include)
			s.hit("PUT x-a")
		}},
		{"both kinds side by side", func(s *story) {
			s.store("PUT", minute, include)
			s.store("PUT", 2*minute)
			s.wait(minute)
			s.miss("PUT", include)
			s.hit("PUT")
		}},
		{"PFC-013 a wildcard header", func(s *story) {
			s.store("/ *", minute)
			s.hit("GET x-new")
			s.hit("GET x-new x-other")
			s.miss("PUT x-new")
		}},
		{"PFC-014 a wildcard header is not Authorization", func(s *story) {
			s.store("/ *", minute)
			s.miss("GET authorization")
			s.miss("GET x-new authorization")
			s.store("/ Authorization", minute)
			s.hit("GET x-new authorization")
		}},
		{"PFC-015 a wildcard method", func(s *story) {
			s.store("*", minute)
			s.hit("PURGE")
			s.hit("POST", flagged)
			s.miss("PURGE x-a")
			s.miss("PURGE", include)
		}},
		{"PFC-016 methods are case-sensitive", func(s *story) {
			s.store("PUT PATCH", minute)
			s.hit("PUT")
			s.hit("PATCH")
			s.miss("patch")
			s.miss("Patch")
		}},
		{"PFC-017 header names are not", func(s *story) {
			s.store("/ X-A aUTHORIZATION", minute)
			s.hit("GET x-a authorization")
		}},
		{"PFC-018 another origin", func(s *story) {
			s.store("PUT", minute)
			s.elsewhere(func(k *preflightcache.Key) { k.Origin = "https://app.test:8443" }, func() { s.miss("PUT") })
		}},
		{"PFC-019 another partition", func(s *story) {
			s.store("PUT", minute)
			s.elsewhere(func(k *preflightcache.Key) { k.Partition = "https://other.test" }, func() { s.miss("PUT") })
		}},
		{"PFC-020 PFC-029 clearing takes both credentials kinds", func(s *story) {
			s.store("PUT", minute)
			s.store("PUT / X-A", minute, include)
			s.cache.Clear(s.key)
			s.miss("PUT")
			s.miss("PUT", include)
			s.miss("GET x-a")
		}},
		{"PFC-023 clearing takes nothing else", func(s *story) {
			s.store("PUT", minute)
			for _, change := range []func(*preflightcache.Key){
				func(k *preflightcache.Key) { k.URL += "?" },
				func(k *preflightcache.Key) { k.Origin = "null" },
				func(k *preflightcache.Key) { k.Partition = "" },
			} {
				s.elsewhere(change, func() { s.cache.Clear(s.key) })
			}
			s.hit("PUT")
		}},
		{"PFC-024 entries of two answers add up", func(s *story) {
			s.store("PUT", minute)
			s.wait(10 * time.Second)
			s.store("/ X-A", minute)
			s.hit("PUT x-a")
		}},
		{"PFC-025 and expire one by one", func(s *story) {
			s.store("PUT", minute)
			s.wait(10 * time.Second)
			s.store("/ X-A", minute)
			s.wait(50 * time.Second)
			s.miss("PUT x-a")
			s.hit("GET x-a")
		}},
		{"PFC-026 a redirect-tainted origin is another", func(s *story) {
			s.elsewhere(func(k *preflightcache.Key) { k.Origin = "null" }, func() {
				s.store("PUT", minute)
				s.hit("PUT")
			})
			s.miss("PUT")
		}},
		{"PFC-027 a header entry alone for a safelisted method", func(s *story) {
			s.store("/ X-A", minute)
			s.hit("GET x-a")
			s.hit("HEAD x-a")
			s.miss("PUT x-a")
		}},
		{"PFC-028 the use-CORS-preflight flag needs the method stored", func(s *story) {
			s.store("PUT / X-A", minute)
			s.miss("POST", flagged)
			s.miss("POST x-a", flagged)
			s.store("POST", minute)
			s.hit("POST", flagged)
			s.hit("POST x-a", flagged)
			s.miss("GET", flagged)
		}},
		{"PFC-030 a credentialed wildcard is only a name", func(s *story) {
			s.store("* PUT / * X-A", minute, include)
			s.miss("DELETE", include)
			s.miss("DELETE")
			s.miss("GET x-b", include)
			s.miss("GET x-b")
			s.hit("PUT x-a", include)
			s.hit("* *", include)
			s.hit("* *")
		}},
		{"PFC-031 storing again restarts the clock", func(s *story) {
			s.store("/ X-A", minute)
			s.wait(50 * time.Second)
			s.store("/ x-a", 1000*time.Second)
			s.wait(1000*time.Second - 1)
			s.hit("GET x-a")
			s.wait(1)
			s.miss("GET x-a")
		}},
		{"storing again can shorten", func(s *story) {
			s.store("PUT DELETE", time.Hour)
			s.store("PUT", time.Second)
			s.wait(time.Second)
			s.miss("PUT")
			s.hit("DELETE")
		}},
		{"an uncredentialed answer does not prolong a credentialed entry", func(s *story) {
			s.store("PUT", minute, include)
			s.store("PUT", time.Hour)
			s.wait(minute)
			s.miss("PUT", include)
		}},
		{"a method beside a wildcard has an entry of its own", func(s *story) {
			s.store("*", minute)
			s.store("PUT", time.Hour)
			s.wait(minute)
			s.hit("PUT")
			s.miss("DELETE")
		}},
		{"methods and headers are kept apart", func(s *story) {
			s.store("X-A / put", minute)
			s.miss("GET x-a")
			s.miss("PUT")
			s.miss("put")
			s.hit("GET put")
		}},
		{"no partial match", func(s *story) {
			s.store("PU PUTT / x- x-ab", minute)
			s.miss("PUT")
			s.miss("GET x-a")
		}},
		{"reset", func(s *story) {
			s.cache.Reset()
			s.store("PUT", minute)
			s.cache.Reset()
			s.miss("PUT")
			s.cache.Clear(s.key)
			s.store("PUT", minute)
			s.hit("PUT")
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.tell(newStory(t, preflightcache.Rules{}))
		})
	}
}

// The two matching algorithms by themselves.
func TestMatch(t *testing.T) {
	var c preflightcache.Cache
	var r preflightcache.Rules
	if c.MatchMethod(putKey, r, false, "PUT", noon) || c.MatchHeader(putKey, r, false, "X-A", noon) {
		t.Error("an empty cache has a match")
	}
	c.Store(putKey, preflightcache.Answer{Methods: []string{"PUT"}, Headers: []string{"X-A", "*"}, MaxAge: minute}, r, noon)
	tests := []struct {
		name                string
		includeCredentials  bool
		at                  time.Duration
		wantMethod, wantHdr bool
	}{
		{"PUT", false, 0, true, true}, // the header by "*"
		{"put", false, 0, false, true},
		{"X-A", false, 0, false, true},
		{"x-a", false, minute - 1, false, true},
		{"x-a", true, 0, false, false},
		{"PUT", true, 0, false, false},
		{"Authorization", false, 0, false, false},
		{"PUT", false, minute, false, false},
	}
	for _, test := range tests {
		now := noon.Add(test.at)
		if got := c.MatchMethod(putKey, r, test.includeCredentials, test.name, now); got != test.wantMethod {
			t.Errorf("MatchMethod(include %t, %q) after %v = %t; want %t", test.includeCredentials, test.name, test.at, got, test.wantMethod)
		}
		if got := c.MatchHeader(putKey, r, test.includeCredentials, test.name, now); got != test.wantHdr {
			t.Errorf("MatchHeader(include %t, %q) after %v = %t; want %t", test.includeCredentials, test.name, test.at, got, test.wantHdr)
		}
	}
}

func TestEntries(t *testing.T) {
	var c preflightcache.Cache
	var r preflightcache.Rules
	if got := c.Entries(noon); got != nil {
		t.Errorf("Entries of an empty cache = %v; want none", got)
	}
	other := preflightcache.Key{Origin: "null", URL: "https://api.test/x"}
	c.Store(putKey, preflightcache.Answer{Methods: []string{"PUT", "*"}, Headers: []string{"X-B", "x-a", "X-A"}, MaxAge: minute}, r, noon)
	c.Store(putKey, preflightcache.Answer{Methods: []string{"PUT"}, MaxAge: time.Hour, IncludeCredentials: true}, r, noon.Add(1))
	c.Store(other, preflightcache.Answer{Methods: []string{"PUT"}, MaxAge: time.Hour}, r, noon)

	want := []preflightcache.Entry{
		{Key: other, Method: "PUT", StoredAt: noon, MaxAge: time.Hour},
		{Key: putKey, Method: "*", StoredAt: noon, MaxAge: minute},
		{Key: putKey, Method: "PUT", StoredAt: noon, MaxAge: minute},
		{Key: putKey, Method: "PUT", Credentials: true, StoredAt: noon.Add(1), MaxAge: time.Hour},
		{Key: putKey, Header: "x-a", StoredAt: noon, MaxAge: minute},
		{Key: putKey, Header: "x-b", StoredAt: noon, MaxAge: minute},
	}
	if diff := cmp.Diff(want, c.Entries(noon.Add(minute-1))); diff != "" {
		t.Errorf("Entries (-want +got):\n%s", diff)
	}
	later := noon.Add(minute)
	if diff := cmp.Diff([]preflightcache.Entry{want[0], want[3]}, c.Entries(later)); diff != "" {
		t.Errorf("Entries after a minute (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, c.Entries(noon)); diff != "" {
		t.Errorf("Entries has removed something (-want +got):\n%s", diff)
	}
	if got, want := want[1].Expires(), later; !got.Equal(want) {
		t.Errorf("Expires() = %v; want %v", got, want)
	}
}

// What is handed out is the caller's to change.
func TestNoAliases(t *testing.T) {
	var c preflightcache.Cache
	var r preflightcache.Rules
	methods, headers := []string{"PUT"}, []string{"x-a"}
	c.Store(putKey, preflightcache.Answer{Methods: methods, Headers: headers, MaxAge: minute}, r, noon)
	methods[0], headers[0] = "DELETE", "x-b"
	c.Entries(noon)[0].Method = "DELETE"
	if !c.MatchMethod(putKey, r, false, "PUT", noon) || !c.MatchHeader(putKey, r, false, "x-a", noon) {
		t.Error("the cache has changed with the slices that were stored or listed")
	}
}
