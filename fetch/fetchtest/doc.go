// Package fetchtest is an in-memory web for unit tests: handlers by origin, pages
// that fetch from them as a browser's do, and for each fetch a [Result] that says
// what the script sees, what it does not, and why.
//
//	web := fetchtest.New(fetchtest.Servers{"https://api.example": newAPI()})
//	got := web.Page("https://app.example").Fetch(fetchtest.Request{URL: "https://api.example/orders"})
//	if got.Verdict != fetchtest.Allowed {
//		t.Error(got) // and what went over the wire
//	}
//
// There are no sockets and no ports. A handler gets what net/http would give it,
// by HTTP/1.1: Host, RequestURI, RemoteAddr, TLS where the origin is https; a
// panic, [http.ErrAbortHandler] included, ends the connection; HEAD has no body; a
// short body gets a Content-Length, a long or a flushed one does not; what has no
// Content-Type gets one that it looks like. There is no Date, so that results can
// be compared.
//
// [Over] makes a Web of servers that listen, for the same tests over sockets.
//
// A Web works in a bubble of testing/synctest as it does elsewhere, and tests that
// run in parallel may share one, or have one each: it costs little.
package fetchtest
