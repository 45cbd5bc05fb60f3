package redirect_test

import (
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/redirect"
)

// locationTests are Location values of a response to https://a.test/d/x?q#f.
//
// https://fetch.spec.whatwg.org/#concept-response-location-url
var locationTests = []struct {
	name     string
	location string
	want     string // "" is failure
}{
	{"absolute", "https://b.test/y", "https://b.test/y#f"},
	{"RED-019 relative path", "y", "https://a.test/d/y#f"},
	{"RED-019 dot segments", "../../y", "https://a.test/y#f"},
	{"RED-019 absolute path", "/y?z", "https://a.test/y?z#f"},
	{"RED-019 query", "?z", "https://a.test/d/x?z#f"},
	{"RED-018 empty", "", "https://a.test/d/x?q#f"},
	{"RED-020 fragment alone", "#g", "https://a.test/d/x?q#g"},
	{"RED-020 empty fragment", "#", "https://a.test/d/x?q#"},
	{"backslashes", `\\b.test\y`, "https://b.test/y#f"},
	{"spaces around", " /y\t", "https://a.test/y#f"},
	{"comma and space are part of it", "/y, /z", "https://a.test/y,%20/z#f"},
	{"another scheme", "mailto:a@b.test", "mailto:a@b.test#f"},
	{"RED-021 UTF-8", "/\xE2\x98\x83", "https://a.test/%E2%98%83#f"},
	{"RED-021 no UTF-8", "/\xFF", "https://a.test/%FF#f"},
	{"RED-021 in the query", "/?\xE9\xA9", "https://a.test/?%E9%A9#f"},
	{"RED-021 in the fragment", "/#\xE9", "https://a.test/#%E9"},
	{"RED-021 in the host", "//b\xC3\xBCcher.test/", "https://xn--bcher-kva.test/#f"},
	{"RED-021 no UTF-8 in the host", "//b\xFC.test/", ""},
	{"RED-021 percent signs stay", "/%\xFF%25%zz", "https://a.test/%%FF%25%zz#f"},
	{"RED-016 open bracket", "http://[", ""},
	{"RED-016 no host", "https://", ""},
	{"RED-016 port", "https://b.test:65536/", ""},
}

func TestLocationURL(t *testing.T) {
	base := weburl.MustParse("https://a.test/d/x?q#f")
	for _, test := range locationTests {
		t.Run(test.name, func(t *testing.T) {
			for _, status := range []int{301, 302, 303, 307, 308} {
				checkLocation(t, status, []string{test.location}, base, redirect.Rules{}, test.want)
			}
			if u, err := redirect.LocationURL(200, []string{test.location}, base, redirect.Rules{}); u != nil || err != nil {
				t.Errorf("LocationURL(200, %q) = %v, %v; want neither", test.location, u, err)
			}
		})
	}
}

// checkLocation wants a location URL of that serialization, or failure if want
// is empty.
func checkLocation(t *testing.T, status int, location []string, base *weburl.URL, r redirect.Rules, want string) {
	t.Helper()
	u, err := redirect.LocationURL(status, location, base, r)
	switch {
	case err == nil && u == nil:
		t.Errorf("LocationURL(%d, %q): none; want %q", status, location, want)
	case (err != nil) != (want == ""):
		t.Errorf("LocationURL(%d, %q): error %v; want %q", status, location, err, want)
	case err == nil && u.String() != want:
		t.Errorf("LocationURL(%d, %q) = %q; want %q", status, location, u, want)
	case err != nil && u != nil:
		t.Errorf("LocationURL(%d, %q) = %q besides the error %v", status, location, u, err)
	}
}

// A response that was made up has no URL.
func TestLocationURLWithoutBase(t *testing.T) {
	checkLocation(t, 302, []string{"https://b.test/y"}, nil, redirect.Rules{}, "https://b.test/y")
	checkLocation(t, 302, []string{"/y"}, nil, redirect.Rules{}, "")
	checkLocation(t, 302, []string{""}, nil, redirect.Rules{}, "")
}

// The base is left as it is.
func TestLocationURLKeepsBase(t *testing.T) {
	base := weburl.MustParse("https://a.test/x#f")
	checkLocation(t, 302, []string{"#g"}, base, redirect.Rules{}, "https://a.test/x#g")
	if got, want := base.String(), "https://a.test/x#f"; got != want {
		t.Errorf("the base has become %q; want %q", got, want)
	}
}

// FuzzLocationURL holds whatever a server may send against what must always
// hold.
func FuzzLocationURL(f *testing.F) {
	for _, test := range locationTests {
		f.Add(test.location, "", false, uint8(0))
	}
	f.Add("/y", "/y", true, uint8(1))
	f.Add("/y", "/z", true, uint8(2))
	f.Add("", "", false, uint8(8))
	f.Add("", "", false, uint8(16))
	f.Add("/\xE9\xA9\xC3\xA9", "", false, uint8(4))
	f.Add("https://u:p@b.test/", "", false, uint8(32))
	q := get("A/d/x?q#f")
	f.Fuzz(func(t *testing.T, first, second string, twice bool, bits uint8) {
		rules := redirect.Rules{
			EqualLocations: bits&1 != 0, JoinLocations: bits&2 != 0, Latin1Location: bits&4 != 0, EscapeTabs: bits&64 != 0,
			EmptyLocation: redirect.EmptyLocation(bits >> 3 & 3), RefuseCredentials: bits&32 != 0,
		}
		location := []string{first}
		if twice {
			location = append(location, second)
		}
		u, err := redirect.LocationURL(302, location, q.URL, rules)
		next, followErr := redirect.Follow(q, 302, location, rules)
		if err != nil {
			if outcome(next, followErr) != outcome(redirect.Next{}, err) {
				t.Errorf("LocationURL fails with %v, Follow with %v", err, followErr)
			}
			return
		}
		if u == nil {
			if got := outcome(next, followErr); got != "no redirect" {
				t.Errorf("no location URL, but Follow: %s", got)
			}
			return
		}
		s := u.String()
		if strings.ContainsFunc(s, func(r rune) bool { return r > 0x7E }) {
			t.Errorf("%q leads to %q, which is not ASCII", location, s)
		}
		if _, ok := u.Fragment(); !ok {
			t.Errorf("%q leads to %q, without the fragment of %q", location, s, q.URL)
		}
		if again, err := weburl.Parse(s, nil); err != nil || again.String() != s {
			t.Errorf("%q leads to %q, which parses as %v, %v", location, s, again, err)
		}
		if followErr != nil {
			return
		}
		if next.URL.String() != s || !next.URL.IsHTTP() {
			t.Errorf("%q: Follow leads to %q, LocationURL to %q", location, next.URL, s)
		}
	})
}
