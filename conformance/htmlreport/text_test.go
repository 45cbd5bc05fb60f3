package htmlreport

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// marked is pieces as text, with brackets around those that are not as they were.
func marked(all []piece) string {
	var b strings.Builder
	for _, p := range all {
		switch p.Kind {
		case asIs:
			b.WriteString(p.Text)
		case odd:
			b.WriteString("[" + p.Text + "]")
		case more:
			b.WriteString("(" + p.Text + ")")
		case differs:
			b.WriteString("{" + p.Text + "}")
		}
	}
	return b.String()
}

func TestInLine(t *testing.T) {
	tests := []struct {
		name, in, want string
		limit          int
	}{
		{"nothing", "", "", 9},
		{"text", "schön 日本", "schön 日本", 99},
		{"markup is for the template", "<b>&", "<b>&", 9},
		{"control characters", "a\x1b[m\x00\x7f", `a[\x1b][m[\x00\x7f]`, 99},
		{"C1", "\u009b31m", `[\u009b]31m`, 99},
		{"line feed and tab", "a\nb\tc", `a[\x0a]b[\x09]c`, 99},
		{"directions", "a\u202eb\u2066", `a[\u202e]b[\u2066]`, 99},
		{"what looks like an escape", `\u202e`, `\u202e`, 99},
		{"beyond the first plane", "\U000e0041", `[\U000e0041]`, 99},
		{"no UTF-8", "a\xff\xc3b", `a[\xff\xc3]b`, 99},
		{"a replacement character that came", "\ufffd", "\ufffd", 99},
		{"as long as may be", "abc", "abc", 3},
		{"longer", "abcd", "abc(…)", 3},
		{"within a character", "abé", "ab(…)", 3},
		{"no characters", "\x80\x80\x80\x80\x80\x80\x80\x80", `[\x80\x80](…)`, 6},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if got := marked(inLine(tc.limit, tc.in)); got != tc.want {
				t.Errorf("got %s; want %s", got, tc.want)
			}
		})
	}
	if got, want := marked(inLines(99, "a\r\n\tb\rc")), "a\n\tb[\\x0d]c"; got != want {
		t.Errorf("lines: got %q; want %q", got, want)
	}
	if got, want := marked(inLine(lineLimit, strings.Repeat("x", 5000))), strings.Repeat("x", lineLimit)+"(… of 5000 bytes)"; got != want {
		t.Errorf("got %s; want how long it is", got)
	}
}

func TestCompare(t *testing.T) {
	long := strings.Repeat("ab ", 100)
	tests := []struct {
		name, got, want string
		a, b            string
	}{
		{"the same", "a", "a", "a", "a"},
		{"nothing and something", "", "a b", "", "{a b}"},
		{"words", "GET /a 200", "GET /b 200", "GET /{a} 200", "GET /{b} 200"},
		{"not within words", "resolved", "rejected", "{resolved}", "{rejected}"},
		{"not within characters", "é", "è", "{é}", "{è}"},
		{"more", "a", "a, b", "a", "a{, b}"},
		{"twice", "a, a", "a", "a{, a}", "a"},
		{"unprintable", "\x1b", "\x00", `[\x1b]`, `[\x00]`},
		{"after much", long + "x", long + "y", "(… )" + long[len(long)-context:] + "{x}", "(… )" + long[len(long)-context:] + "{y}"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			a, b := Compare(tc.got, tc.want)
			if diff := cmp.Diff([]string{tc.a, tc.b}, []string{marked(compared(a)), marked(compared(b))}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzCompare: the cells have the texts, and differ where they say and nowhere else.
func FuzzCompare(f *testing.F) {
	f.Add("a b", "a c")
	f.Add("\xff", "\xff\xff")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, got, want string) {
		a, b := Compare(got, want)
		if a.Text != got || b.Text != want || a.from != b.from || a.from > a.to || b.from > b.to {
			t.Fatalf("got %+v, %+v", a, b)
		}
		if (got == want) != (a.from == a.to && b.from == b.to) || got != want && got[:a.from]+want[b.from:b.to]+got[a.to:] != want {
			t.Errorf("%q and %q: got %+v, %+v", got, want, a, b)
		}
		compared(a)
		compared(b)
	})
}
