package browsers

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// A devtools is a connection by the DevTools protocol over a pair of pipes, in
// which each message ends with a NUL.
//
// https://chromedevtools.github.io/devtools-protocol/
type devtools struct {
	out    io.Writer
	events func(session, method string, params json.RawMessage) // called in order, by one goroutine

	mu      sync.Mutex
	id      int
	replies map[int]chan devtoolsMessage
	closed  bool
}

type devtoolsMessage struct {
	ID        int             `json:"id,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    json.RawMessage `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// read hands on messages until in ends.
func (d *devtools) read(in io.Reader) {
	r := bufio.NewReader(in)
	for {
		data, err := r.ReadBytes(0)
		if err != nil {
			break
		}
		var m devtoolsMessage
		if err := json.Unmarshal(data[:len(data)-1], &m); err != nil {
			break
		}
		if m.ID == 0 {
			d.events(m.SessionID, m.Method, m.Params)
			continue
		}
		d.mu.Lock()
		reply := d.replies[m.ID]
		delete(d.replies, m.ID)
		d.mu.Unlock()
		if reply != nil {
			reply <- m
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	for id, reply := range d.replies {
		close(reply)
		delete(d.replies, id)
	}
}

var errDevtoolsClosed = errors.New("the DevTools connection is closed")

// send sends a command. The reply comes by the channel, which is closed if
// none can.
func (d *devtools) send(session, method string, params any) (<-chan devtoolsMessage, error) {
	raw, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, errDevtoolsClosed
	}
	d.id++
	data, err := json.Marshal(devtoolsMessage{ID: d.id, SessionID: session, Method: method, Params: raw})
	if err != nil {
		return nil, err
	}
	reply := make(chan devtoolsMessage, 1)
	d.replies[d.id] = reply
	_, err = d.out.Write(append(data, 0))
	return reply, err
}

// call sends a command and waits for the reply.
func (d *devtools) call(ctx context.Context, session, method string, params, result any) error {
	reply, err := d.send(session, method, params)
	if err != nil {
		return err
	}
	select {
	case m, ok := <-reply:
		if !ok {
			return errDevtoolsClosed
		}
		if m.Error != nil {
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(m.Result, result)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}
