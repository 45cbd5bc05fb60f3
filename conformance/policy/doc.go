// Package policy verifies a server's CORS policy in a unit test: what its owner
// means, said once, and held against every page that a browser may show.
//
// A [Case] is one fetch and what should come of it; unset fields are not compared.
// A [Matrix] is all fetches of some pages, methods, headers and credentials modes,
// and [Golden] holds their verdicts against a file that reviews like code. An
// [Invariant] is a sentence about all pages, those included that nobody thought
// of: [Check] makes them of the origins that are trusted, and tells the shortest
// one for which the sentence is false.
//
//	api := policy.Subject{
//		Web:     fetchtest.New(fetchtest.Servers{"https://api.example.com": newAPI()}),
//		Request: fetchtest.Request{URL: "https://api.example.com/orders"},
//		Trusted: []string{"https://app.example.com"},
//	}
//	policy.Check(t, api, policy.OnlyTrusted(), policy.CacheSafe(), policy.Deterministic(3))
//
// Every fetch is made in a browser of its own, so that none decides the next.
package policy
