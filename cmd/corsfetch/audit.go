package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/conformance/audit"
	"github.com/corsfetch/corsfetch/conformance/policy"
	"github.com/corsfetch/corsfetch/fetch/fetchtest"
)

const auditUsage = `usage: corsfetch audit [flags] URL

Asks for URL as the pages of a browser would, and tells what is wrong with the
server's CORS policy: who may read and write, with credentials or not, then what
was found, the worst first, each with a proof and what to change. It sends GET,
HEAD and OPTIONS, some hundred of them. Flags may also follow the URL.

  -page URL             a page that is meant to use it; may be repeated; without,
                        the audit looks for pages that can
  -header 'NAME: VALUE' a header that its scripts set; may be repeated; also -H
  -cookie 'K=V; K2=V2'  cookies that the user has there, and that a browser sends
                        along; with their attributes ('K=V; Secure; SameSite=Lax')
                        where those let it; may be repeated
  -browser NAME         standard, chromium, firefox or webkit: which one asks; what
                        the others would do otherwise is noted
  -fail-on SEVERITY     exit with 1 from which severity on (low): critical, high,
                        broken, medium, fragile, low, waste, info; or none
  -baseline FILE        findings that are known and accepted; see -update
  -update               write what is found to the file of -baseline
  -json, -sarif         print JSON, or SARIF 2.1.0
  -html FILE            write a report to FILE, too, to be opened in a browser
  -v                    print what went over the wire for each finding

  -connect HOST:PORT    where URL's host is for now: a local build is asked as if it
                        were where it will be, over https too
  -yes                  the server is not on this machine, and you may test it
  -elsewhere ORIGIN     where redirects may lead besides; may be repeated
  -writes               send POST and PUT too: they may change something
  -canary URL           of your own, to see whether the server fetches it for you
  -rate N               requests in a second; 20, and no limit for this machine
  -limit N              requests in all; 600
  -timeout DURATION     for each answer; 5s
  -k                    do not verify TLS certificates

exit code: 0 nothing found from -fail-on on, 1 something, 2 usage, 3 no answer
`

// failOnNone as failOn is that no finding fails.
const failOnNone = "none"

// auditOptions is what the command line of audit asks for.
type auditOptions struct {
	target       string
	pages        []string
	header       http.Header
	cookies      []*http.Cookie // without attributes
	setCookies   []string       // with them
	browser      string
	failOn       string
	baselineFile string // "" is none
	update       bool
	json, sarif  bool
	htmlFile     string // "" is none
	verbose      bool
	connect      *url.URL // nil is the target itself
	yes          bool
	rate         int // 0 is no limit
	insecure     bool
	audit.Options
}

// runAudit is the command audit.
func runAudit(ctx context.Context, args []string, stdout, stderr io.Writer, colors palette) int {
	o, err := parseAudit(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, auditUsage)
		return exitAllowed
	}
	var baseline audit.Baseline
	if err == nil {
		baseline, err = o.baseline()
	}
	if err == nil {
		err = tryToWrite(o.htmlFile)
	}
	if err != nil {
		fmt.Fprintf(stderr, "corsfetch audit: %s\ncorsfetch audit -h lists the flags\n", sanitize(err.Error()))
		return exitUsage
	}
	report, err := o.run(ctx, stderr)
	if err != nil {
		return o.fail(err, stdout, stderr)
	}
	if o.update {
		baseline, err = o.writeBaseline(report)
	}
	stale := report.Accept(baseline)
	if err == nil {
		err = o.write(stdout, report, stale, colors)
	}
	if err == nil && o.htmlFile != "" {
		err = writeHTML(o.htmlFile, o.html(report))
	}
	if err != nil {
		fmt.Fprintf(stderr, "corsfetch audit: %s\n", sanitize(err.Error()))
		return exitFailed
	}
	if o.failOn != failOnNone && report.Worst() != "" && report.Worst().Compare(audit.Severity(o.failOn)) >= 0 {
		return exitBlocked
	}
	return exitAllowed
}

// flags returns the flags of audit. They set o.
func (o *auditOptions) flags() *flag.FlagSet {
	fs := newFlagSet("audit")
	fs.Func("page", "", func(s string) error { return addTrusted(&o.pages, s) })
	for _, name := range []string{"header", "H"} {
		fs.Func(name, "", func(s string) error { return addHeader(o.header, s) })
	}
	for _, name := range []string{"cookie", "b"} {
		fs.Func(name, "", o.addCookies)
	}
	severities := []string{failOnNone}
	for _, s := range audit.Severities() {
		severities = append(severities, string(s))
	}
	fs.Func("connect", "", func(s string) error { return setServer(&o.connect, s) })
	fs.Func("browser", "", choose(&o.browser, profileNames()...))
	fs.Func("fail-on", "", choose(&o.failOn, severities...))
	fs.StringVar(&o.baselineFile, "baseline", "", "")
	fs.Func("html", "", htmlFlag(&o.htmlFile))
	fs.StringVar(&o.Canary, "canary", "", "")
	fs.Func("elsewhere", "", func(s string) error { return addTrusted(&o.Elsewhere, s) })
	fs.Func("rate", "", positive(&o.rate, 10_000))
	fs.Func("limit", "", positive(&o.Limit, 100_000))
	fs.Func("timeout", "", duration(&o.Timeout))
	for name, dst := range map[string]*bool{
		"update": &o.update, "json": &o.json, "sarif": &o.sarif, "v": &o.verbose, "yes": &o.yes, "writes": &o.Writes,
		"k": &o.insecure, "insecure": &o.insecure,
	} {
		fs.BoolVar(dst, name, false, "")
	}
	return fs
}

// parseAudit returns what args asks for.
func parseAudit(args []string) (auditOptions, error) {
	o := auditOptions{header: make(http.Header), browser: "standard", failOn: string(audit.Low)}
	urls, err := parseInterspersed(o.flags(), args)
	if err != nil {
		return o, err
	}
	if len(urls) != 1 || urls[0] == "" {
		return o, fmt.Errorf("want one URL, got %d: %q", len(urls), urls)
	}
	o.target, _ = withScheme(urls[0])
	u, err := url.Parse(o.target)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return o, fmt.Errorf("%q is no URL of a server; want such as https://api.example/orders", urls[0])
	case o.json && o.sarif:
		return o, errors.New("-json or -sarif, not both")
	case o.update && o.baselineFile == "":
		return o, errors.New("-update writes the file of -baseline, which is not given")
	}
	server := u
	if o.connect != nil {
		server = o.connect
	}
	if !isLoopback(server.Host) {
		if o.rate = cmp.Or(o.rate, 20); !o.yes {
			return o, fmt.Errorf("%s is not this machine; -yes says that you may test it", server.Hostname())
		}
	}
	if o.rate > 0 {
		o.Interval = time.Second / time.Duration(o.rate)
	}
	return o, nil
}

// setServer sets a server: "localhost:8080", "https://localhost:8443".
func setServer(server **url.URL, s string) error {
	full, _ := withScheme(s)
	u, err := url.Parse(full)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("want a host and a port, as localhost:8080")
	}
	*server = u
	return nil
}

// addTrusted adds the origin of a page.
func addTrusted(pages *[]string, s string) error {
	var page string
	if err := setPage(&page, s); err != nil {
		return err
	}
	if page == opaquePage {
		return errors.New("null is any page that is sandboxed, and cannot be trusted")
	}
	*pages = append(*pages, page)
	return nil
}

// cookieAttributes are what a Set-Cookie line has besides the cookie.
var cookieAttributes = []string{"secure", "httponly", "samesite", "path", "domain", "partitioned", "expires", "max-age"}

// addCookies adds cookies, or one with its attributes.
func (o *auditOptions) addCookies(s string) error {
	_, rest, _ := strings.Cut(s, ";")
	for part := range strings.SplitSeq(rest, ";") {
		name, _, _ := strings.Cut(strings.TrimSpace(part), "=")
		if slices.Contains(cookieAttributes, strings.ToLower(name)) {
			if _, err := http.ParseSetCookie(s); err != nil {
				return errors.New("want 'name=value; Attribute'")
			}
			o.setCookies = append(o.setCookies, s)
			return nil
		}
	}
	return addCookies(&o.cookies, s)
}

// run audits the server.
func (o *auditOptions) run(ctx context.Context, stderr io.Writer) (*audit.Report, error) {
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.DialContext = dialLocalhost("localhost")
	if o.insecure {
		base.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	}
	defer base.CloseIdleConnections()
	web := fetchtest.Over(base)
	if o.connect != nil {
		target, _ := url.Parse(o.target) // parseAudit has tried
		web = fetchtest.Over(&detour{base, target.Host, o.connect})
	}
	defer web.Close()
	web.Browser.Profile = profileNamed(o.browser)
	line := newProgress(stderr)
	defer line.end()
	n := 0
	o.Progress = func(method, url string) {
		n++
		line.say(fmt.Sprintf("%d requests  %s %s", n, method, sanitize(shorten(url, 60))))
	}
	return audit.Run(ctx, policy.Subject{
		Web:     web,
		Request: fetchtest.Request{URL: o.target, Header: o.header},
		Trusted: o.pages,
		Login:   o.login,
	}, o.Options)
}

// A detour is the way to a server that is not yet where its name leads.
type detour struct {
	base http.RoundTripper
	name string   // and port, of the server
	to   *url.URL // where it is
}

// RoundTrip asks the server that is there for now, under its name.
func (d *detour) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != d.name {
		return d.base.RoundTrip(req)
	}
	req = req.Clone(req.Context())
	req.Host = cmp.Or(req.Host, d.name)
	req.URL.Scheme, req.URL.Host = d.to.Scheme, d.to.Host
	return d.base.RoundTrip(req)
}

// login gives a new browser the user's cookies.
func (o *auditOptions) login(w *fetchtest.Web) {
	if len(o.setCookies) > 0 {
		w.SetCookie(o.target, o.setCookies...)
	}
	if len(o.cookies) == 0 {
		return
	}
	lines := make([]string, len(o.cookies))
	for i, c := range o.cookies {
		lines[i] = c.Name + "=" + c.Value
	}
	if len(o.setCookies) > 0 {
		w.SetCookie(o.target, lines...)
		return
	}
	// A jar does not ask who asks: nothing is known that would let a cookie stay.
	jar, _ := cookiejar.New(nil) // it never fails
	u, _ := url.Parse(o.target)  // parseAudit has tried
	cookies := make([]*http.Cookie, len(o.cookies))
	for i, c := range o.cookies {
		cookies[i] = &http.Cookie{Name: c.Name, Value: c.Value, Path: "/"}
	}
	jar.SetCookies(u, cookies)
	w.Browser.Jar = jar
}

// baseline reads the file of -baseline. With -update there need be none yet.
func (o *auditOptions) baseline() (audit.Baseline, error) {
	if o.baselineFile == "" {
		return audit.Baseline{}, nil
	}
	f, err := os.Open(o.baselineFile)
	switch {
	case errors.Is(err, os.ErrNotExist) && o.update:
		return audit.Baseline{}, nil
	case err != nil:
		return audit.Baseline{}, fmt.Errorf("-baseline: %w", err)
	}
	defer f.Close()
	b, err := audit.ParseBaseline(f)
	if err != nil && !o.update {
		return b, fmt.Errorf("-baseline: %s: %w", o.baselineFile, err)
	}
	return b, nil
}

// writeBaseline writes the file of -baseline, and returns what it now accepts.
func (o *auditOptions) writeBaseline(report *audit.Report) (audit.Baseline, error) {
	text := report.Baseline()
	if err := replaceFile(o.baselineFile, []byte(text)); err != nil {
		return audit.Baseline{}, err
	}
	return audit.ParseBaseline(strings.NewReader(text))
}

// write prints the report.
func (o *auditOptions) write(w io.Writer, report *audit.Report, stale []string, colors palette) error {
	if u, err := url.Parse(o.target); err == nil && isLoopback(u.Host) && len(report.Findings) > 0 {
		report.Notes = append(report.Notes, "what any page may do to a server of the user's own machine counts for more; -connect asks under the name that it will have")
	}
	for _, line := range stale {
		report.Notes = append(report.Notes, "the baseline has what is not found any more: "+line)
	}
	switch {
	case o.json:
		return writeDocument(w, report)
	case o.sarif:
		return writeDocument(w, report.SARIF())
	}
	p := printer{colors: colors, verbose: o.verbose}
	p.audit(o, report)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// An unansweredDocument is what -json prints of a server that does not answer.
type unansweredDocument struct {
	Target   string `json:"target"`
	Error    string `json:"error"`
	Verdicts []int  `json:"verdicts"`
	Findings []int  `json:"findings"`
}

// fail tells why there is no report.
func (o *auditOptions) fail(err error, stdout, stderr io.Writer) int {
	if o.json && errors.Is(err, audit.ErrNoAnswer) {
		if err := writeDocument(stdout, unansweredDocument{o.target, err.Error(), []int{}, []int{}}); err != nil {
			fmt.Fprintf(stderr, "corsfetch audit: %s\n", err)
		}
	}
	fmt.Fprintf(stderr, "corsfetch audit: %s\n", sanitize(err.Error()))
	return exitFailed
}
