package preflightcache_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/preflightcache"
)

// A model is the cache as the standard puts it: one list, walked from end to
// end. Whatever Cache does to be quick and small, it must answer the same.
//
// https://fetch.spec.whatwg.org/#concept-cache
type model struct {
	rules   preflightcache.Rules
	entries []modelEntry
}

type modelEntry struct {
	key         preflightcache.Key
	kind        string // "method", "header" or, for what lists nothing, "answer"
	name        string
	credentials bool
	storedAt    time.Time
	maxAge      time.Duration
}

func (m *model) remove(f func(modelEntry) bool) { m.entries = slices.DeleteFunc(m.entries, f) }

func (m *model) elapse(now time.Time) {
	m.remove(func(e modelEntry) bool { return now.Sub(e.storedAt) >= e.maxAge })
}

func (m *model) clear(k preflightcache.Key) {
	m.remove(func(e modelEntry) bool { return e.key == k })
}

func (m *model) store(k preflightcache.Key, a preflightcache.Answer, now time.Time) {
	if m.rules.NoOpaqueOrigins && k.Origin == "null" || m.rules.MaxURLLength != 0 && len(k.URL) > m.rules.MaxURLLength {
		return
	}
	if m.rules.WholeAnswers {
		m.clear(k)
	}
	put := func(kind, name string) {
		m.remove(func(e modelEntry) bool {
			return e.key == k && e.kind == kind && e.name == name && e.credentials == a.IncludeCredentials && kind != "answer"
		})
		m.entries = append(m.entries, modelEntry{k, kind, name, a.IncludeCredentials, now, a.MaxAge})
	}
	put("answer", "")
	for _, method := range a.Methods {
		put("method", method)
	}
	for _, name := range a.Headers {
		put("header", strings.ToLower(name))
	}
}

// match is a method or header-name cache entry match.
func (m *model) match(k preflightcache.Key, kind, name string, includeCredentials bool) bool {
	return slices.ContainsFunc(m.entries, func(e modelEntry) bool {
		switch {
		case e.key != k || e.kind != kind:
			return false
		case !e.credentials && includeCredentials:
			return false
		case m.rules.SeparateCredentials && e.credentials != includeCredentials:
			return false
		case e.name == name:
			return true
		case e.name != "*" || m.rules.LiteralWildcard:
			return false
		case kind == "header" && name == "authorization" && !m.rules.WildcardCoversAuthorization:
			return false
		case m.rules.WildcardByRequest:
			return !includeCredentials
		}
		return !e.credentials
	})
}

func (m *model) allows(k preflightcache.Key, q preflightcache.Request) bool {
	if considered := q.UseCORSPreflight || !q.MethodSafelisted || len(q.UnsafeHeaders) > 0; !considered && !m.rules.SafelistedUnlisted {
		return true
	}
	needed := false
	if !m.match(k, "method", q.Method, q.IncludeCredentials) {
		switch {
		case !q.MethodSafelisted, m.rules.ListHEAD && q.Method == "HEAD":
			needed = true
		case m.rules.SafelistedUnlisted:
			needed = !m.match(k, "answer", "", q.IncludeCredentials)
		case q.UseCORSPreflight:
			needed = true
		}
	}
	for _, name := range q.UnsafeHeaders {
		if !m.match(k, "header", name, q.IncludeCredentials) {
			needed = true
		}
	}
	if needed && m.rules.WholeAnswers {
		m.clear(k)
	}
	return !needed
}

func (m *model) list() []preflightcache.Entry {
	var all []preflightcache.Entry
	for _, e := range m.entries {
		x := preflightcache.Entry{Key: e.key, Credentials: e.credentials, StoredAt: e.storedAt, MaxAge: e.maxAge}
		switch e.kind {
		case "answer":
			continue
		case "method":
			x.Method = e.name
		case "header":
			x.Header = e.name
		}
		all = append(all, x)
	}
	credentials := func(e preflightcache.Entry) int {
		if e.Credentials {
			return 1
		}
		return 0
	}
	slices.SortFunc(all, func(a, b preflightcache.Entry) int {
		return cmp.Or(
			cmp.Compare(a.Key.Partition, b.Key.Partition), cmp.Compare(a.Key.Origin, b.Key.Origin), cmp.Compare(a.Key.URL, b.Key.URL),
			cmp.Compare(a.Header, b.Header), cmp.Compare(a.Method, b.Method), cmp.Compare(credentials(a), credentials(b)))
	})
	return all
}

// checkModel reads operations from data, does them to a cache and to the model,
// and wants the same of both after each.
func checkModel(t *testing.T, data []byte) {
	next := func(n int) int {
		if len(data) == 0 {
			return 0
		}
		b := int(data[0])
		data = data[1:]
		return b % n
	}
	pick := func(s ...string) string { return s[next(len(s))] }
	some := func(s ...string) (list []string) {
		for range next(3) {
			list = append(list, pick(s...))
		}
		return list
	}

	bits := next(256)
	bit := func() bool { bits >>= 1; return bits&1 != 0 }
	rules := preflightcache.Rules{
		WholeAnswers: bit(), LiteralWildcard: bit(), WildcardByRequest: bit(), WildcardCoversAuthorization: bit(),
		SeparateCredentials: bit(), SafelistedUnlisted: bit(), ListHEAD: bit(),
	}
	if next(8) == 1 {
		rules.NoOpaqueOrigins, rules.MaxURLLength = true, 3
	}
	var cache preflightcache.Cache
	m := &model{rules: rules}
	now := noon
	for len(data) > 0 {
		k := preflightcache.Key{Partition: pick("p", "q"), Origin: pick("o", "null"), URL: pick("url", "url2")}
		switch op := next(8); op {
		case 0:
			now = now.Add(time.Duration(next(4)) * time.Second)
			m.elapse(now)
		case 1:
			cache.Clear(k)
			m.clear(k)
		case 2, 3, 4:
			a := preflightcache.Answer{
				Methods:            some("PUT", "put", "GET", "HEAD", "*"),
				Headers:            some("x-a", "X-A", "x-b", "*", "Authorization"),
				MaxAge:             time.Duration(next(5)) * time.Second,
				IncludeCredentials: next(2) == 1,
			}
			cache.Store(k, a, rules, now)
			m.store(k, a, now)
			m.elapse(now)
		default:
			q := preflightcache.Request{
				Method:             pick("PUT", "put", "GET", "HEAD", "*", "DELETE"),
				UnsafeHeaders:      some("x-a", "x-b", "*", "authorization"),
				UseCORSPreflight:   next(4) == 1,
				IncludeCredentials: next(2) == 1,
			}
			q.MethodSafelisted = q.Method == "GET" || q.Method == "HEAD"
			for _, name := range q.UnsafeHeaders {
				got, want := cache.MatchHeader(k, rules, q.IncludeCredentials, name, now), m.match(k, "header", name, q.IncludeCredentials)
				if got != want {
					t.Fatalf("%+v: MatchHeader(%v, include %t, %q) = %t; want %t", rules, k, q.IncludeCredentials, name, got, want)
				}
			}
			got, want := cache.MatchMethod(k, rules, q.IncludeCredentials, q.Method, now), m.match(k, "method", q.Method, q.IncludeCredentials)
			if got != want {
				t.Fatalf("%+v: MatchMethod(%v, include %t, %q) = %t; want %t", rules, k, q.IncludeCredentials, q.Method, got, want)
			}
			got, want = cache.Allows(k, q, rules, now), m.allows(k, q)
			if got != want {
				t.Fatalf("%+v: Allows(%v, %+v) = %t; want %t", rules, k, q, got, want)
			}
		}
		if got, want := cache.Entries(now), m.list(); !slices.Equal(got, want) {
			t.Fatalf("%+v: Entries (-model +cache):\n%s", rules, gocmp.Diff(want, got))
		}
	}
}

func TestModel(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 0))
		data := make([]byte, 600)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		if seed < 100 {
			data[0], data[1] = 0, 0 // the standard
		}
		checkModel(t, data)
	}
}

func FuzzModel(f *testing.F) {
	f.Add([]byte{})
	// The standard: store PUT, ask for it, let a second pass, ask again.
	f.Add([]byte{0, 0, 0, 0, 0, 2, 1, 0, 0, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0})
	// Whole answers and their removal.
	f.Add([]byte{2, 0, 0, 0, 0, 2, 1, 0, 1, 0, 4, 0, 0, 0, 0, 5, 0, 1, 1, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0})
	random := rand.New(rand.NewPCG(1, 2))
	for rules := range 8 {
		data := make([]byte, 120)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		data[0] = byte(rules * 31)
		f.Add(data)
	}
	f.Fuzz(checkModel)
}
