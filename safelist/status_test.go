package safelist_test

import (
	"slices"
	"testing"

	"github.com/corsfetch/corsfetch/safelist"
)

func TestStatuses(t *testing.T) {
	null := []int{101, 103, 204, 205, 304}
	ranges := []int{206, 416}
	redirects := []int{301, 302, 303, 307, 308}
	for status := -1; status <= 1000; status++ {
		if got, want := safelist.IsNullBodyStatus(status), slices.Contains(null, status); got != want {
			t.Errorf("IsNullBodyStatus(%d) = %t; want %t", status, got, want)
		}
		if got, want := safelist.IsOKStatus(status), status/100 == 2; got != want {
			t.Errorf("IsOKStatus(%d) = %t; want %t", status, got, want)
		}
		if got, want := safelist.IsRangeStatus(status), slices.Contains(ranges, status); got != want {
			t.Errorf("IsRangeStatus(%d) = %t; want %t", status, got, want)
		}
		if got, want := safelist.IsRedirectStatus(status), slices.Contains(redirects, status); got != want {
			t.Errorf("IsRedirectStatus(%d) = %t; want %t", status, got, want)
		}
	}
}
