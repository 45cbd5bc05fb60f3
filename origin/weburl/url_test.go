package weburl_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/origin/weburl"
)

// optional is a string that may be null.
type optional struct {
	Value string
	OK    bool
}

func some(s string) optional { return optional{s, true} }

// optionalPort is a port that may be null.
type optionalPort struct {
	Value uint16
	OK    bool
}

func port(n uint16) optionalPort { return optionalPort{n, true} }

// A record is everything that a URL's accessors say, besides String.
type record struct {
	Scheme, Username, Password   string
	Host, Hostname, Path, Prefix string
	Port, EffectivePort          optionalPort
	Query, Fragment              optional
	HasHost, HasOpaquePath       bool
	IsSpecial, IsHTTP, IsLocal   bool
	IncludesCredentials          bool
}

func recordOf(u *weburl.URL) record {
	r := record{
		Scheme: u.Scheme(), Username: u.Username(), Password: u.Password(),
		Host: u.Host(), Hostname: u.Hostname(), Path: u.Path(), Prefix: u.AuthorityPrefix(),
		HasHost: u.HasHost(), HasOpaquePath: u.HasOpaquePath(),
		IsSpecial: u.IsSpecial(), IsHTTP: u.IsHTTP(), IsLocal: u.IsLocal(),
		IncludesCredentials: u.IncludesCredentials(),
	}
	r.Port.Value, r.Port.OK = u.Port()
	r.EffectivePort.Value, r.EffectivePort.OK = u.EffectivePort()
	r.Query.Value, r.Query.OK = u.Query()
	r.Fragment.Value, r.Fragment.OK = u.Fragment()
	return r
}

var recordTests = []struct {
	in   string
	want record
}{
	{
		in: "https://u:p@a.test:8443/x/y?q#f",
		want: record{
			Scheme: "https", Username: "u", Password: "p",
			Host: "a.test:8443", Hostname: "a.test", Path: "/x/y", Prefix: "https://a.test:8443",
			Port: port(8443), EffectivePort: port(8443), Query: some("q"), Fragment: some("f"),
			HasHost: true, IsSpecial: true, IsHTTP: true, IncludesCredentials: true,
		},
	},
	{
		in: "http://a.test/",
		want: record{
			Scheme: "http", Host: "a.test", Hostname: "a.test", Path: "/", Prefix: "http://a.test",
			EffectivePort: port(80), HasHost: true, IsSpecial: true, IsHTTP: true,
		},
	},
	{
		in: "https://a.test/?#",
		want: record{
			Scheme: "https", Host: "a.test", Hostname: "a.test", Path: "/", Prefix: "https://a.test",
			EffectivePort: port(443), Query: some(""), Fragment: some(""),
			HasHost: true, IsSpecial: true, IsHTTP: true,
		},
	},
	{
		in: "https://:p@a.test/",
		want: record{
			Scheme: "https", Password: "p",
			Host: "a.test", Hostname: "a.test", Path: "/", Prefix: "https://a.test",
			EffectivePort: port(443), HasHost: true, IsSpecial: true, IsHTTP: true, IncludesCredentials: true,
		},
	},
	{
		in: "https://u@a.test:0/",
		want: record{
			Scheme: "https", Username: "u",
			Host: "a.test:0", Hostname: "a.test", Path: "/", Prefix: "https://a.test:0",
			Port: port(0), EffectivePort: port(0),
			HasHost: true, IsSpecial: true, IsHTTP: true, IncludesCredentials: true,
		},
	},
	{
		in: "wss://[::1]:65535/#f?x",
		want: record{
			Scheme: "wss", Host: "[::1]:65535", Hostname: "[::1]", Path: "/", Prefix: "wss://[::1]:65535",
			Port: port(65535), EffectivePort: port(65535), Fragment: some("f?x"),
			HasHost: true, IsSpecial: true,
		},
	},
	{
		in: "ftp://a.test/",
		want: record{
			Scheme: "ftp", Host: "a.test", Hostname: "a.test", Path: "/", Prefix: "ftp://a.test",
			EffectivePort: port(21), HasHost: true, IsSpecial: true,
		},
	},
	{
		in:   "file:///etc/hosts",
		want: record{Scheme: "file", Path: "/etc/hosts", Prefix: "file://", HasHost: true, IsSpecial: true},
	},
	{
		in: "foo://h?q",
		want: record{
			Scheme: "foo", Host: "h", Hostname: "h", Prefix: "foo://h", Query: some("q"), HasHost: true,
		},
	},
	{
		in:   "foo:/.//x",
		want: record{Scheme: "foo", Path: "//x"},
	},
	{
		in:   "foo:/x",
		want: record{Scheme: "foo", Path: "/x"},
	},
	{
		in:   "about:blank#f",
		want: record{Scheme: "about", Path: "blank", Fragment: some("f"), HasOpaquePath: true, IsLocal: true},
	},
	{
		in:   "data:,x?y",
		want: record{Scheme: "data", Path: ",x", Query: some("y"), HasOpaquePath: true, IsLocal: true},
	},
	{
		in:   "blob:https://a.test/id",
		want: record{Scheme: "blob", Path: "https://a.test/id", HasOpaquePath: true, IsLocal: true},
	},
}

func TestAccessors(t *testing.T) {
	for _, tc := range recordTests {
		u, err := weburl.Parse(tc.in, nil)
		if err != nil {
			t.Errorf("Parse(%q): %v", tc.in, err)
			continue
		}
		if diff := cmp.Diff(tc.want, recordOf(u)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.in, diff)
		}
	}
}

// The zero URL is no URL, but asking it must not panic.
func TestAccessorsOfZeroURL(t *testing.T) {
	var u weburl.URL
	if diff := cmp.Diff(record{}, recordOf(&u)); diff != "" {
		t.Errorf("zero URL (-want +got):\n%s", diff)
	}
	for name, v := range map[string]*weburl.URL{
		"itself": &u, "WithoutFragment": u.WithoutFragment(), "WithoutCredentials": u.WithoutCredentials(),
	} {
		if v.String() != "" {
			t.Errorf("%s: got %q; want an empty string", name, v)
		}
	}
}

func TestEqual(t *testing.T) {
	a := weburl.MustParse("https://a.test/x#f")
	for in, want := range map[string]bool{
		"HTTPS://A.test:443/y/../x#f": true,
		"https://a.test/x#g":          false,
		"https://a.test/x":            false,
		"http://a.test/x#f":           false,
	} {
		if got := weburl.Equal(a, weburl.MustParse(in)); got != want {
			t.Errorf("Equal(%s, %s) = %t; want %t", a, in, got, want)
		}
	}
}

func TestParseAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	base := weburl.MustParse("https://a.test/x/y")
	for _, tc := range []struct {
		desc, in string
		want     float64
	}{
		{"canonical: the URL", "https://a.test:8443/x/y?q#f", 1},
		{"canonical, with an IPv4 address", "http://127.0.0.1/", 1},
		{"other: a buffer, the string and the URL", "HTTPS://A.test/x/../y?é#é", 3},
		{"relative", "../z?q", 3},
	} {
		got := testing.AllocsPerRun(100, func() { weburl.Parse(tc.in, base) })
		if got > tc.want {
			t.Errorf("%s: Parse(%q) allocates %v times; want %v", tc.desc, tc.in, got, tc.want)
		}
	}
}

func TestAccessorsDoNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	u := weburl.MustParse("https://u:p@a.test:8443/x?q#f")
	v := weburl.MustParse("https://a.test:8443/x?q")
	got := testing.AllocsPerRun(100, func() {
		_ = u.String() + u.Scheme()[:0]
		_, _, _, _, _ = u.Username(), u.Password(), u.Host(), u.Hostname(), u.Path()
		_, _ = u.Query()
		_, _ = u.Fragment()
		_, _ = u.EffectivePort()
		_ = v.AuthorityPrefix()
		_ = v.WithoutFragment()
		_ = v.WithoutCredentials()
		_ = weburl.Equal(u, v)
	})
	if got != 0 {
		t.Errorf("%v allocations; want 0", got)
	}
}
