//go:build unix

package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
	fmt.Printf("\nbench: %s\t%.3g\t<= %g\t%s\n", name, value, limit, verdict)
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
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	must(b, cmd.Start())
	ended := make(chan struct{})
	peak := make(chan float64)
	go func() { peak <- highWater(cmd.Process.Pid, ended) }()
	err := cmd.Wait()
	took = time.Since(began)
	close(ended)
	peakMB = <-peak
	if code := cmd.ProcessState.ExitCode(); err != nil && code != exitIncomplete {
		b.Fatalf("%v exits with %d:\n%s", args, code, &out)
	}
	if peakMB == 0 {
		b.Skip("peak memory is measured on Linux")
	}
	return took, peakMB
}

// highWater watches the peak of a process' memory in MB until it has ended; 0 where the system
// does not tell. What the system says of an ended process would be too much: it counts the
// memory of the process that started it, from before the program was loaded.
func highWater(pid int, ended <-chan struct{}) (peakMB float64) {
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		for line := range strings.Lines(string(status)) {
			var kB float64
			if _, scanErr := fmt.Sscanf(line, "VmHWM: %f kB", &kB); scanErr == nil && err == nil {
				peakMB = kB / 1024
			}
		}
		select {
		case <-ended:
			return peakMB
		case <-time.After(time.Millisecond):
		}
	}
}
