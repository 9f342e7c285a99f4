package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
)

// liveWord stands for the tenant now where a revision can stand.
const liveWord = "live"

// rangeWord stands between two revisions that are one argument.
const rangeWord = ".."

// isPath reports whether an argument starts with a kind, with tenant/, or is a glob, so that
// it can be nothing but a path.
func isPath(arg string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(arg, "./"), "/")
	return first == "tenant" || kind.ByName(strings.TrimSuffix(first, ".yaml")) != nil || strings.ContainsAny(arg, "*?[{")
}

// revisions takes up to most revisions, or a range of two, from the front of some
// arguments, and returns the paths that follow. What is neither a revision nor looks like
// one is what a person calls an object.
func (c *common) revisions(repo *repository, args []string, most int) (revisions, paths []string) {
	if len(args) > 0 && most > 1 {
		from, to, ok := strings.Cut(args[0], rangeWord)
		if ok && from+to != "" && !isPath(args[0]) && c.isRevision(repo, from) && c.isRevision(repo, to) {
			return []string{from, to}, args[1:]
		}
	}
	n := 0
	for n < len(args) && n < most && args[n] != "" && c.isRevision(repo, args[n]) {
		n++
	}
	return args[:n], args[n:]
}

// isRevision reports whether an argument names a point in time, or cannot be meant for
// anything else although there is no such point.
func (c *common) isRevision(repo *repository, arg string) bool {
	if isPath(arg) {
		return false
	}
	_, isTime := gitstore.ParseTime(arg, c.Now())
	if arg == "" || arg == liveWord || isTime || strings.ContainsAny(arg, "~^") || strings.HasPrefix(arg, "seq:") || strings.HasPrefix(arg, "refs/") {
		return true
	}
	_, err := repo.At(arg, c.Now())
	return !errors.Is(err, gitstore.ErrUnknownRevision)
}

// kindsOf are the kinds that must be read of the tenant for a selection: those of the
// objects that it means at a point, or all that it may mean where the point has none.
func kindsOf(repo *repository, selection diff.Selection, at *history.Point) ([]*kind.Kind, error) {
	settled, err := selection.In(at)
	if _, ambiguous := errors.AsType[*diff.AmbiguousError](err); ambiguous {
		return nil, err
	}
	if err == nil {
		selection = settled
	}
	var kinds []*kind.Kind
	for _, k := range repo.kinds() {
		if selection.Kind(k.Name) {
			kinds = append(kinds, k)
		}
	}
	return kinds, nil
}

// neither explains an argument that selects nothing where a revision could have stood.
func neither(err error, paths []string) error {
	unmatched, ok := errors.AsType[*diff.UnmatchedError](err)
	if !ok || isPath(unmatched.Args[0]) || !slices.Contains(paths, unmatched.Args[0]) {
		return err
	}
	return fmt.Errorf("%w: neither a revision nor what an object is called", err)
}

// wasThere adds to the error about an argument that selects nothing at a snapshot which was
// the last that had the object, and the command line that goes by that one.
func (r *repository) wasThere(err error, at *history.Point, command string) error {
	unmatched, ok := errors.AsType[*diff.UnmatchedError](err)
	if !ok || !errors.Is(err, entra.ErrNotFound) || !at.Numbered() {
		return err
	}
	commit, hashErr := gitstore.ParseHash(at.Point().Commit)
	if hashErr != nil {
		return err
	}
	_, last, goneErr := r.Gone(unmatched.Args[0], commit)
	if goneErr != nil {
		return err
	}
	return withHint(err, "%q was there until %s: "+command, unmatched.Args[0], last, last.Seq, unmatched.Args[0])
}
