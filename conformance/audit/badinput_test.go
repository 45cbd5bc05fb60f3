package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/audit/specimens"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// hang answers nothing until nobody waits for it any more.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// trickle answers, and does not come to an end of it.
func trickle(w http.ResponseWriter, r *http.Request) {
	lets(w.Header(), r.Header.Get("Origin"))
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, "on and on "); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush() // if nobody reads, nothing is lost
		select {
		case <-time.After(time.Second):
		case <-r.Context().Done():
		}
	}
}

// pour is trickle without taking its time.
func pour(w http.ResponseWriter, r *http.Request) {
	lets(w.Header(), r.Header.Get("Origin"))
	for r.Context().Err() == nil {
		if _, err := w.Write(make([]byte, 32<<10)); err != nil {
			return
		}
	}
}

// circle leads from one URL to another and back.
func circle(w http.ResponseWriter, r *http.Request) {
	lets(w.Header(), r.Header.Get("Origin"))
	next := "/a"
	if r.URL.Path == next {
		next = "/b"
	}
	http.Redirect(w, r, next, http.StatusFound)
}

// onwards leads to where nobody has been.
func onwards(w http.ResponseWriter, r *http.Request) {
	lets(w.Header(), r.Header.Get("Origin"))
	http.Redirect(w, r, r.URL.Path+"x", http.StatusTemporaryRedirect)
}

// manyHeaders answers 10,000 of them.
func manyHeaders(w http.ResponseWriter, r *http.Request) {
	for i := range 10_000 {
		w.Header().Set(fmt.Sprintf("X-Header-%d", i), "a")
	}
	site(isApp)(w, r)
}

// megabyte is the value of a header, of each that matters.
var megabyte = strings.Repeat("a, ", 1<<20/3)

func longHeaders(w http.ResponseWriter, r *http.Request) {
	for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
		"Access-Control-Expose-Headers", "Access-Control-Max-Age", "Vary", "Link", "Content-Security-Policy", "Cache-Control", "Timing-Allow-Origin"} {
		w.Header().Set(name, megabyte)
	}
}

func panics(http.ResponseWriter, *http.Request) { panic("a bug of the server's") }

// isOPTIONS, and so on, are requests that a server may have trouble with.
func isOPTIONS(r *http.Request) bool { return r.Method == http.MethodOptions }
func isForeign(r *http.Request) bool {
	return r.Header.Get("Origin") != "" && !isApp(r.Header.Get("Origin"))
}

// enough is how long an audit of a bad server may take: much less than if it waited
// for all answers.
const enough = 5 * time.Minute

// TestBadServers: whatever a server does, an audit ends, soon, with a report that
// has what it must have, or with the error of one that does not answer; and nothing
// is left running.
func TestBadServers(t *testing.T) {
	for _, test := range []struct {
		name   string
		server http.Handler
		silent bool   // it is ErrNoAnswer
		note   string // that must be there
		limit  int    // of requests, where each takes its time
	}{
		{"panics", http.HandlerFunc(panics), true, "", 0},
		{"panics at preflights", when(isOPTIONS, http.HandlerFunc(panics), site(isApp)), false, "got no answer", 0},
		{"hangs", http.HandlerFunc(hang), true, "", 0},
		{"hangs at preflights", when(isOPTIONS, http.HandlerFunc(hang), site(isApp)), false, "stopped answering", 0},
		{"hangs for strangers", when(isForeign, http.HandlerFunc(hang), site(isApp)), false, "stopped answering", 0},
		{"streams for ever, slowly", http.HandlerFunc(trickle), false, "stopped answering", 0},
		{"streams for ever, fast", http.HandlerFunc(pour), false, "", 0},
		{"answers slowly", fetchtest.Delay(4*time.Second, site(isApp)), false, "", 40},
		{"hangs up", fetchtest.HangUp(), true, "", 0},
		{"hangs up on strangers", when(isForeign, fetchtest.HangUp(), site(isApp)), false, "what is told is not all", 0},
		{"is down", fetchtest.Refuse(), true, "", 0},
		{"answers half", fetchtest.Truncate(2, site(isApp)), false, "", 0},
		{"answers 10,000 headers", http.HandlerFunc(manyHeaders), false, "", 12},
		{"answers headers of a megabyte", http.HandlerFunc(longHeaders), true, "", 0},
		{"leads in a circle", http.HandlerFunc(circle), false, "", 0},
		{"leads on and on", http.HandlerFunc(onwards), false, "", 0},
		{"leads nowhere", only(302, "Location: http://["), false, "", 0},
		{"leads to nothing", only(302), false, "", 0},
		{"answers with no status that there is", only(999), false, "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // which fails if a goroutine is left
				begun := time.Now()
				s := subject(fetchtest.Servers{api: test.server})
				report, err := audit.Run(t.Context(), s, audit.Options{Limit: test.limit})
				s.Web.Close()
				if took := time.Since(begun); took > enough {
					t.Errorf("it takes %v; want no more than %v", took, enough)
				}
				if test.silent {
					if !errors.Is(err, audit.ErrNoAnswer) {
						t.Errorf("error %v; want that it does not answer", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				checkReport(t, report)
				if notes := strings.Join(report.Notes, "\n"); !strings.Contains(notes, test.note) {
					t.Errorf("notes %q; want one of %q", notes, test.note)
				}
			})
		})
	}
}

// checkReport is that a report has all that it must have, and can be written.
func checkReport(t *testing.T, r *audit.Report) {
	t.Helper()
	if r.Target == "" || r.Policy == "" || len(r.Verdicts) == 0 || r.Findings == nil || r.Trusted == nil {
		t.Errorf("the report lacks something: target %q, policy %q, %d verdicts", r.Target, r.Policy, len(r.Verdicts))
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.ID == "" || f.Name == "" || f.Title == "" || f.URL == "" || f.Consequence == "" || f.Fix == "" || len(f.Evidence) == 0 || f.Confidence == "" {
			t.Errorf("the finding lacks something: %v", f)
		}
		if _, err := audit.ParseSeverity(string(f.Severity)); err != nil {
			t.Errorf("%s: %v", f.ID, err)
		}
		for _, e := range f.Evidence {
			if e.What == "" || e.Verdict == "" || e.Exchanges == nil {
				t.Errorf("%s: the evidence lacks something: %v", f.ID, e)
			}
		}
	}
	for _, v := range []any{r, r.SARIF()} {
		if _, err := json.Marshal(v); err != nil {
			t.Errorf("it is not to be written as JSON: %v", err)
		}
	}
}

// TestNothingIsMadeUp: a server that is as it should be, and goes down midway, or
// hangs, or whose audit may not go on, is accused of nothing, for what was not
// answered is not known.
func TestNothingIsMadeUp(t *testing.T) {
	for _, way := range []struct {
		name string
		to   http.Handler // what the server is from some time on
	}{
		{"goes down", fetchtest.HangUp()},
		{"hangs", http.HandlerFunc(hang)},
		{"may be asked no more", nil},
	} {
		t.Run(way.name, func(t *testing.T) {
			all := specimens.All()
			shop := &all[0]
			synctest.Test(t, func(t *testing.T) {
				for after := 1; ; after += 23 {
					var n atomic.Int64
					var o audit.Options
					servers := shop.Repaired()
					if way.to == nil {
						o.Limit = after
					} else {
						servers[api] = when(func(*http.Request) bool { return n.Add(1) > int64(after) }, way.to, servers[api])
					}
					s := shop.Subject(servers)
					report, err := audit.Run(t.Context(), s, o)
					s.Web.Close()
					if err != nil {
						t.Fatal(err)
					}
					for i := range report.Findings {
						t.Errorf("after %d requests it is accused:\n%v", after, &report.Findings[i])
					}
					isShort := strings.Contains(strings.Join(report.Notes, "\n"), "what is told is not all")
					if report.Requests <= after && !isShort {
						return // it was never too much
					}
					if !isShort {
						t.Errorf("after %d requests: notes %q; want one that something is missing", after, report.Notes)
					}
				}
			})
		})
	}
}

// TestContextEnds: an audit ends when its context does, with what ended it.
func TestContextEnds(t *testing.T) {
	reason := errors.New("enough of it")
	for _, after := range []int{0, 1, 2, 50} {
		for _, server := range []http.Handler{site(isApp), when(isForeign, http.HandlerFunc(hang), site(isApp))} {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				n := 0
				o := audit.Options{Progress: func(string, string) {
					if n++; n == after {
						cancel(reason)
					}
				}}
				if after == 0 {
					cancel(reason)
				}
				s := subject(fetchtest.Servers{api: server})
				report, err := audit.Run(ctx, s, o)
				s.Web.Close()
				if after > n {
					return // it has sent less
				}
				if !errors.Is(err, reason) || report != nil {
					t.Errorf("after %d requests: report %v, error %v; want %v", after, report != nil, err, reason)
				}
				if n > after {
					t.Errorf("after %d requests %d more were sent", after, n-after)
				}
			})
		}
	}
}

// TestNoSubject: what is no subject is an error that says so, and not that it does
// not answer.
func TestNoSubject(t *testing.T) {
	for _, s := range []policy.Subject{
		{Request: fetchtest.Request{URL: ""}},
		{Request: fetchtest.Request{URL: "/orders"}},
		{Request: fetchtest.Request{URL: api}, Trusted: []string{"app.example.com"}},
		{Request: fetchtest.Request{URL: api}, Trusted: []string{app, "null"}},
	} {
		s.Web = fetchtest.New(fetchtest.Servers{api: site(isApp)})
		if report, err := audit.Run(t.Context(), s, audit.Options{}); err == nil || errors.Is(err, audit.ErrNoAnswer) || report != nil {
			t.Errorf("%q, %q: report %v, error %v; want what is wrong with it", s.Request.URL, s.Trusted, report != nil, err)
		}
	}
}

// TestSocketsAreClosed: over sockets, too, nothing is left of an audit, of whatever
// server.
func TestSocketsAreClosed(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, h := range []http.Handler{site(isApp), http.HandlerFunc(pour), http.HandlerFunc(hang), fetchtest.HangUp(), fetchtest.Truncate(2, site(isApp))} {
		server := httptest.NewServer(h)
		s := policy.Subject{Web: fetchtest.Over(http.DefaultTransport), Request: fetchtest.Request{URL: server.URL + "/orders"}, Trusted: []string{app}}
		if report, err := audit.Run(t.Context(), s, audit.Options{Timeout: 100 * time.Millisecond}); err == nil {
			checkReport(t, report)
		} else if !errors.Is(err, audit.ErrNoAnswer) {
			t.Error(err)
		}
		s.Web.Close()
		server.CloseClientConnections()
		server.Close()
	}
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines; there were %d before", runtime.NumGoroutine(), before)
		}
		runtime.Gosched()
	}
}

// An echo answers by the bytes that it is made of: a status, the lines of headers,
// and a body, several times over; which of them depends on who asks for what.
type echo [][]byte

func (e echo) RoundTrip(req *http.Request) (*http.Response, error) {
	i := len(req.Method) + len(req.Header.Get("Origin")) + len(req.URL.String())
	part := e[i%len(e)]
	if len(part) == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	head, body, _ := strings.Cut(string(part[1:]), "\n\n")
	resp := &http.Response{StatusCode: 200 + int(part[0])*2, Header: make(http.Header), Request: req, Body: io.NopCloser(strings.NewReader(body))}
	for line := range strings.SplitSeq(head, "\n") {
		name, value, _ := strings.Cut(line, ":")
		value = strings.ReplaceAll(strings.TrimSpace(value), "{origin}", req.Header.Get("Origin"))
		resp.Header.Add(name, strings.ReplaceAll(value, "{headers}", req.Header.Get("Access-Control-Request-Headers")))
	}
	return resp, nil
}

// FuzzRun: whatever a server answers, an audit ends with a report that has what it
// must have.
func FuzzRun(f *testing.F) {
	// \x00 is 200, \x32 300 and \x64 400; \x00\x00 is between two answers.
	f.Add("\x00Access-Control-Allow-Origin: {origin}\nAccess-Control-Allow-Credentials: true\nAccess-Control-Allow-Headers: {headers}\n\nhello")
	f.Add("\x00Access-Control-Allow-Origin: *\nVary: Origin, *\nAccess-Control-Expose-Headers: a b\nLink: <x>; rel=next\x00\x00\x64Access-Control-Allow-Origin: {origin}")
	f.Add("\x00Access-Control-Allow-Origin: https://*.example.com\nAccess-Control-Max-Age: -1\nAccess-Control-Allow-Methods: GET; PUT\x00\x00\x02Access-Control-Allow-Origin: https://app.example.com\n\n")
	f.Add("\x33Location: /b\nAccess-Control-Allow-Origin: null\x00\x00\x32Location: http://user:password@api.example.com/\nSet-Cookie: a=b\x00\x00")
	f.Add("\x00Set-Cookie: sid=1; SameSite=None\nCache-Control: private, max-age=\nStrict-Transport-Security: max-age=1\nTiming-Allow-Origin: *\x00\x00\xff: \n\n\xff")
	f.Add("\x00Access-Control-Allow-Origin: {origin}, {origin}\nContent-Security-Policy: connect-src https://[ ://x https://app.example.com\nAccess-Control-Allow-Headers: *\x00\x00\x65")
	f.Fuzz(func(t *testing.T, data string) {
		var e echo
		for part := range strings.SplitSeq(data, "\x00\x00") {
			e = append(e, []byte(part))
		}
		for _, trusted := range [][]string{nil, {app}} {
			s := policy.Subject{Web: fetchtest.Over(e), Request: fetchtest.Request{URL: api + "/orders"}, Trusted: trusted}
			report, err := audit.Run(t.Context(), s, audit.Options{Limit: 300})
			s.Web.Close()
			if errors.Is(err, audit.ErrNoAnswer) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			checkReport(t, report)
		}
	})
}
