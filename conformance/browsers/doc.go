// Package browsers runs the scenarios of package conformance in real browsers:
// Chromium, Firefox and WebKit (MiniBrowser of WebKitGTK).
//
// [Record] records what a browser does. A [Browser] is also a client that
// [conformance.Check] can hold against an earlier recording:
//
//	servers, err := conformance.Listen()
//	...
//	b, err := browsers.Start(ctx, browsers.Chromium, servers, browsers.Options{})
//	...
//	report, err := conformance.Check(ctx, scenarios, b.NewClient, conformance.Options{
//		Against: recording,
//		Servers: servers,
//		Via:     conformance.Vias(),
//	})
//
// A browser starts headless, with a profile of its own that is deleted in the
// end, and with all names but those of the servers leading nowhere. Its own
// pages run the steps with the real fetch(); the browser is driven only to open
// the first page and to read its console. A browser that dies or falls silent
// is replaced, the scenario is recorded with an error, and the run goes on.
//
// Browsers run without their sandboxes, as superusers have to run them: open
// nothing but scenarios in them. They are found on Debian, by the names that
// its packages give them; see [Find].
package browsers
