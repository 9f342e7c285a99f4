package trust

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// record is what a record of an operation claims; what is zero is as an honest run has it.
type record struct {
	operation string
	on        gitstore.Hash
	tenant    string
	when      time.Time
	signer    gitstore.Signer
	unsigned  bool
	without   string // a trailer that is left out
}

// record adds a record of an operation.
func (h *history) record(on gitstore.Hash, r record) gitstore.Hash {
	h.t.Helper()
	ctx := context.Background()
	_, exists, err := h.repo.Ref(OperationsRef)
	h.check(err)
	o := gitstore.CommitOptions{Subject: "operation", Name: "Admin", Email: "admin@example.com", When: epoch.AddDate(0, 0, 20), Signer: h.key, AllowEmpty: true}
	if !r.when.IsZero() {
		o.When = r.when
	}
	if r.signer != nil {
		o.Signer = r.signer
	}
	if r.unsigned {
		o.Signer = nil
	}
	if r.on != (gitstore.Hash{}) {
		on = r.on
	}
	said := tenant
	if r.tenant != "" {
		said = r.tenant
	}
	if r.operation == "" {
		r.operation = "20261021T000000Z-ab12"
	}
	for _, t := range []gitstore.Trailer{{Key: OperationTrailer, Value: r.operation}, {Key: TenantTrailer, Value: said}, {Key: RestsOnTrailer, Value: on.String()}} {
		if t.Key != r.without {
			o.Trailers = append(o.Trailers, t)
		}
	}
	w, err := h.repo.Begin(ctx, OperationsRef, gitstore.BeginOptions{Root: !exists, Blank: exists})
	h.check(err)
	defer w.Abort()
	_, err = w.Put("plan.json", []byte(r.operation))
	h.check(err)
	hash, err := w.Commit(ctx, o)
	h.check(err)
	return hash
}

// operations judges the records.
func (h *history) operations() *Operations {
	h.t.Helper()
	head, err := h.repo.Head(OperationsRef)
	h.check(err)
	found, err := h.open().Operations(context.Background(), head)
	h.check(err)
	return found
}

func TestOperationsVerify(t *testing.T) {
	h := newHistory(t)
	approver, second := newKey(t), newKey(t)
	one := h.backup(files{SignersPath: h.key.line("entragit", "") + approver.line("approver:anna@example.com", "")})
	first := h.record(one, record{operation: "one"})
	h.record(one, record{operation: "two", signer: approver})
	two := h.backup(files{SignersPath: second.line("entragit", "")})
	last := h.record(two, record{operation: "three", signer: second})
	records, err := h.operations().Verified()
	h.check(err)
	var ids []string
	for _, r := range records {
		ids = append(ids, r.Operation+" by "+r.Signer.Principal)
	}
	if got := strings.Join(ids, ", "); got != "three by entragit, two by approver:anna@example.com, one by entragit" {
		t.Error(got)
	}
	if records[0].Hash != last || records[2].Hash != first {
		t.Errorf("newest %s, oldest %s", records[0].Hash, records[2].Hash)
	}
	chain := h.open()
	if err := chain.MayRecord(second.SSHSigner, later); err != nil {
		t.Error(err)
	}
	if err := chain.MayRecord(h.key.SSHSigner, later); !errors.Is(err, entra.ErrUnverified) || !errors.Is(err, gitstore.ErrUnknownSigner) {
		t.Errorf("a key that counts no longer: %v", err)
	}
}

// TestOperationsRefused: what anybody who can push could have written is told, and none of
// it is among the records.
func TestOperationsRefused(t *testing.T) {
	stranger := newKey(t)
	for name, c := range map[string]struct {
		bad  record
		want string
	}{
		"unsigned":           {record{unsigned: true}, "not signed"},
		"a stranger":         {record{signer: stranger}, "unknown signer"},
		"no operation":       {record{without: OperationTrailer}, "names no operation"},
		"no snapshot":        {record{without: RestsOnTrailer}, "names no snapshot"},
		"another tenant":     {record{tenant: another}, "is of tenant " + another},
		"no tenant":          {record{without: TenantTrailer}, "is of tenant ,"},
		"from the future":    {record{when: later.AddDate(0, 0, 1)}, "is from the future"},
		"before its parent":  {record{when: epoch.AddDate(0, 0, 10)}, "follows one of 2026-10-21T06:00:00Z"},
		"on no snapshot":     {record{on: gitstore.BlobHash([]byte("none"))}, "which is no snapshot of this history"},
		"on its own history": {record{on: gitstore.Hash{1}}, "which is no snapshot of this history"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(t)
			one := h.backup(files{policy: "enabled"})
			good := h.record(one, record{operation: "good"})
			bad := h.record(one, c.bad)
			found := h.operations()
			if len(found.Problems) != 1 || !strings.Contains(found.Problems[0].Text, c.want) || found.Problems[0].Commit != bad || found.Problems[0].Good != good {
				t.Fatalf("%+v", found.Problems)
			}
			var broken *BrokenError
			if _, err := found.Verified(); !errors.As(err, &broken) || !errors.Is(err, entra.ErrUnverified) {
				t.Fatal(err)
			}
		})
	}
}

// TestOperationsOfARetiredKey: a key that counts no longer cannot record on a snapshot of
// the time when it did, once a newer one was rested on.
func TestOperationsOfARetiredKey(t *testing.T) {
	h := newHistory(t)
	retired, fresh := h.key, newKey(t)
	one := h.backup(files{SignersPath: retired.line("entragit", "") + fresh.line("entragit", "")})
	two := h.commit(files{SignersPath: fresh.line("entragit", "")}, step{})
	h.key = fresh
	h.record(two, record{operation: "honest"})
	h.record(one, record{operation: "forged", signer: retired})
	found := h.operations()
	if len(found.Problems) != 1 || !strings.Contains(found.Problems[0].Text, "rests on snapshot 1 and follows one that rests on 2") {
		t.Fatalf("%+v", found.Problems)
	}
}
