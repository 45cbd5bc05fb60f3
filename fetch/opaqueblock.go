package fetch

import (
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
	first, err := res.read(n)
	if err == nil && int64(len(first)) < n {
		err = io.EOF
	}
	res.body = &peekedBody{res.body, first, err}
	return first
}

// A peekedBody is a body whose first bytes have been read.
type peekedBody struct {
	io.ReadCloser
	first []byte // to be read again
	err   error  // what comes then, if there is no more
}

func (b *peekedBody) Read(p []byte) (int, error) {
	switch {
	case len(b.first) > 0:
		n := copy(p, b.first)
		b.first = b.first[n:]
		return n, nil
	case b.err != nil:
		return 0, b.err
	}
	return b.ReadCloser.Read(p)
}
