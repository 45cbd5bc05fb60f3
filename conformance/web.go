package conformance

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// The paths of the documents that run steps. Referer and recordings show them.
const (
	PagePath  = "/__oracle-page"
	FramePath = "/__oracle-frame"
)

// A Web is the servers of one scenario, as the client sees them: hosts of its
// own, and a record of what came to them.
//
// All methods may be called concurrently.
type Web struct {
	Scenario *Scenario

	servers *Servers
	number  int
	names   *names
	open    context.Context // done once w is closed
	shut    context.CancelFunc

	mu    sync.Mutex
	log   []*Incoming
	used  map[*Rule]int
	asked map[string]int // requests by place
}

// Close closes the hosts. Connections stay, for other webs, but for those on
// which an answer of w is delayed: nobody waits for it any more.
func (w *Web) Close() {
	w.shut()
	w.servers.mu.Lock()
	defer w.servers.mu.Unlock()
	delete(w.servers.webs, w.number)
	if w.servers.last == w {
		w.servers.last = nil
	}
}

// Servers returns the servers that w is on.
func (w *Web) Servers() *Servers { return w.servers }

// Origin returns the origin that an alias stands for, as "http://host:port".
func (w *Web) Origin(alias string) string { return w.names.origins[alias] }

// Hostnames returns the host names of w, in order, without IP's.
func (w *Web) Hostnames() []string {
	return slices.DeleteFunc(sortedKeys(w.names.hosts), func(name string) bool { return name == "127.0.0.1" })
}

// PageURL is the URL of the page that runs the steps.
func (w *Web) PageURL() string { return w.Origin(w.Scenario.Page.Origin) + PagePath }

// FrameURL is the URL of the document of "frame:ALIAS".
func (w *Web) FrameURL(alias string) string { return w.Origin(alias) + FramePath }

// Resolve replaces "{A}", "{A.host}", "{A.hostname}" and "{base64:NAME}".
func (w *Web) Resolve(text string) string { return fillFiles(w.names.resolve.Replace(text)) }

// URL is what a step names: "ALIAS/path", or a URL.
func (w *Web) URL(s string) string {
	if alias, path, ok := strings.Cut(s, "/"); ok {
		if o, known := w.names.origins[alias]; known {
			return o + "/" + w.Resolve(path)
		}
	}
	return w.Resolve(s)
}

// Alias is the opposite of Resolve: it replaces the origins, hosts and host
// names of w, and the random part of blob: URLs by "*".
func (w *Web) Alias(text string) string {
	return blobID.ReplaceAllString(w.names.alias.Replace(text), "${1}*")
}

// place returns "ALIAS/path" for where a request went.
func (w *Web) place(req *Incoming) (alias, place string) {
	alias = w.names.alias.Replace(req.Scheme + "://" + req.Host)
	return alias, strings.Trim(alias, "{}") + req.Path()
}

// answer records a request and answers it by the rules.
func (w *Web) answer(req *Incoming) *Answer {
	if a := w.Login(req); a != nil {
		return a
	}
	_, place := w.place(req)
	w.mu.Lock()
	w.log = append(w.log, req)
	w.asked[place]++
	n := w.asked[place]
	rule := w.match(w.Scenario.Server[place], req.Method)
	w.mu.Unlock()
	if rule == nil {
		return &Answer{Status: http.StatusNotFound, Reason: http.StatusText(http.StatusNotFound)}
	}
	return w.fill(rule, req, n)
}

// match finds the rule for a method and counts its use.
func (w *Web) match(rules []Rule, method string) *Rule {
	for i := range rules {
		r := &rules[i]
		if r.On != "" && !slices.Contains(strings.Fields(r.On), method) || r.Times > 0 && w.used[r] == r.Times {
			continue
		}
		w.used[r]++
		return r
	}
	return nil
}

// fill makes an answer of a rule.
func (w *Web) fill(rule *Rule, req *Incoming, n int) *Answer {
	request := strings.NewReplacer(
		"{origin}", req.Get("Origin"),
		"{acrm}", req.Get("Access-Control-Request-Method"),
		"{acrh}", req.Get("Access-Control-Request-Headers"),
		"{n}", strconv.Itoa(n),
	)
	a := &Answer{Status: rule.Status, Delay: time.Duration(rule.Delay) * time.Millisecond, Hangup: rule.Hangup}
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	a.Reason = http.StatusText(a.Status)
	if rule.Reason != nil {
		a.Reason = IsomorphicEncode(*rule.Reason)
	}
	for _, line := range rule.Headers {
		a.Lines = append(a.Lines, request.Replace(IsomorphicEncode(w.Resolve(line))))
	}
	switch {
	case rule.Body != nil:
		a.Body = request.Replace(w.Resolve(*rule.Body))
	case rule.File != "":
		body, _ := File(rule.File)
		a.Body = string(body)
	}
	return a
}

// Take returns the requests that came since it was last called, as recordings
// have them. step is the one that made them, or nil.
func (w *Web) Take(step *Step) []Request {
	w.mu.Lock()
	log := w.log
	w.log = nil
	w.mu.Unlock()
	all := []Request{}
	for _, r := range log {
		all = append(all, w.recorded(r, step))
	}
	return all
}

// machineHeaders are left out of recordings, as what they say is the
// machine's, unless the step sets them.
var machineHeaders = []string{"Host", "User-Agent", "Accept-Encoding", "Accept-Language", "Connection", "Upgrade-Insecure-Requests",
	"Priority", "Te", "Dnt", "Sec-Gpc", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform", "Proxy-Connection"}

// recorded returns r as a recording has it.
func (w *Web) recorded(r *Incoming, step *Step) Request {
	alias, _ := w.place(r)
	out := Request{Method: r.Method, URL: alias + w.Alias(IsomorphicDecode(r.Target)), Headers: []string{}, Body: shortened(w.Alias(asText(r.Body)))}
	// Preflights have the client's own values, whatever the step sets.
	isPreflight := r.Method == http.MethodOptions && r.Get("Access-Control-Request-Method") != ""
	form, _, isForm := strings.Cut(r.Get("Content-Type"), "boundary=")
	isForm = isForm && strings.HasPrefix(strings.ToLower(form), "multipart/")
	for _, line := range r.Lines {
		name, value, _ := strings.Cut(line, ":")
		value = strings.Trim(value, " \t")
		switch key := textproto.CanonicalMIMEHeaderKey(name); {
		case slices.Contains(machineHeaders, key) && (isPreflight || !step.sets(name)),
			isForm && key == "Content-Length":
			continue
		case isForm && key == "Content-Type":
			value = form + "boundary=*" // it is random, and so are the body and its length
		case key == "Authorization":
			value = withoutChance(value)
		}
		out.Headers = append(out.Headers, IsomorphicDecode(name)+": "+w.Alias(IsomorphicDecode(value)))
	}
	slices.SortStableFunc(out.Headers, func(a, b string) int {
		return strings.Compare(lowerName(a), lowerName(b))
	})
	if isForm {
		out.Body = "*"
	}
	return out
}

// lowerName is the name of a header line, in lower case.
func lowerName(line string) string {
	name, _, _ := strings.Cut(line, ":")
	return strings.ToLower(name)
}

// asText is a body as a string: UTF-8 as it is, other bytes as code points.
func asText(body string) string {
	if utf8.ValidString(body) {
		return body
	}
	return IsomorphicDecode(body)
}

// maxRecorded is how many bytes of a request's body a recording holds.
const maxRecorded = 4 << 10

// shortened returns body as a recording has it: of a long one its beginning, its
// length and its hash.
func shortened(body string) string {
	if len(body) <= maxRecorded {
		return body
	}
	hash := sha256.Sum256([]byte(body))
	return fmt.Sprintf("%.32s… (%d bytes, SHA-256 %x)", body, len(body), hash[:8])
}

// sets reports whether the script of a step sets a header.
func (s *Step) sets(name string) bool {
	return s != nil && slices.ContainsFunc(s.Headers, func(line string) bool { return lowerName(line) == strings.ToLower(name) })
}

// aliased returns o with aliases for all that names an origin of w, and headers
// in order.
func (w *Web) aliased(o Outcome) Outcome {
	o.Message, o.Data = w.Alias(o.Message), w.Alias(o.Data)
	o.Console = slices.Clone(o.Console)
	for i := range o.Console {
		o.Console[i] = w.Alias(o.Console[i])
	}
	if o.Response != nil {
		r := *o.Response
		r.URL, r.Body = w.Alias(r.URL), w.Alias(r.Body)
		r.Headers = slices.Clone(r.Headers)
		for i := range r.Headers {
			r.Headers[i] = w.Alias(r.Headers[i])
		}
		slices.Sort(r.Headers)
		o.Response = &r
	}
	return o
}
