package audit_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// withValue is leave for credentials, in other words.
func withValue(value string) string {
	return named + "Access-Control-Allow-Credentials: " + value + "\n"
}

// TestCredentials: what is wrong with credentials is told by what it does to the
// page, and once.
func TestCredentials(t *testing.T) {
	const lists = "Access-Control-Allow-Methods: GET, PUT\nAccess-Control-Allow-Headers: content-type\n"
	star := public + "Access-Control-Allow-Credentials: true\n"
	hold(t, "F23", "F46", []verdict{
		{"* and true, needed", stub{trusts: everybody, get: star, preflight: star + lists, user: "cookie"}, asked{known: true}, []string{"F23 broken proven"}},
		{"* and true, not needed", stub{trusts: everybody, get: star, preflight: star + lists}, asked{known: true}, []string{"F23 broken proven"}},
		{"* and true, for nobody", stub{trusts: everybody, get: star, preflight: star + lists}, asked{nobody: true}, []string{"F23 info proven"}},
		{"* alone, needed", stub{trusts: everybody, get: public, preflight: public + lists, user: "cookie"}, asked{known: true}, []string{"F23 broken proven"}},
		{"* alone, not needed", stub{trusts: everybody, get: public, preflight: public + lists}, asked{known: true}, nil},
		{"* and True", stub{trusts: everybody, get: public + "Access-Control-Allow-Credentials: True\n", preflight: public + lists}, asked{known: true}, nil},

		{"TRUE", stub{get: withValue("TRUE"), preflight: withValue("TRUE") + lists}, asked{}, []string{"F24 broken proven"}},
		{"1", stub{get: withValue("1"), preflight: withValue("1") + lists}, asked{}, []string{"F24 broken proven"}},
		{"twice", stub{get: withCookies + "Access-Control-Allow-Credentials: true\n", preflight: withCookies + lists}, asked{}, []string{"F24 broken proven"}},
		{"false, not needed", stub{get: withValue("false"), preflight: withValue("false") + lists}, asked{}, []string{"F24 info proven"}},
		{"false, needed", stub{get: withValue("false"), preflight: withValue("false") + lists, user: "cookie"}, asked{known: true}, []string{"F24 broken proven"}},
		{"none, not needed", stub{get: named, preflight: named + lists}, asked{known: true}, nil},
		{"none, needed", stub{get: named, preflight: named + lists, user: "cookie"}, asked{known: true}, []string{"F24 broken proven"}},

		{"none, where a token would do", stub{get: named, preflight: named + "Access-Control-Allow-Headers: authorization\n", user: "cookie", answers: func(r *http.Request, h http.Header) int {
			if r.Method == http.MethodGet && r.Header["Cookie"] == nil {
				h.Set("WWW-Authenticate", "Bearer")
			}
			return 0
		}}, asked{known: true}, nil},

		{"the same for all", stub{get: withCookies, preflight: withCookies + lists}, asked{known: true}, []string{"F25 low likely"}},
		{"the same for all, to be written", stub{get: withCookies, preflight: withCookies + lists, allow: "GET, PUT"}, asked{known: true}, nil},
		{"for a token", stub{get: withCookies, preflight: withCookies + "Access-Control-Allow-Headers: authorization\n", user: "token"}, asked{header: token}, []string{"F25 low hint"}},
		{"for a token, and a cookie", stub{get: withCookies, preflight: withCookies + "Access-Control-Allow-Headers: authorization\n", user: "token"}, asked{header: token, known: true}, nil},

		{"preflights alone", stub{get: named, preflight: withCookies + lists, user: "cookie"}, asked{known: true}, []string{"F26 broken proven"}},
		{"all but preflights", stub{get: withCookies, preflight: named + lists, user: "cookie"}, asked{known: true}, []string{"F26 broken proven"}},
		{"all but preflights, which nobody needs to be allowed anything", stub{get: withCookies, user: "cookie"}, asked{known: true}, []string{"F34 fragile hint"}},

		{"all methods", stub{get: withCookies, preflight: withCookies + "Access-Control-Allow-Methods: *\n", user: "cookie"}, asked{known: true}, []string{"F27 broken proven"}},
		{"all headers", stub{get: withCookies, preflight: withCookies + "Access-Control-Allow-Headers: *\n", user: "cookie"}, asked{known: true}, []string{"F27 broken proven"}},
		{"all headers, and those that are", stub{get: withCookies, preflight: withCookies + "Access-Control-Allow-Headers: *, x-requested-with\n", user: "cookie"}, asked{known: true}, nil},
		{"all to be seen", stub{get: withCookies + "Access-Control-Expose-Headers: *\nX-Total-Count: 7\n", preflight: withCookies + lists, user: "cookie"}, asked{known: true}, []string{"F27 broken proven"}},
		{"all to be seen, of which there is nothing", stub{get: withCookies + "Access-Control-Expose-Headers: *\n", preflight: withCookies + lists, user: "cookie"}, asked{known: true}, nil},
		{"all to be seen, without credentials", stub{get: named + "Access-Control-Expose-Headers: *\nX-Total-Count: 7\n", preflight: named + lists}, asked{known: true}, nil},
	})
}

// TestStrangersAreTold: part of a policy without an origin is told of, unless it is
// for nobody at all.
func TestStrangersAreTold(t *testing.T) {
	always := func(lines string) func(*http.Request, http.Header) int {
		return func(r *http.Request, h http.Header) int {
			setLines(h, r, lines)
			return 0
		}
	}
	hold(t, "F28", "F28", []verdict{
		{"nothing", stub{get: named, preflight: named}, asked{}, nil},
		{"credentials", stub{get: named, preflight: named, answers: always("Access-Control-Allow-Credentials: true")}, asked{}, []string{"F28 info proven"}},
		{"methods", stub{get: named, preflight: named, answers: always("Access-Control-Allow-Methods: GET")}, asked{}, []string{"F28 info proven"}},
		{"how long, which is no leave", stub{get: named, preflight: named, answers: always("Access-Control-Max-Age: 600")}, asked{}, nil},
		{"credentials, to all alike", stub{answers: always("Access-Control-Allow-Credentials: true")}, asked{}, nil},
	})
}

// TestCookiesThatStay: cookies that the page's requests do not have are told of, if
// a browser is known to keep them back.
func TestCookiesThatStay(t *testing.T) {
	const partner = "https://shop.example.net"
	forPartner := func(o string) bool { return o == partner }
	server := stub{trusts: forPartner, get: withCookies, preflight: withCookies, user: "cookie"}
	setting := func(line string) stub {
		s := server
		s.get, s.user = withCookies+"Set-Cookie: "+line+"\n", ""
		s.answers = func(r *http.Request, h http.Header) int {
			if r.Header.Get("Origin") == "" {
				h.Set("Set-Cookie", line)
			}
			return 0
		}
		return s
	}
	for _, tt := range []struct {
		name   string
		server http.Handler
		page   string
		cookie string
		want   []string
	}{
		{"Lax", server, partner, "sid=s-1; Secure; SameSite=Lax", []string{"F29 fragile proven"}},
		{"Strict", server, partner, "sid=s-1; Secure; SameSite=Strict", []string{"F29 fragile proven"}},
		{"not said", server, partner, "sid=s-1; Secure", []string{"F29 fragile proven"}},
		{"None, which Firefox has for each site apart", server, partner, "sid=s-1; Secure; SameSite=None", []string{"F29 fragile proven"}},
		{"None, partitioned", server, partner, "sid=s-1; Path=/; Secure; SameSite=None; Partitioned", nil},
		{"Lax, of the same site", stub{get: withCookies, preflight: withCookies, user: "cookie"}, app, "sid=s-1; Secure; SameSite=Lax", nil},
		{"none is needed", stub{trusts: forPartner, get: named, preflight: named}, partner, "sid=s-1; Secure; SameSite=Lax", nil},
		{"none", server, partner, "", nil},
		{"set as Lax", setting("sid=s-1; Secure; SameSite=Lax"), partner, "", []string{"F29 fragile likely"}},
		{"set as None without Secure", setting("sid=s-1; SameSite=None"), partner, "", []string{"F29 fragile likely"}},
		{"set as None", setting("sid=s-1; SameSite=None; Secure"), partner, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := policy.Subject{
				Web:     fetchtest.New(fetchtest.Servers{api: tt.server}),
				Request: fetchtest.Request{URL: api + "/orders"},
				Trusted: []string{tt.page},
			}
			defer s.Web.Close()
			if tt.cookie != "" {
				s.Login = func(w *fetchtest.Web) { w.SetCookie(api, tt.cookie) }
			}
			got, _ := short(run(t, s, audit.Options{}), "F29", "F29")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
