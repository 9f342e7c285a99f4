package trust

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/gitstore"
)

const (
	policy = "tenant/conditionalAccessPolicies/ca001.yaml"
	group  = "tenant/groups/admins.yaml"
)

func (h *history) origins(commit gitstore.Hash, paths ...string) map[string]Origin {
	h.t.Helper()
	source, err := h.open().Source(commit)
	h.check(err)
	found, err := source.Origins(context.Background(), paths)
	h.check(err)
	return found
}

// expect fails the test unless the file is vouched for as said; a zero commit stands for
// the one that was asked about.
func (h *history) expect(name string, asked gitstore.Hash, path string, by Voucher, at gitstore.Hash) {
	h.t.Helper()
	if at == (gitstore.Hash{}) {
		at = asked
	}
	got, ok := h.origins(asked, path)[path]
	if !ok || got.By != by || got.Commit != at {
		h.t.Errorf("%s: %s is vouched for by %q, commit %s (%v), want %q, commit %s", name, path, got.By, got.Commit.Short(), ok, by, at.Short())
	}
}

// TestContentTrust: what was once the tenant's state needs no signature, wherever it lies
// now; what never was needs one.
func TestContentTrust(t *testing.T) {
	h := newHistory(t)
	one := h.backup(files{policy: "enabled", group: "a"})
	two := h.backup(files{policy: "disabled", group: "a, b"})
	three := h.backup(files{group: "a, b, c"})
	var nobody gitstore.Hash

	h.expect("a snapshot", one, policy, BySnapshot, one)
	h.expect("an older snapshot, of which a newer has the same file", two, policy, BySnapshot, two)
	merged := h.edit(nil, files{policy: "disabled", group: "a, b, c"}, h.root, three)
	h.expect("a merged pull request", merged, policy, BySnapshot, three)
	reverted := h.edit(nil, files{policy: "enabled"}, merged)
	h.expect("a revert", reverted, policy, BySnapshot, one)
	h.expect("what the revert left alone", reverted, group, BySnapshot, three)
	picked := h.edit(nil, files{group: "a, b"}, h.root)
	h.expect("a file cherry-picked", picked, group, BySnapshot, two)

	evil := h.edit(nil, files{policy: "off"}, three)
	h.expect("an edit by hand", evil, policy, ByNobody, nobody)
	h.expect("what the edit left alone", evil, group, BySnapshot, three)
	moved := h.edit(nil, files{"tenant/groups/other.yaml": "a"}, three)
	h.expect("a file at another path", moved, "tenant/groups/other.yaml", ByNobody, nobody)
	signed := h.edit(&h.key, files{policy: "reviewed"}, three)
	h.expect("an edit that a signer signed", signed, policy, ByApprover, signed)
	h.expect("what that edit left alone", signed, group, BySnapshot, three)
	pulled := h.edit(nil, nil, merged, signed)
	pulled = h.edit(nil, files{policy: "reviewed"}, pulled)
	h.expect("an edit that was signed before it was merged", pulled, policy, ByApprover, signed)
	over := h.edit(nil, files{policy: "off"}, signed)
	h.expect("an edit on top of one that was signed", over, policy, ByNobody, nobody)

	if found := h.origins(evil, policy, "tenant/none.yaml", "../etc"); len(found) != 1 {
		t.Errorf("files that are not there: %v", found)
	}
}

// TestWhole: a commit is believed as a whole, also for what it has not, when it is a
// snapshot of the chain or signed.
func TestWhole(t *testing.T) {
	h := newHistory(t)
	one := h.backup(files{policy: "1"})
	for _, tt := range []struct {
		name   string
		commit gitstore.Hash
		by     Voucher
	}{
		{"the root", h.root, BySnapshot},
		{"a snapshot", one, BySnapshot},
		{"without a file, unsigned", h.edit(nil, files{policy: gone}, one), ByNobody},
		{"without a file, signed", h.edit(&h.key, files{policy: gone}, one), ByApprover},
	} {
		source, err := h.open().Source(tt.commit)
		h.check(err)
		if got := source.whole; got.By != tt.by || got.Commit != tt.commit {
			t.Errorf("%s: %+v, want %q", tt.name, got, tt.by)
		}
	}
}

// TestUnvouched: what nobody vouches for, among what a snapshot or an approver does.
func TestUnvouched(t *testing.T) {
	h := newHistory(t)
	h.backup(files{policy: "1", group: "1", "tenant/users/a.yaml": "1"})
	head := h.backup(files{policy: "2"})
	commit := h.edit(nil, files{policy: "1", group: "x", "tenant/users/a.yaml": gone, "tenant/users/b.yaml": "y", "README.md": "z"}, head)
	for prefix, want := range map[string][]string{
		"":                     {"README.md", group, "tenant/users/b.yaml"},
		"tenant":               {group, "tenant/users/b.yaml"},
		"tenant/users":         {"tenant/users/b.yaml"},
		"tenant/organizations": nil,
	} {
		source, err := h.open().Source(commit)
		h.check(err)
		if got, err := source.Unvouched(context.Background(), prefix); err != nil || !slices.Equal(got, want) {
			t.Errorf("below %q: %q, %v; want %q", prefix, got, err, want)
		}
	}
	for _, whole := range []gitstore.Hash{head, h.edit(&h.key, files{group: "x"}, head)} {
		source, err := h.open().Source(whole)
		h.check(err)
		if got, err := source.Unvouched(context.Background(), ""); err != nil || len(got) > 0 {
			t.Errorf("of a commit that is vouched for: %q, %v", got, err)
		}
	}
}

// TestApprovers: each edit is signed by git, correctly, by a key that must not count.
func TestApprovers(t *testing.T) {
	h := newHistory(t)
	anna, expired, stranger, removed := newKey(t), newKey(t), newKey(t), newKey(t)
	early, releases := newKey(t), newKey(t)
	lists := h.key.line("entragit", "") + anna.line("approver:anna@example.com", `namespaces="git"`) +
		expired.line("approver:old", `valid-before="20261021"`) + early.line("approver:new", `valid-after="20270101Z"`) +
		releases.line("approver:releases", `namespaces="file"`)
	h.backup(files{SignersPath: lists + removed.line("approver:gone", "")})
	head := h.backup(files{SignersPath: lists, policy: "1"})
	for _, tt := range []struct {
		name string
		key  key
		by   Voucher
	}{
		{"an approver", anna, ByApprover},
		{"an approver whose key has expired since, and who dates it back", expired, ByNobody},
		{"an approver whose key does not count yet", early, ByNobody},
		{"an approver of something else", releases, ByNobody},
		{"an approver who was taken off the list", removed, ByNobody},
		{"a stranger", stranger, ByNobody},
	} {
		commit := h.edit(&tt.key, files{policy: tt.name}, head)
		h.expect(tt.name, commit, policy, tt.by, commit)
	}
	self := h.edit(&stranger, files{policy: "x", SignersPath: lists + stranger.line("approver:me", "")}, head)
	h.expect("a stranger who lists himself", self, policy, ByNobody, self)
	reviewed := h.edit(&anna, files{policy: "reviewed"}, head)
	evil := h.edit(nil, files{policy: "evil"}, head)
	tree := func(commit gitstore.Hash) string { return h.git(h.key, "rev-parse", commit.String()+"^{tree}") }
	forged := h.forge(reviewed, tree(reviewed), tree(evil))
	h.expect("an approver's signature over another tree", forged, policy, ByNobody, forged)
	who := h.origins(h.edit(&anna, files{policy: "2"}, head), policy)[policy]
	if who.Signer.Principal != "approver:anna@example.com" || who.Signer.Fingerprint != anna.Fingerprint() {
		t.Errorf("the signer is %+v", who.Signer)
	}
}

// TestTwoApprovals: each file of a merge has the approval of the branch that it came by.
func TestTwoApprovals(t *testing.T) {
	h := newHistory(t)
	head := h.backup(files{policy: "1", group: "1"})
	one := h.edit(&h.key, files{policy: "2"}, head)
	two := h.edit(&h.key, files{group: "2"}, head)
	merged := h.edit(nil, files{policy: "2", group: "2", "README.md": "evil"}, one, two)
	h.expect("the first parent's", merged, policy, ByApprover, one)
	h.expect("the second parent's", merged, group, ByApprover, two)
	h.expect("what came with the merge", merged, "README.md", ByNobody, merged)
}

// TestSnapshotsBesideTheChain: what a machine signed and the branch does not have was
// looked at by nobody, so that it vouches for nothing.
func TestSnapshotsBesideTheChain(t *testing.T) {
	h := newHistory(t)
	head := h.backup(files{policy: "1"})
	aside := h.backup(files{policy: "empty"})
	h.move(head)
	h.backup(files{policy: "2"})
	h.expect("kept aside", aside, policy, ByNobody, aside)
	h.expect("merged from there", h.edit(nil, files{policy: "empty"}, head, aside), policy, ByNobody, gitstore.Hash{})
}

// TestAnotherRepositorysSignature: one key signs for two tenants; what it signed for the
// other does not count here.
func TestAnotherRepositorysSignature(t *testing.T) {
	h := newHistory(t)
	head := h.backup(files{policy: "ours"})
	other := newHistoryOf(t, h.key, another)
	theirs := other.commit(files{policy: "theirs"}, step{tenant: another})
	h.git(h.key, "fetch", "-q", other.dir, gitstore.SnapshotsRef)
	h.expect("a snapshot of another tenant", theirs, policy, ByNobody, theirs)
	merged := h.edit(nil, files{policy: "theirs"}, head, theirs)
	h.expect("merged", merged, policy, ByNobody, merged)
}

// TestOriginsAgree: against the slow and obvious search, over random histories.
func TestOriginsAgree(t *testing.T) {
	h := newHistory(t)
	paths := []string{"tenant/users/a.yaml", "tenant/users/b.yaml", "tenant/groups/a.yaml"}
	var snapshots []gitstore.Hash
	for i := range 12 {
		snapshots = append(snapshots, h.backup(files{paths[i%3]: fmt.Sprint(i % 4), paths[(i+1)%3]: fmt.Sprint(i % 5)}))
	}
	slices.Reverse(snapshots)
	for i := range 6 {
		commit := h.edit(nil, files{paths[0]: fmt.Sprint(i), paths[1]: fmt.Sprint(5 - i), paths[2]: fmt.Sprint(i % 2)}, snapshots[i])
		got := h.origins(commit, paths...)
		for _, path := range paths {
			want := Origin{Commit: commit}
			for n, snapshot := range snapshots {
				if h.blob(snapshot, path) == h.blob(commit, path) {
					want = Origin{By: BySnapshot, Commit: snapshot, Seq: 12 - n}
					break
				}
			}
			if got[path] != want {
				t.Errorf("%s of commit %d: %+v, want %+v", path, i, got[path], want)
			}
		}
	}
}

func (h *history) blob(commit gitstore.Hash, path string) gitstore.Hash {
	h.t.Helper()
	tree, err := h.repo.Tree(commit)
	h.check(err)
	hash, _, err := tree.Lookup(path)
	h.check(err)
	return hash
}
