package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/ui"
)

// hinted is an error with advice of its own.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// withHint adds advice to an error where only its place knows what to advise.
func withHint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return hinted{err, fmt.Sprintf(format, args...)}
}

// advice maps what went wrong to what a person can do. First match wins.
var advice = []struct {
	err  error
	hint string
}{
	{ui.ErrNotTerminal, "nobody is there to answer: give --yes, or look first with --dry-run"},
	{gitstore.ErrNotRepository, "entragit init --repo DIR --tenant TENANT makes a backup repository; --repo names an existing one"},
	{history.ErrForeign, "entragit init --repo DIR --tenant TENANT makes a backup repository; in a clone, git fetch origin snapshots:snapshots brings the branch"},
	{history.ErrNoBackup, "run entragit backup; entragit snapshots lists the points in time there are"},
	{gitstore.ErrExists, "choose a folder that is missing or empty; what an interrupted init left can be removed"},
	{gitstore.ErrLocked, "another run is writing here; run again when it has ended"},
	{gitstore.ErrDiverged, "two machines took backups, or one history was rewritten; nothing was forced: entragit help remotes says how to find the true one"},
	{gitstore.ErrRewound, "find out who set it back; --accept-rewound goes on and gives it the snapshots again (entragit help remotes)"},
	{gitstore.ErrMoved, "somebody else wrote to it meanwhile; nothing was forced, run again"},
	{gitstore.ErrUnknownRevision, "entragit snapshots lists the points in time there are"},
	{gitstore.ErrDamaged, "nothing was written; take a clone that verifies (entragit help signing), and look with git fsck --full"},
	{gitstore.ErrExposedKey, "chmod 600 the file: whoever can read it can sign snapshots"},
	{gitstore.ErrUnsigned, "entragit help signing explains whose signatures count"},
	{gitstore.ErrUnknownSigner, "entragit help signing explains whose signatures count"},
	{gitstore.ErrUnauthorized, "check the credentials for the remote"},
	{gitstore.ErrRejected, "the remote's rules refused the push; the snapshot is kept here and goes with the next push"},
	{entra.ErrUnauthenticated, "entragit help sign-in lists the ways to sign in"},
	{entra.ErrForbidden, "the application that signs in lacks a permission; entragit init printed what a backup needs"},
	{entra.ErrUnlicensed, "leave the kind out in entragit.yaml, or license the feature"},
	{entra.ErrThrottled, "Microsoft Graph is busy with this tenant; run again later"},
	{entra.ErrUnavailable, "check the network and the --graph URL; Graph may be down"},
	{entra.ErrUnsafe, "an answer led away from the host that was asked; nothing was sent there"},
}

// hint returns what to advise about an error, or "".
func hint(err error) string {
	if h, ok := errors.AsType[hinted](err); ok {
		return h.hint
	}
	if u, ok := errors.AsType[*diff.UnmatchedError](err); ok {
		return selectionHint(u)
	}
	if a, ok := errors.AsType[*diff.AmbiguousError](err); ok {
		return candidatesHint(a)
	}
	for _, a := range advice {
		if errors.Is(err, a.err) {
			return a.hint
		}
	}
	return ""
}

// selectionHint names what may have been meant by a path that selects nothing.
func selectionHint(u *diff.UnmatchedError) string {
	if len(u.Near) == 0 {
		return "entragit help revisions shows the forms of a path and of a name; entragit snapshots lists other points in time"
	}
	var near []string
	for _, arg := range u.Near {
		near = append(near, strconv.Quote(arg))
	}
	return "did you mean " + strings.Join(near, " or ")
}

// candidatesHint names what a word may mean.
func candidatesHint(a *diff.AmbiguousError) string {
	var keys []string
	for _, c := range a.Candidates {
		keys = append(keys, strings.TrimSpace(fmt.Sprintf("%s %s", c.Key, quotedName(c.Name))))
	}
	if more := len(keys) - maxNamed; more > 0 {
		keys = append(keys[:maxNamed], fmt.Sprintf("or one of %d more", more))
	}
	return "name one: " + strings.Join(keys, ", ")
}

func quotedName(name string) string {
	if name == "" {
		return ""
	}
	return "(" + strconv.Quote(name) + ")"
}

// grantHint names what would let a kind be read.
func grantHint(k *kind.Kind) string { return grantAdvice(k.Permissions.Read) }

// grantAdvice names permissions that would let something be read.
func grantAdvice(permissions []string) string {
	return "grant " + strings.Join(permissions, ", ") + " to the application that signs in, with admin consent"
}
