package browsers

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A firefox is driven by Marionette.
type firefox struct {
	*process
	marionette *marionette
	product    string
}

// firefoxPrefs keep the browser from everything but what pages do.
//
// It looks handy to resolve *.test with network.dns.forceResolve, but then the
// preflight cache never hits.
var firefoxPrefs = map[string]any{
	// The proxy leads nowhere; names of the servers go without.
	"network.proxy.type":                      1,
	"network.proxy.http":                      "127.0.0.1",
	"network.proxy.http_port":                 9,
	"network.proxy.ssl":                       "127.0.0.1",
	"network.proxy.ssl_port":                  9,
	"network.proxy.no_proxies_on":             "localhost, .localhost, .test, 127.0.0.1",
	"network.proxy.allow_hijacking_localhost": false,
	"network.trr.mode":                        5,
	"network.dns.disablePrefetch":             true,
	"network.prefetch-next":                   false,
	"network.http.speculative-parallel-limit": 0,
	"network.http.phishy-userpass-length":     255, // nobody confirms a password in a URL
	"network.captive-portal-service.enabled":  false,
	"network.connectivity-service.enabled":    false,

	"marionette.port":                            0,
	"remote.prefs.recommended":                   true,
	"browser.startup.page":                       0,
	"browser.startup.homepage":                   "about:blank",
	"browser.shell.checkDefaultBrowser":          false,
	"browser.aboutwelcome.enabled":               false,
	"browser.newtabpage.enabled":                 false,
	"browser.safebrowsing.malware.enabled":       false,
	"browser.safebrowsing.phishing.enabled":      false,
	"browser.safebrowsing.downloads.enabled":     false,
	"browser.safebrowsing.update.enabled":        false,
	"browser.region.update.enabled":              false,
	"browser.search.update":                      false,
	"browser.topsites.contile.enabled":           false,
	"app.update.enabled":                         false,
	"app.normandy.enabled":                       false,
	"extensions.update.enabled":                  false,
	"extensions.systemAddon.update.enabled":      false,
	"extensions.getAddons.cache.enabled":         false,
	"datareporting.healthreport.uploadEnabled":   false,
	"datareporting.policy.dataSubmissionEnabled": false,
	"toolkit.telemetry.enabled":                  false,
	"toolkit.telemetry.unified":                  false,
	"toolkit.telemetry.server":                   "",
	"services.settings.server":                   "data:,",
	"dom.push.connection.enabled":                false,
	"media.gmp-manager.updateEnabled":            false,
	"media.autoplay.default":                     0,
}

// launchFirefox starts Firefox. spaces are the address spaces of addresses that
// are not what they count as.
func launchFirefox(ctx context.Context, path string, authority *x509.Certificate, spaces map[string]string) (_ driver, err error) {
	p, err := newProcess(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.stop()
		}
	}()
	profile := filepath.Join(p.dir, "profile")
	p.cmd.Args = append(p.cmd.Args, "--headless", "--no-remote", "--profile", profile, "--marionette", "--remote-allow-system-access", "about:blank")
	p.cmd.Env = append(p.cmd.Env, "MOZ_CRASHREPORTER_DISABLE=1", "MOZ_DISABLE_CONTENT_SANDBOX=1", "MOZ_HEADLESS=1")
	if err := os.Mkdir(profile, 0o700); err != nil {
		return nil, err
	}
	var userJS strings.Builder
	prefs := maps.Clone(firefoxPrefs)
	for addr, space := range spaces {
		prefs[firefoxSpaces[space]] = addr
	}
	for name, value := range prefs {
		v, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&userJS, "user_pref(%q, %s);\n", name, v)
	}
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(userJS.String()), 0o600); err != nil {
		return nil, err
	}
	if err := p.start(); err != nil {
		return nil, err
	}
	f := &firefox{process: p}
	if err := f.connect(ctx, filepath.Join(profile, "MarionetteActivePort")); err != nil {
		return nil, p.failed(err)
	}
	if err := f.trust(ctx, authority); err != nil {
		return nil, p.failed(err)
	}
	return f, nil
}

// firefoxSpaces are the preferences that hold the address of a space.
var firefoxSpaces = map[string]string{
	"public": "network.lna.address_space.public.override",
	"local":  "network.lna.address_space.private.override",
}

// trust has a certificate and those that it issued trusted.
func (f *firefox) trust(ctx context.Context, authority *x509.Certificate) error {
	const script = `Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB).addCertFromBase64(arguments[0], "C,,");`
	return f.execute(ctx, script, nil, base64.StdEncoding.EncodeToString(authority.Raw))
}

// connect waits for Marionette to listen, and begins a session.
func (f *firefox) connect(ctx context.Context, portFile string) error {
	var port string
	for port == "" {
		select {
		case <-time.After(50 * time.Millisecond):
		case <-f.exited():
			return errors.New("it ended")
		case <-ctx.Done():
			return fmt.Errorf("no Marionette: %w", ctx.Err())
		}
		if data, err := os.ReadFile(portFile); err == nil {
			port = strings.TrimSpace(string(data))
		}
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", "127.0.0.1:"+port)
	if err != nil {
		return err
	}
	if f.marionette, err = newMarionette(conn); err != nil {
		return err
	}
	var session struct {
		Capabilities struct {
			Version string `json:"browserVersion"`
		} `json:"capabilities"`
	}
	wanted := map[string]any{"acceptInsecureCerts": true, "pageLoadStrategy": "none", "unhandledPromptBehavior": "ignore"}
	if err := f.marionette.call(ctx, "WebDriver:NewSession", wanted, &session); err != nil {
		return err
	}
	f.product = "Firefox/" + session.Capabilities.Version
	return f.marionette.call(ctx, "Marionette:SetContext", map[string]any{"value": "chrome"}, nil)
}

func (f *firefox) version() string { return f.product }

// admit names the hosts one by one: there is no pattern for what is local.
func (f *firefox) admit(ctx context.Context, hostnames []string) error {
	ctx, cancel := context.WithTimeout(ctx, consolePatience)
	defer cancel()
	const script = `Services.prefs.setStringPref("network.dns.localDomains", arguments[0]);`
	return f.execute(ctx, script, nil, strings.Join(hostnames, ","))
}

// execute runs a script in the browser itself.
func (f *firefox) execute(ctx context.Context, script string, result any, args ...any) error {
	return f.marionette.call(ctx, "WebDriver:ExecuteScript", map[string]any{"script": script, "args": append([]any{}, args...)}, result)
}

// firefoxOpen opens a URL as a person would. WebDriver:Navigate would wait for
// the page.
const firefoxOpen = `
const browser = Services.wm.getMostRecentWindow("navigator:browser").gBrowser.selectedBrowser;
browser.loadURI(Services.io.newURI(arguments[0]), {triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal()});`

func (f *firefox) open(ctx context.Context, url string) error {
	return f.execute(ctx, firefoxOpen, nil, url)
}

// firefoxConsole empties the console service. What is an error of a script has
// a category and a level.
const firefoxConsole = `
const messages = Services.console.getMessageArray();
Services.console.reset();
return messages.filter((m) => m instanceof Ci.nsIScriptError && m.isFromPrivateWindow !== undefined).map((m) => {
  const level = m.flags & Ci.nsIScriptError.infoFlag ? "info" : m.flags & Ci.nsIScriptError.warningFlag ? "warning" : "error";
  return {category: m.category, text: m.category + " " + level + ": " + m.errorMessage, window: m.innerWindowID, source: m.sourceName};
});`

// How long the console may take. A prompt that is open stops it.
const consolePatience = 3 * time.Second

func (f *firefox) console(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, consolePatience)
	defer cancel()
	var result struct {
		Value []struct {
			Category string `json:"category"`
			Text     string `json:"text"`
			Window   int64  `json:"window"`
			Source   string `json:"source"`
		} `json:"value"`
	}
	if err := f.execute(ctx, firefoxConsole, &result); err != nil {
		return nil
	}
	var messages []string
	for _, m := range result.Value {
		isChrome := strings.HasPrefix(m.Category, "chrome ") || strings.HasPrefix(m.Category, "system ") || m.Category == "component javascript"
		namesPorts := strings.HasPrefix(m.Text, "Security info: Local Network Access ")
		if !isChrome && !namesPorts && !strings.Contains(m.Text, harnessPrefix+"report") {
			messages = append(messages, m.Text)
		}
	}
	return messages
}
