package fetch

import (
	"io"
	"sync/atomic"
)

// maxKeepalive is how many bytes the bodies of a page's keepalive requests may
// have that are on their way at the same time.
//
// https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
const maxKeepalive = 64 << 10

// A keepaliveGroup is the keepalive requests of a page: the part of its fetch
// group that matters.
//
// https://fetch.spec.whatwg.org/#concept-fetch-group
type keepaliveGroup struct{ inFlight atomic.Int64 }

// join adds a request with a body of n bytes, unless that would be too many.
func (g *keepaliveGroup) join(n int64) bool {
	for {
		before := g.inFlight.Load()
		if before+n > maxKeepalive {
			return false
		}
		if g.inFlight.CompareAndSwap(before, before+n) {
			return true
		}
	}
}

// leave takes away what join has added.
func (g *keepaliveGroup) leave(n int64) { g.inFlight.Add(-n) }

// KeepaliveRules are where browsers differ in the limit on the bodies of
// keepalive requests.
//
// https://fetch.spec.whatwg.org/#request-keepalive-flag
type KeepaliveRules struct {
	// BeforePreflight: the limit is looked at before the server is asked. In the
	// standard a preflight goes out first.
	// Shown by keepalive-put.
	BeforePreflight bool
}

// joinKeepalive counts the request's body among those on their way, once.
//
// Deviation: the text has the request's own record in the group already, so
// that a body would count twice. Nobody counts that way.
func (p *fetchParams) joinKeepalive() *Error {
	r := &p.request
	if !r.keepalive || p.keptAlive > 0 || p.profile.Initiator.OversizeBeacons && r.initiator == InitiatorBeacon {
		return nil
	}
	length, err := r.body.lengthUpTo(maxKeepalive + 1)
	if err != nil {
		e := p.refuse(ErrBodyNotReplayable, refusal{})
		e.Err = err
		return e
	}
	if !p.env.keepalive.join(length) {
		return p.refuse(ErrKeepaliveLimit, refusal{got: "a body that is more than the page may have on its way", want: "no more than 64 KiB with keepalive"})
	}
	p.keptAlive = length
	return nil
}

// leaveKeepalive takes the request's body off the count.
func (p *fetchParams) leaveKeepalive() {
	if p.keptAlive > 0 {
		p.env.keepalive.leave(p.keptAlive)
		p.keptAlive = 0
	}
}

// A keepaliveBody is the response body of a request that counts until it has
// ended.
type keepaliveBody struct {
	io.ReadCloser
	group *keepaliveGroup
	n     atomic.Int64 // 0 once it does not count
}

func (b *keepaliveBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.leave()
	}
	return n, err
}

func (b *keepaliveBody) Close() error {
	b.leave()
	return b.ReadCloser.Close()
}

func (b *keepaliveBody) leave() { b.group.leave(b.n.Swap(0)) }

// keepCounting has the request's body count until the response's has ended.
func (p *fetchParams) keepCounting(res *response) {
	if p.keptAlive == 0 {
		return
	}
	b := &keepaliveBody{ReadCloser: res.body, group: &p.env.keepalive}
	b.n.Store(p.keptAlive)
	p.keptAlive = 0
	res.body = b
}
