// Package fetch is a browser's fetch() as an [http.RoundTripper].
//
// A [Transport] sends requests as one page in one browser sends them. Given the
// page's origin it decides whether a request needs a CORS-preflight request,
// sends it, caches the answer, follows redirects, and blocks or filters the
// response; a blocked response comes back as an [*Error] that says at which
// stage, for which reason and because of which header:
//
//	client := &http.Client{Transport: &fetch.Transport{
//		Origin: origin.MustParse("https://app.example"),
//	}}
//	resp, err := client.Get("https://api.example/orders")
//
// What the caller gets is what a script in that page would get, no more: the
// headers a script may read, status 0 for an opaque response, nothing at all
// of a response that was refused.
//
// # Requests
//
// A plain [http.Request] is what fetch(url) makes of it: mode "cors",
// credentials "same-origin", redirect "follow". [WithInit] gives a request the
// second argument of fetch(); so do Transport.Init and the three header keys
// that net/http takes on js/wasm (js.fetch:mode, js.fetch:credentials,
// js.fetch:redirect). [Transport.Fetch] takes a [Request] and returns a
// [Response] in the browser's own terms instead.
//
// A body whose request has no GetBody is a stream: it forces a preflight, and
// a redirect that would have to send it again fails.
//
// Package initiator makes the requests of what uses CORS besides fetch(): images,
// scripts, fonts, beacons, XMLHttpRequest and others.
//
// # Pages and browsers
//
// A Transport is a page. Pages that share a [Browser] share its connections,
// cookies and preflight cache, partitioned as browsers partition them. A
// [Profile] says which browser that is: the Fetch Standard by the letter, or
// Chromium, Firefox or WebKit as they were observed. Profiles are data; the
// algorithm is one.
//
// # What is followed
//
// The text is the Fetch Standard at whatwg/fetch 586cd2a. Each function that
// implements an algorithm of it carries its anchor. Comments begin with
// "Deviation:" where we leave the text, with "Unimplemented:" where a part is
// missing and what happens instead, with "Note:" and "Optimization:" where the
// words are only ours.
//
// # Differences from net/http
//
// [http.RoundTripper] asks implementations not to handle redirects, cookies or
// errors of the application. A Transport does, because the rules of a browser
// live there. An [http.Client] on top of it never follows a redirect itself;
// its Jar, and a Cookie, Host, Origin, Referer or other forbidden
// request-header set by the caller, are ignored as fetch() ignores them.
package fetch
