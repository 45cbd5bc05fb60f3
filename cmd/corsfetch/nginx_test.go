//go:build nginx

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNginx holds "corsfetch get -browser chromium -json" against Chromium: the
// same requests to the same nginx, with CORS as tutorials set it up. What the
// script sees has to be the same, and what nginx logs.
//
// Build it with -tags nginx. It needs nginx and Chromium; .ci/nginx gets them.
func TestNginx(t *testing.T) {
	sink := newResultSink(t)
	server := startNginx(t, sink.URL)
	requests := nginxRequests(server)
	got := make([]sight, len(requests))
	reports := make([]report, len(requests))
	for i, r := range requests {
		reports[i] = askCorsfetch(t, r)
		got[i] = sight{Verdict: string(reports[i].Verdict), Response: viewOf(reports[i].Response)}
	}
	want := askChromium(t, server, sink, requests)
	wire := server.stop(t)
	tally := make(nginxTally)
	for i, r := range requests {
		got[i].Wire = wire[fmt.Sprintf("corsfetch-%d", i)]
		want[i].Wire = wire[fmt.Sprintf("chromium-%d", i)]
		diff := cmp.Diff(want[i], got[i], cmp.AllowUnexported(wireLine{}))
		tally.add(r, want[i], diff == "")
		if reason, known := nginxKnownDifferences[r.String()]; known != (diff != "") {
			tally.complain(t, r, diff, reason)
		}
		if diff := cmp.Diff(told(got[i].Wire), toldBy(reports[i].Exchanges)); diff != "" {
			t.Errorf("%s: exchanges are not what nginx logged (-logged +told):\n%s", r, diff)
		}
	}
	tally.report(t)
}

// askCorsfetch runs the command.
func askCorsfetch(t *testing.T, r nginxRequest) report {
	t.Helper()
	page := r.page.URL
	args := []string{"get", "-json", "-browser", "chromium", "-credentials", r.credentials, "-X", r.method}
	if r.page.Sandboxed {
		// Note: a page of no site gets no cookies that are SameSite=Lax, as
		// Chromium takes those that do not say.
		page = "null"
	} else {
		args = append(args, "-cookie", "sid=1")
	}
	for _, line := range r.headers {
		args = append(args, "-H", line)
	}
	if r.hasBody() {
		args = append(args, "-d", nginxBody)
	}
	args = append(args, "-page", page, r.as("corsfetch"))
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr, func(string) string { return "" })
	var rep report
	if err := json.Unmarshal(stdout.Bytes(), &rep); err != nil {
		t.Fatalf("%s: %v\n%s%s", r, err, stdout.Bytes(), stderr.Bytes())
	}
	if want := rep.Verdict.exitCode(); code != want {
		t.Errorf("%s: exit code %d with verdict %s; want %d", r, code, rep.Verdict, want)
	}
	return rep
}

// viewOf is the JSON's response as the browser's scripts tell of theirs.
func viewOf(s *seen) *scriptView {
	if s == nil {
		return nil
	}
	v := scriptView{s.Type, s.URL, s.StatusText, s.Status, s.Redirected, s.Headers, s.Body}
	return v.canonical()
}

// An nginxTally counts by location.
type nginxTally map[string]*nginxCount

type nginxCount struct{ requests, agree, allowed, preflighted, exchanges int }

func (n nginxTally) add(r nginxRequest, want sight, agrees bool) {
	c := n[r.location]
	if c == nil {
		c = new(nginxCount)
		n[r.location] = c
	}
	c.requests++
	c.exchanges += len(want.Wire)
	if agrees {
		c.agree++
	}
	if want.Verdict == "allowed" {
		c.allowed++
	}
	if slices.ContainsFunc(want.Wire, func(l wireLine) bool { return l.AccessControlRequestMethod != "" }) {
		c.preflighted++
	}
}

// maxComplaints is how many differences are printed in full.
const maxComplaints = 20

// complain reports a difference that is not known, or a known one that is gone.
func (n nginxTally) complain(t *testing.T, r nginxRequest, diff, reason string) {
	t.Helper()
	if diff == "" {
		t.Errorf("%s: known to differ (%s), but agrees now", r, reason)
		return
	}
	total := n.total()
	if differ := total.requests - total.agree; differ > maxComplaints {
		t.Errorf("%s: differs", r)
		return
	}
	t.Errorf("%s: (-Chromium +corsfetch)\n%s", r, diff)
}

func (n nginxTally) total() nginxCount {
	var sum nginxCount
	for _, c := range n {
		sum.requests += c.requests
		sum.agree += c.agree
		sum.allowed += c.allowed
		sum.preflighted += c.preflighted
		sum.exchanges += c.exchanges
	}
	return sum
}

// report logs the figures. A table that tells nothing is an error.
func (n nginxTally) report(t *testing.T) {
	t.Helper()
	var b strings.Builder
	row := func(name string, c nginxCount) {
		fmt.Fprintf(&b, "%-28s %8d %8d %8d %8d %10d %9d\n", name, c.requests, c.agree, c.allowed, c.requests-c.allowed, c.preflighted, c.exchanges)
	}
	fmt.Fprintf(&b, "%-28s %8s %8s %8s %8s %10s %9s\n", "location", "requests", "agree", "allowed", "blocked", "preflights", "exchanges")
	for _, location := range slices.Sorted(maps.Keys(n)) {
		row(location, *n[location])
	}
	total := n.total()
	row("all", total)
	t.Logf("in Chromium\n%s%d requests, %d agree", b.String(), total.requests, total.agree)
	if total.allowed == 0 || total.allowed == total.requests || total.preflighted == 0 {
		t.Errorf("allowed %d of %d, %d with a preflight: this table tells nothing", total.allowed, total.requests, total.preflighted)
	}
}

// A toldExchange is what both nginx and the JSON tell of an exchange.
type toldExchange struct {
	Method, Status                                                  string
	Origin, AccessControlRequestMethod, AccessControlRequestHeaders string
}

func told(wire []wireLine) []toldExchange {
	var all []toldExchange
	for _, l := range wire {
		method, _, _ := strings.Cut(l.Request, " ")
		all = append(all, toldExchange{method, l.Status, l.Origin, l.AccessControlRequestMethod, l.AccessControlRequestHeaders})
	}
	return all
}

func toldBy(exchanges []exchange) []toldExchange {
	var all []toldExchange
	for _, x := range exchanges {
		e := toldExchange{Method: x.Method, Status: strconv.Itoa(x.Status)}
		// nginx reads no headers after a method it refuses.
		if x.Method == strings.ToUpper(x.Method) {
			e.Origin = x.Request.Get("Origin")
			e.AccessControlRequestMethod = x.Request.Get(headerRequestMethod)
			e.AccessControlRequestHeaders = x.Request.Get(headerRequestHeaders)
		}
		all = append(all, e)
	}
	return all
}
