package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/corsfetch/corsfetch/fetch/httpauth"
)

// A connectAttempt is what the proxy on the way to an https server is told of the
// user, if the request that it is for needs a new connection.
type connectAttempt struct {
	next httpauth.Credentials // the answer to the last attempt; zero is what goes along unasked
	sent httpauth.Credentials // only for those who connect
}

type connectKey struct{}

// A connectRefused is the error of a request whose proxy has answered CONNECT with
// a 407.
type connectRefused struct {
	proxy      httpauth.Space
	target     string // of CONNECT
	challenges []string
	sent       httpauth.Credentials
}

func (*connectRefused) Error() string { return "the proxy wants to know the user" }

// authorizeConnects has tr tell proxies on the way to https servers who the user
// is, as far as that is known, and fail with a connectRefused if that is not
// enough. What tr does besides for CONNECT it still does.
func (b *Browser) authorizeConnects(tr *http.Transport) {
	getHeader, onResponse := tr.GetProxyConnectHeader, tr.OnProxyConnectResponse
	tr.GetProxyConnectHeader = func(ctx context.Context, proxy *url.URL, target string) (h http.Header, err error) {
		h = tr.ProxyConnectHeader
		if getHeader != nil {
			if h, err = getHeader(ctx, proxy, target); err != nil {
				return nil, err
			}
		}
		a, ok := ctx.Value(connectKey{}).(*connectAttempt)
		if !ok {
			return h, nil
		}
		if a.sent = a.next; a.sent.Header == "" {
			a.sent = b.auth.Unasked(proxySpace(proxy), b.connectRequest(target), b.profile.Auth.Challenges)
		}
		if a.sent.Header == "" {
			return h, nil
		}
		if h = h.Clone(); h == nil {
			h = make(http.Header)
		}
		h["Proxy-Authorization"] = []string{a.sent.Header}
		return h, nil
	}
	tr.OnProxyConnectResponse = func(ctx context.Context, proxy *url.URL, req *http.Request, res *http.Response) error {
		if a, ok := ctx.Value(connectKey{}).(*connectAttempt); ok && res.StatusCode == http.StatusProxyAuthRequired {
			return &connectRefused{proxySpace(proxy), req.Host, res.Header["Proxy-Authenticate"], a.sent}
		}
		if onResponse != nil {
			return onResponse(ctx, proxy, req, res)
		}
		return nil
	}
}

// connectRequest is a CONNECT as it is authorized.
func (b *Browser) connectRequest(target string) httpauth.Request {
	return httpauth.Request{Method: http.MethodConnect, Target: target, Nonce: b.nonce}
}

// proxySpace is who asks with a 407.
func proxySpace(proxy *url.URL) httpauth.Space {
	shown := url.URL{Scheme: proxy.Scheme, Host: proxy.Host}
	return httpauth.Space{Origin: shown.String(), Proxy: true}
}

// connecting returns out, with what a proxy that it needs CONNECT of is told.
func (p *fetchParams) connecting(out *http.Request, next httpauth.Credentials) *http.Request {
	if p.request.currentURL().Scheme() != "https" || !p.browser.usesProxy(out) {
		return out
	}
	return out.WithContext(context.WithValue(out.Context(), connectKey{}, &connectAttempt{next: next}))
}

// answerConnect returns the answer to a proxy that err is the 407 of, if there is
// one.
func (p *fetchParams) answerConnect(err error) (next httpauth.Credentials, ok bool) {
	var refused *connectRefused
	if !errors.As(err, &refused) {
		return httpauth.Credentials{}, false
	}
	rules := p.profile.Auth.Challenges
	challenge, ok := httpauth.Choose(httpauth.Parse(refused.challenges, rules), rules)
	if !ok {
		return httpauth.Credentials{}, false
	}
	next, ok = p.answerTo(refused.proxy, &challenge, p.browser.connectRequest(refused.target), refused.sent)
	return next, ok && p.ctx.Err() == nil
}
