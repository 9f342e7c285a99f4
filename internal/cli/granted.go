package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/kind"
)

// lookAtPermissions counts which of the permissions that a backup takes were granted. What it means
// that one was not, the kinds say.
func (e *examination) lookAtPermissions(ctx context.Context) {
	f := finding{About: "permissions", OK: true}
	who, err := e.tenant.who(ctx)
	granted, known := e.tenant.Permissions(ctx)
	switch {
	case err != nil:
		f.Answer = "what was granted cannot be read in the token"
	case who.ObjectID == "":
		f.Answer = "nobody signed in, so that nothing is known of what was granted"
	case !known:
		f.Answer = "a user signed in, and what a user may read follows from roles as well: what Graph leaves out without a word is not known"
	default:
		var missing []string
		list := grants(inCloud(keptKinds(e.config), e.tenant.Cloud()), forBackup)
		for _, g := range list {
			if !kind.Granted(granted, g.permission) {
				missing = append(missing, g.permission)
			}
		}
		f.Answer = fmt.Sprintf("%d of %d are granted", len(list)-len(missing), len(list))
		if len(missing) > 0 {
			f.Answer += "; not " + strings.Join(missing, ", ")
		}
	}
	e.add(f)
}

// tellUnknown says before a capture for a person that what Graph leaves out without a word is
// not known: a person's permissions follow from roles, which no token tells.
func (b *backup) tellUnknown(ctx context.Context) {
	who, err := b.tenant.who(ctx)
	if _, known := b.tenant.Permissions(ctx); err == nil && (known || who.ObjectID == "") {
		return
	}
	var parts []string
	for _, k := range b.repo.kinds() {
		for _, part := range k.SilentParts() {
			parts = append(parts, fmt.Sprintf("%s of %s (%s)", part, k.Name, strings.Join(k.ReadPermissions(part), ", ")))
		}
	}
	if len(parts) > 0 {
		b.Say("what was granted is not known, so that this may read as empty for lack of a permission: %s", strings.Join(parts, ", "))
		b.Hint("sign in as an application, whose permissions its token names (entragit help sign-in)")
	}
}
