package conformance

import (
	"context"
	"net"
	"sync"
)

// firstPort is the port of the first of the servers that are in memory, where
// no operating system gives out ports.
const firstPort = 49152

// InMemory starts servers that this process alone reaches, through
// [Servers.DialContext]: they take no port and make no system call. In a bubble
// of testing/synctest what they delay takes no time, and how busy the machine is
// does not show; Close has to be called in it. They run until Close.
func InMemory() (*Servers, error) {
	var all [len(ports{})]net.Listener
	for i := range all {
		all[i] = &pipes{
			addr:   net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: firstPort + i},
			conns:  make(chan net.Conn),
			closed: make(chan struct{}),
		}
	}
	dial := func(ctx context.Context, addr *net.TCPAddr) (net.Conn, error) {
		return all[addr.Port-firstPort].(*pipes).dial(ctx)
	}
	return start(all, dial)
}

// pipes is a [net.Listener] in memory.
type pipes struct {
	addr   net.TCPAddr
	conns  chan net.Conn
	closed chan struct{}
	close  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.close.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &p.addr }

// dial connects to p.
func (p *pipes) dial(ctx context.Context) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- &pipe{Conn: server, local: &p.addr, remote: new(net.TCPAddr)}:
		return &pipe{Conn: client, local: new(net.TCPAddr), remote: &p.addr}, nil
	case <-p.closed:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: &p.addr, Err: net.ErrClosed}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A pipe is an end of a connection in memory, with addresses as over a network.
type pipe struct {
	net.Conn
	local, remote net.Addr
}

func (p *pipe) LocalAddr() net.Addr  { return p.local }
func (p *pipe) RemoteAddr() net.Addr { return p.remote }
