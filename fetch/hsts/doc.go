// Package hsts remembers which hosts are to be spoken to by https alone, as
// they asked with Strict-Transport-Security (RFC 6797).
//
//	if policy, ok := hsts.Parse(response.Header["Strict-Transport-Security"]); ok {
//		store.Set(host, policy, now)
//	}
//	...
//	if store.Upgrades(host, now) { … }
//
// Whether a response may be believed is up to who asks: it has to come over
// https, with a certificate that nobody had to look away from.
//
// Nothing here does I/O other than [Store.Save] and [Store.Load], or reads a
// clock.
package hsts
