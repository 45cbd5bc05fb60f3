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
	port         int // index into Servers.ports: http, http, https, https
}

// sites are the aliases; the package comment says what they are for. An
// upgrade keeps the port, so BU and XU speak https where http is spoken too.
var sites = map[string]site{
	"A":   {"http", "a%04d.localhost", 0},
	"A2":  {"http", "a%04d.localhost", 1},
	"AS":  {"https", "a%04d.localhost", 2},
	"AS2": {"https", "a%04d.localhost", 3},
	"SA":  {"http", "sa.a%04d.localhost", 0},
	"SAS": {"https", "sa.a%04d.localhost", 2},
	"B":   {"http", "b%04d.localhost", 0},
	"BS":  {"https", "b%04d.localhost", 2},
	"BU":  {"https", "b%04d.localhost", 0},
	"C":   {"http", "c%04d.localhost", 0},
	"CS":  {"https", "c%04d.localhost", 2},
	"X":   {"http", "x%04d.test", 0},
	"XU":  {"https", "x%04d.test", 0},
	"Y":   {"http", "y%04d.test", 0},
	"YS":  {"https", "y%04d.test", 2},
	"IP":  {"http", "127.0.0.1", 0},
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
func newNames(number int, ports [4]int) *names {
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
var scenarioHost = regexp.MustCompile(`^(?:sa\.)?[abcxy]([0-9]{4,})\.(?:localhost|test)$`)

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
