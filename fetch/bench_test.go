package fetch_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// memory answers every request from memory, as cheaply as a RoundTripper that
// makes a response of its own can.
type memory struct{}

func (memory) RoundTrip(req *http.Request) (*http.Response, error) {
	h := make(http.Header, 4)
	h["Access-Control-Allow-Origin"] = []string{"*"}
	h["Access-Control-Allow-Methods"] = []string{"PUT"}
	h["Access-Control-Allow-Headers"] = []string{"content-type"}
	h["Content-Type"] = []string{"application/json"}
	return &http.Response{
		Status: "200 OK", StatusCode: 200, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: http.NoBody, Request: req,
	}, nil
}

// compare runs plain and ours in turn, a few at a time, so that both see the
// same moments of the machine, and reports the median of what ours adds and of
// the ratio.
func compare(b *testing.B, plain, ours func()) {
	b.Helper()
	const chunk = 20
	var added, ratio []float64
	for b.Loop() {
		start := time.Now()
		for range chunk {
			plain()
		}
		middle := time.Now()
		for range chunk {
			ours()
		}
		p, o := middle.Sub(start), time.Since(middle)
		added = append(added, float64(o-p)/chunk)
		ratio = append(ratio, float64(o)/float64(p))
	}
	slices.Sort(added)
	slices.Sort(ratio)
	b.ReportMetric(added[len(added)/2], "added-ns")
	b.ReportMetric(ratio[len(ratio)/2], "ratio")
	b.ReportMetric(testing.AllocsPerRun(100, ours)-testing.AllocsPerRun(100, plain), "added-allocs")
	b.ReportMetric(0, "ns/op")
}

func roundTrip(b *testing.B, rt http.RoundTripper, req *http.Request) func() {
	return func() {
		resp, err := rt.RoundTrip(req)
		if err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
}

// The page of the benchmarks; the base is called through the interface, as
// everywhere.
func benchPage(base http.RoundTripper) *fetch.Transport {
	return &fetch.Transport{Origin: origin.MustParse("https://app.test"), Browser: &fetch.Browser{Base: base}}
}

// BenchmarkGET: a cross-origin GET, against the bare RoundTripper.
func BenchmarkGET(b *testing.B) {
	var base http.RoundTripper = memory{}
	req, _ := http.NewRequest("GET", "https://api.test/orders?page=2", nil)
	compare(b, roundTrip(b, base, req), roundTrip(b, benchPage(base), req))
}

// BenchmarkPUTCached: a PUT with a JSON Content-Type whose preflight is cached.
func BenchmarkPUTCached(b *testing.B) {
	var base http.RoundTripper = memory{}
	put := func(rt http.RoundTripper) func() {
		return func() {
			req := &http.Request{Method: "PUT", URL: putURL, Host: putURL.Host, Header: http.Header{"Content-Type": {"application/json"}}}
			resp, err := rt.RoundTrip(req)
			if err != nil {
				b.Fatal(err)
			}
			resp.Body.Close()
		}
	}
	compare(b, put(base), put(benchPage(base)))
}

var putURL = httptest.NewRequest("PUT", "https://api.test/orders/7", nil).URL

// BenchmarkPUTPreflighted: the same, and never cached: two requests against two.
func BenchmarkPUTPreflighted(b *testing.B) {
	var base http.RoundTripper = memory{}
	page := benchPage(base)
	page.Init.Cache = fetch.CacheNoStore
	page.Browser.Profile = fetch.Chromium() // which bypasses its cache then
	options, _ := http.NewRequest("OPTIONS", "https://api.test/orders/7", nil)
	put, _ := http.NewRequest("PUT", "https://api.test/orders/7", nil)
	plainOptions, plainPUT := roundTrip(b, base, options), roundTrip(b, base, put)
	compare(b, func() { plainOptions(); plainPUT() }, roundTrip(b, page, put))
}

// BenchmarkClientGET: http.Client over memory, its own work included.
func BenchmarkClientGET(b *testing.B) {
	get := func(rt http.RoundTripper) func() {
		client := &http.Client{Transport: rt}
		return func() {
			resp, err := client.Get("https://api.test/orders?page=2")
			if err != nil {
				b.Fatal(err)
			}
			resp.Body.Close()
		}
	}
	compare(b, get(memory{}), get(benchPage(memory{})))
}

// BenchmarkLoopbackGET: http.Client over a loopback connection.
func BenchmarkLoopbackGET(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		io.WriteString(w, strings.Repeat("x", 512))
	}))
	defer server.Close()
	get := func(rt http.RoundTripper) func() {
		client := &http.Client{Transport: rt}
		return func() {
			resp, err := client.Get(server.URL + "/orders")
			if err != nil {
				b.Fatal(err)
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	}
	compare(b, get(http.DefaultTransport.(*http.Transport).Clone()), get(benchPage(nil)))
}
