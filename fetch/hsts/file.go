package hsts

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/corsfetch/corsfetch/fetch/storefile"
)

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
// Lines that are no entries are dropped, and all others are loaded. The error
// wraps a [*storefile.Error] then, or when reading fails.
func (s *Store) Load(r io.Reader, now time.Time) error {
	if err := storefile.Load(r, func(line []byte) error { return s.load(line, now) }); err != nil {
		return fmt.Errorf("hsts: %w", err)
	}
	return nil
}

// errEntry is why a line is dropped that is JSON.
var errEntry = errors.New("no entry that a store can have written")

// load adds the entry of a line.
func (s *Store) load(line []byte, now time.Time) error {
	var e Entry
	if err := storefile.Decode(line, &e); err != nil {
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
