package gitstore

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Resolve returns the commit that an expression names:
//
//   - an object name, in full or at least four digits of it;
//   - a reference: HEAD, refs/heads/main, or main and v1 in git's order of search;
//   - either followed by ~N and ^N;
//   - a time: 2026-10-01, 2026-10-01T06:00:00Z, "2 hours ago", yesterday. It stands
//     for the newest commit of [SnapshotsRef] that is not later; a date for the end
//     of that day where now is.
//
// Errors are [ErrUnknownRevision], or [ErrDamaged] when what the expression names
// is there and cannot be read.
func (r *Repo) Resolve(expr string, now time.Time) (Hash, error) {
	base, steps := expr, ""
	if i := strings.IndexAny(expr, "~^"); i >= 0 {
		base, steps = expr[:i], expr[i:]
	}
	h, err := r.resolveBase(base)
	if errors.Is(err, ErrUnknownRevision) && steps == "" {
		if at, ok := ParseTime(expr, now); ok {
			return r.newestUntil(at, expr)
		}
	}
	if err == nil {
		h, err = r.peel(h)
	}
	if err == nil {
		h, err = r.follow(h, steps)
	}
	if err != nil {
		return Hash{}, fmt.Errorf("revision %q: %w", expr, err)
	}
	return h, nil
}

// resolveBase looks for a reference, then for an object name.
func (r *Repo) resolveBase(base string) (Hash, error) {
	if base != "" && checkRefName("refs/"+base) == nil {
		for _, format := range []string{"%s", "refs/%s", "refs/tags/%s", "refs/heads/%s", "refs/remotes/%s"} {
			ref := fmt.Sprintf(format, base)
			if checkRefName(ref) != nil {
				continue
			}
			if h, ok, err := r.Ref(ref); err != nil || ok {
				return h, err
			}
		}
	}
	if h, err := ParseHash(base); err == nil {
		return h, nil
	}
	return r.resolvePrefix(base)
}

// minPrefix is the shortest abbreviation that git accepts.
const minPrefix = 4

func (r *Repo) resolvePrefix(base string) (Hash, error) {
	digits := strings.ToLower(base)
	if len(digits) < minPrefix || strings.Trim(digits, "0123456789abcdef") != "" {
		return Hash{}, fmt.Errorf("%w: no such reference, object name or time", ErrUnknownRevision)
	}
	all, err := r.objects.withPrefix(digits, 1000)
	if err != nil {
		return Hash{}, err
	}
	var commits []Hash
	for _, h := range all {
		if _, err := r.peel(h); err == nil {
			commits = append(commits, h)
		}
	}
	switch len(commits) {
	case 0:
		return Hash{}, fmt.Errorf("%w: no reference has this name and no commit begins with it", ErrUnknownRevision)
	case 1:
		return commits[0], nil
	default:
		return Hash{}, fmt.Errorf("%w: %d commits begin with it", ErrUnknownRevision, len(commits))
	}
}

// maxTagDepth bounds tags that name tags.
const maxTagDepth = 10

// peel follows annotated tags to their commit.
func (r *Repo) peel(h Hash) (Hash, error) {
	for range maxTagDepth {
		kind, data, err := r.objects.readAny(h)
		switch {
		case errors.Is(err, ErrNotFound):
			return Hash{}, fmt.Errorf("%w: %w", ErrUnknownRevision, err)
		case err != nil:
			return Hash{}, err
		case kind == typeCommit:
			return h, nil
		case kind != typeTag:
			return Hash{}, fmt.Errorf("%w: it names a %s, not a commit", ErrUnknownRevision, kind)
		}
		line, _, _ := bytes.Cut(data, []byte("\n"))
		if h, err = ParseHash(strings.TrimPrefix(string(line), "object ")); err != nil {
			return Hash{}, fmt.Errorf("%w: tag %s: %w", ErrDamaged, h, err)
		}
	}
	return Hash{}, fmt.Errorf("%w: tags lead in a circle", ErrUnknownRevision)
}

// follow applies ~N and ^N.
func (r *Repo) follow(h Hash, steps string) (Hash, error) {
	for steps != "" {
		op := steps[0]
		end := 1
		for end < len(steps) && '0' <= steps[end] && steps[end] <= '9' {
			end++
		}
		n := 1
		if end > 1 {
			var err error
			if n, err = strconv.Atoi(steps[1:end]); err != nil {
				return Hash{}, fmt.Errorf("%w: %q is too many steps", ErrUnknownRevision, steps[:end])
			}
		}
		var err error
		switch op {
		case '~':
			for ; n > 0 && err == nil; n-- {
				h, err = r.parentOf(h, 1)
			}
		case '^':
			h, err = r.parentOf(h, n)
		default:
			err = fmt.Errorf("%w: %q is not understood", ErrUnknownRevision, steps)
		}
		if err != nil {
			return Hash{}, err
		}
		steps = steps[end:]
	}
	return h, nil
}

// parentOf returns the n-th parent of a commit, counted from one; zero is itself.
func (r *Repo) parentOf(h Hash, n int) (Hash, error) {
	c, err := r.Commit(h)
	if err != nil {
		return Hash{}, err
	}
	switch {
	case n == 0:
		return h, nil
	case n > len(c.Parents):
		return Hash{}, fmt.Errorf("%w: commit %s has no parent %d", ErrUnknownRevision, h.Short(), n)
	}
	return c.Parents[n-1], nil
}

// newestUntil finds the newest snapshot that is not later than a time.
func (r *Repo) newestUntil(at time.Time, expr string) (Hash, error) {
	head, err := r.Head(SnapshotsRef)
	if err != nil {
		return Hash{}, fmt.Errorf("time %q: %w", expr, err)
	}
	oldest := time.Time{}
	for c, err := range r.Log(head) {
		if err != nil {
			return Hash{}, fmt.Errorf("time %q: %w", expr, err)
		}
		if !c.Committer.When.After(at) {
			return c.Hash, nil
		}
		oldest = c.Committer.When
	}
	return Hash{}, fmt.Errorf("time %q: %w: the oldest snapshot is of %s, later than %s",
		expr, ErrUnknownRevision, oldest.In(at.Location()).Format(time.RFC3339), at.Format(time.RFC3339))
}
