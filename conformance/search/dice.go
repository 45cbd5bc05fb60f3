package search

import (
	"math/rand/v2"
	"strings"
)

// dice are the random choices of one scenario.
type dice struct{ r *rand.Rand }

// newDice returns the dice of scenario n of a seed.
func newDice(seed uint64, n int) dice {
	return dice{rand.New(rand.NewPCG(seed, uint64(n)))}
}

// percent reports true p times in a hundred.
func (d dice) percent(p int) bool { return d.r.IntN(100) < p }

// of returns one of the values.
func of[T any](d dice, values ...T) T { return values[d.r.IntN(len(values))] }

// A choice is a value and how many times it is in the hat.
type choice[T any] struct {
	weight int
	value  T
}

// draw returns one of the values, by weight.
func draw[T any](d dice, choices []choice[T]) T {
	total := 0
	for _, c := range choices {
		total += c.weight
	}
	n := d.r.IntN(total)
	for _, c := range choices {
		if n < c.weight {
			return c.value
		}
		n -= c.weight
	}
	panic("unreachable: n is below the total")
}

// padded returns s with letters behind it, of the given length in all.
func padded(s string, length int) string {
	return s + strings.Repeat("a", max(length-len(s), 0))
}
