// Package redirect decides where a redirect leads, and with what: pure
// functions of a request and of what its response says. It sends nothing and
// keeps nothing.
//
//	next, err := redirect.Follow(redirect.Request{
//		Method: "POST", URL: current, Origin: page, CORSMode: true,
//		HasBody: true, HasBodySource: true,
//	}, resp.StatusCode, resp.Header["Location"], redirect.Rules{})
//	switch {
//	case err != nil: // a network error; errors.Is(err, redirect.TooManyRedirects) and so on
//	case next.URL == nil: // no redirect: the response is the answer
//	default: // the next request is for next.URL
//	}
//
// [Follow] is the deciding half of HTTP-redirect fetch, [LocationURL] the
// algorithm that it starts with. The zero [Rules] are the Fetch Standard's;
// what browsers do differently is data in them.
//
// https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
package redirect
