package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/report"
)

type permissionsOptions struct {
	Environment
	purpose choice
	kinds   []string
	cloud   choice
	output  choice
}

// What permissions are for.
const (
	forBackup    = "backup"
	forReconcile = "reconcile"
)

func newPermissionsCmd(env Environment) *cobra.Command {
	o := &permissionsOptions{
		Environment: env,
		purpose:     choice{what: "purpose", value: forBackup, of: []string{forBackup, forReconcile}},
		cloud:       choice{what: "cloud", of: words().Clouds},
		output:      choice{what: "output format", value: "text", of: []string{"text", "json", "script"}},
	}
	cmd := &cobra.Command{
		Use:   "permissions",
		Short: "lists the least application permissions, ready to grant",
		Long: `Lists the least set of application permissions of Microsoft Graph for a purpose, each with the id of its app role and the kinds that need it; last,
for a backup, the one that says who changed what, which is optional. As
JSON it is the requiredResourceAccess of an application registration; as a script it grants them with the Azure CLI. A backup
reads only. Give the identity that reconciles an application of its own.`,
		Example: `  entragit permissions
  entragit permissions --for reconcile --kinds conditionalAccessPolicies,namedLocations
  entragit permissions --output json > access.json
  entragit permissions --output script > grant.sh`,
		Args: takes(0, 0),
		RunE: func(*cobra.Command, []string) error { return runPermissions(o) },
	}
	f := cmd.Flags()
	f.Var(&o.purpose, "for", "list what `PURPOSE` needs: backup, reconcile")
	f.StringSliceVar(&o.kinds, "kinds", nil, "only for these kinds, a comma-separated `LIST`")
	f.Var(&o.cloud, "cloud", "leave out what the national cloud `NAME` does not have: "+strings.Join(o.cloud.of, ", "))
	f.Var(&o.output, "output", "write the result as `FORMAT`: text, json, script")
	return cmd
}

func runPermissions(o *permissionsOptions) error {
	for _, name := range o.kinds {
		if err := checkKind(name); err != nil {
			return fmt.Errorf("--kinds: %w", err)
		}
	}
	kinds := inCloud(keptKinds(config.Config{}.With(config.Overrides{Kinds: o.kinds})), o.cloud.value)
	list := grants(kinds, o.purpose.value)
	if o.purpose.value == forBackup {
		list = withAudit(list)
	}
	if o.purpose.value == forReconcile && slices.ContainsFunc(kinds, func(k *kind.Kind) bool { return len(k.Sensitive) > 0 }) {
		o.Say("no permission reaches administrators, nor who belongs to a group that can hold a role: to write %s of theirs, or to delete them or take them back, takes the Entra role %s besides",
			strings.Join(sensitiveProperties(kinds), ", "), higherRole)
		o.Hint("assign the role to the application for as long as a restore takes (entragit help permissions)")
	}
	switch o.output.value {
	case "json":
		return report.JSON(o.Out, requiredAccess(list))
	case "script":
		return writeGrantScript(o.Out, list, o.purpose.value)
	}
	_, err := io.WriteString(o.Out, columns(func(row func(left, right string)) {
		for _, g := range list {
			row(g.permission, g.role+"\t"+strings.Join(g.uses, ", "))
		}
	}))
	return err
}

// keptKinds are the kinds that a configuration keeps, in the order of the table. A kind
// that is off is kept only where it is named.
func keptKinds(cfg config.Config) []*kind.Kind {
	var kept []*kind.Kind
	for _, k := range kind.All() {
		if cfg.Keep(k.Name) && (!k.OptIn || cfg.Named(k.Name)) {
			kept = append(kept, k)
		}
	}
	return kept
}

// inCloud leaves out the kinds that a cloud does not have.
func inCloud(kinds []*kind.Kind, cloud string) []*kind.Kind {
	return slices.DeleteFunc(slices.Clone(kinds), func(k *kind.Kind) bool { return k.Lacking(cloud).All })
}

// grant is one application permission with what needs it.
type grant struct {
	permission string
	role       string // app role id
	uses       []string
}

// grants returns the least set of permissions for a purpose, sorted. Permission to
// write a resource includes reading it.
func grants(kinds []*kind.Kind, purpose string) []grant {
	uses := map[string][]string{}
	use := func(permission, by string) {
		if !slices.Contains(uses[permission], by) {
			uses[permission] = append(uses[permission], by)
		}
	}
	use(capture.TenantPermission, "to see which tenant it is")
	if purpose == forReconcile {
		kinds = withCompanions(kinds)
		for _, name := range apply.GuardPermissions(kinds) {
			use(name, "the guards")
		}
	}
	for _, k := range kinds {
		if purpose == forReconcile {
			for _, target := range targets(k) {
				use(target.Permissions.Read[0], k.Name+" (refers to "+target.Name+")")
			}
		}
		for _, p := range k.Grants() {
			for _, name := range p.Read {
				use(name, k.Name)
			}
			if purpose != forReconcile {
				continue
			}
			for _, name := range p.Write {
				use(name, k.Name)
			}
			for _, n := range p.Needs {
				use(n.Permission, k.Name+" ("+n.For+")")
			}
		}
	}
	var list []grant
	for permission, by := range uses {
		wider := strings.Replace(permission, ".Read.", ".ReadWrite.", 1)
		if wider == permission || uses[wider] == nil {
			list = append(list, grant{permission, kind.AppRole(permission), by})
		}
	}
	slices.SortFunc(list, func(a, b grant) int { return strings.Compare(a.permission, b.permission) })
	return list
}

// sensitiveProperties are what only a higher administrator writes of an administrator.
func sensitiveProperties(kinds []*kind.Kind) []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.Sensitive...)
	}
	return names
}

// withCompanions adds to kinds those whose objects go and come back with theirs.
func withCompanions(kinds []*kind.Kind) []*kind.Kind {
	all := slices.Clone(kinds)
	for _, k := range kinds {
		for _, c := range k.CascadesTo {
			if companion := kind.ByName(c.Kind); !slices.Contains(all, companion) {
				all = append(all, companion)
			}
		}
	}
	return all
}

// targets are the kinds that objects of a kind refer to or link, as far as they can be
// read: a write is planned only where they exist.
func targets(k *kind.Kind) []*kind.Kind {
	var names []string
	for ref := range k.EveryReference() {
		names = append(names, ref.Targets...)
	}
	var found []*kind.Kind
	for _, t := range kind.All() {
		if t != k && len(t.Permissions.Read) > 0 && slices.Contains(names, t.Name) {
			found = append(found, t)
		}
	}
	return found
}

// requiredAccess is the permissions as an application registration holds them: the body
// of a PATCH of the application, or its manifest's member of that name.
func requiredAccess(list []grant) any {
	type role struct {
		ID   string `json:"id"`
		Type string `json:"type"`
	}
	type resource struct {
		AppID string `json:"resourceAppId"`
		Roles []role `json:"resourceAccess"`
	}
	roles := []role{}
	for _, g := range list {
		roles = append(roles, role{g.role, "Role"})
	}
	return map[string][]resource{"requiredResourceAccess": {{kind.GraphAppID, roles}}}
}

// writeGrantScript writes a shell script that adds the permissions to an application and
// consents to them.
func writeGrantScript(out io.Writer, list []grant, purpose string) error {
	var b strings.Builder
	fmt.Fprintf(&b, `#!/bin/sh
# Grants an application what entragit %s needs of Microsoft Graph, with admin consent:
#
#   az login                 (in a national cloud after: az cloud set --name CLOUD)
#   sh grant.sh APPLICATION-ID
#
# It takes a Privileged Role Administrator. What the application has already, it keeps.
set -eu
app=${1:?the application (client) id is missing}

`, purpose)
	for _, g := range list {
		fmt.Fprintf(&b, "# %s: %s\naz ad app permission add --only-show-errors --id \"$app\" --api %s --api-permissions %s=Role\n",
			g.permission, strings.Join(g.uses, ", "), kind.GraphAppID, g.role)
	}
	b.WriteString("\naz ad app permission admin-consent --id \"$app\"\n")
	_, err := io.WriteString(out, b.String())
	return err
}
