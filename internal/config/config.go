// Package config owns entragit.yaml, the file of a backup repository in which
// people write what they decided: whose configuration is kept, which kinds, and
// which differences nobody wants to hear of.
//
// A setting is taken from the first place that gives it: the flag, the environment
// variable of the same name, entragit.yaml, the default. The command line turns
// variables into flags; [Config.With] lays what was given for one run over the file.
//
// The file is part of the repository, so whoever can write there can write it. It
// must therefore never hold what runs a program, says where tokens or data are sent, or
// names a secret: those are flags and variables only.
//
// The package must not know what a kind is, or where the file comes from: the
// caller hands over its bytes and the words that are allowed.
package config

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// FileName is the file's name at the root of the backup repository.
const FileName = "entragit.yaml"

// APIVersion is the only value of apiVersion that this version understands.
const APIVersion = "entragit/v1"

// Config is entragit.yaml.
type Config struct {
	// APIVersion names the format: "entragit/v1".
	APIVersion string `json:"apiVersion"`
	// Tenant is the tenant's id (a GUID) or one of its verified domain names.
	Tenant string `json:"tenant"`
	// Cloud names the national cloud that the tenant lives in; empty means "global".
	Cloud string `json:"cloud"`
	// Kinds says which kinds are kept.
	Kinds Kinds `json:"kinds"`
	// Ignore lists differences that are kept in the history and left out of reports.
	Ignore []Ignore `json:"ignore"`
	// Guards protect the tenant from a restore.
	Guards Guards `json:"guards"`
	// Attribution says whether the audit log is read for who changed what, and what it says of
	// the changes kept; nil means yes.
	Attribution *bool `json:"attribution"`
}

// Attributes reports whether the audit log is read and kept.
func (c Config) Attributes() bool { return c.Attribution == nil || *c.Attribution }

// Kinds selects kinds by name.
type Kinds struct {
	// Include lists the kinds that are kept; empty means all.
	Include []string `json:"include"`
	// Also lists kinds that are kept beside those: the ones that are left out unless
	// somebody names them.
	Also []string `json:"also"`
	// Exclude lists kinds that are not kept; it wins over both.
	Exclude []string `json:"exclude"`
}

// Ignore is a rule for differences that nobody wants to hear of.
type Ignore struct {
	// Path selects objects as the commands do: "users/*", "groups/3f2b…".
	Path string `json:"path"`
	// Property is a JSON pointer (RFC 6901) into the object's file, with what lies below
	// it: "/spec/department". Empty means the whole object.
	Property string `json:"property"`
	// Reason says why nobody wants to hear of it. A rule without one still counts, since
	// older files have none; whoever reads the file says that it is missing.
	Reason string `json:"reason"`
	// Until is the last day, in UTC, on which the rule counts: "2026-12-31". Empty means for
	// good.
	Until string `json:"until"`
}

// String names a rule by what it is about.
func (i Ignore) String() string { return strings.TrimSpace(i.Path + " " + i.Property) }

// Expired reports whether the last day of a rule is over.
func (i Ignore) Expired(now time.Time) bool {
	last, err := time.Parse(time.DateOnly, i.Until)
	return err == nil && !now.Before(last.AddDate(0, 0, 1))
}

// Guards protect the tenant from a restore, and the snapshots from a reading that cannot
// be true.
type Guards struct {
	// BreakGlass lists the ids of users and groups that no restore may subject to a
	// Conditional Access policy they are exempt from now.
	BreakGlass []string `json:"breakGlass"`
	// Shrink bounds what a backup may find gone at once without asking.
	Shrink Shrink `json:"shrink"`
	// Writes bounds what a restore may write to without asking, Deletions what it may take
	// away.
	Writes    Bound `json:"writes"`
	Deletions Bound `json:"deletions"`
}

// Bound limits what a restore does at once. Zero stands for the default.
type Bound struct {
	// Most is how much at all: 100 objects written to, 25 links or contained objects taken
	// away.
	Most int `json:"most"`
	// Percent is the share of a kind's objects: 25 of those written to, 10 of those from
	// which something is taken away.
	Percent int `json:"percent"`
}

// or fills in the default.
func (b Bound) or(most, percent int) Bound {
	return Bound{Most: cmp.Or(b.Most, most), Percent: cmp.Or(b.Percent, percent)}
}

// Shrink bounds a sudden loss. Zero stands for the default.
type Shrink struct {
	// Percent is the share of a kind's objects that may be gone: 20 by default; 100 leaves
	// only the kinds of which nothing is left.
	Percent int `json:"percent"`
	// Least is how many objects a loss must be of, whatever their share: 10 by default.
	Least int `json:"least"`
}

// Overrides are the settings given for one run. A zero field was not given.
type Overrides struct {
	Tenant string
	Cloud  string
	// Kinds replaces the file's choice of kinds.
	Kinds []string
}

// With returns the configuration with what was given for one run laid over it, and
// defaults filled in.
func (c Config) With(o Overrides) Config {
	if o.Tenant != "" {
		c.Tenant = o.Tenant
	}
	if o.Cloud != "" {
		c.Cloud = o.Cloud
	}
	if c.Cloud == "" {
		c.Cloud = "global"
	}
	c.Guards.Writes = c.Guards.Writes.or(100, 25)
	c.Guards.Deletions = c.Guards.Deletions.or(25, 10)
	if c.Guards.Shrink.Percent == 0 {
		c.Guards.Shrink.Percent = 20
	}
	if c.Guards.Shrink.Least == 0 {
		c.Guards.Shrink.Least = 10
	}
	if len(o.Kinds) > 0 {
		c.Kinds = Kinds{Include: o.Kinds}
	}
	return c
}

// Keep reports whether a kind of that name is kept.
func (c Config) Keep(kind string) bool {
	if slices.Contains(c.Kinds.Exclude, kind) {
		return false
	}
	return len(c.Kinds.Include) == 0 || c.Named(kind)
}

// Named reports whether a kind is kept by its name, not because all are.
func (c Config) Named(kind string) bool {
	return slices.Contains(c.Kinds.Include, kind) || slices.Contains(c.Kinds.Also, kind)
}
