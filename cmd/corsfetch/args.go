package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// newFlagSet returns a flag set that prints nothing by itself.
func newFlagSet(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	return fs
}

// parseInterspersed parses flags that stand before, between and after the other
// arguments, and returns those. "--" ends the flags.
func parseInterspersed(fs *flag.FlagSet, args []string) (others []string, err error) {
	for len(args) > 0 {
		arg := args[0]
		if arg == "--" {
			return append(others, args[1:]...), nil
		}
		if len(arg) < 2 || arg[0] != '-' {
			others, args = append(others, arg), args[1:]
			continue
		}
		// One flag at a time, for Parse stops where the flags stop.
		one, taken := []string{arg}, 1
		if name, value, ok := cutGlued(fs, arg); ok {
			one = []string{name, value}
		} else if takesNext(fs, arg) && len(args) > 1 {
			one, taken = args[:2:2], 2
		}
		if err := fs.Parse(one); err != nil {
			return nil, explain(err)
		}
		args = args[taken:]
	}
	return others, nil
}

// cutGlued splits "-XPUT" into "-X" and "PUT".
func cutGlued(fs *flag.FlagSet, arg string) (name, value string, ok bool) {
	if len(arg) < 3 || !strings.ContainsRune("XHd", rune(arg[1])) || arg[2] == '=' || lookup(fs, arg) != nil {
		return "", "", false
	}
	return arg[:2], arg[2:], true
}

// takesNext reports whether the flag's value is the argument after it.
func takesNext(fs *flag.FlagSet, arg string) bool {
	f := lookup(fs, arg)
	if f == nil || strings.Contains(arg, "=") {
		return false
	}
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !b.IsBoolFlag()
}

// lookup returns the flag that arg is about, or nil.
func lookup(fs *flag.FlagSet, arg string) *flag.Flag {
	name, _, _ := strings.Cut(strings.TrimPrefix(arg[1:], "-"), "=")
	return fs.Lookup(name)
}

// curlFlags says what to use in place of flags that curl has and get has not.
var curlFlags = map[string]string{
	"-A":        "-H 'User-Agent: ...', which browsers but Chromium let scripts set",
	"-F":        "-d with -H 'Content-Type: multipart/form-data; boundary=...'",
	"-I":        "-X HEAD",
	"-L":        "nothing: redirects are followed unless -redirect says otherwise",
	"-e":        "-page, from which the Referer comes",
	"-i":        "nothing: the headers are printed, and -v prints all of them",
	"-o":        "-json, whose response.body is the body",
	"-s":        "nothing: there is no progress meter",
	"-u":        "-H 'Authorization: Basic ...'",
	"-location": "nothing: redirects are followed unless -redirect says otherwise",
}

// explain returns err, from flag.Parse, with what to use instead if there is
// such a thing.
func explain(err error) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: "); ok {
		if instead, ok := curlFlags[name]; ok {
			return fmt.Errorf("there is no flag %s; use %s", name, instead)
		}
		return fmt.Errorf("there is no flag %s", name)
	}
	return err
}

// choose returns a flag.Func that takes one of the accepted values.
func choose[T ~string](dst *T, accepted ...T) func(string) error {
	return func(s string) error {
		if !slices.Contains(accepted, T(s)) {
			return errors.New("want " + oneOf(accepted))
		}
		*dst = T(s)
		return nil
	}
}

// oneOf is "a, b or c".
func oneOf[T ~string](values []T) string {
	var b strings.Builder
	for i, v := range values {
		switch {
		case i == 0:
		case i == len(values)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}

// positive returns a flag.Func that takes a number from 1 to limit.
func positive(dst *int, limit int) func(string) error {
	return func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > limit {
			return fmt.Errorf("want a number from 1 to %d", limit)
		}
		*dst = n
		return nil
	}
}

// duration returns a flag.Func that takes what time.ParseDuration takes, and
// seconds without unit as curl does.
func duration(dst *time.Duration) func(string) error {
	return func(s string) error {
		d, err := time.ParseDuration(s)
		if err != nil {
			d, err = time.ParseDuration(s + "s")
		}
		if err != nil || d < 0 {
			return errors.New("want a duration as 500ms, 10s or 1m, or seconds")
		}
		*dst = d
		return nil
	}
}
