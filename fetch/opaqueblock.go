package fetch

import (
	"bytes"
	"io"

	"github.com/corsfetch/corsfetch/fetch/orb"
	"github.com/corsfetch/corsfetch/safelist"
)

// scriptLimit is how long a body may be that has to be seen whole.
const scriptLimit = 32 << 20

// orbCheck decides whether an opaque response is something that its
// destination can use at all. What it has read of the body is read again.
//
// Note: the browsers that have this do not tell a fetch(); it gets an opaque
// response without a body, as it would anyway.
//
// https://whatpr.org/fetch/1442.html#orb-algorithm
func (p *fetchParams) orbCheck(res *response) *Error {
	r, rules := &p.request, p.profile.Response.ORB
	if rules == nil || r.tainting != opaque || r.destination == "" || res.kind == TypeOpaqueRedirect ||
		rules.HomeAllowed && r.currentURLOrigin == r.origin {
		return nil
	}
	in := orb.Response{
		Type:     p.essence(res),
		Nosniff:  isNosniff(res),
		Status:   res.status,
		ForMedia: r.destination == "audio" || r.destination == "video",
	}
	in.ContentRange, _ = safelist.Get(res.header["Content-Range"])
	verdict, reason := rules.Header(in)
	if verdict == orb.Undecided {
		verdict, reason = rules.Start(in, res.peek(orb.StartLength))
	}
	if verdict == orb.Undecided {
		body := res.peek(scriptLimit + 1)
		if len(body) > scriptLimit {
			verdict, reason = orb.Blocked, orb.NotScript
		} else {
			verdict, reason = rules.Body(body)
		}
	}
	if p.ctx.Err() != nil {
		res.discard()
		return p.networkError(StageResponse, p.ctx.Err())
	}
	if verdict == orb.Blocked {
		res.discard()
		return p.refuseResponse(ErrOpaqueResponseBlocked, StageResponse, res.status,
			refusal{got: string(reason), want: "an image, audio, video, a script or a style sheet", gate: gateFacts{orb: reason}})
	}
	return nil
}

// peek returns the first n bytes of the body, or all if there are fewer, and
// leaves them to be read.
func (res *response) peek(n int64) []byte {
	var first bytes.Buffer
	_, err := io.CopyN(&first, res.body, n)
	rest := io.Reader(res.body)
	if err != nil {
		rest = brokenBody{err}
	}
	data := first.Bytes()
	res.body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(data), rest), res.body}
	return data
}
