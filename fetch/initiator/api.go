package initiator

import (
	"io"
	"net/http"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/safelist"
)

// EventSource returns the request of new EventSource(url, {withCredentials}).
// One that connects again adds Last-Event-ID to its Header.
//
// https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource
func EventSource(url string, withCredentials bool) *fetch.Request {
	req := potentialCORS(url, fetch.InitiatorEventSource, "", withCredentialsAttribute(withCredentials))
	req.Header = http.Header{"Accept": {"text/event-stream"}}
	req.Cache = fetch.CacheNoStore
	return req
}

// Beacon returns the request of navigator.sendBeacon(url, body). bodyType is
// what comes with the body, as in [fetch.Request]. [fetch.ErrKeepaliveLimit] is
// what sendBeacon says false to; a URL that is not HTTP(S) it throws for.
//
// https://w3c.github.io/beacon/#sec-processing-model
func Beacon(url string, body io.Reader, bodyType string) *fetch.Request {
	init := fetch.Init{Mode: fetch.ModeNoCORS, Credentials: fetch.CredentialsInclude, Keepalive: true, Initiator: fetch.InitiatorBeacon}
	if bodyType != "" && !safelist.IsNoCORSSafelistedRequestHeader("Content-Type", bodyType) {
		init.Mode = fetch.ModeCORS
	}
	return &fetch.Request{Method: http.MethodPost, URL: url, Body: body, BodyType: bodyType, Init: init}
}

// withCredentialsAttribute is the CORS settings attribute state that stands for
// a withCredentials attribute.
func withCredentialsAttribute(withCredentials bool) CrossOrigin {
	if withCredentials {
		return UseCredentials
	}
	return Anonymous
}
