package engine_test

import (
	"context"
	"fmt"
	"log"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/engine"
	"github.com/corsfetch/corsfetch/fetch"
)

func ExampleNew() {
	scenarios, err := conformance.Parse("mine.json", []byte(`[{
		"id": "preflight-put", "note": "PUT is preflighted",
		"server": {"B/x": [{"headers": ["Access-Control-Allow-Origin: {A}", "Access-Control-Allow-Methods: PUT"]}]},
		"steps": [{"fetch": "B/x", "method": "PUT", "expect": "OPTIONS PUT => cors 200", "wire": ["1 Access-Control-Request-Method: PUT"]}]
	}]`))
	if err != nil {
		log.Fatal(err)
	}
	report, err := conformance.Check(context.Background(), scenarios, engine.New(fetch.WebKit()), conformance.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.OK(), report.Agree, "of", report.Scenarios)
	// Output: true 1 of 1
}
