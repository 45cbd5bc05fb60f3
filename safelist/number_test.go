package safelist_test

import (
	"math"
	"strings"
	"testing"

	"github.com/corsfetch/corsfetch/safelist"
)

func TestExtractDeltaSeconds(t *testing.T) {
	cases := []struct {
		desc   string
		values []string
		want   int64
		ok     bool
	}{
		{"absent", nil, 0, false},
		{"empty", []string{""}, 0, false},
		{"zero", []string{"0"}, 0, true},
		{"seconds", []string{"86400"}, 86400, true},
		{"leading zeros", []string{"0005"}, 5, true},
		{"SAF-046 twice", []string{"5", "5"}, 0, false},
		{"two members", []string{"5, 5"}, 0, false},
		{"plus sign", []string{"+5"}, 0, false},
		{"minus sign", []string{"-1"}, 0, false},
		{"fraction", []string{"1.5"}, 0, false},
		{"unit", []string{"60s"}, 0, false},
		{"hexadecimal", []string{"0x10"}, 0, false},
		{"underscore", []string{"1_0"}, 0, false},
		{"space inside", []string{"1 0"}, 0, false},
		{"digits outside ASCII", []string{"\u0665"}, 0, false},
		{"largest", []string{"9223372036854775807"}, math.MaxInt64, true},
		{"one too large", []string{"9223372036854775808"}, math.MaxInt64, true},
		{"too large for 64 bits", []string{"18446744073709551616"}, math.MaxInt64, true},
		{"many digits", []string{strings.Repeat("9", 1000)}, math.MaxInt64, true},
		{"many zeros", []string{strings.Repeat("0", 1000) + "7"}, 7, true},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			got, ok := safelist.ExtractDeltaSeconds(c.values)
			if got != c.want || ok != c.ok {
				t.Errorf("ExtractDeltaSeconds(%q) = %d, %t; want %d, %t", c.values, got, ok, c.want, c.ok)
			}
		})
	}
}

func TestExtractLength(t *testing.T) {
	cases := []struct {
		desc   string
		values []string
		want   int64
		state  safelist.LengthState
	}{
		{"absent", nil, 0, safelist.LengthNull},
		{"number", []string{"30"}, 30, safelist.LengthValue},
		{"zero", []string{"0"}, 0, safelist.LengthValue},
		{"SAF-048 same twice", []string{"30, 30"}, 30, safelist.LengthValue},
		{"SAF-048 contradiction", []string{"30, 42"}, 0, safelist.LengthFailure},
		{"SAF-048 plus sign", []string{"+30"}, 0, safelist.LengthNull},
		{"SAF-048 empty", []string{""}, 0, safelist.LengthNull},
		{"two headers", []string{"30", "30"}, 30, safelist.LengthValue},
		{"two headers that contradict", []string{"30", "42"}, 0, safelist.LengthFailure},
		{"same number in other bytes", []string{"30, 030"}, 0, safelist.LengthFailure},
		{"trailing comma", []string{"30,"}, 0, safelist.LengthFailure},
		{"two empty members", []string{","}, 0, safelist.LengthNull},
		{"same twice, but no number", []string{"x, x"}, 0, safelist.LengthNull},
		{"quotes", []string{`"30"`}, 0, safelist.LengthNull},
		{"minus sign", []string{"-1"}, 0, safelist.LengthNull},
		{"largest", []string{"9223372036854775807"}, math.MaxInt64, safelist.LengthValue},
		{"too large", []string{"99999999999999999999"}, math.MaxInt64, safelist.LengthValue},
	}
	for _, c := range cases {
		t.Run(c.desc, func(t *testing.T) {
			got, state := safelist.ExtractLength(c.values)
			if got != c.want || state != c.state {
				t.Errorf("ExtractLength(%q) = %d, %d; want %d, %d", c.values, got, state, c.want, c.state)
			}
		})
	}
}
