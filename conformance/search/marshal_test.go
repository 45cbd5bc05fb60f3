package search_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/search"
)

func TestMarshal(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   *conformance.Scenario
		want string
	}{
		{
			name: "least",
			in:   &conformance.Scenario{ID: "x", Page: conformance.Page{Origin: "A"}, Steps: []conformance.Step{{Sleep: 3}}},
			want: "{\"id\": \"x\",\n \"steps\": [\n  {\"sleep\": 3}]}",
		},
		{
			name: "page of another origin",
			in:   &conformance.Scenario{ID: "x", Page: conformance.Page{Origin: "B"}, Steps: []conformance.Step{{Fetch: "A/x"}}},
			want: "{\"id\": \"x\", \"page\": \"B\",\n \"steps\": [\n  {\"fetch\": \"A/x\"}]}",
		},
		{
			name: "bytes, and members that are empty but there",
			in: &conformance.Scenario{ID: "x", Page: conformance.Page{Origin: "A"}, Steps: []conformance.Step{
				{Fetch: "A/x", Headers: []string{"X-A: \u00e9\t<\"\\"}, Body: new("\U0001F600"), Referrer: new("")},
				{Fetch: "A/x", Keepalive: true},
			}},
			want: `{"id": "x",` + "\n" + ` "steps": [` + "\n" +
				`  {"fetch": "A/x", "headers": ["X-A: \u00e9\t<\"\\"], "body": "\ud83d\ude00", "referrer": ""},` + "\n" +
				`  {"fetch": "A/x", "keepalive": true}]}`,
		},
		{
			name: "everything",
			in: &conformance.Scenario{
				ID: "x", Note: "n", Spec: "s", Points: []string{"P-1", "P-2"},
				Page:    conformance.Page{Origin: "A", Context: "worker", Headers: []string{"A: b"}},
				Cookies: map[string][]string{"SA": {"k=v"}, "A": {"k=v", "l=w"}},
				Server: map[string][]conformance.Rule{
					"B/x": {{On: "OPTIONS", Status: 204}, {Times: 2, Reason: new(""), Body: new("ok")}},
					"A/x": {{Hangup: true}},
				},
				Steps: []conformance.Step{{Fetch: "B/x", Expect: "GET => cors 200", Wire: []string{"1 !Cookie"}}},
			},
			want: `{"id": "x", "note": "n", "spec": "s", "points": ["P-1", "P-2"], "page": {"origin": "A", "context": "worker", "headers": ["A: b"]},
 "cookies": {"A": ["k=v", "l=w"], "SA": ["k=v"]},
 "server": {
  "A/x": [
   {"hangup": true}],
  "B/x": [
   {"on": "OPTIONS", "status": 204},
   {"times": 2, "reason": "", "body": "ok"}]},
 "steps": [
  {"fetch": "B/x", "expect": "GET => cors 200", "wire": ["1 !Cookie"]}]}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := search.Marshal(tt.in)
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.in, parseOne(t, got)); diff != "" {
				t.Errorf("written and read (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMarshalFile(t *testing.T) {
	var all []*conformance.Scenario
	for s := range search.Generate(2, 20) {
		all = append(all, s)
	}
	got, err := conformance.Parse("all.json", search.MarshalFile(all))
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range got {
		s.File, s.Line = "", 0
		if diff := cmp.Diff(all[i], s); diff != "" {
			t.Errorf("scenario %d (-want +got):\n%s", i, diff)
		}
	}
	if got, err := conformance.Parse("none.json", search.MarshalFile(nil)); len(got) != 0 || err != nil {
		t.Errorf("no scenarios are read as %v, %v", got, err)
	}
}
