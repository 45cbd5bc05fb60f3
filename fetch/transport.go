package fetch

import (
	"context"
	"net/http"
	"sync"

	"github.com/corsfetch/corsfetch/origin"
)

// A Transport is an [http.RoundTripper] that sends requests as one page in one
// browser does.
//
// The zero value is a page with an opaque origin (a sandboxed frame, a data:
// page) in a browser of its own, which follows the Fetch Standard.
//
// The fields must not change after first use. A Transport is safe for
// concurrent use and must not be copied.
type Transport struct {
	// Origin is the page's origin.
	Origin origin.Origin

	// Referrer is the page's URL, the base of relative URLs and the source of
	// Referer. Empty means the root of Origin.
	Referrer string

	// ReferrerPolicy is the page's. Empty means DefaultReferrerPolicy.
	ReferrerPolicy ReferrerPolicy

	// EmbedderPolicy is the page's Cross-Origin-Embedder-Policy. Empty means
	// EmbedderUnsafeNone.
	EmbedderPolicy EmbedderPolicy

	// UpgradeInsecureRequests is whether the page's Content-Security-Policy says
	// upgrade-insecure-requests: its http URLs are taken for https ones.
	UpgradeInsecureRequests bool

	// TopLevel is the origin of the tab the page is shown in. The zero value
	// means Origin: the page is the tab's own. It keys the partitions of the
	// preflight cache.
	TopLevel origin.Origin

	// AddressSpace is where the page's document came from. Where it is not known,
	// nothing is decided by where requests go; see Browser.AllowLocalNetwork.
	AddressSpace AddressSpace

	// Worker is whether the page is a dedicated worker instead of a document.
	// The standard makes no difference; browsers do in some headers.
	Worker bool

	// Init is used for requests whose context carries no other (see WithInit).
	Init Init

	// Browser is shared by pages. Nil means one of this page's own.
	Browser *Browser

	setUp sync.Once
	env   *environment
	own   *Browser // used if Browser is nil
}

var _ http.RoundTripper = (*Transport)(nil)

// RoundTrip does one fetch, redirects and all. A request that a browser would
// refuse, or whose response it would keep from the page, gives an [*Error] and
// no response.
//
// The response is what a script would see: filtered headers, StatusCode 0 for
// an opaque or an opaqueredirect response ([ResponseType] tells which).
// Response.Request.URL is the final URL, or the requested one where the final
// URL is hidden.
//
// RoundTrip does not change req, and always closes its body.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	p := fetchParams{ctx: req.Context()}
	if err := p.init(t); err != nil {
		closeBody(req.Body)
		return nil, err
	}
	if err := p.fromHTTP(t, req); err != nil {
		closeBody(req.Body)
		return nil, p.fail(err)
	}
	defer p.request.body.close()
	resp, err := p.mainFetch()
	if err != nil {
		return nil, p.fail(err)
	}
	return resp.toHTTP(req, &p.request), nil
}

// Fetch does what fetch(req.URL, req.Init) does in the page. A relative URL is
// taken against the page's. The error, if any, is an [*Error].
//
// The caller must close the response's Body. Fetch always closes req.Body if
// it is an [io.Closer].
func (t *Transport) Fetch(ctx context.Context, req *Request) (*Response, error) {
	p := fetchParams{ctx: ctx}
	body := req.body()
	if err := p.init(t); err != nil {
		body.close()
		return nil, err
	}
	if err := p.fromScript(t, req, body); err != nil {
		body.close()
		return nil, p.fail(err)
	}
	defer p.request.body.close()
	p.request.keepsUnsafe = p.request.initiator.isElement()
	resp, err := p.mainFetch()
	if err != nil {
		return nil, p.fail(err)
	}
	return resp.toScript(&p.request, p.profile.Timing), nil
}

// CloseIdleConnections closes the browser's idle connections, for
// [http.Client.CloseIdleConnections].
func (t *Transport) CloseIdleConnections() { t.browser().CloseIdleConnections() }

// browser returns the browser that t is a page of.
func (t *Transport) browser() *Browser {
	t.setUp.Do(t.open)
	return t.own
}

// open computes once what every request of the page needs.
func (t *Transport) open() {
	t.own = t.Browser
	if t.own == nil {
		t.own = new(Browser)
	}
	t.env = newEnvironment(t)
}
