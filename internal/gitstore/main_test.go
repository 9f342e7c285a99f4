//go:build unix

package gitstore

import (
	"fmt"
	"os"
	"testing"
)

// childEnv makes the test binary do one job of a test instead of running tests:
// jobs that must be killed, or whose memory is measured.
const childEnv = "GITSTORE_TEST_CHILD"

func TestMain(m *testing.M) {
	job := map[string]func() error{
		"":        nil,
		"import":  importStream,
		"crash":   crashChild,
		"journal": appendUntilKilled,
	}[os.Getenv(childEnv)]
	if job == nil {
		os.Exit(m.Run())
	}
	if err := job(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}
