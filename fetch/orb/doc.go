// Package orb decides which opaque responses are kept from the page that has
// asked for them: opaque-response blocking.
//
// A page may use what other origins send it without their consent, if it is an
// image, audio, video, a script or a style sheet. What cannot be any of these,
// as a JSON document, has no business in its process, where it could be read by
// other means. The decision falls in up to three stages, each of which knows
// more: [Rules.Header], [Rules.Start] and [Rules.Body].
//
// The standard has no such thing yet. A draft has; Chromium and Firefox each do
// a part of it, and WebKit nothing.
//
// https://whatpr.org/fetch/1442.html#orb-algorithm
package orb
