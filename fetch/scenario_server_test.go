package fetch_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A loggedRequest is a request as it came.
type loggedRequest struct {
	method, target string
	url            string   // with aliases
	lines          []string // of its header
	body           string
}

// serve answers the requests of one connection.
func (w *pretendWeb) serve(conn net.Conn, scheme string) {
	defer func() {
		conn.Close()
		w.mu.Lock()
		delete(w.conns, conn)
		w.mu.Unlock()
	}()
	in := bufio.NewReader(conn)
	for {
		req, err := readRequest(in)
		if err != nil {
			return
		}
		rule, n := w.match(scheme, req)
		if rule == nil {
			rule = &scenarioRule{Status: http.StatusNotFound}
		}
		time.Sleep(time.Duration(rule.Delay) * time.Millisecond)
		if rule.Hangup {
			return
		}
		answer, closes := w.answer(rule, req, n)
		if _, err := conn.Write(answer); err != nil || closes {
			return
		}
	}
}

// readRequest reads a request without making anything of it, as net/http's own
// server would: it adds Cache-Control where it finds Pragma.
func readRequest(in *bufio.Reader) (*loggedRequest, error) {
	lines := textproto.NewReader(in)
	first, err := lines.ReadLine()
	if err != nil {
		return nil, err
	}
	words := strings.Split(first, " ")
	if len(words) != 3 || words[2] != "HTTP/1.1" {
		return nil, fmt.Errorf("request line %q", first)
	}
	r := &loggedRequest{method: words[0], target: words[1]}
	for {
		line, err := lines.ReadLine()
		if err != nil {
			return nil, err
		}
		if line == "" {
			break
		}
		r.lines = append(r.lines, line)
	}
	var body io.Reader = http.NoBody
	if length := r.get("Content-Length"); length != "" {
		n, err := strconv.ParseInt(length, 10, 64)
		if err != nil {
			return nil, err
		}
		body = io.LimitReader(in, n)
	} else if r.get("Transfer-Encoding") != "" {
		body = httputil.NewChunkedReader(in)
		defer lines.ReadLine() // what ends the trailer
	}
	data, err := io.ReadAll(body)
	r.body = string(data)
	return r, err
}

// get returns the values of a header, joined.
func (r *loggedRequest) get(name string) string {
	var values []string
	for _, line := range r.lines {
		if n, value, _ := strings.Cut(line, ":"); strings.EqualFold(n, name) {
			values = append(values, strings.Trim(value, " \t"))
		}
	}
	return strings.Join(values, ", ")
}

// match logs a request and finds the rule that answers it. n is the number of
// requests to that place so far.
func (w *pretendWeb) match(scheme string, req *loggedRequest) (rule *scenarioRule, n int) {
	o := w.alias.Replace(scheme + "://" + req.get("Host"))
	path, _, _ := strings.Cut(req.target, "?")
	place := strings.Trim(o, "{}") + path
	req.url = o + w.alias.Replace(req.target)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, req)
	w.asked[place]++
	rules := w.scenario.Server[place]
	for i := range rules {
		r := &rules[i]
		if r.On != "" && !slices.Contains(strings.Fields(r.On), req.method) || r.Times > 0 && w.used[r] == r.Times {
			continue
		}
		w.used[r]++
		return r, w.asked[place]
	}
	return nil, w.asked[place]
}

// answer is the response to req, as bytes: the rule's header lines as they are,
// and a Content-Length where they do not say how the body ends.
func (w *pretendWeb) answer(rule *scenarioRule, req *loggedRequest, n int) (response []byte, closes bool) {
	fill := strings.NewReplacer(
		"{origin}", req.get("Origin"),
		"{acrm}", req.get("Access-Control-Request-Method"),
		"{acrh}", req.get("Access-Control-Request-Headers"),
		"{n}", strconv.Itoa(n),
	)
	status := rule.Status
	if status == 0 {
		status = http.StatusOK
	}
	reason := http.StatusText(status)
	if rule.Reason != nil {
		reason = *rule.Reason
	}
	var body string
	if rule.Body != nil {
		body = fill.Replace(w.resolve.Replace(*rule.Body))
	}
	framed := status == http.StatusNoContent || status == http.StatusNotModified
	response = fmt.Appendf(nil, "HTTP/1.1 %d %s\r\n", status, toBytes(reason))
	for _, line := range rule.Headers {
		name, value, _ := strings.Cut(line, ":")
		switch textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name)) {
		case "Content-Length", "Transfer-Encoding":
			framed = true
		case "Connection":
			closes = closes || strings.EqualFold(strings.TrimSpace(value), "close")
		}
		response = append(response, fill.Replace(w.resolve.Replace(toBytes(line)))...)
		response = append(response, "\r\n"...)
	}
	if !framed {
		response = fmt.Appendf(response, "Content-Length: %d\r\n", len(body))
	}
	response = append(response, "\r\n"...)
	if req.method != http.MethodHead {
		response = append(response, body...)
	}
	return response, closes
}

// requests returns the requests since the last call, as recordings have them.
func (w *pretendWeb) requests(step *scenarioStep) []scenarioRequest {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []scenarioRequest
	for _, r := range w.log {
		all = append(all, w.recorded(r, step))
	}
	w.log = nil
	return all
}

// unrecordedHeaders are left out of recordings, as what they say is the
// machine's, unless the step sets them.
var unrecordedHeaders = []string{"Host", "User-Agent", "Accept-Encoding", "Accept-Language", "Connection", "Upgrade-Insecure-Requests",
	"Priority", "Te", "Dnt", "Sec-Gpc", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform", "Proxy-Connection"}

// recorded returns r as a recording has it.
func (w *pretendWeb) recorded(r *loggedRequest, step *scenarioStep) scenarioRequest {
	out := scenarioRequest{Method: r.method, URL: r.url, Body: w.alias.Replace(r.body)}
	isPreflight := r.get("Access-Control-Request-Method") != ""
	form, _, isForm := strings.Cut(r.get("Content-Type"), "boundary=")
	for _, line := range r.lines {
		name, value, _ := strings.Cut(line, ":")
		value = strings.Trim(value, " \t")
		switch key := textproto.CanonicalMIMEHeaderKey(name); {
		case slices.Contains(unrecordedHeaders, key) && (isPreflight || !setsHeader(step, name)),
			isForm && key == "Content-Length":
			continue
		case isForm && key == "Content-Type":
			value = form + "boundary=*" // it is random, and so are the body and its length
		}
		out.Headers = append(out.Headers, name+": "+w.alias.Replace(fromBytes(value)))
	}
	if isForm {
		out.Body = "*"
	}
	return out
}

func setsHeader(step *scenarioStep, name string) bool {
	return slices.ContainsFunc(step.Headers, func(line string) bool {
		set, _, _ := strings.Cut(line, ":")
		return strings.EqualFold(set, name)
	})
}

// toBytes returns the bytes that the code points of s stand for.
func toBytes(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xFF {
			b = append(b, string(r)...)
			continue
		}
		b = append(b, byte(r))
	}
	return string(b)
}

// fromBytes returns bytes as code points.
func fromBytes(s string) string {
	r := make([]rune, len(s))
	for i := range len(s) {
		r[i] = rune(s[i])
	}
	return string(r)
}
