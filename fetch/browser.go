package fetch

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/corsfetch/corsfetch/fetch/cookies"
	"github.com/corsfetch/corsfetch/fetch/hsts"
	"github.com/corsfetch/corsfetch/fetch/httpauth"
	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/preflightcache"
)

// A Browser is what pages share: connections, cookies, the preflight cache and
// the rules of one engine. The zero value is ready to use and follows the
// Fetch Standard.
//
// The fields must not change after first use. A Browser is safe for concurrent
// use and must not be copied.
type Browser struct {
	// Base performs the requests. It must not follow redirects. Nil means a
	// transport like [http.DefaultTransport]. An [*http.Transport] is cloned:
	// once with its client certificates for requests that include
	// credentials, once without, each with connections of its own, and both
	// without the gzip that net/http adds by itself. What another kind of base
	// returns as error is passed on, unless it quotes an answer.
	Base http.RoundTripper

	// Profile says which browser this is. Nil means Standard.
	Profile *Profile

	// Cookies holds the cookies. Nil means a store of its own.
	Cookies *cookies.Store

	// Jar, if not nil, holds the cookies instead. A jar is not told who asks:
	// its cookies are all SameSite=None, and where the browser keeps third
	// parties' cookies apart it is not asked for them.
	Jar http.CookieJar

	// Preflights is the CORS-preflight cache. Nil means one of its own.
	Preflights *preflightcache.Cache

	// AllowLocalNetwork is asked whether a page from the Internet may send a
	// request to the local network or to this machine, where the profile's
	// browser asks the user. Nil refuses it. It may be called concurrently.
	//
	// Of a Base that tells [net/http/httptrace] of no connections nothing is
	// known but the hosts that are addresses.
	AllowLocalNetwork func(context.Context, LocalNetworkRequest) bool

	// AddressSpace says to which space an address belongs; the zero AddrPort is
	// that of a connection without one. Nil means AddressSpaceOf.
	AddressSpace func(netip.AddrPort) AddressSpace

	// HSTS remembers which hosts are spoken to by https alone. Nil means a store
	// of its own.
	HSTS *hsts.Store

	// Auth holds who the user has been to whom: HTTP authentication entries. Nil
	// means a store of its own.
	Auth *httpauth.Store

	// Prompt asks the user for a password, where a server or a proxy does. Nil
	// means that nobody can be asked. It may be called concurrently.
	Prompt Prompt

	// Rand is where the nonces of Digest authentication are from; what it fails
	// to give is zeros. Nil means crypto/rand. It may be read concurrently.
	Rand io.Reader

	// Now is the clock that cache entries age by. Nil means time.Now.
	Now func() time.Time

	setUp      sync.Once
	profile    *Profile
	preflights *preflightcache.Cache
	cookies    cookieStore
	hsts       *hsts.Store
	auth       *httpauth.Store
	with       http.RoundTripper // for requests that include credentials
	without    http.RoundTripper // for the others
	sites      origin.Sites      // registrable domains already looked up

	opaques atomic.Int64 // named so far
	blobs   blobStore
}

// A cookieStore is a cookies.Store or a cookies.Jar.
type cookieStore interface {
	Cookie(cookies.Request, cookies.Rules, time.Time) string
	SetCookies(cookies.Request, []string, cookies.Rules, time.Time)
}

// Page returns a Transport for a page of b at pageURL, shown in a tab of its
// own. The error, if any, is an [*Error].
func (b *Browser) Page(pageURL string) (*Transport, error) {
	u, err := weburl.Parse(pageURL, nil)
	if err != nil {
		return nil, &Error{Reason: ErrInvalidPage, Stage: StageRequest, Got: pageURL, Err: err}
	}
	return &Transport{Origin: origin.FromURL(u), Referrer: u.String(), Browser: b}, nil
}

// CloseIdleConnections closes the connections that are not in use.
func (b *Browser) CloseIdleConnections() {
	b.open()
	closeIdle(b.with)
	if b.without != b.with {
		closeIdle(b.without)
	}
}

func closeIdle(rt http.RoundTripper) {
	if c, ok := rt.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// open computes once what the fields stand for.
func (b *Browser) open() { b.setUp.Do(b.setDefaults) }

func (b *Browser) setDefaults() {
	b.profile = b.Profile
	if b.profile == nil {
		b.profile = Standard()
	}
	b.preflights = b.Preflights
	if b.preflights == nil {
		b.preflights = preflightcache.New(0)
	}
	switch {
	case b.Jar != nil:
		b.cookies = cookies.Jar{Jar: b.Jar}
	case b.Cookies != nil:
		b.cookies = b.Cookies
	default:
		b.cookies = new(cookies.Store)
	}
	if b.hsts = b.HSTS; b.hsts == nil {
		b.hsts = new(hsts.Store)
	}
	if b.auth = b.Auth; b.auth == nil {
		b.auth = new(httpauth.Store)
	}
	base := b.Base
	if base == nil {
		base = defaultBase()
	}
	b.with, b.without = base, base
	if tr, ok := base.(*http.Transport); ok {
		with, without := pools(tr, b.profile.Network.ClientCertificateWithoutCredentials)
		b.authorizeConnects(with)
		b.authorizeConnects(without)
		b.with, b.without = with, without
	}
}

// defaultBase returns what Base stands for if it is nil: net/http's default
// transport, except that localhost names are the loopback addresses without
// asking anyone.
//
// https://fetch.spec.whatwg.org/#resolve-an-origin
func defaultBase() http.RoundTripper {
	tr, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport // somebody's own, to be used as it is
	}
	tr = tr.Clone()
	dial := tr.DialContext
	if dial == nil {
		return tr // on js/wasm, where it is the host that dials
	}
	tr.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(addr)
		if err != nil || !isLocalhost(host) {
			return dial(ctx, network, addr)
		}
		conn, err := dial(ctx, network, net.JoinHostPort("127.0.0.1", port))
		if err != nil {
			if conn6, err6 := dial(ctx, network, net.JoinHostPort("::1", port)); err6 == nil {
				return conn6, nil
			}
		}
		return conn, err
	}
	return tr
}

// isLocalhost reports whether host is localhost or a name below it.
func isLocalhost(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// pools returns two transports like tr. The second is for requests without
// credentials and so presents no TLS client certificate, unless keepCert says
// that the browser presents it all the same.
//
// https://fetch.spec.whatwg.org/#concept-connection-pool
func pools(tr *http.Transport, keepCert bool) (with, without *http.Transport) {
	with, without = tr.Clone(), tr.Clone()
	with.DisableCompression, without.DisableCompression = true, true
	if cfg := without.TLSClientConfig; cfg != nil && !keepCert {
		cfg.Certificates, cfg.GetClientCertificate = nil, nil
		cfg.ClientSessionCache = nil // a session would carry the certificate over
	}
	return with, without
}

// partition names the partition of pages in a tab of the origin top. What is
// under an opaque origin is shared with no other page.
func (b *Browser) partition(top origin.Origin) string {
	if top.IsOpaque() {
		return b.nextOpaque()
	}
	return b.sites.NetworkPartitionKey(top, nil).String()
}

// nextOpaque returns a name that it has not returned before.
func (b *Browser) nextOpaque() string { return "opaque " + strconv.FormatInt(b.opaques.Add(1), 10) }

// base returns the transport for requests that do or do not include
// credentials.
func (b *Browser) base(includeCredentials bool) http.RoundTripper {
	if includeCredentials {
		return b.with
	}
	return b.without
}

// isHTTP1 reports whether a connection for u is certain to speak HTTP/1.1.
//
// Unimplemented: over https that shows only once there has been an answer, such
// as a preflight's, and a base transport of another kind does not say; without
// one a stream is sent either way.
func (b *Browser) isHTTP1(u *weburl.URL) bool {
	tr, ok := b.without.(*http.Transport)
	return ok && u.Scheme() == "http" && (tr.Protocols == nil || !tr.Protocols.UnencryptedHTTP2())
}

// now reads the browser's clock.
func (b *Browser) now() time.Time {
	if b.Now != nil {
		return b.Now()
	}
	return time.Now()
}
