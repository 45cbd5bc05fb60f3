package origin_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// parseTests also seed the fuzz tests.
var parseTests = []struct {
	desc, in string
	want     string // the serialization
	err      error  // of Parse
	// matches is what IsSerialized says. It is only set where Parse refuses
	// what the grammar lets through.
	matches bool
}{
	// https://fetch.spec.whatwg.org/#origin-header
	{desc: "ORG-023 scheme in uppercase", in: "HTTPS://a.test", err: origin.ErrSyntax},
	{desc: "ORG-023 a path", in: "https://a.test/", err: origin.ErrSyntax},
	{desc: "ORG-023 a hyphen first", in: "https://-a.test", err: origin.ErrSyntax},
	{desc: "ORG-023 leading zeros in an IPv6 address", in: "https://[::01]", err: origin.ErrSyntax},
	{desc: "ORG-023 an IPv6 address in uppercase", in: "https://[2001:DB8::1]", err: origin.ErrSyntax},
	{desc: "ORG-023 an IPv6 address with one piece compressed", in: "https://[1:2:3:4:5:6:7::]", err: origin.ErrSyntax},
	{desc: "ORG-023 null in another case", in: "Null", err: origin.ErrSyntax},
	{desc: "ORG-024 null", in: "null", want: "null"},
	{desc: "ORG-024 an IPv6 address and a port", in: "https://[2001:db8::1]:8443", want: "https://[2001:db8::1]:8443"},
	{desc: "ORG-024 another scheme", in: "chrome-extension://abc", want: "chrome-extension://abc"},

	{desc: "usual", in: "https://www.a.test", want: "https://www.a.test"},
	{desc: "a port", in: "http://localhost:8080", want: "http://localhost:8080"},
	{desc: "a hyphen in a label", in: "https://a-b--c.test", want: "https://a-b--c.test"},
	{desc: "digits in a label", in: "https://0a.1.b2", want: "https://0a.1.b2"},
	{desc: "a scheme of all kinds", in: "a1+-.://h", want: "a1+-.://h"},
	{desc: "an IPv4 address", in: "http://127.0.0.1", want: "http://127.0.0.1"},
	{desc: "the default port", in: "https://a.test:443", want: "https://a.test"},
	{desc: "the default port, with zeros", in: "http://a.test:00080", want: "http://a.test"},
	{desc: "another port, with zeros", in: "http://a.test:00081", want: "http://a.test:81"},
	{desc: "the greatest port", in: "http://a.test:65535", want: "http://a.test:65535"},
	{desc: "eight pieces", in: "http://[1:2:3:4:5:6:7:8]", want: "http://[1:2:3:4:5:6:7:8]"},
	{desc: "six pieces and two compressed", in: "http://[1:2:3:4:5:6::]", want: "http://[1:2:3:4:5:6::]"},
	{desc: "pieces that could be compressed", in: "http://[0:0:0:0:0:0:0:1]", want: "http://[::1]"},
	{desc: "all pieces compressed", in: "http://[::]:80", want: "http://[::]"},

	{desc: "a port that is too great", in: "http://a.test:65536", err: weburl.PortOutOfRange, matches: true},
	{desc: "an IPv4 address that is too great", in: "http://256.256.256.256", err: weburl.IPv4OutOfRangePart, matches: true},
	{desc: "an IPv4 address with zeros", in: "http://127.0.0.01", err: origin.ErrHost, matches: true},
	{desc: "a short IPv4 address", in: "http://127.1", err: origin.ErrHost, matches: true},
	{desc: "a number for an IPv4 address", in: "http://2130706433", err: origin.ErrHost, matches: true},
	{desc: "a hexadecimal number for an IPv4 address", in: "http://0x7f000001", err: origin.ErrHost, matches: true},
	{desc: "a host that file URLs drop", in: "file://localhost", err: origin.ErrHost, matches: true},

	{desc: "empty", in: "", err: origin.ErrSyntax},
	{desc: "a wildcard", in: "*", err: origin.ErrSyntax},
	{desc: "two origins", in: "https://a.test https://b.test", err: origin.ErrSyntax},
	{desc: "a list", in: "https://a.test, https://b.test", err: origin.ErrSyntax},
	{desc: "space before", in: " https://a.test", err: origin.ErrSyntax},
	{desc: "space after", in: "https://a.test ", err: origin.ErrSyntax},
	{desc: "space around null", in: " null", err: origin.ErrSyntax},
	{desc: "no scheme", in: "a.test", err: origin.ErrSyntax},
	{desc: "an empty scheme", in: "://a.test", err: origin.ErrSyntax},
	{desc: "a scheme that starts with a digit", in: "1a://a.test", err: origin.ErrSyntax},
	{desc: "one slash", in: "https:/a.test", err: origin.ErrSyntax},
	{desc: "no host", in: "https://", err: origin.ErrSyntax},
	{desc: "no host but a port", in: "https://:80", err: origin.ErrSyntax},
	{desc: "no file host", in: "file://", err: origin.ErrSyntax},
	{desc: "credentials", in: "https://u@a.test", err: origin.ErrSyntax},
	{desc: "a host in uppercase", in: "https://A.test", err: origin.ErrSyntax},
	{desc: "a host that is not ASCII", in: "https://ü.test", err: origin.ErrSyntax},
	{desc: "an underscore", in: "https://a_b.test", err: origin.ErrSyntax},
	{desc: "a full stop at the end", in: "https://a.test.", err: origin.ErrSyntax},
	{desc: "a full stop at the start", in: "https://.a.test", err: origin.ErrSyntax},
	{desc: "an empty label", in: "https://a..test", err: origin.ErrSyntax},
	{desc: "a hyphen last", in: "https://a-.test", err: origin.ErrSyntax},
	{desc: "a hyphen at the very end", in: "https://a.test-", err: origin.ErrSyntax},
	{desc: "a hyphen alone", in: "https://-", err: origin.ErrSyntax},
	{desc: "no port after a colon", in: "https://a.test:", err: origin.ErrSyntax},
	{desc: "a port of six digits", in: "https://a.test:000080", err: origin.ErrSyntax},
	{desc: "a port with a sign", in: "https://a.test:+80", err: origin.ErrSyntax},
	{desc: "two ports", in: "https://a.test:80:80", err: origin.ErrSyntax},
	{desc: "a query", in: "https://a.test?", err: origin.ErrSyntax},
	{desc: "brackets around nothing", in: "https://[]", err: origin.ErrSyntax},
	{desc: "an IPv6 address that is too short", in: "https://[1:2:3:4:5:6:7]", err: origin.ErrSyntax},
	{desc: "an IPv6 address that is too long", in: "https://[1:2:3:4:5:6:7:8:9]", err: origin.ErrSyntax},
	{desc: "an IPv6 address compressed twice", in: "https://[1::2::3]", err: origin.ErrSyntax},
	{desc: "three colons", in: "https://[:::]", err: origin.ErrSyntax},
	{desc: "an IPv6 address with a long piece", in: "https://[12345::]", err: origin.ErrSyntax},
	{desc: "an IPv6 address with an empty piece", in: "https://[1:2:3:4:5:6:7:]", err: origin.ErrSyntax},
	{desc: "an IPv6 address with an IPv4 one", in: "https://[::ffff:1.2.3.4]", err: origin.ErrSyntax},
	{desc: "an IPv6 address with a zone", in: "https://[fe80::1%eth0]", err: origin.ErrSyntax},
	{desc: "no closing bracket", in: "https://[::1", err: origin.ErrSyntax},
	{desc: "no closing bracket before a port", in: "https://[::1:80", err: origin.ErrSyntax},
	{desc: "no opening bracket", in: "https://::1]", err: origin.ErrSyntax},
	{desc: "something after the brackets", in: "https://[::1]a", err: origin.ErrSyntax},
}

func TestParse(t *testing.T) {
	for _, tc := range parseTests {
		t.Run(tc.desc, func(t *testing.T) {
			wantMatch := tc.err == nil || tc.matches
			if got := origin.IsSerialized(tc.in); got != wantMatch {
				t.Errorf("IsSerialized(%q) = %t; want %t", tc.in, got, wantMatch)
			}
			got, err := origin.Parse(tc.in)
			if !errors.Is(err, tc.err) {
				t.Fatalf("Parse(%q) = %v, %v; want the error %v", tc.in, got, err, tc.err)
			}
			if err == nil && got.String() != tc.want {
				t.Errorf("Parse(%q) = %s; want %s", tc.in, got, tc.want)
			}
			checkOrigin(t, got)
		})
	}
}

func TestParseNull(t *testing.T) {
	if a, b := origin.MustParse("null"), origin.MustParse("null"); a == b {
		t.Error(`Parse("null") is the same origin twice`)
	}
}

func TestParseError(t *testing.T) {
	_, err := origin.Parse("https://a.test/")
	if want := `origin: "https://a.test/" is not an origin: it is not of the form scheme://host:port`; err.Error() != want {
		t.Errorf("got %q; want %q", err, want)
	}
	var e *origin.Error
	if !errors.As(err, &e) || e.Input != "https://a.test/" {
		t.Errorf("got %#v; want an *origin.Error", err)
	}
}

func TestMustParse(t *testing.T) {
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, origin.ErrSyntax) {
			t.Errorf("MustParse panicked with %v; want %v", err, origin.ErrSyntax)
		}
	}()
	o := origin.MustParse("https://a.test/")
	t.Errorf("MustParse returned %v", o)
}

// FuzzParse checks that Parse accepts nothing that IsSerialized does not, and
// that both know what origins are serialized to.
func FuzzParse(f *testing.F) {
	for _, tc := range parseTests {
		f.Add(tc.in)
	}
	for _, hostile := range []string{"https://" + strings.Repeat("a.", 64) + "a", "https://[" + strings.Repeat("0:", 64) + "]"} {
		f.Add(hostile)
	}
	f.Fuzz(func(t *testing.T, in string) {
		o, err := origin.Parse(in)
		if err != nil {
			return
		}
		if !origin.IsSerialized(in) || !origin.IsSerialized(o.String()) {
			t.Errorf("Parse(%q) = %s; IsSerialized: %t and %t", in, o, origin.IsSerialized(in), origin.IsSerialized(o.String()))
		}
		checkOrigin(t, o)
	})
}

// FuzzFromURL checks what holds for the origins of any two URLs.
func FuzzFromURL(f *testing.F) {
	for i, tc := range fromURLTests {
		f.Add(tc.in, fromURLTests[(i+1)%len(fromURLTests)].in)
	}
	for _, tc := range siteTests {
		f.Add(tc.a+"/", tc.b+"/")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		u, err := weburl.Parse(a, nil)
		if err != nil {
			return
		}
		v, err := weburl.Parse(b, u)
		if err != nil {
			return
		}
		o, p := origin.FromURL(u), origin.FromURL(v)
		checkOrigin(t, o)
		checkOrigin(t, p)
		checkSites(t, o, p)
		var sites origin.Sites
		urls := []*weburl.URL{u, v, u}
		if got, want := sites.RedirectTaint(o, urls), origin.RedirectTaint(o, urls); got != want {
			t.Errorf("with %s, %v: the taint is %v with Sites and %v without", o, urls, got, want)
		}
	})
}
