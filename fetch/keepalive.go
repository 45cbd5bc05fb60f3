package fetch

import "sync/atomic"

// keepaliveLimit is how many bytes the bodies of a page's keepalive requests may
// have at a time.
const keepaliveLimit = 64 << 10

// An inflight counts the bytes of bodies that are on their way.
type inflight struct{ bytes atomic.Int64 }

// add counts n bytes more, if that is within the limit.
func (f *inflight) add(n int64) bool {
	if f.bytes.Add(n) <= keepaliveLimit {
		return true
	}
	f.remove(n)
	return false
}

func (f *inflight) remove(n int64) { f.bytes.Add(-n) }

// keptAlive runs attempt, unless it is that of a keepalive request whose body is
// too much for the page.
//
// Deviation: the text counts until the response has been read; here it is until
// it has come.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func (p *fetchParams) keptAlive(attempt func() (*response, *Error)) (*response, *Error) {
	r := &p.request
	if !r.keepalive || r.body.isNull() || r.body.length <= 0 || r.initiator == InitiatorBeacon && p.profile.Initiator.OversizeBeacons {
		return attempt()
	}
	n := r.body.length
	if !p.env.keepalive.add(n) {
		return nil, p.refuse(ErrKeepaliveLimit, refusal{got: "more than 64 KiB in the bodies of keepalive requests", want: "as much or less"})
	}
	defer p.env.keepalive.remove(n)
	return attempt()
}
