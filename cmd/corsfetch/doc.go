// Corsfetch does what a page's fetch() does in a browser, and says why not if
// it cannot.
//
// Usage:
//
//	corsfetch get [flags] URL
//	corsfetch audit [flags] URL
//	corsfetch demo [-browser name]
//	corsfetch conform [flags] [dir...]
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
// Audit asks for the URL as all kinds of pages would, and tells what is wrong with
// the server's CORS policy: who may read and write, with credentials or not, and
// then each finding with its severity, a proof, what it means in a browser and what
// to change. It sends GET, HEAD and OPTIONS, and what the user has at the server
// nowhere else; a server that is not on this machine it leaves alone without -yes.
//
//	corsfetch audit http://localhost:8080/orders -page https://shop.example/ -cookie sid=1
//	corsfetch audit https://api.example/orders -yes -baseline cors.baseline -fail-on medium -sarif
//
// Conform holds a client against scenarios, pages that run steps against servers
// that answer by rule; the format is that of package
// github.com/corsfetch/corsfetch/conformance. The client is this engine under a
// browser's profile, or a real browser:
//
//	corsfetch conform -profile firefox
//	corsfetch conform -client firefox -record firefox.json scenarios
//	corsfetch conform -profile firefox -against firefox.json scenarios
//
// With -generate it makes up scenarios itself. With -against-browser too it looks
// for those on which the engine and a browser disagree, and shrinks them:
//
//	corsfetch conform -generate 500 -seed 7 -against-browser firefox
//
// # Flags of get
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
//	-v                    print all headers, not only those that matter to CORS,
//	                      sorted by name; net/http orders what goes out, no browser
//	-json                 print JSON instead of text
//	-html FILE            write a report to FILE too; see below
//
// A URL without a scheme gets https, or http if its host is this machine
// (localhost, 127.0.0.1). One that begins with /, ?, # or . is relative to the
// page. Names below .localhost lead to this machine, as in browsers.
//
// # Flags of conform
//
//	-client NAME   engine, or a real browser: chromium, firefox or webkit
//	-profile NAME  of the engine: standard, chromium, firefox or webkit
//	-against FILE  the recording it should agree with; without, the expectations in the
//	               scenarios, or for the scenarios that come with corsfetch what the browser did
//	-only ID       the scenario of that id, or all whose ids begin with ID and a hyphen; may be
//	               repeated
//	-sample N      so many of them, spread evenly over all
//	-console       compare what a browser tells people too: messages, its console
//	-limit DURATION
//	               of a scenario, after which it is ended as one that failed: 2m by default
//	-retry         run a scenario that disagrees once more, and judge that
//	-record FILE   write what the client did, as a recording
//	-program FILE  the browser's program, where it is not found by itself
//	-json          print JSON instead of text
//	-html FILE     write a report to FILE too; see below
//	-generate N    N scenarios that nobody wrote, in place of files
//	-about NAME    what they are about: fetch, that is CORS and all it needs, or cookies (fetch)
//	-seed S        which of them (1): the same seed makes the same ones, within a version
//	-against-browser NAME
//	               with -generate: run each in this browser and in the engine, whose -profile is
//	               that browser's unless it is given, and shrink those on which they disagree;
//	               of the flags above it goes with -program
//
// The arguments are directories, of which the *.json files are read, or such
// files. A scenario that is broken does not keep others from being judged. Without
// any it is the scenarios that come with corsfetch.
//
// # Exit codes
//
// 0 if the fetch is allowed, 1 if it is blocked, 2 if the command line is
// wrong, 3 if no answer came that could be judged: no connection, a timeout, no
// HTTP. With -browser all or -repeat it is 0 only if every fetch is allowed, and
// 3 if any got no answer. Demo exits with 0 if all its moments went as they
// should, else with 1. Conform exits with 0 if the client agrees in all that it
// could run, 1 if it does not or could run nothing, or if some of the scenarios
// are broken, 2 if the command line is wrong or there is nothing that is not
// broken, 3 if the browser does not start or the run is interrupted.
//
// # JSON of get
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
// # Flags of audit
//
//	-page URL             a page that is meant to use the resource, of which the origin counts;
//	                      may be repeated; without, the audit asks as origins that the server
//	                      itself speaks of and neighbours of its host
//	-header 'NAME: VALUE' a header that the pages' scripts set; no other page is taken to know
//	                      it; may be repeated; also -H
//	-cookie 'K=V; K2=V2'  cookies that the user has there. Without attributes they go along with
//	                      all that has credentials, whatever the page; with them, as in
//	                      'sid=1; Secure; SameSite=Lax', where those let them; may be repeated;
//	                      also -b
//	-browser NAME         standard, chromium, firefox or webkit: which one asks; in the table of
//	                      verdicts it is noted what the others would do otherwise
//	-fail-on SEVERITY     from which severity on to exit with 1 (low): critical, high, broken,
//	                      medium, fragile, low, waste, info; none: never
//	-baseline FILE        findings that are known and accepted, a line each: id, URL, page, and
//	                      behind a # why
//	-update               write all that is found to the file of -baseline
//	-json                 print JSON
//	-html FILE            write a report to FILE too; see below
//	-sarif                print SARIF 2.1.0
//	-v                    print what went over the wire for each finding
//	-connect HOST:PORT    where the URL's host is for now, so that a build on this machine is
//	                      asked as if it were where it will be: "corsfetch audit
//	                      https://api.example/orders -connect localhost:8080"
//	-yes                  you may test a server that is not on this machine
//	-elsewhere ORIGIN     where redirects may lead besides the server's own host; neither -header
//	                      nor -cookie goes there; may be repeated
//	-writes               send POST and PUT too: they may change something on the server
//	-canary URL           of your own: does the server fetch it for whoever asks?
//	-rate N               requests in a second: 20, or without a limit on this machine
//	-limit N              requests in all: 600
//	-timeout DURATION     for each answer: 5s; a server that takes longer three times in a row is
//	                      asked no more
//	-k                    do not verify TLS certificates; also -insecure
//
// It exits with 0 if nothing is found from -fail-on on that is not accepted, 1 if
// something is, 2 for wrong usage, 3 if there is no answer.
//
// # JSON of audit
//
// With -json the output is one object:
//
//	target     the URL
//	error      only if there is no answer
//	trusted    the origins of -page, or those that were found
//	policy     in a few words
//	verdicts   each with page (its origin), who (what it has to do with the server), read,
//	           readWithCredentials, write and writeWithCredentials, each of which has allowed,
//	           status, reason and stage; notes say what other browsers decide otherwise
//	findings   the worst first, each with id ("F01"), name ("trust.any-credentialed"), title,
//	           severity, confidence ("proven", "likely" or "hint"), url, page, consequence, fix,
//	           evidence and, if the baseline has it, accepted; an evidence has what, verdict,
//	           exchanges and, if it shows what is otherwise so, control; an exchange has method,
//	           url, preflight, status, request and response (header name to list of values),
//	           error
//	requests   how many were sent
//	notes      what was not tried, and lines of the baseline that are not found any more
//
// What says who the user is, cookies, Authorization and the values of -header, is
// not in it; nor are bodies.
//
// # JSON of conform
//
// With -json the output is one object:
//
//	client     "engine" or a browser
//	profile    of the engine
//	version    of the client
//	against    "expectations", or the browser and version of the recording
//	scenarios, agree, explained, skipped, steps
//	           how many; explained are those that differ as is known
//	areas      the same by the first part of the ids: name, agree, explained, disagree, skipped
//	disagree   each with id, note, error, level of the worst difference ("outcome", "visible",
//	           "wire", with -console "console"), differences, got and, if held against a
//	           recording, want; a difference has step (from 1), level, what, got and want
//	known      the same of those explained, with reason
//	unstable   the same of those that -retry found to agree
//	skips      id and reason
//	stale      ids that are said to differ and do not
//
// # Reports as HTML
//
// With -html FILE get, conform and audit write a report besides what they print, to
// be opened in a browser, printed or handed on: one file without scripts, that asks
// for nothing from elsewhere. It has what the text has, each fetch as a sequence
// diagram, and the headers of each exchange with those that the script sees, those that
// are hidden, and the one that decides.
//
// It leaves out the values of Cookie, Set-Cookie and Authorization, and of headers of
// -H but Accept, Accept-Language and Content-Type. URLs and bodies are in it. What is
// very long is cut. The file is written when all is done, or not at all; "-", standard
// output, is none. One that cannot be written is exit code 2, before anything is sent.
//
// # Terminals
//
// Colour is used only on a terminal, unless NO_COLOR is set or TERM is dumb.
// Control characters and other unprintable ones in what servers send are
// printed as escapes.
package main
