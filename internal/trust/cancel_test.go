package trust

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// fuse is a context that is cancelled when it was asked a number of times.
type fuse struct {
	context.Context
	left int
}

func (f *fuse) Err() error {
	if f.left--; f.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestCancelledAtAnyStep: whoever waits for a long history can stop it before any commit
// is read, and what was found until then is not taken for the answer.
func TestCancelledAtAnyStep(t *testing.T) {
	h := newHistory(t)
	for i := range 3 {
		h.backup(files{policy: fmt.Sprint(i)})
	}
	edit := h.head()
	for range 4 {
		edit = h.edit(nil, files{policy: "evil", decided: "evil"}, edit)
	}
	source := func() *Source {
		s, err := h.open().Source(edit)
		h.check(err)
		return s
	}
	for name, tt := range map[string]struct {
		commits int // that have to be read
		ask     func(ctx context.Context) (string, error)
	}{
		"Open": {4, func(ctx context.Context) (string, error) {
			_, err := Open(ctx, h.repo, h.pin, h.head(), later)
			return "", err
		}},
		"Audit": {4, func(ctx context.Context) (string, error) {
			report, err := Audit(ctx, h.repo, h.pin, h.head(), AuditOptions{Now: later, Known: func(string) bool { return true }, Progress: func(int) {}})
			if err != nil {
				return "", err
			}
			_, ok := report.Chain()
			return fmt.Sprint(report.Snapshots, ok), nil
		}},
		"Origins": {4 + 4, func(ctx context.Context) (string, error) {
			found, err := source().Origins(ctx, []string{policy})
			return fmt.Sprint(found), err
		}},
		"Unvouched": {4 + 4, func(ctx context.Context) (string, error) {
			found, err := source().Unvouched(ctx, "")
			return fmt.Sprint(found), err
		}},
		"Decision": {4 + 4, func(ctx context.Context) (string, error) {
			got, err := h.open().Decision(ctx, edit, decided)
			return string(got.Data), err
		}},
	} {
		want, err := tt.ask(t.Context())
		h.check(err)
		asked := 0
		for {
			got, err := tt.ask(&fuse{t.Context(), asked})
			if err == nil && got == want {
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("%s, cancelled at step %d: %s, %v", name, asked, got, err)
			}
			asked++
		}
		if asked < tt.commits {
			t.Errorf("%s can be stopped at %d places, and reads %d commits", name, asked, tt.commits)
		}
	}
}

// TestNothingAskedIsNothingRead: a commit that has none of the files is not searched for.
func TestNothingAskedIsNothingRead(t *testing.T) {
	h := newHistory(t)
	edit := h.edit(nil, files{policy: "x"}, h.root)
	source, err := h.open().Source(edit)
	h.check(err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if found, err := source.Origins(ctx, []string{"none", "none/at/all", ".entragit"}); err != nil || len(found) > 0 {
		t.Errorf("Origins = %v, %v", found, err)
	}
	if _, err := source.Origins(ctx, []string{policy}); !errors.Is(err, context.Canceled) {
		t.Errorf("Origins = %v", err)
	}
}
