package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// The exit codes. Scripts rely on them.
const (
	exitDone         = 0
	exitError        = 1
	exitDrift        = 2
	exitIncomplete   = 3
	exitUnauthorised = 4
	exitRefused      = 5
	exitUnverified   = 6
	exitCancelled    = 130
)

// exitCodes is the table that every help text shows.
const exitCodes = `  0    done, or no drift
  1    error
  2    drift found (diff --exit-code)
  3    incomplete: something could not be read or written
  4    not authorised
  5    refused by a guard, or a stale plan; nothing was written to the tenant
  6    verification failed
  130  cancelled
`

// exitCode is the one place where an error becomes an exit code. The order matters:
// an incomplete run carries the reasons, and what a cancelled one died of means
// nothing.
func exitCode(err error) int {
	is := func(targets ...error) bool {
		for _, t := range targets {
			if errors.Is(err, t) {
				return true
			}
		}
		return false
	}
	switch {
	case err == nil:
		return exitDone
	case is(context.Canceled):
		return exitCancelled
	case is(entra.ErrDrift):
		return exitDrift
	case is(entra.ErrIncomplete):
		return exitIncomplete
	case is(entra.ErrRefused, gitstore.ErrRewound):
		return exitRefused
	case is(entra.ErrUnverified, gitstore.ErrDamaged, gitstore.ErrUnsigned, gitstore.ErrUnknownSigner,
		gitstore.ErrBadSignature, gitstore.ErrWrongNamespace, gitstore.ErrManySignatures):
		return exitUnverified
	case is(entra.ErrUnauthenticated, entra.ErrForbidden, entra.ErrUnlicensed, gitstore.ErrUnauthorized):
		return exitUnauthorised
	default:
		return exitError
	}
}

// sentence is an error as a person reads it: without the words of the sentinel that
// only says that the input is at fault.
func sentence(err error) string {
	return strings.ReplaceAll(err.Error(), ": "+entra.ErrInvalid.Error(), "")
}
