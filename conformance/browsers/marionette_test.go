package browsers

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
)

// pretendMarionette greets, and answers each command by replies, one by one.
func pretendMarionette(t *testing.T, replies ...string) *marionette {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	go func() {
		defer theirs.Close()
		in := bufio.NewReader(theirs)
		fmt.Fprint(theirs, `24:{"marionetteProtocol":3}`)
		for _, reply := range replies {
			if _, err := in.ReadString(']'); err != nil {
				return
			}
			fmt.Fprintf(theirs, "%d:%s", len(reply), reply)
		}
		_, _ = io.Copy(io.Discard, in)
	}()
	m, err := newMarionette(ours)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMarionette(t *testing.T) {
	m := pretendMarionette(t, `[1,1,null,{"value":7}]`, `[1,2,{"error":"no such","message":"window"},null]`, `[1,9,null,null]`)
	var result struct {
		Value int `json:"value"`
	}
	if err := m.call(t.Context(), "A", nil, &result); err != nil || result.Value != 7 {
		t.Errorf("got %d, %v; want 7", result.Value, err)
	}
	for _, want := range []string{"marionette: B: no such: window", "marionette: B: an answer to something else"} {
		if err := m.call(t.Context(), "B", nil, nil); err == nil || err.Error() != want {
			t.Errorf("got %v; want %s", err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.call(ctx, "C", nil, nil); err == nil || !strings.Contains(err.Error(), "timeout") {
		t.Errorf("got %v; want a time-out", err)
	}
	if err := m.call(t.Context(), "D", nil, nil); err == nil || !strings.Contains(err.Error(), "C") {
		t.Errorf("got %v; want that C broke the connection", err)
	}
}

func TestMarionetteMessages(t *testing.T) {
	for _, sent := range []string{"", "5:abc", "x:{}", "-1:", "99999999999:{}"} {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			fmt.Fprint(theirs, sent)
		}()
		if _, err := newMarionette(ours); err == nil {
			t.Errorf("accepted %q", sent)
		}
	}
}
