package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// OnlyTrusted holds if the trusted pages read the resource, each with credentials
// or without, and no page of [Adversaries] does.
func OnlyTrusted() Invariant {
	return Invariant{"only-trusted", func(s *Subject) *Violation {
		for _, page := range s.Trusted {
			if r, got := s.read(page); !reads(&got) {
				return &Violation{Why: page + " is trusted, and cannot read it", Page: page, Request: r, Result: got}
			}
		}
		return s.trusts(Classes())
	}}
}

// NeverTrusts holds if no page of the given classes of [Adversaries] reads the
// resource.
func NeverTrusts(classes ...Class) Invariant {
	names := make([]string, len(classes))
	for i, class := range classes {
		names[i] = string(class)
	}
	return Invariant{"never-trusts(" + strings.Join(names, ", ") + ")", func(s *Subject) *Violation { return s.trusts(classes) }}
}

// trusts returns how a page of one of the classes reads the resource: the
// shortest that there is of its kind. nil is that none does.
func (s *Subject) trusts(classes []Class) *Violation {
	classOf := make(map[string]Class)
	for class, page := range Adversaries(s.Request.URL, s.Trusted...) {
		classOf[page] = class
	}
	for class, page := range Adversaries(s.Request.URL, s.Trusted...) {
		if !slices.Contains(classes, class) {
			continue
		}
		if _, got := s.read(page); !reads(&got) {
			continue
		}
		isForeign := s.isForeign(page)
		page = shrink(page, func(page string) bool {
			if isForeign && !s.isForeign(page) {
				return false // it would be less of a mistake
			}
			if other, isOther := classOf[page]; isOther && other != class || slices.Contains(s.Trusted, page) || page == s.origin() {
				return false
			}
			_, got := s.read(page)
			return reads(&got)
		})
		r, got := s.read(page)
		return &Violation{Why: fmt.Sprintf("%s is not trusted (%s), and can read it", page, class), Page: page, Request: r, Result: got}
	}
	return nil
}

// isForeign reports whether a page is of another site than the resource and all
// trusted pages.
func (s *Subject) isForeign(page string) bool {
	o, err := origin.Parse(page)
	if err != nil {
		return true // "null"
	}
	return !slices.ContainsFunc(append([]string{s.origin()}, s.Trusted...), func(other string) bool {
		t, err := origin.Parse(other)
		return err == nil && t.SchemelesslySameSite(o)
	})
}

// shrink returns the shortest origin that comes of o, for which holds is true, by
// leaving out labels, letters and ports. It is true for o.
func shrink(o string, holds func(string) bool) string {
	for {
		smaller := slices.IndexFunc(reductions(o), holds)
		if smaller < 0 {
			return o
		}
		o = reductions(o)[smaller]
	}
}

// reductions are the origins that come of o by leaving out something, the
// shortest first.
func reductions(o string) []string {
	u, err := weburl.Parse(o, nil)
	if err != nil {
		return nil
	}
	parsed := origin.FromURL(u)
	at, host := parsed.Scheme()+"://", parsed.Host()
	var all []string
	add := func(s string) {
		if smaller := sendable(s); smaller != "" && len(smaller) < len(o) {
			all = append(all, smaller)
		}
	}
	port := strings.TrimPrefix(o, at+host)
	if port != "" {
		add(at + host)
	}
	labels := strings.Split(host, ".")
	for i, label := range labels {
		replaced := func(by ...string) string {
			return at + strings.Join(slices.Concat(labels[:i], by, labels[i+1:]), ".") + port
		}
		add(replaced())
		if len(label) > 1 {
			add(replaced(label[:len(label)/2]))
			add(replaced(label[len(label)/2:]))
			add(replaced(label[:len(label)-1]))
			add(replaced(label[1:]))
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return len(a) - len(b) })
	return all
}
