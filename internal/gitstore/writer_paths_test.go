package gitstore

import (
	"errors"
	"strings"
	"testing"
)

func TestMoveAndReset(t *testing.T) {
	put := func(w *Writer, path, content string) error { _, err := w.Put(path, []byte(content)); return err }
	for _, tt := range []struct {
		name string
		edit func(*Writer) error
		want error
		tree string
	}{
		{"move what was put", func(w *Writer) error {
			return errors.Join(put(w, "u/n.yaml", "n"), w.Move("u/n.yaml", "u/0f/n.yaml"))
		}, nil, "d u/0f/n.yaml u/a.yaml u/b.yaml"},
		{"move what the parent has", func(w *Writer) error { return w.Move("u/a.yaml", "u/0f/a.yaml") }, nil, "d u/0f/a.yaml u/b.yaml"},
		{"move what was put unchanged", func(w *Writer) error {
			return errors.Join(put(w, "u/a.yaml", "1"), w.Move("u/a.yaml", "v/a.yaml"))
		}, nil, "d u/b.yaml v/a.yaml"},
		{"move there and back", func(w *Writer) error {
			return errors.Join(w.Move("u/a.yaml", "x"), w.Move("x", "u/a.yaml"))
		}, nil, "d u/a.yaml u/b.yaml"},
		{"move nothing", func(w *Writer) error { return w.Move("u/x.yaml", "y") }, ErrNotFound, ""},
		{"move what was deleted", func(w *Writer) error { return errors.Join(w.Delete("d"), w.Move("d", "y")) }, ErrNotFound, ""},
		{"move a directory", func(w *Writer) error { return w.Move("u", "y") }, ErrNotFound, ""},
		{"move to a bad path", func(w *Writer) error { return w.Move("d", "../y") }, ErrBadPath, ""},
		{"reset a directory", func(w *Writer) error {
			return errors.Join(put(w, "u/a.yaml", "2"), put(w, "u/0f/n.yaml", "n"), w.Delete("u/b.yaml"), put(w, "e", "5"), w.Reset("u"))
		}, nil, "d e u/a.yaml u/b.yaml"},
		{"reset a file", func(w *Writer) error { return errors.Join(w.Delete("d"), w.Reset("d")) }, nil, "d u/a.yaml u/b.yaml"},
		{"put after reset", func(w *Writer) error {
			return errors.Join(w.Delete("u/a.yaml"), w.Reset("u"), put(w, "u/c.yaml", "3"))
		}, nil, "d u/a.yaml u/b.yaml u/c.yaml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRepo(t)
			snap(t, r, files{"u/a.yaml": text("1"), "u/b.yaml": text("2"), "d": text("3")}, options("first", epoch))
			w, err := r.Begin(t.Context(), SnapshotsRef, BeginOptions{})
			if err != nil {
				t.Fatal(err)
			}
			defer w.Abort()
			if err := tt.edit(w); !errors.Is(err, tt.want) {
				t.Fatalf("error = %v, want %v", err, tt.want)
			}
			if tt.want != nil {
				return
			}
			o := options(tt.name, epoch)
			o.AllowEmpty = true
			h, err := w.Commit(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			fsck(t, r.dir)
			tree, err := r.Tree(h)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(paths(t, tree, ""), " "); got != tt.tree {
				t.Errorf("tree is %q, want %q", got, tt.tree)
			}
			if got, err := tree.Read("u/a.yaml"); err == nil && string(got) != "1" {
				t.Errorf("u/a.yaml = %q, want the parent's content", got)
			}
		})
	}
}
