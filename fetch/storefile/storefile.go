// Package storefile reads the files that a browser's stores are saved in: one
// JSON object a line. What is wrong with one line costs no other.
package storefile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	// MaxLine is how many bytes a line may have.
	MaxLine = 64 << 10
	// MaxListed is how many lines an Error lists.
	MaxListed = 100
)

// Why a line is dropped, besides the errors of encoding/json and of load.
var (
	errTooLong  = errors.New("too long")
	errTrailing = errors.New("more than one JSON value")
)

// Load calls load with each line of r that is not blank; the line is load's only
// until it returns. Lines that are too long, or that load has an error for, are
// dropped. The error is an [*Error] then, or when reading fails.
func Load(r io.Reader, load func(line []byte) error) error {
	var failed Error
	in := bufio.NewReaderSize(r, MaxLine)
	for number := 1; failed.Err == nil; number++ {
		line, err := in.ReadSlice('\n')
		isTooLong := err == bufio.ErrBufferFull
		for err == bufio.ErrBufferFull {
			_, err = in.ReadSlice('\n')
		}
		if isTooLong {
			failed.drop(number, errTooLong)
		} else if line = bytes.TrimSpace(line); len(line) > 0 {
			if why := load(line); why != nil {
				failed.drop(number, why)
			}
		}
		if err == io.EOF {
			break
		}
		failed.Err = err
	}
	if failed.Dropped == 0 && failed.Err == nil {
		return nil
	}
	return &failed
}

// Decode decodes a line, which has to be one JSON value without members that v
// does not have.
func Decode(line []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errTrailing
	}
	return nil
}

// An Error says what could not be loaded.
type Error struct {
	Dropped int    // how many lines
	Lines   []Line // the first of them, no more than MaxListed
	Err     error  // why reading ended early, if it did
}

// A Line is one that has been dropped.
type Line struct {
	Number int // from 1
	Err    error
}

func (e *Error) drop(number int, why error) {
	if e.Dropped++; len(e.Lines) < MaxListed {
		e.Lines = append(e.Lines, Line{number, why})
	}
}

func (e *Error) Error() string {
	var parts []string
	if e.Err != nil {
		parts = append(parts, fmt.Sprintf("reading ended early: %v", e.Err))
	}
	if e.Dropped > 0 {
		parts = append(parts, fmt.Sprintf("lines dropped: %d", e.Dropped))
	}
	for _, l := range e.Lines[:min(len(e.Lines), 5)] {
		parts = append(parts, fmt.Sprintf("line %d: %v", l.Number, l.Err))
	}
	return strings.Join(parts, "; ")
}

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }
