package conformance

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// errDeaf says that a client goes on when its time is over.
var errDeaf = errors.New("the client does not end when it is told to")

// lastTime is how long a client has to end what it does once its time is over.
const lastTime = 10 * time.Second

// heed returns what f does, which should end when ctx is done. If it does not,
// it is left behind, so that a deaf client does not keep the other scenarios
// from being run.
func heed[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	outcomes := make(chan outcome, 1)
	go func() {
		defer close(outcomes)
		value, err := f()
		outcomes <- outcome{value, err}
	}()
	var timeout <-chan time.Time
	done := ctx.Done()
	for {
		select {
		case o, returned := <-outcomes:
			if !returned {
				runtime.Goexit() // as f did, by testing.T.FailNow
			}
			return o.value, o.err
		case <-done:
			done, timeout = nil, time.After(lastTime)
		case <-timeout:
			var none T
			return none, fmt.Errorf("%w: %w", context.Cause(ctx), errDeaf)
		}
	}
}
