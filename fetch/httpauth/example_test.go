package httpauth_test

import (
	"fmt"

	"github.com/corsfetch/corsfetch/fetch/httpauth"
)

// Of what a server asks the strongest is answered.
func ExampleChoose() {
	challenges := httpauth.Parse([]string{`Basic realm="shop", Digest realm="shop", nonce="dcd9", qop="auth"`}, httpauth.Rules{})
	best, ok := httpauth.Choose(challenges, httpauth.Rules{})
	fmt.Println(best.Scheme, best.Realm(), ok)
	// Output: digest shop true
}

// Who has logged in is known in that directory, and to the same realm
// elsewhere.
func ExampleStore() {
	var store httpauth.Store
	shop := httpauth.Space{Origin: "https://shop.example"}
	challenge := httpauth.Parse([]string{`Basic realm="shop"`}, httpauth.Rules{})[0]
	store.Add(shop, &challenge, "/account/login", httpauth.User{Name: "ann", Password: "secret"}, httpauth.Rules{})

	for _, target := range []string{"/account/orders", "/basket"} {
		unasked := store.Unasked(shop, httpauth.Request{Method: "GET", Target: target}, httpauth.Rules{})
		fmt.Printf("%s: %q\n", target, unasked.Header)
	}
	fmt.Println(store.Answer(shop, &challenge, httpauth.Request{Method: "GET", Target: "/basket"}, httpauth.Rules{}).Header)
	// Output:
	// /account/orders: "Basic YW5uOnNlY3JldA=="
	// /basket: ""
	// Basic YW5uOnNlY3JldA==
}
