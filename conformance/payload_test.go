package conformance_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/conformance"
)

// TestURLEncodedPayload: such a body is parsed and serialized, as by new
// URLSearchParams(body).
func TestURLEncodedPayload(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"pairs", "a=1&b=two", "a=1&b=two"},
		{"empty", "", ""},
		{"question mark", "?a=1?", "a=1%3F"},
		{"two question marks", "??a", "%3Fa="},
		{"no value", "a&b=", "a=&b="},
		{"no name", "=a", "=a"},
		{"empty pairs", "&&a=1&&", "a=1"},
		{"second equals sign", "a=b=c", "a=b%3Dc"},
		{"spaces", "a b+c=%20", "a+b+c=+"},
		{"as they are", "aZ09*-._=", "aZ09*-._="},
		{"escaped", "a=~!'()/:;@\r\n", "a=%7E%21%27%28%29%2F%3A%3B%40%0D%0A"},
		{"escapes of what needs none", "%61=%7e%2B", "a=%7E%2B"},
		{"escapes that are none", "%=%4&%zz=%a", "%25=%254&%25zz=%25a"},
		{"escaped separators", "a%26b=%3D", "a%26b=%3D"},
		{"UTF-8", "\u00e9=\u20ac", "%C3%A9=%E2%82%AC"},
		{"escaped UTF-8", "a=%e2%82%ac%F0%9F%98%80", "a=%E2%82%AC%F0%9F%98%80"},
		{"byte order mark", "%EF%BB%BFa", "%EF%BB%BFa="},
		{"no UTF-8", "a=%ff%e2%82%41%f0%9f%98&b=%c0%80", "a=%EF%BF%BD%EF%BF%BDA%EF%BF%BD&b=%EF%BF%BD%EF%BF%BD"},
		{"half a surrogate", "a=%ed%a0%80", "a=%EF%BF%BD%EF%BF%BD%EF%BF%BD"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := (&conformance.Step{Body: &test.body, BodyType: "urlencoded"}).Payload()
			if string(got.Body) != test.want || got.ContentType != "application/x-www-form-urlencoded;charset=UTF-8" {
				t.Errorf("got %s, %s; want %s", got.ContentType, got.Body, test.want)
			}
		})
	}
}
