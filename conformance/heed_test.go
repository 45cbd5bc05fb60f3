package conformance

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// TestHeed: what f does is waited for, for as long as its context lasts and a
// little longer.
func TestHeed(t *testing.T) {
	errOver := errors.New("over")
	for _, test := range []struct {
		name  string
		takes time.Duration // f, of a context of a minute
		value int
		err   error
		after time.Duration
	}{
		{"in time", time.Second, 1, nil, time.Second},
		{"a little late", time.Minute + lastTime - 1, 1, nil, time.Minute + lastTime - 1},
		{"deaf", time.Hour, 0, errDeaf, time.Minute + lastTime},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errOver)
				defer cancel()
				start := time.Now()
				value, err := heed(ctx, func() (int, error) {
					time.Sleep(test.takes)
					return 1, nil
				})
				if value != test.value || !errors.Is(err, test.err) || time.Since(start) != test.after {
					t.Errorf("got %d, %v after %v; want %d, %v after %v", value, err, time.Since(start), test.value, test.err, test.after)
				}
				if test.err != nil && !errors.Is(err, errOver) {
					t.Errorf("got %v; want the cause, too", err)
				}
				time.Sleep(test.takes) // until f has ended
			})
		})
	}
}

// TestHeedGoexit: a client that ends its goroutine ends the test.
func TestHeedGoexit(t *testing.T) {
	ended, returned := make(chan struct{}), false
	go func() {
		defer close(ended)
		_, _ = heed(t.Context(), func() (int, error) { runtime.Goexit(); return 0, nil })
		returned = true
	}()
	<-ended
	if returned {
		t.Error("it returned")
	}
}
