package main

import (
	"net"
	"strings"
)

// withScheme returns s with the scheme that it lacks: http for a host on this
// machine, else https. It leaves URLs that are relative to the page alone.
func withScheme(s string) (full string, added bool) {
	if s == "" || strings.ContainsRune("/?#.\\", rune(s[0])) || hasScheme(s) {
		return s, false
	}
	authority := s
	if i := strings.IndexAny(s, `/?#\`); i >= 0 {
		authority = s[:i]
	}
	if isLoopback(authority) {
		return "http://" + s, true
	}
	return "https://" + s, true
}

// hasScheme reports whether s begins with a scheme and not with a host and a
// port.
func hasScheme(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || strings.ContainsAny(scheme, "/?#[@") {
		return false
	}
	port := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		port = rest[:i]
	}
	isPort := port != "" && strings.Trim(port, "0123456789") == ""
	return !isPort
}

// isLoopback reports whether an authority, with or without port, is this
// machine.
func isLoopback(authority string) bool {
	host, _, err := net.SplitHostPort(authority)
	if err != nil {
		host = strings.Trim(authority, "[]")
	}
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	host = strings.ToLower(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
