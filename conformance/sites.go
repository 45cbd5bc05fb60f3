package conformance

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
)

// A site is what an alias stands for: a scheme, a host that holds the
// scenario's number, and one of the ports of the servers.
type site struct {
	scheme, host string
	port         int // index into Servers.ports
}

// ports are those of the servers.
type ports [6]int

// Which port is for what.
const (
	portHTTP = iota
	portHTTPOther
	portHTTPS
	portHTTPSOther
	portPublic // for http and https
	portLocal  // likewise
)

// portSpaces are the address spaces that ports count as; "" is what they are,
// loopback.
var portSpaces = [len(ports{})]string{portPublic: "public", portLocal: "local"}

// sites are the aliases; the package comment says what they are for. An
// upgrade keeps the port, so BU, XU and SXU speak https where http is spoken too.
var sites = map[string]site{
	"A":   {"http", "a%04d.localhost", portHTTP},
	"A2":  {"http", "a%04d.localhost", portHTTPOther},
	"AS":  {"https", "a%04d.localhost", portHTTPS},
	"AS2": {"https", "a%04d.localhost", portHTTPSOther},
	"SA":  {"http", "sa.a%04d.localhost", portHTTP},
	"SAS": {"https", "sa.a%04d.localhost", portHTTPS},
	"B":   {"http", "b%04d.localhost", portHTTP},
	"BS":  {"https", "b%04d.localhost", portHTTPS},
	"BU":  {"https", "b%04d.localhost", portHTTP},
	"C":   {"http", "c%04d.localhost", portHTTP},
	"CS":  {"https", "c%04d.localhost", portHTTPS},
	"X":   {"http", "x%04d.test", portHTTP},
	"XU":  {"https", "x%04d.test", portHTTP},
	"SX":  {"http", "sa.x%04d.test", portHTTP},
	"SXU": {"https", "sa.x%04d.test", portHTTP},
	"Y":   {"http", "y%04d.test", portHTTP},
	"YS":  {"https", "y%04d.test", portHTTPS},
	"P":   {"http", "p%04d.test", portPublic},
	"PS":  {"https", "p%04d.test", portPublic},
	"L":   {"http", "l%04d.test", portLocal},
	"LS":  {"https", "l%04d.test", portLocal},
	"IP":  {"http", "127.0.0.1", portHTTP},
}

// Aliases returns the names of origins that scenarios may use, in order.
func Aliases() []string { return sortedKeys(sites) }

// names maps aliases to origins and back.
type names struct {
	origins map[string]string // by alias
	hosts   map[string]bool   // host names
	resolve *strings.Replacer
	alias   *strings.Replacer
}

// newNames names the origins of the scenario of a number. No other scenario
// has the same hosts, but for IP.
func newNames(number int, ports ports) *names {
	n := &names{origins: make(map[string]string), hosts: make(map[string]bool)}
	var resolve, origins, hosts, hostnames []string
	for _, alias := range sortedKeys(sites) {
		s := sites[alias]
		hostname := s.host
		if strings.Contains(hostname, "%") {
			hostname = fmt.Sprintf(hostname, number)
			// An address is too common a word to be told from an alias.
			hostnames = append(hostnames, hostname, "{"+alias+".hostname}")
		}
		host := net.JoinHostPort(hostname, strconv.Itoa(ports[s.port]))
		o := s.scheme + "://" + host
		n.origins[alias] = o
		n.hosts[hostname] = true
		resolve = append(resolve, "{"+alias+"}", o, "{"+alias+".host}", host, "{"+alias+".hostname}", hostname)
		origins = append(origins, o, "{"+alias+"}")
		hosts = append(hosts, host, "{"+alias+".host}")
	}
	n.resolve = strings.NewReplacer(resolve...)
	// Of what begins at the same place a Replacer prefers what comes first.
	n.alias = strings.NewReplacer(append(append(origins, hosts...), hostnames...)...)
	return n
}

// scenarioHost is a host of some scenario.
var scenarioHost = regexp.MustCompile(`^(?:sa\.)?[abclpxy]([0-9]{4,})\.(?:localhost|test)$`)

// scenarioNumber returns the number that a host name holds.
func scenarioNumber(hostname string) (number int, ok bool) {
	m := scenarioHost.FindStringSubmatch(strings.ToLower(hostname))
	if m == nil {
		return 0, false
	}
	number, err := strconv.Atoi(m[1])
	return number, err == nil
}

// blobID is the random part of a blob: URL.
var blobID = regexp.MustCompile(`(blob:(?:null|[a-z]+://[^/\s]+|\{[A-Z0-9]+\})/)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
