package preflightcache_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/preflightcache"
)

func put(maxAge time.Duration) preflightcache.Answer {
	return preflightcache.Answer{Methods: []string{"PUT"}, MaxAge: maxAge}
}

func keyOf(i int) preflightcache.Key {
	k := putKey
	k.URL = fmt.Sprintf("https://api.test/%d", i)
	return k
}

// A server that lists ten thousand names gets MaxEntries of them remembered.
func TestManyNames(t *testing.T) {
	var c preflightcache.Cache
	var r preflightcache.Rules
	names := make([]string, 10_000)
	for i := range names {
		names[i] = fmt.Sprintf("x-%d", i)
	}
	c.Store(putKey, preflightcache.Answer{Methods: []string{"PUT"}, Headers: names, MaxAge: minute}, r, noon)
	if got := len(c.Entries(noon)); got != preflightcache.MaxEntries {
		t.Errorf("%d entries; want %d", got, preflightcache.MaxEntries)
	}
	if !c.MatchMethod(putKey, r, false, "PUT", noon) || !c.MatchHeader(putKey, r, false, "x-0", noon) {
		t.Error("the first names are not remembered")
	}
	if c.MatchHeader(putKey, r, false, "x-9999", noon) {
		t.Error("the last name is remembered")
	}
	// A full key can still have its entries renewed, and has room again later.
	c.Store(putKey, put(time.Hour), r, noon)
	later := noon.Add(minute)
	if !c.MatchMethod(putKey, r, false, "PUT", later) {
		t.Error("an entry of a full key is not renewed")
	}
	c.Store(putKey, preflightcache.Answer{Headers: names, MaxAge: minute}, r, later)
	if got := len(c.Entries(later)); got != preflightcache.MaxEntries {
		t.Errorf("%d entries once the first have expired; want %d", got, preflightcache.MaxEntries)
	}
}

func TestLongNames(t *testing.T) {
	var c preflightcache.Cache
	var r preflightcache.Rules
	a := put(minute)
	for i := range 100 {
		a.Headers = append(a.Headers, strings.Repeat("x", 4096+i))
	}
	c.Store(putKey, a, r, noon)
	total := 0
	for _, e := range c.Entries(noon) {
		total += len(e.Method) + len(e.Header)
	}
	if total < 3*4096 || total > 16<<10 {
		t.Errorf("%d bytes of names are remembered; want at most 16 KiB, and not much less", total)
	}
	// What has expired leaves room.
	later := noon.Add(minute)
	c.Store(putKey, a, r, later)
	if !c.MatchHeader(putKey, r, false, a.Headers[0], later) {
		t.Error("there is no room for a name once the others have expired")
	}
}

func TestLongKey(t *testing.T) {
	var c preflightcache.Cache
	var r preflightcache.Rules
	k := putKey
	k.URL += strings.Repeat("x", 1<<20)
	c.Store(k, put(minute), r, noon)
	if got := c.Entries(noon); got != nil {
		t.Errorf("%d entries of a URL of a megabyte; want none", len(got))
	}
}

func TestManyKeys(t *testing.T) {
	for _, size := range []int{-1, 0, 1, 7} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			want := size
			if size <= 0 {
				want = preflightcache.DefaultSize
			}
			c := preflightcache.New(size)
			var r preflightcache.Rules
			for i := range 3 * preflightcache.DefaultSize {
				c.Store(keyOf(i), put(minute), r, noon)
			}
			if got := len(c.Entries(noon)); got != want {
				t.Errorf("%d entries; want %d", got, want)
			}
			if !c.MatchMethod(keyOf(3*preflightcache.DefaultSize-1), r, false, "PUT", noon) {
				t.Error("the last key is not remembered")
			}
		})
	}
}

// The key that has gone unused for longest makes room.
func TestLeastRecentlyUsed(t *testing.T) {
	c := preflightcache.New(2)
	var r preflightcache.Rules
	c.Store(keyOf(0), put(minute), r, noon)
	c.Store(keyOf(1), put(minute), r, noon)
	c.Allows(keyOf(0), preflightcache.Request{Method: "PUT"}, r, noon)
	c.Entries(noon)
	c.Store(keyOf(2), put(minute), r, noon)
	for i, want := range []bool{true, false, true} {
		if got := c.MatchMethod(keyOf(i), r, false, "PUT", noon); got != want {
			t.Errorf("MatchMethod of key %d = %t; want %t", i, got, want)
		}
	}
}

// Expired keys make room where they are met.
func TestExpiredKeyIsRemoved(t *testing.T) {
	c := preflightcache.New(2)
	var r preflightcache.Rules
	c.Store(keyOf(0), put(time.Hour), r, noon)
	c.Store(keyOf(1), put(minute), r, noon)
	c.MatchMethod(keyOf(1), r, false, "PUT", noon.Add(minute))
	c.Store(keyOf(2), put(minute), r, noon.Add(minute))
	if !c.MatchMethod(keyOf(0), r, false, "PUT", noon.Add(minute)) {
		t.Error("a live key has made room although an expired one was there")
	}
}

// An entry does not keep alive the big strings that its small ones were cut
// from.
func TestStringsAreCloned(t *testing.T) {
	const big = 32 << 20
	var c preflightcache.Cache
	func() {
		s := strings.Repeat("x", big) + "https://api.test/xPUTx-a"
		s = s[big:]
		k := putKey
		k.URL = s[:len("https://api.test/x")]
		rest := s[len(k.URL):]
		c.Store(k, preflightcache.Answer{Methods: []string{rest[:3]}, Headers: []string{rest[3:]}, MaxAge: minute}, preflightcache.Rules{}, noon)
	}()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	if stats.HeapAlloc > big {
		t.Errorf("%d MiB are in use; want less than %d", stats.HeapAlloc>>20, big>>20)
	}
	if got := len(c.Entries(noon)); got != 2 {
		t.Errorf("%d entries; want 2", got)
	}
}

// PFC-033: concurrent use corrupts nothing. What it proves it proves under the
// race detector.
func TestConcurrentUse(t *testing.T) {
	c := preflightcache.New(4)
	var wait sync.WaitGroup
	for i := range 8 {
		rules := []preflightcache.Rules{{}, chromium, firefox, webkit}[i%4]
		wait.Go(func() {
			for j := range 200 {
				now := noon.Add(time.Duration(j) * time.Second)
				k := keyOf(j % 6)
				c.Store(k, preflightcache.Answer{Methods: []string{"PUT"}, Headers: []string{"x-a"}, MaxAge: minute}, rules, now)
				c.Allows(k, preflightcache.Request{Method: "PUT", UnsafeHeaders: []string{"x-a"}}, rules, now)
				c.MatchMethod(k, rules, true, "PUT", now)
				c.MatchHeader(k, rules, false, "x-a", now)
				c.Entries(now)
				switch j % 50 {
				case 0:
					c.Clear(k)
				case 25:
					c.Reset()
				}
			}
		})
	}
	wait.Wait()

	end := noon.Add(time.Hour)
	c.Store(putKey, put(minute), preflightcache.Rules{}, end)
	if !c.MatchMethod(putKey, preflightcache.Rules{}, false, "PUT", end) {
		t.Error("PUT is not remembered")
	}
	if got := len(c.Entries(end)); got != 1 {
		t.Errorf("%d entries are live an hour later; want the one just stored", got)
	}
}

func TestAllowsAllocatesNothing(t *testing.T) {
	c, q := stored()
	for _, r := range []preflightcache.Rules{{}, chromium, firefox, webkit} {
		allocs := testing.AllocsPerRun(100, func() {
			if !c.Allows(putKey, q, r, noon) {
				t.Fatal("a miss")
			}
		})
		if allocs != 0 {
			t.Errorf("Allows with %+v: %v allocations; want 0", r, allocs)
		}
	}
}

// stored returns a cache of many keys and a request that it allows.
func stored() (*preflightcache.Cache, preflightcache.Request) {
	c := preflightcache.New(0)
	for i := range preflightcache.DefaultSize - 1 {
		c.Store(keyOf(i), put(time.Hour), preflightcache.Rules{}, noon)
	}
	a := preflightcache.Answer{Methods: []string{"GET", "PUT", "DELETE"}, Headers: []string{"Content-Type", "X-A", "Authorization"}, MaxAge: time.Hour}
	c.Store(putKey, a, preflightcache.Rules{}, noon)
	return c, preflightcache.Request{Method: "PUT", UnsafeHeaders: []string{"content-type", "x-a"}}
}

func BenchmarkAllows(b *testing.B) {
	c, q := stored()
	miss := q
	miss.UnsafeHeaders = []string{"content-type", "x-b"}
	for _, bench := range []struct {
		name string
		q    preflightcache.Request
		want bool
	}{
		{"hit", q, true},
		{"miss", miss, false},
		{"safelisted", preflightcache.Request{Method: "GET", MethodSafelisted: true}, true},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := c.Allows(putKey, bench.q, preflightcache.Rules{}, noon); got != bench.want {
					b.Fatalf("Allows = %t; want %t", got, bench.want)
				}
			}
		})
	}
}

func BenchmarkStore(b *testing.B) {
	c, _ := stored()
	b.ReportAllocs()
	for b.Loop() {
		c.Store(putKey, put(time.Hour), preflightcache.Rules{}, noon)
	}
}
