package fetch_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// patience is how long a test waits for what comes at once if all is well.
const patience = 10 * time.Second

// A rawAnswer is the bytes that a raw server sends.
type rawAnswer struct {
	bytes  string
	hangUp bool // then; if not, the connection stays until the client closes it
}

// noRequest is the method of what is no request, but the start of TLS.
const noRequest = ""

// serveRaw starts a server on a TCP connection of the loopback interface, which
// answers each request by its method, and returns its origin. When the test
// ends, every connection must have been closed by the client or by an answer
// that hangs up.
func serveRaw(t *testing.T, answers map[string]rawAnswer) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var connections sync.WaitGroup
	connections.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			connections.Go(func() {
				defer c.Close()
				if err := answerRaw(c, answers); errors.Is(err, os.ErrDeadlineExceeded) {
					t.Error("the client keeps a connection open")
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		connections.Wait()
	})
	return "http://" + l.Addr().String()
}

// answerRaw answers the requests on c until it is closed.
func answerRaw(c net.Conn, answers map[string]rawAnswer) error {
	in := bufio.NewReader(c)
	c.SetDeadline(time.Now().Add(patience))
	for {
		req, err := http.ReadRequest(in)
		if a, ok := answers[noRequest]; ok && err != nil {
			io.WriteString(c, a.bytes)
		}
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return err
		}
		a := answers[req.Method]
		if _, err := io.WriteString(c, a.bytes); err != nil {
			return err
		}
		if a.hangUp {
			return nil
		}
	}
}

// lines joins the lines of a response head, and ends it.
func lines(l ...string) string { return strings.Join(l, "\r\n") + "\r\n\r\n" }

// realPage opens a page of http://a.test whose connections are real. They must
// be gone when the test ends.
func realPage(t *testing.T) *fetch.Transport {
	t.Helper()
	p := &fetch.Transport{Origin: origin.MustParse(H), Browser: &fetch.Browser{Base: new(http.Transport)}}
	before := connectionGoroutines()
	t.Cleanup(func() {
		p.CloseIdleConnections()
		deadline := time.Now().Add(patience)
		for connectionGoroutines() > before {
			if time.Now().After(deadline) {
				t.Errorf("%d goroutines of connections; there were %d\n%s", connectionGoroutines(), before, stacks())
				return
			}
			runtime.Gosched()
		}
	})
	return p
}

// connectionGoroutines counts the goroutines that serve a client's connections.
func connectionGoroutines() int {
	n := 0
	for g := range strings.SplitSeq(stacks(), "\n\n") {
		if strings.Contains(g, "net/http.(*persistConn)") || strings.Contains(g, "net/http.(*Transport)") || strings.Contains(g, "net/http.(*http2ClientConn)") {
			n++
		}
	}
	return n
}

// stacks is where every goroutine is.
func stacks() string {
	buf := make([]byte, 1<<16)
	for {
		if n := runtime.Stack(buf, true); n < len(buf) {
			return string(buf[:n])
		}
		buf = make([]byte, 2*len(buf))
	}
}

// impatient returns a context that ends when a test should long be over.
func impatient(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), patience/2)
}
