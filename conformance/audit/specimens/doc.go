// Package specimens has, for each finding of package audit, a server that has it
// and its repaired twin: the smallest pair that a scanner can be tried on, and that
// shows what a finding means. All are in memory, and made anew each time.
package specimens
