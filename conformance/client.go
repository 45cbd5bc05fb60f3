package conformance

import (
	"context"
	"time"
)

// A Client is a page that runs the steps of one scenario, one after the other.
type Client interface {
	// Step runs step n, from 0, of the scenario, in the context that
	// [Scenario.Context] says, and returns once its outcome is known: what
	// script saw. Origins may be spelled out; the caller puts aliases in their
	// place. Once ctx is done it returns soon; what it returns does not matter
	// then.
	//
	// An error says that the client could not run the step, which is not for
	// the client to say of a fetch() that was rejected. An error that is
	// [errors.ErrUnsupported] skips the scenario; any other fails it.
	Step(ctx context.Context, n int) (Outcome, error)

	// Close ends the page.
	Close() error
}

// NewClient opens the page of web.Scenario, at web.PageURL, in a browser
// without a past: after visits that set web.Scenario.Cookies, and then to
// web.LoginURL of each of web.Logins, as a document whose response had
// web.Scenario.Page.Headers. Errors are as those of Step.
type NewClient func(ctx context.Context, web *Web) (Client, error)

// ScenarioTimeout is how long a scenario may take if [Options] do not say.
const ScenarioTimeout = 2 * time.Minute

// StepTimeout is how long a client waits for something to come of a step
// before it calls the outcome "timeout".
const StepTimeout = 5 * time.Second
