package cli

import (
	"encoding/base64"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/kind/csdl"
)

// mutator invents other values of the same type. It knows the members of Graph's
// enumerations from Microsoft's metadata.
type mutator struct {
	enums [][]string
	types *csdl.Metadata
	cloud string // that the tenant is in
}

func newMutator(t testing.TB, cloud string) mutator {
	t.Helper()
	metadata, err := csdl.Read("../emulator/metadata.json")
	must(t, err)
	return mutator{slices.Collect(maps.Values(metadata.Enums)), metadata, cloud}
}

// has reports whether the cloud has a member of a type, by Microsoft's metadata. Both clouds of
// the US Government have one.
func (m mutator) has(typ, member string) bool {
	name := strings.TrimSuffix(m.cloud, "-dod")
	return m.types.HasMember(m.types.Clouds[name], typ, member)
}

// others yields values that differ from v, the likeliest to be accepted first:
// nothing is named that may not exist, and an element is taken away before one is
// invented.
func (m mutator) others(v any) iter.Seq[any] {
	return func(yield func(any) bool) {
		switch v := v.(type) {
		case bool:
			yield(!v)
		case json.Number:
			if v == "0" {
				v = "" // no number begins with a zero
			}
			yield(json.Number(v.String() + "1"))
		case string:
			for _, s := range m.strings(v) {
				if !yield(s) {
					return
				}
			}
		case []any:
			if len(v) == 0 || !yield(v[:len(v)-1]) {
				return
			}
			for last := range m.others(v[len(v)-1]) {
				if !yield(append(slices.Clone(v[:len(v)-1]), last)) {
					return
				}
			}
		case map[string]any:
			m.objects(v, yield)
		}
	}
}

// objects changes one property at a time, lists first.
func (m mutator) objects(o map[string]any, yield func(any) bool) {
	names := slices.SortedFunc(maps.Keys(o), func(a, b string) int {
		if rank(o[a]) != rank(o[b]) {
			return rank(o[a]) - rank(o[b])
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		if strings.Contains(name, "@") {
			continue
		}
		for changed := range m.others(o[name]) {
			out := maps.Clone(o)
			out[name] = changed
			if !yield(out) {
				return
			}
		}
	}
}

// rank orders properties by how likely another value is accepted.
func rank(v any) int {
	switch v := v.(type) {
	case []any:
		if len(v) > 1 {
			return 0
		}
		return 5
	case bool:
		return 1
	case map[string]any:
		return 2
	case string:
		return 3
	}
	return 4
}

// documented are values that Microsoft names in the text of a reference page alone.
var documented = [][]string{
	{"All", "Selected", "None"}, // groupLifecyclePolicy.managedGroupTypes
	{"Available", "Deprecated"}, // customSecurityAttributeDefinition.status
	{"Private", "Public"},       // group.visibility
	{"Teal", "Purple"},          // group.theme
	{"On", "Paused"},            // group.membershipRuleProcessingState
	{"Minor", "NotAdult", "Adult"},
	{"Granted", "Denied", "NotRequired"}, // user.consentProvidedForMinor
	{"Member", "Guest"},
}

func (m mutator) strings(v string) []string {
	if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
		return []string{t.Add(24 * time.Hour).Format(time.RFC3339)}
	}
	var list []string
	for _, members := range m.enums {
		if slices.Contains(members, v) {
			list = append(list, slices.DeleteFunc(slices.Clone(members), func(s string) bool {
				return s == v || s == "unknownFutureValue"
			})...)
		}
	}
	for _, members := range documented {
		if i := slices.Index(members, v); i >= 0 {
			list = append(list, members[(i+1)%len(members)])
		}
	}
	if strings.HasPrefix(v, "P") && strings.Trim(v, "PTDHMS0123456789") == "" {
		list = append(list, "P3D", "PT3H") // a duration
	}
	if len(v) == 2 {
		list = append(list, "SE") // a country
	}
	if len(v) == 36 && strings.Count(v, "-") == 4 {
		list = append(list, v[24:]+v[8:24]+v[:8], "10dae51f-b6af-4016-8d66-8c2a99b929b3")
	}
	if content, err := base64.StdEncoding.DecodeString(v); err == nil && len(content) > 32 {
		list = append(list, base64.StdEncoding.EncodeToString(append(content, '\n'))) // a picture or a style sheet
	}
	return append(list, v+"x", "x"+v)
}
