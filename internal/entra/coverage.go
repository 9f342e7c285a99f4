package entra

import "slices"

// FormatVersion is the version of the backup repository's format, written to
// .entragit/manifest.yaml.
const FormatVersion = 1

// CoverageState says how much of a kind a snapshot read.
type CoverageState string

// The states of coverage. Only a Complete or Partial kind was listed to its end;
// every other state keeps the files of the snapshot before.
const (
	Complete   CoverageState = "complete"   // every object, property and link
	Partial    CoverageState = "partial"    // some objects or links could not be read
	Forbidden  CoverageState = "forbidden"  // the identity lacks a permission
	Unlicensed CoverageState = "unlicensed" // the tenant lacks a licence
	Skipped    CoverageState = "skipped"    // not asked for, or failed; see the cause
)

// Coverage says what a snapshot read of one kind.
type Coverage struct {
	State CoverageState `json:"state"`
	// Cause is one sentence for a person; empty when complete.
	Cause string `json:"cause,omitempty"`
	// Properties are the top-level properties that were asked for, sorted. Empty means
	// the endpoint's whole answer was kept.
	Properties []string `json:"properties,omitempty"`
	// Links and Contained are the links and contained collections that were read,
	// sorted.
	Links     []string `json:"links,omitempty"`
	Contained []string `json:"contained,omitempty"`
	// Shard is the number of hex digits of an object's shard folder: 0, 2 or 3.
	Shard int `json:"shard,omitempty"`
}

// Read reports whether the kind's collection was read to its end, so that an
// object that is not among its files does not exist.
func (c Coverage) Read() bool { return c.State == Complete || c.State == Partial }

// ReadProperty reports whether the top-level property was read.
func (c Coverage) ReadProperty(name string) bool {
	return len(c.Properties) == 0 || slices.Contains(c.Properties, name)
}

// ReadLink reports whether the link was read.
func (c Coverage) ReadLink(name string) bool { return slices.Contains(c.Links, name) }

// ReadContained reports whether the contained collection was read.
func (c Coverage) ReadContained(name string) bool { return slices.Contains(c.Contained, name) }

// Manifest is .entragit/manifest.yaml: the format version and the coverage of each
// kind. It says nothing of the run itself.
type Manifest struct {
	Format int                 `json:"formatVersion"`
	Tenant string              `json:"tenant"`
	Kinds  map[string]Coverage `json:"kinds"`
}
