package search_test

import (
	"fmt"
	"slices"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/search"
)

func ExampleGenerate() {
	for s := range search.Generate(1, 3) {
		fmt.Println(s.ID, len(s.Steps) > 0)
	}
	// Output:
	// gen-1-0 true
	// gen-1-1 true
	// gen-1-2 true
}

func ExampleShrink() {
	s := &conformance.Scenario{
		ID:     "range",
		Page:   conformance.Page{Origin: "A"},
		Server: map[string][]conformance.Rule{"B/x": {{Headers: []string{"Access-Control-Allow-Origin: *"}}}},
		Steps: []conformance.Step{
			{Fetch: "B/x", Headers: []string{"Accept: text/html", "Range: bytes=0-10"}, Credentials: "include"},
		},
	}
	small := search.Shrink(s, func(s *conformance.Scenario) bool {
		return slices.ContainsFunc(s.Steps, func(step conformance.Step) bool {
			return slices.ContainsFunc(step.Headers, func(line string) bool { return line != "" && line[0] == 'R' })
		})
	})
	fmt.Printf("%s\n", search.Marshal(small))
	// Output:
	// {"id": "range",
	//  "steps": [
	//   {"fetch": "A/x", "headers": ["Range: "]}]}
}
