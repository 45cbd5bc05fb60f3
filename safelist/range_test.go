package safelist_test

import (
	"math"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/safelist"
)

// A rangeCase is a value and the range it stands for, both without and with
// whitespace allowed. The zero Range is a failure.
type rangeCase struct {
	desc    string
	value   string
	strict  safelist.Range
	lenient safelist.Range
}

// https://fetch.spec.whatwg.org/#simple-range-header-value
var rangeCases = func() []rangeCase {
	same := func(desc, value, first, last string) rangeCase {
		r := safelist.Range{First: first, Last: last}
		return rangeCase{desc, value, r, r}
	}
	lenient := func(desc, value, first, last string) rangeCase {
		return rangeCase{desc, value, safelist.Range{}, safelist.Range{First: first, Last: last}}
	}
	failure := func(desc, value string) rangeCase { return rangeCase{desc: desc, value: value} }
	nines := strings.Repeat("9", 60)
	return []rangeCase{
		same("closed", "bytes=1-2", "1", "2"),
		same("open", "bytes=1-", "1", ""),
		same("suffix", "bytes=-2", "", "2"),
		same("one byte", "bytes=0-0", "0", "0"),
		same("leading zeros", "bytes=007-8", "007", "8"),
		same("leading zeros on the other side", "bytes=7-0008", "7", "0008"),
		same("60 digits", "bytes="+nines+"-"+nines, nines, nines),
		same("20 digits", "bytes=0-99999999999999999999", "0", "99999999999999999999"),
		lenient("space before equals", "bytes =1-2", "1", "2"),
		lenient("space behind equals", "bytes= 1-2", "1", "2"),
		lenient("tab before hyphen", "bytes=1\t-2", "1", "2"),
		lenient("tabs and spaces behind hyphen", "bytes=1- \t 2", "1", "2"),
		lenient("trailing space of an open range", "bytes=1- ", "1", ""),
		lenient("everywhere", "bytes \t= 1\t-  2", "1", "2"),
		failure("backwards", "bytes=2-1"),
		failure("backwards by digits", "bytes=10-9"),
		failure("backwards beyond 64 bits", "bytes=99999999999999999999-99999999999999999998"),
		failure("backwards beyond leading zeros", "bytes=2-00000000000000000001"),
		failure("neither side", "bytes=-"),
		failure("no hyphen", "bytes=1"),
		failure("two ranges", "bytes=1-2,3-4"),
		failure("trailing comma", "bytes=1-2,"),
		failure("trailing space", "bytes=1-2 "),
		failure("trailing byte", "bytes=1-2x"),
		failure("leading space", " bytes=1-2"),
		failure("upper case", "Bytes=1-2"),
		failure("other unit", "items=1-2"),
		failure("no unit", "=1-2"),
		failure("no equals", "bytes1-2"),
		failure("two equals", "bytes==1-2"),
		failure("two hyphens", "bytes=1--2"),
		failure("plus sign", "bytes=+1-2"),
		failure("hexadecimal", "bytes=a-f"),
		failure("newline", "bytes=1-\n2"),
		failure("digits outside ASCII", "bytes=\u0661-\u0662"),
		failure("unit only", "bytes"),
		failure("empty", ""),
	}
}()

func TestParseRange(t *testing.T) {
	for _, c := range rangeCases {
		t.Run(c.desc, func(t *testing.T) {
			for _, allowWhitespace := range []bool{false, true} {
				want := c.strict
				if allowWhitespace {
					want = c.lenient
				}
				got, ok := safelist.ParseRange(c.value, allowWhitespace)
				if wantOK := (want != safelist.Range{}); got != want || ok != wantOK {
					t.Errorf("ParseRange(%q, %t) = %+v, %t; want %+v, %t",
						c.value, allowWhitespace, got, ok, want, wantOK)
				}
			}
		})
	}
}

func TestRangeOffsets(t *testing.T) {
	cases := []struct {
		desc        string
		r           safelist.Range
		first, last int64
	}{
		{"closed", safelist.Range{First: "1", Last: "2"}, 1, 2},
		{"open", safelist.Range{First: "1"}, 1, -1},
		{"suffix", safelist.Range{Last: "2"}, -1, 2},
		{"zero value", safelist.Range{}, -1, -1},
		{"largest", safelist.Range{First: "0", Last: "9223372036854775807"}, 0, math.MaxInt64},
		{"too large", safelist.Range{First: "9223372036854775808", Last: strings.Repeat("9", 60)}, math.MaxInt64, math.MaxInt64},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			if first, last := c.r.Offsets(); first != c.first || last != c.last {
				t.Errorf("%+v.Offsets() = %d, %d; want %d, %d", c.r, first, last, c.first, c.last)
			}
		})
	}
}
