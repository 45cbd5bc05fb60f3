package weburl_test

import (
	"errors"
	"fmt"

	"github.com/corsfetch/corsfetch/origin/weburl"
)

func Example() {
	base := weburl.MustParse("https://example.com/a/b?c")
	for _, location := range []string{"d", "/d", "?d", `\\evil.example/d`, "https:d", "http://0x7f.1"} {
		u, err := weburl.Parse(location, base)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(u)
	}
	// Output:
	// https://example.com/a/d
	// https://example.com/d
	// https://example.com/a/b?d
	// https://evil.example/d
	// https://example.com/a/d
	// http://127.0.0.1/
}

func ExampleParse() {
	u, err := weburl.Parse("HTTPS://BÜCHER.example:443/straße/../?q", nil)
	fmt.Println(u, err)

	_, err = weburl.Parse("https://example.com:99999/", nil)
	fmt.Println(errors.Is(err, weburl.PortOutOfRange))
	fmt.Println(err)
	// Output:
	// https://xn--bcher-kva.example/?q <nil>
	// true
	// weburl: "https://example.com:99999/" is not a URL: port-out-of-range
}

func ExampleURL() {
	u := weburl.MustParse("https://user@example.com:8443/path?query#fragment")
	port, ok := u.Port()
	query, _ := u.Query()
	fmt.Println(u.Scheme(), u.Hostname(), port, ok, u.Path(), query)
	fmt.Println(u.WithoutFragment().WithoutCredentials())
	// Output:
	// https example.com 8443 true /path query
	// https://example.com:8443/path?query
}
