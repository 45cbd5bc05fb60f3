package fetch_test

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/corsfetch/corsfetch/fetch"
)

// TestConsoleNamesLocation: where a redirect that CORS refuses would have led is
// printed, which a trace may know; the error does not.
func TestConsoleNamesLocation(t *testing.T) {
	w := &web{servers: map[string]answer{B + "/x": {status: 302, headers: []string{"Location: y?" + secret}}}}
	var told, again []string
	ctx := fetch.WithTrace(t.Context(), &fetch.Trace{Console: func(message string) { told = append(told, message) }})
	ctx = fetch.WithTrace(ctx, &fetch.Trace{})
	ctx = fetch.WithTrace(ctx, &fetch.Trace{Console: func(message string) { again = append(again, message) }})
	profile := fetch.WebKit()
	_, err := page(t, w, A, profile).Fetch(ctx, &fetch.Request{URL: B + "/x"})
	const message = "Cross-origin redirection to {} denied by Cross-Origin Resource Sharing policy: Origin " + A +
		" is not allowed by Access-Control-Allow-Origin. Status code: 302\nFetch API cannot load " + B + "/x due to access control checks."
	if got, want := failure(t, err).ConsoleMessage(profile), strings.Replace(message, "{}", "…", 1); got != want {
		t.Errorf("of the error: got %q, want %q", got, want)
	}
	want := strings.Replace(message, "{}", B+"/y?"+secret, 1)
	for _, got := range [][]string{told, again} {
		if len(got) != 1 || got[0] != want {
			t.Errorf("of a trace: got %q, want %q", got, want)
		}
	}
	if found := findSecret(err, secret); len(found) > 0 {
		t.Errorf("the error has the location at %q", found)
	}
}

// TestNoConsole: a profile without a console prints nothing.
func TestNoConsole(t *testing.T) {
	w := &web{servers: map[string]answer{B + "/x": {}}}
	ctx := fetch.WithTrace(t.Context(), &fetch.Trace{Console: func(message string) { t.Errorf("told %q", message) }})
	_, err := page(t, w, A, fetch.Standard()).Fetch(ctx, &fetch.Request{URL: B + "/x"})
	if got := failure(t, err).ConsoleMessage(fetch.Standard()); got != "" {
		t.Errorf("got %q; want no message", got)
	}
}

// TestConnectionErrorsInChromium: what befell a connection has a name, if it is
// known which.
func TestConnectionErrorsInChromium(t *testing.T) {
	for want, err := range map[string]error{
		"NAME_NOT_RESOLVED":        &net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}},
		"CONNECTION_REFUSED":       &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)},
		"CONNECTION_TIMED_OUT":     &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded},
		"CONNECTION_RESET":         &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)},
		"EMPTY_RESPONSE":           io.EOF,
		"CERT_AUTHORITY_INVALID":   fmt.Errorf("tls: %w", x509.UnknownAuthorityError{}),
		"CERT_COMMON_NAME_INVALID": fmt.Errorf("tls: %w", x509.HostnameError{Certificate: new(x509.Certificate)}),
		"CERT_DATE_INVALID":        fmt.Errorf("tls: %w", x509.CertificateInvalidError{Reason: x509.Expired}),
		"":                         errors.New("something else"),
	} {
		t.Run(want, func(t *testing.T) {
			w := &web{servers: map[string]answer{B + "/x": {err: err}}}
			profile := fetch.Chromium()
			_, err := page(t, w, A, profile).Fetch(t.Context(), &fetch.Request{URL: B + "/x"})
			if want != "" {
				want = "Failed to load resource: net::ERR_" + want
			}
			if got := failure(t, err).ConsoleMessage(profile); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// FuzzConsoleMessage: whatever came as Location or as another header, something
// is printed or nothing, line by line.
func FuzzConsoleMessage(f *testing.F) {
	for _, location := range []string{"", "/", "//", "file:", "file:x", "file://h", "file:///x", "data:,x", "about:", "view-source:x", "ftp:", "http://u:p@h/?@", "u@", "\xff\u00e9", "\n"} {
		f.Add("https://b.test/x#f", location)
		f.Add(location, "*")
	}
	reasons := []fetch.Reason{
		fetch.ErrMissingAllowOriginHeader, fetch.ErrMultipleAllowOriginValues, fetch.ErrPreflightAllowOriginMismatch, fetch.ErrInvalidAllowMethodsPreflightResponse,
		fetch.ErrHeaderDisallowedByPreflightResponse, fetch.ErrRedirectContainsCredentials, fetch.ErrInvalidRedirect, fetch.ErrUnsafeRedirect, fetch.ErrCorsDisabledScheme,
		fetch.ErrUnsupportedScheme, fetch.ErrMixedContent, fetch.ErrDisallowedByMode, fetch.ErrInvalidURL, fetch.ErrUnsafePort, fetch.ErrNetwork,
		fetch.ErrMIMEType, fetch.ErrNosniff, fetch.ErrOpaqueResponseBlocked, fetch.ErrIntegrityMismatch, fetch.ErrIntegrityNoBody, fetch.ErrCorpNotSameSite,
		fetch.ErrBlobNotFound, fetch.ErrKeepaliveLimit, fetch.ErrInvalidLocalNetworkAccess,
	}
	profiles := []*fetch.Profile{fetch.Standard(), fetch.Chromium(), fetch.Firefox(), fetch.WebKit()}
	f.Fuzz(func(t *testing.T, url, got string) {
		for _, reason := range reasons {
			for _, stage := range []fetch.Stage{fetch.StageRequest, fetch.StagePreflight, fetch.StageRedirect} {
				for _, header := range []string{"Location", "Access-Control-Allow-Origin", ""} {
					e := &fetch.Error{Reason: reason, Stage: stage, URL: url, Mode: fetch.ModeCORS, Header: header, Got: got, Refused: got}
					for _, p := range profiles {
						message := e.ConsoleMessage(p)
						if strings.HasPrefix(message, "\n") || strings.HasSuffix(message, "\n") && !strings.HasSuffix(got, "\n") && !strings.HasSuffix(url, "\n") {
							t.Errorf("%s of %v: got an empty line in %q", p.Name, e, message)
						}
					}
				}
			}
		}
	})
}
