package redirect_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
	"github.com/corsfetch/corsfetch/redirect"
)

var pageOrigin = origin.MustParse("https://a.test")

// pageURL expands the names of the story: A is the page's origin, A2 the same
// host on another port, B and C are other sites.
var pageURL = strings.NewReplacer(
	"A2/", "https://a.test:8443/", "A/", "https://a.test/",
	"B/", "https://b.test/", "C/", "https://c.test/",
	"u@B/", "https://u@b.test/", "u:p@B/", "https://u:p@b.test/",
	"u@A/", "https://u@a.test/", "u:p@A/", "https://u:p@a.test/", ":p@A/", "https://:p@a.test/",
)

func expand(s string) string { return pageURL.Replace(s) }

// get is a fetch() of url by a page of A.
func get(url string) redirect.Request {
	return redirect.Request{Method: "GET", URL: weburl.MustParse(expand(url)), Origin: pageOrigin, CORSMode: true}
}

// with returns q after the changes.
func with(q redirect.Request, changes ...func(*redirect.Request)) redirect.Request {
	for _, change := range changes {
		change(&q)
	}
	return q
}

func method(m string) func(*redirect.Request) {
	return func(q *redirect.Request) { q.Method = m }
}

func withBody(q *redirect.Request)   { q.HasBody, q.HasBodySource = true, true }
func withStream(q *redirect.Request) { q.HasBody, q.HasBodySource = true, false }
func tainted(q *redirect.Request)    { q.CORSTainted = true }
func takesData(q *redirect.Request)  { q.TakesData = true }
func noCORS(q *redirect.Request)     { q.CORSMode = false }

// outcome is a Next or an error in one line.
func outcome(next redirect.Next, err error) string {
	var refused *redirect.Error
	switch {
	case errors.As(err, &refused):
		return "refused: " + string(refused.Reason)
	case err != nil:
		return "error of another type: " + err.Error()
	case next == redirect.Next{}:
		return "no redirect"
	}
	s := next.Method + " " + next.URL.String()
	if next.DropBody {
		s += " without body"
	}
	if next.BodyGone {
		s += " without body, with its headers"
	}
	if next.DropAuthorization {
		s += " without Authorization"
	}
	return s
}

func refused(reason redirect.Reason) string { return "refused: " + string(reason) }

// https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func TestFollow(t *testing.T) {
	tests := []struct {
		name     string
		q        redirect.Request
		status   int
		location string
		want     string
	}{
		{"RED-003 300", get("A/x"), 300, "A/y", "no redirect"},
		{"RED-003 304", get("A/x"), 304, "A/y", "no redirect"},
		{"RED-003 305", get("A/x"), 305, "A/y", "no redirect"},
		{"RED-003 306", get("A/x"), 306, "A/y", "no redirect"},
		{"RED-003 200", get("A/x"), 200, "A/y", "no redirect"},
		{"RED-003 201", get("A/x"), 201, "http://[", "no redirect"},
		{"RED-003 999", get("A/x"), 999, "A/y", "no redirect"},

		{"RED-004 301 POST", with(get("A/x"), method("POST"), withBody), 301, "/y", "GET https://a.test/y without body"},
		{"RED-004 302 POST", with(get("A/x"), method("POST"), withBody), 302, "/y", "GET https://a.test/y without body"},
		{"RED-004 302 POST without body", with(get("A/x"), method("POST")), 302, "/y", "GET https://a.test/y without body"},
		{"RED-005 301 PUT", with(get("A/x"), method("PUT"), withBody), 301, "/y", "PUT https://a.test/y"},
		{"RED-005 302 PATCH", with(get("A/x"), method("PATCH"), withBody), 302, "/y", "PATCH https://a.test/y"},
		{"RED-005 302 DELETE", with(get("A/x"), method("DELETE")), 302, "/y", "DELETE https://a.test/y"},
		{"RED-006 303 PUT", with(get("A/x"), method("PUT"), withBody), 303, "/y", "GET https://a.test/y without body"},
		{"RED-007 303 HEAD", with(get("A/x"), method("HEAD")), 303, "/y", "HEAD https://a.test/y"},
		{"RED-008 307 POST", with(get("A/x"), method("POST"), withBody), 307, "/y", "POST https://a.test/y"},
		{"RED-008 308 POST", with(get("A/x"), method("POST"), withBody), 308, "/y", "POST https://a.test/y"},
		{"RED-009 307 stream", with(get("A/x"), method("POST"), withStream), 307, "/y", refused(redirect.BodyNotReplayable)},
		{"RED-010 303 stream", with(get("A/x"), method("POST"), withStream), 303, "/y", "GET https://a.test/y without body"},
		{"RED-011 302 stream POST", with(get("A/x"), method("POST"), withStream), 302, "/y", refused(redirect.BodyNotReplayable)},
		{"methods are case-sensitive", with(get("A/x"), method("post"), withBody), 302, "/y", "post https://a.test/y"},

		{"RED-015 data:", get("A/x"), 302, "data:text/plain,hi", refused(redirect.NotHTTP)},
		{"RED-015 data: where it will do", with(get("A/x"), noCORS, takesData), 302, "data:text/plain,hi", "GET data:text/plain,hi without Authorization"},
		{"RED-015 blob: where data: will do", with(get("A/x"), noCORS, takesData), 302, "blob:https://a.test/0", refused(redirect.NotHTTP)},
		{"RED-015 blob:", get("A/x"), 302, "blob:https://a.test/0", refused(redirect.NotHTTP)},
		{"RED-015 about:", get("A/x"), 302, "about:blank", refused(redirect.NotHTTP)},
		{"RED-015 file:", get("A/x"), 302, "file:///etc/passwd", refused(redirect.NotHTTP)},
		{"RED-015 ws:", get("A/x"), 302, "ws://a.test/", refused(redirect.NotHTTP)},
		{"RED-015 javascript:", get("A/x"), 302, "javascript:alert(1)", refused(redirect.NotHTTP)},
		{"RED-015 mailto:, no-cors", with(get("A/x"), noCORS), 302, "mailto:a@b.test", refused(redirect.NotHTTP)},
		{"RED-016 http://[", get("A/x"), 302, "http://[", refused(redirect.UnparsableLocation)},
		{"RED-016 a port that is none", get("A/x"), 302, "https://a.test:x/", refused(redirect.UnparsableLocation)},
		{"RED-018 empty", get("A/x?q#f"), 302, "", "GET https://a.test/x?q#f"},
		{"RED-019 relative to the redirecting URL", get("B/d/x?q"), 302, "y", "GET https://b.test/d/y"},
		{"RED-019 scheme-relative", get("B/d/x?q"), 302, "//c.test/y", "GET https://c.test/y without Authorization"},
		{"RED-020 fragment kept", get("A/x#f"), 302, "/y", "GET https://a.test/y#f"},
		{"RED-020 fragment replaced", get("A/x#f"), 302, "/y#g", "GET https://a.test/y#g"},
		{"RED-020 fragment emptied", get("A/x#f"), 302, "/y#", "GET https://a.test/y#"},
		{"RED-020 empty fragment kept", get("A/x#"), 302, "/y", "GET https://a.test/y#"},

		{"RED-022 cors A to B with credentials", get("A/x"), 302, "u:p@B/y", refused(redirect.CrossOriginCredentials)},
		{"RED-022 cors B to B with credentials", with(get("B/x"), tainted), 302, "u:p@B/y", refused(redirect.CrossOriginCredentials)},
		{"RED-022 a user name alone", get("A/x"), 302, "u@B/y", refused(redirect.CrossOriginCredentials)},
		{"RED-022 an origin that is opaque", with(get("B/x"), func(q *redirect.Request) { q.Origin = origin.Origin{} }), 302, "u@A/y", refused(redirect.CrossOriginCredentials)},
		{"RED-022 an empty user name and password", get("A/x"), 302, "https://:@b.test/y", "GET https://b.test/y without Authorization"},
		{"RED-023 cors A to A with credentials", get("A/x"), 302, "u:p@A/y", "GET https://u:p@a.test/y"},
		{"RED-024 cors B to A with credentials", with(get("B/x"), tainted), 302, "u:p@A/y", refused(redirect.TaintedCredentials)},
		{"RED-024 a password alone", with(get("B/x"), tainted), 302, ":p@A/y", refused(redirect.TaintedCredentials)},
		{"RED-025 no-cors to B with credentials", with(get("A/x"), noCORS), 302, "u:p@B/y", "GET https://u:p@b.test/y without Authorization"},

		{"RED-031 Authorization A to B", get("A/x"), 302, "B/y", "GET https://b.test/y without Authorization"},
		{"RED-032 Authorization B to A", with(get("B/x"), tainted), 302, "A/y", "GET https://a.test/y without Authorization"},
		{"RED-033 Authorization A to A", get("A/x"), 302, "A/y", "GET https://a.test/y"},
		{"Authorization B to B", with(get("B/x"), tainted), 302, "B/y", "GET https://b.test/y"},
		{"Authorization A to A2", get("A/x"), 302, "A2/y", "GET https://a.test:8443/y without Authorization"},
		{"Authorization to another scheme", get("A/x"), 302, "http://a.test/y", "GET http://a.test/y without Authorization"},
		{"Authorization to the default port", get("A/x"), 302, "https://A.test:443/y", "GET https://a.test/y"},
		{"303 POST A to B", with(get("A/x"), method("POST"), withBody), 303, "B/y", "GET https://b.test/y without body without Authorization"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := outcome(redirect.Follow(test.q, test.status, []string{expand(test.location)}, redirect.Rules{}))
			if got != test.want {
				t.Errorf("Follow(%s %s, %d, %q):\n got %s\nwant %s", test.q.Method, test.q.URL, test.status, expand(test.location), got, test.want)
			}
		})
	}
}

// RED-012: a redirect status without Location is an answer, whatever would be
// refused if there was one.
func TestNoLocation(t *testing.T) {
	q := with(get("B/x"), tainted, withStream, func(q *redirect.Request) { q.Count = redirect.MaxRedirects })
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range [][]string{nil, {}} {
			if got, want := outcome(redirect.Follow(q, status, location, redirect.Rules{})), "no redirect"; got != want {
				t.Errorf("RED-012: Follow(%d, %#v): %s; want %s", status, location, got, want)
			}
		}
	}
}

// What becomes of each method; "-" is that the body goes too.
func TestMethods(t *testing.T) {
	methods := []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "QUERY", "OPTIONS"}
	for status, want := range map[int]string{
		301: "GET HEAD GET- PUT PATCH DELETE QUERY OPTIONS",
		302: "GET HEAD GET- PUT PATCH DELETE QUERY OPTIONS",
		303: "GET HEAD GET- GET- GET- GET- GET- GET-",
		307: "GET HEAD POST PUT PATCH DELETE QUERY OPTIONS",
		308: "GET HEAD POST PUT PATCH DELETE QUERY OPTIONS",
	} {
		var got []string
		for _, m := range methods {
			next, err := redirect.Follow(with(get("A/x"), method(m), withBody), status, []string{"/y"}, redirect.Rules{})
			if err != nil {
				t.Errorf("Follow(%s, %d): %v", m, status, err)
			}
			word := next.Method
			if next.DropBody {
				word += "-"
			}
			got = append(got, word)
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%d after %v (-want +got):\n%s", status, methods, diff)
		}
	}
}

// walk follows location from q until it is refused, and returns how many
// redirects it has followed.
func walk(t *testing.T, q redirect.Request, location string, atMost int) (followed int, err error) {
	t.Helper()
	for followed < atMost {
		q.Count = followed
		next, err := redirect.Follow(q, 302, []string{location}, redirect.Rules{})
		if err != nil {
			return followed, err
		}
		q.URL = next.URL
		followed++
	}
	return followed, nil
}

func TestTooManyRedirects(t *testing.T) {
	if got, err := walk(t, get("A/x"), "y", 20); got != 20 || err != nil {
		t.Errorf("RED-001: %d of 20 redirects followed: %v", got, err)
	}
	if got, err := walk(t, get("A/x"), "y", 21); got != 20 || !errors.Is(err, redirect.TooManyRedirects) {
		t.Errorf("RED-002: %d of 21 redirects followed: %v; want 20 and TooManyRedirects", got, err)
	}
	if got, err := walk(t, get("A/x"), "", 100); got != 20 || !errors.Is(err, redirect.TooManyRedirects) {
		t.Errorf("RED-018: %d redirects to an empty Location followed: %v; want 20 and TooManyRedirects", got, err)
	}
}

// RED-032: on the way A to B to A, Authorization is deleted at the first hop
// and nothing brings it back.
func TestAuthorizationOnTheWayBack(t *testing.T) {
	q := get("A/x")
	has := true
	for _, hop := range []string{"B/y", "B/z", "A/x"} {
		next, err := redirect.Follow(q, 302, []string{expand(hop)}, redirect.Rules{})
		if err != nil {
			t.Fatal(err)
		}
		has = has && !next.DropAuthorization
		if has {
			t.Errorf("%s: Authorization is sent", hop)
		}
		q.URL, q.CORSTainted = next.URL, true
	}
}

// Where two checks fail, the first in the standard's order gives the reason.
func TestOrderOfChecks(t *testing.T) {
	type response struct {
		redirect.Request
		status                       int
		scheme, userinfo, host, port string
		again                        bool // Location is sent twice
	}
	rules := redirect.Rules{RefuseCredentials: true}
	faults := []struct {
		reason redirect.Reason
		commit func(*response)
	}{
		{redirect.MultipleLocations, func(r *response) { r.again = true }},
		{redirect.UnparsableLocation, func(r *response) { r.port = ":port" }},
		{redirect.NotHTTP, func(r *response) { r.scheme = "ftp" }},
		{redirect.TooManyRedirects, func(r *response) { r.Count = 20 }},
		{redirect.CrossOriginCredentials, func(r *response) { r.userinfo, r.host = "u:p@", "b.test" }},
		{redirect.TaintedCredentials, func(r *response) { r.userinfo, r.CORSTainted = "u:p@", true }},
		{redirect.CredentialsRefused, func(r *response) { r.userinfo = "u:p@" }},
		{redirect.BodyNotReplayable, func(r *response) { r.HasBody = true }},
	}
	for i, first := range faults {
		for _, second := range faults[i:] {
			r := response{Request: with(get("A/x"), method("POST")), status: 302, scheme: "https", host: "a.test"}
			second.commit(&r)
			first.commit(&r)
			location := []string{fmt.Sprintf("%s://%s%s%s/y", r.scheme, r.userinfo, r.host, r.port)}
			if r.again {
				location = append(location, location[0])
			}
			if got, want := outcome(redirect.Follow(r.Request, r.status, location, rules)), refused(first.reason); got != want {
				t.Errorf("%q and %q at once: %s; want %s", first.reason, second.reason, got, want)
			}
		}
	}
}

func TestError(t *testing.T) {
	_, err := redirect.Follow(get("A/x"), 302, []string{"http://["}, redirect.Rules{})
	if !errors.Is(err, redirect.UnparsableLocation) || errors.Is(err, redirect.NotHTTP) {
		t.Errorf("%v is not UnparsableLocation alone", err)
	}
	var cause *weburl.Error
	if !errors.As(err, &cause) {
		t.Errorf("%v does not wrap what the URL parser says", err)
	}
	if got, want := err.Error(), `redirect: unparsable Location: "http://["`; got != want {
		t.Errorf("Error() = %s; want %s", got, want)
	}

	_, err = redirect.Follow(get("A/x"), 302, []string{"/y", "/z"}, redirect.Rules{})
	want := &redirect.Error{Reason: redirect.MultipleLocations, Location: "/y, /z"}
	if diff := cmp.Diff(error(want), err); diff != "" {
		t.Errorf("RED-017: the error (-want +got):\n%s", diff)
	}
	if !errors.Is(err, redirect.MultipleLocations) {
		t.Errorf("%v is not MultipleLocations", err)
	}
}
