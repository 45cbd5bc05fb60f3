package audit_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// toPreflights answers preflights, and nothing else.
func toPreflights(answer func(r *http.Request, h http.Header) int) func(*http.Request, http.Header) int {
	return func(r *http.Request, h http.Header) int {
		if r.Method == http.MethodOptions && r.Header["Access-Control-Request-Method"] != nil {
			return answer(r, h)
		}
		return 0
	}
}

// status is an answer without more.
func status(code int, lines string) func(*http.Request, http.Header) int {
	return func(r *http.Request, h http.Header) int {
		setLines(h, r, lines)
		return code
	}
}

// A verdict is a server, how it is asked, and what is to be found.
type verdict struct {
	name   string
	server stub
	asked
	want []string
}

// hold fails t for each that is not found, or is found and should not be, of the
// ids from first to last.
func hold(t *testing.T, first, last string, verdicts []verdict) {
	t.Helper()
	for _, tt := range verdicts {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := audited(t, tt.server, tt.asked, first, last)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestObstacles: what keeps all preflights from passing is told by what it is, and
// is broken if something is known to need one.
func TestObstacles(t *testing.T) {
	spring := toPreflights(func(r *http.Request, h http.Header) int {
		if r.Header.Get("Access-Control-Request-Method") != http.MethodGet || r.Header["Access-Control-Request-Headers"] != nil {
			return http.StatusForbidden
		}
		setLines(h, r, named+"Access-Control-Allow-Methods: GET\n")
		return http.StatusOK
	})
	hold(t, "F23", "F46", []verdict{
		{"401", stub{get: named, answers: toPreflights(status(401, ""))}, asked{}, []string{"F33 broken hint"}},
		{"401, for a token", stub{get: named, user: "token", answers: toPreflights(status(401, ""))}, asked{header: token}, []string{"F33 broken proven"}},
		{"401, as if CORS were in order", stub{get: named, answers: toPreflights(status(401, named))}, asked{}, []string{"F33 broken hint"}},
		{"403", stub{get: named, allow: "GET, PUT", answers: toPreflights(status(403, ""))}, asked{}, []string{"F33 broken likely"}},
		{"407", stub{get: named, allow: "GET, PUT", answers: toPreflights(status(407, ""))}, asked{}, []string{"F33 broken likely"}},
		{"403 for what is not allowed", stub{get: named, allow: "GET, PUT", answers: spring}, asked{}, []string{"F36 broken likely"}},
		{"403 for a token that is not allowed", stub{get: named, user: "token", answers: spring}, asked{header: token}, []string{"F38 broken proven"}},

		{"404", stub{get: named, answers: toPreflights(status(404, ""))}, asked{}, []string{"F34 fragile hint"}},
		{"405, and PUT", stub{get: named, allow: "GET, PUT", answers: toPreflights(status(405, ""))}, asked{}, []string{"F34 broken likely"}},
		{"500, and a header", stub{get: named, answers: toPreflights(status(500, ""))}, asked{header: http.Header{"X-Key": {"1"}}}, []string{"F34 broken proven"}},
		{"200 without more", stub{get: named, allow: "GET, DELETE", answers: toPreflights(status(200, ""))}, asked{}, []string{"F34 broken likely"}},
		{"404 as if CORS were in order", stub{get: named, allow: "GET, DELETE", answers: toPreflights(status(404, named))}, asked{}, []string{"F34 broken likely"}},
		{"405 for all, with headers for preflights", stub{trusts: everybody, get: public + "Access-Control-Allow-Methods: GET, POST\n", status: 405}, asked{nobody: true}, []string{"F34 broken likely"}},
		{"405, where reading is refused too", stub{allow: "GET, PUT", answers: toPreflights(status(405, ""))}, asked{}, nil},
		{"another origin than asks", stub{get: named, allow: "GET, PUT", answers: toPreflights(status(204, "Access-Control-Allow-Origin: https://old.example.com\n"))}, asked{}, nil},

		{"302", stub{get: named, answers: toPreflights(status(302, "Location: /login\n"))}, asked{}, []string{"F35 broken hint"}},
		{"308, and PUT", stub{get: named, allow: "GET, PUT", answers: toPreflights(status(308, "Location: /orders/\n"))}, asked{}, []string{"F35 broken likely"}},
		{"308 of all, to where CORS is", stub{get: named, answers: func(r *http.Request, h http.Header) int {
			if strings.HasSuffix(r.URL.Path, "/") {
				return 0
			}
			h.Set("Location", r.URL.Path+"/")
			return http.StatusPermanentRedirect
		}}, asked{}, []string{"F35 broken hint"}},
		{"308 of all, in a circle", stub{get: named, answers: status(308, "Location: ?\n")}, asked{}, nil},
		{"304, which leads nowhere", stub{get: named, allow: "GET, PUT", answers: toPreflights(status(304, ""))}, asked{}, []string{"F34 broken likely"}},
	})
}

// TestMethods: a method is missing if the resource has it and the page may not use
// it, whatever way the server has to say no.
func TestMethods(t *testing.T) {
	withheld := toPreflights(func(r *http.Request, h http.Header) int {
		if !slices.Contains([]string{"GET", "POST"}, r.Header.Get("Access-Control-Request-Method")) {
			return http.StatusNoContent
		}
		setLines(h, r, named+"Access-Control-Allow-Methods: {method}\n")
		return http.StatusNoContent
	})
	upper := toPreflights(func(r *http.Request, h http.Header) int {
		if method := strings.ToUpper(r.Header.Get("Access-Control-Request-Method")); !slices.Contains([]string{"GET", "PUT", "PATCH"}, method) {
			return http.StatusOK
		}
		setLines(h, r, named+"Access-Control-Allow-Methods: {METHOD}\n")
		return http.StatusOK
	})
	hold(t, "F33", "F46", []verdict{
		{"not listed", stub{get: named, allow: "GET, PUT", preflight: named + "Access-Control-Allow-Methods: GET, DELETE\n"}, asked{}, []string{"F36 broken likely"}},
		{"no list", stub{get: named, allow: "GET, PUT", preflight: named}, asked{}, []string{"F36 broken likely"}},
		{"Allow for it", stub{get: named, allow: "GET, PUT", preflight: named + "Allow: GET, PUT\n"}, asked{}, []string{"F36 broken likely"}},
		{"no origin for it", stub{get: named, allow: "GET, PUT", answers: withheld}, asked{}, []string{"F36 broken likely"}},
		{"listed", stub{get: named, allow: "GET, PUT", preflight: named + "Access-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: content-type\n"}, asked{}, nil},
		{"*", stub{get: named, allow: "GET, PUT", preflight: named + "Access-Control-Allow-Methods: *\nAccess-Control-Allow-Headers: content-type\n"}, asked{}, nil},
		{"POST, which needs none", stub{get: named, allow: "GET, POST", preflight: named + "Access-Control-Allow-Methods: GET\nAccess-Control-Allow-Headers: content-type\n"}, asked{}, nil},
		{"TRACE, which no page has", stub{get: named, allow: "GET, TRACE, OPTIONS", preflight: named + "Access-Control-Allow-Methods: GET\n"}, asked{}, nil},

		{"put", stub{get: named, allow: "GET, PUT", preflight: named + "Access-Control-Allow-Methods: get, put\n"}, asked{}, []string{"F37 broken proven"}},
		{"Patch", stub{get: named, preflight: named + "Access-Control-Allow-Methods: Patch\n"}, asked{}, []string{"F37 broken proven"}},
		{"put and PUT", stub{get: named, allow: "GET, PUT", preflight: named + "Access-Control-Allow-Methods: put, PUT\nAccess-Control-Allow-Headers: content-type\n"}, asked{}, nil},
		{"get, which needs none", stub{get: named, preflight: named + "Access-Control-Allow-Methods: get, post\n"}, asked{}, nil},
		{"put, by a server that says no by leaving the origin out", stub{get: named, answers: toPreflights(func(r *http.Request, h http.Header) int {
			if method := r.Header.Get("Access-Control-Request-Method"); method == "GET" || method == "put" {
				setLines(h, r, named+"Access-Control-Allow-Methods: {method}\n")
			}
			return http.StatusNoContent
		})}, asked{}, []string{"F37 broken proven"}},
		{"in capitals, whatever is asked", stub{get: named, answers: upper}, asked{}, []string{"F37 fragile proven"}},
		{"PATCH alone", stub{get: named, preflight: named + "Access-Control-Allow-Methods: PATCH\n"}, asked{}, nil},
	})
}

// TestHeaders: a header is missing if the page is known to set it, or likely to.
func TestHeaders(t *testing.T) {
	key := http.Header{"X-Key": {"1"}}
	gorilla := toPreflights(func(r *http.Request, h http.Header) int {
		var listed []string
		for name := range strings.SplitSeq(r.Header.Get("Access-Control-Request-Headers"), ",") {
			switch name {
			case "", "accept", "accept-language", "content-language":
			case "content-type":
				listed = append(listed, name)
			default:
				return http.StatusForbidden
			}
		}
		setLines(h, r, named+"Access-Control-Allow-Headers: "+strings.Join(listed, ",")+"\n")
		return http.StatusOK
	})
	hold(t, "F33", "F46", []verdict{
		{"the page's own", stub{get: named, preflight: named + "Access-Control-Allow-Headers: content-type\n"}, asked{header: key}, []string{"F38 broken proven"}},
		{"a header of nobody's", stub{get: named, preflight: named}, asked{header: key, nobody: true}, nil},
		{"of another letter case", stub{get: named, preflight: named + "Access-Control-Allow-Headers: x-KEY\n"}, asked{header: key}, nil},
		{"JSON", stub{get: named, allow: "GET, POST", preflight: named}, asked{}, []string{"F38 broken likely"}},
		{"JSON, for a PUT that is refused", stub{get: named, allow: "GET, PUT", preflight: named}, asked{}, []string{"F36 broken likely"}},
		{"a token", stub{get: named, user: "token", preflight: named}, asked{}, []string{"F38 broken likely"}},
		{"a token, of which the audit has one", stub{get: named, user: "token", preflight: named}, asked{header: token}, []string{"F38 broken proven"}},
		{"those that are said to need none", stub{get: named, answers: gorilla}, asked{}, []string{"F38 fragile likely"}},

		{"another name than was asked for", stub{get: named, answers: toPreflights(func(r *http.Request, h http.Header) int {
			setLines(h, r, named+"Access-Control-Allow-Headers: "+strings.ReplaceAll(strings.Join(r.Header["Access-Control-Request-Headers"], ","), "+", "")+"\n")
			return http.StatusNoContent
		})}, asked{}, []string{"F38 fragile proven", "F46 low proven"}},

		{"* for a token", stub{get: named, user: "token", preflight: named + "Access-Control-Allow-Headers: *\n"}, asked{}, []string{"F39 fragile proven"}},
		{"* for a token, and its name", stub{get: named, user: "token", preflight: named + "Access-Control-Allow-Headers: *, Authorization\n"}, asked{header: token}, nil},
		{"* for nothing", stub{get: named, preflight: named + "Access-Control-Allow-Headers: *\n"}, asked{}, nil},
	})
}

// TestLists: what is no list is told as that alone; what means nothing is.
func TestLists(t *testing.T) {
	hold(t, "F33", "F46", []verdict{
		{"semicolons", stub{get: named, allow: "GET, PUT", preflight: named + "Access-Control-Allow-Methods: GET; PUT\n"}, asked{}, []string{"F40 broken proven"}},
		{"spaces", stub{get: named, allow: "GET, PUT", preflight: named + "Access-Control-Allow-Methods: GET PUT\n"}, asked{}, []string{"F40 broken proven"}},
		{"quotes", stub{get: named, allow: "GET, PUT", preflight: named + "Access-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: \"X-A\"\n"}, asked{}, []string{"F40 broken proven"}},
		{"one of two lines", stub{get: named, preflight: named + "Access-Control-Allow-Headers: X-A\nAccess-Control-Allow-Headers: X B\n"}, asked{}, []string{"F40 broken proven"}},
		{"what is to be seen", stub{get: named + "Access-Control-Expose-Headers: X-A; X-B\n", preflight: named}, asked{}, []string{"F40 broken proven"}},
		{"empty elements", stub{get: named + "Access-Control-Expose-Headers: ,X-A,,\n", preflight: named + "Access-Control-Allow-Headers: , X-A ,\n"}, asked{}, nil},

		{"of responses, and the browser's", stub{get: named, preflight: named + "Access-Control-Allow-Headers: access-control-allow-origin, Origin, Cookie, Sec-Fetch-Site\n"}, asked{}, []string{"F45 info proven"}},
		{"CONNECT", stub{get: named, preflight: named + "Access-Control-Allow-Methods: GET, CONNECT\n"}, asked{}, []string{"F45 info proven"}},
		{"safelisted, whose values may need leave", stub{get: named, preflight: named + "Access-Control-Allow-Headers: Accept, Content-Language, Range, X-CSRF-Token\n"}, asked{}, nil},
	})
}

// TestSpelling: the answer may depend on how a browser spells the list, less on how
// proxies do, and hardly on how nobody does.
func TestSpelling(t *testing.T) {
	// split is a server that allows two headers, if it finds them as it looks.
	split := func(elements func([]string) []string) stub {
		return stub{get: named, answers: toPreflights(func(r *http.Request, h http.Header) int {
			for _, name := range elements(r.Header["Access-Control-Request-Headers"]) {
				if name != "content-type" && name != "authorization" {
					return http.StatusForbidden
				}
			}
			setLines(h, r, named+"Access-Control-Allow-Headers: {headers}\n")
			return http.StatusNoContent
		})}
	}
	first := func(lines []string) string { return strings.Join(lines[:min(1, len(lines))], "") }
	fields := func(s, at string) []string {
		return slices.DeleteFunc(strings.Split(s, at), func(name string) bool { return name == "" })
	}
	hold(t, "F33", "F46", []verdict{
		{"as a list", split(func(lines []string) []string {
			return strings.FieldsFunc(strings.ToLower(strings.Join(lines, ",")), func(r rune) bool { return strings.ContainsRune(", \t", r) })
		}), asked{}, nil},
		{"capitals are another name", split(func(lines []string) []string {
			return strings.FieldsFunc(strings.Join(lines, ","), func(r rune) bool { return strings.ContainsRune(", \t", r) })
		}), asked{}, []string{"F41 info proven"}},
		{"spaces are part of the name", split(func(lines []string) []string { return fields(strings.ToLower(strings.Join(lines, ",")), ",") }), asked{}, []string{"F41 fragile proven"}},
		{"a comma and a space", split(func(lines []string) []string { return fields(first(lines), ", ") }), asked{}, []string{"F41 broken proven"}},
		{"one header alone", stub{get: named, preflight: named + "Access-Control-Allow-Headers: content-type\n"}, asked{}, nil},
	})
}

// TestOptions: preflights are answered for themselves, and nothing else is taken for
// one.
func TestOptions(t *testing.T) {
	all := func(code int, lines string) stub {
		return stub{answers: func(r *http.Request, h http.Header) int {
			if r.Header.Get("Origin") == app {
				setLines(h, r, named+lines)
			}
			return code
		}}
	}
	hold(t, "F33", "F46", []verdict{
		{"a session for each", stub{get: named, preflight: named + "Set-Cookie: sid=1\n"}, asked{}, []string{"F42 low likely"}},
		{"nothing found, by any method", all(404, ""), asked{}, []string{"F34 fragile hint"}},
		{"headers for preflights everywhere", stub{get: named + "Access-Control-Allow-Methods: GET\n", preflight: named + "Access-Control-Allow-Methods: GET\n", answers: func(r *http.Request, h http.Header) int {
			if r.Method != http.MethodOptions || r.Header["Access-Control-Request-Method"] != nil {
				return 0
			}
			setLines(h, r, "Access-Control-Allow-Methods: GET\n")
			return http.StatusOK
		}}, asked{}, nil},
		{"every OPTIONS, of whoever", stub{get: named, preflight: named + "Access-Control-Allow-Methods: GET\n", answers: func(r *http.Request, h http.Header) int {
			if r.Method != http.MethodOptions || r.Header["Access-Control-Request-Method"] != nil {
				return 0
			}
			setLines(h, r, "Access-Control-Allow-Methods: GET\n")
			return http.StatusNoContent
		}}, asked{}, []string{"F43 low likely"}},

		{"echo of headers alone", stub{get: withCookies, preflight: withCookies + "Access-Control-Allow-Headers: {headers}\n"}, asked{}, []string{"F46 low proven"}},
		{"echo of both, without credentials", stub{get: named, preflight: named + "Access-Control-Allow-Methods: {method}\nAccess-Control-Allow-Headers: {headers}\n"}, asked{}, []string{"F46 low proven"}},
		{"many names are too many", stub{get: named, preflight: named, answers: toPreflights(func(r *http.Request, _ http.Header) int {
			if len(r.Header.Get("Access-Control-Request-Headers")) > 1000 {
				return http.StatusRequestHeaderFieldsTooLarge
			}
			return 0
		})}, asked{}, nil},
		{"many commas make it fail", stub{get: named, preflight: named, answers: toPreflights(func(r *http.Request, _ http.Header) int {
			if strings.Count(r.Header.Get("Access-Control-Request-Headers"), ",,") > 100 {
				return http.StatusInternalServerError
			}
			return 0
		})}, asked{}, []string{"F46 low proven"}},
	})
}

// TestTooWide: any method and any header is worse for strangers.
func TestTooWide(t *testing.T) {
	const echo = withCookies + "Access-Control-Allow-Methods: {method}\nAccess-Control-Allow-Headers: {headers}\n"
	hold(t, "F44", "F44", []verdict{
		{"for the app", stub{get: withCookies, preflight: echo}, asked{}, []string{"F44 low proven"}},
		{"for strangers", stub{trusts: everybody, get: withCookies, preflight: echo}, asked{}, []string{"F44 medium proven"}},
	})
}

// TestWrites: a write is told of if it is the user's, and could have been refused.
func TestWrites(t *testing.T) {
	post := func(status func(r *http.Request) int) func(*http.Request, http.Header) int {
		return func(r *http.Request, _ http.Header) int {
			if r.Method != http.MethodPost && r.Method != http.MethodPut {
				return 0
			}
			if _, err := r.Cookie("sid"); err != nil {
				return http.StatusUnauthorized
			}
			return status(r)
		}
	}
	always := func(*http.Request) int { return http.StatusNoContent }
	forms := post(func(r *http.Request) int {
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
			return http.StatusOK
		}
		return http.StatusUnsupportedMediaType
	})
	guard := post(func(r *http.Request) int {
		if r.Header.Get("Origin") != api || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			return http.StatusForbidden
		}
		return http.StatusOK
	})
	const json = withCookies + "Access-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: content-type\n"
	bold := asked{known: true, writes: true}
	hold(t, "F30", "F32", []verdict{
		{"whatever comes", stub{get: withCookies, preflight: json, user: "cookie", answers: post(always)}, bold, []string{"F30 critical proven"}},
		{"whatever comes, not to be tried", stub{get: withCookies, preflight: json, user: "cookie", answers: post(always)}, asked{known: true}, nil},
		{"forms", stub{get: withCookies, preflight: json, user: "cookie", answers: forms}, bold, []string{"F30 critical proven"}},
		{"by whoever likes", stub{get: withCookies, preflight: json, answers: func(r *http.Request, _ http.Header) int {
			if r.Method == http.MethodPost {
				return http.StatusOK
			}
			return 0
		}}, bold, nil},
		{"the own origin alone", stub{get: withCookies, preflight: json, user: "cookie", answers: guard}, bold, []string{"F32 broken proven"}},
		{"the own origin alone, by the preflight too", stub{get: withCookies, preflight: withCookies, user: "cookie", answers: guard}, bold, nil},

		{"a header of one's own, for all", stub{trusts: everybody, get: withCookies, preflight: withCookies + "Access-Control-Allow-Headers: x-requested-with\n"}, asked{known: true}, []string{"F31 low proven"}},
		{"a header of one's own, for the app", stub{get: withCookies, preflight: withCookies + "Access-Control-Allow-Headers: x-requested-with\n"}, asked{known: true}, nil},
		{"a header of one's own, for all, without credentials", stub{trusts: everybody, get: named, preflight: named + "Access-Control-Allow-Headers: x-requested-with\n"}, asked{known: true}, nil},
	})
}
