package conformance_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/corsfetch/corsfetch/conformance"
)

// TestInMemory: servers in memory answer as those at ports do, and in a bubble
// what they delay takes the bubble's time.
func TestInMemory(t *testing.T) {
	scenarios, err := conformance.Parse("f.json", []byte(`[{"id": "a", "server": {
		"A/x": [{"body": "plain", "delay": 3600000}], "BS/x": [{"body": "secret"}], "A/h": [{"hangup": true}]}, "steps": [{"fetch": "A/x"}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		servers, err := conformance.InMemory()
		if err != nil {
			t.Fatal(err)
		}
		web := servers.Open(scenarios[0])
		transport := servers.Transport()
		client := &http.Client{Transport: transport}
		start := time.Now()
		for _, test := range []struct{ url, want string }{
			{"A/x", "plain"},
			{"BS/x", "secret"},
			{"A/h", "EOF"},
			{"http://nowhere.invalid/", "no such host"},
			{"http://{A.hostname}:1/", "no server at"},
		} {
			resp, err := client.Get(web.URL(test.url))
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("%s: %v; want %q", test.url, err, test.want)
				}
				continue
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if string(body) != test.want || err != nil {
				t.Errorf("%s: got %q, %v; want %q", test.url, body, err, test.want)
			}
		}
		if got := time.Since(start); got != time.Hour {
			t.Errorf("took %v; want the hour that one answer is delayed", got)
		}
		transport.CloseIdleConnections()
		servers.Close()
		if conn, err := servers.DialContext(t.Context(), "tcp", strings.TrimPrefix(web.Origin("A"), "http://")); err == nil {
			conn.Close()
			t.Error("closed servers are connected to")
		}
	})
}

// TestInMemoryAddresses: a connection in memory names the port it was made to,
// which address spaces go by.
func TestInMemoryAddresses(t *testing.T) {
	servers, err := conformance.InMemory()
	if err != nil {
		t.Fatal(err)
	}
	defer servers.Close()
	web := servers.Open(&conformance.Scenario{ID: "a"})
	for alias, want := range map[string]string{"A": "", "P": "public", "L": "local"} {
		host := strings.TrimPrefix(web.Origin(alias), "http://")
		conn, err := servers.DialContext(t.Context(), "tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_, port, _ := net.SplitHostPort(host)
		addr := conn.RemoteAddr().String()
		if _, got, _ := net.SplitHostPort(addr); got != port || servers.AddressSpaces()[addr] != want {
			t.Errorf("%s: connected to %s, which is %q; want port %s, %q", alias, addr, servers.AddressSpaces()[addr], port, want)
		}
	}
}
