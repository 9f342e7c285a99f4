package cli

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/ui"
)

const snapshotsBranch = "snapshots"

// law is an emulated tenant, a repository, and the first snapshot of one in the other. The
// snapshot is read with Git's own program, and the tenant is changed by its own rules: what is
// judged is the command line alone.
type law struct {
	mutator
	server    *emulator.Server
	admin     emulator.Administrator
	variables map[string]string
	repo      string
	// first is the first snapshot's commit; files and manifest are what it holds.
	first    string
	files    map[string][]*entra.Object
	manifest string
	// sent are the writes that the tenant took; by is who makes them.
	sent []sent
	by   actor
	// now is the clock; nil is the time.
	now func() time.Time
}

func newLaw(t testing.TB, opts emulator.Options) *law {
	t.Helper()
	l := backedUp(t, opts)
	l.read(t)
	return l
}

// backedUp is the same without the files of the snapshot.
func backedUp(t testing.TB, opts emulator.Options) *law {
	t.Helper()
	server, err := emulator.New(opts)
	must(t, err)
	web := judged(t, server)
	dir := t.TempDir()
	var names []string // also of the kinds that are read only when they are named
	for _, k := range kind.All() {
		names = append(names, k.Name)
	}
	l := &law{
		mutator: newMutator(t, opts.Cloud), server: server, admin: server.Administrator(), repo: filepath.Join(dir, "backup"),
		variables: map[string]string{
			"XDG_CONFIG_HOME": dir, "ENTRAGIT_REPO": filepath.Join(dir, "backup"), "ENTRAGIT_GRAPH": web.URL,
			"ENTRAGIT_KINDS": strings.Join(names, ","), "ENTRAGIT_CLOUD": opts.Cloud,
		},
	}
	if code, out, errs := l.entragit("init"); code != exitDone {
		t.Fatalf("init exits with %d:\n%s%s", code, out, errs)
	}
	l.backup(t)
	l.first = strings.TrimSpace(l.git(t, "rev-parse", snapshotsBranch))
	return l
}

// entragit runs a command line.
func (l *law) entragit(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	now := time.Now
	if l.now != nil {
		now = l.now
	}
	code = Run(context.Background(), args, Environment{
		Streams: &ui.Streams{In: strings.NewReader(""), Out: &out, Err: &errs},
		Getenv:  unbroken(l.variables), Now: now,
	})
	return code, out.String(), errs.String()
}

// unrecorded has what follows leave no records: each is judged with all before it, and the law
// would make a thousand.
func (l *law) unrecorded() { l.variables["ENTRAGIT_UNRECORDED"] = "true" }

// git runs Git in the repository.
func (l *law) git(t testing.TB, args ...string) string {
	t.Helper()
	out, err := exec.Command("git", append([]string{"--git-dir", l.repo}, args...)...).Output()
	must(t, err)
	return string(out)
}

// backup takes a snapshot.
func (l *law) backup(t testing.TB) {
	t.Helper()
	if code, out, errs := l.entragit("backup"); code != exitDone {
		t.Fatalf("backup exits with %d:\n%s%s", code, out, errs)
	}
}

// read decodes the first snapshot.
func (l *law) read(t testing.TB) {
	t.Helper()
	l.files = l.snapshot(t, l.first)
}

// snapshot decodes a snapshot.
func (l *law) snapshot(t testing.TB, rev string) map[string][]*entra.Object {
	t.Helper()
	files := make(map[string][]*entra.Object)
	archive := tar.NewReader(strings.NewReader(l.git(t, "archive", "--format=tar", rev)))
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		must(t, err)
		data, err := io.ReadAll(archive)
		must(t, err)
		if header.Name == manifestPath && l.manifest == "" {
			l.manifest = string(data)
		}
		if k := l.kindOf(header.Name); k != nil {
			o, err := canon.Decode(k, header.Name, data)
			must(t, err)
			files[k.Name] = append(files[k.Name], o)
		}
	}
}

// kindOf returns the kind whose file a path is, or nil.
func (l *law) kindOf(path string) *kind.Kind {
	name, _, ok := canon.ParsePath(path)
	if !ok {
		return nil
	}
	return kind.ByName(name)
}

// objects returns every object of a kind as the snapshot has it.
func (l *law) objects(t *testing.T, k *kind.Kind) []*entra.Object {
	t.Helper()
	if len(l.files[k.Name]) == 0 {
		t.Fatalf("the seed has no %s", k.Name)
	}
	return l.files[k.Name]
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
