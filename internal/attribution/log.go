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

// Attribute says of each change of a set who did it, as far as the log tells, or why that is not
// known: it fills [entra.Change.By] and [entra.ChangeSet.Audit]. names gives what an id is called,
// "" where that is not known; it may be nil.
func Attribute(set *entra.ChangeSet, log Log, names func(id string) string) {
	set.Audit = log.Windows
}

// Concerning returns a log with those entries alone that say something about the changes of a set.
func Concerning(set *entra.ChangeSet, log Log) Log {
	return log
}
