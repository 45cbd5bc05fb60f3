package fetch

import "io"

// Tainted reports whether what is made of the response is not for scripts to
// look into: a canvas it is drawn to cannot be read, the rules of a stylesheet
// cannot be listed, the errors of a script are not told.
//
// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-cross-origin
func (r *Response) Tainted() bool { return r.Type == TypeOpaque || r.Type == TypeOpaqueRedirect }

// keepUnsafe keeps the response for the element that has asked for it, before
// it is hidden.
func (res *response) keepUnsafe(r *request) {
	res.unsafe = &Response{
		Type:       TypeBasic,
		URL:        r.currentURL().WithoutFragment().String(),
		Redirected: len(r.urls) > 1,
		Status:     res.status,
		StatusText: res.statusText(),
		Header:     res.header,
		Body:       res.body,
	}
	res.body = closedBody{res.body}
}

// A closedBody is the empty body of an opaque response, whose real one it
// closes.
type closedBody struct{ io.Closer }

func (closedBody) Read([]byte) (int, error) { return 0, io.EOF }
