package conformance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"sync"
	"time"
)

// An authority issues the certificates of https servers, one for each name that
// is asked for. All have its own key: whoever trusts that trusts them all.
type authority struct {
	key  *ecdsa.PrivateKey
	root *x509.Certificate
	pool *x509.CertPool // of root

	mu     sync.Mutex
	issued map[string]*tls.Certificate // by name; guarded by mu
}

func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("a key for the https servers: %w", err)
	}
	a := &authority{key: key, pool: x509.NewCertPool(), issued: make(map[string]*tls.Certificate)}
	template := a.template("corsfetch conformance")
	template.IsCA, template.KeyUsage = true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err == nil {
		a.root, err = x509.ParseCertificate(der)
	}
	if err != nil {
		return nil, fmt.Errorf("a certificate for the https servers: %w", err)
	}
	a.pool.AddCert(a.root)
	return a, nil
}

// template is what all certificates have.
func (a *authority) template(name string) *x509.Certificate {
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		BasicConstraintsValid: true,
	}
}

// certificate returns the certificate for the name that a client asks for. It
// fits [tls.Config].
func (a *authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cert := a.issued[hello.ServerName]; cert != nil {
		return cert, nil
	}
	template := a.template(hello.ServerName)
	template.KeyUsage, template.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if hello.ServerName != "" {
		template.DNSNames = []string{hello.ServerName}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.root, &a.key.PublicKey, a.key)
	if err != nil {
		return nil, fmt.Errorf("a certificate for %q: %w", hello.ServerName, err)
	}
	cert := &tls.Certificate{Certificate: [][]byte{der, a.root.Raw}, PrivateKey: a.key}
	a.issued[hello.ServerName] = cert
	return cert, nil
}
