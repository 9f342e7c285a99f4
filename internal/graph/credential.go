package graph

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	azcloud "github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/entragit/entragit/internal/entra"
)

// Method is a way to sign in.
type Method string

// The ways to sign in.
const (
	MethodSecret      Method = "secret"      // client secret
	MethodCertificate Method = "certificate" // client certificate, PEM or PKCS#12
	MethodGitHub      Method = "github"      // GitHub Actions OIDC token, no secret
	MethodCLI         Method = "cli"         // whoever signed in with the Azure CLI
	MethodDevice      Method = "device"      // a person, with a code in a browser
)

// SignIn says who signs in and how.
type SignIn struct {
	// Method is chosen by [SignInFromEnvironment] or by a person.
	Method Method
	// Tenant is a tenant id or domain, Client an application id.
	Tenant, Client string
	// Secret belongs to MethodSecret.
	Secret string
	// CertificatePath and CertificatePassword belong to MethodCertificate; the password
	// may be empty.
	CertificatePath, CertificatePassword string
	// GitHub belongs to MethodGitHub.
	GitHub GitHubOIDC
	// Authority is the sign-in host; an authority that is not the cloud's own is trusted
	// as it is, without asking Microsoft whether it knows it.
	Authority string
	// Prompt shows a person the code of MethodDevice.
	Prompt func(message string)
	// HTTP carries the sign-in; nil means azidentity's own client.
	HTTP *http.Client
}

// SignInFromEnvironment fills a sign-in from the AZURE_ variables that azidentity
// documents and from the GitHub Actions runner, in the order secret, certificate,
// GitHub, Azure CLI. getenv is usually [os.Getenv].
func SignInFromEnvironment(getenv func(string) string, cloud Cloud) SignIn {
	s := SignIn{
		Tenant:              getenv("AZURE_TENANT_ID"),
		Client:              getenv("AZURE_CLIENT_ID"),
		Secret:              getenv("AZURE_CLIENT_SECRET"),
		CertificatePath:     getenv("AZURE_CLIENT_CERTIFICATE_PATH"),
		CertificatePassword: getenv("AZURE_CLIENT_CERTIFICATE_PASSWORD"),
		Authority:           getenv("AZURE_AUTHORITY_HOST"),
		GitHub: GitHubOIDC{
			URL:      getenv("ACTIONS_ID_TOKEN_REQUEST_URL"),
			Token:    getenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
			Audience: cloud.Audience,
		},
	}
	if s.Authority == "" {
		s.Authority = cloud.Authority
	}
	switch {
	case s.Secret != "":
		s.Method = MethodSecret
	case s.CertificatePath != "":
		s.Method = MethodCertificate
	case s.GitHub.URL != "" && s.Client != "":
		s.Method = MethodGitHub
	default:
		s.Method = MethodCLI
	}
	return s
}

// NewCredential checks a sign-in and returns its credential, which signs in when
// the first token is needed and again whenever one is about to end. A part that is
// missing wraps [entra.ErrInvalid].
func NewCredential(s SignIn) (azcore.TokenCredential, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	credential, err := s.credential()
	if err != nil {
		return nil, fmt.Errorf("sign-in by %s: %w: %s", s.Method, entra.ErrInvalid, firstLine(err.Error()))
	}
	return credential, nil
}

// check names the first part that the method needs and that is missing.
func (s SignIn) check() error {
	type part struct{ name, value string }
	app := []part{{"a tenant", s.Tenant}, {"a client id", s.Client}}
	var parts []part
	switch s.Method {
	case MethodSecret:
		parts = append(app, part{"a client secret", s.Secret})
	case MethodCertificate:
		parts = append(app, part{"a certificate file", s.CertificatePath})
	case MethodGitHub:
		parts = append(app, part{"ACTIONS_ID_TOKEN_REQUEST_URL", s.GitHub.URL},
			part{"ACTIONS_ID_TOKEN_REQUEST_TOKEN", s.GitHub.Token})
	case MethodDevice:
		if s.Prompt == nil {
			return fmt.Errorf("sign-in by %s needs somebody to show the code to: %w", s.Method, entra.ErrInvalid)
		}
	case MethodCLI:
	default:
		return fmt.Errorf("sign-in method %q: %w", s.Method, entra.ErrInvalid)
	}
	for _, p := range parts {
		if p.value == "" {
			return fmt.Errorf("sign-in by %s needs %s: %w", s.Method, p.name, entra.ErrInvalid)
		}
	}
	return nil
}

// credential builds azidentity's credential for a checked sign-in.
func (s SignIn) credential() (azcore.TokenCredential, error) {
	options := azcore.ClientOptions{Cloud: azcloud.Configuration{ActiveDirectoryAuthorityHost: s.Authority}}
	if s.HTTP != nil {
		options.Transport = s.HTTP
	}
	trusted := !knownAuthority(s.Authority)
	switch s.Method {
	case MethodSecret:
		return azidentity.NewClientSecretCredential(s.Tenant, s.Client, s.Secret,
			&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: trusted})
	case MethodCertificate:
		data, err := os.ReadFile(s.CertificatePath)
		if err != nil {
			return nil, err
		}
		chain, key, err := azidentity.ParseCertificates(data, []byte(s.CertificatePassword))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.CertificatePath, err)
		}
		return azidentity.NewClientCertificateCredential(s.Tenant, s.Client, chain, key,
			&azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: trusted})
	case MethodGitHub:
		return azidentity.NewClientAssertionCredential(s.Tenant, s.Client, s.GitHub.assertion,
			&azidentity.ClientAssertionCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: trusted})
	case MethodDevice:
		return azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
			ClientOptions: options, DisableInstanceDiscovery: trusted, TenantID: s.Tenant, ClientID: s.Client,
			UserPrompt: func(_ context.Context, m azidentity.DeviceCodeMessage) error {
				s.Prompt(m.Message)
				return nil
			},
		})
	default:
		return azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: s.Tenant})
	}
}

// knownAuthority reports whether a sign-in host is one of Microsoft's, which
// azidentity then asks about itself.
func knownAuthority(host string) bool {
	host = strings.TrimRight(host, "/")
	return slices.ContainsFunc(Clouds(), func(c Cloud) bool { return strings.EqualFold(c.Authority, host) })
}
