package fetch

import (
	"io"
	"net/http"
	"strings"
)

// schemeFetch fetches the current URL in the way of its scheme.
//
// https://fetch.spec.whatwg.org/#concept-scheme-fetch
func (p *fetchParams) schemeFetch() (*response, *next, *Error) {
	u := p.request.currentURL()
	switch scheme := u.Scheme(); scheme {
	case "http", "https":
		return p.httpFetch(false, nil)
	case "about":
		if u.Path() == "blank" && !p.profile.Scheme.NoAboutBlank {
			return localResponse("text/html;charset=utf-8", ""), nil, nil
		}
	case "blob":
		res, err := p.blobFetch()
		return res, nil, err
	case "data":
		mimeType, body, ok := parseDataURL(u.WithoutFragment().String())
		if !ok {
			return nil, nil, p.refuse(ErrInvalidURL, refusal{got: "a data: URL that holds no data", want: "data:[<type>][;base64],<data>"})
		}
		res := localResponse(mimeType, body)
		if p.profile.Scheme.DataURLLength && p.request.initiator == InitiatorFetch {
			res.header.Set("Content-Length", lengthOf(body))
		}
		return res, nil, nil
	}
	return nil, nil, p.refuse(ErrUnsupportedScheme, refusal{got: "scheme " + u.Scheme(), want: "http or https"})
}

// localResponse returns a response that came from no network.
func localResponse(contentType, body string) *response {
	return &response{
		status: http.StatusOK,
		text:   "OK",
		header: http.Header{"Content-Type": {contentType}},
		body:   io.NopCloser(strings.NewReader(body)),
	}
}
