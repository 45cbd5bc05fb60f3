package cookies_test

import (
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// The rules that explain what the browsers did; see TestRecorded.
var (
	standard = cookies.Rules{}
	chromium = fetch.Chromium().Cookies
	firefox  = fetch.Firefox().Cookies
	webkit   = fetch.WebKit().Cookies
)

func list(urls ...string) []*weburl.URL {
	var all []*weburl.URL
	for _, u := range urls {
		all = append(all, weburl.MustParse(u))
	}
	return all
}

// own is a request of a page to its own origin.
func own(url string) cookies.Request {
	u := weburl.MustParse(url)
	return cookies.Request{URLs: []*weburl.URL{u}, Origin: origin.FromURL(u)}
}

// from is a request of a page to somewhere, by way of other URLs.
func from(page string, urls ...string) cookies.Request {
	return cookies.Request{URLs: list(urls...), Origin: origin.MustParse(page)}
}

// visit is what a user does who types a URL.
func visit(url string) cookies.Request {
	r := own(url)
	r.TopLevelNavigation = true
	return r
}

// navigate is a top-level navigation that a page starts.
func navigate(page, method string, urls ...string) cookies.Request {
	r := from(page, urls...)
	r.TopLevelNavigation, r.Method = true, method
	return r
}

// script is document.cookie of a page.
func script(url string) cookies.Request {
	r := own(url)
	r.Script = true
	return r
}

// stored returns the only cookie that a header leaves in an empty store, if
// any.
func stored(t *testing.T, r cookies.Request, header string, rules cookies.Rules) (cookies.Entry, bool) {
	t.Helper()
	var s cookies.Store
	s.SetCookies(r, []string{header}, rules, noon)
	all := s.Entries(noon)
	if len(all) > 1 {
		t.Fatalf("%q left %d cookies", header, len(all))
	}
	if len(all) == 0 {
		return cookies.Entry{}, false
	}
	return all[0], true
}

// names returns the names of the cookies in the store, as in "a b c".
func names(s *cookies.Store, now time.Time) string {
	var all []string
	for _, e := range s.Entries(now) {
		all = append(all, e.Name)
	}
	return strings.Join(all, " ")
}
