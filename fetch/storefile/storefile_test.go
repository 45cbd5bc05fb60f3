package storefile_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/corsfetch/corsfetch/fetch/storefile"
)

// names loads a file of names, and returns those that could be.
func names(r io.Reader) (loaded []string, err error) {
	err = storefile.Load(r, func(line []byte) error {
		var entry struct{ Name string }
		if err := storefile.Decode(line, &entry); err != nil {
			return err
		}
		if entry.Name == "" {
			return errors.New("no name")
		}
		loaded = append(loaded, entry.Name)
		return nil
	})
	return loaded, err
}

// good is a line that can be loaded.
func good(name string) string { return fmt.Sprintf(`{"name":%q}`, name) }

// TestLoad: all that can be read is, and what cannot is told by line.
func TestLoad(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
		dropped    []int
	}{
		{"nothing", "", nil, nil},
		{"blank lines", "\n \t\r\n\n" + good("a"), []string{"a"}, nil},
		{"no newline at the end", good("a") + "\n" + good("b"), []string{"a", "b"}, nil},
		{"carriage returns", good("a") + "\r\n" + good("b") + "\r\n", []string{"a", "b"}, nil},
		{"cut off", good("a") + "\n" + `{"name":"b`, []string{"a"}, []int{2}},
		{"no JSON between", good("a") + "\nx\n" + good("b"), []string{"a", "b"}, []int{2}},
		{"no object", "[]\n\"\n1\n" + good("a"), []string{"a"}, []int{1, 2, 3}},
		{"two objects", good("a") + good("b") + "\n" + good("c"), []string{"c"}, []int{1}},
		{"another member", `{"name":"a","x":1}` + "\n" + good("b"), []string{"b"}, []int{1}},
		{"refused by load", "{}\n" + good("a"), []string{"a"}, []int{1}},
		{"as long as can be", good(strings.Repeat("a", storefile.MaxLine-len(good(""))-1)) + "\n" + good("b"), []string{strings.Repeat("a", storefile.MaxLine-len(good(""))-1), "b"}, nil},
		{"too long", good(strings.Repeat("a", 3*storefile.MaxLine)) + "\n" + good("b") + "\nx\n", []string{"b"}, []int{1, 3}},
		{"NUL and what is no UTF-8", "\x00\xff\n" + good("a"), []string{"a"}, []int{1}},
	} {
		got, err := names(strings.NewReader(tt.text))
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: loaded %.80q, want %.80q", tt.name, got, tt.want)
		}
		var failed *storefile.Error
		if err != nil && !errors.As(err, &failed) {
			t.Fatalf("%s: an error of type %T", tt.name, err)
		}
		var dropped []int
		if failed != nil {
			for _, l := range failed.Lines {
				dropped = append(dropped, l.Number)
			}
		}
		if diff := cmp.Diff(tt.dropped, dropped); diff != "" {
			t.Errorf("%s: lines dropped: -want +got:\n%s", tt.name, diff)
		}
	}
}

// TestError: what it says, and that it stays small however much is wrong.
func TestError(t *testing.T) {
	broken := errors.New("broken")
	_, err := names(io.MultiReader(strings.NewReader("x\n{}\n"), iotest.ErrReader(broken)))
	if want := "reading ended early: broken; lines dropped: 2; line 1: invalid character 'x' looking for beginning of value; line 2: no name"; err == nil || err.Error() != want || !errors.Is(err, broken) {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = names(strings.NewReader(strings.Repeat("x\n", 100_000)))
	var failed *storefile.Error
	if !errors.As(err, &failed) || failed.Dropped != 100_000 || len(failed.Lines) != storefile.MaxListed || len(failed.Error()) > 1000 {
		t.Errorf("got %.80v; want all counted, and some listed", err)
	}
}

// FuzzLoad: good lines are loaded whatever is between them.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{"", "x", "\r", "{", `{"name":"c"}`, "\n\n{}\n", `{"name":"c"}{}`, strings.Repeat("x", storefile.MaxLine), "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, between string) {
		got, err := names(strings.NewReader(good("first") + "\n" + between + "\n" + good("last")))
		if len(got) < 2 || got[0] != "first" || got[len(got)-1] != "last" {
			t.Errorf("loaded %q", got)
		}
		if lines := strings.Count(between, "\n") + 1; len(got)-2 > lines {
			t.Errorf("%d entries of %d lines", len(got)-2, lines)
		}
		var failed *storefile.Error
		if err != nil && (!errors.As(err, &failed) || failed.Dropped == 0 || len(failed.Lines) != min(failed.Dropped, storefile.MaxListed)) {
			t.Errorf("error %v", err)
		}
	})
}
