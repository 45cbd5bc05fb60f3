//go:build race

package cookies_test

// raceEnabled is whether allocations cannot be counted, because the race
// detector allocates, too.
const raceEnabled = true
