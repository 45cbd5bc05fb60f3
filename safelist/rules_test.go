package safelist_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/safelist"
)

// The rules of the browsers.
var (
	chromium = fetch.Chromium().Safelist
	firefox  = fetch.Firefox().Safelist
	webkit   = fetch.WebKit().Safelist
)

var allRules = map[string]safelist.Rules{"standard": {}, "chromium": chromium, "firefox": firefox, "webkit": webkit}

func TestRulesIsSafelistedRequestHeader(t *testing.T) {
	cases := []struct {
		desc        string
		name, value string
		rules       safelist.Rules
		want        bool // under rules; the standard says the opposite
	}{
		{"comma in a parameter of Content-Type", "Content-Type", "text/plain;a=a,b", safelist.Rules{CommaUnsafe: true}, false},
		{"a second semicolon at the end of Content-Type", "Content-Type", "text/plain; ;", safelist.Rules{SemicolonUnsafe: true}, false},
		{"a semicolon behind a parameter", "Content-Type", "text/plain;a=b;", safelist.Rules{SemicolonUnsafe: true}, false},
		{"high byte in Accept", "Accept", "a\xE9b", safelist.Rules{HighBytesUnsafe: true}, false},
		{"high byte in Content-Type", "Content-Type", "text/plain;a=\x80", safelist.Rules{HighBytesUnsafe: true}, false},
		{"range in upper case", "Range", "BYTES=0-10", safelist.Rules{RangeAnyCase: true}, true},
		{"range in mixed case", "Range", "bYTES=0-", safelist.Rules{RangeAnyCase: true}, true},
		{"a plus in front of the last position", "Range", "bytes=0-+10", safelist.Rules{RangePlus: true}, true},
		{"a plus in front of both positions", "Range", "bytes=+1-+2", safelist.Rules{RangePlus: true}, true},
		{"last position too large", "Range", "bytes=0-100", safelist.Rules{RangeMax: 99}, false},
		{"first position too large", "Range", "bytes=100-", safelist.Rules{RangeMax: 99}, false},
		{"last position of more than 64 bits", "Range", "bytes=0-18446744073709551616", safelist.Rules{RangeMax: math.MaxUint64}, false},
		{"20 digits in Chromium", "Range", "bytes=0-99999999999999999999", chromium, false},
		{"20 digits in Firefox", "Range", "bytes=0-99999999999999999999", firefox, false},
		{"20 digits in WebKit", "Range", "bytes=0-99999999999999999999", webkit, false},
		{"Save-Data", "Save-Data", "on", chromium, true},
		{"Save-Data in upper case", "save-data", "ON", chromium, true},
		{"DPR", "DPR", "2", chromium, true},
		{"DPR with a fraction", "Dpr", "1.25", chromium, true},
		{"Device-Memory", "Device-Memory", "0.25", chromium, true},
		{"Downlink", "Downlink", "1.5", chromium, true},
		{"Width", "Width", "100", chromium, true},
		{"Viewport-Width", "Viewport-Width", "100", chromium, true},
		{"RTT", "RTT", "0", chromium, true},
		{"ECT 4g", "ECT", "4g", chromium, true},
		{"ECT slow-2g", "ECT", "slow-2g", chromium, true},
		{"ECT 2g", "ECT", "2g", chromium, true},
		{"ECT 3g", "ECT", "3g", chromium, true},
		{"Intervention", "Intervention", "<anything>", chromium, true},
		{"user agent hint", "Sec-CH-UA", `"A";v="1"`, chromium, true},
		{"preference", "Sec-CH-Prefers-Reduced-Transparency", "reduce", chromium, true},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			if got := c.rules.IsSafelistedRequestHeader(c.name, c.value); got != c.want {
				t.Errorf("under %+v: %s: %s safelisted = %t; want %t", c.rules, c.name, c.value, got, c.want)
			}
			if got := safelist.IsSafelistedRequestHeader(c.name, c.value); got == c.want {
				t.Errorf("in the standard: %s: %s safelisted = %t; want %t", c.name, c.value, got, !c.want)
			}
		})
	}
}

// What every browser safelists, although something close to it is unsafe in some.
func TestRulesKeepSafelisted(t *testing.T) {
	headers := [][2]string{
		{"Accept", "text/html, */*;q=0.1"},
		{"Accept", strings.Repeat("a", 128)},
		{"Accept-Language", "en-US,en;q=0.5, *"},
		{"Content-Type", "text/plain; charset"},
		{"Content-Type", "text/plain;"},
		{"Content-Type", "text/plain;;a"},
		{"Range", "bytes=0-10"},
		{"Range", "bytes=00000000000000000000000-9223372036854775806"},
	}
	for engine, rules := range allRules {
		for _, h := range headers {
			t.Run(fmt.Sprintf("%s/%s: %s", engine, h[0], h[1]), func(t *testing.T) {
				if !rules.IsSafelistedRequestHeader(h[0], h[1]) {
					t.Errorf("%s: %s is unsafe; want it safelisted", h[0], h[1])
				}
			})
		}
	}
}

// What no browser safelists, although something close to it is.
func TestRulesKeepUnsafe(t *testing.T) {
	headers := [][2]string{
		{"Save-Data", "off"},
		{"Save-Data", ""},
		{"DPR", "x"},
		{"DPR", ""},
		{"DPR", ".5"},
		{"DPR", "1."},
		{"DPR", "1.2.3"},
		{"DPR", "-1"},
		{"Width", "1.5"},
		{"RTT", ""},
		{"ECT", "5g"},
		{"ECT", "4G"},
		{"Sec-CH-Unheard-Of", "1"},
		{"Sec-CH-UA", strings.Repeat("a", 129)},
		{"Range", "bytes=-5"},
		{"Range", "BYTES=-5"},
		{"Range", "bytes= 0-10"},
		{"Range", "byte=0-10"},
		{"Range", "bytes=0-10x"},
		{"Range", "bytes=-"},
		{"Accept", `a"b`},
		{"Accept-Language", "en\xE9"},
		{"Content-Type", "application/json"},
		{"X-A", "1"},
	}
	for engine, rules := range allRules {
		for _, h := range headers {
			t.Run(fmt.Sprintf("%s/%s: %s", engine, h[0], h[1]), func(t *testing.T) {
				if rules.IsSafelistedRequestHeader(h[0], h[1]) {
					t.Errorf("%s: %s is safelisted; want it unsafe", h[0], h[1])
				}
			})
		}
	}
}

func TestRulesUnsafeRequestHeaderNames(t *testing.T) {
	longLists := http.Header{
		"Accept":           {language(128)},
		"Accept-Language":  {language(128), language(128), language(128)},
		"Content-Language": {language(128), language(128), language(128), language(128), language(128)},
	}
	cases := []struct {
		desc  string
		h     http.Header
		rules safelist.Rules
		want  []string
	}{
		{
			"130 bytes when joined",
			http.Header{"Accept": {language(64), language(64)}},
			safelist.Rules{JoinRepeated: true},
			[]string{"accept"},
		},
		{
			"128 bytes when joined",
			http.Header{"Accept": {language(63), language(63)}},
			safelist.Rules{JoinRepeated: true},
			nil,
		},
		{
			"two MIME types joined are none",
			http.Header{"Content-Type": {"text/plain", "text/plain"}},
			safelist.Rules{JoinRepeated: true},
			[]string{"content-type"},
		},
		{
			"the second MIME type hides in a parameter of the first",
			http.Header{"Content-Type": {"text/plain;a=b", "application/json"}},
			safelist.Rules{JoinRepeated: true},
			nil,
		},
		{
			"joined across keys that differ in case, in the order of the keys",
			http.Header{"Content-Type": {"text/plain;a=b"}, "content-type": {"application/json"}},
			safelist.Rules{JoinRepeated: true},
			nil,
		},
		{
			"keys that differ in case are too long together",
			http.Header{"Accept": {language(64)}, "aCCEPT": {language(64)}, "X-A": nil},
			safelist.Rules{JoinRepeated: true},
			[]string{"accept"},
		},
		{
			"joined, an unsafe header is named once",
			http.Header{"X-A": {"1", "2"}},
			chromium,
			[]string{"x-a"},
		},
		{
			"named as often as it is unsafe",
			http.Header{"X-A": {"1"}, "x-a": {"2"}, "Content-Type": {"application/json", "text/plain"}},
			safelist.Rules{NameRepeated: true},
			[]string{"content-type", "x-a", "x-a"},
		},
		{
			"over the total limit",
			longLists,
			safelist.Rules{HighBytesUnsafe: true},
			[]string{"accept", "accept-language", "content-language"},
		},
		{
			"no total limit",
			longLists,
			safelist.Rules{NoTotalLimit: true},
			nil,
		},
		{
			"client hints",
			http.Header{"Dpr": {"2"}, "Save-Data": {"on"}, "Width": {"wide"}},
			chromium,
			[]string{"width"},
		},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			before := c.h.Clone()
			for range 20 { // maps are iterated in another order each time
				got := c.rules.UnsafeRequestHeaderNames(c.h)
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Fatalf("under %+v (-want +got):\n%s", c.rules, diff)
				}
			}
			if diff := cmp.Diff(before, c.h); diff != "" {
				t.Errorf("UnsafeRequestHeaderNames changed its argument (-before +after):\n%s", diff)
			}
		})
	}
}

func TestRulesIsNoCORSSafelistedRequestHeader(t *testing.T) {
	for engine, rules := range allRules {
		if !rules.IsNoCORSSafelistedRequestHeader("Accept", "*/*") {
			t.Errorf("%s: Accept is not no-CORS-safelisted", engine)
		}
		for _, name := range []string{"Range", "DPR", "Save-Data"} {
			if rules.IsNoCORSSafelistedRequestHeader(name, "1") {
				t.Errorf("%s: %s is no-CORS-safelisted", engine, name)
			}
		}
		got := rules.IsNoCORSSafelistedRequestHeader("Accept", "\xE9")
		if want := !rules.HighBytesUnsafe; got != want {
			t.Errorf("%s: Accept with a high byte is no-CORS-safelisted = %t; want %t", engine, got, want)
		}
	}
}
