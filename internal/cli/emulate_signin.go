package cli

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/emulator/signin"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// door is how clients get to an emulated tenant: openly by HTTP, by TLS, or by TLS and a
// sign-in.
type door struct {
	tls    bool
	ca     string
	signIn choice
	client string
	secret string
}

func (d *door) flags(cmd *cobra.Command) {
	d.signIn = choice{what: "sign-in method", of: []string{string(graph.MethodSecret), string(graph.MethodGitHub)}}
	f := cmd.Flags()
	f.BoolVar(&d.tls, "tls", false, "serve HTTPS, with a certificate made for this run")
	f.StringVar(&d.ca, "tls-ca", "", "write the authority of that certificate to `FILE` (PEM) instead of standard output")
	f.Var(&d.signIn, "sign-in", "let nobody in without signing in by `METHOD`, secret or github; implies --tls")
	f.Lookup("sign-in").NoOptDefVal = string(graph.MethodSecret)
	f.StringVar(&d.client, "client-id", "", "the application that signs in, by `APPID`; by default the one called entragit")
	f.StringVar(&d.secret, "client-secret", "", "its client secret, `TEXT`; by default made for this run")
}

// entrance is an open door: what answers behind it, and the certificate, if there is one.
type entrance struct {
	handler http.Handler
	tls     *signin.TLS
	// variables are what a client's environment has to hold, in lines.
	variables []string
}

// open puts the door before a tenant that is served on a listener.
func (d *door) open(tenant *emulator.Server, listener net.Listener) (*entrance, error) {
	if !d.tls && d.signIn.value == "" {
		return &entrance{handler: tenant}, nil
	}
	if address, ok := listener.Addr().(*net.TCPAddr); !ok || !address.IP.IsLoopback() {
		return nil, fmt.Errorf("a certificate that is made here is good for this machine alone, and %s is not: %w", listener.Addr(), entra.ErrInvalid)
	}
	certificate, err := signin.NewTLS()
	if err != nil {
		return nil, err
	}
	s := &entrance{handler: tenant, tls: certificate}
	if d.ca != "" {
		if err := os.WriteFile(d.ca, certificate.CA, 0o644); err != nil {
			return nil, err
		}
		s.variables = append(s.variables, "SSL_CERT_FILE="+d.ca)
	}
	if d.signIn.value == "" {
		return s, nil
	}
	return s, d.guard(s, tenant, "https://"+listener.Addr().String())
}

// guard puts a sign-in before a tenant that is served at base.
func (d *door) guard(s *entrance, tenant *emulator.Server, base string) error {
	client, err := d.application(tenant)
	if err != nil {
		return err
	}
	id, _ := client["appId"].(string)
	options := signin.Options{}
	secret := cmp.Or(d.secret, rand.Text())
	if d.signIn.value == string(graph.MethodGitHub) {
		if options.Workflow, err = trustedWorkflow(tenant, client); err != nil {
			return err
		}
	} else {
		options.Secrets = map[string]string{id: secret}
	}
	authority, err := signin.New(tenant, options)
	if err != nil {
		return err
	}
	s.handler = authority
	s.variables = append(s.variables, "AZURE_AUTHORITY_HOST="+base, "AZURE_TENANT_ID="+tenant.TenantID(), "AZURE_CLIENT_ID="+id)
	if actions := authority.Actions; actions != nil {
		s.variables = append(s.variables,
			"ACTIONS_ID_TOKEN_REQUEST_URL="+actions.RequestURL(base), "ACTIONS_ID_TOKEN_REQUEST_TOKEN="+actions.RequestToken)
	} else {
		s.variables = append(s.variables, "AZURE_CLIENT_SECRET="+secret)
	}
	return nil
}

// ownApplication is what the application of the seed is called that signs in.
const ownApplication = "entragit"

// application finds the application that signs in.
func (d *door) application(tenant *emulator.Server) (map[string]any, error) {
	property, want := "displayName", ownApplication
	if d.client != "" {
		property, want = "appId", d.client
	}
	for _, body := range tenant.Objects("/applications") {
		if value, _ := body[property].(string); strings.EqualFold(value, want) {
			return body, nil
		}
	}
	return nil, withHint(fmt.Errorf("no application has the %s %q: %w", property, want, entra.ErrInvalid),
		"--client-id names an application of the tenant")
}

// trustedWorkflow is the workflow that an application trusts to be itself.
func trustedWorkflow(tenant *emulator.Server, application map[string]any) (string, error) {
	for _, body := range tenant.Objects(fmt.Sprintf("/applications/%v/federatedIdentityCredentials", application["id"])) {
		if subject, _ := body["subject"].(string); strings.HasPrefix(subject, "repo:") {
			return subject, nil
		}
	}
	return "", fmt.Errorf("the application %v trusts no workflow of GitHub: %w", application["displayName"], entra.ErrInvalid)
}
