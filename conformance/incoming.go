package conformance

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// An Incoming is a request as it came, with nothing made of it: net/http's
// server would spell names its own way, and add Cache-Control where it finds
// Pragma.
type Incoming struct {
	Method string
	Target string // path and query
	Scheme string // "http" or "https"
	Host   string // with the port
	Lines  []string
	Body   string
}

// Get returns the values of a header, joined.
func (r *Incoming) Get(name string) string {
	var values []string
	for _, line := range r.Lines {
		if n, value, _ := strings.Cut(line, ":"); strings.EqualFold(n, name) {
			values = append(values, strings.Trim(value, " \t"))
		}
	}
	return strings.Join(values, ", ")
}

// Path is Target without its query.
func (r *Incoming) Path() string {
	path, _, _ := strings.Cut(r.Target, "?")
	return path
}

// Query is what is behind the first "?" of Target.
func (r *Incoming) Query() string {
	_, query, _ := strings.Cut(r.Target, "?")
	return query
}

// Hostname is Host without the port.
func (r *Incoming) Hostname() string {
	hostname, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		return r.Host
	}
	return hostname
}

// Limits on what a client may send; far above what any scenario does.
const (
	maxHead = 1 << 20
	maxBody = 16 << 20
)

// readIncoming reads a request.
func readIncoming(in *bufio.Reader) (*Incoming, error) {
	lines := textproto.NewReader(in)
	first, err := lines.ReadLine()
	if err != nil {
		return nil, err
	}
	words := strings.Split(first, " ")
	if len(words) != 3 || !strings.HasPrefix(words[2], "HTTP/1.") {
		return nil, fmt.Errorf("%q is no request line", first)
	}
	r := &Incoming{Method: words[0], Target: words[1]}
	for size := 0; ; {
		line, err := lines.ReadLine()
		if err != nil {
			return nil, err
		}
		if line == "" {
			break
		}
		if size += len(line); size > maxHead {
			return nil, errors.New("the header is too long")
		}
		r.Lines = append(r.Lines, line)
	}
	var body io.Reader = http.NoBody
	chunked := r.Get("Transfer-Encoding") != ""
	if length := r.Get("Content-Length"); length != "" {
		n, err := strconv.ParseUint(length, 10, 63)
		if err != nil || n > maxBody {
			return nil, fmt.Errorf("a body of %s bytes", length)
		}
		body = io.LimitReader(in, int64(n))
	} else if chunked {
		body = io.LimitReader(httputil.NewChunkedReader(in), maxBody)
	}
	data, err := io.ReadAll(body)
	if err == nil && chunked {
		_, err = lines.ReadLine() // what ends the trailer
	}
	r.Body = string(data)
	return r, err
}

// locate fills in where the request went. A proxy is asked for a whole URL; a
// path may hold "://" too.
func (r *Incoming) locate(scheme, port string) {
	r.Scheme, r.Host = scheme, r.Get("Host")
	if !strings.HasPrefix(r.Target, "/") {
		if s, rest, ok := strings.Cut(r.Target, "://"); ok {
			host, _, _ := strings.Cut(rest, "/")
			host, _, _ = strings.Cut(host, "?")
			r.Scheme, r.Host = s, host
			r.Target = strings.TrimPrefix(rest, host)
			port = usualPort(s)
			if !strings.HasPrefix(r.Target, "/") {
				r.Target = "/" + r.Target
			}
		}
	}
	if _, _, err := net.SplitHostPort(r.Host); err != nil {
		r.Host = net.JoinHostPort(r.Host, port)
	}
}

// An Answer is a response to write as it stands.
type Answer struct {
	Status int    // 0 is 200
	Reason string // as it is
	Lines  []string
	Body   string
	Delay  time.Duration
	Hangup bool // close instead of answering
}

// bytes is a as it goes out in answer to a method. Where no line says how the
// body ends, there is a Content-Length. closes means that the connection is to
// end with it.
func (a *Answer) bytes(method string) (response []byte, closes bool) {
	status := a.Status
	if status == 0 {
		status = http.StatusOK
	}
	framed := status == http.StatusNoContent || status == http.StatusNotModified
	response = fmt.Appendf(nil, "HTTP/1.1 %d %s\r\n", status, a.Reason)
	for _, line := range a.Lines {
		name, value, _ := strings.Cut(line, ":")
		switch textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name)) {
		case "Content-Length", "Transfer-Encoding":
			framed = true
		case "Connection":
			closes = closes || strings.EqualFold(strings.TrimSpace(value), "close")
		}
		response = append(response, line...)
		response = append(response, "\r\n"...)
	}
	if !framed {
		response = fmt.Appendf(response, "Content-Length: %d\r\n", len(a.Body))
	}
	response = append(response, "\r\n"...)
	if method != http.MethodHead {
		response = append(response, a.Body...)
	}
	return response, closes
}
