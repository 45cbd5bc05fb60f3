package browsers

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A chromiumEvent is the union of the DevTools events that tell why something
// failed.
type chromiumEvent struct {
	// Log.entryAdded
	Entry struct {
		Source string `json:"source"`
		Level  string `json:"level"`
		Text   string `json:"text"`
		URL    string `json:"url"`
	} `json:"entry"`
	// Audits.issueAdded
	Issue struct {
		Code    string                     `json:"code"`
		Details map[string]json.RawMessage `json:"details"`
	} `json:"issue"`
	// Network.*
	RequestID string `json:"requestId"`
	Request   struct {
		URL string `json:"url"`
	} `json:"request"`
	ErrorText       string              `json:"errorText"`
	BlockedReason   string              `json:"blockedReason"`
	CorsErrorStatus *chromiumCorsStatus `json:"corsErrorStatus"`
	// Network.requestWillBeSentExtraInfo and responseReceivedExtraInfo
	AssociatedCookies []chromiumCookie `json:"associatedCookies"`
	BlockedCookies    []chromiumCookie `json:"blockedCookies"`
	// Runtime.exceptionThrown
	ExceptionDetails struct {
		Exception struct {
			Description string `json:"description"`
		} `json:"exception"`
	} `json:"exceptionDetails"`
}

type chromiumCorsStatus struct {
	CorsError       string `json:"corsError"`
	FailedParameter string `json:"failedParameter"`
}

type chromiumCookie struct {
	BlockedReasons []string `json:"blockedReasons"`
	CookieLine     string   `json:"cookieLine"`
	Cookie         struct {
		Name string `json:"name"`
	} `json:"cookie"`
}

// describe returns what an event tells, in lines.
func (c *chromium) describe(method string, e *chromiumEvent) []string {
	switch method {
	case "Log.entryAdded":
		text := e.Entry.Source + " " + e.Entry.Level + ": " + e.Entry.Text
		if e.Entry.Source == "network" {
			text += " @ " + e.Entry.URL
		}
		return []string{text}
	case "Audits.issueAdded":
		return describeIssue(e.Issue.Code, e.Issue.Details)
	case "Network.requestWillBeSent":
		c.urls[e.RequestID] = e.Request.URL
		return c.ofScenario(e.RequestID, nil)
	case "Network.loadingFailed":
		if c.isHarness(e.RequestID) {
			return nil
		}
		text := "loadingFailed " + e.ErrorText
		if s := e.CorsErrorStatus; s != nil {
			text += " cors=" + s.CorsError + s.parameter()
		}
		if e.BlockedReason != "" {
			text += " blocked=" + e.BlockedReason
		}
		return []string{text}
	case "Network.requestWillBeSentExtraInfo":
		return c.ofScenario(e.RequestID, describeCookies(e.AssociatedCookies, "sent"))
	case "Network.responseReceivedExtraInfo":
		return describeCookies(e.BlockedCookies, "set")
	case "Runtime.exceptionThrown":
		first, _, _ := strings.Cut(e.ExceptionDetails.Exception.Description, "\n")
		return []string{"exception: " + first}
	}
	return nil
}

// isHarness reports whether a request is the harness's own, as far as is known.
func (c *chromium) isHarness(requestID string) bool {
	return strings.Contains(c.urls[requestID], harnessPrefix)
}

// ofScenario returns what is told of a request, unless it is the harness's own.
// What comes before it is known which request it is has to wait until it is.
func (c *chromium) ofScenario(requestID string, lines []string) []string {
	lines = append(c.early[requestID], lines...)
	if _, isKnown := c.urls[requestID]; !isKnown {
		c.early[requestID] = lines
		return nil
	}
	delete(c.early, requestID)
	if c.isHarness(requestID) {
		return nil
	}
	return lines
}

func (s *chromiumCorsStatus) parameter() string {
	if s.FailedParameter == "" {
		return ""
	}
	return " parameter=" + s.FailedParameter
}

// describeIssue names an issue, and what sets it apart from others of its kind.
func describeIssue(code string, details map[string]json.RawMessage) []string {
	var d struct {
		CorsErrorStatus        chromiumCorsStatus `json:"corsErrorStatus"`
		Type                   string             `json:"type"`
		RawCookieLine          string             `json:"rawCookieLine"`
		CookieExclusionReasons []string           `json:"cookieExclusionReasons"`
		CookieWarningReasons   []string           `json:"cookieWarningReasons"`
		Cookie                 struct {
			Name string `json:"name"`
		} `json:"cookie"`
	}
	for _, raw := range details { // a union: one member is there
		if json.Unmarshal(raw, &d) != nil {
			return nil
		}
	}
	switch code {
	case "CorsIssue":
		return []string{"issue CorsIssue " + d.CorsErrorStatus.CorsError + d.CorsErrorStatus.parameter()}
	case "CookieIssue":
		name := d.Cookie.Name
		if name == "" {
			name, _, _ = strings.Cut(d.RawCookieLine, "=")
		}
		return []string{fmt.Sprintf("issue CookieIssue %s%v %v", name, d.CookieExclusionReasons, d.CookieWarningReasons)}
	case "DeprecationIssue":
		return []string{"issue DeprecationIssue " + d.Type}
	case "BounceTrackingIssue", "PerformanceIssue":
		return nil // about the harness, not about the scenario
	}
	return []string{"issue " + code}
}

// isElsewhere reports whether that is why a cookie is not sent: it is another
// host's or directory's. It says nothing of a scenario, as the request may be the
// harness's own.
func isElsewhere(reason string) bool { return reason == "DomainMismatch" || reason == "NotOnPath" }

// describeCookies names the cookies that were not sent, or not set.
func describeCookies(cookies []chromiumCookie, what string) []string {
	var lines []string
	for i := range cookies {
		cookie := &cookies[i]
		if len(cookie.BlockedReasons) == 0 || slices.ContainsFunc(cookie.BlockedReasons, isElsewhere) {
			continue
		}
		name := cookie.Cookie.Name
		if name == "" {
			name, _, _ = strings.Cut(cookie.CookieLine, "=")
		}
		lines = append(lines, fmt.Sprintf("cookie %s not %s: %s", name, what, strings.Join(cookie.BlockedReasons, ", ")))
	}
	return lines
}
