package weburl_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/origin/weburl"
)

// FuzzParse parses against a base, and checks what holds for all URLs.
func FuzzParse(f *testing.F) {
	eachParseTest(func(_ string, tc parseTest) { f.Add(tc.in, tc.base) })
	for _, tc := range recordTests {
		f.Add(tc.in, "")
	}
	for _, hostile := range hostileInputs {
		f.Add(hostile.input(64), "https://a.test/x/y?q")
	}
	f.Fuzz(func(t *testing.T, in, baseInput string) {
		base, err := weburl.Parse(baseInput, nil)
		if err != nil {
			base = nil
		} else {
			checkURL(t, base)
		}
		u, err := weburl.Parse(in, base)
		if err != nil {
			return
		}
		checkURL(t, u)
		if base != nil && base.HasHost() && strings.HasPrefix(in, "#") {
			checkDerived(t, "WithoutFragment", u.WithoutFragment(), base.WithoutFragment().String())
		}
	})
}

// checkURL checks that u is what its serialization is when parsed, whatever the
// base, and that so is what is derived from it.
func checkURL(t *testing.T, u *weburl.URL) {
	t.Helper()
	if again, err := weburl.Parse(u.String(), weburl.MustParse("https://base.test/x/y")); err != nil || !weburl.Equal(u, again) {
		t.Errorf("Parse(%q) = %v, %v; want the same", u, again, err)
		return
	}
	checkDerived(t, "Parse", u, u.String())
	if u.HasOpaquePath() && u.HasHost() {
		t.Errorf("%q has an opaque path and a host", u)
	}
	if fragment, ok := u.Fragment(); ok {
		checkDerived(t, "WithFragment", u.WithoutFragment().WithFragment(fragment), u.String())
	}
	plain := u.WithoutFragment().WithoutCredentials()
	checkDerived(t, "plain", plain, plain.String())
	if _, ok := plain.Fragment(); ok || plain.IncludesCredentials() {
		t.Errorf("%q has a fragment or credentials", plain)
	}
	if prefix := plain.AuthorityPrefix(); !strings.HasPrefix(plain.String(), prefix) || prefix != u.AuthorityPrefix() {
		t.Errorf("%q: prefixes %q and %q", u, u.AuthorityPrefix(), prefix)
	}
	if r := recordOf(u); reassemble(r) != u.String() {
		t.Errorf("%q: its parts make %q", u, reassemble(r))
	}
}

// reassemble is the URL serializer, on the parts of a URL.
//
// https://url.spec.whatwg.org/#concept-url-serializer
func reassemble(r record) string {
	s := r.Scheme + ":"
	if r.HasHost {
		s += "//" + r.Username
		if r.Password != "" {
			s += ":" + r.Password
		}
		if r.IncludesCredentials {
			s += "@"
		}
		s += r.Host
	} else if !r.HasOpaquePath && strings.HasPrefix(r.Path, "//") {
		s += "/."
	}
	s += r.Path
	if r.Query.OK {
		s += "?" + r.Query.Value
	}
	if r.Fragment.OK {
		s += "#" + r.Fragment.Value
	}
	return s
}

func TestURLProperties(t *testing.T) {
	eachParseTest(func(_ string, tc parseTest) {
		if u, err := weburl.Parse(tc.in, parseBase(t, tc.base)); err == nil {
			checkURL(t, u)
		}
	})
}

// A URL is resolved against another in the same way as against the other's
// serialization.
func TestResolvingTwice(t *testing.T) {
	bases := []string{
		"https://u:p@a.test:81/x/y?q#f", "http://[::1]/", "file:///C:/x/y", "file://h/x", "foo://h/x/y", "foo:/.//x/y", "data:x",
	}
	eachParseTest(func(_ string, tc parseTest) {
		for _, base := range bases {
			b := weburl.MustParse(base)
			u, err := weburl.Parse(tc.in, b)
			if err != nil {
				continue
			}
			v, err := weburl.Parse(tc.in, u)
			if err != nil {
				t.Errorf("%q can be resolved against %s but not against the result %s: %v", tc.in, b, u, err)
				continue
			}
			if isAbsolutePath := strings.HasPrefix(tc.in, "/"); isAbsolutePath && !weburl.Equal(u, v) {
				t.Errorf("%q against %s is %s, and against that %s", tc.in, b, u, v)
			}
			checkURL(t, v)
		}
	})
}

// hostileInputs make the most of what parsers go back and forth over.
var hostileInputs = []struct {
	desc  string
	input func(n int) string
}{
	{"at signs", func(n int) string { return "https://" + strings.Repeat("@", n) }},
	{"at signs before a host", func(n int) string { return "https://" + strings.Repeat("@", n) + "a" }},
	{"colons", func(n int) string { return "https://" + strings.Repeat(":", n) + "@a/" }},
	{"opening brackets", func(n int) string { return "https://" + strings.Repeat("[", n) + "/" }},
	{"brackets and colons", func(n int) string { return "https://" + strings.Repeat("[:]", n/3) + "/" }},
	{"IPv6 colons", func(n int) string { return "https://[" + strings.Repeat(":", n) + "]/" }},
	{"IPv6 digits", func(n int) string { return "https://[::1." + strings.Repeat("0", n) + "]/" }},
	{"host dots", func(n int) string { return "https://" + strings.Repeat(".", n) + "/" }},
	{"host digits", func(n int) string { return "https://" + strings.Repeat("1", n) + "/" }},
	{"host digits and dots", func(n int) string { return "https://" + strings.Repeat("1.", n/2) + "/" }},
	{"host percents", func(n int) string { return "https://" + strings.Repeat("%41", n/3) + "/" }},
	{"host U-labels", func(n int) string { return "https://" + strings.Repeat("ü.", n/3) + "/" }},
	{"host one U-label", func(n int) string { return "https://" + strings.Repeat("ü", n/2) + "/" }},
	{"host A-labels", func(n int) string { return "https://ü." + strings.Repeat("xn--tda.", n/8) + "/" }},
	{"host distinct code points", func(n int) string {
		var b strings.Builder
		for i := range min(n/3, 1000) {
			b.WriteRune(rune('\u4e00' + i))
		}
		return "https://" + b.String() + "/" + strings.Repeat("x", n-b.Len())
	}},
	{"host combining marks", func(n int) string { return "https://a" + strings.Repeat("\u0300\u0323", n/4) + "/" }},
	{"opaque host", func(n int) string { return "foo://" + strings.Repeat("é", n/2) + "/" }},
	{"port", func(n int) string { return "https://a:" + strings.Repeat("0", n) + "/" }},
	{"slashes", func(n int) string { return "https:" + strings.Repeat("/", n) }},
	{"backslashes", func(n int) string { return "https:" + strings.Repeat(`\`, n) }},
	{"path slashes", func(n int) string { return "https://a.test/" + strings.Repeat("/", n) }},
	{"path percents", func(n int) string { return "https://a.test/" + strings.Repeat("/%", n/2) }},
	{"path single dots", func(n int) string { return "https://a.test/" + strings.Repeat("./", n/2) }},
	{"path there and back", func(n int) string {
		return "https://a.test/" + strings.Repeat("x/", n/5) + strings.Repeat("../", n/5)
	}},
	{"path there and back again", func(n int) string { return "https://a.test/" + strings.Repeat("x/../", n/5) }},
	{"path only back", func(n int) string { return "https://a.test/long" + strings.Repeat("../", n/3) }},
	{"file path back to a drive", func(n int) string { return "file:///C:/" + strings.Repeat("../", n/3) }},
	{"null host", func(n int) string { return "foo:/." + strings.Repeat("/", n) }},
	{"query", func(n int) string { return "https://a.test/?" + strings.Repeat("?'", n/2) }},
	{"fragment", func(n int) string { return "https://a.test/#" + strings.Repeat("#`", n/2) }},
	{"spaces in an opaque path", func(n int) string { return "data:" + strings.Repeat(" ", n) + "#" }},
	{"tabs", func(n int) string { return "https://a.test/" + strings.Repeat("\t", n) + "x" }},
	{"spaces around", func(n int) string { return strings.Repeat(" ", n) + "x" + strings.Repeat(" ", n) }},
	{"no UTF-8", func(n int) string { return "https://a.test/" + strings.Repeat("\xff", n) }},
	{"scheme", func(n int) string { return strings.Repeat("a", n) }},
}

// Twice the input may take a bit more than twice the memory, as buffers grow by
// powers of two, but not four times. Time is measured by BenchmarkHostile.
func TestMemoryIsLinear(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	base := weburl.MustParse("https://a.test/x/y")
	for _, hostile := range hostileInputs {
		small, large := hostile.input(1<<16), hostile.input(1<<17)
		a, b := allocated(func() { weburl.Parse(small, base) }), allocated(func() { weburl.Parse(large, base) })
		if b > 3*a+1<<12 {
			t.Errorf("%s: %d bytes for %d bytes of input, %d for %d", hostile.desc, a, len(small), b, len(large))
		}
		if b > 64*uint64(len(large)) {
			t.Errorf("%s: %d bytes for %d bytes of input", hostile.desc, b, len(large))
		}
	}
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A base URL that is long does not make resolving against it any slower than
// copying it.
func TestLongBase(t *testing.T) {
	base := weburl.MustParse("https://a.test/" + strings.Repeat("x/", 1<<15) + "y")
	u, err := weburl.Parse(strings.Repeat("../", 1<<15)+"z", base)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("https://a.test/z", u.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
