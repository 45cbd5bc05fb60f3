package safelist_test

import (
	"fmt"
	"net/http"

	"github.com/corsfetch/corsfetch/safelist"
)

// What a request has to ask for before it may be sent to another origin.
func Example() {
	h := http.Header{}
	h.Set("Accept", "text/html")
	h.Set("Content-Type", "application/json")
	h.Set("X-Requested-With", "fetch")

	method := safelist.NormalizeMethod("put")
	if !safelist.IsSafelistedMethod(method) {
		fmt.Println("Access-Control-Request-Method:", method)
	}
	fmt.Println("Access-Control-Request-Headers:", safelist.UnsafeRequestHeaderNames(h))
	// Output:
	// Access-Control-Request-Method: PUT
	// Access-Control-Request-Headers: [content-type x-requested-with]
}

func ExampleUnsafeRequestHeaderNames() {
	form := http.Header{"Content-Type": {"text/plain"}}
	fmt.Println(safelist.UnsafeRequestHeaderNames(form) == nil)

	api := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer x"}}
	fmt.Println(safelist.UnsafeRequestHeaderNames(api))
	// Output:
	// true
	// [authorization content-type]
}

func ExampleRules_UnsafeRequestHeaderNames() {
	// Two values, each short enough, that are too long when joined.
	h := http.Header{"Accept": {language(100), language(100)}}

	fmt.Println(safelist.UnsafeRequestHeaderNames(h))
	fmt.Println(safelist.Rules{JoinRepeated: true}.UnsafeRequestHeaderNames(h))
	// Output:
	// []
	// [accept]
}

func ExampleIsSafelistedRequestHeader() {
	fmt.Println(safelist.IsSafelistedRequestHeader("Content-Type", "text/plain; charset=utf-8"))
	fmt.Println(safelist.IsSafelistedRequestHeader("Content-Type", "application/json"))
	fmt.Println(safelist.IsSafelistedRequestHeader("Range", "bytes=100-"))
	fmt.Println(safelist.IsSafelistedRequestHeader("Range", "bytes=-100"))
	// Output:
	// true
	// false
	// true
	// false
}

func ExampleIsForbiddenRequestHeader() {
	fmt.Println(safelist.IsForbiddenRequestHeader("Cookie", "k=v"))
	fmt.Println(safelist.IsForbiddenRequestHeader("Sec-Anything", ""))
	fmt.Println(safelist.IsForbiddenRequestHeader("X-HTTP-Method-Override", "GET, TRACE"))
	fmt.Println(safelist.IsForbiddenRequestHeader("X-HTTP-Method-Override", "DELETE"))
	// Output:
	// true
	// true
	// true
	// false
}

func ExampleFilterResponseHeader() {
	h := http.Header{
		"Content-Type": {"text/plain"},
		"X-Id":         {"7"},
		"X-Trace":      {"a"},
		"Set-Cookie":   {"k=v"},
	}
	exposed, _ := safelist.ExtractTokens([]string{"X-ID, Set-Cookie"})
	fmt.Println(safelist.FilterResponseHeader(h, exposed))
	// Output: map[Content-Type:[text/plain] X-Id:[7]]
}

func ExampleExtractTokens() {
	for _, values := range [][]string{{"GET, PUT", "DELETE,"}, {""}, {"GET PUT"}, nil} {
		tokens, ok := safelist.ExtractTokens(values)
		fmt.Println(tokens, tokens == nil, ok)
	}
	// Output:
	// [GET PUT DELETE] false true
	// [] false true
	// [] true false
	// [] true true
}

func ExampleGet() {
	value, ok := safelist.Get([]string{"https://app.test", "https://app.test"})
	fmt.Printf("%q %t\n", value, ok)
	// Output: "https://app.test, https://app.test" true
}

func ExampleGetDecodeSplit() {
	fmt.Printf("%q\n", safelist.GetDecodeSplit([]string{`"1,2", 3,`}))
	// Output: ["\"1,2\"" "3" ""]
}

func ExampleParseMIMEType() {
	m, ok := safelist.ParseMIMEType(`Text/HTML; Charset="utf-8"; garbage`)
	fmt.Println(m, m.Essence(), ok)
	// Output: text/html;charset=utf-8 text/html true
}

func ExampleExtractMIMEType() {
	m, ok := safelist.ExtractMIMEType([]string{"text/html;charset=gbk", "*/*, text/html;a=b"})
	fmt.Println(m, ok)
	// Output: text/html;a=b;charset=gbk true
}

func ExampleParseRange() {
	r, ok := safelist.ParseRange("bytes=100-", false)
	first, last := r.Offsets()
	fmt.Println(r, first, last, ok)
	// Output: bytes=100- 100 -1 true
}
