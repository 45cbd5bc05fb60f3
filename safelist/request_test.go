package safelist_test

import (
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/safelist"
)

// A requestHeaderCase is a header and whether it is safelisted.
type requestHeaderCase struct {
	desc        string
	name, value string
	want        bool
}

// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
var safelistedRequestHeaderCases = []requestHeaderCase{
	{"SAF-007 128 bytes", "Accept", strings.Repeat("a", 128), true},
	{"SAF-007 129 bytes", "Accept", strings.Repeat("a", 129), false},
	{"length counts bytes", "Accept", strings.Repeat("\u00E9", 65), false},
	{"SAF-008 quote", "Accept", `a"b`, false},
	{"SAF-008 parenthesis", "Accept", "a(b", false},
	{"SAF-008 brace", "Accept", "a{b", false},
	{"SAF-009 tab", "Accept", "a\tb", true},
	{"SAF-009 comma", "Accept", "a,b", true},
	{"SAF-009 slash", "Accept", "a/b", true},
	{"SAF-009 0xE9", "Accept", "a\xE9b", true},
	{"SAF-010 0x7F", "Accept", "a\x7Fb", false},
	{"SAF-010 0x01", "Accept", "a\x01b", false},
	{"any case of name", "aCCePT", "*/*", true},
	{"empty Accept", "Accept", "", true},
	{"empty Accept-Language", "Accept-Language", "", true},

	{"SAF-011 languages", "Accept-Language", "en-US,en;q=0.9", true},
	{"SAF-012 underscore", "Accept-Language", "en_US", false},
	{"SAF-012 at sign", "Accept-Language", "en@US", false},
	{"SAF-012 tab", "Accept-Language", "en\tUS", false},
	{"language with slash", "Accept-Language", "en/US", false},
	{"language with plus", "Accept-Language", "en+US", false},
	{"language outside ASCII", "Accept-Language", "\xE9", false},
	{"SAF-013 asterisk", "Content-Language", "fr*", true},
	{"Content-Language with tab", "Content-Language", "fr\t*", false},

	{"SAF-014 case and parameters", "Content-Type", "TEXT/plain; charset=x", true},
	{"SAF-015 json", "Content-Type", "application/json", false},
	{"SAF-016 trailing semicolon", "Content-Type", "text/plain;", true},
	{"SAF-016 garbage for a parameter", "Content-Type", "text/plain;garbage", true},
	{"SAF-017 trailing comma", "Content-Type", "text/plain,", false},
	{"SAF-017 leading comma", "Content-Type", ",text/plain", false},
	{"SAF-017 twice", "Content-Type", "text/plain,text/plain", false},
	{"SAF-018 space before slash", "Content-Type", "text /plain", false},
	{"SAF-018 vertical tab", "Content-Type", "text/plain\x0B", false},
	{"SAF-019 quote in parameters", "Content-Type", `multipart/form-data;"`, false},
	{"space before semicolon", "Content-Type", "text/plain ;charset=x", true},
	{"comma in parameters", "Content-Type", "text/plain;a=b, application/json", true},
	{"urlencoded", "Content-Type", "application/x-www-form-urlencoded", true},
	{"multipart", "Content-Type", "Multipart/Form-Data;boundary=x", true},
	{"type of one, subtype of another", "Content-Type", "text/form-data", false},
	{"other type", "Content-Type", "image/plain", false},
	{"empty Content-Type", "Content-Type", "", false},
	{"wildcard Content-Type", "Content-Type", "*/*", false},
	{"parameter outside ASCII", "Content-Type", "text/plain;a=\xE9", true},

	{"SAF-021 closed range", "Range", "bytes=100-200", true},
	{"SAF-021 open range", "Range", "bytes=200-", true},
	{"one byte", "Range", "bytes=0-0", true},
	{"SAF-022 suffix range", "Range", "bytes=-200", false},
	{"SAF-022 backwards", "Range", "bytes=200-100", false},
	{"SAF-022 space", "Range", "bytes =1-2", false},
	{"SAF-022 two ranges", "Range", "bytes=1-2,3-4", false},
	{"SAF-022 case", "Range", "Bytes=1-2", false},
	{"SAF-023 more than 128 bytes", "Range", "bytes=" + strings.Repeat("1", 61) + "-" + strings.Repeat("2", 61), false},
	{"60 digits each within 128 bytes", "Range", "bytes=" + strings.Repeat("1", 60) + "-" + strings.Repeat("2", 60), true},
	{"empty Range", "Range", "", false},

	{"SAF-024 X-Foo", "X-Foo", "", false},
	{"SAF-025 Last-Event-ID", "Last-Event-ID", "1", false},
	{"SAF-025 DPR", "DPR", "2", false},
	{"SAF-025 Save-Data", "Save-Data", "on", false},
	{"SAF-025 User-Agent", "User-Agent", "x", false},
	{"Viewport-Width", "Viewport-Width", "100", false},
	{"Authorization", "Authorization", "x", false},
	{"If-None-Match", "If-None-Match", "x", false},
	{"Cache-Control", "Cache-Control", "no-cache", false},
	{"X-Requested-With", "X-Requested-With", "x", false},
	{"no name", "", "", false},
	{"prefix of a name", "Accep", "", false},
	{"longer than any name", strings.Repeat("accept", 10), "", false},
	{"name outside ASCII", "\u212Aange", "bytes=0-1", false},
}

func TestIsSafelistedRequestHeader(t *testing.T) {
	for _, c := range safelistedRequestHeaderCases {
		t.Run(c.desc, func(t *testing.T) {
			if got := safelist.IsSafelistedRequestHeader(c.name, c.value); got != c.want {
				t.Errorf("IsSafelistedRequestHeader(%q, %q) = %t; want %t", c.name, c.value, got, c.want)
			}
		})
	}
}

// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
func TestUnsafeRequestHeaderBytes(t *testing.T) {
	const unsafe = "\"():<>?@[\\]{}\x7F"
	for b := range 256 {
		value := "a" + string([]byte{byte(b)}) + "a"
		want := (b >= 0x20 || b == '\t') && !strings.Contains(unsafe, string(rune(b)))
		if got := safelist.IsSafelistedRequestHeader("Accept", value); got != want {
			t.Errorf("Accept: %q safelisted = %t; want %t", value, got, want)
		}
		value = "text/plain;a=b" + value
		if got := safelist.IsSafelistedRequestHeader("Content-Type", value); got != want {
			t.Errorf("Content-Type: %q safelisted = %t; want %t", value, got, want)
		}
	}
}

func TestNoCORSSafelistedRequestHeaders(t *testing.T) {
	cases := []struct {
		desc         string
		name, value  string
		isName       bool
		isHeader     bool
		isPrivileged bool
	}{
		{"Accept", "ACCEPT", "*/*", true, true, false},
		{"Accept-Language", "accept-language", "en", true, true, false},
		{"Content-Language", "Content-Language", "en", true, true, false},
		{"Content-Type", "Content-Type", "text/plain", true, true, false},
		{"value is judged too", "Content-Type", "application/json", true, false, false},
		{"Range is privileged instead", "rANGE", "bytes=0-", false, false, true},
		{"other name", "X-Foo", "", false, false, false},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			if got := safelist.IsNoCORSSafelistedRequestHeaderName(c.name); got != c.isName {
				t.Errorf("IsNoCORSSafelistedRequestHeaderName(%q) = %t; want %t", c.name, got, c.isName)
			}
			if got := safelist.IsNoCORSSafelistedRequestHeader(c.name, c.value); got != c.isHeader {
				t.Errorf("IsNoCORSSafelistedRequestHeader(%q, %q) = %t; want %t", c.name, c.value, got, c.isHeader)
			}
			if got := safelist.IsPrivilegedNoCORSRequestHeaderName(c.name); got != c.isPrivileged {
				t.Errorf("IsPrivilegedNoCORSRequestHeaderName(%q) = %t; want %t", c.name, got, c.isPrivileged)
			}
		})
	}
	for _, c := range safelistedRequestHeaderCases {
		want := c.want && !safelist.IsPrivilegedNoCORSRequestHeaderName(c.name)
		if got := safelist.IsNoCORSSafelistedRequestHeader(c.name, c.value); got != want {
			t.Errorf("%s: IsNoCORSSafelistedRequestHeader(%q, %q) = %t; want %t", c.desc, c.name, c.value, got, want)
		}
	}
}

// https://fetch.spec.whatwg.org/#forbidden-request-header
func TestIsForbiddenRequestHeader(t *testing.T) {
	names := []string{
		"Accept-Charset", "Accept-Encoding", "Access-Control-Request-Headers",
		"Access-Control-Request-Method", "Connection", "Content-Length", "Cookie", "Cookie2", "Date",
		"DNT", "Expect", "Host", "Keep-Alive", "Origin", "Referer", "Set-Cookie", "TE", "Trailer",
		"Transfer-Encoding", "Upgrade", "Via",
	}
	if len(names) != 21 {
		t.Fatalf("%d names; want 21", len(names))
	}
	for _, name := range names {
		t.Run("SAF-031 "+name, func(t *testing.T) {
			for _, n := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
				if !safelist.IsForbiddenRequestHeader(n, "") {
					t.Errorf("IsForbiddenRequestHeader(%q, \"\") = false; want true", n)
				}
			}
			if n := name + "x"; safelist.IsForbiddenRequestHeader(n, "") {
				t.Errorf("IsForbiddenRequestHeader(%q, \"\") = true; want false", n)
			}
		})
	}

	cases := []requestHeaderCase{
		{"SAF-032 prefix Proxy-", "Proxy-X", "", true},
		{"SAF-032 prefix sec-", "sec-foo", "", true},
		{"SAF-032 prefix in upper case", "SEC-GPC", "", true},
		{"prefix alone", "Sec-", "", true},
		{"prefix of a long name", "Proxy-" + strings.Repeat("x", 100), "", true},
		{"no hyphen", "Sec", "", false},
		{"another letter for the hyphen", "Proxyx", "", false},
		{"prefix inside", "X-Sec-Foo", "", false},
		{"SAF-033 member is forbidden", "X-HTTP-Method-Override", "GET, track", true},
		{"SAF-033 DELETE", "X-HTTP-Method-Override", "DELETE", false},
		{"SAF-034 quotes are kept", "X-Method-Override", `"TRACK"`, false},
		{"comma inside quotes", "X-HTTP-Method", `"a,TRACK,b"`, false},
		{"behind quotes", "X-HTTP-Method", `"a,b" , connect`, true},
		{"unclosed quotes", "X-HTTP-Method", `"a,TRACE`, false},
		{"part of a member", "X-HTTP-Method", "TRACE x", false},
		{"empty members", "X-HTTP-Method", ",,TRACE,", true},
		{"empty value", "X-HTTP-Method", "", false},
		{"other name", "X-Method", "TRACE", false},
		{"SAF-035 User-Agent", "User-Agent", "x", false},
		{"SAF-035 Authorization", "Authorization", "x", false},
		{"SAF-035 If-None-Match", "If-None-Match", "x", false},
		{"no name", "", "", false},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			if got := safelist.IsForbiddenRequestHeader(c.name, c.value); got != c.want {
				t.Errorf("IsForbiddenRequestHeader(%q, %q) = %t; want %t", c.name, c.value, got, c.want)
			}
		})
	}
}

func TestRequestHeaderNames(t *testing.T) {
	cases := []struct {
		name          string
		isNonWildcard bool
		isBody        bool
	}{
		{"Authorization", true, false},
		{"AUTHORIZATION", true, false},
		{"Authorizatio", false, false},
		{"Proxy-Authorization", false, false},
		{"Cookie", false, false},
		{"content-encoding", false, true},
		{"Content-Language", false, true},
		{"Content-Location", false, true},
		{"CONTENT-TYPE", false, true},
		{"Content-Length", false, false},
		{"", false, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := safelist.IsNonWildcardRequestHeaderName(c.name); got != c.isNonWildcard {
				t.Errorf("IsNonWildcardRequestHeaderName(%q) = %t; want %t", c.name, got, c.isNonWildcard)
			}
			if got := safelist.IsRequestBodyHeaderName(c.name); got != c.isBody {
				t.Errorf("IsRequestBodyHeaderName(%q) = %t; want %t", c.name, got, c.isBody)
			}
		})
	}
}
