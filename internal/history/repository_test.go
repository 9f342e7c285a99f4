package history

import (
	"errors"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

func TestAt(t *testing.T) {
	a := newArchive(t)
	first := a.snapshot(covering("groups"), filesOf(t, group("a1", "One")))
	a.snapshot(covering("groups"), filesOf(t, group("a1", "Two")))
	people := a.commit("refs/heads/main", true, 1, covering("groups"), filesOf(t, group("a1", "One")))
	future := a.commit("refs/heads/later", true, 9, covering("groups"), nil)
	for _, tt := range []struct {
		expr, want string
		seq        int
	}{
		{"", "snapshot 2 of 2026-10-01 08:00 UTC (", 2},
		{"snapshots", "snapshot 2 of ", 2},
		{"seq:1", "snapshot 1 of 2026-10-01 07:00 UTC (", 1},
		{first.String(), "snapshot 1 of ", 1},
		{"2026-10-01T07:30:00Z", "snapshot 1 of ", 1},
		{"seq:0", "commit ", 0},
		{"main", "commit " + people.String()[:10] + " on main of 2026-10-01 07:00 UTC", 0}, // whatever it says
		{"refs/heads/main", "commit " + people.String()[:10] + " on main of ", 0},
		{"main~0", "commit " + people.String()[:10] + " of ", 0},
		{people.String(), "commit " + people.String()[:10] + " of ", 0},
		{future.String(), "commit " + future.String()[:10] + " of ", 0},
	} {
		at := a.at(tt.expr).Point()
		if !strings.HasPrefix(at.String(), tt.want) || at.Seq != tt.seq {
			t.Errorf("%q is %s, number %d; want %s", tt.expr, at, at.Seq, tt.want)
		}
	}
	for _, expr := range []string{"seq:3", "seq:", "seq:01", "nothing"} {
		if _, err := a.repo.At(expr, epoch); !errors.Is(err, gitstore.ErrUnknownRevision) {
			t.Errorf("%q: error %v", expr, err)
		}
	}
}

func TestBacked(t *testing.T) {
	a := newArchive(t)
	if _, err := a.at("").Backed(); !errors.Is(err, ErrNoBackup) {
		t.Errorf("before the first backup: %v", err)
	}
	a.snapshot(covering("groups"), nil)
	if p, err := a.at("").Backed(); err != nil || p == nil {
		t.Errorf("after the first backup: %v", err)
	}
}

func TestForeign(t *testing.T) {
	dir := t.TempDir() + "/other"
	repo, err := gitstore.Init(dir)
	must(t, err)
	defer repo.Close()
	r := Repository{Repo: repo}
	if _, err := r.Newest(); err == nil {
		t.Error("a repository without the branch has a newest snapshot")
	}
	err = r.Foreign("why")
	if !errors.Is(err, ErrForeign) || !errors.Is(err, entra.ErrInvalid) || !strings.HasPrefix(err.Error(), dir+" is not a backup repository: why") {
		t.Errorf("%v", err)
	}
}

func TestIncompleteSince(t *testing.T) {
	a := newArchive(t)
	// kinds that were incomplete, by snapshot, oldest first
	for _, words := range []string{"users", "groups users", "users", "users domains"} {
		a.incomplete(strings.Fields(words)...)
	}
	head, err := a.repo.Newest()
	must(t, err)
	commit, err := a.repo.Commit(head)
	must(t, err)
	since, err := a.repo.IncompleteSince(commit)
	must(t, err)
	if len(since) != 1 || since["users"].Seq != 1 {
		t.Errorf("incomplete since %v", since)
	}
}
