package cookies_test

import (
	"net/http/cookiejar"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch/cookies"
)

// A Jar is used as a Store is.
type store interface {
	Cookie(cookies.Request, cookies.Rules, time.Time) string
	SetCookies(cookies.Request, []string, cookies.Rules, time.Time)
}

var (
	_ store = (*cookies.Store)(nil)
	_ store = cookies.Jar{}
)

func TestJar(t *testing.T) {
	std, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	j := cookies.Jar{Jar: std}
	j.SetCookies(own("https://u:p@www.example.com/d/f#x"), []string{"a=1; Domain=example.com; Path=/", "s=1; SameSite=Strict", "bad cookie=1", "x=1; Path=/other"}, standard, noon)
	cross := from("https://other.example", "https://www.example.com/d/")
	for _, test := range []struct {
		desc  string
		r     cookies.Request
		rules cookies.Rules
		want  string
	}{
		{"own", own("https://www.example.com/d/"), standard, "s=1; a=1"},
		{"subdomain", own("https://x.example.com/d/"), standard, "a=1"},
		{"other site", cross, standard, "s=1; a=1"},
		{"other site, only reading", cross, cookies.Rules{ThirdParty: cookies.ThirdPartyUnset}, "s=1; a=1"},
		{"other site, blocked", cross, cookies.Rules{ThirdParty: cookies.ThirdPartyBlocked}, ""},
		{"other site, partitioned", cross, firefox, ""},
		{"same site, blocked", from("https://example.com", "https://www.example.com/d/"), cookies.Rules{ThirdParty: cookies.ThirdPartyBlocked}, "s=1; a=1"},
		{"a script", script("https://www.example.com/d/"), standard, ""},
		{"other scheme", own("data:,x"), standard, ""},
		{"no URL", cookies.Request{}, standard, ""},
	} {
		t.Run(test.desc, func(t *testing.T) {
			if got := j.Cookie(test.r, test.rules, noon); got != test.want {
				t.Errorf("got %q; want %q", got, test.want)
			}
		})
	}
	t.Run("what cannot be set", func(t *testing.T) {
		j.SetCookies(cross, []string{"n=1"}, firefox, noon)
		j.SetCookies(cross, []string{"n=1"}, cookies.Rules{ThirdParty: cookies.ThirdPartyUnset}, noon)
		j.SetCookies(script("https://www.example.com/d/"), []string{"n=1"}, standard, noon)
		j.SetCookies(own("https://www.example.com/d/"), []string{"=;;"}, standard, noon)
		if got, want := j.Cookie(own("https://www.example.com/d/"), standard, noon), "s=1; a=1"; got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	})
	t.Run("zero", func(t *testing.T) {
		var zero cookies.Jar
		zero.SetCookies(own(site), []string{"a=1"}, standard, noon)
		if got := zero.Cookie(own(site), standard, noon); got != "" {
			t.Errorf("got %q from no jar", got)
		}
	})
}
