//go:build unix

package browsers

import (
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// leadGroup makes cmd the leader of a process group of its own.
func leadGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends the process group that cmd leads.
func killGroup(cmd *exec.Cmd) {
	// It fails if there is nothing left to end, which is as well.
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

// A guard ends a process group, and removes its folder, should this program
// end without doing so. It waits for a pipe that only this program holds open.
type guard struct {
	cmd  *exec.Cmd
	pipe io.Closer
}

const guardScript = `read -r nothing; kill -s KILL -- "-$1"; sleep 1; rm -rf -- "$2"`

func startGuard(leader *exec.Cmd, dir string) (*guard, error) {
	g := &guard{cmd: exec.Command("/bin/sh", "-c", guardScript, "sh", strconv.Itoa(leader.Process.Pid), dir)}
	leadGroup(g.cmd)
	pipe, err := g.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	g.pipe = pipe
	return g, g.cmd.Start()
}

// dismiss ends the guard before it does anything.
func (g *guard) dismiss() {
	killGroup(g.cmd)
	_ = g.cmd.Wait() // closes the pipe
}
