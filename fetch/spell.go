package fetch

import (
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
		if o.header[name] == nil {
			continue
		}
		if len(values) > 1 {
			o.set(name, p.joined(name, values))
		}
		if name == "Range" && p.profile.Header.RewritesRange && p.request.method == http.MethodGet {
			o.set(name, rewriteRange(o.header[name][0]))
		}
		if p.profile.Header.HighBytesAsUTF8 {
			o.set(name, latin1ToUTF8(o.header[name][0]))
		}
	}
}

// joined is what a header that the developer has given several values is sent
// with.
func (p *fetchParams) joined(name string, values []string) string {
	switch {
	case name != "Content-Type" || !p.profile.Header.OneContentType:
		return strings.Join(values, ", ")
	case p.request.body.isNull():
		return values[len(values)-1]
	}
	return values[0]
}

// rewriteRange returns a Range of one range of bytes in its plainest spelling,
// and any other as it is.
func rewriteRange(value string) string {
	unit, set, _ := strings.Cut(value, "=")
	if !strings.EqualFold(strings.Trim(unit, " \t"), "bytes") {
		return value
	}
	first, last, ok := strings.Cut(strings.Trim(set, " \t,"), "-")
	for _, position := range [...]*string{&first, &last} {
		if *position = strings.Trim(*position, " \t"); *position == "" {
			continue
		}
		n, err := strconv.ParseInt(*position, 10, 64)
		ok = ok && err == nil && n >= 0
		*position = strconv.FormatInt(n, 10)
	}
	if !ok {
		return value
	}
	return "bytes=" + first + "-" + last
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
