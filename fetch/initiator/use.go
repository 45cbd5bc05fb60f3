package initiator

import (
	"net/http"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/safelist"
)

// A Refusal is why an element or an EventSource fires an error although there
// is a response.
type Refusal string

// The refusals.
const (
	ErrStatus Refusal = "a status that is not ok"
	ErrType   Refusal = "a Content-Type of something else"
)

func (r Refusal) Error() string { return "initiator: " + string(r) }

// Use returns the response that whatever made req works with, or the [Refusal]
// for which it fires an error event; the caller closes resp's body either way.
// Whether what it holds is an image, a font or a script, decoders have to say.
func Use(req *fetch.Request, resp *fetch.Response) (*fetch.Response, error) {
	used := resp
	if resp.Unsafe != nil {
		used = resp.Unsafe
	}
	switch req.Initiator {
	case fetch.InitiatorScript, fetch.InitiatorModule, fetch.InitiatorLink, fetch.InitiatorFont, fetch.InitiatorVideo:
		if !used.OK() {
			return nil, ErrStatus
		}
	case fetch.InitiatorEventSource:
		if used.Status != http.StatusOK {
			return nil, ErrStatus
		}
	}
	if m, ok := safelist.ExtractMIMEType(used.Header["Content-Type"]); !takes(req.Initiator, m, ok) {
		return nil, ErrType
	}
	return used, nil
}

// takes reports whether the initiator takes a response of type m; typed is
// whether it has a type at all.
func takes(by fetch.Initiator, m safelist.MIMEType, typed bool) bool {
	switch by {
	case fetch.InitiatorModule: // https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script
		return typed && m.IsJavaScript()
	case fetch.InitiatorLink: // https://html.spec.whatwg.org/multipage/links.html#link-type-stylesheet
		return !typed || m.Essence() == "text/css"
	case fetch.InitiatorEventSource: // https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource
		return typed && m.Essence() == "text/event-stream"
	}
	return true
}
