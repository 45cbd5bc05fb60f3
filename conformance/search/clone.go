package search

import (
	"maps"
	"slices"

	"github.com/corsfetch/corsfetch/conformance"
)

// Clone returns a copy of s that shares nothing with it.
func Clone(s *conformance.Scenario) *conformance.Scenario {
	c := *s
	c.Points = slices.Clone(s.Points)
	c.Page.Headers = slices.Clone(s.Page.Headers)
	c.Cookies = maps.Clone(s.Cookies)
	for alias, values := range c.Cookies {
		c.Cookies[alias] = slices.Clone(values)
	}
	c.Server = maps.Clone(s.Server)
	for place, rules := range c.Server {
		c.Server[place] = slices.Clone(rules)
		for i := range rules {
			c.Server[place][i] = cloneRule(&rules[i])
		}
	}
	c.Steps = slices.Clone(s.Steps)
	for i := range s.Steps {
		c.Steps[i] = cloneStep(&s.Steps[i])
	}
	return &c
}

func cloneRule(r *conformance.Rule) conformance.Rule {
	c := *r
	c.Reason, c.Body = clonePointer(r.Reason), clonePointer(r.Body)
	c.Headers = slices.Clone(r.Headers)
	return c
}

func cloneStep(s *conformance.Step) conformance.Step {
	c := *s
	c.Body, c.Referrer, c.Crossorigin = clonePointer(s.Body), clonePointer(s.Referrer), clonePointer(s.Crossorigin)
	c.Headers, c.Wire = slices.Clone(s.Headers), slices.Clone(s.Wire)
	return c
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}
