package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
)

// fetchAs does all rounds of get as one browser.
func fetchAs(ctx context.Context, o getOptions, browser string) result {
	page := newPage(o, profileNamed(browser))
	defer page.CloseIdleConnections()
	r := result{browser: browser}
	for range o.repeat {
		one := fetchOnce(ctx, page, o.call, o.timeout)
		one.Browser = browser
		one.Notes = append(slices.Clone(o.notes), one.Notes...)
		r.rounds = append(r.rounds, one)
		if ctx.Err() != nil {
			break // interrupted
		}
	}
	return r
}

// fetchOnce does one fetch in the page. A timeout of 0 is none.
func fetchOnce(ctx context.Context, page *fetch.Transport, c call, timeout time.Duration) report {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, fmt.Errorf("no answer within %v", timeout))
		defer cancel()
	}
	rec := recorder{exchanges: []exchange{}}
	resp, err := page.Fetch(fetch.WithTrace(ctx, rec.trace()), c.request())
	slices.Sort(rec.notes) // headers are dropped in the order of a map
	r := report{Page: page.Origin.String(), Exchanges: rec.exchanges, Notes: rec.notes}
	if err != nil {
		r.refuse(err)
		r.Console = rec.console
		return r
	}
	r.Verdict = allowed
	r.Response = see(resp, rec.last())
	return r
}

// refuse fills in why the browser gives no response.
func (r *report) refuse(err error) {
	r.Verdict, r.Message, r.detail = failed, err.Error(), err.Error()
	var e *fetch.Error
	if !errors.As(err, &e) {
		return
	}
	if e.Blocked() {
		r.Verdict = blocked
	}
	r.Reason, r.Stage = string(e.Reason), string(e.Stage)
	r.Header, r.Got, r.Want = e.Header, e.Got, e.Want
	r.detail = e.Detail()
	if e.Err != nil && r.detail == "" {
		r.detail = e.Err.Error()
	}
	a := advise(e, r.Exchanges)
	r.Advice = &a
}

// see reads the response that the script gets. wire is the exchange it came
// from, nil if it came from no network.
func see(resp *fetch.Response, wire *exchange) *seen {
	s := &seen{
		Type:       string(resp.Type),
		URL:        resp.URL,
		Status:     resp.Status,
		StatusText: resp.StatusText,
		Redirected: resp.Redirected,
		Headers:    make(map[string]string, len(resp.Header)),
		Hidden:     []string{},
	}
	for name, values := range resp.Header {
		s.Headers[name] = strings.Join(values, ", ")
	}
	if wire != nil {
		s.Hidden = hiddenNames(wire.Response, resp.Header)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit+1))
	resp.Body.Close()
	if err != nil {
		s.BodyError = err.Error()
	}
	if len(body) > bodyLimit {
		body, s.BodyTruncated = body[:bodyLimit], true
	}
	s.bodySize = len(body)
	// https://encoding.spec.whatwg.org/#utf-8-decode
	s.Body = strings.ToValidUTF8(strings.TrimPrefix(string(body), "\ufeff"), "\ufffd")
	return s
}

// hiddenNames are the names in came that are not in visible, sorted.
func hiddenNames(came, visible http.Header) []string {
	hidden := []string{}
	for name := range came {
		if visible[http.CanonicalHeaderKey(name)] == nil {
			hidden = append(hidden, name)
		}
	}
	slices.Sort(hidden)
	return hidden
}
