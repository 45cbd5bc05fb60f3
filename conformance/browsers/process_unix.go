//go:build unix

package browsers

import (
	"os/exec"
	"syscall"
)

// leadGroup makes cmd the leader of a process group of its own.
func leadGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends the process group that cmd leads.
func killGroup(cmd *exec.Cmd) {
	// It fails if there is nothing left to end, which is as well.
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}
