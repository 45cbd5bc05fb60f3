package audit_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

// tuned is a server that trusts app, and is right, but for what tune does to its
// answers. What tune returns, if it is not 0, is the status.
func tuned(tune func(r *http.Request, h http.Header) int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		isPreflight := r.Method == http.MethodOptions && r.Header["Access-Control-Request-Method"] != nil
		h.Set("Vary", "Origin")
		if r.Header.Get("Origin") == app {
			h.Set("Access-Control-Allow-Origin", app)
			h.Set("Access-Control-Allow-Credentials", "true")
			if isPreflight {
				h.Set("Access-Control-Allow-Methods", "PUT")
				h.Set("Access-Control-Allow-Headers", "Content-Type")
				h.Set("Access-Control-Max-Age", "600")
			}
		}
		status := http.StatusOK
		if isPreflight {
			status = http.StatusNoContent
		}
		if tune != nil {
			if s := tune(r, h); s != 0 {
				status = s
			}
		}
		w.WriteHeader(status)
	})
}

// found are the findings of a group, of which the ids are from first to last.
func found(t *testing.T, h http.Handler, first, last string, trusted ...string) []audit.Finding {
	t.Helper()
	w := fetchtest.New(fetchtest.Servers{api: h})
	defer w.Close()
	report, err := audit.Run(t.Context(), policy.Subject{Web: w, Request: fetchtest.Request{URL: api + "/orders"}, Trusted: trusted}, audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(report.Findings, func(f audit.Finding) bool { return f.ID < first || f.ID > last })
}

// idsOf are those of findings, sorted.
func idsOf(findings []audit.Finding) string {
	var ids []string
	for _, f := range findings {
		ids = append(ids, f.ID)
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// TestCaches: what a cache that honours Vary makes of answers is found if it does
// harm, and not where it does none.
func TestCaches(t *testing.T) {
	isPreflight := func(r *http.Request) bool { return r.Header["Access-Control-Request-Method"] != nil }
	set := func(name, value string) func(*http.Request, http.Header) int {
		return func(_ *http.Request, h http.Header) int {
			h[name] = nil
			if value != "" {
				h.Set(name, value)
			}
			return 0
		}
	}
	all := func(tunes ...func(*http.Request, http.Header) int) func(*http.Request, http.Header) int {
		return func(r *http.Request, h http.Header) (status int) {
			for _, tune := range tunes {
				status = max(status, tune(r, h))
			}
			return status
		}
	}
	everybody := func(_ *http.Request, h http.Header) int {
		h.Set("Access-Control-Allow-Origin", "*")
		h.Del("Access-Control-Allow-Credentials")
		return 0
	}
	refuses := func(status int) func(*http.Request, http.Header) int {
		return func(r *http.Request, _ http.Header) int {
			if o := r.Header.Get("Origin"); o != "" && o != app {
				return status
			}
			return 0
		}
	}
	forPreflights := func(tune func(*http.Request, http.Header) int) func(*http.Request, http.Header) int {
		return func(r *http.Request, h http.Header) int {
			if isPreflight(r) {
				return tune(r, h)
			}
			return 0
		}
	}
	for _, tt := range []struct {
		name string
		tune func(*http.Request, http.Header) int
		want string
	}{
		{"right", nil, ""},
		{"no Vary", set("Vary", ""), "F47"},
		{"Vary in lower case, among others", set("Vary", "accept-encoding , origin"), ""},
		{"Vary: *", set("Vary", "*"), ""},
		{"Vary: Origins", set("Vary", "Origins"), "F47"},
		{"no Vary, and nothing is kept", all(set("Vary", ""), set("Cache-Control", "no-store")), ""},
		{"no Vary, and kept for long", all(set("Vary", ""), set("Cache-Control", "max-age=600")), "F47"},
		{"one origin for all, without Vary", all(set("Vary", ""), set("Access-Control-Allow-Origin", app), set("Access-Control-Allow-Credentials", "true")), ""},
		{"everybody, without Vary", all(set("Vary", ""), everybody), ""},
		{"Vary for the allowed", func(r *http.Request, h http.Header) int {
			if r.Header.Get("Origin") != app {
				h.Del("Vary")
			}
			return 0
		}, "F48"},
		{"Vary for those with Origin", func(r *http.Request, h http.Header) int {
			if r.Header["Origin"] == nil {
				h.Del("Vary")
			}
			return 0
		}, "F48"},
		{"compressing sets Vary", func(r *http.Request, h http.Header) int {
			if r.Header.Get("Accept-Encoding") == "gzip" {
				h.Set("Vary", "Accept-Encoding")
			}
			return 0
		}, "F49"},
		{"compressing adds to Vary", func(r *http.Request, h http.Header) int {
			h.Add("Vary", "Accept-Encoding")
			return 0
		}, ""},
		{"Cookie is lost for pages", func(r *http.Request, h http.Header) int {
			if r.Header["Origin"] == nil {
				h.Add("Vary", "Cookie")
			}
			return 0
		}, "F49"},
		{"Origin is lost for pages", func(r *http.Request, h http.Header) int {
			if r.Header["Origin"] != nil {
				h.Set("Vary", "Cookie")
			}
			return 0
		}, "F49"},
		{"more is named for pages", func(r *http.Request, h http.Header) int {
			if r.Header["Origin"] != nil {
				h.Add("Vary", "Access-Control-Request-Method")
			}
			return 0
		}, ""},
		{"everybody, with Vary", everybody, "F50"},
		{"everybody who has an Origin, with Vary", func(r *http.Request, h http.Header) int {
			if r.Header["Origin"] != nil {
				return everybody(r, h)
			}
			return 0
		}, ""},
		{"everybody, and an error for some", all(everybody, refuses(http.StatusForbidden)), ""},
		{"no max-age", set("Access-Control-Max-Age", ""), "F51"},
		{"max-age 0", set("Access-Control-Max-Age", "0"), "F51"},
		{"max-age 5", set("Access-Control-Max-Age", "5"), "F51"},
		{"max-age 6", set("Access-Control-Max-Age", "6"), ""},
		{"max-age of a day", set("Access-Control-Max-Age", "86400"), ""},
		{"max-age of more than a day", set("Access-Control-Max-Age", "86401"), "F52"},
		{"max-age beyond int64", set("Access-Control-Max-Age", "99999999999999999999"), "F52"},
		{"max-age -1", set("Access-Control-Max-Age", "-1"), "F53"},
		{"max-age 600.0", set("Access-Control-Max-Age", "600.0"), "F53"},
		{"max-age twice", func(_ *http.Request, h http.Header) int {
			h["Access-Control-Max-Age"] = []string{"600", "600"}
			return 0
		}, "F53"},
		{"preflights kept by a CDN, with Vary", forPreflights(all(set("Cache-Control", "public"))), ""},
		{"preflights kept by a CDN, without Vary", forPreflights(all(set("Cache-Control", "public"), set("Vary", ""))), "F54"},
		{"preflights kept by browsers alone", forPreflights(all(set("Cache-Control", "max-age=60"), set("Vary", ""))), ""},
		{"preflights that a CDN has kept", forPreflights(all(set("X-Cache", "Hit from cloudfront"), set("Vary", ""))), "F54"},
		{"preflights that a CDN has not kept", forPreflights(all(set("X-Cache", "Miss from cloudfront"), set("Vary", ""))), ""},
		{"preflights that echo, kept by a CDN", forPreflights(func(r *http.Request, h http.Header) int {
			h.Set("Cache-Control", "s-maxage=60")
			h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
			return 0
		}), "F54"},
		{"preflights that are the same for all, kept by a CDN", all(everybody, set("Vary", ""), forPreflights(func(_ *http.Request, h http.Header) int {
			h.Set("Cache-Control", "public")
			h.Set("Access-Control-Allow-Methods", "PUT")
			h.Set("Access-Control-Allow-Headers", "Content-Type")
			h.Set("Access-Control-Max-Age", "600")
			return 0
		})), ""},
		{"refusals to be kept", all(refuses(http.StatusForbidden), func(r *http.Request, h http.Header) int {
			if r.Header["Origin"] != nil && r.Header.Get("Origin") != app {
				h.Del("Vary")
				h.Set("Cache-Control", "max-age=60")
			}
			return 0
		}), "F55"},
		{"refusals that caches keep by themselves", all(refuses(http.StatusNotFound), func(r *http.Request, h http.Header) int {
			if r.Header["Origin"] != nil && r.Header.Get("Origin") != app {
				h.Del("Vary")
			}
			return 0
		}), "F55"},
		{"refusals that vary", all(refuses(http.StatusForbidden), set("Cache-Control", "max-age=60")), ""},
		{"refusals that are not kept", all(refuses(http.StatusForbidden), func(r *http.Request, h http.Header) int {
			if r.Header["Origin"] != nil && r.Header.Get("Origin") != app {
				h.Del("Vary")
			}
			return 0
		}), ""},
		{"not found, for all", func(_ *http.Request, h http.Header) int {
			clear(h)
			return http.StatusNotFound
		}, ""},
		{"no CORS", func(_ *http.Request, h http.Header) int {
			clear(h)
			return 0
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, trusted := range [][]string{{app}, nil} {
				got := found(t, tuned(tt.tune), "F47", "F55", trusted...)
				want := tt.want
				if diff := cmp.Diff(want, idsOf(got)); diff != "" {
					t.Errorf("trusted %q (-want +got):\n%s\n%v", trusted, diff, got)
				}
			}
		})
	}
}

// TestCacheConfidence: that a cache keeps what does harm is the surer the more the
// server says for it.
func TestCacheConfidence(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		want        audit.Confidence
	}{
		{"Cache-Control", "public, max-age=600", audit.Proven},
		{"Expires", "Fri, 01 Jan 2100 00:00:00 GMT", audit.Proven},
		{"Last-Modified", "Sat, 01 Jan 2000 00:00:00 GMT", audit.Likely},
		{"Etag", `"1"`, audit.Hint},
	} {
		got := found(t, tuned(func(_ *http.Request, h http.Header) int {
			h.Del("Vary")
			h.Set(tt.name, tt.value)
			return 0
		}), "F47", "F48", app)
		if len(got) != 1 || got[0].Confidence != tt.want {
			t.Errorf("%s: got %v; want one that is %s", tt.name, got, tt.want)
		}
	}
}
