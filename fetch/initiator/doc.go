// Package initiator makes the requests of what uses CORS besides fetch():
// images, scripts, stylesheets, fonts, videos, EventSource, beacons,
// navigations and XMLHttpRequest.
//
//	page := &fetch.Transport{Origin: origin.MustParse("https://app.example")}
//	resp, err := page.Fetch(ctx, initiator.Image("https://cdn.example/logo.png", initiator.Anonymous))
//
// # What they ask for
//
//	               mode                 credentials                          redirects
//	Image          no-cors, or cors     include, or as crossorigin says      follow
//	Script         no-cors, or cors     include, or as crossorigin says      follow
//	Module         cors                 same-origin, or include              follow
//	Stylesheet     no-cors, or cors     include, or as crossorigin says      follow
//	Font           cors                 same-origin                          follow
//	Video          no-cors, or cors     include, or as crossorigin says      follow
//	EventSource    cors                 same-origin, or include              follow
//	Beacon         no-cors, or cors     include                              follow
//	Navigation     navigate             include                              follow
//	XHR            cors                 same-origin, or include              follow
//
// None of them is preflighted but an [XHR], and a [Beacon] of a type that no
// form could send. What browsers do besides is in [fetch.InitiatorRules].
//
// # What they make of the answer
//
// [Use] says whether an element loads or fires an error, and with which
// response it works. Whether scripts may look into what it makes of it, a canvas
// or the rules of a stylesheet, says [fetch.Response.Tainted].
package initiator
