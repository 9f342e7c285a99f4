package history

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Ignore is what people decided not to hear of: kinds that are not kept, and what the
// ignore rules of entragit.yaml name. The history keeps all of it.
type Ignore struct {
	config config.Config
	rules  []decision
}

type decision struct {
	config.Ignore
	objects diff.Selection
	expired bool
}

// NewIgnore reads the decisions from the configuration as they count at a time. Errors wrap
// [entra.ErrInvalid].
func NewIgnore(c config.Config, now time.Time) (Ignore, error) {
	i := Ignore{config: c}
	for _, rule := range c.Ignore {
		objects, err := diff.ParseSelection([]string{rule.Path}, nil)
		if err != nil {
			return Ignore{}, fmt.Errorf("ignore: %w", err)
		}
		if word, bare := objects.Bare(); bare {
			return Ignore{}, fmt.Errorf("ignore: path %q begins with no kind: %w", word, entra.ErrInvalid)
		}
		i.rules = append(i.rules, decision{rule, objects, rule.Expired(now)})
	}
	return i, nil
}

// Following returns the same decisions, which mean an object that was created again by every
// id that it had.
func (i Ignore) Following(lines entra.Lines) Ignore {
	i.rules = slices.Clone(i.rules)
	for n := range i.rules {
		i.rules[n].objects = i.rules[n].objects.Following(lines)
	}
	return i
}

// Apply drops from the changes between two points what people decided not to hear of, and
// notes how much that was. A rule whose time is over drops nothing, and is noted.
func (i Ignore) Apply(set *entra.ChangeSet, from, to diff.Files) {
	set.Unread = slices.DeleteFunc(set.Unread, func(u entra.Unread) bool { return !i.config.Keep(u.Kind) })
	set.Changes = slices.DeleteFunc(set.Changes, func(c entra.Change) bool { return !i.config.Keep(c.Kind) })
	for _, rule := range i.rules {
		n := 0
		if !rule.expired {
			set.Changes, n = rule.apply(set.Changes, from, to)
		}
		if n > 0 || rule.expired {
			set.Ignored = append(set.Ignored, entra.Ignored{
				Path: rule.Path, Property: rule.Property, Reason: rule.Reason, Until: rule.Until, Expired: rule.expired, Changes: n,
			})
		}
	}
	entra.Recall(set.Changes)
}

// apply drops what the rule is about and counts the changes that it took something from.
func (r decision) apply(changes []entra.Change, from, to diff.Files) (kept []entra.Change, n int) {
	kept = changes[:0]
	for _, c := range changes {
		left := true
		if r.means(c, from, to) {
			parts := len(c.Properties) + len(c.Links)
			if left = without(&c, r.Property); !left || len(c.Properties)+len(c.Links) < parts {
				n++
			}
		}
		if left {
			kept = append(kept, c)
		}
	}
	return kept, n
}

// Means reports whether people decided not to hear of a part of an object, as a pointer leads
// to it, or of the whole object where the pointer is empty.
func (i Ignore) Means(key entra.Key, name, pointer string, points ...diff.Files) bool {
	if !i.config.Keep(key.Kind) {
		return true
	}
	return slices.ContainsFunc(i.rules, func(rule decision) bool {
		about := !rule.expired && (rule.Property == "" || pointer != "" && jsonpointer.Within(pointer, rule.Property))
		return about && rule.means(entra.Change{Key: key, Name: name}, points...)
	})
}

// means reports whether the rule is about the object of a change, by its file at either
// point, its key, or one of its names.
func (r decision) means(c entra.Change, points ...diff.Files) bool {
	k := kind.ByName(c.Kind)
	for _, name := range []string{c.Name, c.OldName} {
		for _, p := range points {
			path, err := canon.Path(k, p.Manifest().Kinds[k.Name].Shard, c.ID, name)
			if err == nil && r.objects.Object(path, c.Key, name) {
				return true
			}
		}
	}
	return false
}

// without drops a property and what lies below it from a change and reports whether
// anything is left. An empty property is everything.
func without(c *entra.Change, property string) bool {
	if property == "" {
		return false
	}
	ignored := func(pointer string) bool { return jsonpointer.Within(pointer, property) }
	c.Properties = slices.DeleteFunc(c.Properties, func(p entra.PropertyChange) bool { return ignored(p.Pointer) })
	c.Links = slices.DeleteFunc(c.Links, func(l entra.LinkChange) bool {
		return ignored(jsonpointer.Join(entra.SectionLinks, l.Link))
	})
	return c.Type != entra.Changed || len(c.Properties)+len(c.Links) > 0
}

// Idle returns the rules of a configuration that name no object of a point, with why.
func (i Ignore) Idle(point diff.Files) ([]IgnoreRule, error) {
	var idle []IgnoreRule
	for n, rule := range i.rules {
		_, err := rule.objects.In(point)
		if unmatched, ok := errors.AsType[*diff.UnmatchedError](err); ok && unmatched.Unread == "" {
			idle = append(idle, IgnoreRule{Index: n, Rule: rule.Ignore, Near: unmatched.Near})
		} else if err != nil && !ok {
			return nil, err
		}
	}
	return idle, nil
}

// Unexplained returns the rules that give no reason.
func (i Ignore) Unexplained() []IgnoreRule {
	return i.which(func(r decision) bool { return strings.TrimSpace(r.Reason) == "" })
}

// Expired returns the rules whose time is over.
func (i Ignore) Expired() []IgnoreRule {
	return i.which(func(r decision) bool { return r.expired })
}

func (i Ignore) which(is func(decision) bool) []IgnoreRule {
	var rules []IgnoreRule
	for n, rule := range i.rules {
		if is(rule) {
			rules = append(rules, IgnoreRule{Index: n, Rule: rule.Ignore})
		}
	}
	return rules
}

// IgnoreRule is one of the ignore rules.
type IgnoreRule struct {
	Index int // in the configuration
	Rule  config.Ignore
	Near  []string // paths that may have been meant by one that names no object
}
