package origin_test

import (
	"fmt"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

func ExampleOrigin() {
	page := origin.MustParse("https://app.example")
	api := origin.MustParse("https://api.app.example:8443")
	port, _ := api.Port()
	fmt.Println(api.Scheme(), api.Host(), port)
	fmt.Println("same origin:", page == api)
	fmt.Println("same site:", page.SameSite(api))

	opaque, another := origin.NewOpaque(), origin.NewOpaque()
	inherited := opaque
	fmt.Println(opaque, opaque == inherited, opaque == another)
	// Output:
	// https api.app.example 8443
	// same origin: false
	// same site: true
	// null true false
}

func ExampleParse() {
	for _, s := range []string{"https://app.example:443", "https://app.example/", "HTTPS://app.example"} {
		o, err := origin.Parse(s)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(o)
	}
	// Output:
	// https://app.example
	// origin: "https://app.example/" is not an origin: it is not of the form scheme://host:port
	// origin: "HTTPS://app.example" is not an origin: it is not of the form scheme://host:port
}

func ExampleFromURL() {
	for _, s := range []string{
		"https://user@APP.example:443/page?query",
		"blob:https://app.example/c7a5ff7a",
		"data:text/html,hello",
		"file:///etc/hosts",
	} {
		fmt.Println(origin.FromURL(weburl.MustParse(s)))
	}
	// Output:
	// https://app.example
	// https://app.example
	// null
	// null
}

func ExampleOrigin_SameSite() {
	for _, pair := range [][2]string{
		{"https://www.app.example", "https://app.example:8443"},
		{"https://app.example", "http://app.example"},
		{"https://alice.github.io", "https://bob.github.io"},
	} {
		a, b := origin.MustParse(pair[0]), origin.MustParse(pair[1])
		fmt.Println(a.Site(), b.Site(), a.SameSite(b), a.SchemelesslySameSite(b))
	}
	// Output:
	// https://app.example https://app.example true true
	// https://app.example http://app.example false true
	// https://alice.github.io https://bob.github.io false false
}

func ExampleRedirectTaint() {
	page := origin.MustParse("https://app.example")
	own := weburl.MustParse("https://app.example/login")
	other := weburl.MustParse("https://sso.example/")

	fmt.Println(origin.RedirectTaint(page, []*weburl.URL{own, other}))
	fmt.Println(origin.RedirectTaint(page, []*weburl.URL{own, other, own}))
	// Output:
	// same-origin
	// cross-site
}

func ExampleSites() {
	var sites origin.Sites // one for many questions
	a, b := origin.MustParse("https://www.app.example"), origin.MustParse("https://cdn.app.example")
	fmt.Println(sites.SameSite(a, b), sites.RegistrableDomain(b))
	// Output:
	// true app.example
}
