package redirect_test

import (
	"errors"
	"fmt"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/redirect"
)

func ExampleFollow() {
	request := redirect.Request{
		Method:        "POST",
		URL:           weburl.MustParse("https://app.example/login"),
		Origin:        origin.MustParse("https://app.example"),
		CORSMode:      true,
		HasBody:       true,
		HasBodySource: true,
	}
	next, err := redirect.Follow(request, 302, []string{"https://sso.example/start"}, redirect.Rules{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(next.Method, next.URL)
	fmt.Println("drop body:", next.DropBody)
	fmt.Println("drop Authorization:", next.DropAuthorization)
	// Output:
	// GET https://sso.example/start
	// drop body: true
	// drop Authorization: true
}

func ExampleFollow_refused() {
	request := redirect.Request{
		Method:   "GET",
		URL:      weburl.MustParse("https://app.example/"),
		Origin:   origin.MustParse("https://app.example"),
		CORSMode: true,
	}
	_, err := redirect.Follow(request, 307, []string{"https://user:pass@api.example/"}, redirect.Rules{})
	fmt.Println(err)
	fmt.Println(errors.Is(err, redirect.CrossOriginCredentials))
	// Output:
	// redirect: credentials in cross-origin Location: "https://user:pass@api.example/"
	// true
}

func ExampleLocationURL() {
	current := weburl.MustParse("https://app.example/docs/old#install")
	u, err := redirect.LocationURL(301, []string{"new"}, current, redirect.Rules{})
	fmt.Println(u, err)
	// Output:
	// https://app.example/docs/new#install <nil>
}

func ExampleReferrerPolicy() {
	fmt.Println(redirect.ReferrerPolicy([]string{"no-referrer, strict-origin-when-cross-origin, some-day"}))
	// Output:
	// strict-origin-when-cross-origin
}
