package hsts_test

import (
	"strings"
	"testing"
	"time"

	"github.com/corsfetch/corsfetch/fetch/hsts"
)

// parseTests are Strict-Transport-Security headers, with what they say.
var parseTests = []struct {
	headers    []string
	seconds    int // -1: malformed
	subDomains bool
}{
	// https://www.rfc-editor.org/rfc/rfc6797#section-6.1
	{nil, -1, false},
	{[]string{""}, -1, false},
	{[]string{"max-age=31536000"}, 31536000, false},
	{[]string{"max-age=0"}, 0, false},
	{[]string{`max-age="31536000"`}, 31536000, false},
	{[]string{`max-age="\31"`}, 31, false},
	{[]string{"max-age=15768000 ; includeSubDomains"}, 15768000, true},
	{[]string{"includesubdomains;MAX-AGE=1"}, 1, true},
	{[]string{"\t max-age\t= 1\t;"}, 1, false},
	{[]string{";;; max-age=1;;"}, 1, false},
	{[]string{`max-age=1; preload; a=b; c="d;max-age=2"`}, 1, false},
	{[]string{"max-age=1", "max-age=2"}, 1, false},
	{[]string{"x", "max-age=2"}, -1, false},
	{[]string{"max-age=99999999999999999999999999"}, 5 * 365 * 24 * 60 * 60, false},
	{[]string{"includeSubDomains"}, -1, false},
	{[]string{"max-age"}, -1, false},
	{[]string{"max-age="}, -1, false},
	{[]string{`max-age=""`}, -1, false},
	{[]string{"max-age=-1"}, -1, false},
	{[]string{"max-age=+1"}, -1, false},
	{[]string{"max-age=1s"}, -1, false},
	{[]string{"max-age=1 2"}, -1, false},
	{[]string{"max-age=1, includeSubDomains"}, -1, false},
	{[]string{"max-age=1; max-age=1"}, -1, false},
	{[]string{"max-age=1; a; A"}, -1, false},
	{[]string{"max-age=1; includeSubDomains=x"}, -1, false},
	{[]string{"max-age=1; =x"}, -1, false},
	{[]string{`max-age="1`}, -1, false},
	{[]string{`max-age="1"2`}, -1, false},
	{[]string{`max-age="1;"`}, -1, false},
	{[]string{"max-age=1; (a)"}, -1, false},
}

func TestParse(t *testing.T) {
	for _, tt := range parseTests {
		got, ok := hsts.Parse(tt.headers)
		want := hsts.Policy{MaxAge: time.Duration(tt.seconds) * time.Second, IncludeSubDomains: tt.subDomains}
		if tt.seconds < 0 {
			want = hsts.Policy{}
		}
		if got != want || ok != (tt.seconds >= 0) {
			t.Errorf("Parse(%q): got %+v, %v; want %+v", tt.headers, got, ok, want)
		}
	}
}

// FuzzParse: what can be read is in bounds, and says the same with more space
// and empty directives around it.
func FuzzParse(f *testing.F) {
	for _, tt := range parseTests {
		f.Add(strings.Join(tt.headers, "\n"))
	}
	f.Fuzz(func(t *testing.T, header string) {
		got, ok := hsts.Parse([]string{header})
		if !ok && got != (hsts.Policy{}) || got.MaxAge < 0 || got.MaxAge%time.Second != 0 || got.MaxAge > 5*365*24*time.Hour {
			t.Errorf("got %+v, %v", got, ok)
		}
		if again, okAgain := hsts.Parse([]string{"; " + header + " ;"}); ok && (again != got || !okAgain) {
			t.Errorf("with more around it: got %+v, %v; want %+v", again, okAgain, got)
		}
	})
}
