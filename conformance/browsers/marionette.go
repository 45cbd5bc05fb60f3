package browsers

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A marionette is a connection by Firefox's remote protocol, in which each
// message is the length of a JSON array, ":", and the array:
// [0, id, command, parameters] and [1, id, error, result].
//
// https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
type marionette struct {
	conn net.Conn
	in   *bufio.Reader

	mu     sync.Mutex
	id     int
	broken error // why there is no use in calling
}

// newMarionette takes over a connection and reads the greeting.
func newMarionette(conn net.Conn) (*marionette, error) {
	m := &marionette{conn: conn, in: bufio.NewReader(conn)}
	if _, err := m.receive(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return m, nil
}

// maxMessage bounds what is read at once.
const maxMessage = 64 << 20

func (m *marionette) receive() ([]byte, error) {
	prefix, err := m.in.ReadString(':')
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(prefix, ":"))
	if err != nil || n < 0 || n > maxMessage {
		return nil, fmt.Errorf("marionette: a message of length %q", prefix)
	}
	data := make([]byte, n)
	_, err = io.ReadFull(m.in, data)
	return data, err
}

// call sends a command and waits for the result. One that was not waited for
// to the end breaks the connection.
func (m *marionette) call(ctx context.Context, command string, params, result any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return m.broken
	}
	m.id++
	data, err := json.Marshal([]any{0, m.id, command, params})
	if err != nil {
		return err
	}
	deadline, _ := ctx.Deadline() // the zero time is none
	if err := m.conn.SetDeadline(deadline); err != nil {
		return err
	}
	// Only now, or the deadline above could undo the interruption; and waited
	// for, or it could interrupt the next call.
	interrupted := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(interrupted)
		_ = m.conn.SetDeadline(time.Unix(1, 0))
	})
	defer func() {
		if !stop() {
			<-interrupted
		}
	}()
	if _, err := fmt.Fprintf(m.conn, "%d:%s", len(data), data); err != nil {
		m.broken = fmt.Errorf("marionette: %s: %w", command, err)
		return m.broken
	}
	reply, err := m.receive()
	if err != nil {
		m.broken = fmt.Errorf("marionette: %s: %w", command, err)
		return m.broken
	}
	return parseReply(command, m.id, reply, result)
}

func parseReply(command string, id int, data []byte, result any) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	if len(parts) != 4 || string(parts[1]) != strconv.Itoa(id) {
		return fmt.Errorf("marionette: %s: an answer to something else", command)
	}
	if string(parts[2]) != "null" {
		var failure struct {
			Error   string `json:"error"`
			Message string `json:"message"`
		}
		if err := json.Unmarshal(parts[2], &failure); err != nil {
			return err
		}
		return fmt.Errorf("marionette: %s: %s: %s", command, failure.Error, failure.Message)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(parts[3], result)
}
