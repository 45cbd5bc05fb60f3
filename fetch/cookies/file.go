package cookies

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/corsfetch/corsfetch/fetch/storefile"
	"github.com/corsfetch/corsfetch/origin"
)

// A line is a cookie as it is saved.
type line struct {
	Name       octets     `json:"name"`
	Value      octets     `json:"value"`
	Domain     string     `json:"domain"`
	HostOnly   bool       `json:"hostOnly,omitempty"`
	Path       octets     `json:"path"`
	Secure     bool       `json:"secure,omitempty"`
	HTTPOnly   bool       `json:"httpOnly,omitempty"`
	SameSite   SameSite   `json:"sameSite"`
	Expires    *time.Time `json:"expires,omitempty"`
	Created    time.Time  `json:"created"`
	LastAccess time.Time  `json:"lastAccess"`
	Partition  string     `json:"partition,omitempty"`
	ThirdParty bool       `json:"thirdParty,omitempty"`
}

// Octets are bytes that mostly are text. They are saved as a string if they are
// UTF-8, or as {"base64": "..."}.
type octets string

type base64Octets struct {
	Base64 []byte `json:"base64"`
}

func (o octets) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(o)) {
		return json.Marshal(string(o))
	}
	return json.Marshal(base64Octets{[]byte(o)})
}

func (o *octets) UnmarshalJSON(data []byte) error {
	var encoded base64Octets
	if bytes.HasPrefix(data, []byte("{")) {
		err := json.Unmarshal(data, &encoded)
		*o = octets(encoded.Base64)
		return err
	}
	return json.Unmarshal(data, (*string)(o))
}

// Save writes the cookies that have not expired to w, those without Expires
// included, oldest first, as lines of JSON. Not saved are those of tabs with an
// opaque origin: no other tab can ever have them.
//
// The error is w's, or that a time has a year of more than four digits.
func (s *Store) Save(w io.Writer, now time.Time) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, e := range s.Entries(now) {
		if e.Partition == "null" {
			continue
		}
		l := line{
			Name: octets(e.Name), Value: octets(e.Value), Domain: e.Domain, HostOnly: e.HostOnly, Path: octets(e.Path),
			Secure: e.Secure, HTTPOnly: e.HTTPOnly, SameSite: e.SameSite, Created: e.Created, LastAccess: e.LastAccess,
			Partition: e.Partition, ThirdParty: e.ThirdParty,
		}
		if !e.Expires.IsZero() {
			l.Expires = &e.Expires
		}
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return out.Flush()
}

// Load adds the cookies that Save has written. One that is already there is
// replaced. What has expired is left out, and the limits of a Store hold.
//
// Lines that are no such cookies are dropped, and all others are loaded. The
// error wraps a [*storefile.Error] then, or when reading fails.
func (s *Store) Load(r io.Reader, now time.Time) error {
	now = instant(now)
	if err := storefile.Load(r, func(text []byte) error { return s.load(text, now) }); err != nil {
		return fmt.Errorf("cookies: %w", err)
	}
	return nil
}

// load adds the cookie of one line.
func (s *Store) load(text []byte, now time.Time) error {
	var l line
	if err := storefile.Decode(text, &l); err != nil {
		return err
	}
	e := Entry{
		Name: string(l.Name), Value: string(l.Value), Domain: l.Domain, HostOnly: l.HostOnly, Path: string(l.Path),
		Secure: l.Secure, HTTPOnly: l.HTTPOnly, SameSite: l.SameSite,
		Created: instant(l.Created), LastAccess: instant(l.LastAccess),
		Partition: l.Partition, ThirdParty: l.ThirdParty,
	}
	if l.Expires != nil {
		e.Expires = instant(*l.Expires)
	}
	at, err := e.place(&s.sites)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prune(at, now)
	c := &cookie{Entry: e}
	old := s.find(at, c)
	if old != nil {
		// It is as old as it says, not as the one that it replaces.
		s.remove(at, old)
	}
	s.put(at, c, nil, now)
	return nil
}

// place returns where a loaded cookie belongs, or why no store can have made
// it.
func (e *Entry) place(sites *origin.Sites) (place, error) {
	in, ok := parseSetCookie(e.Name+"="+e.Value, Rules{}, e.Created)
	if !ok || in.name != e.Name || in.value != e.Value {
		return place{}, errPair
	}
	host, ok := parseHost(e.Domain)
	if !ok || host.Host() != e.Domain || len(e.Domain) > maxDomain {
		return place{}, errDomain
	}
	domain := sites.RegistrableDomain(host)
	if domain == "" && !e.HostOnly {
		return place{}, errDomain
	}
	if domain == "" {
		domain = e.Domain
	}
	if !strings.HasPrefix(e.Path, "/") || len(e.Path) > maxAttribute {
		return place{}, errPath
	}
	if e.Partition == "" {
		if e.ThirdParty {
			return place{}, errPartition
		}
		return place{domain: domain}, nil
	}
	site, err := origin.Parse(e.Partition)
	if err != nil || site.IsOpaque() || sites.Site(site).String() != e.Partition {
		return place{}, errPartition
	}
	return place{partition{true, sites.Site(site), e.ThirdParty}, domain}, nil
}

// Why a line is dropped, besides the errors of package storefile.
var (
	errPair      = errors.New("no name and value that a cookie can have")
	errDomain    = errors.New("no domain that a cookie can have")
	errPath      = errors.New("no path that a cookie can have")
	errPartition = errors.New("no partition that a cookie can be in")
)
