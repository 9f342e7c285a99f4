package gitstore

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestResolveAgreesWithGit(t *testing.T) {
	r := newRepo(t)
	commits := history(t, r, 5)
	git(t, r.dir, "update-ref", "refs/heads/main", commits[2].String())
	git(t, r.dir, "tag", "light", commits[1].String())
	git(t, r.dir, "tag", "-a", "-m", "x", "v1", commits[3].String())
	git(t, r.dir, "tag", "-a", "-m", "x", "v1-again", "v1")
	merge := git(t, r.dir, "commit-tree", "-m", "merge", "-p", commits[4].String(), "-p", commits[0].String(), "snapshots^{tree}")
	git(t, r.dir, "update-ref", "refs/heads/merged", merge)
	git(t, r.dir, "update-ref", "refs/remotes/origin/main", commits[0].String())
	for _, expr := range []string{
		"HEAD", "snapshots", "refs/heads/snapshots", "heads/main", "main", "light", "v1", "v1-again", "tags/v1", "origin/main",
		"HEAD~", "HEAD~0", "HEAD~3", "HEAD^", "HEAD^^", "HEAD^0", "HEAD~2^", "main~1", "v1~1", "merged^1", "merged^2", "merged~2",
		commits[2].String(), commits[2].String()[:12], strings.ToUpper(commits[2].String()[:9]), commits[3].String()[:10] + "~1",
	} {
		want := git(t, r.dir, "rev-parse", expr+"^{commit}")
		if got, err := r.Resolve(expr, epoch); err != nil || got.String() != want {
			t.Errorf("Resolve(%s) = %s, %v; git says %s", expr, got, err, want)
		}
	}
	for _, expr := range []string{"", "none", "HEAD~9", "HEAD^2", "merged^3", "HEAD~x", "HEAD^{tree}", "0123456789", "abc", "../HEAD",
		"config", "HEAD~99999999999999999999", git(t, r.dir, "rev-parse", "HEAD^{tree}"), "~1"} {
		if got, err := r.Resolve(expr, epoch); !errors.Is(err, ErrUnknownRevision) || !strings.Contains(err.Error(), `"`+expr+`"`) {
			t.Errorf("Resolve(%s) = %s, %v; want ErrUnknownRevision naming it", expr, got, err)
		}
	}
}

func TestResolveTime(t *testing.T) {
	r := newRepo(t)
	commits := history(t, r, 5) // 1 to 5 October, 06:00 UTC
	now := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	for expr, day := range map[string]int{
		"2026-10-03": 3, "2026-10-03T05:59:59Z": 2, "2026-10-03T06:00:00Z": 3, "2026-10-03T08:00:00+02:00": 3,
		"2026-10-03T07:59:59+02:00": 2, "2026-10-03 05:00": 2, "2026-10-03T12:00:00": 3, "2030-01-01": 5,
		"now": 5, "today": 5, "yesterday": 4, "3 days ago": 2, "1 day ago": 4, "a day ago": 4, "6 hours ago": 5, "7 hours ago": 4,
		"370 minutes ago": 4, "90 seconds ago": 5, "3.days.ago": 2, "0 weeks ago": 5, "Yesterday": 4,
	} {
		if got, err := r.Resolve(expr, now); err != nil || got != commits[day-1] {
			t.Errorf("Resolve(%s) = %s, %v; want the snapshot of 0%d October", expr, got, err, day)
		}
	}
	for _, expr := range []string{"2026-09-30", "1 week ago", "a year ago"} {
		_, err := r.Resolve(expr, now)
		if !errors.Is(err, ErrUnknownRevision) || !strings.Contains(err.Error(), "2026-10-01T06:00:00Z") {
			t.Errorf("Resolve(%s) = %v, want ErrUnknownRevision with the oldest snapshot's time", expr, err)
		}
	}
	for _, expr := range []string{"2026-13-01", "3 fortnights ago", "x days ago", "-1 days ago", "next week"} {
		if got, err := r.Resolve(expr, now); !errors.Is(err, ErrUnknownRevision) {
			t.Errorf("Resolve(%s) = %s, %v; want ErrUnknownRevision", expr, got, err)
		}
	}
	// A date is that day where the caller is.
	berlin := time.FixedZone("CEST", 2*60*60)
	snap(t, r, files{"late": text("x")}, options("late", time.Date(2026, 10, 5, 22, 30, 0, 0, time.UTC)))
	if got, err := r.Resolve("2026-10-05", now.In(berlin)); err != nil || got != commits[4] {
		t.Errorf("a snapshot of 00:30 on the 6th in Berlin is not of the 5th: %s, %v", got, err)
	}
}

func TestResolveDoesNotHideDamage(t *testing.T) {
	r := newRepo(t)
	history(t, r, 2)
	ref := filepath.Join(r.dir, "refs", "heads", "snapshots")
	os.WriteFile(ref, nil, 0o644)
	for _, expr := range []string{"HEAD", "snapshots", "snapshots~1", "2026-10-01", "yesterday"} {
		if _, err := r.Resolve(expr, epoch); !errors.Is(err, ErrDamaged) || errors.Is(err, ErrUnknownRevision) {
			t.Errorf("Resolve(%s) over an empty reference = %v, want ErrDamaged", expr, err)
		}
	}
}

func TestLogEndsAtDamageNotBefore(t *testing.T) {
	r := newRepo(t)
	commits := history(t, r, 3)
	broken := explode(t, r)
	lost := commits[0].String()
	os.Remove(filepath.Join(broken.dir, "objects", lost[:2], lost[2:]))
	n := 0
	var last error
	for c, err := range broken.Log(commits[2]) {
		if last = err; c != nil {
			n++
		}
	}
	if n != 2 || !errors.Is(last, ErrDamaged) || !strings.Contains(last.Error(), lost) {
		t.Errorf("%d commits, then %v; want two and ErrDamaged naming %s", n, last, lost)
	}
}

func TestCommitsThatAreRefused(t *testing.T) {
	good := options("subject", epoch)
	for name, change := range map[string]func(*CommitOptions){
		"no subject":        func(o *CommitOptions) { o.Subject = " " },
		"two-line subject":  func(o *CommitOptions) { o.Subject = "a\nb" },
		"NUL in the body":   func(o *CommitOptions) { o.Body = "a\x00b" },
		"not UTF-8":         func(o *CommitOptions) { o.Body = "\xff" },
		"name with a break": func(o *CommitOptions) { o.Name = "a\ncommitter x" },
		"name with a >":     func(o *CommitOptions) { o.Name = "a> 1 +0000" },
		"no email":          func(o *CommitOptions) { o.Email = "" },
		"no time":           func(o *CommitOptions) { o.When = time.Time{} },
		"trailer key":       func(o *CommitOptions) { o.Trailers = []Trailer{{"a b", "c"}} },
		"trailer value":     func(o *CommitOptions) { o.Trailers = []Trailer{{"a", "c\nSigned-off-by: x"}} },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRepo(t)
			o := good
			change(&o)
			if h, err := trySnap(r, files{"a": text("b")}, o); err == nil {
				t.Errorf("commit %s was made", h)
			}
			if left, _ := filepath.Glob(filepath.Join(r.packDir(), "*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
