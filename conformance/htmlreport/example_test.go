package htmlreport_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/corsfetch/corsfetch/conformance/htmlreport"
)

func Example() {
	d := &htmlreport.Document{
		Tool: "my test", Title: "GET https://api.example/orders", Verdict: htmlreport.Mark{Text: "Blocked", Tone: htmlreport.Bad},
		Sections: []htmlreport.Section{{
			Title: "What happened",
			Flow: &htmlreport.Flow{
				Page: "https://app.example", Browser: "chromium",
				Exchanges: []htmlreport.Exchange{{
					Method: "GET", URL: "https://api.example/orders", Status: "200 OK",
					Request: http.Header{"Origin": {"https://app.example"}}, Response: http.Header{"Vary": {"<script>"}},
				}},
				Stop: &htmlreport.Stop{Text: "no page may read it", Header: "Access-Control-Allow-Origin"},
			},
		}},
	}
	var b strings.Builder
	d.WriteTo(&b) // or to a file
	fmt.Println(strings.Contains(b.String(), "<h1>GET https://api.example/orders</h1>"), strings.Contains(b.String(), "<script>"))
	// Output: true false
}
