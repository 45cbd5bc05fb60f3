// Package origin has the origins of the web platform: what they are equal to,
// which site they belong to, whether they are potentially trustworthy, and what
// a chain of redirects does to them.
//
// An [Origin] is a comparable value, and == is the standard's "same origin":
//
//	page := origin.MustParse("https://app.example")
//	page == origin.FromURL(u)
//
// It comes from [Parse], which reads the form that the Origin header has, from
// [FromURL], or from [NewOpaque].
//
// Which site an origin belongs to depends on the public suffix list, in the
// edition that comes with golang.org/x/net/publicsuffix. Its private section
// counts: a.github.io and b.github.io are different sites, as in browsers. The
// methods of Origin consult the list each time. A [Sites] remembers what it
// said; whoever asks often about the same hosts should have one.
//
// Nothing here does I/O, reads a clock or keeps state outside of a Sites. All
// types are safe for concurrent use.
package origin
