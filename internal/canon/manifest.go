package canon

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/yaml"
)

// EncodeManifest returns the bytes of .entragit/manifest.yaml.
func EncodeManifest(m entra.Manifest) []byte { return encodeValue(m) }

// DecodeManifest reads .entragit/manifest.yaml through the strict profile. A file of
// another format version, an unknown key or state, or a wrong type wraps
// [entra.ErrInvalid] and names file and line.
func DecodeManifest(file string, data []byte) (entra.Manifest, error) {
	var m entra.Manifest
	if err := yaml.Unmarshal(file, data, &m); err != nil {
		return m, err
	}
	if m.Format != entra.FormatVersion {
		return m, yaml.Faultf(file, data, "/formatVersion", "formatVersion is %d; this version reads %d", m.Format, entra.FormatVersion)
	}
	if m.Tenant == "" {
		return m, yaml.Faultf(file, data, "/tenant", "tenant is missing")
	}
	for name, c := range m.Kinds {
		switch c.State {
		case entra.Complete, entra.Partial, entra.Forbidden, entra.Unlicensed, entra.Skipped, entra.Absent:
		default:
			return m, yaml.Faultf(file, data, jsonpointer.Join("kinds", name, "state"), "unknown state %q of %s", c.State, name)
		}
		if c.Shard != 0 && c.Shard != 2 && c.Shard != 3 {
			return m, yaml.Faultf(file, data, jsonpointer.Join("kinds", name, "shard"), "unknown shard width %d of %s", c.Shard, name)
		}
		if i, why := badException(c.Exceptions); why != "" {
			return m, yaml.Faultf(file, data, jsonpointer.Join("kinds", name, "exceptions", strconv.Itoa(i)), "exception %d of %s %s", i+1, name, why)
		}
	}
	return m, nil
}

// maxExceptions is far above the number of exceptions that a capture writes for one kind.
const maxExceptions = 100_000

// badException returns the index of the first exception that is not as a capture writes
// exceptions, and why it is not: exceptions are looked up by search, so that their order
// is part of their meaning.
func badException(list []entra.Exception) (int, string) {
	if len(list) > maxExceptions {
		return maxExceptions, "is one too many"
	}
	for i, e := range list {
		section, name, _ := strings.Cut(e.Part, "/")
		known := section == entra.SectionSpec || section == entra.SectionLinks || section == entra.SectionContained
		switch {
		case e.ID == "":
			return i, "has no id"
		case e.Part != "" && (!known || name == "" || strings.Contains(name, "/")):
			return i, fmt.Sprintf("names %q, which is no part of an object", e.Part)
		case i > 0 && cmp.Or(strings.Compare(list[i-1].ID, e.ID), strings.Compare(list[i-1].Part, e.Part)) >= 0:
			return i, "is out of order"
		}
	}
	return 0, ""
}

// encodeValue returns a Go value of ours as YAML.
func encodeValue(v any) []byte {
	text, err := json.Marshal(v)
	if err == nil {
		text, err = AppendYAML(nil, text)
	}
	if err != nil {
		panic(fmt.Sprintf("canon: %T cannot be written: %v", v, err)) // no value of a tenant gets here
	}
	return text
}
