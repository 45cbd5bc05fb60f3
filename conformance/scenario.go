package conformance

import "time"

// A Scenario is a page that runs steps against servers that answer by rule.
type Scenario struct {
	ID   string `json:"id"`   // unique; what is before the first "-" is its area
	Note string `json:"note"` // why it is there, in a sentence

	Spec   string   `json:"spec"`   // the anchor of what it is about
	Points []string `json:"points"` // ids of the test points it covers

	Page    Page                `json:"page"`
	Cookies map[string][]string `json:"cookies"` // by alias: Set-Cookie values of a top-level visit before the page opens
	Logins  map[string][]string `json:"logins"`  // by "ALIAS/path": WWW-Authenticate values of a top-level visit with user "u" and password "p" in the URL
	Server  map[string][]Rule   `json:"server"`  // by "ALIAS/path"
	Steps   []Step              `json:"steps"`

	File string `json:"-"` // where it was read
	Line int    `json:"-"`
}

// Area is the part of the id before the first "-".
func (s *Scenario) Area() string { return area(s.ID) }

// A Page is what runs the steps. In a file it may be an alias alone.
type Page struct {
	Origin  string   `json:"origin"`  // an alias; never empty once loaded
	Context string   `json:"context"` // where steps run that do not say; see Step.In
	Headers []string `json:"headers"` // of the page's response, as whole lines
}

// A Rule is how a server answers.
type Rule struct {
	On      string   `json:"on"`      // methods, separated by spaces; empty is any
	Times   int      `json:"times"`   // how often it applies; 0 is always
	Status  int      `json:"status"`  // 0 is 200
	Reason  *string  `json:"reason"`  // nil is the usual one
	Headers []string `json:"headers"` // whole lines; code points up to 0xFF stand for bytes
	Body    *string  `json:"body"`
	File    string   `json:"file"`   // in place of Body, the name of a [File]
	Delay   int      `json:"delay"`  // before the answer, in ms
	Hangup  bool     `json:"hangup"` // close instead of answering
}

// A Step is something that the page does: make a request, set a cookie, or
// sleep. Exactly one of Fetch, Cookie and Sleep is set.
type Step struct {
	Cookie string `json:"cookie"` // to assign to document.cookie
	Sleep  int    `json:"sleep"`  // in ms

	Fetch string `json:"fetch"` // a URL, or "ALIAS/path"
	Via   string `json:"via"`   // what makes the request: "" is fetch(); see Vias
	Blob  bool   `json:"blob"`  // request a blob: URL of what Fetch, a data: URL, holds
	// In is where the step runs: "" is the page's context, else "top",
	// "worker", "sandbox" (a sandboxed srcdoc frame), "data" (a data: frame) or
	// "frame:ALIAS".
	In string `json:"in"`

	Method         string   `json:"method"`
	Headers        []string `json:"headers"` // whole lines
	Body           *string  `json:"body"`
	BodyType       string   `json:"bodyType"` // "", "text", "bytes", "urlencoded", "formdata", "stream" or "blob:TYPE"
	Repeat         int      `json:"repeat"`   // how often Body is repeated; 0 is once
	Mode           string   `json:"mode"`
	Credentials    string   `json:"credentials"`
	Redirect       string   `json:"redirect"`
	Cache          string   `json:"cache"`
	Referrer       *string  `json:"referrer"` // a URL, "ALIAS/path" or "about:client"; empty is no referrer
	ReferrerPolicy string   `json:"referrerPolicy"`
	Integrity      string   `json:"integrity"`
	Keepalive      bool     `json:"keepalive"`
	// TargetAddressSpace is where the request is meant to go: "public", "local"
	// or "loopback".
	TargetAddressSpace string `json:"targetAddressSpace"`
	Timing             bool   `json:"timing"` // record Resource Timing too

	Upload      bool    `json:"upload"`      // xhr: listen for upload progress
	Timeout     int     `json:"timeout"`     // xhr: in ms
	Abort       int     `json:"abort"`       // xhr: after so many ms
	Crossorigin *string `json:"crossorigin"` // img, script, style, video: the attribute; nil is none
	Module      bool    `json:"module"`      // script: type=module

	// Expect is what the standards say: methods on the wire, "=>", what comes of
	// it, and optionally all visible header names in brackets. Empty where they
	// say nothing. See [ParseExpectation].
	Expect string `json:"expect"`
	// Wire holds checks of the headers of requests: "2 Name: value" or "2 !Name",
	// both of the second request of the step.
	Wire []string `json:"wire"`
}

// SleepTime is how long the step sleeps.
func (s *Step) SleepTime() time.Duration { return time.Duration(s.Sleep) * time.Millisecond }

// Context is where step runs: "top", "worker", "sandbox", "data" or
// "frame:ALIAS".
func (s *Scenario) Context(step *Step) string {
	for _, context := range []string{step.In, s.Page.Context} {
		if context != "" {
			return context
		}
	}
	return "top"
}

// Vias returns the values that Step.Via may have besides "" and "fetch": a
// client says with Options.Via which of them it can.
func Vias() []string {
	return []string{"xhr", "img", "script", "style", "font", "video", "beacon", "eventsource"}
}
