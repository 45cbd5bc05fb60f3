package fetch

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// spell writes the developer's headers as browsers send them: one line each.
// The values have been judged one by one before.
func (p *fetchParams) spell(o *outgoing) {
	if !p.request.repeated && !p.profile.Header.RewritesRange && !p.profile.Header.HighBytesAsUTF8 {
		return
	}
	for name, values := range p.request.header {
		if o.Header[name] == nil {
			continue
		}
		if len(values) > 1 {
			o.set(name, p.joined(name, values))
		}
		if name == "Range" && p.profile.Header.RewritesRange && p.request.method == http.MethodGet && p.asksCache() {
			o.set(name, rewriteRange(o.Header[name][0]))
		}
		if p.profile.Header.HighBytesAsUTF8 {
			o.set(name, latin1ToUTF8(o.Header[name][0]))
		}
	}
}

// joined is what a header that the developer has given several values is sent
// with.
func (p *fetchParams) joined(name string, values []string) string {
	switch {
	case !p.profile.Header.SetInTurn:
		return strings.Join(values, ", ")
	case name == "Content-Type" && !p.request.body.isNull():
		return values[0]
	}
	sent := ""
	for _, value := range values {
		if sent == "" || value == "" || hasOneValue(name) {
			sent = value
		} else {
			sent += ", " + value
		}
	}
	return sent
}

// hasOneValue reports whether Firefox knows a header as one whose values are no
// list.
func hasOneValue(name string) bool {
	switch name {
	case "Authorization", "Content-Disposition", "Content-Type", "From", "Host", "If-Modified-Since", "If-Unmodified-Since",
		"Location", "Max-Forwards", "Proxy-Authorization", "Referer", "Strict-Transport-Security", "User-Agent":
		return true
	}
	return false
}

// asksCache reports whether the request goes through the HTTP cache, where there
// is one.
func (p *fetchParams) asksCache() bool {
	return p.request.cacheMode != CacheNoStore && !p.request.conditional
}

// rewriteRange returns a Range of one range of bytes in its plainest spelling,
// and what is none as it is.
func rewriteRange(value string) string {
	unit, set, _ := strings.Cut(value, "=")
	before, after, hasHyphen := strings.Cut(strings.Trim(set, " \t,"), "-")
	first, firstOK := position(before)
	last, lastOK := position(after)
	switch {
	case !strings.EqualFold(strings.Trim(unit, " \t"), "bytes"), !hasHyphen, !firstOK, !lastOK:
		return value
	case first >= 0 && last < 0:
		return fmt.Sprintf("bytes=%d-", first)
	case first >= 0 && last >= first:
		return fmt.Sprintf("bytes=%d-%d", first, last)
	case first < 0 && last > 0:
		return fmt.Sprintf("bytes=-%d", last)
	}
	return value
}

// position reads one end of a range of bytes, -1 if it is open.
func position(s string) (n int64, ok bool) {
	if s = strings.Trim(s, " \t"); s == "" {
		return -1, true
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= 0
}

// isClientHint reports whether name is that of a client hint, which a browser
// that adds them itself takes away on the way to another origin.
func isClientHint(name string) bool {
	switch name {
	case "Device-Memory", "Dpr", "Width", "Viewport-Width", "Rtt", "Downlink", "Ect":
		return true
	}
	return false
}

// latin1ToUTF8 returns the UTF-8 of what s is in ISO-8859-1.
func latin1ToUTF8(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}
