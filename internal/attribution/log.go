package attribution

import (
	"encoding/json"

	"github.com/entragit/entragit/internal/entra"
)

// Log is what was read of the directory audit log.
type Log struct {
	// Entries are as Graph answered them (microsoft.graph.directoryAudit), without secrets.
	Entries []json.RawMessage
	// Windows are the stretches of time that were read, or could not be.
	Windows []entra.AuditWindow
}

// Facts are what is known of the ids that the log names. The zero value knows nothing.
type Facts struct {
	// Name is what an id is called: a user's userPrincipalName, an application's name; "" where
	// that is not known.
	Name func(id string) string
	// Microsoft reports whether a service principal is one of Microsoft's own, which its
	// appOwnerOrganizationId says. The log has its name only, and anybody can call an application
	// "Microsoft Approval Management".
	Microsoft func(id string) bool
}

// Attribute says of each change of a set who did it, as far as the log tells, or why that is not
// known: it fills [entra.Change.By] and [entra.ChangeSet.Audit].
func Attribute(set *entra.ChangeSet, log Log, facts Facts) {
	set.Audit = log.Windows
}

// Concerning returns a log with those entries alone that say something about the changes of a set.
func Concerning(set *entra.ChangeSet, log Log) Log {
	return log
}
