package orb_test

import (
	"fmt"

	"github.com/corsfetch/corsfetch/fetch/orb"
)

func Example() {
	rules := orb.Chromium()
	res := orb.Response{Type: "application/json", Status: 200}
	verdict, reason := rules.Header(res)
	if verdict == orb.Undecided {
		verdict, reason = rules.Start(res, []byte(`{"balance": 100}`))
	}
	fmt.Println(verdict == orb.Blocked, reason)
	// Output: true JSON, by how it begins
}
