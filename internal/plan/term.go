package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Schedule is what the snapshot says of how long an object holds.
type Schedule struct {
	// Object is the object of the kind [kind.Recovery.Scheduled] that says it; nil where
	// there is none.
	Object *entra.Object
	// Unknown says why the snapshot does not tell; empty where it does.
	Unknown string
}

// over reports that the end of an object's term is past, and when it was.
func (in *Input) over(k *kind.Kind, o *entra.Object) (end string, past bool) {
	if k.Term == "" || in.At.IsZero() {
		return "", false
	}
	end, _ = jsonpointer.Get(o.Spec, strings.Split(k.Term, ".")...).(string)
	at, err := time.Parse(time.RFC3339, end)
	return end, err == nil && !at.After(in.At)
}

// wasUntil completes the sentence "left alone: …".
func wasUntil(end string) string { return fmt.Sprintf("it was until %s, which is past", end) }

// Limited reports whether an object holds for a time only.
func Limited(k *kind.Kind, o *entra.Object) bool {
	path := strings.Split(k.Term, ".")
	term, _ := jsonpointer.Get(o.Spec, path[:len(path)-1]...).(map[string]any)
	for name, v := range term {
		if name != "type" && v != nil {
			return true
		}
	}
	return false
}

// lasts settles how long an object that is to be created holds. Whoever creates it would
// create it without an end; where the snapshot's schedule has one, the object comes back
// with its schedule instead, and where nobody knows, it is refused. It reports whether the
// object is to be created by itself.
func (d *objectPlan) lasts() bool {
	if end, past := d.in.over(d.kind, d.want); past {
		d.refuse("", wasUntil(end), "")
		return false
	}
	if d.kind.Scheduled == "" {
		return true
	}
	s := d.in.Schedules[d.key]
	of := kind.ByName(d.kind.Scheduled)
	switch {
	case s.Object != nil && Limited(of, s.Object):
		if end, past := d.in.over(of, s.Object); past {
			d.refuse("", wasUntil(end), "")
		}
		d.carried = true
		return false
	case s.Object == nil && s.Unknown != "":
		d.refuse("", "whether it was for a time only is not known: "+s.Unknown,
			"reconcile from a snapshot that read "+of.Name+", or create it by hand")
		return false
	}
	return true
}
