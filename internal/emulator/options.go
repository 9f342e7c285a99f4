package emulator

import (
	"iter"
	"time"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// Options describe the tenant to serve. The zero value is the contoso seed at its
// natural size, without throttling.
type Options struct {
	// Seed names the content the tenant starts with: "contoso" (also when empty) or
	// "empty".
	Seed string
	// Scale overrides how many objects the seed makes.
	Scale Scale
	// Cloud is the cloud that the tenant is in, one of [Clouds]; empty is the global one. A
	// national cloud answers without what its metadata lacks.
	Cloud string
	// TenantID is the tenant's id; empty derives one from the seed's name.
	TenantID string
	// Records are the tenant's objects; of a collection or singleton that any of them is of,
	// the seed has nothing. Nil is none. They are read once, by [New].
	Records iter.Seq2[Record, error]
	// Load is a folder of Graph objects, laid out by collection path, that are added to
	// the seed. Empty loads nothing.
	Load string
	// Save is a folder that [Server.Save] writes the tenant to, in the same layout. Empty
	// saves nothing.
	Save string
	// Now is the tenant's clock; nil means [time.Now].
	Now func() time.Time
	// Permissions are the application permissions of Microsoft Graph that callers have, such as
	// "User.Read.All"; nil are all. Requests that they do not cover are refused, and what Graph
	// leaves out without a word for lack of a permission is left out.
	Permissions []string
	// Throttle applies the request limits that Microsoft documents.
	Throttle bool
	// PageSize bounds every page, below the documented maximum of a collection; 0 leaves
	// the documented sizes.
	PageSize int
	// MergeComplex makes every update change the parts of a complex value one by one. For
	// most of them Microsoft does not document whether an update merges or replaces; a
	// client should get the same result under both.
	MergeComplex bool
	// Lag is how long a write takes to reach every replica that answers reads: until then
	// a new object is not found, a changed one shows its old value and a deleted one is still
	// listed, in lists or in requests for one object for half of that time only. 0 is none.
	Lag time.Duration
	// Licence is what the tenant has bought: "free", "p1", "p2" or "governance", which is
	// everything, as is the empty word.
	Licence string
	// NoAudit leaves the audit log empty, which otherwise grows with every write.
	NoAudit bool
	// AuditDelay is how long after its time an entry of the audit log can be read; Microsoft promises
	// no number, and minutes were measured. Without a delay an entry can be read at once, also one
	// whose time is some seconds ahead.
	AuditDelay time.Duration
	// Faults fail requests, first match first.
	Faults []Fault
}

// Scale says how many objects of each kind a seed makes; 0 keeps the seed's own number.
type Scale = seed.Scale
