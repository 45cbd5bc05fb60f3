// Package audit finds what is wrong with a server's CORS policy: it asks as the
// pages of a browser do, sees what they are given, and tells what that means to the
// user, to the pages and to the server, and which header would mend it.
//
// What it knows to look for is a catalogue ([Rules]), each with an id that stays.
// The resource is a [policy.Subject], in memory or over sockets
// ([fetchtest.Over]):
//
//	report, err := audit.Run(ctx, policy.Subject{
//		Web:     fetchtest.New(fetchtest.Servers{"https://api.example.com": newAPI()}),
//		Request: fetchtest.Request{URL: "https://api.example.com/orders"},
//		Trusted: []string{"https://app.example.com"},
//	}, audit.Options{})
//
// A finding is proven by an exchange that a browser could have made, beside one
// that shows that it is not merely what everybody gets; what needs a request that
// no browser sends says so.
//
// Unless told otherwise an audit sends GET, HEAD and OPTIONS alone, to the
// resource's own host alone, and what the user has there nowhere else.
package audit
