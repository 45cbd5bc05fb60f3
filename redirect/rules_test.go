package redirect_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/redirect"
)

// The rules of the browsers.
var browsers = []struct {
	name  string
	rules redirect.Rules
}{
	{"standard", redirect.Rules{}},
	{"chromium", fetch.Chromium().Redirect.Location},
	{"firefox", fetch.Firefox().Redirect.Location},
	{"webkit", fetch.WebKit().Redirect.Location},
}

// What Chromium 156, Firefox 153 and WebKitGTK 2.50 did with these, beside what
// the standard says.
func TestBrowsers(t *testing.T) {
	const y, away = "GET https://b.test/y", " without Authorization"
	var (
		several = refused(redirect.MultipleLocations)
		cross   = refused(redirect.CrossOriginCredentials)
		back    = refused(redirect.TaintedCredentials)
	)
	tests := []struct {
		name     string
		q        redirect.Request
		location []string
		want     [4]string // as browsers
	}{
		{"a relative Location", with(get("B/x"), tainted), []string{"y"}, [4]string{y, y, y, y}},
		{"an empty Location", with(get("B/y"), tainted), []string{""},
			[4]string{y, "no redirect", y, refused(redirect.EmptyLocationRefused)}},
		{"two equal Locations", with(get("B/x"), tainted), []string{"/y", "/y"},
			[4]string{several, y, several, "GET https://b.test/y,%20/y"}}, // Firefox has one of them by then
		{"RED-017 two different Locations", with(get("B/x"), tainted), []string{"/y", "/z"},
			[4]string{several, several, several, "GET https://b.test/y,%20/z"}},
		{"a tab", with(get("B/x"), tainted), []string{"/y?a\tb"},
			[4]string{y + "?ab", y + "?ab", y + "?a%09b", y + "?ab"}},
		{"DELETE, A to B", with(get("A/x"), method("DELETE"), withBody), []string{"https://b.test/y"},
			[4]string{"DELETE https://b.test/y" + away, "DELETE https://b.test/y" + away, "DELETE https://b.test/y" + away, y + " without body, with its headers" + away}},
		{"DELETE, B to B", with(get("B/x"), method("DELETE"), tainted), []string{"/y"},
			[4]string{"DELETE https://b.test/y", "DELETE https://b.test/y", "DELETE https://b.test/y", "DELETE https://b.test/y"}},
		{"RED-021 bytes that are UTF-8", with(get("B/x"), tainted), []string{"/y?\xC3\xA9"},
			[4]string{y + "?%C3%A9", y + "?%C3%A9", y + "?%C3%A9", y + "?%C3%83%C2%A9"}},
		{"RED-021 bytes that are not", with(get("B/x"), tainted), []string{"/y?\xE9\xA9"},
			[4]string{y + "?%E9%A9", y + "?%E9%A9", y + "?%E9%A9", y + "?%C3%AF%C2%BF%C2%BD%C3%AF%C2%BF%C2%BD"}},
		{"RED-022 credentials, B to B", with(get("B/x"), tainted), []string{"https://u:p@b.test/y"},
			[4]string{cross, cross, cross, cross}},
		{"RED-022 a user name, B to B", with(get("B/x"), tainted), []string{"https://u@b.test/y"},
			[4]string{cross, cross, cross, cross}},
		{"RED-023 credentials, A to A", get("A/x"), []string{"https://u:p@a.test/y"},
			[4]string{"GET https://u:p@a.test/y", refused(redirect.CredentialsRefused), "GET https://u:p@a.test/y", "GET https://u:p@a.test/y"}},
		{"RED-024 credentials, B to A", with(get("B/x"), tainted), []string{"https://u:p@a.test/y"},
			[4]string{back, back, back, back}},
	}
	for _, test := range tests {
		for i, browser := range browsers {
			t.Run(test.name+"/"+browser.name, func(t *testing.T) {
				got := outcome(redirect.Follow(test.q, 302, test.location, browser.rules))
				if want := test.want[i]; got != want {
					t.Errorf("Follow(%s, 302, %q):\n got %s\nwant %s", test.q.URL, test.location, got, want)
				}
			})
		}
	}
}

// EqualLocations comes before JoinLocations where both are set.
func TestEqualBeforeJoined(t *testing.T) {
	rules := redirect.Rules{EqualLocations: true, JoinLocations: true}
	for _, test := range []struct {
		location []string
		want     string
	}{
		{[]string{"/y", "/y", "/y"}, "GET https://a.test/y"},
		{[]string{"/y", "/y", "/z"}, "GET https://a.test/y,%20/y,%20/z"},
	} {
		if got := outcome(redirect.Follow(get("A/x"), 302, test.location, rules)); got != test.want {
			t.Errorf("Follow(%q): %s; want %s", test.location, got, test.want)
		}
	}
}
