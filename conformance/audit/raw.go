package audit

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/fetch/fetchtest"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// raw sends a request that no page makes, with the user's headers, if no other page
// is said to ask, and those that are given, and without cookies.
func (p *prober) raw(method, url string, h http.Header) *answer {
	return p.rawIn(method, url, h, new(lane))
}

// rawIn is raw by a lane.
func (p *prober) rawIn(method, url string, h http.Header, l *lane) *answer {
	all := make(http.Header)
	switch page := h.Get("Origin"); {
	case method == http.MethodOptions:
	case page == "":
		maps.Copy(all, p.subject.Request.Header)
	default:
		maps.Copy(all, p.headersOf(page))
	}
	maps.Copy(all, h)
	all.Set("User-Agent", "corsfetch-audit")
	return p.send(method, url, all, l)
}

// send sends a request with those headers and no others.
func (p *prober) send(method, url string, h http.Header, l *lane) *answer {
	req, err := http.NewRequestWithContext(l.in(p.ctx), method, url, nil)
	if err != nil {
		return &answer{Exchange: fetchtest.Exchange{Method: method, URL: url, Error: err.Error()}, err: err}
	}
	req.Header = h.Clone()
	if host := h.Get("Host"); host != "" {
		req.Host = host
		req.Header.Del("Host")
	}
	resp, err := p.guard.RoundTrip(req)
	if err != nil {
		return &answer{Exchange: fetchtest.Exchange{Method: method, URL: url, RequestHeader: req.Header, Error: err.Error()}, err: err}
	}
	body, err := readSome(resp)
	return &answer{Exchange: fetchtest.Exchange{
		Method: method, URL: url, RequestHeader: req.Header, Status: resp.StatusCode, ResponseHeader: resp.Header,
	}, Body: body, err: err}
}

// rawAs is what a page asks, but for its Origin.
func (p *prober) rawAs(page, serialized string) *answer {
	h := p.headersOf(page)
	if h == nil {
		h = make(http.Header)
	}
	h.Set("Origin", serialized)
	return p.raw(http.MethodGet, p.subject.Request.URL, h)
}

// rawOrigin is raw with an Origin.
func (p *prober) rawOrigin(method, serialized string) *answer {
	return p.raw(method, p.subject.Request.URL, http.Header{"Origin": {serialized}})
}

// at is the URL of a reference that is taken against the resource's; "" if it is
// none.
func (p *prober) at(ref string) string {
	u, err := weburl.Parse(ref, p.url)
	if err != nil {
		return ""
	}
	return u.String()
}

// trustedRaw reports whether the answer names an Origin that no page here can
// have.
func (p *prober) trustedRaw(serialized string) bool {
	return slices.Equal(allowOrigin(p.rawOrigin(http.MethodGet, serialized).ResponseHeader), []string{serialized})
}

// withQuery is the resource's URL with one more parameter.
func (p *prober) withQuery(name, value string) string {
	u := p.url.WithoutFragment().String()
	if strings.Contains(u, "?") {
		return p.at(u + "&" + name + "=" + value)
	}
	return p.at(u + "?" + name + "=" + value)
}
