package conformance

import (
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The values that the members of a step may have besides "".
var (
	bodyTypes        = []string{"text", "bytes", "urlencoded", "formdata", "stream"}
	contexts         = []string{"top", "worker", "sandbox", "data"}
	modes            = []string{"cors", "no-cors", "same-origin", "navigate"}
	credentialsModes = []string{"same-origin", "include", "omit"}
	redirectModes    = []string{"follow", "error", "manual"}
	cacheModes       = []string{"default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"}
	referrerPolicies = []string{"no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
		"origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url"}
	addressSpaces = []string{"public", "local", "loopback"}
	crossorigins  = []string{"anonymous", "use-credentials"}
)

// viaMembers are the members of a step that each via takes, besides those that
// every step does.
var viaMembers = map[string][]string{
	"fetch": {"blob", "method", "headers", "body", "bodyType", "repeat", "mode", "credentials", "redirect", "cache", "referrer",
		"referrerPolicy", "integrity", "keepalive", "targetAddressSpace", "timing"},
	"xhr":         {"blob", "method", "headers", "body", "bodyType", "repeat", "credentials", "upload", "timeout", "abort", "timing"},
	"img":         {"blob", "crossorigin", "referrerPolicy", "timing"},
	"script":      {"blob", "crossorigin", "integrity", "module", "referrerPolicy", "timing"},
	"style":       {"blob", "crossorigin", "integrity", "referrerPolicy", "timing"},
	"font":        {"blob", "timing"},
	"video":       {"blob", "crossorigin", "timing"},
	"beacon":      {"body", "bodyType", "repeat", "timing"},
	"eventsource": {"blob", "credentials", "timing"},
}

func (s *Scenario) check(report func(err error, path ...string)) {
	if !validID.MatchString(s.ID) {
		report(fmt.Errorf("%q is not an id of letters, digits, \"-\" and \"_\"", s.ID), "id")
	}
	if len(s.Steps) == 0 {
		report(errors.New("no steps"), "steps")
	}
	if s.Page.Origin != "" {
		report(checkAlias(s.Page.Origin), "page", "origin")
	}
	for _, alias := range sortedKeys(s.Cookies) {
		report(checkAlias(alias), "cookies", alias)
	}
	for _, place := range sortedKeys(s.Logins) {
		report(checkPlace(place), "logins", place)
	}
	for _, place := range sortedKeys(s.Server) {
		report(checkPlace(place), "server", place)
	}
}

func checkPlace(place string) error {
	alias, _, ok := strings.Cut(place, "/")
	if !ok || strings.ContainsAny(place, "?#") {
		return fmt.Errorf("%q is not an alias and a path", place)
	}
	return checkAlias(alias)
}

// validID keeps ids fit for names of tests and for the command line.
var validID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

func (p *Page) check(report func(err error, path ...string)) {
	report(checkContext(p.Context), "context")
	checkLines(p.Headers, report)
}

func (r *Rule) check(report func(err error, path ...string)) {
	for _, method := range strings.Fields(r.On) {
		if strings.ContainsAny(method, ",;:") {
			report(fmt.Errorf("%q is not a method", method), "on")
		}
	}
	if r.Status != 0 && (r.Status < 100 || r.Status > 999) {
		report(fmt.Errorf("%d is not a status", r.Status), "status")
	}
	if r.Times < 0 {
		report(errors.New("less than 0"), "times")
	}
	report(checkTime(r.Delay), "delay")
	checkLines(r.Headers, report)
	if r.Body != nil {
		report(checkNames(*r.Body), "body")
	}
	if r.File != "" {
		if _, ok := File(r.File); !ok {
			report(fmt.Errorf("unknown file %q", r.File), "file")
		}
		if r.Body != nil {
			report(errors.New("both a body and a file"))
		}
	}
}

func (s *Step) check(report func(err error, path ...string)) {
	kinds := 0
	for _, is := range []bool{s.Fetch != "", s.Cookie != "", s.Sleep != 0} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		report(errors.New("a step is a fetch, a cookie or a sleep"))
		return
	}
	report(checkTime(s.Sleep), "sleep")
	report(checkContext(s.In), "in")
	checkLines(s.Headers, report)
	report(checkNames(s.Fetch), "fetch")
	if s.Via != "fetch" {
		report(checkOneOf(s.Via, Vias()), "via")
	}
	if !strings.HasPrefix(s.BodyType, "blob:") {
		report(checkOneOf(s.BodyType, bodyTypes), "bodyType")
	}
	report(checkOneOf(s.Mode, modes), "mode")
	report(checkOneOf(s.Credentials, credentialsModes), "credentials")
	report(checkOneOf(s.Redirect, redirectModes), "redirect")
	report(checkOneOf(s.Cache, cacheModes), "cache")
	report(checkOneOf(s.ReferrerPolicy, referrerPolicies), "referrerPolicy")
	report(checkOneOf(s.TargetAddressSpace, addressSpaces), "targetAddressSpace")
	if s.Crossorigin != nil {
		report(checkOneOf(*s.Crossorigin, crossorigins), "crossorigin")
	}
	s.checkMembers(report)
	if s.Expect != "" {
		_, err := ParseExpectation(s.Expect)
		report(err, "expect")
	}
	for i, text := range s.Wire {
		_, err := ParseWireCheck(text)
		report(err, "wire", strconv.Itoa(i))
	}
}

// checkMembers reports members that what the step does has no use for.
func (s *Step) checkMembers(report func(err error, path ...string)) {
	via := s.Via
	switch {
	case s.Fetch == "":
		via = "none"
	case via == "":
		via = "fetch"
	}
	allowed, known := viaMembers[via]
	if !known && via != "none" {
		return // an unknown via, which is reported already
	}
	for key, given := range map[string]bool{
		"blob": s.Blob, "method": s.Method != "", "headers": s.Headers != nil, "body": s.Body != nil, "bodyType": s.BodyType != "",
		"repeat": s.Repeat != 0, "mode": s.Mode != "", "credentials": s.Credentials != "", "redirect": s.Redirect != "", "cache": s.Cache != "",
		"referrer": s.Referrer != nil, "referrerPolicy": s.ReferrerPolicy != "", "integrity": s.Integrity != "", "keepalive": s.Keepalive,
		"targetAddressSpace": s.TargetAddressSpace != "",
		"timing":             s.Timing, "upload": s.Upload, "timeout": s.Timeout != 0, "abort": s.Abort != 0, "crossorigin": s.Crossorigin != nil,
		"module": s.Module, "expect": s.Expect != "", "wire": s.Wire != nil, "via": s.Via != "",
	} {
		always := s.Fetch != "" && slices.Contains([]string{"expect", "wire", "via"}, key)
		if given && !always && !slices.Contains(allowed, key) {
			report(fmt.Errorf("of no use here (%s)", via), key)
		}
	}
	if context, _, _ := strings.Cut(s.In, ":"); context == "worker" && via != "fetch" && via != "xhr" && via != "none" {
		report(fmt.Errorf("a worker has no %s", via), "via")
	}
	report(checkTime(s.Timeout), "timeout")
	report(checkTime(s.Abort), "abort")
	if s.Repeat < 0 {
		report(errors.New("less than 0"), "repeat")
	}
	if s.Body != nil && s.Repeat > maxBody/max(len(*s.Body), 1) {
		report(fmt.Errorf("a body of more than %d bytes", maxBody), "repeat")
	}
	if s.Body == nil && (s.BodyType != "" || s.Repeat != 0) {
		report(errors.New("a bodyType or repeat without a body"))
	}
}

func checkOneOf(value string, known []string) error {
	if value != "" && !slices.Contains(known, value) {
		return fmt.Errorf("unknown value %q", value)
	}
	return nil
}

// maxTime is what a timer of a page can take, and then some.
const maxTime = 1_000_000_000 // ms

func checkTime(ms int) error {
	if ms < 0 || ms > maxTime {
		return fmt.Errorf("%d is not from 0 to %d ms", ms, maxTime)
	}
	return nil
}

func checkAlias(alias string) error {
	if _, ok := sites[alias]; !ok {
		return fmt.Errorf("unknown alias %q", alias)
	}
	return nil
}

func checkContext(context string) error {
	if alias, ok := strings.CutPrefix(context, "frame:"); ok {
		return checkAlias(alias)
	}
	return checkOneOf(context, contexts)
}

func checkLines(lines []string, report func(err error, path ...string)) {
	for i, line := range lines {
		at := []string{"headers", strconv.Itoa(i)}
		if name, _, ok := strings.Cut(line, ":"); !ok || name == "" {
			report(fmt.Errorf("%q is no header line", line), at...)
		}
		if strings.ContainsAny(line, "\r\n") {
			report(fmt.Errorf("%q is more than a line", line), at...)
		}
		report(checkNames(line), at...)
	}
}

// substitution is what a name in braces looks like. Other braces are text.
var substitution = regexp.MustCompile(`\{([A-Za-z0-9]+)(\.[a-z]+)?\}|\{base64:([a-z]+)\}`)

// checkNames reports a substitution that stands for nothing.
func checkNames(text string) error {
	for _, m := range substitution.FindAllStringSubmatch(text, -1) {
		switch m[0] {
		case "{origin}", "{acrm}", "{acrh}", "{n}":
			continue
		}
		if name := m[3]; name != "" {
			if _, ok := File(name); !ok {
				return fmt.Errorf("unknown file %q", name)
			}
			continue
		}
		if err := checkAlias(m[1]); err != nil {
			return err
		}
		if err := checkOneOf(m[2], []string{".host", ".hostname"}); err != nil {
			return err
		}
	}
	return nil
}

// fillFiles replaces "{base64:NAME}" by that file.
func fillFiles(text string) string {
	return substitution.ReplaceAllStringFunc(text, func(m string) string {
		name, ok := strings.CutPrefix(strings.Trim(m, "{}"), "base64:")
		if !ok {
			return m
		}
		body, _ := File(name)
		return base64.StdEncoding.EncodeToString(body)
	})
}
