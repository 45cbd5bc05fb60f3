package redirect_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/redirect"
)

// Every request, status and Location of a small world, against what must hold
// for all of them.
func TestProperties(t *testing.T) {
	bools := []bool{false, true}
	origins := []origin.Origin{{}, pageOrigin, origin.NewOpaque()}
	followed, refusals := 0, 0
	for _, m := range []string{"GET", "HEAD", "POST", "PUT", "get"} {
		for _, url := range []string{"A/x", "B/x#f"} {
			for _, from := range origins {
				for _, cors := range bools {
					for _, isTainted := range bools {
						for body := range 3 {
							for _, count := range []int{0, 19, 20, 21} {
								q := redirect.Request{
									Method: m, URL: get(url).URL, Origin: from,
									CORSMode: cors, CORSTainted: isTainted,
									HasBody: body > 0, HasBodySource: body == 2, Count: count,
								}
								f, r := checkProperties(t, q)
								followed += f
								refusals += r
							}
						}
					}
				}
			}
		}
	}
	if followed == 0 || refusals == 0 {
		t.Errorf("%d followed and %d refused; want some of both", followed, refusals)
	}
}

func checkProperties(t *testing.T, q redirect.Request) (followed, refusals int) {
	t.Helper()
	for _, status := range []int{200, 301, 302, 303, 304, 307, 308} {
		for _, location := range []string{"", "y", "B/y#g", "u:p@A/y", "u@B/y", "data:,", "http://["} {
			next, err := redirect.Follow(q, status, []string{expand(location)}, redirect.Rules{})
			fail := func(rule string) {
				t.Helper()
				t.Errorf("Follow(%+v, %d, %q) = %s: %s", q, status, location, outcome(next, err), rule)
			}
			if err != nil {
				refusals++
				if next != (redirect.Next{}) {
					fail("an error comes alone")
				}
				continue
			}
			if next.URL == nil {
				if status != 200 && status != 304 {
					fail("a redirect status with a Location is followed or refused")
				}
				continue
			}
			followed++
			sameOrigin := origin.FromURL(q.URL) == origin.FromURL(next.URL)
			switch rewritten := next.Method != q.Method; {
			case !next.URL.IsHTTP():
				fail("only HTTP(S) URLs are followed")
			case q.Count >= redirect.MaxRedirects:
				fail("not after MaxRedirects")
			case next.DropAuthorization == sameOrigin:
				fail("Authorization goes exactly where the origin changes")
			case rewritten && next.Method != "GET":
				fail("a method only ever becomes GET")
			case rewritten != next.DropBody:
				fail("the body goes exactly with the method")
			case status == 303 && q.Method != "GET" && q.Method != "HEAD" && !next.DropBody:
				fail("303 keeps no body but of GET and HEAD")
			case (status == 307 || status == 308) && rewritten:
				fail("307 and 308 keep the method")
			case q.HasBody && !q.HasBodySource && status != 303:
				fail("a stream is not sent again")
			case q.CORSMode && next.URL.IncludesCredentials() && q.Origin != origin.FromURL(next.URL):
				fail("no credentials across origins in cors mode")
			case q.CORSTainted && next.URL.IncludesCredentials():
				fail("no credentials once tainted")
			}
		}
	}
	return followed, refusals
}
