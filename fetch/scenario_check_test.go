package fetch_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The values that the enumerations of a step may have.
var (
	scenarioBodyTypes        = []string{"", "text", "bytes", "urlencoded", "formdata", "stream"}
	scenarioContexts         = []string{"", "top", "worker", "sandbox", "data"}
	scenarioModes            = []string{"", "cors", "no-cors", "same-origin", "navigate"}
	scenarioCredentials      = []string{"", "same-origin", "include", "omit"}
	scenarioRedirects        = []string{"", "follow", "error", "manual"}
	scenarioCaches           = []string{"", "default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"}
	scenarioReferrerPolicies = []string{"", "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
		"origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url"}
)

// check reports the first value in s that this test does not know.
func (s *scenario) check() error {
	errs := []error{checkAlias(s.Page.Origin), checkLines(s.Page.Headers)}
	if s.ID == "" || len(s.Steps) == 0 {
		errs = append(errs, errors.New("no id or no steps"))
	}
	for alias := range s.Cookies {
		errs = append(errs, checkAlias(alias))
	}
	for place, rules := range s.Server {
		alias, _, _ := strings.Cut(place, "/")
		errs = append(errs, checkAlias(alias))
		for i := range rules {
			errs = append(errs, checkLines(rules[i].Headers), checkNames(rules[i].Headers...))
			if body := rules[i].Body; body != nil {
				errs = append(errs, checkNames(*body))
			}
		}
	}
	for i := range s.Steps {
		errs = append(errs, s.Steps[i].check())
	}
	return errors.Join(errs...)
}

func (s *scenarioStep) check() error {
	if s.Fetch == "" {
		if s.Sleep <= 0 {
			return errors.New("a step that is neither a fetch nor a sleep")
		}
		return nil
	}
	errs := []error{
		checkLines(s.Headers),
		checkNames(s.Fetch),
		checkOneOf("mode", s.Mode, scenarioModes),
		checkOneOf("credentials", s.Credentials, scenarioCredentials),
		checkOneOf("redirect", s.Redirect, scenarioRedirects),
		checkOneOf("cache", s.Cache, scenarioCaches),
		checkOneOf("referrerPolicy", s.ReferrerPolicy, scenarioReferrerPolicies),
	}
	if alias, ok := strings.CutPrefix(s.In, "frame:"); ok {
		errs = append(errs, checkAlias(alias))
	} else {
		errs = append(errs, checkOneOf("in", s.In, scenarioContexts))
	}
	if !strings.HasPrefix(s.BodyType, "blob:") {
		errs = append(errs, checkOneOf("bodyType", s.BodyType, scenarioBodyTypes))
	}
	if s.Expect != nil {
		_, err := parseExpectation(*s.Expect)
		errs = append(errs, err)
	}
	for _, w := range s.Wire {
		_, err := parseWireCheck(w)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func checkOneOf(key, value string, known []string) error {
	if !slices.Contains(known, value) {
		return fmt.Errorf("%s: unknown value %q", key, value)
	}
	return nil
}

func checkAlias(alias string) error {
	if _, ok := pretendSites[alias]; !ok {
		return fmt.Errorf("unknown alias %q", alias)
	}
	return nil
}

func checkLines(lines []string) error {
	for _, line := range lines {
		if name, _, ok := strings.Cut(line, ":"); !ok || name == "" {
			return fmt.Errorf("%q is no header line", line)
		}
	}
	return nil
}

// scenarioName is what a substitution looks like. Other braces are text.
var scenarioName = regexp.MustCompile(`\{([A-Za-z0-9]+)(\.[a-z]+)?\}`)

// checkNames reports a substitution that stands for nothing.
func checkNames(texts ...string) error {
	for _, text := range texts {
		for _, m := range scenarioName.FindAllStringSubmatch(text, -1) {
			switch m[0] {
			case "{origin}", "{acrm}", "{acrh}", "{n}":
				continue
			}
			if err := checkAlias(m[1]); err != nil {
				return err
			}
			if err := checkOneOf(m[0], m[2], []string{"", ".host", ".hostname"}); err != nil {
				return err
			}
		}
	}
	return nil
}

// An expectation is what the standards say a step leads to.
type expectation struct {
	methods []string // on the wire
	kind    string   // the response type; "" if the fetch is rejected
	status  int
	names   []string // the headers that a script sees, if listed
	listed  bool
}

// parseExpectation reads "METHODS => TYPE STATUS [names]" or "METHODS =>
// TypeError".
func parseExpectation(s string) (expectation, error) {
	methods, rest, ok := strings.Cut(s, "=>")
	if !ok {
		return expectation{}, fmt.Errorf("expect: no => in %q", s)
	}
	e := expectation{methods: strings.Fields(methods)}
	rest, list, listed := strings.Cut(strings.TrimSpace(rest), "[")
	if listed {
		list, ok = strings.CutSuffix(list, "]")
		if !ok {
			return e, fmt.Errorf("expect: no ] in %q", s)
		}
		e.names, e.listed = strings.Fields(list), true
	}
	words := strings.Fields(rest)
	if len(words) == 1 && words[0] == "TypeError" && !listed {
		return e, nil
	}
	if len(words) != 2 || checkOneOf("type", words[0], []string{"basic", "cors", "opaque", "opaqueredirect"}) != nil {
		return e, fmt.Errorf("expect: unknown outcome in %q", s)
	}
	var err error
	e.kind = words[0]
	e.status, err = strconv.Atoi(words[1])
	return e, err
}

// A wireCheck is what the standards say of one header of one request.
type wireCheck struct {
	request     int // from 1
	name, value string
	absent      bool
}

// parseWireCheck reads "2 Name: value" or "2 !Name".
func parseWireCheck(s string) (wireCheck, error) {
	n, what, _ := strings.Cut(s, " ")
	request, err := strconv.Atoi(n)
	if err != nil || request < 1 {
		return wireCheck{}, fmt.Errorf("wire: no number of a request in %q", s)
	}
	if name, ok := strings.CutPrefix(what, "!"); ok {
		return wireCheck{request: request, name: name, absent: true}, nil
	}
	name, value, ok := strings.Cut(what, ": ")
	if !ok {
		return wireCheck{}, fmt.Errorf("wire: neither Name: value nor !Name in %q", s)
	}
	return wireCheck{request: request, name: name, value: value}, nil
}
