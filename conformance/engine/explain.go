package engine

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// Explain returns a function that says why the engine is known to differ from a
// browser as it does, or "", for scenarios that [Known] does not know by name. It
// fits [conformance.Options], and may be called concurrently. A browser that is
// not known explains nothing.
func Explain(browser string) func(*conformance.Scenario, conformance.Difference) string {
	return func(s *conformance.Scenario, d conformance.Difference) string {
		if d.Step < 1 || d.Step > len(s.Steps) {
			return "" // a recording of more steps than there are
		}
		x := &departure{s, &s.Steps[d.Step-1], d}
		for _, o := range oddities {
			if o.browser == browser && o.explains(x) {
				return o.reason
			}
		}
		return ""
	}
}

// A departure is a difference and the step that it is in. Got is the engine's,
// Want the browser's.
type departure struct {
	scenario *conformance.Scenario
	step     *conformance.Step
	conformance.Difference
}

// oddities are what browsers do and the engine cannot, and what shows it: where
// it happens, and what the two have there.
var oddities = []struct {
	browser  string
	reason   string
	explains func(*departure) bool
}{
	{"firefox", "Firefox minds an empty Access-Control-Allow-Origin only beside one that is spelled like it; net/http does not say how they were spelled",
		func(x *departure) bool {
			return x.goesOn() && x.mayMeet(func(r *conformance.Rule) bool { return isSpelledTwoWays(r.Headers, "Access-Control-Allow-Origin") })
		}},
	{"firefox", "Firefox holds neither workers nor data: documents to the embedder policy of the tab's page",
		func(x *departure) bool {
			context := x.scenario.Context(x.step)
			return x.goesOn() && (context == "worker" || context == "data") && x.step.Mode == "no-cors" && embedderPolicy(x.scenario.Page.Headers) != ""
		}},
	{"firefox", "Firefox remembers what it told a site if that has answered with a Referrer-Policy",
		func(x *departure) bool {
			return x.isHeader("referer") && x.isAfterRedirect("Referrer-Policy") && isOfOneOrigin(x.Got, x.Want)
		}},
	{"firefox", longHead,
		func(x *departure) bool {
			stays := func(r *conformance.Rule) bool {
				return r.Status == http.StatusMisdirectedRequest && r.Body != nil && *r.Body != "" && valuesOf(r.Headers, "Connection") == nil
			}
			return x.step.Method == http.MethodHead && x.hangs() && x.mayMeet(stays)
		}},
	{"firefox", shortNoCORS,
		func(x *departure) bool {
			return x.step.Mode == "no-cors" && x.fails() && x.mayMeet(func(r *conformance.Rule) bool {
				return valuesOf(r.Headers, "Content-Length") != nil && valuesOf(r.Headers, "Connection") != nil && (r.Status == 0 || r.Status/100 == 2)
			})
		}},
	{"firefox", "Firefox hands mailto: to another program, and tells a data: document in mode no-cors neither this nor anything else",
		func(x *departure) bool {
			falls := x.What == "number of steps" || x.What == "outcome" && x.Got == "rejected" && x.Want == "timeout" || x.What == "error" && x.Want == ""
			return falls && x.scenario.Context(x.step) == "data" && x.step.Mode == "no-cors" && x.mayMeet(func(r *conformance.Rule) bool {
				return isRedirect(r) && slices.ContainsFunc(valuesOf(r.Headers, "Location"), func(to string) bool { return strings.HasPrefix(strings.TrimSpace(to), "mailto:") })
			})
		}},
	{"webkit", "WebKit checks a redirect to yet another origin after the preflight there, and as if it included credentials, where the fetch began at home",
		func(x *departure) bool {
			last := x.Want[strings.LastIndex(x.Want, ", ")+1:]
			stops := x.What == "requests" && strings.HasPrefix(x.Got, x.Want+", ") && strings.HasPrefix(last, " OPTIONS ")
			home := x.scenario.Page.Origin
			if alias, isFrame := strings.CutPrefix(x.scenario.Context(x.step), "frame:"); isFrame {
				home = alias
			}
			return (stops || x.fails()) && (x.step.Credentials == "" || x.step.Credentials == "same-origin") && strings.HasPrefix(x.step.Fetch, home+"/") &&
				x.mayMeet(func(r *conformance.Rule) bool {
					return isRedirect(r) && valuesOf(r.Headers, "Access-Control-Allow-Origin") != nil && valuesOf(r.Headers, "Access-Control-Allow-Credentials") == nil
				})
		}},
	{"webkit", "WebKit leaves the headers of a cache mode out for the one hop that comes from another origin",
		func(x *departure) bool {
			revalidates := x.step.Cache == "no-cache" && x.isHeader("cache-control") && x.Want == `"max-age=0"`
			reloads := (x.step.Cache == "reload" || x.step.Cache == "no-store") && (x.isHeader("cache-control") || x.isHeader("pragma")) && x.Want == `"no-cache"`
			return (revalidates || reloads) && x.Got == "absent" && x.isAfterRedirect("Location")
		}},
	{"webkit", "WebKit says of a preflight with Origin: null that it is cross-site",
		func(x *departure) bool {
			return x.isHeader("sec-fetch-site") && (x.Got == `"same-site"` || x.Got == `"same-origin"`) && x.Want == `"cross-site"` &&
				(x.step.Mode == "" || x.step.Mode == "cors") && x.isAfterRedirect("Location")
		}},
	{"webkit", decodedEscapes,
		func(x *departure) bool {
			return (x.What == "requests" || x.What == "url") && withoutEscapes(x.Got) == x.Want
		}},
	{"chromium", "Chromium sends no stream over HTTP/1.1; net/http does not say before what a connection over https speaks",
		func(x *departure) bool {
			return x.What == "requests" && x.Want == "" && x.step.BodyType == "stream" && strings.HasPrefix(x.Got, x.step.Method+" ") && !strings.Contains(x.Got, ", ")
		}},
	{"chromium", "Chromium sends a request that was misdirected again with the cookies that it had",
		func(x *departure) bool {
			return x.isHeader("cookie") && x.mayMeet(func(r *conformance.Rule) bool {
				return r.Status == http.StatusMisdirectedRequest && slices.ContainsFunc(valuesOf(r.Headers, "Set-Cookie"), func(cookie string) bool {
					pair, _, _ := strings.Cut(strings.TrimSpace(cookie), ";")
					return strings.Contains(x.Got, pair) && !strings.Contains(x.Want, pair)
				})
			})
		}},
	{"webkit", "WebKit says no length of an empty Blob but with POST and PUT; package fetch does not know a Blob from a string",
		func(x *departure) bool {
			method := strings.ToUpper(x.step.Method)
			return x.isHeader("content-length") && x.Got == `"0"` && x.Want == "absent" && method != "POST" && method != "PUT" &&
				strings.HasPrefix(x.step.BodyType, "blob:") && *x.step.Body == ""
		}},
	{"webkit", "libsoup keeps a cookie with neither name nor value, and sends an empty Cookie header for it alone",
		func(x *departure) bool {
			return x.isHeader("cookie") && x.Got == "absent" && x.Want == `""`
		}},
	{"webkit", unlimitedCookies,
		func(x *departure) bool {
			return x.isHeader("cookie") && setsLongCookie(x.scenario)
		}},
	{"webkit", "WebKit looks for a user in Location before a preflight only if the hop needs none",
		func(x *departure) bool {
			return x.What == "requests" && strings.HasPrefix(x.Want, x.Got+", OPTIONS ") && x.mayMeet(func(r *conformance.Rule) bool {
				return slices.ContainsFunc(valuesOf(r.Headers, "Location"), func(location string) bool { return strings.Contains(location, "@{") })
			})
		}},
}

// mayMeet reports whether one of the rules that may answer the step, or where its
// redirects lead to, is such.
func (x *departure) mayMeet(is func(*conformance.Rule) bool) bool {
	return slices.ContainsFunc(answersTo(x.scenario, x.step), is)
}

// goesOn reports whether the browser has got on where the engine stopped.
func (x *departure) goesOn() bool {
	switch x.What {
	case "outcome":
		return x.Got == "rejected" && x.Want == "resolved"
	case "error":
		return x.Got == "TypeError" && x.Want == ""
	case "response":
		return x.Got == "false" && x.Want == "true"
	case "requests":
		return x.Got != "" && strings.HasPrefix(x.Want, x.Got+", ")
	}
	return false
}

// setsLongCookie reports whether a server sets a cookie whose name and value have
// more than 4096 bytes.
func setsLongCookie(s *conformance.Scenario) bool {
	isLong := func(setCookie string) bool {
		pair, _, _ := strings.Cut(setCookie, ";")
		return len(pair) > 4096+len("=")
	}
	for _, visited := range s.Cookies {
		if slices.ContainsFunc(visited, isLong) {
			return true
		}
	}
	for _, rules := range s.Server {
		for _, r := range rules {
			if slices.ContainsFunc(valuesOf(r.Headers, "Set-Cookie"), func(value string) bool { return isLong(strings.TrimSpace(value)) }) {
				return true
			}
		}
	}
	return false
}

// fails reports whether the browser has failed where the engine did not.
func (x *departure) fails() bool {
	switch x.What {
	case "outcome":
		return x.Got == "resolved" && x.Want == "rejected"
	case "error":
		return x.Got == "" && x.Want == "TypeError"
	case "response":
		return x.Got == "true" && x.Want == "false"
	}
	return false
}

// hangs reports whether the browser has not come to an end where the engine did,
// or not begun, as it waits for a step before.
func (x *departure) hangs() bool {
	switch x.What {
	case "outcome":
		return x.Got == "resolved" && x.Want == "timeout"
	case "response":
		return x.Got == "true" && x.Want == "false"
	case "requests":
		return x.Got != "" && x.Want == ""
	}
	return false
}

// isHeader reports whether the departure is in a header of a request.
func (x *departure) isHeader(name string) bool {
	request, what, _ := strings.Cut(x.What, ", ")
	return strings.HasPrefix(request, "request ") && what == name
}

// isAfterRedirect reports whether it is not in the first request, and there may
// have been a redirect with a header.
func (x *departure) isAfterRedirect(header string) bool {
	return !strings.HasPrefix(x.What, "request 1, ") && x.mayMeet(func(r *conformance.Rule) bool {
		return isRedirect(r) && valuesOf(r.Headers, header) != nil
	})
}

// isOfOneOrigin reports whether two values are URLs of the same origin.
func isOfOneOrigin(a, b string) bool {
	originA, _, isA := strings.Cut(a, "}/")
	originB, _, isB := strings.Cut(b, "}/")
	return isA && isB && originA == originB
}

// isSpelledTwoWays reports whether there are lines of a header that spell it
// differently, one of them empty.
func isSpelledTwoWays(lines []string, name string) bool {
	spellings, empty := make(map[string]bool), false
	for _, line := range lines {
		if n, value, _ := strings.Cut(line, ":"); strings.EqualFold(n, name) {
			spellings[n] = true
			empty = empty || strings.TrimSpace(value) == ""
		}
	}
	return empty && len(spellings) > 1
}

// escaped is a letter or a digit that is escaped.
var escaped = regexp.MustCompile(`%(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])`)

// withoutEscapes returns URLs with letters and digits as they are.
func withoutEscapes(urls string) string {
	return escaped.ReplaceAllStringFunc(urls, func(escape string) string {
		code, _ := strconv.ParseUint(escape[1:], 16, 8)
		return string(rune(code))
	})
}
