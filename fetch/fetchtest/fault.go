package fetchtest

import (
	"net/http"
	"time"
)

// Delay returns a handler that waits for d before it answers as h does, or until
// nobody waits for it any more. In a bubble of testing/synctest that takes no
// time.
func Delay(d time.Duration, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			h.ServeHTTP(w, r)
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	})
}

// HangUp returns a handler that ends the connection without an answer.
func HangUp() http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

// Truncate returns a handler that answers as h does, and hangs up after n bytes
// of the body.
func Truncate(n int, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(&truncated{w, n}, r)
	})
}

// truncated writes so many more bytes.
type truncated struct {
	http.ResponseWriter
	left int
}

func (t *truncated) Write(p []byte) (int, error) {
	if len(p) < t.left {
		t.left -= len(p)
		return t.ResponseWriter.Write(p)
	}
	n, err := t.ResponseWriter.Write(p[:t.left])
	if err != nil {
		return n, err
	}
	_ = http.NewResponseController(t.ResponseWriter).Flush() // if nobody reads, nothing is lost
	panic(http.ErrAbortHandler)
}

// Unwrap is for [http.ResponseController].
func (t *truncated) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// Refuse stands for a server that is down: in [Servers], the port of its origin
// is one where nobody listens.
func Refuse() http.Handler { return refusal{} }

type refusal struct{}

func (refusal) ServeHTTP(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
