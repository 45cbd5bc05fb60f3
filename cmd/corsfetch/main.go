package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

// Exit codes.
const (
	exitAllowed = 0
	exitBlocked = 1
	exitUsage   = 2
	exitFailed  = 3
)

const usage = `Corsfetch does what a page's fetch() does in a browser, and says why not.

  corsfetch get [flags] URL       fetch as a page: verdict, wire, what the script sees
  corsfetch audit [flags] URL     what is wrong with a server's CORS policy
  corsfetch demo [-browser NAME]  seven moments with CORS, on this machine alone
  corsfetch conform [flags]       hold the engine, or a browser, against scenarios

corsfetch get -h, audit -h and conform -h list the flags. Try: corsfetch demo
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	stop()
	os.Exit(code)
}

// run does what the command line args says and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) int {
	if len(args) == 0 {
		// Note: not 0, which says "allowed" to a script that lost its arguments.
		fmt.Fprint(stderr, usage)
		return exitUsage
	}
	colors := palette{on: useColor(isTerminal(stdout), getenv)}
	switch command := args[0]; command {
	case "get":
		return runGet(ctx, args[1:], stdin, stdout, stderr, colors)
	case "audit":
		return runAudit(ctx, args[1:], stdout, stderr, colors)
	case "demo":
		return runDemo(ctx, args[1:], stdout, stderr, colors)
	case "conform":
		return runConform(ctx, args[1:], stdout, stderr, colors)
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, usage)
		return exitAllowed
	default:
		fmt.Fprintf(stderr, "corsfetch: unknown command %q", command)
		if strings.Contains(command, "://") {
			fmt.Fprintf(stderr, "; for a URL: corsfetch get %s", sanitize(command))
		}
		fmt.Fprint(stderr, "\n\n"+usage)
		return exitUsage
	}
}
