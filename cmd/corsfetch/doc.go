// Corsfetch does what a page's fetch() does in a browser, and says why not if
// it cannot.
//
// Usage:
//
//	corsfetch get [flags] URL
//	corsfetch demo [-browser name]
//
// Demo needs no server and no network: it starts a small shop on this machine
// and walks through seven moments of a developer's life with CORS.
//
// Get fetches the URL as a page would and prints the verdict, what went over
// the wire, what the script sees, which headers it does not see and, if the
// browser would block, what to change on the server.
//
//	corsfetch get https://api.example/orders
//	corsfetch get https://api.example/orders/7 -X PUT -H 'Content-Type: application/json' -d '{"n":2}'
//	corsfetch get https://api.example/me -page https://shop.example/ -credentials include -cookie sid=1
//
// # Flags
//
// Flags may stand before and after the URL. One dash or two make no
// difference, and -X, -H and -d may be written together with their value, as
// in -XPUT.
//
//	-page URL             the page that fetches (https://app.example/); "null" is a page with an
//	                      opaque origin, as a sandboxed frame
//	-X METHOD             the method (GET, or POST with -d); also -request
//	-H 'NAME: VALUE'      a header the script sets; may be repeated; also -header
//	-d BODY               the body; @FILE reads a file, @- standard input, both as they are;
//	                      more than one are joined with "&"; the Content-Type is what fetch()
//	                      gives a string, text/plain;charset=UTF-8, unless -H says otherwise;
//	                      also -data
//	-mode MODE            cors, no-cors, same-origin or navigate
//	-credentials MODE     omit, same-origin or include
//	-redirect MODE        follow, error or manual
//	-referrer-policy P    of the request; the page's own is strict-origin-when-cross-origin
//	-cookie 'K=V; K2=V2'  cookies the browser already has for the URL's host; may be repeated;
//	                      also -b
//	-browser NAME         standard (the Fetch Standard by the letter), chromium, firefox, webkit,
//	                      or all: one verdict line for each
//	-repeat N             fetch N times in one page: shows the preflight cache at work
//	-k                    do not verify TLS certificates; also -insecure
//	-timeout DURATION     of each fetch, body included: 30s by default; a bare number is seconds;
//	                      0 is no limit; also -m
//	-v                    print all headers, not only those that matter to CORS
//	-json                 print JSON instead of text
//
// A URL without a scheme gets https, or http if its host is this machine
// (localhost, 127.0.0.1). One that begins with /, ?, # or . is relative to the
// page. Names below .localhost lead to this machine, as in browsers.
//
// # Exit codes
//
// 0 if the fetch is allowed, 1 if it is blocked, 2 if the command line is
// wrong, 3 if no answer came that could be judged: no connection, a timeout, no HTTP. With
// -browser all or -repeat it is 0 only if every fetch is allowed, and 3 if any
// got no answer. Demo exits with 0 if all its moments went as they should, else
// with 1.
//
// # JSON
//
// With -json the output is one object:
//
//	browser    the profile's name
//	page       the page's origin, or "null"
//	verdict    "allowed", "blocked" or "failed"
//	reason     of a block or failure, as "MissingAllowOriginHeader", else ""
//	stage      how far it came: "request", "preflight", "redirect", "response", else ""
//	message    reason, stage, header and values in one line, else ""
//	header, got, want
//	           the header that decided, what came and what was wanted, if there are such
//	console    what the browser prints to its console, if it is one that is known
//	advice     what to change: text; headers, the lines a server would have to send, and answer,
//	           the request it would have to send them for
//	exchanges  in order, each with method, url, status, statusText, request and response
//	           (header name to list of values), preflight, fromCache, redirectedTo, error
//	response   what the script sees, null if nothing: type, url, status, statusText,
//	           redirected, headers (name to value), hidden (names that came but are not
//	           visible), body (as text() decodes it), bodyTruncated (there was more than
//	           1 MiB), bodyError (why reading it failed)
//	notes      what else is worth knowing, as headers that fetch() does not let a script set
//
// With -repeat the object has browser, verdict (the worst) and rounds, a list of
// such objects. With -browser all it has verdict and browsers, a list of what
// a single browser's output would be.
//
// # Terminals
//
// Colour is used only on a terminal, unless NO_COLOR is set or TERM is dumb.
// Control characters and other unprintable ones in what servers send are
// printed as escapes.
package main
