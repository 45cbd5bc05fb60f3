// Package cookies has a browser's cookie store: what a Set-Cookie header
// leaves behind, and which cookies a request takes along.
//
// A [Store] is asked once before each request and told once after each
// response. Both calls take a [Request], the facts about who asks for what;
// the [Rules] of the browser, which are the draft's if zero; and the time:
//
//	header := store.Cookie(request, rules, now)
//	store.SetCookies(request, response.Header["Set-Cookie"], rules, now)
//
// Unlike net/http/cookiejar it knows SameSite, with redirect chains and frames,
// the name prefixes, Partitioned cookies, HttpOnly and scripts, and has limits.
// It can be listed, saved and loaded.
//
// Whether a request includes credentials at all is decided by its sender. A
// [Jar] puts an [http.CookieJar] in the place of a Store.
//
// The rules are those of RFC 6265bis, with what its successor, the "layered
// cookies" draft, adds: the prefixes __Http- and __Host-Http-, and hosts that
// are parsed as those of URLs are. Partitioned is from the CHIPS draft.
//
// Nothing here does I/O other than [Store.Save] and [Store.Load], or reads a
// clock.
package cookies
