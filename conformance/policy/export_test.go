package policy

import "github.com/corsfetch/corsfetch/fetch/fetchtest"

// Unmet is what Run fails a case with.
func Unmet(w *Want, got *fetchtest.Result) []string { return w.unmet(got) }
