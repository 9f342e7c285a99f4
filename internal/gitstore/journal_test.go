//go:build unix

package gitstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func lines(all [][]byte) string { return string(bytes.Join(all, []byte("|"))) }

func mustAppend(t *testing.T, j *Journal, all ...string) {
	t.Helper()
	for _, line := range all {
		if err := j.Append([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestJournalKeepsItsLines(t *testing.T) {
	r := newRepo(t)
	j, err := r.CreateJournal("20261124T200000Z-ab12")
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, j, `{"a":1}`, `{"b":2}`)
	if _, err := r.CreateJournal("20261124T200000Z-ab12"); !errors.Is(err, ErrExists) {
		t.Fatalf("a second journal of one name: %v", err)
	}
	again, found, err := r.OpenJournal("20261124T200000Z-ab12")
	if err != nil || lines(found) != `{"a":1}|{"b":2}` {
		t.Fatalf("%s %v", lines(found), err)
	}
	mustAppend(t, again, `{"c":3}`)
	found, err = r.ReadJournal("20261124T200000Z-ab12")
	if err != nil || lines(found) != `{"a":1}|{"b":2}|{"c":3}` {
		t.Fatalf("%s %v", lines(found), err)
	}
	if info, err := os.Stat(j.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info.Mode(), err)
	}
	if names, err := r.Journals(); err != nil || len(names) != 1 || names[0] != "20261124T200000Z-ab12" {
		t.Fatalf("%v %v", names, err)
	}
	if err := r.RemoveJournal("20261124T200000Z-ab12"); err != nil {
		t.Fatal(err)
	}
	if names, err := r.Journals(); err != nil || len(names) != 0 {
		t.Fatalf("%v %v", names, err)
	}
	for _, bad := range []string{"", "..", "a/b", "a.b"} {
		if _, err := r.CreateJournal(bad); err == nil {
			t.Errorf("%q is a journal's name", bad)
		}
	}
}

// A last line that is torn anywhere is taken off, and what is appended then can be read.
func TestJournalTorn(t *testing.T) {
	r := newRepo(t)
	j, err := r.CreateJournal("whole")
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, j, "one", "two", "three")
	whole, err := os.ReadFile(j.path)
	if err != nil {
		t.Fatal(err)
	}
	third := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for end := third; end < len(whole); end++ {
		name := fmt.Sprintf("torn-%d", end)
		path, _ := r.journalPath(name)
		if err := os.WriteFile(path, whole[:end], 0o600); err != nil {
			t.Fatal(err)
		}
		j, found, err := r.OpenJournal(name)
		if err != nil || lines(found) != "one|two" {
			t.Fatalf("torn at %d: %s %v", end, lines(found), err)
		}
		mustAppend(t, j, "four")
		if found, err = r.ReadJournal(name); err != nil || lines(found) != "one|two|four" {
			t.Fatalf("torn at %d, then continued: %s %v", end, lines(found), err)
		}
	}
	for i := range third { // any other byte that is another
		damaged := bytes.Clone(whole)
		damaged[i] ^= 1
		path, _ := r.journalPath("damaged")
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if found, err := r.ReadJournal("damaged"); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d: %s %v", i, lines(found), err)
		}
	}
}

// slowDisk counts what reaches the disk, and fails when it is full.
type slowDisk struct {
	journalFile
	syncs int
	room  int64
}

func (d *slowDisk) WriteAt(p []byte, at int64) (int, error) {
	if d.room > 0 && at+int64(len(p)) > d.room {
		n, _ := d.journalFile.WriteAt(p[:d.room-at], at)
		return n, syscall.ENOSPC
	}
	return d.journalFile.WriteAt(p, at)
}

func (d *slowDisk) Sync() error {
	d.syncs++
	return d.journalFile.Sync()
}

func TestJournalSharesSyncs(t *testing.T) {
	r := newRepo(t)
	j, err := r.CreateJournal("many")
	if err != nil {
		t.Fatal(err)
	}
	disk := &slowDisk{journalFile: j.file}
	j.file = disk
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			for n := range 20 {
				if err := j.Append(fmt.Appendf(nil, "line %d of %d", n, i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	found, err := r.ReadJournal("many")
	if err != nil || len(found) != 1000 {
		t.Fatalf("%d lines, %v", len(found), err)
	}
	next := map[string]int{} // the lines of one goroutine are in its order
	for _, line := range found {
		var n int
		var who string
		if _, err := fmt.Sscanf(string(line), "line %d of %s", &n, &who); err != nil || next[who] != n {
			t.Fatalf("%s: want %d, %v", line, next[who], err)
		}
		next[who]++
	}
	if disk.syncs >= 1000 {
		t.Errorf("%d syncs for 1000 lines of 50 goroutines", disk.syncs)
	}
}

func TestJournalFullDisk(t *testing.T) {
	r := newRepo(t)
	j, err := r.CreateJournal("full")
	if err != nil {
		t.Fatal(err)
	}
	j.file = &slowDisk{journalFile: j.file, room: 30}
	mustAppend(t, j, "one", "two")
	for range 2 { // and again when there would be room
		if err := j.Append([]byte("three is too long")); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("no room: %v", err)
		}
		j.file.(*slowDisk).room = 0
	}
	if found, err := r.ReadJournal("full"); err != nil || lines(found) != "one|two" {
		t.Fatalf("%s %v", lines(found), err)
	}
	if data, err := os.ReadFile(j.path); err != nil || len(data) != 26 {
		t.Fatalf("%d bytes %v", len(data), err)
	}
}

func TestJournalLock(t *testing.T) {
	r := newRepo(t)
	release, err := r.LockJournals(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reopen(t, r).LockJournals(context.Background()); !errors.Is(err, ErrLocked) {
		t.Fatalf("locked twice: %v", err)
	}
	snap(t, r, files{"a": text("a")}, options("a backup meanwhile", epoch))
	release()
	if release, err = r.LockJournals(context.Background()); err != nil {
		t.Fatal(err)
	}
	release()
}

// appendUntilKilled is the child that says which lines are on the disk.
func appendUntilKilled() error {
	r, err := Open(os.Getenv("REPO"))
	if err != nil {
		return err
	}
	j, err := r.CreateJournal("killed")
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		if err := j.Append(fmt.Appendf(nil, "line %d", i)); err != nil {
			return err
		}
		fmt.Println(i)
	}
}

// What a killed process was told to be on the disk can be read.
func TestJournalOfAKilledProcess(t *testing.T) {
	r := newRepo(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"=journal", "REPO="+r.dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	told := ""
	buffer := make([]byte, 4096)
	for strings.Count(told, "\n") < 100 {
		n, err := out.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		told += string(buffer[:n])
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	found, err := r.ReadJournal("killed")
	if err != nil || len(found) < strings.Count(told, "\n") {
		t.Fatalf("%d lines of at least %d, %v", len(found), strings.Count(told, "\n"), err)
	}
}

func TestBeginFrom(t *testing.T) {
	r := newRepo(t)
	first := snap(t, r, files{"a": text("a"), "d/b": text("b")}, options("first", epoch))
	second := snap(t, r, files{"a": nil}, options("second", epoch))
	for _, c := range []struct {
		o    BeginOptions
		want string
	}{
		{BeginOptions{}, "d/b new"},
		{BeginOptions{From: first}, "a d/b new"},
		{BeginOptions{Blank: true}, "new"},
	} {
		o := options("third", epoch)
		o.Aside = "refs/entragit/aside"
		w, err := r.Begin(context.Background(), SnapshotsRef, c.o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Put("new", []byte("new")); err != nil {
			t.Fatal(err)
		}
		h, err := w.Commit(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(strings.Fields(git(t, r.dir, "ls-tree", "-r", "--name-only", h.String())), " "); got != c.want {
			t.Errorf("%+v: %s, want %s", c.o, got, c.want)
		}
		if got := git(t, r.dir, "rev-parse", h.String()+"^"); got != second.String() {
			t.Errorf("%+v: follows %s", c.o, got)
		}
	}
	fsck(t, r.dir)
	tree, err := r.Tree(first)
	if err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{"d": "b", "a": "", "none": ""} {
		below, err := tree.Sub(dir)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for f, err := range below.Files("") {
			if err != nil {
				t.Fatal(err)
			}
			got += f.Path
		}
		if got != want {
			t.Errorf("below %s: %q, want %q", dir, got, want)
		}
	}
}
