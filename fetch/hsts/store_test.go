package hsts_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch/hsts"
	"github.com/corsfetch/corsfetch/fetch/storefile"
)

var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// https://www.rfc-editor.org/rfc/rfc6797#section-8.2
func TestUpgrades(t *testing.T) {
	tests := []struct {
		desc   string
		policy hsts.Policy
		of     string
		yes    []string
		no     []string
	}{
		{"a host", hsts.Policy{MaxAge: day}, "a.test", []string{"a.test", "a.test."}, []string{"x.a.test", "xa.test", "test", "b.test", ""}},
		{"and below", hsts.Policy{MaxAge: day, IncludeSubDomains: true}, "a.test", []string{"a.test", "x.a.test", "y.x.a.test."}, []string{"xa.test", "test"}},
		{"a dot at its end", hsts.Policy{MaxAge: day}, "a.test.", []string{"a.test", "a.test."}, nil},
		{"a top-level domain", hsts.Policy{MaxAge: day, IncludeSubDomains: true}, "test", []string{"test", "a.test"}, []string{"a.example"}},
		// HST-003
		{"an address", hsts.Policy{MaxAge: day}, "192.0.2.1", nil, []string{"192.0.2.1"}},
		{"an address of version 6", hsts.Policy{MaxAge: day}, "[2001:db8::1]", nil, []string{"[2001:db8::1]"}},
		{"localhost", hsts.Policy{MaxAge: day, IncludeSubDomains: true}, "localhost", nil, []string{"localhost", "a.localhost"}},
		{"below localhost", hsts.Policy{MaxAge: day}, "a.localhost.", nil, []string{"a.localhost", "a.localhost."}},
		{"nothing", hsts.Policy{MaxAge: day}, "", nil, []string{"", "."}},
		{"too long a name", hsts.Policy{MaxAge: day}, strings.Repeat("a", 255), nil, []string{strings.Repeat("a", 255)}},
		{"max-age 0", hsts.Policy{IncludeSubDomains: true}, "a.test", nil, []string{"a.test", "x.a.test"}},
	}
	for _, tt := range tests {
		t.Run(tt.desc, func(t *testing.T) {
			var s hsts.Store
			s.Set(tt.of, tt.policy, now)
			for _, host := range tt.yes {
				if !s.Upgrades(host, now) {
					t.Errorf("%q is not upgraded", host)
				}
			}
			for _, host := range tt.no {
				if s.Upgrades(host, now) {
					t.Errorf("%q is upgraded", host)
				}
			}
		})
	}
}

// TestExpiry: a policy ends with its age, and not before.
func TestExpiry(t *testing.T) {
	var s hsts.Store
	s.Set("a.test", hsts.Policy{MaxAge: day}, now)
	if !s.Upgrades("a.test", now.Add(day-1)) || s.Upgrades("a.test", now.Add(day)) {
		t.Error("it does not end after a day")
	}
}

// TestReplaced: the last word counts.
func TestReplaced(t *testing.T) {
	var s hsts.Store
	s.Set("a.test", hsts.Policy{MaxAge: day, IncludeSubDomains: true}, now)
	s.Set("a.test", hsts.Policy{MaxAge: 2 * day}, now)
	if s.Upgrades("x.a.test", now) || !s.Upgrades("a.test", now.Add(day)) {
		t.Error("the first policy is still there")
	}
	s.Set("a.test.", hsts.Policy{}, now)
	if s.Upgrades("a.test", now) {
		t.Error("it is not forgotten")
	}
	s.Set("b.test", hsts.Policy{MaxAge: day}, now)
	if s.Clear(); s.Upgrades("b.test", now) {
		t.Error("it is not cleared")
	}
}

// TestBound: what ends first makes room, and what has ended before that.
func TestBound(t *testing.T) {
	var s hsts.Store
	for i := range hsts.MaxHosts {
		s.Set(fmt.Sprintf("h%d.test", i), hsts.Policy{MaxAge: day + time.Duration(i)*time.Second}, now)
	}
	s.Set("new.test", hsts.Policy{MaxAge: 10 * day}, now)
	if s.Upgrades("h0.test", now) || s.Upgrades("h1000.test", now) || !s.Upgrades("h1001.test", now) || !s.Upgrades("new.test", now) {
		t.Error("it is not the first to end that have made room")
	}
	for i := range 1001 {
		s.Set(fmt.Sprintf("newer%d.test", i), hsts.Policy{MaxAge: day}, now.Add(2*day))
	}
	if got := len(s.Entries(now)); got != 1+1001 {
		t.Errorf("%d hosts after all others have ended; want 1002", got)
	}
}

func TestFile(t *testing.T) {
	var s, loaded hsts.Store
	s.Set("b.test", hsts.Policy{MaxAge: day}, now)
	s.Set("a.test", hsts.Policy{MaxAge: 2 * day, IncludeSubDomains: true}, now)
	s.Set("c.test", hsts.Policy{MaxAge: time.Second}, now.Add(-day))
	var file bytes.Buffer
	if err := s.Save(&file, now); err != nil {
		t.Fatal(err)
	}
	if err := loaded.Load(&file, now); err != nil {
		t.Fatal(err)
	}
	want := []hsts.Entry{{Host: "a.test", IncludeSubDomains: true, Expires: now.Add(2 * day)}, {Host: "b.test", Expires: now.Add(day)}}
	if diff := cmp.Diff(want, loaded.Entries(now)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := s.Save(brokenWriter{}, now); !errors.Is(err, errBroken) {
		t.Errorf("Save to what is broken: %v; want its error", err)
	}
}

var errBroken = errors.New("broken")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

// TestBadFile: what is no entry is dropped, and the others are loaded.
func TestBadFile(t *testing.T) {
	const good = `{"host":"a.test","expires":"2026-12-20T12:00:00Z"}` + "\n"
	for _, bad := range []string{
		"x", "{}", `{"host":"a"`, `{"host":"127.0.0.1","expires":"2026-12-20T12:00:00Z"}`, `{"host":"b.localhost","expires":"2026-12-20T12:00:00Z"}`,
		`{"host":"b.test.","expires":"2026-12-20T12:00:00Z"}`, `{"host":"b.test"}`, `{"host":"","expires":"2026-12-20T12:00:00Z"}`,
		`{"host":"b.test","expires":"2026-12-20T12:00:00Z","x":1}`, good[:len(good)-1] + good[:len(good)-1], strings.Repeat("x", 1<<20),
	} {
		var s hsts.Store
		err := s.Load(strings.NewReader(bad+"\n\n"+good), now)
		var failed *storefile.Error
		if !errors.As(err, &failed) || failed.Dropped != 1 || len(failed.Lines) != 1 || failed.Lines[0].Number != 1 || failed.Err != nil {
			t.Errorf("%.60s: %v; want a storefile.Error that names line 1 alone", bad, err)
		}
		if got := s.Entries(now); len(got) != 1 || got[0].Host != "a.test" {
			t.Errorf("%s: got %v; want a.test alone", bad, got)
		}
	}
	var s hsts.Store
	if err := s.Load(strings.NewReader(`{"host":"a.test","expires":"2020-12-20T12:00:00Z"}`), now); err != nil || len(s.Entries(now)) != 0 {
		t.Errorf("what has expired: %v, %v; want nothing", err, s.Entries(now))
	}
	if err := s.Load(iotest.ErrReader(errBroken), now); !errors.Is(err, errBroken) {
		t.Errorf("a broken reader: %v; want its error", err)
	}
}

// TestHugeFile: a file of far too many hosts is loaded in time, and within
// bounds; the last that end are those that are kept.
func TestHugeFile(t *testing.T) {
	var file strings.Builder
	for i := range 3 * hsts.MaxHosts {
		fmt.Fprintf(&file, `{"host":"h%d.test","expires":"%s"}`+"\n", i, now.Add(day+time.Duration(i)*time.Second).Format(time.RFC3339))
	}
	var s hsts.Store
	if err := s.Load(strings.NewReader(file.String()), now); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Entries(now)); n > hsts.MaxHosts || n < hsts.MaxHosts-1000 {
		t.Errorf("%d hosts; want at most %d, and not many less", n, hsts.MaxHosts)
	}
	if last := fmt.Sprintf("h%d.test", 3*hsts.MaxHosts-1); !s.Upgrades(last, now) {
		t.Errorf("%s is not kept", last)
	}
}

// FuzzLoad: what can be loaded of a file can be saved and loaded, and all else is
// told.
func FuzzLoad(f *testing.F) {
	const good = `{"host":"a.test","includeSubDomains":true,"expires":"2026-12-20T12:00:00Z"}` + "\n"
	for _, seed := range []string{good, good[:40], good + "x\n" + good, `{"host":"[::1]"}`, `{"host":"b.test","expires":"9999-12-31T23:59:59Z"}`, "[]\n\"\n\n{}", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s, again hsts.Store
		var failed *storefile.Error
		if err := s.Load(strings.NewReader(text), now); err != nil && !errors.As(err, &failed) {
			t.Errorf("an error of type %T", err)
		}
		var file bytes.Buffer
		if err := s.Save(&file, now); err != nil {
			t.Fatalf("what was loaded cannot be saved: %v", err)
		}
		if err := again.Load(&file, now); err != nil {
			t.Fatalf("what was saved cannot be loaded: %v", err)
		}
		if want, got := s.Entries(now), again.Entries(now); !slices.EqualFunc(want, got, func(a, b hsts.Entry) bool {
			return a.Host == b.Host && a.IncludeSubDomains == b.IncludeSubDomains && a.Expires.Equal(b.Expires)
		}) {
			t.Errorf("after Save and Load: got %v, want %v", got, want)
		}
	})
}

// TestLookup: to ask costs no memory.
func TestLookup(t *testing.T) {
	var s hsts.Store
	s.Set("a.test", hsts.Policy{MaxAge: day, IncludeSubDomains: true}, now)
	if n := testing.AllocsPerRun(100, func() { s.Upgrades("z.y.x.a.test", now) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
