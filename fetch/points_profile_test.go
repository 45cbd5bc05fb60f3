package fetch_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
)

// What browsers do that no recorded scenario can show.

// TestOpenPorts: which bad ports a browser fetches from all the same. Nothing
// can listen on them where browsers are recorded.
func TestOpenPorts(t *testing.T) {
	const open, bad = "GET => basic 200", "=> UnsafePort"
	var points []point
	for _, p := range []struct {
		profile *fetch.Profile
		want    map[string]string // by port
	}{
		{fetch.Standard(), map[string]string{"0": bad, "1": bad, "4190": bad, "6679": bad, "6697": bad, "10080": bad}},
		{fetch.Chromium(), map[string]string{"0": bad, "1": bad, "4190": open, "6679": open, "6697": bad, "10080": bad}},
		{fetch.Firefox(), map[string]string{"0": open, "1": bad, "4190": bad, "6679": bad, "6697": bad, "10080": bad}},
		{fetch.WebKit(), map[string]string{"0": bad, "1": bad, "4190": bad, "6679": bad, "6697": bad, "10080": bad}},
	} {
		for port, want := range p.want {
			origin := A + ":" + port
			points = append(points, point{name: p.profile.Name + " port " + port, page: origin + "/", profile: p.profile, call: call{url: origin + "/x"},
				servers: map[string]answer{origin + "/x": {}}, want: want})
		}
	}
	runPoints(t, points)
}

// TestUserAgentOfScript: who may say who is asking. Recordings leave the
// User-Agent of preflights out, and Chromium's say that it was headless.
func TestUserAgentOfScript(t *testing.T) {
	c := call{url: B + "/x", header: []string{"User-Agent: me"}}
	servers := asked("Access-Control-Allow-Headers: user-agent")
	own := func(p *fetch.Profile) string { return "User-Agent: " + p.UserAgent }
	runPoints(t, []point{
		{name: "standard: the script, and the preflight has the browser's own", call: c, servers: servers,
			want: "OPTIONS GET => cors 200", wire: []string{"1 User-Agent: corsfetch", "2 User-Agent: me"}},
		{name: "chromium: the browser alone", profile: fetch.Chromium(), call: c, servers: servers,
			want: "GET => cors 200", wire: []string{"1 " + own(fetch.Chromium())}},
		{name: "firefox: as the standard", profile: fetch.Firefox(), call: c, servers: servers,
			want: "OPTIONS GET => cors 200", wire: []string{"1 " + own(fetch.Firefox()), "2 User-Agent: me"}},
		{name: "webkit: the script, in the preflight too", profile: fetch.WebKit(), call: c, servers: servers,
			want: "OPTIONS GET => cors 200", wire: []string{"1 User-Agent: me", "2 User-Agent: me"}},
	})
}
