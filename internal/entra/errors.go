package entra

import "errors"

// Sentinels. Wrap them with the operation and the object; test them with
// [errors.Is]. The command line turns them into exit codes and hints in one
// place.
var (
	// ErrInvalid marks input that a person must correct: a flag, a configuration
	// key, an edited file, a foreign repository.
	ErrInvalid = errors.New("invalid input")
	// ErrNotFound marks an object, revision or resource that does not exist.
	ErrNotFound = errors.New("not found")
	// ErrUnauthenticated marks a sign-in that failed or a token that was refused
	// (HTTP 401).
	ErrUnauthenticated = errors.New("not signed in")
	// ErrForbidden marks a call that the signed-in identity may not make (HTTP 403).
	ErrForbidden = errors.New("permission denied")
	// ErrUnlicensed marks a feature that the tenant has no licence for (HTTP 403 with
	// a licence code).
	ErrUnlicensed = errors.New("not licensed")
	// ErrAbsent marks a resource that the tenant's Graph does not know (HTTP 400,
	// "Resource not found for the segment"): its cloud or its kind of tenant has no such
	// thing.
	ErrAbsent = errors.New("not in this tenant's Graph")
	// ErrThrottled marks a call that was still throttled after all retries.
	ErrThrottled = errors.New("throttled")
	// ErrUnavailable marks a service that did not answer or answered 5xx after all
	// retries.
	ErrUnavailable = errors.New("service unavailable")
	// ErrConflict marks a write that clashes with the state of the service.
	ErrConflict = errors.New("conflict")
	// ErrRejected marks a write or query that Graph answered with 400.
	ErrRejected = errors.New("rejected")
	// ErrExpired marks a page or delta token that Graph no longer accepts; the
	// collection must be read again from its start.
	ErrExpired = errors.New("token expired")
	// ErrUnsafe marks an answer that must not be followed, such as a next link to
	// another host.
	ErrUnsafe = errors.New("unsafe answer")
	// ErrDrift reports that differences were found and were asked to be an exit code.
	ErrDrift = errors.New("drift found")
	// ErrIncomplete reports a run that finished without reading or writing everything
	// it was asked to.
	ErrIncomplete = errors.New("incomplete")
	// ErrRefused reports a guard or a stale plan: nothing was written.
	ErrRefused = errors.New("refused")
	// ErrUnverified reports a repository whose integrity, authenticity or continuity
	// could not be confirmed.
	ErrUnverified = errors.New("verification failed")
)

// Denied reports whether the tenant answered that something is not to be had: this identity may
// not have it, the tenant has not bought it, or its Graph has no such thing.
func Denied(err error) bool {
	return errors.Is(err, ErrForbidden) || errors.Is(err, ErrUnlicensed) || errors.Is(err, ErrAbsent)
}
