package cookies_test

import (
	"fmt"
	"net/http/cookiejar"
	"os"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

func Example() {
	var store cookies.Store
	var rules cookies.Rules // RFC 6265bis
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	api := []*weburl.URL{weburl.MustParse("https://api.example/login")}

	// The user logs in on the site itself,
	store.SetCookies(cookies.Request{URLs: api, Origin: origin.MustParse("https://api.example")},
		[]string{"session=1; Secure; HttpOnly", "tracker=2; Secure; SameSite=None"}, rules, now)

	// and two pages call it.
	for _, page := range []string{"https://www.api.example", "https://evil.example"} {
		request := cookies.Request{URLs: api, Origin: origin.MustParse(page)}
		fmt.Println(page, "sends", store.Cookie(request, rules, now))
	}
	// Output:
	// https://www.api.example sends session=1; tracker=2
	// https://evil.example sends tracker=2
}

func ExampleRequest_SameSiteMode() {
	shop := origin.MustParse("https://shop.example")
	there := []*weburl.URL{weburl.MustParse("https://shop.example/"), weburl.MustParse("https://pay.example/"), weburl.MustParse("https://shop.example/done")}
	request := cookies.Request{URLs: there, Origin: shop}

	fmt.Println("standard:", request.SameSiteMode(cookies.Rules{}) == cookies.StrictOrLess)
	fmt.Println("Chromium:", request.SameSiteMode(cookies.Rules{RedirectsIgnored: true}) == cookies.StrictOrLess)
	// Output:
	// standard: false
	// Chromium: true
}

func ExampleStore_Load() {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	file := `{"name":"a","value":"1","domain":"example.com","hostOnly":true,"path":"/","sameSite":"Lax","created":"2026-11-20T12:00:00Z","lastAccess":"2026-11-20T12:00:00Z"}
{"name":"b","val`
	var store cookies.Store
	fmt.Println(store.Load(strings.NewReader(file), now))
	if err := store.Save(os.Stdout, now); err != nil {
		fmt.Println(err)
	}
	// Output:
	// cookies: lines dropped: 1; line 2: unexpected EOF
	// {"name":"a","value":"1","domain":"example.com","hostOnly":true,"path":"/","sameSite":"Lax","created":"2026-11-20T12:00:00Z","lastAccess":"2026-11-20T12:00:00Z"}
}

func ExampleJar() {
	std, err := cookiejar.New(nil)
	if err != nil {
		panic(err)
	}
	jar := cookies.Jar{Jar: std}
	request := cookies.Request{URLs: []*weburl.URL{weburl.MustParse("https://example.com/")}, Origin: origin.MustParse("https://example.com")}
	jar.SetCookies(request, []string{"a=1"}, cookies.Rules{}, time.Time{})
	fmt.Println(jar.Cookie(request, cookies.Rules{}, time.Time{}))
	// Output: a=1
}
