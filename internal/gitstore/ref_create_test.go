package gitstore

import (
	"errors"
	"testing"
)

func TestCreateRef(t *testing.T) {
	r := newRepo(t)
	first := snap(t, r, files{"a": text("1")}, options("first", epoch))
	second := snap(t, r, files{"a": text("2")}, options("second", epoch))
	const ref = "refs/heads/main"
	if err := r.CreateRef(t.Context(), ref, first); err != nil {
		t.Fatal(err)
	}
	if got := git(t, r.Dir(), "rev-parse", ref); got != first.String() {
		t.Errorf("git reads %s, want %s", got, first)
	}
	if err := r.CreateRef(t.Context(), ref, second); !errors.Is(err, ErrExists) {
		t.Errorf("a second time: %v, want ErrExists", err)
	}
	if err := r.CreateRef(t.Context(), "refs/heads/none", BlobHash([]byte("1"))); err == nil {
		t.Error("a reference to a file was made")
	}
	if got := git(t, r.Dir(), "rev-parse", ref); got != first.String() {
		t.Errorf("the reference moved to %s", got)
	}
}
