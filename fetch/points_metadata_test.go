package fetch_test

import (
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/initiator"
	"github.com/corsfetch/corsfetch/origin"
)

// Referer and the Sec-Fetch headers. Where a secure page goes to an insecure
// URL it navigates, as mixed content would be blocked.

// navigate is the Init of a navigation.
var navigate = fetch.Init{Mode: fetch.ModeNavigate, Destination: "document"}

// https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
func TestReferer(t *testing.T) {
	const pageURL = A + "/dir/page?q"
	everywhere := map[string]answer{
		A + "/x": anyone, B + "/x": anyone, C + "/x": anyone, "http://b.test/x": anyone,
		A + "/to-b":           leads(302, B+"/to-a"),
		B + "/to-a":           leads(302, A+"/x"),
		A + "/to-http":        leads(302, "http://b.test/to-c"),
		"http://b.test/to-c":  leads(302, C+"/x"),
		A + "/no-referrer":    leads(302, A+"/x", "Referrer-Policy: no-referrer, bogus"),
		A + "/bogus":          leads(302, A+"/x", "Referrer-Policy: bogus"),
		A + "/empty":          leads(302, A+"/x", "Referrer-Policy:"),
		A + "/last":           leads(302, A+"/x", "Referrer-Policy: no-referrer, origin"),
		A + "/twice":          leads(302, A+"/x", "Referrer-Policy: unsafe-url", "Referrer-Policy: no-referrer"),
		A + "/origin-to-b":    leads(302, B+"/x", "Referrer-Policy: no-referrer"),
		A + "/unsafe-to-b":    leads(302, B+"/x", "Referrer-Policy: unsafe-url"),
		A + "/answers-policy": {headers: []string{"Referrer-Policy: no-referrer"}},
	}
	refers := func(url, referrer string) call { return call{url: url, init: fetch.Init{Referrer: referrer}} }
	full, root, none := []string{"1 Referer: " + pageURL}, []string{"1 Referer: " + A + "/"}, []string{"1 !Referer"}
	ofLength := func(n int) string { return A + "/" + strings.Repeat("x", n-len(A+"/")) }
	points := []point{
		{name: "REF-001 the page's origin is told all", call: call{url: A + "/x"}, want: "GET => basic 200", wire: full},
		{name: "REF-001 another one the origin", call: call{url: B + "/x"}, want: "GET => cors 200", wire: root},
		{name: "REF-001 an insecure one nothing", call: call{url: "http://b.test/x", init: navigate}, want: "GET => basic 200", wire: none},
		{name: "REF-002 no userinfo, no fragment", page: "https://user:pass@a.test/dir/page?q#f", call: call{url: A + "/x"}, want: "GET => basic 200", wire: full},
		{name: "REF-002 nor in the request's own", call: refers(A+"/x", "https://user:pass@a.test/other#f"), want: "GET => basic 200", wire: []string{"1 Referer: " + A + "/other"}},
		{name: "REF-002 nor in the origin", page: "https://user:pass@a.test/dir/page?q#f", call: call{url: B + "/x"}, want: "GET => cors 200", wire: root},
		{name: "REF-003 4096 characters are told", page: ofLength(4096), call: call{url: A + "/x"}, want: "GET => basic 200", wire: []string{"1 Referer: " + ofLength(4096)}},
		{name: "REF-003 not counting the fragment", page: ofLength(4096) + "#f", call: call{url: A + "/x"}, want: "GET => basic 200", wire: []string{"1 Referer: " + ofLength(4096)}},
		{name: "REF-003 of 4097 the origin is", page: ofLength(4097), call: call{url: A + "/x"}, want: "GET => basic 200", wire: root},
		{name: "REF-003 by policy unsafe-url, too", page: ofLength(4097), policy: fetch.UnsafeURLPolicy, call: call{url: B + "/x"}, want: "GET => cors 200", wire: root},
		{name: "REF-004 a referrer of another origin stands for the page", call: refers(A+"/x", B+"/other"), want: "GET => basic 200", wire: full},
		{name: "REF-004 so does about:client", call: refers(A+"/x", "about:client"), want: "GET => basic 200", wire: full},
		{name: "REF-004 one of the page's origin is taken", call: refers(A+"/x", "other?r"), want: "GET => basic 200", wire: []string{"1 Referer: " + A + "/dir/other?r"}},
		{name: "REF-004 and told as the policy says", call: refers(B+"/x", "other?r"), want: "GET => cors 200", wire: root},
		{name: "REF-004 one that is no URL is refused", call: refers(A+"/x", "https://:x"), want: "=> InvalidReferrer"},
		{name: "REF-005 no referrer", call: refers(A+"/x", fetch.NoReferrer), want: "GET => basic 200", wire: none},
		{name: "REF-005 by any policy", policy: fetch.UnsafeURLPolicy, call: refers(B+"/x", fetch.NoReferrer), want: "GET => cors 200", wire: none},
		{name: "REF-006 what was cut is not told again", call: call{url: A + "/to-b"}, want: "GET GET GET => cors 200",
			wire: []string{"1 Referer: " + pageURL, "2 Referer: " + A + "/", "3 Referer: " + A + "/"}},
		{name: "REF-007 what was left out is not told again", call: call{url: A + "/to-http", init: navigate}, want: "GET GET GET => basic 200",
			wire: []string{"1 Referer: " + pageURL, "2 !Referer", "3 !Referer"}},
		{name: "REF-008 a redirect's policy", call: call{url: A + "/no-referrer"}, want: "GET GET => basic 200", wire: []string{"1 Referer: " + pageURL, "2 !Referer"}},
		{name: "REF-008 one that is unknown", call: call{url: A + "/bogus"}, want: "GET GET => basic 200", wire: []string{"1 Referer: " + pageURL, "2 Referer: " + pageURL}},
		{name: "REF-008 one that is empty", call: call{url: A + "/empty"}, want: "GET GET => basic 200", wire: []string{"2 Referer: " + pageURL}},
		{name: "REF-008 the last that is known", call: call{url: A + "/last"}, want: "GET GET => basic 200", wire: []string{"2 Referer: " + A + "/"}},
		{name: "REF-008 of all headers", call: call{url: A + "/twice"}, want: "GET GET => basic 200", wire: []string{"2 !Referer"}},
		{name: "REF-008 holds for the next hop", call: call{url: A + "/origin-to-b"}, want: "GET GET => cors 200", wire: []string{"2 !Referer", "2 Origin: " + A}},
		{name: "REF-008 may be laxer than the request's", call: call{url: A + "/unsafe-to-b"}, want: "GET GET => cors 200", wire: []string{"2 Referer: " + pageURL}},
		{name: "REF-009 a data: page", page: "data:text/html,hi", call: call{url: B + "/x"}, want: "GET => cors 200", wire: append(none, "1 Origin: null")},
		{name: "REF-009 an about: page", page: "about:blank", policy: fetch.UnsafeURLPolicy, call: call{url: B + "/x"}, want: "GET => cors 200", wire: none},
	}
	for i := range points {
		points[i].servers = everywhere
		if points[i].page == "" {
			points[i].page = pageURL
		}
	}
	runPoints(t, points)
	for name, page := range map[string]*fetch.Transport{
		"REF-009 an about:blank page of the origin A":      {Origin: origin.MustParse(A), Referrer: "about:blank"},
		"REF-009 an about:srcdoc page of the origin A":     {Origin: origin.MustParse(A), Referrer: "about:srcdoc"},
		"REF-009 a blob: page of the origin A":             {Origin: origin.MustParse(A), Referrer: "blob:" + A + "/00000000-0000-4000-8000-000000000000"},
		"REF-009 a sandboxed page, whose origin is opaque": {Referrer: A + "/page"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &web{servers: everywhere}
			page.Browser, page.ReferrerPolicy = &fetch.Browser{Base: w}, fetch.UnsafeURLPolicy
			outcome := call{url: B + "/x"}.fetch(t, t.Context(), page)
			wire := w.take()
			if got, want := verdict(wire, outcome), "GET => cors 200"; got != want {
				t.Fatalf("got %q; want %q", got, want)
			}
			checkWire(t, wire, "1 !Referer")
		})
	}
}

// Every policy, over the three distances.
//
// https://w3c.github.io/webappsec-referrer-policy/#referrer-policies
func TestRefererByPolicy(t *testing.T) {
	const pageURL = A + "/dir/page?q"
	const full, root, none = "Referer: " + pageURL, "Referer: " + A + "/", "!Referer"
	servers := map[string]answer{A + "/x": anyone, B + "/x": anyone, "http://b.test/x": anyone}
	for policy, want := range map[fetch.ReferrerPolicy][3]string{ // same-origin, cross-origin, downgrade
		fetch.NoReferrerPolicy:                  {none, none, none},
		fetch.NoReferrerWhenDowngradePolicy:     {full, full, none},
		fetch.SameOriginPolicy:                  {full, none, none},
		fetch.OriginPolicy:                      {root, root, root},
		fetch.StrictOriginPolicy:                {root, root, none},
		fetch.OriginWhenCrossOriginPolicy:       {full, root, root},
		fetch.StrictOriginWhenCrossOriginPolicy: {full, root, none},
		fetch.UnsafeURLPolicy:                   {full, full, full},
		"":                                      {full, root, none},
	} {
		for i, url := range []string{A + "/x", B + "/x", "http://b.test/x"} {
			p := point{page: pageURL, policy: policy, servers: servers, call: call{url: url, init: navigate}, want: "GET => basic 200", wire: []string{"1 " + want[i]}}
			p.name = "REF-001 policy " + string(policy) + " to " + url
			runPoints(t, []point{p})
			p.name, p.policy, p.call.init.ReferrerPolicy = "REF-001 the request's policy "+string(policy)+" to "+url, "", policy
			runPoints(t, []point{p})
		}
	}
}

// https://w3c.github.io/webappsec-fetch-metadata/#fetch-integration
func TestFetchMetadata(t *testing.T) {
	const loopbackURL = "http://127.0.0.1/x"
	everywhere := map[string]answer{
		A + "/x": anyone, A2 + "/x": anyone, B + "/x": anyone, "http://b.test/x": anyone, "http://c.test/x": anyone, loopbackURL: anyone,
		A + "/to-b":          leads(302, B+"/to-a"),
		B + "/to-a":          leads(302, A+"/x"),
		A + "/to-a2":         leads(302, A2+"/x"),
		A + "/to-a2-a":       leads(302, A2+"/to-a"),
		A2 + "/to-a":         leads(302, A+"/x"),
		B + "/to-http":       leads(302, "http://c.test/x"),
		"http://b.test/to-s": leads(302, A+"/x"),
	}
	site := func(n string, site string) []string {
		return []string{n + " Sec-Fetch-Site: " + site, n + " Sec-Fetch-Mode: cors", n + " Sec-Fetch-Dest: empty", n + " !Sec-Fetch-User"}
	}
	nothing := func(n string) []string {
		return []string{n + " !Sec-Fetch-Site", n + " !Sec-Fetch-Mode", n + " !Sec-Fetch-Dest", n + " !Sec-Fetch-User"}
	}
	both := func(a, b []string) []string { return append(a[:len(a):len(a)], b...) }
	points := []point{
		{name: "SFM-001 SFM-008 the page's origin", call: call{url: A + "/x"}, want: "GET => basic 200", wire: site("1", "same-origin")},
		{name: "SFM-001 SFM-008 its site", call: call{url: A2 + "/x"}, want: "GET => cors 200", wire: site("1", "same-site")},
		{name: "SFM-001 SFM-008 another site", call: call{url: B + "/x"}, want: "GET => cors 200", wire: site("1", "cross-site")},
		{name: "SFM-001 a site has a scheme", page: H + "/", call: call{url: A + "/x"}, want: "GET => cors 200", wire: site("1", "cross-site")},
		{name: "SFM-001 an opaque origin has no site but itself", page: "null", call: call{url: A + "/x"}, want: "GET => cors 200", wire: site("1", "cross-site")},
		{name: "SFM-001 the developer's are ignored", call: call{url: B + "/x", header: []string{"Sec-Fetch-Site: none", "Sec-Fetch-User: ?1"}}, want: "GET => cors 200", wire: site("1", "cross-site")},
		{name: "SFM-002 away and back", call: call{url: A + "/to-b"}, want: "GET GET GET => cors 200",
			wire: both(site("1", "same-origin"), both(site("2", "cross-site"), site("3", "cross-site")))},
		{name: "SFM-003 within the site", call: call{url: A + "/to-a2"}, want: "GET GET => cors 200", wire: both(site("1", "same-origin"), site("2", "same-site"))},
		{name: "SFM-003 and back", call: call{url: A + "/to-a2-a"}, want: "GET GET GET => cors 200", wire: site("3", "same-site")},
		{name: "SFM-004 a URL that is not potentially trustworthy", page: H + "/", call: call{url: "http://b.test/x"}, want: "GET => cors 200", wire: nothing("1")},
		{name: "SFM-004 from a secure page", call: call{url: "http://b.test/x", init: navigate}, want: "GET => basic 200", wire: nothing("1")},
		{name: "SFM-005 a loopback address is", page: H + "/", call: call{url: loopbackURL}, want: "GET => cors 200", wire: site("1", "cross-site")},
		{name: "SFM-005 to a secure page, too", call: call{url: loopbackURL}, want: "GET => cors 200", wire: site("1", "cross-site")},
		{name: "SFM-006 a redirect to http", page: H + "/", call: call{url: B + "/to-http"}, want: "GET GET => cors 200", wire: both(site("1", "cross-site"), nothing("2"))},
		{name: "SFM-006 a redirect to https", page: H + "/", call: call{url: "http://b.test/to-s"}, want: "GET GET => cors 200", wire: both(nothing("1"), site("2", "cross-site"))},
		{name: "SFM-007 an image", call: call{url: B + "/x", init: fetch.Init{Mode: fetch.ModeNoCORS, Destination: "image"}}, want: "GET => opaque 0",
			wire: []string{"1 Sec-Fetch-Mode: no-cors", "1 Sec-Fetch-Dest: image", "1 Sec-Fetch-Site: cross-site", "1 !Sec-Fetch-User", "1 !Origin"}},
		{name: "SFM-008 a navigation without user activation", call: call{url: B + "/x", init: navigate}, want: "GET => basic 200",
			wire: []string{"1 Sec-Fetch-Mode: navigate", "1 Sec-Fetch-Dest: document", "1 Sec-Fetch-Site: cross-site", "1 !Sec-Fetch-User"}},
	}
	for i := range points {
		points[i].servers = everywhere
	}
	runPoints(t, points)
}

// TestFetchMetadataOfFirefox: where Firefox differs, by redirects and schemes.
func TestFetchMetadataOfFirefox(t *testing.T) {
	allowing := answer{headers: []string{"Access-Control-Allow-Origin: {origin}", okCredentials}}
	everywhere := map[string]answer{
		A + "/x": anyone, B + "/x": allowing, C + "/x": allowing,
		A + "/to-b":                 leads(302, B+"/x"),
		B + "/to-c":                 {status: 302, headers: []string{"Location: " + C + "/x", okOrigin, okCredentials}},
		A2 + "/to-a":                leads(302, A+"/x"),
		"http://a.localhost/x":      anyone,
		"http://x.a.localhost/to-a": leads(302, "http://a.localhost/x"),
	}
	include := fetch.Init{Credentials: fetch.CredentialsInclude}
	points := []point{
		{name: "sites have no scheme", page: "http://a.localhost/", call: call{url: "https://x.a.localhost/x"}, want: "GET => cors 200", wire: []string{"1 Sec-Fetch-Site: same-site"}},
		{name: "but of pages that are not trustworthy", page: H + "/", call: call{url: A + "/x"}, want: "GET => cors 200", wire: []string{"1 Sec-Fetch-Site: cross-site"}},
		{name: "a redirect over https", page: "https://y.a.test/", call: call{url: A2 + "/to-a"}, want: "GET GET => cors 200", wire: []string{"1 Sec-Fetch-Site: same-site", "2 Sec-Fetch-Site: same-site"}},
		{name: "a redirect over http", page: "http://y.a.localhost/", call: call{url: "http://x.a.localhost/to-a"}, want: "GET GET => cors 200", wire: []string{"1 Sec-Fetch-Site: same-site", "2 Sec-Fetch-Site: cross-site"}},
		{name: "storage access after a redirect from home", call: call{url: A + "/to-b", init: include}, want: "GET GET => cors 200", wire: []string{"1 !Sec-Fetch-Storage-Access", "2 Sec-Fetch-Storage-Access: none"}},
		{name: "none after one that taints the origin", call: call{url: B + "/to-c", init: include}, want: "GET GET => cors 200", wire: []string{"1 Sec-Fetch-Storage-Access: none", "2 !Sec-Fetch-Storage-Access"}},
	}
	for i := range points {
		points[i].servers, points[i].profile = everywhere, fetch.Firefox()
		points[i].servers["https://x.a.localhost/x"] = anyone
	}
	runPoints(t, points)
}

// TestOriginWhereStorageIsInactive: a frame tells the tab's site who asks for its
// cookies.
//
// https://privacycg.github.io/storage-access-headers/
func TestOriginWhereStorageIsInactive(t *testing.T) {
	for profile, want := range map[*fetch.Profile]string{fetch.Firefox(): B, fetch.Chromium(): "", nil: ""} {
		w := &web{servers: map[string]answer{A + "/x": {}}}
		p := page(t, w, B, profile)
		p.TopLevel = origin.MustParse(A)
		resp, err := p.Fetch(t.Context(), &fetch.Request{URL: A + "/x", Init: fetch.Init{Mode: fetch.ModeNoCORS, Credentials: fetch.CredentialsInclude}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := w.take()[0].header.Get("Origin"); got != want {
			t.Errorf("Origin: %q; want %q", got, want)
		}
	}
}

// TestPrefetch: SFM-009, what is fetched for later says so at every hop, and takes
// a document.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func TestPrefetch(t *testing.T) {
	w := &web{servers: map[string]answer{A + "/to-b": leads(302, B+"/x"), B + "/x": {}}}
	resp, err := page(t, w, A, nil).Fetch(t.Context(), initiator.Prefetch(A+"/to-b", initiator.NoCORS))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	checkWire(t, w.take(),
		"1 Sec-Purpose: prefetch", "1 Sec-Fetch-Dest: empty", "1 Sec-Fetch-Mode: no-cors",
		"1 Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "2 Sec-Purpose: prefetch", "2 !Origin")
}
