package hsts_test

import (
	"fmt"
	"time"

	"github.com/corsfetch/corsfetch/fetch/hsts"
)

// A host that has asked for https, and for what is below it.
func ExampleStore() {
	var store hsts.Store
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	if policy, ok := hsts.Parse([]string{"max-age=31536000; includeSubDomains"}); ok {
		store.Set("shop.example", policy, now)
	}
	fmt.Println(store.Upgrades("www.shop.example", now))
	fmt.Println(store.Upgrades("www.shop.example", now.AddDate(2, 0, 0)))
	// Output:
	// true
	// false
}
