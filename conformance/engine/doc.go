// Package engine is package fetch as a client that scenarios can be held
// against: a page in a browser of a given profile.
//
//	report, err := conformance.Check(ctx, scenarios, engine.New(fetch.Firefox()), conformance.Options{Against: recording})
//
// # What is not run
//
// Package fetch does not do all that a browser does. A scenario that needs what
// it lacks is skipped, and the error says why.
//
// Resource Timing is told of fetch() alone, and of the console only what says why
// a fetch() failed: the lines of [fetch.Trace.Console], without the words that say
// which part of the browser printed them.
//
// # What is shown and run
//
// There are no decoders and no script engine: an image is what begins like one,
// and fonts, sounds, scripts and stylesheets are those that answers can name.
//
// # Time
//
// A sleep takes no time: it moves the browser's clock, by which the preflight
// cache, cookies and Strict Transport Security age.
package engine
