package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
)

// newPage returns the page that o asks for, in a browser of its own.
func newPage(o getOptions, profile *fetch.Profile) *fetch.Transport {
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.DialContext = dialLocalhost("localhost")
	if o.insecure {
		base.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	}
	jar, _ := cookiejar.New(nil) // it never fails
	b := &fetch.Browser{Base: base, Profile: profile, Jar: jar}
	page := &fetch.Transport{Browser: b}
	if o.page != opaquePage {
		page, _ = b.Page(o.page) // parseGet has tried
	}
	if len(o.cookies) > 0 {
		storeCookies(b, o)
	}
	return page
}

// storeCookies puts the cookies of -cookie where the browser looks for those of
// the target's host.
func storeCookies(b *fetch.Browser, o getOptions) {
	u, err := targetURL(b, o)
	if err != nil {
		return // the fetch will say so
	}
	cookies := make([]*http.Cookie, len(o.cookies))
	for i, c := range o.cookies {
		cookies[i] = &http.Cookie{Name: c.Name, Value: c.Value, Path: "/"}
	}
	b.Jar.SetCookies(u, cookies)
}

// targetURL returns the call's URL as the engine writes it, for that is what it
// asks the jar with.
func targetURL(b *fetch.Browser, o getOptions) (*url.URL, error) {
	target := o.call.URL
	if !hasScheme(target) {
		base, err := url.Parse(o.page)
		if err != nil {
			return nil, err
		}
		u, err := base.Parse(target)
		if err != nil {
			return nil, err
		}
		target = u.String()
	}
	canonical, err := b.Page(target)
	if err != nil {
		return nil, err
	}
	return url.Parse(canonical.Referrer)
}

// dialLocalhost returns a DialContext that leads names below .localhost to the
// host loopback, as browsers do without asking DNS.
func dialLocalhost(loopback string) func(ctx context.Context, network, addr string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: 30 * time.Second}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		if host, port, err := net.SplitHostPort(addr); err == nil && strings.HasSuffix(strings.TrimSuffix(strings.ToLower(host), "."), ".localhost") {
			addr = net.JoinHostPort(loopback, port)
		}
		return dialer.DialContext(ctx, network, addr)
	}
}
