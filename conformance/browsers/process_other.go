//go:build !unix

package browsers

import "os/exec"

// Unimplemented: there are no process groups here; children of a browser that
// does not end them itself stay.
func leadGroup(*exec.Cmd) {}

func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
