//go:build !race

package origin_test

// raceEnabled is whether allocations cannot be counted, because the race
// detector allocates, too.
const raceEnabled = false
