package fetch_test

import (
	"strings"
	"testing"
)

// TestScenarioFormat makes sure that a slip in a scenario file is an error and
// not a check that passes.
func TestScenarioFormat(t *testing.T) {
	const good = `{"id": "x", "page": {"origin": "A", "headers": ["Referrer-Policy: origin"]}, "cookies": {"B": ["k=v"]},
		"server": {"B/x": [{"on": "PUT", "times": 1, "status": 204, "headers": ["X-A: {origin} {n}"]}, {"body": "{B.host}"}]},
		"steps": [{"fetch": "B/x", "in": "frame:C", "method": "PUT", "headers": ["X-A: a{b"], "body": "{}", "bodyType": "blob:a/b",
		"mode": "cors", "expect": "OPTIONS PUT => cors 200 [x-a]", "wire": ["1 Origin: {C}", "2 !Cookie"]}, {"sleep": 5}]}`
	if s, err := parseScenario([]byte(good)); err != nil {
		t.Fatalf("parseScenario(good): %v", err)
	} else if s.Page.Origin != "A" || len(s.Steps) != 2 {
		t.Errorf("parseScenario(good) = %+v", s)
	}
	for _, tt := range []struct{ name, old, new string }{
		{"unknown key of a scenario", `"cookies"`, `"cookie"`},
		{"unknown key of a page", `"origin"`, `"url"`},
		{"unknown key of a rule", `"times"`, `"time"`},
		{"unknown key of a step", `"method"`, `"via"`},
		{"unknown origin of a page", `"A"`, `"Q"`},
		{"unknown alias of cookies", `{"B": ["k`, `{"Q": ["k`},
		{"unknown alias of a server", `"B/x": [`, `"Q/x": [`},
		{"unknown alias of a frame", `frame:C`, `frame:Q`},
		{"unknown name in a header", `{origin}`, `{orgin}`},
		{"unknown part of a name", `{B.host}`, `{B.port}`},
		{"unknown context", `frame:C`, `tab`},
		{"unknown mode", `"cors"`, `"CORS"`},
		{"unknown type of body", `blob:a/b`, `blob`},
		{"a header without a colon", `X-A: a{b`, `X-A`},
		{"expect without arrow", `=>`, `=`},
		{"expect of an unknown type", `cors 200`, `error 200`},
		{"expect of an unknown error", `cors 200 [x-a]`, `AbortError`},
		{"expect of no status", `cors 200`, `cors ok`},
		{"expect of an open list", `[x-a]`, `[x-a`},
		{"wire without number", `1 Origin`, `Origin`},
		{"wire of request zero", `1 Origin`, `0 Origin`},
		{"wire without value", `2 !Cookie`, `2 Cookie`},
		{"a step that does nothing", `"sleep": 5`, `"sleep": 0`},
		{"no id", `"id": "x"`, `"id": ""`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bad := strings.Replace(good, tt.old, tt.new, 1)
			if bad == good {
				t.Fatalf("nothing replaced by %q", tt.new)
			}
			if _, err := parseScenario([]byte(bad)); err == nil {
				t.Errorf("parseScenario takes %s", bad)
			}
		})
	}
}

// TestScenarioJudges makes sure that the comparisons can fail, and at the right
// level.
func TestScenarioJudges(t *testing.T) {
	outcome := func() scenarioOutcome {
		return scenarioOutcome{
			Outcome:  "resolved",
			Response: &scenarioResponse{Type: "cors", Status: 200, Headers: []string{"x-a: 1"}},
			Requests: []scenarioRequest{{Method: "GET", URL: "{B}/x", Headers: []string{"Accept: */*", "X-A: 1"}}},
		}
	}
	expect := "GET => cors 200 [x-a]"
	s := &scenario{Steps: []scenarioStep{{Fetch: "B/x", Expect: &expect, Wire: []string{"1 X-A: 1", "1 !Cookie"}}}}
	for _, tt := range []struct {
		name              string
		change            func(*scenarioOutcome)
		browser, standard agreement
	}{
		{"nothing", func(*scenarioOutcome) {}, agrees, agrees},
		{"the spelling of a request header", func(o *scenarioOutcome) { o.Requests[0].Headers[1] = "x-a: 1" }, agrees, agrees},
		{"the outcome", func(o *scenarioOutcome) { *o = scenarioOutcome{Outcome: "rejected", Requests: o.Requests} }, outcomeDiffers, outcomeDiffers},
		{"the status", func(o *scenarioOutcome) { o.Response.Status = 201 }, outcomeDiffers, outcomeDiffers},
		{"a visible header's name", func(o *scenarioOutcome) { o.Response.Headers[0] = "x-b: 1" }, outcomeDiffers, outcomeDiffers},
		{"a visible header's value", func(o *scenarioOutcome) { o.Response.Headers[0] = "x-a: 2" }, outcomeDiffers, agrees},
		{"the body", func(o *scenarioOutcome) { o.Response.Body = "no" }, outcomeDiffers, agrees},
		{"the final URL", func(o *scenarioOutcome) { o.Response.URL = "{C}/x" }, outcomeDiffers, agrees},
		{"a method", func(o *scenarioOutcome) { o.Requests[0].Method = "PUT" }, outcomeDiffers, outcomeDiffers},
		{"one request more", func(o *scenarioOutcome) { o.Requests = append(o.Requests, o.Requests[0]) }, outcomeDiffers, outcomeDiffers},
		{"a URL on the wire", func(o *scenarioOutcome) { o.Requests[0].URL = "{C}/x" }, outcomeDiffers, agrees},
		{"a request header", func(o *scenarioOutcome) { o.Requests[0].Headers[1] = "X-A: 2" }, wireDiffers, wireDiffers},
		{"one header more", func(o *scenarioOutcome) { o.Requests[0].Headers = append(o.Requests[0].Headers, "Cookie: k=v") }, wireDiffers, wireDiffers},
		{"a request's body", func(o *scenarioOutcome) { o.Requests[0].Body = "b" }, wireDiffers, agrees},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := outcome()
			tt.change(&got)
			if a, diff := compareStep(outcome(), got); a != tt.browser || (a == agrees) != (diff == "") {
				t.Errorf("compareStep: %v; want %v\n%s", a, tt.browser, diff)
			}
			steps, diff := compareWithStandard(t, s, []scenarioOutcome{got})
			if len(steps) != 1 || steps[0] != tt.standard || (steps[0] == agrees) != (diff == "") {
				t.Errorf("compareWithStandard: %v; want %v\n%s", steps, tt.standard, diff)
			}
		})
	}
}
