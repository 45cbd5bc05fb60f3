package fetchtest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
)

// hosts are the servers of a [Web], and what they are busy with.
type hosts struct {
	servers Servers
	base    http.RoundTripper // of [Over]; nil is servers
	names   map[string]bool   // of hosts
	open    context.Context   // done once they are closed
	shut    context.CancelCauseFunc
	serving sync.WaitGroup

	mu     sync.Mutex
	closed bool // nothing is added to serving any more
}

var errClosed = errors.New("fetchtest: the web is closed")

// close ends what is being served, and waits for it.
func (h *hosts) close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.shut(errClosed)
	h.serving.Wait()
	if idle, ok := h.base.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

// serve runs f in a goroutine, unless the hosts are closed.
func (h *hosts) serve(f func()) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.serving.Go(f)
	return true
}

// server returns what is at an origin, or why it cannot be reached.
func (h *hosts) server(scheme, host string) (http.Handler, error) {
	handler := h.servers[scheme+"://"+strings.ToLower(host)]
	if _, isDown := handler.(refusal); handler != nil && !isDown {
		return handler, nil
	}
	if name := hostname(scheme + "://" + host); !h.names[name] {
		return nil, unknownHost(name)
	}
	return nil, refused(host)
}
