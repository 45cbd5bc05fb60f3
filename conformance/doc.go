// Package conformance holds any client of the web against scenarios, and
// against what real browsers did with them.
//
// A [Scenario] is one page that runs a list of steps, such as fetch(), against
// servers that answer by rule, byte for byte. What a client did with it is
// compared with a [Recording] of a browser, or with what the standards say,
// which the scenarios themselves hold. The package imports nothing of the
// client it judges: a client is anything that can run a step and say what a
// script would have seen of it; what went over the wire is recorded by the
// servers.
//
//	scenarios, err := conformance.Load(os.DirFS("scenarios"))
//	...
//	conformance.Run(t, scenarios, func(ctx context.Context, web *conformance.Web) (conformance.Client, error) {
//		return newPage(web), nil
//	}, conformance.Options{})
//
// [Run] is for tests; [Check] gives the same judgement as a [Report]; [Record]
// keeps what a client did without judging it.
//
// # Scenario files
//
// A file is a JSON array of scenarios:
//
//	{"id": "cors-put", "note": "a PUT needs a preflight", "page": "A",
//	 "server": {"B/x": [
//	   {"on": "OPTIONS", "status": 204, "headers": ["Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Methods: PUT"]},
//	   {"headers": ["Access-Control-Allow-Origin: *"], "body": "ok"}]},
//	 "steps": [{"fetch": "B/x", "method": "PUT", "expect": "OPTIONS PUT => cors 200", "wire": ["1 Origin: {A}"]}]}
//
// Unknown keys and values, and keys given twice, are errors that name the file
// and the line: a slip in a scenario must not become a silent pass. Nor does it
// keep the other scenarios from being judged.
//
// Origins go by aliases. A is the page's origin unless the page says otherwise,
// A2 the same host on another port, SA a subdomain of A; B and C are other
// sites. AS, AS2, SAS, BS and CS are their https twins, with certificates
// of [Servers.Authority]. X, Y and YS are *.test, which unlike *.localhost is not
// potentially trustworthy, and SX is a subdomain of X. BU, XU and SXU are the
// https origins that an upgrade of the URLs of B, X and SX leads to. IP is
// 127.0.0.1. P and PS, http and https, have a public address, L and LS one of the
// local network, as far as a browser can be told so; all others have loopback
// addresses. Every scenario has hosts of its own, so that no cookie and no cache
// entry of one reaches the next.
//
// Before the page opens, "cookies" and "logins" are visited, as by somebody who
// types their URLs. A login's holds the user "u" and the password "p"; the
// server asks for them with status 401 until there is an Authorization header,
// whatever it says.
//
// "{A}" stands for an origin, "{A.host}" for its host and port, "{A.hostname}"
// for its host. In what servers answer, "{origin}", "{acrm}" and "{acrh}" stand
// for the request's Origin, Access-Control-Request-Method and
// Access-Control-Request-Headers, and "{n}" for the number of requests so far
// to the same place. In the URL of a step "{base64:NAME}" is a [File].
// Recordings use the same names, and so hold no port.
package conformance
