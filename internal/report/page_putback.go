package report

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/ui"
)

// pagePutBack is how an object is put back.
type pagePutBack struct {
	Command string // empty where nothing puts it back
	Note    string
}

// manyWords is how many objects a command names.
const manyWords = 10

// PutBack is the command that puts the object back, with what the change brought about.
func (c *pageCard) PutBack() pagePutBack {
	flags, note := wayBack(c.change)
	if flags == nil {
		return pagePutBack{Note: note}
	}
	words := append([]string{"entragit", "reconcile", "--from", c.view.since(c.Anchor - 1)}, flags...)
	words = append(words, shellWord(c.change.String()))
	under := slices.DeleteFunc(slices.Clone(c.view.under[c.change.Key]), func(u entra.Consequence) bool {
		return c.change.Type == entra.Changed && u.Type == entra.Changed // it follows back by itself
	})
	if len(under) > manyWords {
		note = strings.TrimSpace(note + " What the change brought about has to be selected, too.")
		under = nil
	}
	for _, u := range under {
		words = append(words, shellWord(u.String()))
	}
	return pagePutBack{Command: strings.Join(words, " "), Note: note}
}

// wayBack is with which flags a change is taken back, and what a person should know of it; nil
// where none does, and then why.
func wayBack(c entra.Change) (flags []string, note string) {
	k := kind.ByName(c.Kind)
	switch {
	case k == nil:
		return nil, "Not by entragit: this version does not know the kind."
	case k.NeverWritten != "":
		return nil, "Not by entragit: " + k.NeverWritten + "."
	case c.Type == entra.Added && k.Deletion.Mode == kind.DeleteNone:
		return nil, "Not by entragit: Microsoft Graph does not delete an object of this kind."
	case c.Type == entra.Added && k.Deletion.Mode == kind.DeleteSoft:
		return []string{"--prune"}, "Takes away what was added; for 30 days it can be taken back."
	case c.Type == entra.Added:
		return []string{"--prune"}, "Takes away for good what was added."
	case c.Type == entra.Removed && k.Deletion.Mode == kind.DeleteSoft:
		return []string{}, "Takes it back with its id while it is among the deleted items, which is 30 days."
	case c.Type == entra.Removed && k.NotRecreatable != "":
		return nil, "Not by entragit: " + k.NotRecreatable + "."
	case c.Type == entra.Removed && !k.Recreated():
		return []string{"--recreate"}, "Makes it again, under a new id."
	case c.Type == entra.Changed && len(c.Links) == 0 && !slices.ContainsFunc(c.Properties, isWritten):
		return nil, "Not by entragit: what changed can only be observed."
	case c.Type == entra.Changed && gained(k, c):
		return []string{"--prune"}, "Also takes away what was added to it; without --prune that is told and left."
	}
	return []string{}, ""
}

func isWritten(p entra.PropertyChange) bool { return !p.Observed }

// gained reports whether something was added to an object that only --prune takes away: a
// target of a link that leads to many, or a contained object.
func gained(k *kind.Kind, c entra.Change) bool {
	return slices.ContainsFunc(c.Links, func(l entra.LinkChange) bool { return len(l.Added) > 0 && !k.SingleLink(l.Link) }) ||
		slices.ContainsFunc(c.Properties, func(p entra.PropertyChange) bool {
			segments := jsonpointer.Split(p.Pointer)
			return len(segments) == 3 && segments[0] == entra.SectionContained && p.Before == nil
		})
}

// shellWord writes a word of a command as a POSIX shell takes it.
func shellWord(word string) string {
	word = ui.Safe(word)
	plain := strings.IndexFunc(word, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_./:@", r)
	}) < 0
	if plain {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
