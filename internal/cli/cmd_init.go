package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/trust"
	"github.com/entragit/entragit/internal/ui"
)

type initOptions struct {
	Environment
	connection
	signing
	repo       string
	tenant     string
	breakGlass []string // names or ids
	kinds      []string
	repository string // owner/name on GitHub
}

func newInitCmd(env Environment) *cobra.Command {
	o := &initOptions{Environment: env}
	cmd := &cobra.Command{
		Use:   "init --tenant TENANT [DIR]",
		Short: "creates a backup repository",
		Long: `Creates a bare Git repository with a configuration and a first, signed commit, makes a signing key outside of it unless there is one,
and prints what to grant to the application that will read the tenant.

Where the tenant can be read already, by --graph or by a sign-in, init looks which users and groups are excluded from most of the
enabled Conditional Access policies, and lists them as break-glass accounts in entragit.yaml, so that no restore locks them out.
--break-glass names them instead. It writes nothing to the tenant.`,
		Example: `  entragit init --tenant contoso.onmicrosoft.com contoso-backup
  entragit init --tenant 3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22 --kinds users,groups --repo backup.git
  entragit init --tenant contoso.onmicrosoft.com --break-glass "Emergency Access 1,Break-glass" contoso-backup
  entragit init --graph http://127.0.0.1:8080 --repo backup.git`,
		Args: takes(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.repo = args[0]
			}
			return runInit(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.tenant, "tenant", "", "keep the configuration of `TENANT`, an id or a verified domain name")
	f.StringVar(&o.repo, "repo", ".", "create the repository in `DIR`, which must be missing or empty")
	f.StringSliceVar(&o.breakGlass, "break-glass", nil, "no restore may lock out the users and groups of `LIST`, names or ids; by default those excluded from most policies")
	f.StringSliceVar(&o.kinds, "kinds", nil, "keep only these kinds, a comma-separated `LIST`")
	f.StringVar(&o.repository, "github-repository", "", "print the federated credential for the GitHub repository `OWNER/NAME`")
	o.connection.flags(cmd)
	o.signing.flags(cmd)
	return cmd
}

func runInit(ctx context.Context, o *initOptions) error {
	for _, name := range o.kinds {
		if err := checkKind(name); err != nil {
			return fmt.Errorf("--kinds: %w", err)
		}
	}
	cfg := config.Config{APIVersion: config.APIVersion, Tenant: o.tenant}.With(config.Overrides{Cloud: o.cloud.value, Kinds: o.kinds})
	if cfg.Tenant == "" && o.graph == "" {
		return withHint(fmt.Errorf("init needs to know whose configuration to keep: %w", entra.ErrInvalid),
			"entragit init --tenant TENANT [DIR]")
	}
	glass, err := o.look(ctx, &cfg)
	if err != nil {
		return err
	}
	key, keyPath, made, err := o.loadOrGenerate(o.Environment)
	if err != nil {
		return err
	}
	if err := o.create(ctx, cfg, key, glass); err != nil {
		return err
	}
	if made {
		o.Say("made a signing key at %s; keep it safe, and out of the repository", keyPath)
	}
	pin, err := o.pin(key)
	if err != nil {
		return err
	}
	return o.tell(cfg, keyPath, key, pin, glass)
}

// create makes the repository and its first commit, which both branches start from.
func (o *initOptions) create(ctx context.Context, cfg config.Config, key *gitstore.SSHSigner, glass *glass) error {
	files, err := o.firstFiles(cfg, key, glass)
	if err != nil {
		return err
	}
	name, email, err := o.person()
	if err != nil {
		return err
	}
	made, err := gitstore.Init(o.repo)
	if errors.Is(err, gitstore.ErrExists) {
		glass.kept = true
		return o.resume(ctx, cfg, err)
	}
	if err != nil {
		return err
	}
	repo := &repository{Repository: history.Repository{Repo: made}}
	defer repo.Close()
	w, err := repo.Begin(ctx, snapshotsRef, gitstore.BeginOptions{Root: true})
	if err != nil {
		return err
	}
	defer w.Abort()
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if _, err := w.Put(file, files[file]); err != nil {
			return fmt.Errorf("init %s: %w", o.repo, err)
		}
	}
	root, err := w.Commit(ctx, gitstore.CommitOptions{
		Subject: "init: the configuration of " + cfg.Tenant, Name: name, Email: email, When: o.Now(), Signer: key,
		Trailers: []gitstore.Trailer{
			{Key: tenantTrailer, Value: cfg.Tenant}, {Key: seqTrailer, Value: "0"}, {Key: versionTrailer, Value: version()},
			// Two repositories of one tenant must not begin with the same commit, by which pins tell them apart.
			{Key: nonceTrailer, Value: rand.Text()},
		},
	})
	if err != nil {
		return fmt.Errorf("init %s: %w", o.repo, err)
	}
	return repo.CreateRef(ctx, approvedRef, root)
}

// resume makes the branch of what people approved where an init was interrupted before
// it: at the first commit, of the same tenant. Any other repository it leaves alone, with
// the error that says that it exists.
func (o *initOptions) resume(ctx context.Context, cfg config.Config, exists error) error {
	opened, err := gitstore.Open(o.repo)
	if err != nil {
		return exists
	}
	repo := &repository{Repository: history.Repository{Repo: opened}}
	defer repo.Close()
	_, approved, err := repo.Ref(approvedRef)
	if err != nil || approved {
		return cmp.Or(err, exists)
	}
	head, ok, err := repo.Ref(snapshotsRef)
	if err != nil || !ok {
		return cmp.Or(err, exists)
	}
	var root *gitstore.Commit
	for c, err := range repo.Log(head) {
		if err != nil {
			return err
		}
		root = c
	}
	if tenant, _ := root.Trailer(tenantTrailer); tenant != cfg.Tenant {
		return exists
	}
	return repo.CreateRef(ctx, approvedRef, root.Hash)
}

// pin keeps outside of the repository what it is judged by from now on.
func (o *initOptions) pin(key *gitstore.SSHSigner) (trust.Pin, error) {
	pins, err := openPins(o.Environment, "")
	if err != nil {
		return trust.Pin{}, err
	}
	repo, err := gitstore.Open(o.repo)
	if err != nil {
		return trust.Pin{}, err
	}
	defer func() { _ = repo.Close() }() // open for reading
	root, err := repo.Head(approvedRef)
	if err != nil {
		return trust.Pin{}, err
	}
	pin, who, err := trust.First(repo, root)
	if err == nil && who.Fingerprint != key.Fingerprint() {
		err = fmt.Errorf("init %s: its first commit was signed by another key, %s: %w", o.repo, who.Fingerprint, entra.ErrUnverified)
	}
	if err != nil {
		return trust.Pin{}, err
	}
	return pins.Save(pin)
}

// firstFiles are the files that a repository has before the first backup.
func (o *initOptions) firstFiles(cfg config.Config, key *gitstore.SSHSigner, glass *glass) (map[string][]byte, error) {
	text, err := config.NewFile(cfg, glass.labels())
	if err != nil {
		return nil, err
	}
	signer, err := key.AllowedSigner("entragit")
	if err != nil {
		return nil, err
	}
	manifest := entra.Manifest{Format: entra.FormatVersion, Tenant: cfg.Tenant, Kinds: map[string]entra.Coverage{}}
	return map[string][]byte{
		config.FileName: text,
		manifestPath:    canon.EncodeManifest(manifest),
		signersPath:     []byte(strings.TrimSuffix(signer, "\n") + "\n"),
	}, nil
}

// tell prints what has to be done in the tenant and on GitHub.
func (o *initOptions) tell(cfg config.Config, keyPath string, key *gitstore.SSHSigner, pin trust.Pin, glass *glass) error {
	text, err := pin.Encode()
	if err != nil {
		return err
	}
	cloud, err := graph.CloudByName(cfg.Cloud)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Created %s for the tenant %s.\n", o.repo, cfg.Tenant)
	fmt.Fprintf(&b, "\nGrant these application permissions of Microsoft Graph, with admin consent, to the application that will\nread the tenant:\n\n%s", permissionTable(cfg))
	fmt.Fprintf(&b, "\nTo sign in from GitHub Actions without a secret, add a federated credential to the application:\n\n%s", columns(func(row func(left, right string)) {
		row("issuer", "https://token.actions.githubusercontent.com")
		row("audience", cloud.Audience)
		for _, subject := range o.subjects() {
			row("subject", subject)
		}
	}))
	b.WriteString(glass.told())
	fmt.Fprintf(&b, "\nSnapshots are signed with %s\n(%s).\n", keyPath, key.Fingerprint())
	fmt.Fprintf(&b, "\nWhat is trusted is kept in %s.\nOn another machine, ENTRAGIT_TRUST takes it from a variable that the repository's writers cannot change:\n\n  %s\n", pin.File(), text)
	fmt.Fprintf(&b, "\nNext:\n\n  entragit backup --repo %s\n", o.repo)
	for line := range strings.SplitAfterSeq(b.String(), "\n") {
		text, end := strings.CutSuffix(line, "\n")
		if _, err := fmt.Fprint(o.Out, ui.Safe(text), map[bool]string{true: "\n"}[end]); err != nil {
			return err
		}
	}
	return nil
}

// permissionTable lists the least permissions to read what is kept, and what for.
func permissionTable(cfg config.Config) string {
	return columns(func(row func(left, right string)) {
		list := grants(inCloud(keptKinds(cfg), cfg.Cloud), forBackup)
		if cfg.Attributes() {
			list = withAudit(list)
		}
		for _, g := range list {
			row(g.permission, strings.Join(g.uses, ", "))
		}
	})
}

// subjects are what GitHub's token may call the workflow. Repositories made, renamed or
// moved since 15 July 2026 carry ids; which form a repository has, the job that runs in
// it shows.
func (o *initOptions) subjects() []string {
	repo := cmp.Or(o.repository, o.Getenv("GITHUB_REPOSITORY"), "OWNER/NAME")
	owner, name, _ := strings.Cut(repo, "/")
	ownerID, repoID := cmp.Or(o.Getenv("GITHUB_REPOSITORY_OWNER_ID"), "OWNER-ID"), cmp.Or(o.Getenv("GITHUB_REPOSITORY_ID"), "NAME-ID")
	const ref = ":ref:refs/heads/main"
	return []string{
		"repo:" + owner + "@" + ownerID + "/" + name + "@" + repoID + ref,
		"repo:" + repo + ref + "  (a repository from before 15 July 2026)",
	}
}
