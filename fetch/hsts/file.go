package hsts

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// maxLine is how many bytes of a line Load reads.
const maxLine = 4 << 10

// Save writes what has not expired to w, by host, as lines of JSON.
//
// The error is w's, or that a time has a year of more than four digits.
func (s *Store) Save(w io.Writer, now time.Time) error {
	enc := json.NewEncoder(w)
	for _, e := range s.Entries(now) {
		if err := enc.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

// Load adds what Save has written. A host that is already there is replaced;
// what has expired is left out, and [MaxHosts] holds.
//
// Lines that are no entries are dropped, and all others are loaded; the error
// names the first of them then. It wraps r's, if reading fails.
func (s *Store) Load(r io.Reader, now time.Time) error {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	var first error
	for number := 1; in.Scan(); number++ {
		if err := s.load(in.Bytes(), now); err != nil && first == nil {
			first = fmt.Errorf("hsts: line %d: %w", number, err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("hsts: %w", err)
	}
	return first
}

// errEntry is why a line is dropped that is JSON.
var errEntry = errors.New("no entry that a store can have written")

// load adds the entry of a line.
func (s *Store) load(line []byte, now time.Time) error {
	if len(line) == 0 {
		return nil
	}
	var e Entry
	if err := json.Unmarshal(line, &e); err != nil {
		return err
	}
	if host := normal(e.Host); host != e.Host || !canBeKnown(host) || e.Expires.IsZero() {
		return errEntry
	}
	if !now.Before(e.Expires) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(e.Host, known{e.Expires.Round(0).UTC(), e.IncludeSubDomains}, now)
	return nil
}
