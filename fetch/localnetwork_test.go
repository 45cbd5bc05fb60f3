package fetch_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// https://wicg.github.io/local-network-access/#determine-the-ip-address-space
func TestAddressSpaceOf(t *testing.T) {
	for want, addresses := range map[fetch.AddressSpace]string{
		fetch.AddressSpaceLoopback: "127.0.0.1 127.255.255.255 ::1 0.0.0.0 :: 198.18.0.1 198.19.255.255 ::ffff:127.0.0.1 ::ffff:0.0.0.0",
		fetch.AddressSpaceLocal: "10.0.0.1 100.64.0.1 100.127.255.255 172.16.0.1 172.31.255.255 192.168.0.1 169.254.1.1 0.0.0.1 fc00::1 fdff::1 " +
			"fe80::1 fe80::1%eth0 fec0::1 2001:db8::1 3fff::1 3fff:fff::1 ::ffff:10.0.0.1",
		fetch.AddressSpacePublic: "1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.167.255.255 198.17.255.255 198.20.0.0 " +
			"126.255.255.255 128.0.0.0 224.0.0.1 255.255.255.255 ::2 2001:db9::1 2001:4860:4860::8888 fbff::1 fe00::1 ff02::1 3fff:1000::1 ::ffff:8.8.8.8 64:ff9b::a00:1",
	} {
		for _, s := range strings.Fields(addresses) {
			if got := fetch.AddressSpaceOf(netip.MustParseAddr(s)); got != want {
				t.Errorf("AddressSpaceOf(%s) = %q; want %q", s, got, want)
			}
		}
	}
	if got := fetch.AddressSpaceOf(netip.Addr{}); got != "" {
		t.Errorf("AddressSpaceOf(zero) = %q; want that it is not known", got)
	}
}

// https://wicg.github.io/local-network-access/#local-network-access-check
func TestLocalNetworkAccess(t *testing.T) {
	const public, local, loopback = fetch.AddressSpacePublic, fetch.AddressSpaceLocal, fetch.AddressSpaceLoopback
	yes := func(context.Context, fetch.LocalNetworkRequest) bool { return true }
	for _, c := range []struct {
		name    string
		page    string // "" is A
		space   fetch.AddressSpace
		url     string
		target  fetch.AddressSpace
		allow   func(context.Context, fetch.LocalNetworkRequest) bool
		profile *fetch.Profile // nil is Chromium
		want    fetch.Reason
	}{
		{name: "public to public", space: public, url: "https://1.1.1.1"},
		{name: "public to local", space: public, url: "https://192.168.0.1", want: fetch.ErrLocalNetworkAccessPermissionDenied},
		{name: "public to loopback", space: public, url: "https://[::1]", want: fetch.ErrLocalNetworkAccessPermissionDenied},
		{name: "public to localhost", space: public, url: "https://x.localhost", want: fetch.ErrLocalNetworkAccessPermissionDenied},
		{name: "with permission", space: public, url: "https://192.168.0.1", allow: yes},
		{name: "an insecure page", page: H, space: public, url: "https://192.168.0.1", allow: yes, want: fetch.ErrInsecureLocalNetwork},
		{name: "local to loopback", space: local, url: "https://127.0.0.1"},
		{name: "local to local", space: local, url: "https://10.0.0.1"},
		{name: "loopback to local", space: loopback, url: "https://10.0.0.1"},
		{name: "the page's own origin", page: "https://10.0.0.1", space: public, url: "https://10.0.0.1"},
		{name: "the page's own origin, insecure", page: "http://10.0.0.1", space: public, url: "http://10.0.0.1", want: fetch.ErrInsecureLocalNetwork},
		{name: "meant for there", space: public, url: "https://10.0.0.1", target: local, want: fetch.ErrLocalNetworkAccessPermissionDenied},
		{name: "meant for there, with permission", space: public, url: "https://10.0.0.1", target: local, allow: yes},
		{name: "meant for elsewhere", space: public, url: "https://10.0.0.1", target: loopback, allow: yes, want: fetch.ErrInvalidLocalNetworkAccess},
		{name: "meant to be public", space: loopback, url: "https://10.0.0.1", target: public, allow: yes, want: fetch.ErrInvalidLocalNetworkAccess},
		{name: "mixed content", space: public, url: "http://1.1.1.1", allow: yes, want: fetch.ErrMixedContent},
		{name: "mixed content to the local network", space: public, url: "http://10.0.0.1", allow: yes},
		{name: "mixed content to the local network, no permission", space: public, url: "http://10.0.0.1", want: fetch.ErrLocalNetworkAccessPermissionDenied},
		{name: "mixed content by a name of the local network", space: public, url: "http://printer.local", allow: yes},
		{name: "mixed content that is meant to be local and is not", space: public, url: "http://1.1.1.1", target: local, allow: yes, want: fetch.ErrInvalidLocalNetworkAccess},
		{name: "mixed content, by a page from who knows where", url: "http://10.0.0.1", target: local, allow: yes, want: fetch.ErrMixedContent},
		{name: "a page from who knows where", url: "https://10.0.0.1"},
		{name: "a server who knows where", space: public, url: B},
		{name: "the Fetch Standard knows nothing of it", space: public, url: "https://10.0.0.1", profile: fetch.Standard()},
		{name: "Firefox asks", space: public, url: "https://10.0.0.1", profile: fetch.Firefox(), want: fetch.ErrLocalNetworkAccessPermissionDenied},
		{name: "Firefox asks for an insecure page, too", page: H, space: public, url: "http://10.0.0.1", allow: yes, profile: fetch.Firefox()},
		{name: "Firefox knows no target", space: public, url: "https://10.0.0.1", target: loopback, allow: yes, profile: fetch.Firefox()},
		{name: "Firefox blocks mixed content all the same", space: public, url: "http://10.0.0.1", target: local, allow: yes, profile: fetch.Firefox(), want: fetch.ErrMixedContent},
		{name: "WebKit knows nothing of it", space: public, url: "https://10.0.0.1", profile: fetch.WebKit()},
		{name: "no such space", space: "moon", url: A, want: fetch.ErrInvalidPage},
		{name: "no such target", space: public, url: A, target: "moon", want: fetch.ErrInvalidInit},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &web{servers: map[string]answer{c.url + "/x": anyone}}
			if c.page == "" {
				c.page = A
			}
			if c.profile == nil {
				c.profile = fetch.Chromium()
			}
			p := page(t, w, c.page, c.profile)
			p.AddressSpace, p.Browser.AllowLocalNetwork = c.space, c.allow
			resp, err := p.Fetch(t.Context(), &fetch.Request{URL: c.url + "/x", Init: fetch.Init{TargetAddressSpace: c.target}})
			if got := reason(t, err); got != c.want {
				t.Fatalf("reason %q (%v); want %q", got, err, c.want)
			}
			sent := len(w.take())
			if (sent == 0) != (err != nil) {
				t.Errorf("%d requests on the wire", sent)
			}
			if err == nil {
				resp.Body.Close()
			}
		})
	}
}

// TestLocalNetworkConnection: it is the address of the connection that counts,
// and what may not go there is not sent; preflights and redirects, too.
func TestLocalNetworkConnection(t *testing.T) {
	var requests atomic.Int64
	handler := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		requests.Add(1)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", "*")
		if req.URL.Path == "/to-local" {
			http.Redirect(w, req, "http://local.test/x", http.StatusFound)
		}
	})
	server := httptest.NewServer(handler)
	defer server.Close()
	// far.test is at another port than local.test, and counts as public.
	far := httptest.NewServer(handler)
	defer far.Close()
	farAddr := netip.MustParseAddrPort(far.Listener.Addr().String())
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		if strings.HasPrefix(addr, "far.test:") {
			return new(net.Dialer).DialContext(ctx, network, farAddr.String())
		}
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}
	for _, c := range []struct {
		name, method, url string
		proxy             bool
		warm              bool // there is a connection already, made by a page that may
		allowed           bool
		want              fetch.Reason
		requests          int64
		asked             []fetch.LocalNetworkRequest
	}{
		{name: "a name that leads to loopback", url: "http://local.test/x", want: fetch.ErrLocalNetworkAccessPermissionDenied,
			asked: []fetch.LocalNetworkRequest{{Page: origin.MustParse("http://page.localhost"), TopLevel: origin.MustParse("http://page.localhost"), URL: "http://local.test/x", Space: fetch.AddressSpaceLoopback}}},
		{name: "on a connection that is there", url: "http://local.test/x", warm: true, want: fetch.ErrLocalNetworkAccessPermissionDenied},
		{name: "a preflight", method: "PUT", url: "http://local.test/x", want: fetch.ErrLocalNetworkAccessPermissionDenied},
		{name: "a redirect", url: "http://far.test/to-local", want: fetch.ErrLocalNetworkAccessPermissionDenied, requests: 1},
		{name: "with permission", url: "http://local.test/x", allowed: true, requests: 1},
		{name: "preflighted, with permission", method: "PUT", url: "http://local.test/x", allowed: true, requests: 2},
		{name: "a public name", url: "http://far.test/x", requests: 1},
		{name: "a proxy", url: "http://local.test/x", proxy: true, requests: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := &http.Transport{DialContext: dial}
			if c.proxy {
				tr.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: "proxy.test"})
			}
			var asked []fetch.LocalNetworkRequest
			b := &fetch.Browser{Base: tr, Profile: fetch.Chromium(), AddressSpace: func(addr netip.AddrPort) fetch.AddressSpace {
				if addr == farAddr {
					return fetch.AddressSpacePublic
				}
				return fetch.AddressSpaceOf(addr.Addr())
			}}
			b.AllowLocalNetwork = func(_ context.Context, r fetch.LocalNetworkRequest) bool {
				asked = append(asked, r)
				return c.allowed
			}
			defer b.CloseIdleConnections()
			if c.warm {
				near := &fetch.Transport{Origin: origin.MustParse("http://page.localhost"), AddressSpace: fetch.AddressSpaceLoopback, Browser: b}
				resp, err := near.Fetch(t.Context(), &fetch.Request{URL: c.url})
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
			}
			requests.Store(0)
			p := &fetch.Transport{Origin: origin.MustParse("http://page.localhost"), AddressSpace: fetch.AddressSpacePublic, Browser: b}
			resp, err := p.Fetch(t.Context(), &fetch.Request{Method: c.method, URL: c.url})
			if got := reason(t, err); got != c.want {
				t.Fatalf("reason %q (%v); want %q", got, err, c.want)
			}
			if err == nil {
				resp.Body.Close()
			}
			if got := requests.Load(); got != c.requests {
				t.Errorf("%d requests came; want %d", got, c.requests)
			}
			if c.asked != nil {
				if diff := cmp.Diff(c.asked, asked, cmp.Comparer(func(a, b origin.Origin) bool { return a == b })); diff != "" {
					t.Errorf("the user was asked (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestConnectionWithoutAddress: what is not known to be public is asked for.
func TestConnectionWithoutAddress(t *testing.T) {
	b := &fetch.Browser{Profile: fetch.Chromium(), Base: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		t.Cleanup(func() { there.Close() })
		return here, nil
	}}}
	defer b.CloseIdleConnections()
	var asked []fetch.AddressSpace
	b.AllowLocalNetwork = func(_ context.Context, r fetch.LocalNetworkRequest) bool {
		asked = append(asked, r.Space)
		return false
	}
	p := &fetch.Transport{Origin: origin.MustParse("http://page.localhost"), AddressSpace: fetch.AddressSpacePublic, Browser: b}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := p.Fetch(ctx, &fetch.Request{URL: "http://far.test/x"}); reason(t, err) != fetch.ErrLocalNetworkAccessPermissionDenied {
		t.Errorf("%v; want LocalNetworkAccessPermissionDenied", err)
	}
	if len(asked) == 0 || asked[0] != "" {
		t.Errorf("asked about %q; want an unknown space", asked)
	}
}

// TestLocalNetworkConsole: what Chromium prints.
func TestLocalNetworkConsole(t *testing.T) {
	p := page(t, new(web), A, fetch.Chromium())
	p.AddressSpace = fetch.AddressSpacePublic
	_, err := p.Fetch(t.Context(), &fetch.Request{URL: "https://10.0.0.1/x", Init: fetch.Init{TargetAddressSpace: fetch.AddressSpaceLoopback}})
	want := "Access to fetch at 'https://10.0.0.1/x' from origin 'https://a.test' has been blocked by CORS policy: " +
		"Request had a target IP address space of `loopback` yet the resource is in address space `local`.\n" +
		"Failed to load resource: net::ERR_FAILED"
	if got := failure(t, err).ConsoleMessage(fetch.Chromium()); got != want {
		t.Errorf("got %q; want %q", got, want)
	}
}
