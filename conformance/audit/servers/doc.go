// Package servers holds audits against servers as people run them: released
// versions of the usual CORS middlewares, nginx and Caddy, each as its
// documentation has it, as one would have it in production, and with the mistakes
// that are known of it. They listen on sockets, behind TLS.
//
// TestChromium has pages fetch from all of them, in headless Chromium and in the
// engine: what scripts see has to be the same, and the verdicts of audits have to
// be Chromium's. TestFindings holds the findings of audits against a list for each,
// and SERVERS.md against both; with -update it writes that page.
//
// All is in tests, and in a module of its own, so that nobody gets these servers
// who does not ask for them. They need nginx, Caddy, Node.js, Chromium, and
// packages of npm at CORSFETCH_AUDIT_NODE; .ci/servers gets all of it.
//
// jub0bs/cors is not among them, as it could not be had where this was made.
package servers
