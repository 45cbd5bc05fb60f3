package main

import "net/http"

// A verdict is how a fetch ended.
type verdict string

const (
	allowed verdict = "allowed"
	blocked verdict = "blocked" // a rule refused it
	failed  verdict = "failed"  // no answer came that a rule could be asked about
)

func (v verdict) exitCode() int {
	switch v {
	case allowed:
		return exitAllowed
	case blocked:
		return exitBlocked
	}
	return exitFailed
}

// A report is one fetch and all that is to be told of it.
type report struct {
	Browser   string     `json:"browser"`
	Page      string     `json:"page"` // its origin
	Verdict   verdict    `json:"verdict"`
	Reason    string     `json:"reason"`
	Stage     string     `json:"stage"`
	Message   string     `json:"message"`
	Header    string     `json:"header,omitempty"`
	Got       string     `json:"got,omitempty"`
	Want      string     `json:"want,omitempty"`
	Console   string     `json:"console,omitempty"`
	Advice    *advice    `json:"advice,omitempty"`
	Exchanges []exchange `json:"exchanges"`
	Response  *seen      `json:"response"`
	Notes     []string   `json:"notes,omitempty"`

	detail string // Message without reason and stage
}

// An exchange is a request on the wire and its answer, or a preflight that the
// cache has answered.
type exchange struct {
	Method       string      `json:"method"`
	URL          string      `json:"url"`
	Status       int         `json:"status"`
	StatusText   string      `json:"statusText"`
	Request      http.Header `json:"request"`
	Response     http.Header `json:"response"`
	Preflight    bool        `json:"preflight"`
	FromCache    bool        `json:"fromCache"`
	RedirectedTo string      `json:"redirectedTo,omitempty"`
	Error        string      `json:"error,omitempty"`
}

// A seen is the response as the script sees it.
type seen struct {
	Type          string            `json:"type"`
	URL           string            `json:"url"`
	Status        int               `json:"status"`
	StatusText    string            `json:"statusText"`
	Redirected    bool              `json:"redirected"`
	Headers       map[string]string `json:"headers"`
	Hidden        []string          `json:"hidden"`
	Body          string            `json:"body"`
	BodyTruncated bool              `json:"bodyTruncated,omitempty"`
	BodyError     string            `json:"bodyError,omitempty"`

	bodySize int // bytes read, before they were decoded
}

// bodyLimit is how much of a body is read.
const bodyLimit = 1 << 20

// A result is what one browser did: a report for each round.
type result struct {
	browser string
	rounds  []report
}

// verdict is the worst of the rounds.
func (r result) verdict() verdict {
	v := allowed
	for _, round := range r.rounds {
		if round.Verdict.exitCode() > v.exitCode() {
			v = round.Verdict
		}
	}
	return v
}

// worst is the worst verdict of all results.
func worst(results []result) verdict {
	v := allowed
	for _, r := range results {
		if r.verdict().exitCode() > v.exitCode() {
			v = r.verdict()
		}
	}
	return v
}
