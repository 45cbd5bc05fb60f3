package preflightcache_test

import (
	"fmt"
	"time"

	"github.com/corsfetch/corsfetch/preflightcache"
)

func Example() {
	var (
		cache preflightcache.Cache
		rules preflightcache.Rules // the standard's
		now   = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)
	)
	key := preflightcache.Key{
		Partition: "https://app.example",
		Origin:    "https://app.example",
		URL:       "https://api.example/items/1",
	}
	request := preflightcache.Request{Method: "PUT", UnsafeHeaders: []string{"content-type"}}

	fmt.Println(cache.Allows(key, request, rules, now))
	// So a preflight is sent, and answered.
	cache.Store(key, preflightcache.Answer{
		Methods: []string{"PUT", "DELETE"},
		Headers: []string{"Content-Type"},
		MaxAge:  10 * time.Minute,
	}, rules, now)
	fmt.Println(cache.Allows(key, request, rules, now.Add(9*time.Minute)))
	fmt.Println(cache.Allows(key, request, rules, now.Add(10*time.Minute)))
	// Output:
	// false
	// true
	// false
}

// Browsers disagree on what an answer of "*" is good for.
func ExampleRules() {
	now := time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)
	key := preflightcache.Key{Origin: "https://app.example", URL: "https://api.example/"}
	answer := preflightcache.Answer{Headers: []string{"*"}, MaxAge: time.Minute}
	request := preflightcache.Request{Method: "GET", MethodSafelisted: true, UnsafeHeaders: []string{"x-request-id"}}

	for _, rules := range []preflightcache.Rules{{}, {LiteralWildcard: true}} {
		cache := preflightcache.New(0)
		cache.Store(key, answer, rules, now)
		fmt.Println(cache.Allows(key, request, rules, now))
	}
	// Output:
	// true
	// false
}

func ExampleCache_Entries() {
	now := time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)
	cache := preflightcache.New(0)
	key := preflightcache.Key{Origin: "https://app.example", URL: "https://api.example/"}
	cache.Store(key, preflightcache.Answer{
		Methods: []string{"PUT"},
		Headers: []string{"X-Request-ID"},
		MaxAge:  time.Minute,
	}, preflightcache.Rules{}, now)

	for _, e := range cache.Entries(now) {
		fmt.Println(e.Key.URL, e.Method+e.Header, e.Expires().Sub(now))
	}
	// Output:
	// https://api.example/ PUT 1m0s
	// https://api.example/ x-request-id 1m0s
}
