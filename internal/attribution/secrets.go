package attribution

import (
	"encoding/json"
	"slices"
	"strings"
)

// secrets are the names of modified properties whose values nobody keeps: key material, and the
// tokens of devices. The names stay, which say that there was such a change.
var secrets = []string{"Credential", "StrongAuthenticationPhoneAppDetail", "Password"}

// pieceKey is the additional detail that a large event is cut up in. A name may be in one piece and
// its value in the next: of the events that are known to be cut up, those of licences, no piece
// holds a secret, and of any other event nobody can tell.
const pieceKey = "b"

// withoutSecrets returns an entry on one line, without the values of secrets.
func withoutSecrets(raw []byte) (json.RawMessage, error) {
	suspect := func(name string) bool { return strings.Contains(string(raw), `"`+name+`"`) }
	if !slices.ContainsFunc(secrets, suspect) && !suspect(pieceKey) {
		return compact(raw)
	}
	var entry map[string]json.RawMessage
	if err := json.Unmarshal(raw, &entry); err != nil {
		return nil, err
	}
	changed := editEach(entry, "targetResources", func(target map[string]json.RawMessage) bool {
		return editEach(target, "modifiedProperties", func(property map[string]json.RawMessage) bool {
			if !slices.Contains(secrets, stringIn(property["displayName"])) {
				return false
			}
			property["oldValue"], property["newValue"] = json.RawMessage("null"), json.RawMessage("null")
			return true
		})
	})
	licences := strings.Contains(strings.ToLower(stringIn(entry["activityDisplayName"])), "license")
	pieces := editEach(entry, "additionalDetails", func(detail map[string]json.RawMessage) bool {
		if licences || stringIn(detail["key"]) != pieceKey {
			return false
		}
		detail["value"] = json.RawMessage(`""`)
		return true
	})
	if !changed && !pieces {
		return compact(raw)
	}
	return json.Marshal(entry)
}

// stringIn is a JSON string, or "".
func stringIn(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // what is no string has no text
	return s
}

// editEach edits the objects of an array that is a member of an object, and reports whether edit
// changed any.
func editEach(of map[string]json.RawMessage, member string, edit func(map[string]json.RawMessage) bool) bool {
	var list []json.RawMessage
	if json.Unmarshal(of[member], &list) != nil {
		return false
	}
	changed := false
	for i, raw := range list {
		var element map[string]json.RawMessage
		if json.Unmarshal(raw, &element) != nil || element == nil || !edit(element) {
			continue
		}
		if edited, err := json.Marshal(element); err == nil {
			list[i], changed = edited, true
		}
	}
	if edited, err := json.Marshal(list); err == nil && changed {
		of[member] = edited
	}
	return changed
}
