package fetch

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"net/http"

	"github.com/corsfetch/corsfetch/fetch/httpauth"
)

// A Challenge is what the user of a browser is asked for a password by.
type Challenge struct {
	Origin string // of the server, serialized; of a proxy its URL without userinfo
	Proxy  bool
	Scheme string // "basic" or "digest"; in Basic the password goes out as it is
	Realm  string // the server's own words
	URL    string // that was being fetched, without userinfo
	Page   string // the origin of the page that asks for it

	// Rejected is whether the server has just refused an answer to the same. An
	// answer that is the same again is not sent.
	Rejected bool
}

// AuthRules are where browsers differ in who is asked for a password, and in
// what is known.
//
// https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
type AuthRules struct {
	// Challenges says how challenges are read and answered.
	Challenges httpauth.Rules

	// KnownUnderCORS: a 401 to a CORS request that includes credentials is
	// answered, before the CORS check. In the standard it is delivered.
	// Shown by auth-path-cross, auth-prompt-include.
	KnownUnderCORS bool

	// PromptUnderCORS: the user is asked for the answer, if the realm is not
	// known. In the standard nobody is asked under CORS.
	// Shown by auth-prompt-include.
	PromptUnderCORS bool

	// PromptSameOrigin: nobody is asked where a request is to another origin than
	// the page's, whatever its mode. In the standard a no-cors request asks.
	// Shown by auth-prompt-nocors-include.
	PromptSameOrigin bool

	// RedirectUserinfo: a username and password in a redirect's Location answer a
	// 401. In the standard the user is asked.
	// Shown by auth-userinfo-redirect.
	RedirectUserinfo bool

	// UserinfoSpent: a username and password that have answered are no part of
	// the URL any more. In the standard they stay.
	// Shown by auth-userinfo-redirect.
	UserinfoSpent bool

	// KnownFirst: what is known goes before a script's own Authorization. In the
	// standard the script's goes first.
	// Shown by auth-known-developer.
	KnownFirst bool

	// ScriptAnswers: a 401 to a script's own Authorization is delivered. In the
	// standard the user is asked.
	// Shown by auth-known-developer-401.
	ScriptAnswers bool

	// Partitioned: what is known to pages in tabs of one site is not to those of
	// another. In the standard that is for browsers to say.
	// Shown by auth-known-cross.
	Partitioned bool

	// ServersSay407: a 407 of a server is a response like any other. In the
	// standard it is a network error.
	// Shown by auth-407.
	ServersSay407 bool
}

// credentials are the HTTP authentication of one hop of a fetch.
type credentials struct {
	sent, sentToProxy   httpauth.Credentials // with the last attempt
	next, nextToProxy   httpauth.Credentials // with the next attempt alone; zero is what goes along unasked
	userinfoHasAnswered bool
}

// credentialsOfHop is p.credentials, which may be nil until somebody asks.
func (p *fetchParams) credentialsOfHop() *credentials {
	if p.credentials == nil {
		p.credentials = new(credentials)
	}
	return p.credentials
}

// authorize adds what is known of who the user is to the server and, whatever
// the credentials mode, to the proxy.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func (p *fetchParams) authorize(o *outgoing, include bool) {
	if p.credentials == nil && p.browser.auth.IsEmpty() {
		return
	}
	a := p.credentialsOfHop()
	a.sent, a.sentToProxy = a.next, a.nextToProxy
	a.next, a.nextToProxy = httpauth.Credentials{}, httpauth.Credentials{}
	if include {
		if a.sent.Header == "" {
			a.sent = p.browser.auth.Unasked(p.server(), p.authRequest(o.Method), p.profile.Auth.Challenges)
		}
		switch {
		case a.sent.Header == "":
		case p.profile.Auth.KnownFirst:
			o.set("Authorization", a.sent.Header)
		default:
			// Note: the developer's own goes before it, and is refused in its
			// place.
			o.setAbsent("Authorization", a.sent.Header)
		}
	}
	if proxy, ok := p.proxy(&o.Request); ok {
		if a.sentToProxy.Header == "" {
			a.sentToProxy = p.browser.auth.Unasked(proxy, p.authRequest(o.Method), p.profile.Auth.Challenges)
		}
		if a.sentToProxy.Header != "" {
			o.set("Proxy-Authorization", a.sentToProxy.Header)
		}
	}
}

// hide leaves the schemes alone of what authorize has added to h.
func (a *credentials) hide(h http.Header) {
	if a == nil {
		return
	}
	if value := h["Authorization"]; len(value) > 0 && value[0] == a.sent.Header {
		h["Authorization"] = []string{a.sent.Scheme}
	}
	if a.sentToProxy.Header != "" {
		h["Proxy-Authorization"] = []string{a.sentToProxy.Scheme}
	}
}

// server is who asks with a 401.
func (p *fetchParams) server() httpauth.Space {
	space := httpauth.Space{Origin: p.request.currentURLOrigin.String()}
	if p.profile.Auth.Partitioned {
		space.Partition = p.tabPartition()
	}
	return space
}

// tabPartition is the partition that what comes of the fetch belongs to: the
// tab's, which for the tab's own document is that of the document.
func (p *fetchParams) tabPartition() string {
	if p.request.destination == "document" {
		return p.browser.partition(p.request.currentURLOrigin)
	}
	return p.env.partition
}

// proxy is who asks with a 407: the proxy that an http request goes to. That on
// the way to an https server is asked for a connection first; see connecting.
func (p *fetchParams) proxy(out *http.Request) (space httpauth.Space, ok bool) {
	tr, isTransport := p.browser.with.(*http.Transport)
	if !isTransport || tr.Proxy == nil || p.request.currentURL().Scheme() != "http" {
		return httpauth.Space{}, false
	}
	u, err := tr.Proxy(out)
	if err != nil || u == nil {
		return httpauth.Space{}, false
	}
	return proxySpace(u), true
}

// authRequest is the current hop's request, as it is authorized.
func (p *fetchParams) authRequest(method string) httpauth.Request {
	u := p.request.currentURL()
	target := u.Path()
	if query, ok := u.Query(); ok {
		target += "?" + query
	}
	return httpauth.Request{Method: method, Target: target, Nonce: p.browser.nonce}
}

// nonce makes up a client nonce.
func (b *Browser) nonce() string {
	source := b.Rand
	if source == nil {
		source = rand.Reader
	}
	var random [8]byte
	// Note: what fails here leaves zeros, which are as good to who does not mind
	// what its source says. crypto/rand does not fail.
	_, _ = io.ReadFull(source, random[:])
	return hex.EncodeToString(random[:])
}

// answered reports whether the user, or what is known of one, has an answer to
// the 401 or 407 that res is. If so res is done with.
//
// Deviation: the text asks the user each time. Who has been known for the realm
// is known, and nobody is asked whom no hook can reach.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func (p *fetchParams) answered(res *response) (bool, *Error) {
	var space httpauth.Space
	var header string
	r := &p.request
	switch {
	case res.status == http.StatusUnauthorized && r.includeCredentials && (r.tainting != cors || p.profile.Auth.KnownUnderCORS) &&
		!(p.profile.Auth.ScriptAnswers && p.hasHeader("Authorization") && !r.authorizationGone):
		space, header = p.server(), "Www-Authenticate"
		// 14.2. Nobody is asked what could not be sent.
		if r.body.isStream() && p.mayAsk(space) {
			return false, p.refuseToResend(res)
		}
	case res.status == http.StatusProxyAuthRequired && res.in != nil:
		var ok bool
		if space, ok = p.proxy(res.in.Request); !ok {
			return false, nil
		}
		header = "Proxy-Authenticate"
	default:
		return false, nil
	}
	a := p.credentialsOfHop()
	sent, next := &a.sent, &a.next
	if space.Proxy {
		sent, next = &a.sentToProxy, &a.nextToProxy
	}
	rules := p.profile.Auth.Challenges
	challenge, ok := httpauth.Choose(httpauth.Parse(res.header[header], rules), rules)
	if !ok {
		return false, nil
	}
	if *next, ok = p.answerTo(space, &challenge, p.authRequest(r.method), *sent); !ok {
		return false, p.endedWhileAsking(res)
	}
	if r.body.isStream() {
		return false, p.refuseToResend(res)
	}
	res.discard()
	return true, nil
}

// refuseToResend is the error of a request that would have to be sent again after
// res, and whose body is gone. res is done with.
func (p *fetchParams) refuseToResend(res *response) *Error {
	res.discard()
	return p.refuseResponse(ErrBodyNotReplayable, StageResponse, res.status, refusal{got: "a stream as request body", want: "one with GetBody, to be sent again"})
}

// endedWhileAsking is the error of a fetch that has ended while somebody thought
// of a password.
func (p *fetchParams) endedWhileAsking(res *response) *Error {
	if p.ctx.Err() == nil {
		return nil
	}
	res.discard()
	return p.aborted()
}

// answerTo finds an answer to a challenge: what is known, what the URL says, or
// what the user does.
func (p *fetchParams) answerTo(space httpauth.Space, c *httpauth.Challenge, request httpauth.Request, sent httpauth.Credentials) (answer httpauth.Credentials, ok bool) {
	auth := p.browser.auth
	rules := p.profile.Auth.Challenges
	rejected := sent.IsFor(c) && !c.Stale()
	if rejected {
		auth.Remove(space, sent)
	} else if answer = auth.Answer(space, c, request, rules); answer.Header != "" {
		return answer, true
	}
	user, ok := p.userinfo(space)
	if !ok {
		user, ok = p.ask(space, c, rejected)
	}
	if !ok || rejected && user == sent.User {
		return httpauth.Credentials{}, false
	}
	auth.Add(space, c, request.Target, user, rules)
	return auth.Answer(space, c, request, rules), true
}

// userinfo is who the current URL says the user is. It says so once.
func (p *fetchParams) userinfo(space httpauth.Space) (u httpauth.User, ok bool) {
	r := &p.request
	at := r.currentURL()
	switch {
	case space.Proxy, p.credentialsOfHop().userinfoHasAnswered, !at.IncludesCredentials():
		return httpauth.User{}, false
	case r.mode != ModeNavigate && r.initiator != InitiatorXMLHttpRequest && !p.profile.Auth.RedirectUserinfo:
		return httpauth.User{}, false
	}
	p.credentialsOfHop().userinfoHasAnswered = true
	if p.profile.Auth.UserinfoSpent {
		r.urls[len(r.urls)-1] = at.WithoutCredentials()
	}
	return httpauth.User{Name: percentDecode(at.Username()), Password: percentDecode(at.Password())}, true
}

// mayAsk reports whether there is a user, who may be asked.
func (p *fetchParams) mayAsk(space httpauth.Space) bool {
	r, rules := &p.request, &p.profile.Auth
	switch {
	case p.browser.Prompt == nil,
		!space.Proxy && r.tainting == cors && !rules.PromptUnderCORS,
		!space.Proxy && rules.PromptSameOrigin && r.mode != ModeNavigate && r.currentURLOrigin != r.origin:
		return false
	}
	return true
}

// ask asks the user.
func (p *fetchParams) ask(space httpauth.Space, c *httpauth.Challenge, rejected bool) (u httpauth.User, ok bool) {
	if !p.mayAsk(space) {
		return httpauth.User{}, false
	}
	name, password, ok := p.browser.Prompt(p.ctx, Challenge{
		Origin:   space.Origin,
		Proxy:    space.Proxy,
		Scheme:   c.Scheme,
		Realm:    c.Realm(),
		URL:      shown(p.request.currentURL()),
		Page:     p.request.origin.String(),
		Rejected: rejected,
	})
	return httpauth.User{Name: name, Password: password}, ok && p.ctx.Err() == nil
}

// A Prompt asks the user of a browser for a name and a password. ok is false if
// the user gives none; the response is delivered as it is then.
type Prompt func(ctx context.Context, c Challenge) (user, password string, ok bool)
