package history

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/trust"
)

// recorder records operations on the archive, an hour apart.
func (a *archive) recorder() *Recorder {
	now := epoch.AddDate(0, 0, 2)
	return &Recorder{Repo: a.repo, Signer: a.key, Name: "Admin", Email: "admin@example.com", Tenant: tenantID, Version: "test",
		Now: func() time.Time { now = now.Add(time.Hour); return now }}
}

func TestOperations(t *testing.T) {
	ctx := context.Background()
	a := newArchive(t)
	a.snapshot(covering("groups"), nil)
	if none, err := a.repo.Operations(ctx); err != nil || len(none) > 0 {
		t.Fatalf("%v %v", none, err)
	}
	a.verify()
	if _, err := a.repo.Operation(ctx, ""); !errors.Is(err, entra.ErrNotFound) {
		t.Fatal(err)
	}
	group := &entra.Object{Key: entra.Key{Kind: "groups", ID: "3f2b1c9e-0000-4f0e-9a53-0f6f0a7c1d22"}, Name: "Admins",
		Spec: map[string]any{"displayName": "Admins", "mailNickname": "admins"}, Links: map[string][]string{"members": {"u1", "u2"}}}
	r := a.recorder()
	before := NewBefore(tenantID)
	must(t, before.Add(group))
	before.Read("groups", entra.Coverage{State: entra.Complete, Links: []string{"members"}})
	plan := &entra.Plan{Tenant: tenantID, From: a.at("").Point(), Steps: []entra.Step{{ID: "s1"}, {ID: "s2"}, {ID: "s3"}}}
	first, err := r.Begin(ctx, "20261003T070000Z-aaaa", plan, []byte(`{"formatVersion":9}`), before, "")
	must(t, err)
	o, err := a.repo.Operation(ctx, "")
	must(t, err)
	want := entra.Operation{ID: "20261003T070000Z-aaaa", State: entra.OperationOpen, Tenant: tenantID, From: plan.From.String(),
		Begun: epoch.AddDate(0, 0, 2).Add(time.Hour), Signer: "entragit " + a.key.Fingerprint(), Steps: 3, Commit: first.String()}
	if d := cmp.Diff(want, o); d != "" {
		t.Fatal(d)
	}
	if _, err := a.repo.OperationOutcome(o); !errors.Is(err, entra.ErrNotFound) {
		t.Fatal(err)
	}

	outcome := entra.Outcome{Plan: *plan, Steps: []entra.StepOutcome{{Step: "s1", Result: entra.Done}, {Step: "s2", Result: entra.Failed, Error: "no <b>"}, {Step: "s3", Result: entra.SkipDep}},
		Lineage: entra.Lineage{{Kind: "groups", Old: "old", New: "new", When: epoch}}}
	end, err := r.End(ctx, o, entra.OperationIncomplete, outcome, [][]byte{[]byte(`{"a":1}`), []byte(`{"b":2}`)})
	must(t, err)
	second, err := r.Begin(ctx, "20261003T090000Z-bbbb", plan, []byte(`{}`), NewBefore(tenantID), o.ID)
	must(t, err)

	all, err := a.repo.Operations(ctx)
	must(t, err)
	want.State, want.Done, want.Failed, want.Skipped = entra.OperationIncomplete, 1, 1, 1
	want.Ended, want.End, want.UndoneBy = want.Begun.Add(time.Hour), end.String(), "20261003T090000Z-bbbb"
	if d := cmp.Diff([]entra.Operation{{ID: "20261003T090000Z-bbbb", State: entra.OperationOpen, Tenant: tenantID, From: want.From, Undoes: want.ID,
		Begun: want.Begun.Add(2 * time.Hour), Signer: want.Signer, Steps: 3, Commit: second.String()}, want}, all); d != "" {
		t.Fatal(d)
	}
	checkContent(t, a, all[1], group, outcome)
	lineage, err := a.repo.OperationsLineage(ctx)
	if d := cmp.Diff(outcome.Lineage, lineage); d != "" || err != nil {
		t.Fatal(d, err)
	}
	for id, want := range map[string]error{"2026100": entra.ErrInvalid, "20261003T07": nil, "2027": entra.ErrNotFound} {
		if got, err := a.repo.Operation(ctx, id); !errors.Is(err, want) || want == nil && got.ID != all[1].ID {
			t.Errorf("%s: %s %v", id, got.ID, err)
		}
	}
	judge(t, a, end)
}

// checkContent compares what an operation's records hold with what was recorded.
func checkContent(t *testing.T, a *archive, o entra.Operation, group *entra.Object, outcome entra.Outcome) {
	t.Helper()
	encoded, err := a.repo.OperationPlan(o)
	if err != nil || string(encoded) != `{"formatVersion":9}` {
		t.Errorf("%s %v", encoded, err)
	}
	outcome.Plan = entra.Plan{}
	got, err := a.repo.OperationOutcome(o)
	if d := cmp.Diff(outcome, got); d != "" || err != nil {
		t.Error(d, err)
	}
	if lines, err := a.repo.OperationJournal(o); err != nil || len(lines) != 2 || string(lines[1]) != `{"b":2}` {
		t.Errorf("%s %v", lines, err)
	}
	point, err := a.repo.OperationBefore(o)
	must(t, err)
	path, ok := point.Find(kind.ByName("groups"), group.ID)
	back, err := point.Object(kind.ByName("groups"), path)
	must(t, err)
	if d := cmp.Diff(group, back); d != "" || !ok {
		t.Error(d, ok)
	}
	if e, err := point.Extent(group.Key, path); err != nil || !e.Link("members") || e.Link("owners") {
		t.Errorf("%+v %v", e, err)
	}
	if got := point.Point().String(); got != "the state before operation 20261003T070000Z-aaaa" {
		t.Error(got)
	}
}

// judge lets the native git and ssh-keygen look at a record.
func judge(t *testing.T, a *archive, record gitstore.Hash) {
	t.Helper()
	signers := filepath.Join(t.TempDir(), "signers")
	out, err := exec.Command("sh", "-c", `cd "$1" && git show "$2:.entragit/allowed_signers" > "$3" && git fsck --strict &&
		git -c gpg.ssh.allowedSignersFile="$3" verify-commit "$4" && git ls-tree -r --name-only "$4"`,
		"sh", a.repo.Dir(), gitstore.SnapshotsRef, signers, record.String()).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"before/.entragit/manifest.yaml", "before/tenant/groups/", "journal.jsonl", "outcome.json", "plan.json"} {
		if !strings.Contains(string(out), name) {
			t.Errorf("no %s in\n%s", name, out)
		}
	}
}

// A record that somebody else put there is believed by nobody, and nothing goes on top of it.
func TestOperationsForged(t *testing.T) {
	ctx := context.Background()
	a := newArchive(t)
	a.snapshot(covering("groups"), nil)
	a.verify()
	r := a.recorder()
	plan := &entra.Plan{Tenant: tenantID}
	_, err := r.Begin(ctx, "20261003T070000Z-aaaa", plan, []byte(`{}`), NewBefore(tenantID), "")
	must(t, err)
	stranger, err := gitstore.GenerateSSHKey(filepath.Join(t.TempDir(), "key"), "test")
	must(t, err)
	o, err := a.repo.Operation(ctx, "")
	must(t, err)
	forger := *r
	forger.Signer = stranger
	_, err = forger.End(ctx, o, entra.OperationComplete, entra.Outcome{Lineage: entra.Lineage{{Kind: "groups", Old: "old", New: "evil", When: epoch}}}, nil)
	must(t, err)
	var broken *trust.BrokenError
	if _, err := a.repo.OperationsLineage(ctx); !errors.As(err, &broken) {
		t.Error(err)
	}
	if _, err := a.repo.Operations(ctx); !errors.Is(err, entra.ErrUnverified) {
		t.Error(err)
	}
	if _, err := r.Begin(ctx, "20261003T080000Z-bbbb", plan, []byte(`{}`), NewBefore(tenantID), ""); !errors.Is(err, entra.ErrUnverified) {
		t.Error(err)
	}
	a.repo.Chain = nil
	if _, err := a.repo.Operations(ctx); !errors.Is(err, entra.ErrUnverified) {
		t.Error(err)
	}
}

// Two that record at the same time do not lose either record.
func TestOperationsMoved(t *testing.T) {
	ctx := context.Background()
	a := newArchive(t)
	a.snapshot(covering("groups"), nil)
	a.verify()
	r := a.recorder()
	_, err := r.Begin(ctx, "20261003T070000Z-aaaa", &entra.Plan{}, []byte(`{}`), NewBefore(tenantID), "")
	must(t, err)
	now, within := r.Now, false
	r.Now = func() time.Time { // called while the repository is locked
		if within = true; within {
			if _, err := a.recorder().Begin(ctx, "20261003T080000Z-cccc", &entra.Plan{}, []byte(`{}`), NewBefore(tenantID), ""); !errors.Is(err, gitstore.ErrLocked) {
				t.Errorf("a second record at the same time: %v", err)
			}
		}
		return now()
	}
	_, err = r.Begin(ctx, "20261003T080000Z-bbbb", &entra.Plan{}, []byte(`{}`), NewBefore(tenantID), "")
	must(t, err)
	all, err := a.repo.Operations(ctx)
	if err != nil || len(all) != 2 || !within {
		t.Fatalf("%v %v", all, err)
	}
}
