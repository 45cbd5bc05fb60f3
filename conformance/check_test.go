package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
)

// story is a few scenarios that a client without rules gets wrong, but for
// those that have none.
const story = `[
{"id": "plain-same", "server": {"A/x": [{"body": "ok"}]}, "steps": [{"fetch": "A/x", "expect": "GET => basic 200"}]},
{"id": "cors-star", "server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: *", "X-A: 1"], "body": "ok"}]},
 "steps": [{"fetch": "B/x", "expect": "GET => cors 200 [content-length]", "wire": ["1 Origin: {A}"]}]},
{"id": "cors-refused", "server": {"B/x": [{"body": "secret"}]}, "steps": [{"fetch": "B/x", "expect": "GET => TypeError"}]},
{"id": "cors-put", "server": {"B/x": [{"on": "OPTIONS", "status": 204, "headers": ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT"]}, {"headers": ["Access-Control-Allow-Origin: *"]}]},
 "steps": [{"fetch": "B/x", "method": "PUT", "body": "x", "expect": "OPTIONS PUT => cors 200"}, {"sleep": 1}]},
{"id": "redirect-null", "server": {"B/x": [{"status": 302, "headers": ["Location: {C}/y", "Access-Control-Allow-Origin: *"]}], "C/y": [{"headers": ["Access-Control-Allow-Origin: null"], "body": "ok"}]},
 "steps": [{"fetch": "B/x", "expect": "GET GET => cors 200", "wire": ["2 Origin: null"]}]},
{"id": "img-cross", "server": {"B/i": [{"file": "png"}]}, "steps": [{"fetch": "B/i", "via": "img", "expect": "GET => loaded tainted=true"}]}
]`

func loadStory(t *testing.T) []*conformance.Scenario {
	t.Helper()
	scenarios, err := conformance.Parse("story.json", []byte(story))
	if err != nil {
		t.Fatal(err)
	}
	return scenarios
}

// A poorClient is net/http: it knows no origins and no rules.
type poorClient struct {
	web    *conformance.Web
	client *http.Client
}

func newPoorClient(_ context.Context, web *conformance.Web) (conformance.Client, error) {
	return &poorClient{web, &http.Client{Transport: web.Servers().Transport()}}, nil
}

func (c *poorClient) Step(ctx context.Context, n int) (conformance.Outcome, error) {
	step := &c.web.Scenario.Steps[n]
	if step.Fetch == "" {
		return conformance.Outcome{Outcome: "done"}, nil
	}
	var body io.Reader
	payload := step.Payload()
	if payload != nil {
		body = strings.NewReader(string(payload.Body))
	}
	req, err := http.NewRequestWithContext(ctx, step.Method, c.web.URL(step.Fetch), body)
	if err != nil {
		return conformance.Outcome{Outcome: "rejected", Error: "TypeError"}, nil
	}
	if payload != nil && payload.ContentType != "" {
		req.Header.Set("Content-Type", payload.ContentType)
	}
	c.web.HeaderLines(step, req.Header.Add)
	resp, err := c.client.Do(req)
	if err != nil {
		return conformance.Outcome{Outcome: "rejected", Error: "TypeError"}, nil
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return conformance.Outcome{Outcome: "rejected", Error: "TypeError"}, nil
	}
	r := &conformance.Response{Type: "basic", Status: resp.StatusCode, StatusText: http.StatusText(resp.StatusCode), OK: ptr(resp.StatusCode < 300),
		Redirected: ptr(resp.Request.URL != req.URL), URL: resp.Request.URL.String(), Body: string(data)}
	for name, values := range resp.Header {
		r.Headers = append(r.Headers, strings.ToLower(name)+": "+conformance.IsomorphicDecode(strings.Join(values, ", ")))
	}
	return conformance.Outcome{Outcome: "resolved", Response: r}, nil
}

func (c *poorClient) Close() error {
	c.client.CloseIdleConnections()
	return nil
}

// A replay does what a recording says. change may spoil it.
type replay struct {
	result *conformance.Result
	change func(o *conformance.Outcome)
}

func newReplay(rec *conformance.Recording, change func(o *conformance.Outcome)) conformance.NewClient {
	return func(_ context.Context, web *conformance.Web) (conformance.Client, error) {
		result := rec.Find(web.Scenario.ID)
		if result == nil {
			return nil, fmt.Errorf("not recorded: %w", errors.ErrUnsupported)
		}
		return &replay{result, change}, nil
	}
}

func (c *replay) Step(_ context.Context, n int) (conformance.Outcome, error) {
	o := c.result.Steps[n]
	o.Requests = append([]conformance.Request{}, o.Requests...) // not nil: it sends nothing
	if c.change != nil {
		c.change(&o)
	}
	if o.Outcome == "silent" {
		return o, errors.New("silent")
	}
	return o, nil
}

func (c *replay) Close() error { return nil }

// perfect is what a browser does with story.
func perfect() *conformance.Recording {
	get := func(url string) conformance.Request {
		return conformance.Request{Method: "GET", URL: url, Headers: []string{"Origin: {A}"}}
	}
	resolved := func(kind, url string) conformance.Outcome {
		return conformance.Outcome{Outcome: "resolved", Response: &conformance.Response{Type: kind, Status: 200, URL: url, Headers: []string{"content-length: 2"}, Body: "ok"}}
	}
	same, star, put, redirect := resolved("basic", "{A}/x"), resolved("cors", "{B}/x"), resolved("cors", "{B}/x"), resolved("cors", "{C}/y")
	same.Requests = []conformance.Request{{Method: "GET", URL: "{A}/x"}}
	star.Requests = []conformance.Request{get("{B}/x")}
	put.Requests = []conformance.Request{{Method: "OPTIONS", URL: "{B}/x"}, {Method: "PUT", URL: "{B}/x"}}
	redirect.Requests = []conformance.Request{get("{B}/x"), {Method: "GET", URL: "{C}/y", Headers: []string{"Origin: null"}}}
	return &conformance.Recording{Browser: "perfect", Results: []conformance.Result{
		{ID: "plain-same", Steps: []conformance.Outcome{same}},
		{ID: "cors-star", Steps: []conformance.Outcome{star}},
		{ID: "cors-refused", Steps: []conformance.Outcome{{Outcome: "rejected", Error: "TypeError", Message: "Failed", Requests: []conformance.Request{get("{B}/x")}}}},
		{ID: "cors-put", Steps: []conformance.Outcome{put, {Outcome: "done"}}},
		{ID: "redirect-null", Steps: []conformance.Outcome{redirect}},
		{ID: "img-cross", Steps: []conformance.Outcome{{Outcome: "loaded", Tainted: ptr(true), Requests: []conformance.Request{{Method: "GET", URL: "{B}/i"}}}}},
	}}
}

// TestPoorClientFails shows that a client can fail: one without rules gets
// right what needs none, and nothing else.
func TestPoorClientFails(t *testing.T) {
	for name, opts := range map[string]conformance.Options{"by the standards": {}, "by a recording": {Against: perfect()}} {
		t.Run(name, func(t *testing.T) {
			report, err := conformance.Check(t.Context(), loadStory(t), newPoorClient, opts)
			if err != nil {
				t.Fatal(err)
			}
			ids := make(map[string]bool)
			for _, d := range report.Disagree {
				ids[d.ID] = true
			}
			for _, id := range []string{"cors-star", "cors-refused", "cors-put", "redirect-null"} {
				if !ids[id] {
					t.Errorf("%s: agrees", id)
				}
			}
			if report.OK() || opts.Against == nil && report.Agree != 1 {
				t.Errorf("%d agree; want only the one without rules", report.Agree)
			}
			if report.Skipped != 1 || report.Skips[0].ID != "img-cross" {
				t.Errorf("skipped %v; want the one that needs img", report.Skips)
			}
		})
	}
}

// TestReplayPasses shows that a client can pass.
func TestReplayPasses(t *testing.T) {
	rec := perfect()
	for name, opts := range map[string]conformance.Options{
		"by the standards": {Via: conformance.Vias()},
		"by a recording":   {Via: conformance.Vias(), Against: rec, Console: true},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := conformance.Check(t.Context(), loadStory(t), newReplay(rec, nil), opts)
			if err != nil {
				t.Fatal(err)
			}
			if !report.OK() || report.Agree != 6 || report.Scenarios != 6 || report.Steps != 7 {
				t.Errorf("got %+v; want 6 of 6", report)
			}
			want := []conformance.Area{{Name: "cors", Agree: 3}, {Name: "img", Agree: 1}, {Name: "plain", Agree: 1}, {Name: "redirect", Agree: 1}}
			if diff := cmp.Diff(want, report.Areas); diff != "" {
				t.Errorf("areas: - want + got\n%s", diff)
			}
			conformance.Run(t, loadStory(t), newReplay(rec, nil), opts)
		})
	}
}

// TestSpoiledReplayFails shows that every part of an outcome is looked at.
func TestSpoiledReplayFails(t *testing.T) {
	rec := perfect()
	for _, test := range []struct {
		name   string
		level  conformance.Level
		change func(o *conformance.Outcome)
	}{
		{"outcome", conformance.LevelOutcome, func(o *conformance.Outcome) { o.Outcome = "timeout" }},
		{"silent", conformance.LevelOutcome, func(o *conformance.Outcome) { o.Outcome = "silent" }},
		{"visible", conformance.LevelVisible, func(o *conformance.Outcome) { o.Data = "x" }},
		{"wire", conformance.LevelWire, func(o *conformance.Outcome) {
			o.Requests = append(slices.Clone(o.Requests[:0]), o.Requests...)
			for i := range o.Requests {
				o.Requests[i].Body = "more"
			}
		}},
		{"console", conformance.LevelConsole, func(o *conformance.Outcome) { o.Message = "other" }},
	} {
		t.Run(test.name, func(t *testing.T) {
			opts := conformance.Options{Via: conformance.Vias(), Against: rec, Console: true}
			report, err := conformance.Check(t.Context(), loadStory(t), newReplay(rec, test.change), opts)
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Disagree) != 6 {
				t.Errorf("%d of 6 disagree", len(report.Disagree))
			}
			for _, d := range report.Disagree {
				if d.Level != test.level {
					t.Errorf("%s: level %v; want %v", d.ID, d.Level, test.level)
				}
			}
		})
	}
}

// TestRetry: what differs once is told and is no disagreement; what differs
// twice is one; what is known is not run again.
func TestRetry(t *testing.T) {
	rec := perfect()
	opened := make(map[string]int)
	newClient := func(ctx context.Context, web *conformance.Web) (conformance.Client, error) {
		id := web.Scenario.ID
		opened[id]++
		spoils := id == "cors-put" || id == "plain-same" || id == "cors-star" && opened[id] == 1
		return newReplay(rec, func(o *conformance.Outcome) {
			if spoils {
				o.Data = strconv.Itoa(opened[id])
			}
		})(ctx, web)
	}
	opts := conformance.Options{Against: rec, Retry: true, Known: map[string]string{"plain-same": "reason"}}
	report, err := conformance.Check(t.Context(), loadStory(t), newClient, opts)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Unstable) != 1 || report.Unstable[0].ID != "cors-star" || report.Unstable[0].Differences[0].Got != "1" {
		t.Errorf("unstable: %+v; want what cors-star did at first", report.Unstable)
	}
	if len(report.Disagree) != 1 || report.Disagree[0].ID != "cors-put" || report.Disagree[0].Differences[0].Got != "2" {
		t.Errorf("disagree: %+v; want what cors-put did in the end", report.Disagree)
	}
	if report.Agree != 3 || report.Explained != 1 || len(report.Recorded.Results) != 5 {
		t.Errorf("%d agree, %d are explained, %d are recorded; want 3, 1 and 5", report.Agree, report.Explained, len(report.Recorded.Results))
	}
	want := map[string]int{"plain-same": 1, "cors-star": 2, "cors-refused": 1, "cors-put": 2, "redirect-null": 1}
	if diff := cmp.Diff(want, opened); diff != "" {
		t.Errorf("how often each was run: - want + got\n%s", diff)
	}
}

// A stuckClient is a client that never ends by itself.
type stuckClient struct {
	conformance.Client
	step func(ctx context.Context) error
}

func (c *stuckClient) Step(ctx context.Context, n int) (conformance.Outcome, error) {
	if n == 0 {
		return c.Client.Step(ctx, n)
	}
	return conformance.Outcome{Outcome: "done"}, c.step(ctx)
}

// TestLimit: a scenario that never ends is ended, with an error that says where
// it was; the others are judged. What it leaves behind fails the bubble.
func TestLimit(t *testing.T) {
	untilDone := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for _, test := range []struct {
		name string
		open func(ctx context.Context, web *conformance.Web) error
		step func(ctx context.Context, web *conformance.Web) error
		want string
	}{
		{"opening", func(ctx context.Context, _ *conformance.Web) error { return untilDone(ctx) }, nil, "opening the page: it took more than 1m0s"},
		{"step", nil, func(ctx context.Context, _ *conformance.Web) error { return untilDone(ctx) }, "step 2: it took more than 1m0s"},
		{"step that ends as if nothing were", nil, func(ctx context.Context, _ *conformance.Web) error { <-ctx.Done(); return nil }, "step 2: it took more than 1m0s"},
		{"server, without a look at the context", nil, func(_ context.Context, web *conformance.Web) error {
			transport := web.Servers().Transport()
			defer transport.CloseIdleConnections()
			_, err := (&http.Client{Transport: transport}).Get(web.Origin("C") + "/never")
			return err
		}, "step 2: it took more than 1m0s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				servers, err := conformance.InMemory()
				if err != nil {
					t.Fatal(err)
				}
				defer servers.Close()
				rec := perfect()
				newClient := func(ctx context.Context, web *conformance.Web) (conformance.Client, error) {
					c, err := newReplay(rec, nil)(ctx, web)
					if web.Scenario.ID != "cors-put" {
						return c, err
					}
					if test.open != nil {
						return nil, test.open(ctx, web)
					}
					return &stuckClient{c, func(ctx context.Context) error { return test.step(ctx, web) }}, nil
				}
				scenarios := loadStory(t)
				for _, s := range scenarios {
					s.Server["C/never"] = []conformance.Rule{{Delay: 1_000_000_000}}
				}
				start := time.Now()
				report, err := conformance.Check(t.Context(), scenarios, newClient, conformance.Options{Against: rec, Limit: time.Minute, Servers: servers})
				if err != nil {
					t.Fatal(err)
				}
				if len(report.Disagree) != 1 || report.Disagree[0].ID != "cors-put" || report.Disagree[0].Error != test.want {
					t.Errorf("disagree: %+v; want cors-put: %s", report.Disagree, test.want)
				}
				if report.Agree != 4 || report.Recorded.Find("cors-put").Error != test.want {
					t.Errorf("%d agree, recorded %+v; want 4 and the error", report.Agree, report.Recorded.Find("cors-put"))
				}
				if got := time.Since(start); got != time.Minute {
					t.Errorf("took %v; want the minute that one scenario may take", got)
				}
			})
		})
	}
}

func TestKnown(t *testing.T) {
	rec := perfect()
	opts := conformance.Options{Against: rec, Known: map[string]string{"cors-star": "reason", "cors-put": "not so", "none": "no such"}}
	change := func(o *conformance.Outcome) {
		if o.Response != nil && o.Response.URL == "{B}/x" && len(o.Requests) == 1 {
			o.Outcome = "rejected"
		}
	}
	report, err := conformance.Check(t.Context(), loadStory(t), newReplay(rec, change), opts)
	if err != nil {
		t.Fatal(err)
	}
	if report.Explained != 1 || len(report.Known) != 1 || report.Known[0].Reason != "reason" || len(report.Disagree) != 0 {
		t.Errorf("explained: %+v; want cors-star with its reason", report.Known)
	}
	if diff := cmp.Diff([]string{"cors-put", "none"}, report.Stale); diff != "" || report.OK() {
		t.Errorf("stale: - want + got\n%s", diff)
	}
}

// TestExplain: a scenario is explained if all its differences are, and once for
// each reason.
func TestExplain(t *testing.T) {
	rec := perfect()
	change := func(o *conformance.Outcome) {
		if o.Response != nil && o.Response.URL == "{B}/x" && len(o.Requests) == 1 {
			other := *o.Response
			other.Status, other.Body = 299, "other"
			o.Response = &other
		}
	}
	for _, tt := range []struct {
		name    string
		explain map[string]string // by what differs
		want    string            // "" is not explained
	}{
		{"one reason for both", map[string]string{"status": "because", "body": "because"}, "because"},
		{"two reasons", map[string]string{"status": "one", "body": "another"}, "another; one"},
		{"not all", map[string]string{"status": "one"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opts := conformance.Options{Against: rec, Explain: func(_ *conformance.Scenario, d conformance.Difference) string { return tt.explain[d.What] }}
			report, err := conformance.Check(t.Context(), loadStory(t), newReplay(rec, change), opts)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if report.Explained > 0 {
				got = report.Known[0].Reason
			}
			if got != tt.want || report.OK() == (tt.want == "") {
				t.Errorf("got %q, %+v; want %q", got, report.Disagree, tt.want)
			}
		})
	}
}

func TestUnsupportedIsSkipped(t *testing.T) {
	rec := perfect()
	rec.Results = rec.Results[:2]
	report, err := conformance.Check(t.Context(), loadStory(t), newReplay(rec, nil), conformance.Options{Via: conformance.Vias()})
	if err != nil {
		t.Fatal(err)
	}
	if report.Agree != 2 || report.Skipped != 4 || !strings.Contains(report.Skips[0].Reason, "not recorded") {
		t.Errorf("got %+v; want 2 that agree and 4 skipped", report)
	}
}

func TestClientErrorIsReported(t *testing.T) {
	broken := func(context.Context, *conformance.Web) (conformance.Client, error) {
		return nil, errors.New("no browser")
	}
	report, err := conformance.Check(t.Context(), loadStory(t), broken, conformance.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Disagree) != 5 || report.Disagree[0].Error != "no browser" {
		t.Errorf("got %+v; want 5 with the error", report.Disagree)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := conformance.Check(ctx, loadStory(t), broken, conformance.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v; want that it was cancelled", err)
	}
}

// TestRecordThenCheck relates the two: whatever a client does agrees with its
// own recording.
func TestRecordThenCheck(t *testing.T) {
	rec, err := conformance.Record(t.Context(), loadStory(t), newPoorClient, conformance.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.Results) != 5 || len(rec.Find("cors-put").Steps[0].Requests) != 1 {
		t.Fatalf("recorded %+v", rec)
	}
	report, err := conformance.Check(t.Context(), loadStory(t), newPoorClient, conformance.Options{Against: rec, Console: true})
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() || report.Agree != 5 {
		t.Errorf("got %+v; want that all agree", report.Disagree)
	}
}

// TestSharedPoorClientFails holds the poor client against recordings of real
// browsers.
func TestSharedPoorClientFails(t *testing.T) {
	eachShared(t, func(t *testing.T, _ string, scenarios []*conformance.Scenario) {
		report, err := conformance.Check(t.Context(), scenarios, newPoorClient, conformance.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("by the standards: %d of %d scenarios agree, %d disagree", report.Agree, report.Scenarios, len(report.Disagree))
		if report.Agree*10 > report.Scenarios {
			t.Errorf("%d of %d scenarios agree with a client without rules", report.Agree, report.Scenarios)
		}
	})
}

func Example() {
	scenarios, err := conformance.Parse("story.json", []byte(story))
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := conformance.Check(context.Background(), scenarios, newPoorClient, conformance.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, area := range report.Areas {
		fmt.Printf("%s: %d agree, %d disagree, %d skipped\n", area.Name, area.Agree, area.Disagree, area.Skipped)
	}
	fmt.Println(&report.Disagree[1])
	// Output:
	// cors: 0 agree, 3 disagree, 0 skipped
	// img: 0 agree, 0 disagree, 1 skipped
	// plain: 1 agree, 0 disagree, 0 skipped
	// redirect: 0 agree, 1 disagree, 0 skipped
	// cors-refused (outcome)
	//   step 1, outcome
	//     got  resolved
	//     want rejected
	//   step 1, error
	//     got  (nothing)
	//     want TypeError
}
