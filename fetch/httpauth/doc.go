// Package httpauth has what a browser knows of HTTP authentication: what a
// server asks with WWW-Authenticate, how that is answered, and what has been
// answered before.
//
//	challenges := httpauth.Parse(response.Header["Www-Authenticate"], rules)
//	best, ok := httpauth.Choose(challenges, rules)
//	...
//	store.Add(space, &best, request.Target, httpauth.User{Name: "u", Password: "p"}, rules)
//	credentials := store.Unasked(space, request, rules)
//
// It speaks Basic (RFC 7617) and Digest (RFC 7616). A [Store] holds the
// authentication entries of a browser. Where browsers differ is in [Rules].
//
// Nothing here does I/O, reads a clock or makes up a nonce.
package httpauth
