package browsers

import (
	"strings"

	"github.com/corsfetch/corsfetch/conformance"
)

// A pageStep is a step as the page's script takes it: with everything spelled
// out. Names that fetch() takes as they are go to Init.
type pageStep struct {
	Kind string `json:"kind"` // what runs it: "sleep", "cookie", "fetch" or another via
	In   string `json:"in"`

	Sleep  int    `json:"sleep,omitempty"`
	Cookie string `json:"cookie,omitempty"`

	URL         string         `json:"url,omitempty"`
	Blob        bool           `json:"blob,omitempty"`
	Init        map[string]any `json:"init"`
	Headers     [][2]string    `json:"headers,omitempty"`
	Body        *string        `json:"body,omitempty"`
	BodyType    string         `json:"bodyType"`
	Timing      bool           `json:"timing,omitempty"`
	Upload      bool           `json:"upload,omitempty"`
	Timeout     int            `json:"timeout,omitempty"`
	Abort       int            `json:"abort,omitempty"`
	Crossorigin *string        `json:"crossorigin,omitempty"`
	Module      bool           `json:"module,omitempty"`
}

// pageSteps returns the steps of web's scenario for its page.
func pageSteps(web *conformance.Web) []pageStep {
	steps := make([]pageStep, len(web.Scenario.Steps))
	for i := range steps {
		steps[i] = newPageStep(web, &web.Scenario.Steps[i])
	}
	return steps
}

func newPageStep(web *conformance.Web, s *conformance.Step) pageStep {
	p := pageStep{
		In: web.Scenario.Context(s), Sleep: s.Sleep, Cookie: web.Resolve(s.Cookie), URL: web.URL(s.Fetch), Blob: s.Blob, BodyType: s.BodyType,
		Init: make(map[string]any), Timing: s.Timing, Upload: s.Upload, Timeout: s.Timeout, Abort: s.Abort, Crossorigin: s.Crossorigin, Module: s.Module,
	}
	switch {
	case s.Sleep > 0:
		p.Kind = "sleep"
	case s.Cookie != "":
		p.Kind = "cookie"
	case s.Via == "":
		p.Kind = "fetch"
	default:
		p.Kind = s.Via
	}
	for name, value := range map[string]string{
		"method": s.Method, "mode": s.Mode, "credentials": s.Credentials, "redirect": s.Redirect, "cache": s.Cache,
		"referrerPolicy": s.ReferrerPolicy, "integrity": s.Integrity, "targetAddressSpace": s.TargetAddressSpace,
	} {
		if value != "" {
			p.Init[name] = value
		}
	}
	if s.Referrer != nil {
		p.Init["referrer"] = web.URL(*s.Referrer)
	}
	if s.Keepalive {
		p.Init["keepalive"] = true
	}
	web.HeaderLines(s, func(name, value string) {
		p.Headers = append(p.Headers, [2]string{name, conformance.IsomorphicDecode(value)})
	})
	if s.Body != nil {
		body := strings.Repeat(*s.Body, max(s.Repeat, 1))
		p.Body = &body
	}
	return p
}
