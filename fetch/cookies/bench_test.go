package cookies_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch/cookies"
)

// A request without cookies costs no memory, whether there are others or not.
func TestNoAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	var empty, others cookies.Store
	others.SetCookies(own(other), []string{"a=1"}, standard, noon)
	others.SetCookies(own(site), []string{"a=1; SameSite=Strict"}, standard, noon)
	cross := from("https://third.example", site, www, site)
	for _, test := range []struct {
		desc string
		s    *cookies.Store
		r    cookies.Request
	}{
		{"empty store", &empty, own(site)},
		{"cookies of others", &others, own("https://none.example/")},
		{"none that match", &others, cross},
	} {
		for i, rules := range someRules {
			if n := testing.AllocsPerRun(100, func() { test.s.Cookie(test.r, rules, noon) }); n != 0 {
				t.Errorf("%s, rules %d: %v allocations; want 0", test.desc, i, n)
			}
			if n := testing.AllocsPerRun(100, func() { test.s.SetCookies(test.r, nil, rules, noon) }); n != 0 {
				t.Errorf("%s, rules %d: %v allocations to set none; want 0", test.desc, i, n)
			}
		}
	}
	three := &cookies.Store{}
	three.SetCookies(own(site), []string{"a=1", "b=2", "c=3"}, standard, noon)
	if n := testing.AllocsPerRun(100, func() { three.Cookie(own(site), standard, noon) }); n > 3 {
		t.Errorf("three cookies: %v allocations, the request's two included; want 3", n)
	}
}

func BenchmarkCookie(b *testing.B) {
	for _, n := range []int{0, 3, 50} {
		var s cookies.Store
		s.SetCookies(own(other), []string{"a=1"}, standard, noon)
		for i := range n {
			s.SetCookies(own(site), []string{fmt.Sprintf("name%d=value", i)}, standard, noon)
		}
		r := own(site)
		b.Run(fmt.Sprintf("%d cookies", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Cookie(r, standard, noon)
			}
		})
	}
	b.Run("empty store", func(b *testing.B) {
		var s cookies.Store
		r := own(site)
		b.ReportAllocs()
		for b.Loop() {
			s.Cookie(r, standard, noon)
		}
	})
}

func BenchmarkSetCookies(b *testing.B) {
	r := own(www)
	for _, test := range []struct{ name, header string }{
		{"plain", "SID=31d4d96e407aad42"},
		{"attributes", "SID=31d4d96e407aad42; Path=/; Domain=example.com; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Secure; HttpOnly; SameSite=Lax"},
		{"a megabyte of attributes", "a=1" + strings.Repeat("; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Max-Age=9", 1<<20/55)},
	} {
		b.Run(test.name, func(b *testing.B) {
			var s cookies.Store
			b.ReportAllocs()
			b.SetBytes(int64(len(test.header)))
			for b.Loop() {
				s.SetCookies(r, []string{test.header}, standard, noon)
			}
		})
	}
	b.Run("full store", func(b *testing.B) {
		var s cookies.Store
		for i := range cookies.MaxCookies {
			s.SetCookies(own(fmt.Sprintf("https://d%d.example/", i)), []string{"a=1"}, standard, noon)
		}
		requests := make([]cookies.Request, 2*cookies.MaxCookies)
		for i := range requests {
			requests[i] = own(fmt.Sprintf("https://n%d.example/", i))
		}
		i := 0
		b.ReportAllocs()
		for b.Loop() {
			i++
			s.SetCookies(requests[i%len(requests)], []string{"a=1"}, standard, noon)
		}
	})
}
