package attribution

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// entry is one entry of the log, as far as it says who did what.
type entry struct {
	ID           text      `json:"id"`
	Activity     text      `json:"activityDisplayName"`
	Service      text      `json:"loggedByService"`
	Result       text      `json:"result"`
	Correlation  text      `json:"correlationId"`
	When         time.Time `json:"activityDateTime"`
	Initiated    initiated `json:"initiatedBy"`
	Targets      []target  `json:"targetResources"`
	Details      []detail  `json:"additionalDetails"`
	act, service string    // what Activity and Service are compared by
	index        int       // in the log
	number       uint64    // of its id
	pieces       []*entry  // the others that this one was cut into
}

type initiated struct {
	User *struct {
		ID        text `json:"id"`
		Name      text `json:"displayName"`
		Principal text `json:"userPrincipalName"`
		Address   text `json:"ipAddress"`
	} `json:"user"`
	App *struct {
		AppID     text `json:"appId"`
		Name      text `json:"displayName"`
		Principal text `json:"servicePrincipalId"`
	} `json:"app"`
}

// target is what an entry is about, or a party to it.
type target struct {
	ID       text       `json:"id"`
	Name     text       `json:"displayName"`
	Type     text       `json:"type"`
	Modified []modified `json:"modifiedProperties"`
}

// modified is what an entry says of one attribute of a target.
type modified struct {
	Name text            `json:"displayName"`
	Old  json.RawMessage `json:"oldValue"`
	New  json.RawMessage `json:"newValue"`
}

type detail struct {
	Key   text `json:"key"`
	Value text `json:"value"`
}

// text is a string; anything else that the log has in its place is none.
type text string

// UnmarshalJSON never fails: a type that nobody expects says nothing.
func (t *text) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*t = text(s)
	}
	return nil
}

// decodeEntry reads an entry. Fields that are unknown or of another type say nothing; it reports
// false for what is no entry, or has no time.
func decodeEntry(raw json.RawMessage, index int) (*entry, bool) {
	e := &entry{index: index}
	if err := json.Unmarshal(raw, e); err != nil {
		if _, mistyped := errors.AsType[*json.UnmarshalTypeError](err); !mistyped {
			return nil, false
		}
	}
	if e.When.IsZero() {
		return nil, false
	}
	e.When, e.number = e.When.UTC(), numberOf(string(e.ID))
	e.act, e.service = folded(string(e.Activity)), folded(string(e.Service))
	return e, true
}

// succeeded reports whether what the entry is about happened.
func (e *entry) succeeded() bool { return strings.EqualFold(string(e.Result), "success") }

// detail is an additional detail, "" where there is none.
func (e *entry) detail(key string) string {
	for _, d := range e.Details {
		if strings.EqualFold(string(d.Key), key) {
			return string(d.Value)
		}
	}
	return ""
}

// modified is what the entry says of an attribute of any of its targets.
func (e *entry) modified(name string) (modified, bool) {
	for _, t := range e.Targets {
		for _, m := range t.Modified {
			if strings.EqualFold(string(m.Name), name) {
				return m, true
			}
		}
	}
	return modified{}, false
}

// targetOf is the first target of one of the types, "" for none, leaving out one by its place.
func (e *entry) targetOf(without int, types ...string) string {
	for i, t := range e.Targets {
		if i != without && slices.ContainsFunc(types, func(typ string) bool { return strings.EqualFold(typ, string(t.Type)) }) {
			return identity(string(t.ID))
		}
	}
	return ""
}

// nameOf is the display name of the first target of a type.
func (e *entry) nameOf(typ string) string {
	for _, t := range e.Targets {
		if strings.EqualFold(typ, string(t.Type)) {
			return strings.TrimSpace(string(t.Name))
		}
	}
	return ""
}

// folded is a name as the log's names are compared: Microsoft's pages and its services agree
// neither on case nor on blanks, final dots and dashes.
func folded(name string) string {
	name = strings.NewReplacer("–", "-", "—", "-").Replace(name)
	return strings.TrimSuffix(strings.Join(strings.Fields(strings.ToLower(name)), " "), ".")
}

// identity is an id as ids are compared.
func identity(id string) string { return strings.ToLower(strings.TrimSpace(id)) }

// earlier orders entries by time, and those of one time by the numbers that their ids end with, which
// the directory counts up.
func earlier(a, b *entry) int {
	return cmp.Or(a.When.Compare(b.When), cmp.Compare(a.number, b.number), cmp.Compare(a.ID, b.ID), cmp.Compare(a.index, b.index))
}

// numberOf is the number that an id ends with, 0 for none.
func numberOf(id string) uint64 {
	n, err := strconv.ParseUint(id[strings.LastIndexByte(id, '_')+1:], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// entriesOf reads the entries of a log that tell of what happened, oldest first, each once and
// those that were cut into pieces whole, and the places of those that could not be read.
func entriesOf(log Log) (entries []*entry, unread []int) {
	for i, raw := range log.Entries {
		e, ok := decodeEntry(raw, i)
		switch {
		case !ok:
			unread = append(unread, i)
		case e.succeeded():
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, earlier)
	seen := make(map[text]bool, len(entries))
	entries = slices.DeleteFunc(entries, func(e *entry) bool {
		again := seen[e.ID] && e.ID != ""
		seen[e.ID] = true
		return again
	})
	return joined(entries), unread
}
