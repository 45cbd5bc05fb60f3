// Package safelist knows the header names, header values and methods the Fetch
// Standard singles out: which of them a page may send to another origin without
// asking first, which it may never set, and which it may read in the answer.
//
// The questions come in three sizes:
//
//   - one header: [IsSafelistedRequestHeader], [IsForbiddenRequestHeader],
//     [IsSafelistedResponseHeaderName] and their kin;
//   - a whole request: [UnsafeRequestHeaderNames] says for which names a
//     preflight has to ask; it returns nil if there is nothing to ask for;
//   - a header as it came off the wire: [Get], [GetDecodeSplit],
//     [ExtractTokens], [ExtractMIMEType] and others read a value as the standard
//     does, which is not how net/http and mime read it.
//
// # Browsers
//
// Package-level functions answer as the standard says. Browsers differ in what
// makes a request header unsafe; [Rules] holds these differences as data, and its
// zero value is the standard.
//
// # Names, values and cost
//
// A name may be in any case; only ASCII letters have one. A value is a byte
// sequence that has been normalized, as [NormalizeHeaderValue] does it. Nothing
// here panics, whatever the bytes are, and the time taken is linear in them
// (sorting the names found aside). Predicates do not allocate.
//
// All functions are safe for concurrent use.
package safelist
