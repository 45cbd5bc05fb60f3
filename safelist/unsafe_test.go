package safelist_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/safelist"
)

// language returns a safelisted value of n bytes for a language header.
func language(n int) string { return strings.Repeat("a", n) }

// formType returns a safelisted value of n bytes for Content-Type.
func formType(n int) string { return "text/plain;" + strings.Repeat("a", n-len("text/plain;")) }

// An unsafeNamesCase is a header list and the names a preflight has to ask for.
type unsafeNamesCase struct {
	desc string
	h    http.Header
	want []string
}

// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
var unsafeNamesCases = []unsafeNamesCase{
	{"no headers", nil, nil},
	{"safelisted", http.Header{"Accept": {"*/*"}, "Content-Type": {"text/plain"}}, nil},
	{"names without values are no headers", http.Header{"X-A": nil, "X-B": {}}, nil},
	{"an empty value is one", http.Header{"X-A": {""}}, []string{"x-a"}},
	{
		"SAF-020 two Content-Types, one json",
		http.Header{"Content-Type": {"application/json", "text/plain"}},
		[]string{"content-type"},
	},
	{
		"two safelisted values are judged one by one",
		http.Header{"Accept": {language(128), language(128)}, "Content-Type": {"text/plain", "text/plain"}},
		nil,
	},
	{
		"SAF-026 nine headers of 1024 bytes together",
		http.Header{
			"Accept":           {language(128), language(128)},
			"Accept-Language":  {language(128), language(128)},
			"Content-Language": {language(128), language(128)},
			"Content-Type":     {formType(128), formType(119)},
			"Range":            {"bytes=10-"},
		},
		nil,
	},
	{
		"SAF-027 nine headers of 1025 bytes together",
		http.Header{
			"Accept":           {language(128), language(128)},
			"Accept-Language":  {language(128), language(128)},
			"Content-Language": {language(128), language(128)},
			"Content-Type":     {formType(128), formType(119)},
			"Range":            {"bytes=100-"},
		},
		[]string{"accept", "accept-language", "content-language", "content-type", "range"},
	},
	{
		"SAF-028 the unsafe header's value is not counted",
		http.Header{
			"Accept":           {language(128), language(128)},
			"Accept-Language":  {language(128), language(128)},
			"Content-Language": {language(128), language(128)},
			"Content-Type":     {formType(128), formType(128)},
			"X-A":              {"1"},
		},
		[]string{"x-a"},
	},
	{
		"beside an unsafe header the total counts too",
		http.Header{
			"Accept":           {language(128), language(128)},
			"Accept-Language":  {language(128), language(128)},
			"Content-Language": {language(128), language(128)},
			"Content-Type":     {formType(128), formType(127)},
			"Range":            {"bytes=0-"},
			"X-A":              {"1"},
		},
		[]string{"accept", "accept-language", "content-language", "content-type", "range", "x-a"},
	},
	{
		"SAF-029 sorted and unique, whatever the keys",
		http.Header{"X-B": {"1"}, "x-a": {"2"}, "X-A": {"3", "4"}},
		[]string{"x-a", "x-b"},
	},
	{
		"sorted by bytes",
		http.Header{"X_a": {"1"}, "X-B": {"2"}, "X!c": {"3"}, "X~d": {"4"}, "X1": {"5"}},
		[]string{"x!c", "x-b", "x1", "x_a", "x~d"},
	},
	{
		"keys in another case are safelisted too",
		http.Header{"accept": {"*/*"}, "CONTENT-TYPE": {"text/plain"}},
		nil,
	},
	{
		"keys in another case count too",
		http.Header{
			"Accept": {language(128), language(128), language(128), language(128)},
			"accept": {language(128), language(128), language(128), language(128), "a"},
		},
		[]string{"accept"},
	},
	{
		"SAF-030 Accept and Accept-Language of the browser count",
		http.Header{
			"Accept":          {strings.Repeat("*/*,", 32)},
			"Accept-Language": {language(128)},
			"Content-Type":    {formType(128), formType(128), formType(128), formType(128), formType(128), formType(128), formType(11)},
		},
		[]string{"accept", "accept-language", "content-type"},
	},
}

func TestUnsafeRequestHeaderNames(t *testing.T) {
	for _, c := range unsafeNamesCases {
		t.Run(c.desc, func(t *testing.T) {
			before := c.h.Clone()
			got := safelist.UnsafeRequestHeaderNames(c.h)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("UnsafeRequestHeaderNames mismatch (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, c.h); diff != "" {
				t.Errorf("UnsafeRequestHeaderNames changed its argument (-before +after):\n%s", diff)
			}
		})
	}
}
