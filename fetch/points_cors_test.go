package fetch_test

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
)

// The CORS check, on the response to the request itself. The standard knows one
// failure; the reasons are DevTools' names for it.
//
// https://fetch.spec.whatwg.org/#concept-cors-check
//
// Not here, as there is no HTTP cache yet:
//
//	COR-018  a response cached for a no-cors load
//	COR-019  the browser's own revalidation, answered 304
//	COR-020  which changes Access-Control-Expose-Headers

// says is a server at B/x that answers with the given lines.
func says(lines ...string) map[string]answer {
	return map[string]answer{B + "/x": {headers: lines, body: "ok"}}
}

func TestCORSOrigin(t *testing.T) {
	const acao = "Access-Control-Allow-Origin: "
	get := call{url: B + "/x"}
	points := []point{
		{name: "COR-001 the origin", call: get, servers: says(okOrigin), want: "GET => cors 200"},
		{name: "COR-001 any origin", call: get, servers: says(acao + "*"), want: "GET => cors 200"},
		{name: "COR-001 any method that needs no preflight", call: call{method: "POST", url: B + "/x"}, servers: says(acao + "*"), want: "POST => cors 200"},
		{name: "COR-002 nothing said, though the server has been asked", call: get, servers: says(), want: "GET => MissingAllowOriginHeader"},
		{name: "COR-004 the origin twice", call: get, servers: says(okOrigin, okOrigin), want: "GET => MultipleAllowOriginValues"},
		{name: "COR-005 any origin twice", call: get, servers: says(acao+"*", acao+"*"), want: "GET => MultipleAllowOriginValues"},
		{name: "COR-010 credentials omitted: Access-Control-Allow-Credentials does not matter", call: call{url: B + "/x", init: omit}, servers: says(okOrigin, "Access-Control-Allow-Credentials: false"), want: "GET => cors 200"},
		{name: "COR-010 nor by default", call: get, servers: says(okOrigin, "Access-Control-Allow-Credentials: false"), want: "GET => cors 200"},
		{name: "COR-011 an opaque origin is null", page: "null", call: get, servers: says(acao + "null"), want: "GET => cors 200", wire: []string{"1 Origin: null"}},
		{name: "COR-011 and any origin", page: "null", call: get, servers: says(acao + "*"), want: "GET => cors 200"},
		{name: "COR-011 and no other", page: "null", call: get, servers: says(okOrigin), want: "GET => AllowOriginMismatch"},
		{name: "COR-011 not by another case", page: "null", call: get, servers: says(acao + "NULL"), want: "GET => InvalidAllowOriginValue"},
		{name: "COR-015 the page's own origin says nothing", call: call{url: A + "/x"}, servers: map[string]answer{A + "/x": {}}, want: "GET => basic 200"},
		{name: "COR-016 another origin of the page's site has to", call: call{url: A2 + "/x"}, servers: map[string]answer{A2 + "/x": {}}, want: "GET => MissingAllowOriginHeader"},
		{name: "COR-016 and may", call: call{url: A2 + "/x"}, servers: map[string]answer{A2 + "/x": {headers: []string{okOrigin}}}, want: "GET => cors 200"},
		{name: "COR-017 so does the host by another scheme", page: H + "/", call: call{url: A + "/x"}, servers: map[string]answer{A + "/x": {}}, want: "GET => MissingAllowOriginHeader"},
		{name: "COR-017 which names the page's", page: H + "/", call: call{url: A + "/x"}, servers: map[string]answer{A + "/x": {headers: []string{acao + H}}}, want: "GET => cors 200", wire: []string{"1 Origin: " + H}},
	}
	for value, reason := range map[string]string{
		A + "/":           "AllowOriginMismatch",
		"HTTPS://A.TEST":  "AllowOriginMismatch",
		A + ":443":        "AllowOriginMismatch",
		H:                 "AllowOriginMismatch",
		A2:                "AllowOriginMismatch",
		"a.test":          "InvalidAllowOriginValue",
		"null":            "AllowOriginMismatch",
		"**":              "InvalidAllowOriginValue",
		"":                "InvalidAllowOriginValue",
		`"*"`:             "InvalidAllowOriginValue",
		"*, " + A:         "MultipleAllowOriginValues",
		A + " " + B:       "MultipleAllowOriginValues",
		A + "," + A:       "MultipleAllowOriginValues",
		"https://*.test":  "AllowOriginMismatch",
		"https://A.test":  "AllowOriginMismatch",
		"https://a.test.": "AllowOriginMismatch",
	} {
		points = append(points, point{name: "COR-003 " + strings.ReplaceAll(value, "/", "|"), call: get, servers: says(acao + value), want: "GET => " + reason})
	}
	runPoints(t, points)
}

func TestCORSCredentials(t *testing.T) {
	const acac = "Access-Control-Allow-Credentials: "
	get := call{url: B + "/x", init: include}
	points := []point{
		{name: "COR-007 the origin and true", call: get, servers: says(okOrigin, acac+"true"), want: "GET => cors 200"},
		{name: "COR-008 any origin is none", call: get, servers: says("Access-Control-Allow-Origin: *", acac+"true"), want: "GET => WildcardOriginNotAllowed"},
		{name: "COR-009 absent", call: get, servers: says(okOrigin), want: "GET => InvalidAllowCredentials"},
		{name: "COR-009 twice", call: get, servers: says(okOrigin, acac+"true", acac+"true"), want: "GET => InvalidAllowCredentials"},
		{name: "COR-012 an opaque origin", page: "null", call: get, servers: says("Access-Control-Allow-Origin: null", acac+"true"), want: "GET => cors 200"},
		{name: "COR-012 any origin is none", page: "null", call: get, servers: says("Access-Control-Allow-Origin: *", acac+"true"), want: "GET => WildcardOriginNotAllowed"},
		{name: "COR-012 nor null alone", page: "null", call: get, servers: says("Access-Control-Allow-Origin: null"), want: "GET => InvalidAllowCredentials"},
	}
	for _, value := range []string{"True", "TRUE", " true,true", "false", "1", "*", "", `"true"`} {
		points = append(points, point{name: "COR-009 " + value, call: get, servers: says(okOrigin, acac+value), want: "GET => InvalidAllowCredentials"})
	}
	runPoints(t, points)
}

func TestCORSStatus(t *testing.T) {
	at := func(status int, lines ...string) map[string]answer {
		return map[string]answer{B + "/x": {status: status, headers: lines, body: "no"}}
	}
	get := call{url: B + "/x"}
	runPoints(t, []point{
		{name: "COR-013 404", call: get, servers: at(404, okOrigin), want: "GET => cors 404"},
		{name: "COR-013 500", call: get, servers: at(500, "Access-Control-Allow-Origin: *"), want: "GET => cors 500"},
		{name: "COR-013 401, with credentials", call: call{url: B + "/x", init: include}, servers: at(401, okOrigin, okCredentials, "WWW-Authenticate: Basic"), want: "GET => cors 401"},
		{name: "COR-014 404", call: get, servers: at(404), want: "GET => MissingAllowOriginHeader"},
		{name: "COR-014 500", call: get, servers: at(500), want: "GET => MissingAllowOriginHeader"},
		{name: "COR-014 204", call: get, servers: at(204), want: "GET => MissingAllowOriginHeader"},
	})
	t.Run("COR-013 the body is the server's", func(t *testing.T) {
		resp, err := (&http.Client{Transport: point{}.open(t, &web{servers: at(404, okOrigin)})}).Get(B + "/x")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if body, err := io.ReadAll(resp.Body); string(body) != "no" || err != nil {
			t.Errorf("body %q, %v; want %q", body, err, "no")
		}
	})
}

// Of a response that is refused nothing is to be had.
func TestCORSRefused(t *testing.T) {
	t.Run("COR-002 the response is closed unread, the error has its status and no more", func(t *testing.T) {
		body := &endless{first: strings.NewReader("secret")}
		w := &web{servers: map[string]answer{B + "/x": {do: func(req *http.Request) (*http.Response, error) {
			resp := answer{headers: []string{"X-Secret: secret"}}.response(req)
			resp.Body, resp.ContentLength = body, -1
			return resp, nil
		}}}}
		resp, err := point{}.open(t, w).Fetch(t.Context(), &fetch.Request{URL: B + "/x"})
		var failed *fetch.Error
		if resp != nil || !errors.As(err, &failed) {
			t.Fatalf("got %v, %v; want no response and a *fetch.Error", resp, err)
		}
		if failed.Status != 200 || failed.Stage != fetch.StageResponse || failed.Got != "" || strings.Contains(err.Error(), "secret") {
			t.Errorf("error %+v; want status 200, stage %q, and nothing of the response", failed, fetch.StageResponse)
		}
		if !body.closed || body.read > 0 {
			t.Errorf("closed %t, %d bytes read; want a body closed unread", body.closed, body.read)
		}
	})
}

// parsed answers with a response as net/http reads it from the wire.
func parsed(response string) answer {
	return answer{do: func(req *http.Request) (*http.Response, error) {
		return http.ReadResponse(bufio.NewReader(strings.NewReader(response)), req)
	}}
}

func TestCORSWhitespace(t *testing.T) {
	var points []point
	for name, value := range map[string]string{"spaces": "  " + A + "  ", "tabs": "\t" + A + "\t", "both, around *": " \t*\t ", "no space": A} {
		points = append(points, point{
			name: "COR-006 " + name + " around the value are not of it", call: call{url: B + "/x"}, want: "GET => cors 200",
			servers: map[string]answer{B + "/x": parsed("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin:" + value + "\r\nContent-Length: 2\r\n\r\nok")},
		})
	}
	runPoints(t, append(points, point{
		name: "COR-009 a space before true is not of it", call: call{url: B + "/x", init: include}, want: "GET => cors 200",
		servers: map[string]answer{B + "/x": parsed("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: " + A + "\r\nAccess-Control-Allow-Credentials:\t true \r\nContent-Length: 0\r\n\r\n")},
	}))
}

func TestCORSNotModified(t *testing.T) {
	conditional := call{url: B + "/x", header: []string{`If-None-Match: "1"`}}
	preflight := answer{status: 204, headers: []string{okOrigin, "Access-Control-Allow-Headers: if-none-match"}}
	runPoints(t, []point{
		{name: "COR-021 a 304 that the developer asked for is an answer", call: conditional, servers: servers(preflight, answer{status: 304, headers: []string{okOrigin}}), want: "OPTIONS GET => cors 304"},
		{name: "COR-021 and checked as such", call: conditional, servers: servers(preflight, answer{status: 304}), want: "OPTIONS GET => MissingAllowOriginHeader"},
	})
	t.Run("COR-021 its body is null", func(t *testing.T) {
		w := &web{servers: servers(preflight, answer{status: 304, headers: []string{okOrigin}, body: "none"})}
		resp, err := point{}.open(t, w).Fetch(t.Context(), &fetch.Request{URL: B + "/x", Header: conditional.headers()})
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if body, err := io.ReadAll(resp.Body); len(body) > 0 || err != nil {
			t.Errorf("body %q, %v; want none", body, err)
		}
	})
}
