package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

type emulateOptions struct {
	Environment
	emulator.Options
	listen  string
	from    choice
	cloud   choice
	faults  string
	licence choice
	door    door
}

func newEmulateCmd(env Environment) *cobra.Command {
	o := &emulateOptions{Environment: env, from: choice{what: "seed", value: "contoso", of: []string{"contoso", "empty"}},
		cloud:   choice{what: "cloud", of: emulator.Clouds()},
		licence: choice{what: "licence", value: "governance", of: []string{"free", "p1", "p2", "governance"}}}
	cmd := &cobra.Command{
		Use:   "emulate",
		Short: "serves a Graph tenant on this machine",
		Long: `Serves a tenant that answers as Microsoft Graph is documented to, until it is interrupted. When it is ready it prints
"listening on http://HOST:PORT" on standard error; give that URL to --graph or ENTRAGIT_GRAPH. It asks for no
credentials, so listen on a loopback address. "entragit help faults" says how requests are made to fail.

It answers /v1.0 and, with the same resources, /beta: lists with $filter, $search, $expand and paging as Microsoft documents them
property by property, batches, and delta queries, whose tokens end after seven days or with the run (410, begin anew).

What loaded files hold that Microsoft's v1.0 metadata does not name, such as a type of tomorrow, is served as it is; one warning
says what and where. A client may hand it back unchanged and not write it otherwise.

A tenant without a --licence refuses what it has not bought, each service in its own words: free and p1 have no privileged identity
management, access reviews and entitlement management, p2 no lifecycle workflows; free also writes no Conditional Access and
no dynamic groups.

Every write leaves what Microsoft's directory audit log would have of it: /auditLogs/directoryAudits, kept for 30 days, or 7 with
--licence free. The log names whom the bearer token names, and the address in X-Forwarded-For.
POST /_emulator/jobs does what Microsoft's own jobs would have done by now: what was assigned for a time that is over ends.

With --sign-in it is also the tenant's https://login.microsoftonline.com, and prints the variables that a client's environment
has to hold; "entragit help sign-in" says more.`,
		Example: `  entragit emulate --listen 127.0.0.1:8080
  entragit emulate --users 100000 --groups 5000 --throttle
  entragit emulate --seed empty --load exported --save exported
  entragit emulate --lag 45s --merge --audit-delay 5m
  entragit emulate --licence p1
  entragit emulate --sign-in --tls-ca ca.pem`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runEmulate(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "serve on `HOST:PORT`; port 0 picks a free one")
	f.Var(&o.from, "seed", "what the tenant holds at first, `SEED`: contoso, or empty")
	f.Var(&o.cloud, "cloud", "the tenant is in the national cloud `NAME`, without what its Graph lacks: "+strings.Join(o.cloud.of, ", "))
	f.IntVar(&o.Scale.Users, "users", 0, "how many users the seed makes, `N`")
	f.IntVar(&o.Scale.Groups, "groups", 0, "how many groups, `N`")
	f.IntVar(&o.Scale.Applications, "applications", 0, "how many applications, `N`")
	f.IntVar(&o.Scale.Policies, "policies", 0, "how many Conditional Access policies, `N`")
	f.IntVar(&o.Scale.Locations, "locations", 0, "how many named locations, `N`")
	f.StringVar(&o.Load, "load", "", "add the objects in `DIR`, laid out by collection path")
	f.StringVar(&o.Save, "save", "", "write the tenant to `DIR` when it stops")
	f.StringVar(&o.faults, "faults", "", "fail requests as the JSON array in `FILE` says: method, path, status, list, count … (entragit help faults)")
	f.Var(&o.licence, "licence", "what the tenant has bought, `LICENCE`: free, p1, p2, or governance, which is everything")
	f.StringSliceVar(&o.Permissions, "permissions", nil, "let callers have the application permissions of `LIST` alone, such as User.Read.All")
	o.door.flags(cmd)
	f.DurationVar(&o.AuditDelay, "audit-delay", 0, "let entries of the audit log show after `DURATION` only, as Microsoft's do: 5m")
	f.DurationVar(&o.Lag, "lag", 0, "let writes show in reads after `DURATION` only, as replication has it: 30s")
	f.BoolVar(&o.MergeComplex, "merge", false, "let updates merge into complex values, where Microsoft does not document whether they are replaced")
	f.BoolVar(&o.Throttle, "throttle", false, "apply the request limits that Graph documents")
	return cmd
}

func runEmulate(ctx context.Context, o *emulateOptions) error {
	o.Seed, o.Cloud, o.Licence = o.from.value, o.cloud.value, o.licence.value
	if o.faults != "" {
		var err error
		if o.Faults, err = emulator.LoadFaults(o.faults); err != nil {
			return fmt.Errorf("emulate: %w: %w", err, entra.ErrInvalid)
		}
	}
	server, err := emulator.New(o.Options)
	if err != nil {
		return fmt.Errorf("emulate: %w", err)
	}
	if warning := server.Warning(); warning != "" {
		fmt.Fprintf(o.Err, "entragit: load %s: %s\n", o.Load, warning)
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return fmt.Errorf("emulate: %w: %w", err, entra.ErrInvalid)
	}
	open, err := o.door.open(server, listener)
	if err != nil {
		_ = listener.Close() // nobody has come in
		return fmt.Errorf("emulate: %w", err)
	}
	scheme, encryption := "http", (*tls.Config)(nil)
	if open.tls != nil {
		scheme, encryption = "https", open.tls.Config
		if o.door.ca == "" {
			fmt.Fprintf(o.Out, "%s", open.tls.CA)
		}
	}
	for _, variable := range open.variables {
		fmt.Fprintln(o.Err, variable)
	}
	fmt.Fprintf(o.Err, "listening on %s://%s\n", scheme, listener.Addr())
	if err := serve(ctx, listener, open.handler, encryption); err != nil {
		return fmt.Errorf("emulate: %w", err)
	}
	return server.Save()
}

// stopWithin is how long requests that are being answered may take after the end.
const stopWithin = 2 * time.Second

// serve answers requests until the context ends, and then those that have begun. Without a
// certificate it speaks HTTP.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, certificate *tls.Config) error {
	server := &http.Server{Handler: handler, TLSConfig: certificate, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() {
		if certificate == nil {
			failed <- server.Serve(listener)
		} else {
			failed <- server.ServeTLS(listener, "", "")
		}
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
