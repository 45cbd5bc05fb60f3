package cookies_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch/cookies"
)

// pairTests are about what comes before the first semicolon. want "" is
// "ignored".
var pairTests = []struct {
	desc, header, want string
}{
	{"plain", "a=1", "a=1"},
	{"spaces and tabs around", " \ta\t = \t1 ", "a=1"},
	{"spaces inside stay", "a b=1 2", "a b=1 2"},
	{"no value", "a=", "a="},
	{"no name", "=1", "1"},
	{"no equals sign", "a", "a"},
	{"second equals sign", "a=1=2", "a=1=2"},
	{"nameless with an equals sign", "=a=1", "a=1"},
	{"nothing", "", ""},
	{"equals sign only", " = ", ""},
	{"attributes only", "; Path=/", ""},
	{"quotes stay", `a="1 2"`, `a="1 2"`},
	{"quotes do not quote", `a="1;2"`, `a="1`},
	{"comma", "a=1,b=2", "a=1,b=2"},
	{"bytes above 0x7E", "\xe9=\xc3\xa9", "\xe9=\xc3\xa9"},
	{"tab inside", "a=1\t2", "a=1\t2"},
	{"NUL", "a=1\x00", ""},
	{"control character", "a=1\x1f", ""},
	{"DEL", "a=\x7f1", ""},
	{"line feed in an attribute", "a=1; x=\n", ""},
	{"DEL in an attribute", "a=1; x=\x7f", ""},
	{"4096 bytes", "a=" + strings.Repeat("v", 4095), "a=" + strings.Repeat("v", 4095)},
	{"4097 bytes", "a=" + strings.Repeat("v", 4096), ""},
	{"4096 bytes after trimming", "a=  " + strings.Repeat("v", 4095) + "  ", "a=" + strings.Repeat("v", 4095)},
	{"a name of 4096 bytes", strings.Repeat("n", 4096) + "=", strings.Repeat("n", 4096) + "="},
	{"prefix of a nameless cookie", "=__Host-a", ""},
	{"prefix of a nameless cookie's pair", "=__sEcUrE-a=1; Secure", ""},
	{"prefix __Http- of a nameless cookie", "__Http-a; Secure; HttpOnly", ""},
	{"prefix in a value", "a=__Host-a", "a=__Host-a"},
}

func TestPair(t *testing.T) {
	for _, test := range pairTests {
		t.Run(test.desc, func(t *testing.T) {
			var s cookies.Store
			s.SetCookies(own("https://example.com/"), []string{test.header}, standard, noon)
			if got := s.Cookie(own("https://example.com/"), standard, noon); got != test.want {
				t.Errorf("Set-Cookie: %q is sent as %q; want %q", test.header, got, test.want)
			}
		})
	}
}

// attributeTests are about one cookie a=1 set by https://www.example.com/d/f.
// The change is to what it is without attributes; nil is "ignored".
var attributeTests = []struct {
	desc, attributes string
	change           func(e *cookies.Entry)
}{
	{"none", "", func(*cookies.Entry) {}},
	{"unknown", "; Priority=High; x; =y;;", func(*cookies.Entry) {}},

	{"Secure", "; Secure", func(e *cookies.Entry) { e.Secure = true }},
	{"Secure in any case, with a value", ";sEcUrE=false", func(e *cookies.Entry) { e.Secure = true }},
	{"Secure with U+017F", "; \u017fecure", func(*cookies.Entry) {}},
	{"HttpOnly", "; httponly ", func(e *cookies.Entry) { e.HTTPOnly = true }},

	{"Domain", "; Domain=example.com", domain("example.com")},
	{"Domain with a full stop", "; Domain=.example.com", domain("example.com")},
	{"Domain in any case", "; Domain=.Example.COM", domain("example.com")},
	{"Domain that is the host", "; Domain=www.example.com", domain("www.example.com")},
	{"Domain that is escaped", "; Domain=%65xample.com", domain("example.com")},
	{"Domain with spaces before", "; Domain=  .example.com", domain("example.com")},
	{"Domain is empty", "; Domain=", func(*cookies.Entry) {}},
	{"Domain has no value", "; Domain", func(*cookies.Entry) {}},
	{"an empty Domain after another", "; Domain=example.com; Domain=", func(*cookies.Entry) {}},
	{"Domain twice", "; Domain=other.example; Domain=example.com", domain("example.com")},
	{"Domain twice, the second a mismatch", "; Domain=example.com; Domain=other.example", nil},
	{"Domain is a full stop", "; Domain=.", nil},
	{"Domain with two full stops", "; Domain=..example.com", nil},
	{"Domain with a full stop at the end", "; Domain=example.com.", nil},
	{"Domain with a space inside", "; Domain=. example.com", nil},
	{"Domain in quotes", `; Domain="example.com"`, nil},
	{"Domain with a port", "; Domain=example.com:443", nil},
	{"Domain with a slash", "; Domain=example.com/", nil},
	{"Domain with userinfo", "; Domain=x@example.com", nil},
	{"Domain is not ASCII", "; Domain=\u00e9xample.com", nil},
	{"Domain is no host", "; Domain=exa<mple.com", nil},
	{"Domain is a sibling", "; Domain=w.example.com", nil},
	{"Domain is below", "; Domain=x.www.example.com", nil},
	{"Domain is half a label", "; Domain=ample.com", nil},
	{"Domain is a public suffix", "; Domain=com", nil},
	{"Domain is an address", "; Domain=127.0.0.1", nil},
	{"Domain of 1025 bytes", "; Domain=" + strings.Repeat("x", 1025), func(*cookies.Entry) {}},

	{"Path", "; Path=/x", path("/x")},
	{"Path is kept as it is", "; Path=/%7e/A/", path("/%7e/A/")},
	{"Path does not start with a slash", "; Path=x", func(*cookies.Entry) {}},
	{"Path is empty", "; Path=", func(*cookies.Entry) {}},
	{"Path in quotes", `; Path="/x"`, func(*cookies.Entry) {}},
	{"Path twice", "; Path=/x; Path=/y", path("/y")},
	{"Path twice, the second empty", "; Path=/x; Path=", func(*cookies.Entry) {}},
	{"Path of 1024 bytes", "; Path=/" + strings.Repeat("x", 1023), path("/" + strings.Repeat("x", 1023))},
	{"Path of 1025 bytes", "; Path=/" + strings.Repeat("x", 1024), func(*cookies.Entry) {}},

	{"Max-Age", "; Max-Age=60", expires(time.Minute)},
	{"Max-Age with zeros", "; max-age=0060", expires(time.Minute)},
	{"Max-Age zero", "; Max-Age=0", nil},
	{"Max-Age negative", "; Max-Age=-1", nil},
	{"Max-Age minus zero", "; Max-Age=-0", nil},
	{"Max-Age is empty", "; Max-Age=", func(*cookies.Entry) {}},
	{"Max-Age is a minus", "; Max-Age=-", func(*cookies.Entry) {}},
	{"Max-Age with plus", "; Max-Age=+60", func(*cookies.Entry) {}},
	{"Max-Age with a fraction", "; Max-Age=60.5", func(*cookies.Entry) {}},
	{"Max-Age with a comma", "; Max-Age=50,399", func(*cookies.Entry) {}},
	{"Max-Age in quotes", `; Max-Age="60"`, func(*cookies.Entry) {}},
	{"Max-Age of 400 days", "; Max-Age=34560000", expires(400 * day)},
	{"Max-Age of 401 days", "; Max-Age=34646400", expires(400 * day)},
	{"Max-Age beyond all numbers", "; Max-Age=" + strings.Repeat("9", 1024), expires(400 * day)},
	{"Max-Age of 1025 bytes", "; Max-Age=" + strings.Repeat("9", 1025), func(*cookies.Entry) {}},

	{"Expires", "; Expires=Fri, 20 Nov 2026 12:01:00 GMT", expires(time.Minute)},
	{"Expires in the past", "; Expires=Fri, 20 Nov 2026 11:59:59 GMT", nil},
	{"Expires now", "; Expires=Fri, 20 Nov 2026 12:00:00 GMT", nil},
	{"Expires is no date", "; Expires=soon", func(*cookies.Entry) {}},
	{"Expires in 401 days", "; Expires=Sun, 26 Dec 2027 12:00:00 GMT", expires(400 * day)},
	{"Expires in 9999", "; Expires=Fri, 31 Dec 9999 23:59:59 GMT", expires(400 * day)},
	{"Expires twice", "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=Fri, 20 Nov 2026 12:01:00 GMT", expires(time.Minute)},
	{"Expires twice, the second no date", "; Expires=Fri, 20 Nov 2026 12:01:00 GMT; Expires=x", expires(time.Minute)},
	{"Max-Age beats an earlier Expires", "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", expires(time.Minute)},
	{"Max-Age beats a later Expires", "; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", expires(time.Minute)},

	{"SameSite=Strict", "; SameSite=Strict", sameSite(cookies.SameSiteStrict)},
	{"SameSite=Lax in any case", "; sAmEsItE= lAX", sameSite(cookies.SameSiteLax)},
	{"SameSite=None", "; SameSite=None; Secure", func(e *cookies.Entry) { e.SameSite, e.Secure = cookies.SameSiteNone, true }},
	{"SameSite=None without Secure", "; SameSite=None", nil},
	{"SameSite is not known", "; SameSite=Bogus", func(*cookies.Entry) {}},
	{"SameSite twice, the second not known", "; SameSite=Strict; SameSite=Bogus", func(*cookies.Entry) {}},

	{"Partitioned", "; Partitioned; Secure", func(e *cookies.Entry) { e.Secure, e.Partition = true, "https://example.com" }},
	{"Partitioned without Secure", "; Partitioned", nil},
}

func domain(d string) func(*cookies.Entry) {
	return func(e *cookies.Entry) { e.Domain, e.HostOnly = d, false }
}
func path(p string) func(*cookies.Entry) { return func(e *cookies.Entry) { e.Path = p } }
func expires(d time.Duration) func(*cookies.Entry) {
	return func(e *cookies.Entry) { e.Expires = noon.Add(d) }
}
func sameSite(s cookies.SameSite) func(*cookies.Entry) {
	return func(e *cookies.Entry) { e.SameSite = s }
}

func TestAttributes(t *testing.T) {
	for _, test := range attributeTests {
		t.Run(test.desc, func(t *testing.T) {
			got, ok := stored(t, own("https://www.example.com/d/f"), "a=1"+test.attributes, standard)
			if want := test.change != nil; ok != want {
				t.Fatalf("%q stored: %v; want %v", test.attributes, ok, want)
			}
			if !ok {
				return
			}
			want := cookies.Entry{
				Name: "a", Value: "1", Domain: "www.example.com", HostOnly: true, Path: "/d",
				Created: noon, LastAccess: noon,
			}
			test.change(&want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", test.attributes, diff)
			}
		})
	}
}

func TestDomainByHost(t *testing.T) {
	for _, test := range []struct {
		desc, url, domain string
		want              string // domain, or "host" if host-only, or "" if refused
	}{
		{"a public suffix for itself", "https://github.io/", "github.io", "host"},
		{"a private public suffix", "https://me.github.io/", "github.io", ""},
		{"a suffix of two labels", "https://www.example.co.uk/", "co.uk", ""},
		{"a domain below a suffix of two labels", "https://www.example.co.uk/", "example.co.uk", "example.co.uk"},
		{"a domain above a public suffix", "https://mine.s3.amazonaws.com/", "amazonaws.com", ""},
		{"an exception to a wildcard", "https://www.ck/", "www.ck", "www.ck"},
		{"under a wildcard", "https://a.b.ck/", "b.ck", ""},
		{"IPv4 for itself", "https://127.0.0.1/", "127.0.0.1", "host"},
		{"IPv4 in another form", "https://127.0.0.1/", "0x7f.1", "host"},
		{"part of IPv4", "https://127.0.0.1/", "0.0.1", ""},
		{"IPv6 for itself", "https://[::1]/", "[::1]", "host"},
		{"IPv6 in another form", "https://[::1]/", "[0:0::1]", "host"},
		{"IPv6 without brackets", "https://[::1]/", "::1", ""},
		{"IPv6 with a port", "https://[::1]/", "[::1]:443", ""},
		{"localhost for itself", "https://localhost/", "localhost", "host"},
		{"localhost for a name below", "https://a.localhost/", "localhost", ""},
		{"below localhost", "https://b.a.localhost/", "a.localhost", "a.localhost"},
		{"internationalized", "https://xn--bcher-kva.example/", "xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"internationalized, not in ASCII", "https://xn--bcher-kva.example/", "b\u00fccher.example", ""},
		{"full stop at the end", "https://www.example.com./", "example.com.", "example.com."},
		{"full stop at the end of the host alone", "https://www.example.com./", "example.com", ""},
	} {
		t.Run(test.desc, func(t *testing.T) {
			e, ok := stored(t, own(test.url), "a=1; Domain="+test.domain, standard)
			got := e.Domain
			if e.HostOnly {
				got = "host"
			}
			if !ok {
				got = ""
			}
			if got != test.want {
				t.Errorf("Domain=%s from %s: got %q, want %q", test.domain, test.url, got, test.want)
			}
		})
	}
}

func TestPrefixes(t *testing.T) {
	for _, test := range []struct {
		header string
		want   bool
	}{
		{"__Secure-a=1; Secure", true},
		{"__Secure-a=1; Secure; Domain=example.com; Path=/d", true},
		{"__Secure-a=1", false},
		{"__SECURE-a=1", false},
		{"__Secur-a=1", true},
		{"__Host-a=1; Secure; Path=/", true},
		{"__host-a=1; Secure; Path=/", true},
		{"__Host-a=1; Secure", false},
		{"__Host-a=1; Secure; Path=/d", false},
		{"__Host-a=1; Path=/", false},
		{"__Host-a=1; Secure; Path=/; Domain=www.example.com", false},
		{"__Host-a=1; Secure; Path=/; Domain=", true},
		{"__Http-a=1; Secure; HttpOnly", true},
		{"__Http-a=1; Secure; HttpOnly; Domain=example.com", true},
		{"__Http-a=1; Secure", false},
		{"__Http-a=1; HttpOnly", false},
		{"__Host-Http-a=1; Secure; HttpOnly; Path=/", true},
		{"__Host-Http-a=1; Secure; HttpOnly", false},
		{"__HOST-HTTP-a=1; Secure; Path=/", false},
		{"__HostHttp-a=1", true},
	} {
		t.Run(test.header, func(t *testing.T) {
			if _, got := stored(t, own("https://www.example.com/"), test.header, standard); got != test.want {
				t.Errorf("stored: %v; want %v", got, test.want)
			}
		})
	}
	t.Run("of a script", func(t *testing.T) {
		if _, got := stored(t, script("https://www.example.com/"), "__Http-a=1; Secure; HttpOnly", standard); got {
			t.Error("a script has set a cookie that only HTTP can")
		}
	})
}

func TestDefaultPath(t *testing.T) {
	for _, test := range []struct{ url, want string }{
		{"https://example.com", "/"},
		{"https://example.com/", "/"},
		{"https://example.com/a", "/"},
		{"https://example.com/a/", "/a"},
		{"https://example.com/a/b?/c/d#/e/", "/a"},
		{"https://example.com//a", "/"},
		{"https://example.com/a//b", "/a/"},
	} {
		if e, _ := stored(t, own(test.url), "a=1", standard); e.Path != test.want {
			t.Errorf("a cookie of %s has the path %q; want %q", test.url, e.Path, test.want)
		}
	}
	long := "https://example.com/" + strings.Repeat("x", 2000) + "/"
	if _, ok := stored(t, own(long), "a=1", standard); ok {
		t.Error("a path of 2000 bytes is remembered")
	}
	if _, ok := stored(t, own("https://"+strings.Repeat("x.", 130)+"com/"), "a=1", standard); ok {
		t.Error("a host of 263 bytes is remembered")
	}
}
