package history

import (
	"errors"
	"fmt"
	"slices"

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
	rules  []ignoreRule
}

type ignoreRule struct {
	config.Ignore
	objects diff.Selection
}

// NewIgnore reads the decisions from the configuration. Errors wrap [entra.ErrInvalid].
func NewIgnore(c config.Config) (Ignore, error) {
	i := Ignore{config: c}
	for _, rule := range c.Ignore {
		objects, err := diff.ParseSelection([]string{rule.Path}, nil)
		if err != nil {
			return Ignore{}, fmt.Errorf("ignore: %w", err)
		}
		if word, bare := objects.Bare(); bare {
			return Ignore{}, fmt.Errorf("ignore: path %q begins with no kind: %w", word, entra.ErrInvalid)
		}
		i.rules = append(i.rules, ignoreRule{rule, objects})
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

// Apply drops from the changes between two points what people decided not to hear of.
func (i Ignore) Apply(set *entra.ChangeSet, from, to diff.Files) {
	set.Unread = slices.DeleteFunc(set.Unread, func(u entra.Unread) bool { return !i.config.Keep(u.Kind) })
	set.Changes = slices.DeleteFunc(set.Changes, func(c entra.Change) bool { return !i.config.Keep(c.Kind) })
	for _, rule := range i.rules {
		kept := set.Changes[:0]
		for _, c := range set.Changes {
			if !rule.means(c, from, to) || without(&c, rule.Property) {
				kept = append(kept, c)
			}
		}
		set.Changes = kept
	}
}

// Means reports whether people decided not to hear of a part of an object, as a pointer leads
// to it, or of the whole object where the pointer is empty.
func (i Ignore) Means(key entra.Key, name, pointer string, points ...diff.Files) bool {
	if !i.config.Keep(key.Kind) {
		return true
	}
	return slices.ContainsFunc(i.rules, func(rule ignoreRule) bool {
		about := rule.Property == "" || pointer != "" && jsonpointer.Within(pointer, rule.Property)
		return about && rule.means(entra.Change{Key: key, Name: name}, points...)
	})
}

// means reports whether the rule is about the object of a change, by its file at either
// point, its key, or one of its names.
func (r ignoreRule) means(c entra.Change, points ...diff.Files) bool {
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
func (i Ignore) Idle(point diff.Files) ([]IdleRule, error) {
	var idle []IdleRule
	for n, rule := range i.rules {
		_, err := rule.objects.In(point)
		if unmatched, ok := errors.AsType[*diff.UnmatchedError](err); ok && unmatched.Unread == "" {
			idle = append(idle, IdleRule{Index: n, Rule: rule.Ignore, Near: unmatched.Near})
		} else if err != nil && !ok {
			return nil, err
		}
	}
	return idle, nil
}

// IdleRule is an ignore rule that names no object.
type IdleRule struct {
	Index int // in the configuration
	Rule  config.Ignore
	Near  []string // paths that may have been meant
}
