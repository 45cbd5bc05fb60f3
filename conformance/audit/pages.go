package audit

import (
	"iter"
	"slices"

	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/origin"
)

// hostile are adversaries, and those who are trusted by whom they are made.
type hostile struct {
	trusted []string
	classes []policy.Class
	pages   []string
}

// adversaries are those of the resource and the trusted pages.
func (p *prober) adversaries() iter.Seq2[policy.Class, string] {
	h := &p.hostile
	if h.pages == nil || !slices.Equal(h.trusted, p.trusted) {
		*h = hostile{trusted: p.trusted}
		for class, page := range policy.Adversaries(p.subject.Request.URL, p.trusted...) {
			h.classes, h.pages = append(h.classes, class), append(h.pages, page)
		}
	}
	classes, pages := h.classes, h.pages
	return func(yield func(policy.Class, string) bool) {
		for i, page := range pages {
			if !yield(classes[i], page) {
				return
			}
		}
	}
}

// strangers are two pages that have nothing to do with each other, the resource
// or the trusted pages.
func (p *prober) strangers() [2]string {
	var found [2]string
	n := 0
	for class, page := range p.adversaries() {
		if class == policy.Stranger && n < len(found) {
			found[n] = page
			n++
		}
	}
	return found
}

// stranger is the first of strangers.
func (p *prober) stranger() string { return p.strangers()[0] }

// readByAnyone reports whether two strangers can read, with credentials by mode.
func (p *prober) readByAnyone(mode fetch.CredentialsMode) bool {
	for _, page := range p.strangers() {
		if !canRead(p.get(page, mode)) {
			return false
		}
	}
	return true
}

// app is the page that is meant to use the resource, by the best that is known: a
// trusted one or, if anybody may read, a stranger. "" is that there is none.
func (p *prober) app() string {
	if len(p.trusted) > 0 {
		return p.trusted[0]
	}
	if _, got := p.read(p.stranger()); canRead(got) {
		return p.stranger()
	}
	return ""
}

// appMode is the credentials mode in which the app reads, if it does in one.
func (p *prober) appMode() fetch.CredentialsMode {
	mode, _ := p.read(p.app())
	return mode
}

// under is the prober with the browser of a profile. Its web is to be closed.
func (p *prober) under(profile *fetch.Profile) *prober {
	other := *p
	other.web = newWeb(&p.subject, p.guard)
	other.web.Browser.Profile = profile
	return &other
}

// isCrossSite reports whether a page is of another site than the resource.
func (p *prober) isCrossSite(page string) bool {
	o, err := origin.Parse(page)
	if err != nil {
		return true
	}
	return !origin.FromURL(p.url).SchemelesslySameSite(o)
}

// declared are the trusted pages that the subject names.
func (p *prober) declared() []string {
	if !p.isNamed {
		return nil
	}
	return p.trusted
}

// isForeign reports whether a page is of another site than the resource and all
// trusted pages.
func (p *prober) isForeign(page string) bool {
	o, err := origin.Parse(page)
	if err != nil {
		return true
	}
	return !slices.ContainsFunc(append([]string{p.origin}, p.trusted...), func(other string) bool {
		t, err := origin.Parse(other)
		return err == nil && t.SchemelesslySameSite(o)
	})
}

// readsClass reports whether a page of a class reads.
func (p *prober) readsClass(class policy.Class) bool {
	for found, page := range p.adversaries() {
		if found == class {
			if _, got := p.read(page); canRead(got) {
				return true
			}
		}
	}
	return false
}
