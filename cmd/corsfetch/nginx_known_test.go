//go:build nginx

package main

// nginxKnownDifferences are the rows of the table, by name, in which corsfetch
// is known not to do as Chromium does, with the reason. The test fails for one
// that is missing and for one that is none.
var nginxKnownDifferences = map[string]string{}
