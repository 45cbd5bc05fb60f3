// Package corpus holds the project's own scenarios, and what real browsers did
// with them.
//
// # Scenarios
//
// Each file covers one area of the Fetch Standard or of what uses it, and the ids in it begin with
// the area's name:
//
//	10-safelist.json     which request-headers need no preflight, and which a script cannot set
//	20-method.json       methods: normalized, safelisted, forbidden
//	30-preflight.json    what a preflight asks, and which answers let the request pass
//	40-cache.json        what is remembered of preflights, for whom and how long
//	50-acao.json         the CORS check: Access-Control-Allow-Origin and -Credentials
//	60-expose.json       which headers of a response a script sees
//	70-redirect.json     which redirects are followed, where to and with what
//	75-credentials.json  cookies and Authorization: when they go, and when they stay
//	80-origin.json       the Origin header
//	85-referrer.json     referrers and referrer policies
//	86-metadata.json     Sec-Fetch-*
//	90-nocors.json       no-cors requests and opaque responses
//	91-mode.json         request modes and response types
//	92-body.json         bodies, of requests and responses
//	95-url.json          URLs, schemes and ports
//	97-misc.json         all else
//	99-tutorial.json     servers as tutorials have them
//	A0-integrity.json    subresource integrity
//	A1-nosniff.json      what a Content-Type keeps from scripts and style sheets
//	A2-orb.json          opaque-response blocking
//	A3-range.json        answers with status 206 and 416
//	A4-corp.json         Cross-Origin-Resource-Policy, and what a page with an embedder policy loads
//	B0-xhr.json          XMLHttpRequest
//	B1-img.json          images, and which of them taint a canvas
//	B2-script.json       scripts and modules
//	B3-style.json        stylesheets, and whose rules can be read
//	B4-font.json         fonts
//	B5-video.json        videos
//	B6-beacon.json       sendBeacon()
//	B7-eventsource.json  EventSource
//	B8-initiator.json    what of a request depends on what makes it
//	C0-auth.json         HTTP authentication, and what is remembered of it
//	C1-hsts.json         hosts that have asked for https
//	C2-mixed.json        mixed content, blocked and upgraded
//	C3-keepalive.json    how much keepalive requests may hold at a time
//	C4-upgrade.json      pages that have insecure requests upgraded
//	D0-cookies.json      what a cookie is, who may set it, and to whom it goes
//	D1-blob.json         blob: URLs, and ranges of them
//	D2-local.json        what is on the user's machine and in the local network
//	D3-timing.json       Timing-Allow-Origin, and what Resource Timing tells
//
// The format is that of package conformance. Beyond what it asks for, every
// scenario here has a note, which says in a sentence what the case shows;
// spec, the anchor of the rule; and points, the ids of the project's test
// points that it covers, if any (SAF safelist, PFR preflight request, PFV
// preflight validation, PFC preflight cache, COR CORS check, and so on). A
// fetch() has the outcome that the standard gives it in expect. Where the
// standard leaves it open there is none, and the note says why.
//
// Rules of the house:
//
//   - A scenario is about one rule. What has two sides, such as a limit, shows
//     both, in two scenarios or in two steps.
//   - Expectations come from the standard and not from what some client does.
//     Where browsers differ from it, the recordings say so.
//   - Places that are asked twice in a scenario have a query of their own for
//     each time, unless it is about the preflight cache: an answer without a
//     max-age is remembered for five seconds.
//   - Requests whose headers net/http would not send are refused by their
//     preflights, so that it never has to.
//   - A sleep takes its time in a browser. There are few, of 1 to 6 seconds.
//
// # Recordings
//
// recordings/NAME.json is what the browser NAME did with all scenarios, recorded
// with
//
//	corsfetch conform -client NAME -record conformance/corpus/recordings/NAME.json conformance/corpus
//
// A changed scenario needs to be recorded anew in each browser.
package corpus
