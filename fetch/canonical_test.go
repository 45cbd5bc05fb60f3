package fetch

import (
	"net/http"
	"testing"

	"github.com/corsfetch/corsfetch/safelist"
)

// FuzzIsCanonical: a token is canonical if and only if net/http would write it
// so; what is no token is only if it is printable.
func FuzzIsCanonical(f *testing.F) {
	for _, name := range []string{"", "Content-Type", "content-type", "CONTENT-TYPE", "X--A", "X-1a", "1a", "1A", "-A", "-a", "A-", "X_a", "X_A", "Etag", "ETag", "A b", "\x00", "é", "A:"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := isCanonical(name)
		if want := name == http.CanonicalHeaderKey(name); safelist.IsToken(name) && got != want {
			t.Errorf("isCanonical(%q) = %t; want %t", name, got, want)
		}
		for _, c := range []byte(name) {
			if got && (c <= ' ' || c >= 0x7f) {
				t.Errorf("isCanonical(%q), which holds %#x", name, c)
			}
		}
	})
}
