package main

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch"
)

// reasons are all exported constants of type fetch.Reason, read from that package's
// source so that none can be forgotten.
func reasons(t *testing.T) []fetch.Reason {
	t.Helper()
	files, err := filepath.Glob("../../fetch/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []fetch.Reason
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Reason" {
				return true
			}
			for i, v := range spec.Values {
				if lit, ok := v.(*ast.BasicLit); ok && spec.Names[i].IsExported() {
					value, _ := strconv.Unquote(lit.Value)
					all = append(all, fetch.Reason(value))
				}
			}
			return true
		})
	}
	if !slices.Contains(all, fetch.ErrMissingAllowOriginHeader) || len(all) < 40 {
		t.Fatalf("got %d reasons: %v; want all of them", len(all), all)
	}
	return all
}

// TestAdviceForEveryReason: there is advice whatever the reason.
func TestAdviceForEveryReason(t *testing.T) {
	for _, reason := range reasons(t) {
		t.Run(string(reason), func(t *testing.T) {
			for _, e := range []fetch.Error{
				{},
				{Method: "PUT", URL: "https://api.example/x", Origin: testOrigin, Status: 500, Got: "a, b", Want: "c", Header: "X"},
				{Method: "GET", URL: "https://api.example/x", RequestURL: "https://a.example/", Origin: "null", Credentials: fetch.CredentialsInclude},
				{Method: "GET", URL: "https://api.example/x", Origin: "null"},
			} {
				e.Reason = reason
				got := advise(&e, nil)
				if got.Text == "" {
					t.Error("got no advice")
				}
				if len(got.Headers) > 0 && got.Answer == "" {
					t.Errorf("got headers %q without the answer they belong to", got.Headers)
				}
			}
		})
	}
}

// TestFixedAdvice: the table holds no reason that does not exist.
func TestFixedAdvice(t *testing.T) {
	all := reasons(t)
	for reason := range fixedAdvice {
		if !slices.Contains(all, reason) {
			t.Errorf("got advice for %q, which is no reason", reason)
		}
	}
}

func TestAdvice(t *testing.T) {
	asked := []exchange{{Preflight: true, Request: http.Header{headerRequestHeaders: {"content-type,x-a"}}}}
	moved := []exchange{{Preflight: true, Response: http.Header{"Location": {"https://api.example/x/"}}}}
	tests := []struct {
		name      string
		err       fetch.Error
		exchanges []exchange
		text      string // in the text
		headers   []string
	}{
		{"no header", fetch.Error{Reason: fetch.ErrMissingAllowOriginHeader}, nil,
			"does not say", []string{"Access-Control-Allow-Origin: https://app.example", "Vary: Origin"}},
		{"no header, on an error", fetch.Error{Reason: fetch.ErrMissingAllowOriginHeader, Status: 503}, nil,
			"status 503", []string{"Access-Control-Allow-Origin: https://app.example", "Vary: Origin"}},
		{"no header, on a redirect", fetch.Error{Reason: fetch.ErrMissingAllowOriginHeader, Status: 302, Stage: fetch.StageRedirect}, nil,
			"A redirect needs the header too", []string{"Access-Control-Allow-Origin: https://app.example", "Vary: Origin"}},
		{"credentials", fetch.Error{Reason: fetch.ErrWildcardOriginNotAllowed, Credentials: fetch.CredentialsInclude}, nil,
			`"*" does not count`, []string{"Access-Control-Allow-Origin: https://app.example", "Access-Control-Allow-Credentials: true", "Vary: Origin"}},
		{"slash at the end", fetch.Error{Reason: fetch.ErrAllowOriginMismatch, Got: testOrigin + "/"}, nil,
			"no slash", []string{"Access-Control-Allow-Origin: https://app.example", "Vary: Origin"}},
		{"upper case", fetch.Error{Reason: fetch.ErrAllowOriginMismatch, Got: "https://App.example"}, nil,
			"lower case", []string{"Access-Control-Allow-Origin: https://app.example", "Vary: Origin"}},
		{"another origin", fetch.Error{Reason: fetch.ErrAllowOriginMismatch, Got: "https://b.example"}, nil,
			`"https://b.example"`, []string{"Access-Control-Allow-Origin: https://app.example", "Vary: Origin"}},
		{"null after redirects", fetch.Error{Reason: fetch.ErrAllowOriginMismatch, Origin: "null", RequestURL: "https://a.example/"}, nil,
			"redirects", []string{"Access-Control-Allow-Origin: *"}},
		{"null after redirects, with credentials", fetch.Error{Reason: fetch.ErrAllowOriginMismatch, Origin: "null", RequestURL: "https://a.example/", Credentials: fetch.CredentialsInclude}, nil,
			`Do not allow "null"`, nil},
		{"null of a page", fetch.Error{Reason: fetch.ErrMissingAllowOriginHeader, Origin: "null"}, nil,
			"opaque origin", []string{"Access-Control-Allow-Origin: *"}},
		{"preflight without header", fetch.Error{Reason: fetch.ErrPreflightMissingAllowOriginHeader, Method: "PUT"}, asked,
			"does not say", []string{"Access-Control-Allow-Origin: https://app.example", "Vary: Origin", "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: content-type, x-a"}},
		{"preflight 401", fetch.Error{Reason: fetch.ErrPreflightInvalidStatus, Status: 401}, asked,
			"before authentication", []string{"Access-Control-Allow-Origin: https://app.example", "Vary: Origin", "Access-Control-Allow-Headers: content-type, x-a"}},
		{"preflight 405", fetch.Error{Reason: fetch.ErrPreflightInvalidStatus, Status: 405, Method: "PUT"}, nil,
			"No route", []string{"Access-Control-Allow-Origin: https://app.example", "Vary: Origin", "Access-Control-Allow-Methods: PUT"}},
		{"preflight 500", fetch.Error{Reason: fetch.ErrPreflightInvalidStatus, Status: 500, Method: "PUT"}, nil,
			"failed on OPTIONS", []string{"Access-Control-Allow-Origin: https://app.example", "Vary: Origin", "Access-Control-Allow-Methods: PUT"}},
		{"preflight redirect", fetch.Error{Reason: fetch.ErrPreflightDisallowedRedirect, Method: "PUT"}, moved,
			"goes to https://api.example/x/", []string{"Access-Control-Allow-Origin: https://app.example", "Vary: Origin", "Access-Control-Allow-Methods: PUT"}},
		{"method", fetch.Error{Reason: fetch.ErrMethodDisallowedByPreflightResponse, Method: "PUT", Got: "GET, POST"}, nil,
			"The method PUT is not on the list", []string{"Access-Control-Allow-Methods: GET, POST, PUT"}},
		{"method in another case", fetch.Error{Reason: fetch.ErrMethodDisallowedByPreflightResponse, Method: "patch", Got: "PATCH"}, nil,
			"let the page ask for PATCH", []string{"Access-Control-Allow-Methods: PATCH, patch"}},
		{"method against *", fetch.Error{Reason: fetch.ErrMethodDisallowedByPreflightResponse, Method: "PUT", Got: "*", Credentials: fetch.CredentialsInclude}, nil,
			`"*" is no wildcard`, []string{"Access-Control-Allow-Methods: PUT"}},
		{"headers", fetch.Error{Reason: fetch.ErrHeaderDisallowedByPreflightResponse, Got: "Content-Type,, x-b"}, asked,
			"Not all headers", []string{"Access-Control-Allow-Headers: Content-Type, x-b, x-a"}},
		{"headers against *", fetch.Error{Reason: fetch.ErrHeaderDisallowedByPreflightResponse, Got: "*", Credentials: fetch.CredentialsInclude}, asked,
			`"*" is no wildcard`, []string{"Access-Control-Allow-Headers: content-type, x-a"}},
		{"authorization against *", fetch.Error{Reason: fetch.ErrHeaderDisallowedByPreflightResponse, Got: "*"}, asked,
			"authorization", []string{"Access-Control-Allow-Headers: content-type, x-a"}},
		{"mixed content", fetch.Error{Reason: fetch.ErrMixedContent, URL: "http://api.example/"}, nil, "-page http://app.example/", nil},
		{"mixed content of a page on this machine", fetch.Error{Reason: fetch.ErrMixedContent, Origin: "http://localhost:1", URL: "http://api.example/"}, nil, "-page http://app.example/", nil},
		{"mixed content on this machine", fetch.Error{Reason: fetch.ErrMixedContent, URL: "http://127.0.0.1:1/"}, nil, "where others do not", nil},
		{"network", fetch.Error{Reason: fetch.ErrNetwork, URL: "http://127.0.0.1:1/", Err: errors.New("refused")}, nil, "No answer came from http://127.0.0.1:1/", nil},
		{"network, at the preflight", fetch.Error{Reason: fetch.ErrNetwork, Stage: fetch.StagePreflight, Err: errors.New("EOF")}, nil, "hang up on OPTIONS", nil},
		{"timeout", fetch.Error{Reason: fetch.ErrAborted, Err: context.DeadlineExceeded}, nil, "-timeout", nil},
		{"interrupted", fetch.Error{Reason: fetch.ErrAborted, Err: context.Canceled}, nil, "interrupted", nil},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			e := tc.err
			if e.Origin == "" {
				e.Origin = testOrigin
			}
			if e.Method == "" {
				e.Method = "GET"
			}
			got := advise(&e, tc.exchanges)
			if !strings.Contains(got.Text, tc.text) {
				t.Errorf("got %q; want %q in it", got.Text, tc.text)
			}
			if diff := cmp.Diff(tc.headers, got.Headers); diff != "" {
				t.Errorf("headers differ (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAdviceWorks: a server that does what it is told is then allowed, and
// needs no second round.
func TestAdviceWorks(t *testing.T) {
	s := testServer(t)
	for _, args := range [][]string{
		{"/none"},
		{"/none", "-credentials", "include"},
		{"/none", "-page", "null"},
		{"/star", "-credentials", "include"},
		{"/twice"},
		{"/none", "-X", "PUT", "-H", "X-A: 1", "-H", "Content-Type: application/json"},
		{"/login", "-X", "DELETE", "-credentials", "include", "-H", "Authorization: x"},
		{"/moved", "-X", "PUT"},
		{"/readonly", "-X", "PUT"},
		{"/noheaders", "-X", "PUT", "-H", "X-A: 1", "-H", "X-C: 1"},
		{"/badlist", "-X", "PUT"},
		{"/starlists", "-X", "PATCH", "-credentials", "include"},
		{"/starlists", "-H", "Authorization: x"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			args := append(at(s, "{s}"+args[0], "-json"), args[1:]...)
			before := decode[report](t, corsfetch(t, args...).stdout)
			if before.Verdict != blocked || before.Advice == nil || len(before.Advice.Headers) == 0 {
				t.Fatalf("got %s, advice %v; want blocked and headers", before.Verdict, before.Advice)
			}
			obedient := obedientServer(t, before)
			args[1] = obedient
			after := decode[report](t, corsfetch(t, args...).stdout)
			if after.Verdict != allowed {
				t.Errorf("with %q: got %s, want allowed", before.Advice.Headers, after.Message)
			}
		})
	}
}
