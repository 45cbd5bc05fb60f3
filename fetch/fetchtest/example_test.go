package fetchtest_test

import (
	"fmt"
	"net/http"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// newAPI is a server that lets https://app.example read and change orders.
func newAPI() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/orders", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "https://app.example")
		w.Header().Set("X-Total-Count", "1")
		if r.Method == http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Methods", "PUT")
			w.Header().Set("Access-Control-Max-Age", "600")
			return
		}
		fmt.Fprint(w, `["7"]`)
	})
	return mux
}

func Example() {
	web := fetchtest.New(fetchtest.Servers{"https://api.example": newAPI()})
	app := web.Page("https://app.example")

	got := app.Fetch(fetchtest.Request{URL: "https://api.example/orders"})
	fmt.Println(got)
	fmt.Println(got.Response.Body, "hidden:", got.Hidden)

	got = app.Fetch(fetchtest.Request{Method: "DELETE", URL: "https://api.example/orders"})
	fmt.Println(got)
	fmt.Println("deleted:", got.Reached)
	// Output:
	// allowed: cors 200
	// 	GET https://api.example/orders 200
	// ["7"] hidden: [Access-Control-Allow-Origin X-Total-Count]
	// blocked at preflight: MethodDisallowedByPreflightResponse: Access-Control-Allow-Methods is "PUT", want it to list "DELETE" or "*"
	// 	OPTIONS https://api.example/orders 200 (preflight)
	// deleted: false
}

// Time passes only when it is told to, here that for which a preflight is
// remembered.
func ExampleWeb_Advance() {
	web := fetchtest.New(fetchtest.Servers{"https://api.example": newAPI()})
	app := web.Page("https://app.example")
	put := fetchtest.Request{Method: "PUT", URL: "https://api.example/orders"}
	for range 2 {
		fmt.Println(app.Fetch(put).Requests())
	}
	web.Advance(10 * time.Minute)
	fmt.Println(app.Fetch(put).Requests())
	// Output:
	// [OPTIONS https://api.example/orders PUT https://api.example/orders]
	// [PUT https://api.example/orders]
	// [OPTIONS https://api.example/orders PUT https://api.example/orders]
}

// A page's Transport is for whatever takes an http.RoundTripper.
func ExamplePage() {
	web := fetchtest.New(fetchtest.Servers{"https://api.example": newAPI()})
	client := &http.Client{Transport: web.Page("https://evil.example").Transport}
	_, err := client.Get("https://api.example/orders")
	fmt.Println(err)
	fmt.Println(web.Wire())
	// Output:
	// Get "https://api.example/orders": blocked at response: AllowOriginMismatch: Access-Control-Allow-Origin is "https://app.example", want "https://evil.example" or "*"
	// [GET https://api.example/orders 200]
}

// A server as a browser sees it that has logged in there.
func ExampleWeb_SetCookie() {
	account := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		fmt.Fprint(w, r.Header.Get("Cookie"))
	})
	web := fetchtest.New(fetchtest.Servers{"https://api.example": account})
	web.SetCookie("https://api.example/", "session=1; Secure; SameSite=None")

	get := fetchtest.Request{URL: "https://api.example/me", Init: fetch.Init{Credentials: fetch.CredentialsInclude}}
	fmt.Println(web.Page("https://evil.example").Fetch(get))
	// Output:
	// blocked at response: InvalidAllowCredentials: no Access-Control-Allow-Credentials, want "true"
	// 	GET https://api.example/me 200
}
