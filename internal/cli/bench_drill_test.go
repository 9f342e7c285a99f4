//go:build unix

package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator"
)

// BenchmarkGoalDrill rehearses every incident with the whole contoso seed.
func BenchmarkGoalDrill(b *testing.B) {
	l := newLaw(b, emulator.Options{})
	for b.Loop() {
		took, _ := l.child(b, "drill", "--all", "--output", "json")
		goal("drill: every incident with the contoso seed, seconds", took.Seconds(), 60)
	}
}

// BenchmarkGoalDrillMemory rehearses a mass deletion in a tenant of 5,000 users.
func BenchmarkGoalDrillMemory(b *testing.B) {
	l := newLaw(b, emulator.Options{Scale: emulator.Scale{Users: 5000}})
	for b.Loop() {
		took, peak := l.child(b, "drill", "--scenario", "mass-deletion", "--output", "json")
		b.Logf("took %s", took)
		goal("drill: peak memory of a mass deletion among 5,000 users, MB", peak, 300)
	}
}

// goal prints the line that `make bench` collects.
func goal(name string, value, limit float64) {
	verdict := "ok"
	if value > limit {
		verdict = "short"
	}
	fmt.Printf("\nbench: %s\t%.0f\t<= %g\t%s\n", name, value, limit, verdict)
}

// child runs a command line in a process of its own, whose time and memory are the
// command's alone.
func (l *law) child(b *testing.B, args ...string) (took time.Duration, peakMB float64) {
	b.Helper()
	program := filepath.Join(b.TempDir(), "entragit") // the name by which TestMain knows it
	must(b, os.Symlink(os.Args[0], program))
	cmd := exec.Command(program, args...)
	cmd.Env = os.Environ()
	for name, value := range l.variables {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	began := time.Now()
	out, err := cmd.CombinedOutput()
	took = time.Since(began)
	if code := cmd.ProcessState.ExitCode(); err != nil && code != exitIncomplete {
		b.Fatalf("%v exits with %d:\n%s", args, code, out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok || runtime.GOOS != "linux" {
		b.Skip("peak memory is measured on Linux")
	}
	return took, float64(usage.Maxrss) / 1024
}
