package engine

import (
	"net/http"
	"time"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/fetch"
)

// NewOver is New with something that stands before the servers.
func NewOver(profile *fetch.Profile, over func(*http.Transport) http.RoundTripper) conformance.NewClient {
	return (&maker{profile: profile, over: over, timeout: conformance.StepTimeout}).open
}

// NewWithin is New of the standard's profile with less patience.
func NewWithin(timeout time.Duration) conformance.NewClient {
	m := &maker{profile: fetch.Standard(), over: func(base *http.Transport) http.RoundTripper { return base }, timeout: timeout}
	return m.open
}
