package policy

import (
	"hash/fnv"
	"iter"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

// A Class says what an origin that a server may trust by mistake has to do with
// those that it means to trust.
type Class string

// The classes. In their examples https://app.example.com is trusted by
// https://api.example.com, and evil stands for a name that anybody may register.
const (
	Stranger          Class = "stranger"           // https://evil.com
	Null              Class = "null"               // a sandboxed frame's, a data: URL's
	Insecure          Class = "insecure"           // http://app.example.com
	Suffix            Class = "suffix"             // https://evilapp.example.com.com, https://evilexample.com
	Prefix            Class = "prefix"             // https://app.example.com.evil.com
	Substring         Class = "substring"          // https://x.app.example.com.evil.com, https://pp.example.com
	Dot               Class = "dot"                // https://appxexample.com
	Charset           Class = "charset"            // https://app.example.com_.evil.com
	Subdomain         Class = "subdomain"          // https://evil.example.com, https://evil.app.example.com
	Port              Class = "port"               // https://app.example.com:8443
	PublicSuffix      Class = "public-suffix"      // https://app.evil.com, for a rule such as app.*.com
	Loopback          Class = "loopback"           // http://localhost:3000
	LoopbackLookalike Class = "loopback-lookalike" // http://localhost.evil.com
	SharedHost        Class = "shared-host"        // https://evil.github.io
	Pairwise          Class = "pairwise"           // https://app.example.comadmin.example.com
)

// Classes returns all classes.
func Classes() []Class {
	return []Class{Stranger, Null, Insecure, Suffix, Prefix, Substring, Dot, Charset, Subdomain, Port, PublicSuffix,
		Loopback, LoopbackLookalike, SharedHost, Pairwise}
}

// hostPunctuation is what may stand in the host of an origin that a browser
// sends, besides letters, digits, dots and what Dot tries.
const hostPunctuation = "_-\"{}+!~`;&'()*,$="

// sharedHosts are names below which everybody may have pages.
var sharedHosts = [...]string{"github.io", "gitlab.io", "vercel.app", "netlify.app", "pages.dev", "web.app", "herokuapp.com", "codepen.io", "s3.amazonaws.com"}

// Adversaries returns origins that no server should trust unless it means to, as
// a browser would send them, each with its class: those made from the origin of
// url and from the trusted origins, and those that are made from nothing. None is
// trusted, none is url's own. They are the same each time, so that what fails
// fails again; they seed fuzz tests well. What is no URL is passed over.
func Adversaries(url string, trusted ...string) iter.Seq2[Class, string] {
	return func(yield func(Class, string) bool) {
		seen := make(map[string]bool)
		add := func(class Class, candidate string) bool {
			o := sendable(candidate)
			if o == "" || seen[o] {
				return true
			}
			seen[o] = true
			return yield(class, o)
		}
		var models []model
		for i, s := range append([]string{url}, trusted...) {
			m, ok := newModel(s)
			if !ok {
				continue
			}
			seen[m.origin] = true // trusted, or the server's own
			if i == 0 || !slices.Contains(models, m) {
				models = append(models, m)
			}
		}
		for _, c := range candidates(models) {
			if !add(c.class, c.origin) {
				return
			}
		}
	}
}

// sendable returns an origin as a browser sends it, or "" if none can.
func sendable(s string) string {
	if s == "null" {
		return s
	}
	u, err := weburl.Parse(s, nil)
	if err != nil || !u.IsHTTP() || u.Path() != "/" {
		return ""
	}
	return origin.FromURL(u).String()
}

// A model is an origin that others are made to look like.
type model struct {
	origin       string
	scheme, host string
	port         string // ":8443", or ""
	suffix       string // the public suffix of host; "" for an address
	site         string // its registrable domain, or host if it has none
}

func newModel(s string) (m model, ok bool) {
	u, err := weburl.Parse(s, nil)
	if err != nil || !u.IsHTTP() {
		return model{}, false
	}
	o := origin.FromURL(u)
	m = model{origin: o.String(), scheme: o.Scheme(), host: o.Host(), site: o.Host()}
	if port, hasPort := o.Port(); hasPort {
		m.port = ":" + strconv.Itoa(int(port))
	}
	if m.isAddress() {
		return m, true
	}
	m.suffix, _ = publicsuffix.PublicSuffix(m.host)
	if site, err := publicsuffix.EffectiveTLDPlusOne(m.host); err == nil {
		m.site = site
	}
	return m, true
}

// isAddress reports whether the host is no domain, or this machine's: then there
// are no names to make of it.
func (m *model) isAddress() bool {
	isLocalhost := m.host == "localhost" || strings.HasSuffix(m.host, ".localhost")
	return isLocalhost || strings.HasPrefix(m.host, "[") || strings.Trim(m.host, "0123456789.") == ""
}

// evil is a name that nobody has registered below the model's public suffix.
func (m *model) evil(n int) string {
	h := fnv.New64a()
	h.Write([]byte(m.host + strconv.Itoa(n)))
	name := make([]byte, 12)
	for i, sum := 0, h.Sum64(); i < len(name); i, sum = i+1, sum/26 {
		name[i] = 'a' + byte(sum%26)
	}
	return string(name)
}

// tld is what a registrable name ends in.
func (m *model) tld() string {
	if m.suffix == "" {
		return "com"
	}
	return m.suffix
}

// A candidate is an origin and what it is to show.
type candidate struct {
	class  Class
	origin string
}

// candidates are adversaries, some of them twice, some of them trusted, and some
// such as no browser sends.
func candidates(models []model) []candidate {
	all := []candidate{{Null, "null"}}
	add := func(class Class, origins ...string) {
		for _, o := range origins {
			all = append(all, candidate{class, o})
		}
	}
	for i := range models {
		m := &models[i]
		evil := m.evil(0)
		at := m.scheme + "://"
		add(Stranger, at+evil+"."+m.tld(), at+m.evil(1)+"."+m.tld())
		if m.scheme == "https" {
			add(Insecure, "http://"+m.host+m.port)
			if !m.isAddress() {
				add(Insecure, "http://"+evil+"."+m.site+m.port)
			}
		}
		add(Port, at+m.host+":8443", at+m.host+":3000")
		if m.isAddress() {
			continue
		}
		add(Suffix, at+evil+m.site, at+evil+"-"+m.site, at+evil+m.host)
		add(Prefix, at+m.host+"."+evil+"."+m.tld(), at+m.host+evil+"."+m.tld())
		add(Substring, at+"x."+m.host+"."+evil+"."+m.tld(), at+evil+"-"+m.host+"-"+evil+"."+m.tld(), at+m.host[1:], at+m.site[1:])
		if name := strings.TrimSuffix(m.site, "."+m.suffix); len(name) > 1 {
			add(Substring, at+name[:len(name)-1]+"."+m.tld())
		}
		for j := range len(m.host) - len(m.suffix) - 1 {
			if m.host[j] == '.' {
				add(Dot, at+m.host[:j]+"x"+m.host[j+1:]+m.port)
			}
		}
		for _, c := range hostPunctuation {
			add(Charset, at+m.host+string(c)+"."+evil+"."+m.tld())
		}
		add(Subdomain, at+evil+"."+m.site+m.port, at+evil+"."+m.host+m.port, at+"a.b."+m.site+m.port)
		if m.suffix != "" {
			first, _, _ := strings.Cut(m.host, ".")
			add(PublicSuffix, at+first+"."+evil+"."+m.tld(), at+evil+"."+m.suffix)
		}
	}
	for _, scheme := range []string{"http", "https"} {
		for _, host := range []string{"localhost", "localhost:3000", "localhost:5173", "localhost:8080", "127.0.0.1", "[::1]", "192.168.0.2", "10.0.0.2"} {
			add(Loopback, scheme+"://"+host)
		}
	}
	for i := range models[:min(1, len(models))] {
		m := &models[i]
		for _, host := range []string{"localhost", "127.0.0.1"} {
			add(LoopbackLookalike, "http://"+host+"."+m.evil(0)+"."+m.tld(), "https://"+host+"."+m.evil(0)+"."+m.tld())
		}
		add(LoopbackLookalike, "http://localhost"+m.evil(0)+"."+m.tld())
		for _, host := range sharedHosts {
			add(SharedHost, "https://"+m.evil(0)+"."+host)
		}
	}
	for i := range models {
		for j := range models {
			if a, b := &models[i], &models[j]; i != j && !a.isAddress() && !b.isAddress() {
				add(Pairwise, a.scheme+"://"+a.host+b.host, a.scheme+"://"+b.host+"."+a.host, a.scheme+"://"+b.host+b.port, a.scheme+"://"+a.host+b.port)
			}
		}
	}
	return all
}
