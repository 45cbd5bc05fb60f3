package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/corsfetch/corsfetch/fetch"
)

const getUsage = `usage: corsfetch get [flags] URL

Flags may also follow the URL.

  -page URL             the page that fetches (https://app.example/); null: an opaque origin
  -X METHOD             the method (GET, or POST with -d)
  -H 'NAME: VALUE'      a header the script sets; may be repeated
  -d BODY               the body; @FILE reads a file, @- standard input
  -mode MODE            cors, no-cors, same-origin or navigate
  -credentials MODE     omit, same-origin or include
  -redirect MODE        follow, error or manual
  -referrer-policy P    as no-referrer or unsafe-url
  -cookie 'K=V; K2=V2'  cookies the browser has for the URL's host; may be repeated
  -browser NAME         standard, chromium, firefox, webkit, or all
  -repeat N             fetch N times in one page: shows the preflight cache at work
  -k                    do not verify TLS certificates
  -timeout DURATION     of each fetch (30s); 0: none
  -v                    print all headers, sorted by name
  -json                 print JSON
  -html FILE            write a report to FILE, too, to be opened in a browser

exit code: 0 allowed, 1 blocked, 2 usage, 3 no answer
`

// getOptions is what the command line of get asks for.
type getOptions struct {
	page     string // a URL, or opaquePage
	call     call
	cookies  []*http.Cookie
	browsers []string
	repeat   int
	insecure bool
	timeout  time.Duration // 0 is none
	verbose  bool
	json     bool
	htmlFile string // "" is none
	notes    []string
}

// opaquePage as page is one with an opaque origin.
const opaquePage = "null"

// maxRepeat limits -repeat, whose rounds are all kept.
const maxRepeat = 1000

// profiles are the browsers that can be asked for, in the order of -browser all.
var profiles = []struct {
	name string
	new  func() *fetch.Profile
}{
	{"standard", fetch.Standard},
	{"chromium", fetch.Chromium},
	{"firefox", fetch.Firefox},
	{"webkit", fetch.WebKit},
}

// profileNames are the names of profiles.
func profileNames() []string {
	names := make([]string, len(profiles))
	for i, p := range profiles {
		names[i] = p.name
	}
	return names
}

// profileNamed returns a profile whose name has been checked.
func profileNamed(name string) *fetch.Profile {
	for _, p := range profiles {
		if p.name == name {
			return p.new()
		}
	}
	return fetch.Standard()
}

// runGet is the command get.
func runGet(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, colors palette) int {
	o, err := parseGet(args, stdin)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, getUsage)
		return exitAllowed
	}
	if err != nil {
		fmt.Fprintf(stderr, "corsfetch get: %s\ncorsfetch get -h lists the flags\n", sanitize(err.Error()))
		return exitUsage
	}
	if err := tryToWrite(o.htmlFile); err != nil {
		fmt.Fprintf(stderr, "corsfetch get: -html: %s\n", sanitize(err.Error()))
		return exitUsage
	}
	var results []result
	for _, name := range o.browsers {
		results = append(results, fetchAs(ctx, o, name))
	}
	if o.json {
		err = writeJSON(stdout, o, results)
	} else {
		_, err = io.WriteString(stdout, getText(o, results, colors))
	}
	if err == nil && o.htmlFile != "" {
		err = writeHTML(o.htmlFile, getHTML(o, results))
	}
	if err != nil {
		fmt.Fprintf(stderr, "corsfetch get: %s\n", sanitize(err.Error()))
		return exitFailed
	}
	return worst(results).exitCode()
}

// rawFlags are flags whose values need a second look.
type rawFlags struct {
	browser string
	bodies  []string
}

// flags returns the flags of get. They set o and raw.
func (o *getOptions) flags(raw *rawFlags, stdin io.Reader) *flag.FlagSet {
	fs := newFlagSet("get")
	add := func(f func(string) error, names ...string) {
		for _, name := range names {
			fs.Func(name, "", f)
		}
	}
	add(func(s string) error { return setPage(&o.page, s) }, "page")
	add(func(s string) error { return setMethod(&o.call.Method, s) }, "X", "request")
	add(func(s string) error { return addHeader(o.call.Header, s) }, "H", "header")
	add(func(s string) error { return addBody(&raw.bodies, s, stdin) }, "d", "data")
	add(func(s string) error { return addCookies(&o.cookies, s) }, "cookie", "b")
	init := &o.call.Init
	add(choose(&init.Mode, fetch.ModeCORS, fetch.ModeNoCORS, fetch.ModeSameOrigin, fetch.ModeNavigate), "mode")
	add(choose(&init.Credentials, fetch.CredentialsOmit, fetch.CredentialsSameOrigin, fetch.CredentialsInclude), "credentials")
	add(choose(&init.Redirect, fetch.RedirectFollow, fetch.RedirectError, fetch.RedirectManual), "redirect")
	add(choose(&init.ReferrerPolicy, fetch.NoReferrerPolicy, fetch.NoReferrerWhenDowngradePolicy, fetch.SameOriginPolicy, fetch.OriginPolicy,
		fetch.StrictOriginPolicy, fetch.OriginWhenCrossOriginPolicy, fetch.StrictOriginWhenCrossOriginPolicy, fetch.UnsafeURLPolicy), "referrer-policy")
	add(choose(&raw.browser, append(profileNames(), "all")...), "browser")
	add(positive(&o.repeat, maxRepeat), "repeat")
	add(duration(&o.timeout), "timeout", "m")
	add(htmlFlag(&o.htmlFile), "html")
	for name, dst := range map[string]*bool{"k": &o.insecure, "insecure": &o.insecure, "v": &o.verbose, "json": &o.json} {
		fs.BoolVar(dst, name, false, "")
	}
	return fs
}

// parseGet returns what args asks for. It reads stdin if the body is "@-".
func parseGet(args []string, stdin io.Reader) (getOptions, error) {
	o := getOptions{page: "https://app.example/", repeat: 1, timeout: 30 * time.Second}
	o.call.Header = make(http.Header)
	raw := rawFlags{browser: "standard"}
	urls, err := parseInterspersed(o.flags(&raw, stdin), args)
	if err != nil {
		return o, err
	}
	if len(urls) != 1 || urls[0] == "" {
		return o, fmt.Errorf("want one URL, got %d: %q", len(urls), urls)
	}
	if o.browsers = []string{raw.browser}; raw.browser == "all" {
		o.browsers = profileNames()
	}
	if raw.bodies != nil {
		o.call.Body, o.call.HasBody = strings.Join(raw.bodies, "&"), true
	}
	o.finish(urls[0])
	return o, nil
}

// finish fills in what follows from the flags.
func (o *getOptions) finish(target string) {
	o.call.URL = target
	if full, added := withScheme(target); added {
		o.call.URL = full
		o.notes = append(o.notes, fmt.Sprintf("%s has no scheme; taken as %s", target, full))
	}
	if o.call.Method == "" && o.call.HasBody {
		o.call.Method = http.MethodPost
	}
	if o.call.Init.Mode == fetch.ModeNavigate {
		o.call.Init.Destination = "document"
	}
}

func setPage(page *string, s string) error {
	if s == opaquePage {
		*page = s
		return nil
	}
	full, _ := withScheme(s)
	if _, err := new(fetch.Browser).Page(full); err != nil {
		return errors.New("want the URL of a page, or null")
	}
	*page = full
	return nil
}

func setMethod(method *string, s string) error {
	if s == "" {
		return errors.New("want a method as PUT")
	}
	*method = s
	return nil
}

func addHeader(h http.Header, s string) error {
	name, value, ok := strings.Cut(s, ":")
	if !ok || name == "" {
		return errors.New("want 'Name: value'")
	}
	h.Add(name, strings.TrimSpace(value))
	return nil
}

// addBody adds what s stands for.
func addBody(bodies *[]string, s string, stdin io.Reader) error {
	if file, ok := strings.CutPrefix(s, "@"); ok {
		var data []byte
		var err error
		if file == "-" {
			data, err = io.ReadAll(stdin)
		} else {
			data, err = os.ReadFile(file)
		}
		if err != nil {
			return fmt.Errorf("%w; want text, @FILE or @-", err)
		}
		s = string(data)
	}
	*bodies = append(*bodies, s)
	return nil
}

func addCookies(cookies *[]*http.Cookie, s string) error {
	parsed, err := http.ParseCookie(s)
	if err != nil {
		return errors.New("want 'name=value', or several separated by '; '")
	}
	*cookies = append(*cookies, parsed...)
	return nil
}
