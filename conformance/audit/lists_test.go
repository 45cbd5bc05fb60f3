package audit

import "testing"

// TestRelisted: a list is what words there are, whatever stands between.
func TestRelisted(t *testing.T) {
	for value, want := range map[string]string{
		"":                    "",
		"GET; POST":           "GET, POST",
		"GET POST  PUT":       "GET, POST, PUT",
		`"X-A", 'X-B'`:        "X-A, 'X-B'",
		"[X-A, X-B, X-A]":     "X-A, X-B",
		"X-\u00c4":            "X-",
		"\x00\xff(),/:;<=>?@": "",
	} {
		if got := relisted(value); got != want {
			t.Errorf("relisted(%q) = %q; want %q", value, got, want)
		}
	}
}
