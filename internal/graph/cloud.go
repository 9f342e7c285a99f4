package graph

import (
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// Cloud is one of Microsoft's clouds. A token of one is worth nothing in another.
type Cloud struct {
	Name string
	// Graph is the base URL of Microsoft Graph
	// (https://learn.microsoft.com/graph/deployments).
	Graph string
	// Authority is the sign-in host
	// (https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud).
	Authority string
	// Audience is what the issuer of a federated token has to address it to
	// (https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust).
	Audience string
}

// Clouds returns the clouds that entragit knows by name, the global one first.
func Clouds() []Cloud {
	return []Cloud{
		{"global", "https://graph.microsoft.com", "https://login.microsoftonline.com", "api://AzureADTokenExchange"},
		{"usgov", "https://graph.microsoft.us", "https://login.microsoftonline.us", "api://AzureADTokenExchangeUSGov"},
		{"usgov-dod", "https://dod-graph.microsoft.us", "https://login.microsoftonline.us", "api://AzureADTokenExchangeUSGov"},
		{"china", "https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn", "api://AzureADTokenExchangeChina"},
	}
}

// CloudByName returns a cloud; "" is the global one. An unknown name wraps
// [entra.ErrInvalid] and lists the known ones.
func CloudByName(name string) (Cloud, error) {
	var names []string
	for _, c := range Clouds() {
		if c.Name == name || name == "" {
			return c, nil
		}
		names = append(names, c.Name)
	}
	return Cloud{}, fmt.Errorf("cloud %q is none of %s: %w", name, strings.Join(names, ", "), entra.ErrInvalid)
}
