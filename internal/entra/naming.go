package entra

import "time"

// Naming is a place of an object that names another one that is not there.
type Naming struct {
	Key
	Name    string `json:"name"`
	Pointer string `json:"pointer"`
	// Old is the identity that leads nowhere.
	Old string `json:"old"`
	// Of is the object that had the identity, as far as that is known, and OfName its name.
	Of     Key    `json:"of,omitzero"`
	OfName string `json:"ofName,omitempty"`
	// Fate is what became of the object.
	Fate Fate `json:"fate,omitempty"`
	// Until is when a deleted object can no longer be taken back; nil where that was not told.
	Until *time.Time `json:"until,omitempty"`
}

// Fate is what became of an object that is not there.
type Fate string

// The fates of objects. Where nobody asked the tenant, the fate is empty.
const (
	FateDeleted Fate = "deleted" // and can be taken back
	FateGone    Fate = "gone"    // for good
	FateUnread  Fate = "unread"  // the tenant did not say
)
