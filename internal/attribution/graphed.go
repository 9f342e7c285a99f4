package attribution

import (
	"strings"
)

// numbers are the words of Graph for what the log has numbers for, by the name of the member.
var numbers = map[string]map[float64]string{
	"accessType": {1: "allowed", 2: "blocked"},
}

// masks are the words of Graph for the bits of what the log has one number for, lowest first.
var masks = map[string][]string{
	"guestOrExternalUserTypes": {
		"internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "b2bDirectConnectUser", "otherExternalUser", "serviceProvider",
	},
}

// document reads an object that the log has as a whole: its members are properties.
func document(v any) map[string]any {
	m, _ := sole(v).(map[string]any)
	return m
}

// graphed is a value as Graph has it: no nulls and nothing empty, words where the log has numbers.
func graphed(name string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for name, member := range v {
			if member = graphed(name, member); member != nil {
				m[name] = member
			}
		}
		if len(m) == 0 {
			return nil
		}
		return m
	case []any:
		var list []any
		for _, element := range v {
			if element = graphed(name, element); element != nil {
				list = append(list, element)
			}
		}
		if list == nil {
			return nil
		}
		return list
	case float64:
		return worded(name, v)
	case string:
		if v == "" {
			return nil
		}
	}
	return v
}

// worded is a number by its word, or words.
func worded(name string, number float64) any {
	if word, ok := numbers[name][number]; ok {
		return word
	}
	words, masked := masks[name]
	if !masked || number < 0 || number >= float64(int(1)<<len(words)) {
		return number
	}
	var set []string
	for i, word := range words {
		if int(number)&(1<<i) != 0 {
			set = append(set, word)
		}
	}
	return orNil(strings.Join(set, ","))
}
