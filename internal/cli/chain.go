package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
)

// chainCheck walks the chain of snapshots and notes what is wrong with it.
type chainCheck struct {
	repo     *repository
	signers  *signers
	progress func(string)

	commits, blobs int
	newest, oldest int // numbers
	who            map[string]bool
	integrity      []string
	authenticity   []string
	continuity     []string
}

// maxProblems bounds how many problems of one question are told.
const maxProblems = 20

func note(list *[]string, format string, args ...any) {
	if len(*list) < maxProblems {
		*list = append(*list, fmt.Sprintf(format, args...))
	}
}

// walk looks at every snapshot, newest first. Damage ends the walk, since what is
// behind it cannot be reached; only cancelling is an error.
func (c *chainCheck) walk(ctx context.Context) error {
	head, err := c.repo.Newest()
	if err != nil {
		return err
	}
	c.who = map[string]bool{}
	var child *gitstore.Commit
	for commit, err := range c.repo.Log(head) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			note(&c.integrity, "%s", err)
			return nil
		}
		c.commits++
		c.progress(fmt.Sprintf("%d snapshots", c.commits))
		c.signature(commit)
		c.sequence(commit, child)
		if err := c.files(commit, child); err != nil {
			note(&c.integrity, "snapshot %s: %s", commit.Hash.Short(), err)
		}
		child = commit
	}
	if child != nil {
		if err := c.everything(child); err != nil {
			note(&c.integrity, "snapshot %s: %s", child.Hash.Short(), err)
		}
	}
	return nil
}

func (c *chainCheck) signature(commit *gitstore.Commit) {
	who, err := c.signers.verify(commit)
	if err != nil {
		note(&c.authenticity, "%s", err)
		return
	}
	c.who[who.Principal+" "+who.Fingerprint] = true
}

// sequence checks a snapshot against the one after it.
func (c *chainCheck) sequence(commit, child *gitstore.Commit) {
	name := commit.Hash.Short()
	if len(commit.Parents) > 1 {
		note(&c.continuity, "snapshot %s is a merge", name)
	}
	text, _ := commit.Trailer(seqTrailer)
	seq, err := strconv.Atoi(text)
	if err != nil {
		note(&c.continuity, "snapshot %s has no number", name)
		return
	}
	c.oldest = seq
	if len(commit.Parents) == 0 && seq != 0 {
		note(&c.continuity, "the first snapshot %s is number %d", name, seq)
	}
	if child == nil {
		c.newest = seq
		return
	}
	text, _ = child.Trailer(seqTrailer)
	if next, err := strconv.Atoi(text); err == nil && next != seq+1 {
		note(&c.continuity, "snapshot %s is number %d and follows number %d", child.Hash.Short(), next, seq)
	}
	if before, after := history.PointOf(commit).Time, history.PointOf(child).Time; after.Before(before) {
		note(&c.continuity, "snapshot %s of %s follows one of %s", child.Hash.Short(), after.Format(time.RFC3339), before.Format(time.RFC3339))
	}
	before, _ := commit.Trailer(tenantTrailer)
	after, _ := child.Trailer(tenantTrailer)
	if before != after && isID(before) {
		note(&c.continuity, "snapshot %s is of tenant %s and follows one of %s", child.Hash.Short(), after, before)
	}
}

// files reads what a snapshot's child changed: each file of the history once.
func (c *chainCheck) files(commit, child *gitstore.Commit) error {
	if child == nil {
		return nil
	}
	before, err := c.repo.Tree(commit.Hash)
	if err != nil {
		return err
	}
	after, err := c.repo.Tree(child.Hash)
	if err != nil {
		return err
	}
	for change, err := range c.repo.DiffTrees(before, after, "") {
		if err != nil {
			return err
		}
		if err := c.file(child, change.Path, change.New); err != nil {
			return err
		}
	}
	return nil
}

// everything reads all files of the oldest snapshot.
func (c *chainCheck) everything(commit *gitstore.Commit) error {
	tree, err := c.repo.Tree(commit.Hash)
	if err != nil {
		return err
	}
	for f, err := range tree.Files("") {
		if err != nil {
			return err
		}
		if err := c.file(commit, f.Path, f.Hash); err != nil {
			return err
		}
	}
	return nil
}

func (c *chainCheck) file(commit *gitstore.Commit, path string, hash gitstore.Hash) error {
	if hash.IsZero() {
		return nil
	}
	c.blobs++
	if !knownFile(path) {
		note(&c.integrity, "snapshot %s: %s is no file of a backup", commit.Hash.Short(), path)
	}
	_, err := c.repo.ReadBlob(hash)
	if errors.Is(err, gitstore.ErrDamaged) {
		note(&c.integrity, "snapshot %s: %s: %s", commit.Hash.Short(), path, err)
		return nil
	}
	return err
}

func knownFile(path string) bool {
	if path == config.FileName || strings.HasPrefix(path, ".entragit/") {
		return true
	}
	_, _, ok := canon.ParsePath(path)
	return ok
}

// checks are the answers to the three questions about the chain.
func (c *chainCheck) checks() []check {
	signers := strings.Join(slices.Sorted(maps.Keys(c.who)), ", ")
	return []check{
		{Question: "integrity", OK: len(c.integrity) == 0, Problems: c.integrity,
			Answer: fmt.Sprintf("%d files in %d snapshots read and hashed", c.blobs, c.commits)},
		{Question: "authenticity", OK: len(c.authenticity) == 0, Problems: c.authenticity,
			Answer: "signed by " + orNobody(signers)},
		{Question: "continuity", OK: len(c.continuity) == 0, Problems: c.continuity,
			Answer: fmt.Sprintf("snapshots %d to %d", c.oldest, c.newest)},
	}
}

func orNobody(signers string) string {
	if signers == "" {
		return "nobody who counts"
	}
	return signers
}
