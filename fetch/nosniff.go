package fetch

import (
	"strings"

	"github.com/corsfetch/corsfetch/safelist"
)

const (
	headerContentType = "Content-Type"
	headerNosniff     = "X-Content-Type-Options"
)

// isScriptLike reports whether what comes for d is run.
//
// https://fetch.spec.whatwg.org/#request-destination-script-like
func (d Destination) isScriptLike() bool {
	switch d {
	case "audioworklet", "paintworklet", "script", "serviceworker", "sharedworker", "worker":
		return true
	}
	return false
}

// typeCheck makes sure that res is of a type that the request's destination
// takes.
func (p *fetchParams) typeCheck(res *response) *Error {
	d := p.request.destination
	if !d.isScriptLike() && d != "style" {
		return nil
	}
	essence := p.essence(res)
	var why refusal
	switch {
	case d.isScriptLike() && p.isNoScript(essence):
		why.reason, why.want = ErrMIMEType, "another type for a script"
	case isNosniff(res) && d.isScriptLike() && !isJavaScript(essence):
		why.reason, why.want = ErrNosniff, "a JavaScript MIME type, with nosniff"
	case isNosniff(res) && d == "style" && essence != "text/css":
		why.reason, why.want = ErrNosniff, "text/css, with nosniff"
	default:
		return nil
	}
	why.header, why.gate.essence = headerContentType, essence
	if got, ok := safelist.Get(res.header[headerContentType]); ok {
		why.got = got
	} else {
		why.absent = true
	}
	res.discard()
	return p.refuseResponse(why.reason, StageResponse, res.status, why)
}

// isNosniff reports whether the server forbids to sniff.
//
// https://fetch.spec.whatwg.org/#determine-nosniff
func isNosniff(res *response) bool {
	return safelist.DetermineNosniff(res.header[headerNosniff])
}

// isJavaScript reports whether an essence is that of a JavaScript MIME type.
//
// https://mimesniff.spec.whatwg.org/#javascript-mime-type
func isJavaScript(essence string) bool {
	m, ok := safelist.ParseMIMEType(essence)
	return ok && m.IsJavaScript()
}

// isNoScript reports whether what is of a type is no script although it was
// asked for as one.
//
// https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
func (p *fetchParams) isNoScript(essence string) bool {
	kind, _, _ := strings.Cut(essence, "/")
	switch kind {
	case "audio", "image", "video":
		return true
	}
	return essence == "text/csv" || p.profile.Response.CSVByPrefix && strings.HasPrefix(essence, "text/csv")
}

// essence is the essence of the response's MIME type, or "" if it has none.
//
// https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
func (p *fetchParams) essence(res *response) string {
	values := res.header[headerContentType]
	if syntax := p.profile.Response.Types; syntax != TypesStrict {
		return looseEssence(safelist.GetDecodeSplit(values), syntax == TypesFirst)
	}
	m, ok := safelist.ExtractMIMEType(values)
	if !ok {
		return ""
	}
	return m.Essence()
}

// looseEssence is the first or the last member that is anything with a slash,
// without what follows a space or a semicolon.
func looseEssence(members []string, first bool) (essence string) {
	for _, member := range members {
		if end := strings.IndexAny(member, "; \t"); end >= 0 {
			member = member[:end]
		}
		if !strings.Contains(member, "/") || member == "*/*" {
			continue
		}
		if essence = strings.ToLower(member); first {
			break
		}
	}
	return essence
}
