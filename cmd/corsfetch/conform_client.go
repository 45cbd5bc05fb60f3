package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/corsfetch/corsfetch/conformance"
	"github.com/corsfetch/corsfetch/conformance/browsers"
	"github.com/corsfetch/corsfetch/conformance/engine"
)

// open starts the client. The caller calls done in the end.
func (r *conformRun) open(ctx context.Context) (newClient conformance.NewClient, opts conformance.Options, done func(), err error) {
	if r.client == engineClient {
		r.version = "corsfetch as " + r.profile
		servers, err := conformance.InMemory()
		if err != nil {
			return nil, opts, nil, err
		}
		opts.Servers, opts.Via = servers, conformance.Vias()
		return engine.New(profileNamed(r.profile)), opts, servers.Close, nil
	}
	servers, err := conformance.Listen()
	if err != nil {
		return nil, opts, nil, err
	}
	log := func(message string) { r.complain(errors.New(message)) }
	b, err := browsers.Start(ctx, browsers.Kind(r.client), servers, browsers.Options{Path: r.program, NoConsole: r.generate > 0, Log: log})
	if err != nil {
		servers.Close()
		return nil, opts, nil, fmt.Errorf("%s does not start: %w", r.client, err)
	}
	r.version = b.Version()
	opts.Servers, opts.Via = servers, conformance.Vias()
	return b.NewClient, opts, func() { b.Close(); servers.Close() }, nil
}
