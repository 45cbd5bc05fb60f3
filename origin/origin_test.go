package origin_test

import (
	"encoding/json"
	"testing"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// fromURL is FromURL on a string.
func fromURL(tb testing.TB, s string) origin.Origin {
	tb.Helper()
	u, err := weburl.Parse(s, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return origin.FromURL(u)
}

// fromURLTests have the serialized origins of URLs. They also seed the fuzz
// tests.
var fromURLTests = []struct{ desc, in, want string }{
	// https://url.spec.whatwg.org/#concept-url-origin
	{"ORG-001 the default port is null", "https://h:443/x", "https://h"},
	{"ORG-002 another port is kept", "http://h:8080", "http://h:8080"},
	{"ORG-003 an internationalized host", "https://BÜCHER.example/", "https://xn--bcher-kva.example"},
	{"ORG-004 an IPv4-mapped IPv6 host", "https://[::ffff:1.2.3.4]/", "https://[::ffff:102:304]"},
	{"ORG-005 data", "data:text/html,x", "null"},
	{"ORG-007 blob of https", "blob:https://a.test/uuid", "https://a.test"},
	{"ORG-008 blob of null", "blob:null/uuid", "null"},
	{"ORG-008 blob of ftp", "blob:ftp://a.test/uuid", "null"},
	{"blob of http with a port", "blob:http://u@a.test:81/uuid", "http://a.test:81"},
	{"blob of ws", "blob:ws://a.test/uuid", "null"},
	{"blob of file", "blob:file:///x", "null"},
	{"blob of blob", "blob:blob:https://a.test/uuid", "null"},
	{"blob of nothing", "blob:", "null"},
	{"blob of a relative URL", "blob:/x", "null"},
	{"blob of data", "blob:data:,x", "null"},
	{"http", "http://a.test/", "http://a.test"},
	{"ws", "ws://a.test:80/", "ws://a.test"},
	{"wss", "wss://a.test:80/", "wss://a.test:80"},
	{"ftp", "ftp://a.test:21/x", "ftp://a.test"},
	{"credentials are left out", "https://u:p@a.test:8443/x?q#f", "https://a.test:8443"},
	{"a full stop at the end is kept", "https://a.test./", "https://a.test."},
	{"port 0", "https://a.test:0/", "https://a.test:0"},
	{"file", "file:///etc/hosts", "null"},
	{"file with a host", "file://a.test/x", "null"},
	{"about", "about:blank", "null"},
	{"javascript", "javascript:1", "null"},
	{"a scheme that is not special", "foo://a.test/", "null"},
}

func TestFromURL(t *testing.T) {
	for _, tc := range fromURLTests {
		t.Run(tc.desc, func(t *testing.T) {
			got := fromURL(t, tc.in)
			if got.String() != tc.want {
				t.Errorf("FromURL(%s) = %s; want %s", tc.in, got, tc.want)
			}
			if got.IsOpaque() != (tc.want == "null") {
				t.Errorf("FromURL(%s).IsOpaque() = %t", tc.in, got.IsOpaque())
			}
			checkOrigin(t, got)
		})
	}
}

// https://html.spec.whatwg.org/#same-origin
func TestSameOrigin(t *testing.T) {
	if a, b := fromURL(t, "data:,x"), fromURL(t, "data:,x"); a == b || a.String() != "null" || b.String() != "null" {
		t.Errorf("ORG-005 the origins of a data: URL, computed twice: %s == %s is %t; want two that are null", a, b, a == b)
	}
	request := origin.NewOpaque()
	if clone := request; clone != request {
		t.Error("ORG-006 a copy of an opaque origin is not the same origin")
	}
	if another := origin.NewOpaque(); another == request {
		t.Error("two opaque origins are the same")
	}
	if (origin.NewOpaque() == origin.Origin{}) {
		t.Error("an opaque origin is the zero Origin")
	}

	for _, tc := range []struct {
		desc, a, b string
		want       bool
	}{
		{"ORG-001 with and without the default port", "https://h:443/x", "https://h/y", true},
		{"ORG-009 another scheme", "http://a.test/", "https://a.test/", false},
		{"ORG-011 a full stop at the end", "https://a.test./", "https://a.test/", false},
		{"ORG-012 another port", "http://127.0.0.1:1/", "http://127.0.0.1:2/", false},
		{"credentials", "https://u@a.test/", "https://a.test/", true},
		{"another host", "https://a.test/", "https://b.test/", false},
		{"another form of a host", "https://[1::0]/", "https://[1:0::]/", true},
	} {
		if got := fromURL(t, tc.a) == fromURL(t, tc.b); got != tc.want {
			t.Errorf("%s: %s and %s are the same origin: %t; want %t", tc.desc, tc.a, tc.b, got, tc.want)
		}
	}
}

func TestAccessors(t *testing.T) {
	for _, tc := range []struct {
		in, scheme, host string
		port             uint16
		hasPort          bool
	}{
		{in: "https://a.test", scheme: "https", host: "a.test"},
		{in: "http://[::1]:8080", scheme: "http", host: "[::1]", port: 8080, hasPort: true},
		{in: "http://[::1]", scheme: "http", host: "[::1]"},
		{in: "https://a.test:0", scheme: "https", host: "a.test", hasPort: true},
		{in: "chrome-extension://abc", scheme: "chrome-extension", host: "abc"},
		{in: "null"},
	} {
		o := origin.MustParse(tc.in)
		port, hasPort := o.Port()
		if o.Scheme() != tc.scheme || o.Host() != tc.host || port != tc.port || hasPort != tc.hasPort {
			t.Errorf("%s: got %q, %q, %d, %t; want %q, %q, %d, %t",
				tc.in, o.Scheme(), o.Host(), port, hasPort, tc.scheme, tc.host, tc.port, tc.hasPort)
		}
	}
}

func TestZeroOrigin(t *testing.T) {
	var zero origin.Origin
	if !zero.IsZero() || !zero.IsOpaque() || zero.String() != "null" {
		t.Errorf("the zero Origin: IsZero() = %t, IsOpaque() = %t, String() = %s", zero.IsZero(), zero.IsOpaque(), zero)
	}
	if origin.NewOpaque().IsZero() || origin.MustParse("https://a.test").IsZero() {
		t.Error("IsZero() is true for another Origin")
	}
	checkOrigin(t, zero)
}

// checkOrigin checks what holds for all origins.
func checkOrigin(t *testing.T, o origin.Origin) {
	t.Helper()
	if o.IsOpaque() {
		if o.Scheme() != "" || o.Host() != "" || o.String() != "null" || o.PotentiallyTrustworthy() || o.RegistrableDomain() != "" {
			t.Errorf("an opaque origin has scheme %q, host %q, serialization %q", o.Scheme(), o.Host(), o)
		}
	} else if origin.IsSerialized(o.String()) {
		if again, err := origin.Parse(o.String()); err != nil || again != o {
			t.Errorf("Parse(%q) = %v, %v; want the same", o, again, err)
		}
	}
	if !o.IsOpaque() {
		// Every URL on an origin has that origin, if its scheme has tuples.
		again := fromURL(t, o.String()+"/x?q")
		if again != o && !again.IsOpaque() {
			t.Errorf("the origin of %s/x?q is %s", o, again)
		}
	}
	if !o.SameSite(o) || !o.SchemelesslySameSite(o) {
		t.Errorf("%s is not the same site as itself", o)
	}
}

func TestText(t *testing.T) {
	type page struct{ Origin origin.Origin }
	for _, o := range []origin.Origin{origin.MustParse("https://a.test:81"), origin.NewOpaque(), {}} {
		data, err := json.Marshal(page{o})
		if err != nil {
			t.Fatal(err)
		}
		if want := `{"Origin":"` + o.String() + `"}`; string(data) != want {
			t.Errorf("json.Marshal: got %s; want %s", data, want)
		}
		var got page
		if err := json.Unmarshal(data, &got); err != nil || got.Origin.String() != o.String() {
			t.Errorf("json.Unmarshal(%s) = %s, %v; want %s", data, got.Origin, err, o)
		}
		if same := got.Origin == o; same == o.IsOpaque() {
			t.Errorf("%s is the same origin after json.Unmarshal: %t", data, same)
		}
	}
	o := origin.MustParse("https://a.test")
	if err := o.UnmarshalText([]byte("https://a.test/")); err == nil || o.String() != "https://a.test" {
		t.Errorf("UnmarshalText of a URL: %v, and the origin is %s; want an error and no change", err, o)
	}
}

func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	u, v := weburl.MustParse("https://www.a.test:8443/x"), weburl.MustParse("https://a.test/y")
	a, b := origin.FromURL(u), origin.FromURL(v)
	list, one := []*weburl.URL{u, v, u}, []*weburl.URL{weburl.MustParse("data:,x")}
	var sites origin.Sites
	for _, tc := range []struct {
		desc string
		f    func()
	}{
		{"FromURL", func() { origin.FromURL(u) }},
		{"accessors", func() { a.Port(); _ = a.String() + a.Scheme()[:0] + a.Host()[:0] }},
		{"IsSerialized", func() { origin.IsSerialized("https://[2001:db8::1]:8443") }},
		{"PotentiallyTrustworthy", func() { a.PotentiallyTrustworthy() }},
		{"SameSite by the schemes", func() { a.SameSite(origin.Origin{}) }},
		{"RedirectTaint of one URL", func() { origin.RedirectTaint(a, one) }},
		{"Sites.Site", func() { sites.Site(a) }},
		{"Sites.SameSite", func() { sites.SameSite(a, b) }},
		{"Sites.RedirectTaint", func() { sites.RedirectTaint(b, list) }},
		{"Sites.NetworkPartitionKey", func() { sites.NetworkPartitionKey(a, nil) }},
	} {
		tc.f()
		if got := testing.AllocsPerRun(100, tc.f); got != 0 {
			t.Errorf("%s: %v allocations; want 0", tc.desc, got)
		}
	}
}
